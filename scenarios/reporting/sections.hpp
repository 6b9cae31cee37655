#pragma once

#include "output/report/report_page.hpp"
#include "scenarios/reporting/reported_file.hpp"

#include <vector>

/// The parts of a report, in the order of the page. Several files stand one after the other in each.
namespace osteoflare::scenarios::reporting {

using Files = std::vector<ReportedFile>;
using ManyExplained = std::vector<std::vector<Explained>>; ///< (file, group)

/// The name of a group in a report of several files.
std::string group_name(const Files& files, std::size_t file, const std::string& label);

/// The picture that `osteoflare plot` draws, in the page.
std::string drawn(const output::ResultsReader& file, const std::string& name);

output::Section what_happened(const Files& files);
output::Section courses(const Files& files);
output::Section wiring(const Files& files, const ManyExplained& explained);
output::Section attribution(const Files& files, const ManyExplained& explained);
/// What was seen in animals of the genotypes that ran.
output::Section animals(const Files& files, const Library& library);
output::Section solver(const Files& files);
output::Section scenario(const Files& files);
output::Section parameters(const Files& files);
output::Section provenance(const Files& files);

} // namespace osteoflare::scenarios::reporting
