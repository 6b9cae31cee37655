#include "solvers/libraries.hpp"

#include <boost/version.hpp>

#include <algorithm>

namespace osteoflare::solvers {

std::vector<std::pair<std::string, std::string>> libraries()
{
    std::string boost = BOOST_LIB_VERSION;
    std::ranges::replace(boost, '_', '.');
    return {{"Boost", boost}};
}

} // namespace osteoflare::solvers
