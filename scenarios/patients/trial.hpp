#pragma once

#include "scenarios/dosing/plan_reader.hpp"
#include "scenarios/patients/cohort.hpp"
#include "scenarios/patients/fitted_parameters.hpp"
#include "scenarios/reading/library.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace osteoflare::scenarios::patients {

/// One way to treat the children of a trial. Moment 0 is the day of diagnosis.
struct Arm {
    std::string name, title;
    dosing::Plan plan;
    std::optional<std::vector<dosing::Dose>> events; ///< of a table of events, for every child; instead of courses
    model::patient::Inputs<double> inputs{};         ///< set from outside, from diagnosis on
    Place place;
};

/// What a trial file says: which children are drawn, and how those who are diagnosed are treated. Format:
/// docs/reference/trial_format.md.
struct Trial {
    std::string name, file, text, title, question;
    std::vector<std::string> applied; ///< changes from the command line, as they were written
    std::vector<std::string> notes;   ///< what a person should know of them, a line each
    CohortPlan cohort;
    std::optional<double> weight; ///< of every child [kg]; needed by doses
    double follow = 0;            ///< from diagnosis on [d]; 0 without arms
    std::vector<Arm> arms;
    std::optional<std::uint64_t> shown_child; ///< of whom `osteoflare patient` makes a page

    /// Days since diagnosis on which patients are seen: 0, then every `cohort.visit_every` up to `follow`.
    std::vector<double> visit_days() const;
};

/// Changes from outside the file.
struct TrialOverrides {
    std::vector<FittedParameter> fitted; ///< of the median child; those that the model lacks are left aside
    std::string fitted_from;             ///< where they come from, in words
    std::vector<std::string> set;        ///< "name=value": of the population or of the median child; after those
    std::optional<std::uint64_t> seed;
    std::optional<std::size_t> n_children;

    /// Takes fitted parameters from a results file: read_fitted_parameters.
    void fit_from(const std::filesystem::path& file, std::optional<std::size_t> draw);
};

/// Reads a trial. Throws InputError with the place of the first problem, or output::FileError.
Trial read_trial(const std::filesystem::path& file, const Library& library, const TrialOverrides& overrides = {});
/// The same of a text; `file` is used in messages, and tables of events are looked for beside it.
Trial parse_trial(const std::string& text, const std::string& file, const Library& library,
                  const TrialOverrides& overrides = {});

/// A trial's file: a name in the library, or a path. Throws InputError.
std::filesystem::path find_trial(const std::string& name, const Library& library);

/// Whether a file is a trial and no scenario: it has a table [children].
bool is_trial(const std::string& name, const Library& library);

/// The trial in words, with the doses of each arm for its first child: `osteoflare check`.
std::vector<std::string> describe_check(const Trial& trial);

} // namespace osteoflare::scenarios::patients
