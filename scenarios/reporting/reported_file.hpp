#pragma once

#include "output/results_reader.hpp"
#include "scenarios/file_contents.hpp"
#include "scenarios/patients/trial_results.hpp"
#include "scenarios/reading/library.hpp"
#include "scenarios/record.hpp"
#include "scenarios/reporting/wiring.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace osteoflare::scenarios::reporting {

/// A results file, and the study that it came from.
struct ReportedFile {
    std::string name; ///< of the file, without its folder
    std::unique_ptr<output::ResultsReader> file;
    std::string analysis; ///< the verb of an analysis; empty for the runs of a study, whose rest is below
    std::optional<patients::TrialResults> trial; ///< of a cohort or a trial
    std::optional<Study> study;                  ///< as far as library and program give it again
    std::string no_study;                        ///< why they do not
    std::string unfinished;                      ///< in words, if not all of its members have run
    Outcomes outcomes;
    std::vector<double> times; ///< none if only summaries were kept
    std::vector<Group> groups;

    std::string text(const std::string& attribute) const { return file->text_attribute("", attribute).value_or(""); }
};

/// Of an unfinished sweep, that which is whole. Throws output::FileError for what is no results file.
ReportedFile read_reported(const std::filesystem::path& path, const Library& library);

/// A member that stands for its group, run once more with everything that the model computes.
struct Explained {
    std::string label;                        ///< of the group
    std::size_t member = 0;                   ///< the one whose highest swelling is its group's median
    std::vector<double> days;                 ///< those of the file, thinned out to 200 at most
    std::vector<std::vector<double>> species; ///< (species, day)
    std::vector<std::vector<double>> fluxes;  ///< (flux, day)
    std::vector<double> state_at_peak;        ///< on the day of the highest swelling
    Wiring wiring;                            ///< on that day, just before what is done to it then
    double peak_day = 0;
    /// Largest between the file's courses and this run's, as a share of a course's largest value; nothing if the file
    /// keeps no courses.
    std::optional<double> difference;
};

/// Of each group, at most `most`; none for agents, whose cells have no fluxes, and where the study is not known.
std::vector<Explained> explain(const ReportedFile& reported, std::size_t most);

} // namespace osteoflare::scenarios::reporting
