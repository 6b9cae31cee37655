#pragma once

#include "output/checksum.hpp"
#include "scenarios/study.hpp"

#include <string>

/// Who shards belong to.
namespace osteoflare::scenarios {

struct Layout;

/// A digest of everything that the values of a study and their order in a file depend on: the scenario with all that it
/// took from the library and the command line, its sweep and seed, tolerances, output, model and program.
output::Digest identity_of(const Study& study, const Layout& layout);

/// What stands in a folder of shards about the study: enough to make it again.
struct StudyNote {
    std::string scenario_name, digest;
    std::vector<std::string> applied; ///< changes from the command line
    std::string text;                 ///< of the scenario, verbatim
};
std::string write_note(const Study& study, const output::Digest& digest);
/// Throws output::FileError, which names `file`, for what is no such note.
StudyNote read_note(const std::string& note, const std::filesystem::path& file);
/// The study again, as far as library and program allow. Throws InputError if they do not.
Scenario scenario_of(const StudyNote& note, const Library& library);

} // namespace osteoflare::scenarios
