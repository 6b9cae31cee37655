#include "output/patient_page/patient_page.hpp"

#include "output/patient_page/patient_bundle.hpp"

namespace osteoflare::output {

std::string patient_stage()
{
    return "<template id=\"skeleton\">" + std::string(skeleton())
           + "</template>\n<div id=\"stage\"></div>\n<noscript><p class=\"note\">The skeleton and the courses need "
             "JavaScript. Everything else is on this page without it.</p></noscript>\n";
}

std::string patient_html(const ReportPage& page)
{
    return page_html(page, patient_style(), patient_script());
}

} // namespace osteoflare::output
