#pragma once

#include "scenarios/reporting/sections.hpp"

#include <string>

namespace osteoflare::scenarios::reporting {

/// What the page's pictures are drawn from, as JSON (output/report/report.js reads it). Numbers have five digits.
std::string picture_data(const Files& files, const ManyExplained& explained);

} // namespace osteoflare::scenarios::reporting
