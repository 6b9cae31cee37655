#pragma once

#include "output/report/report_page.hpp"

#include <string>

namespace osteoflare::output {

/// Where the script of a patient's page puts its bodies, slider and courses: for one section of the page.
std::string patient_stage();

/// One HTML file with everything in it: a body on which sites glow under a slider over the years, and courses. The
/// script needs no build step; what it reads from `page.data` is said in page.js. Sites are known by the ids of
/// skeleton.svg.
std::string patient_html(const ReportPage& page);

} // namespace osteoflare::output
