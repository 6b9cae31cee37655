#include "scenarios/patient_page/patient_page.hpp"

#include "output/patient_page/patient_page.hpp"
#include "scenarios/patient_page/page_data.hpp"
#include "scenarios/patient_page/sections.hpp"

#include <fmt/format.h>

namespace osteoflare::scenarios::patients {

std::string patient_page(const Trial& trial, const Life& life)
{
    output::ReportPage page;
    page.title = fmt::format("Child {}: {}", life.child.number, trial.title);
    page.question = trial.question;
    page.note = "A virtual child, computed by Osteoflare. For research and teaching, never for the care of a person.";
    page.sections = {what_happened(trial, life), the_years(life),       in_each_arm(trial, life),
                     who_it_is(trial, life),     injuries(trial, life), where_from(trial, life)};
    page.data = page_data(trial, life);
    return output::patient_html(page);
}

} // namespace osteoflare::scenarios::patients
