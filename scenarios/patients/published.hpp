#pragma once

#include "scenarios/patients/outcomes.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// What was published of children, beside what came out of a trial. For research and teaching, never for the care of a
/// person.
namespace osteoflare::scenarios::patients {

/// A published figure, and the band in which a model of it should lie. Format: docs/reference/virtual_clinic.md.
struct PublishedRow {
    enum class Phase { diagnosis, first_line, second_line } phase = Phase::diagnosis;
    std::string name, title;
    std::string readout; ///< of presentation() at diagnosis, else of outcome()
    std::string bone;    ///< of the read-out "involves"
    std::string drug;    ///< empty at diagnosis
    std::string against; ///< the other drug of a difference in pairs; else empty
    double after = 0;    ///< since diagnosis, or since the first line failed [d]
    std::string published, source, grade, remark;
    double low = 0, high = 0; ///< of the band
    bool is_held_out = false; ///< it entered no cost function of the calibration
    solvers::Estimate prototype;
    std::string prototype_verdict;
};

struct Published {
    std::string title;
    std::string first_line; ///< the drug that second-line rows come after
    double switch_day = 0;  ///< when it is judged, since diagnosis [d]
    std::string failed;     ///< the rule by which it failed, as "vas >= 1"
    std::vector<PublishedRow> rows;
};

/// Throws InputError with the place of the first problem, or output::FileError.
Published read_published(const std::filesystem::path& file);
Published parse_published(const std::string& text, const std::string& file);

/// The library's file. There may be none in a library of one's own.
std::filesystem::path published_of(const std::filesystem::path& library_folder);

/// met: within the band. within_error: outside, but its interval touches the band. missed: neither.
enum class Verdict { met, within_error, missed };
std::string text(Verdict verdict);
Verdict verdict(const solvers::Estimate& estimate, double low, double high);

struct Compared {
    PublishedRow row;
    Outcome outcome;
    Verdict verdict = Verdict::missed;
};

/// The rows that these results can speak of. At diagnosis: all, if anybody was diagnosed. First line: if an arm gives
/// this drug alone and has no rule; the first such arm. Second line: if an arm gives the first line's drug and then
/// this one, by the rule and on the day of the file. A row is left out if the trial was too short for it, too.
std::vector<Compared> compare(const TrialResults& results, const Published& published);

} // namespace osteoflare::scenarios::patients
