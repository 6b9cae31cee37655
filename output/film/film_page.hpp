#pragma once

#include <string>
#include <vector>

namespace osteoflare::output::film {

struct PageFrame {
    std::string label = {}; ///< "day 42"
    std::string png = {};   ///< the bytes of its file
};

/// One HTML page that plays the frames, with nothing beside it: no network, no other file. For any browser, by double
/// click.
std::string film_page(const std::string& title, const std::vector<PageFrame>& frames);

/// RFC 4648.
std::string base64(const std::string& bytes);

} // namespace osteoflare::output::film
