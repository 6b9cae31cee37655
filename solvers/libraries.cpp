#include "solvers/libraries.hpp"

#include <Eigen/Core>
#include <boost/version.hpp>
#include <ceres/version.h>

#include <algorithm>

namespace osteoflare::solvers {

std::vector<std::pair<std::string, std::string>> libraries()
{
    std::string boost = BOOST_LIB_VERSION;
    std::ranges::replace(boost, '_', '.');
    const std::string eigen = std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "."
                              + std::to_string(EIGEN_MINOR_VERSION);
    return {{"Boost", boost}, {"Ceres Solver", CERES_VERSION_STRING}, {"Eigen", eigen}};
}

} // namespace osteoflare::solvers
