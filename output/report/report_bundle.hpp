#pragma once

#include <string_view>

/// What the build made of the page's script and style (report.js, report.css, and what they import). The script is
/// empty in a build without npm.
namespace osteoflare::output {

std::string_view report_script();
std::string_view report_style();

} // namespace osteoflare::output
