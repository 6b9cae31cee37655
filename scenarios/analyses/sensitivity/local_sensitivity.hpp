#pragma once

#include "scenarios/scenario.hpp"
#include "solvers/statistics/information.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

/// How the course of one animal answers to small changes, and what data of it could tell about what was changed.
namespace osteoflare::scenarios {

/// A datum that is small beside the largest of its course is not known to a share of itself: its error is at least that
/// of this share of the largest.
inline constexpr double detection_share = 0.05;

struct LocalOptions {
    std::vector<std::string> of = {}; ///< species and read-outs; those of [sensitivities] or [output] if empty
    std::vector<double> at = {};      ///< days of the data; the scenario's output times if empty
    double relative_error = 0.1;      ///< of each datum
};

struct LocalPlan {
    Scenario scenario;                        ///< of one animal, with derivatives by `factors`
    std::vector<std::string> factors;         ///< (factor)
    std::vector<double> values;               ///< (factor): theirs, in their unit
    std::vector<std::string> units;           ///< (factor)
    std::vector<std::string> left_out;        ///< why, one line for each quantity without a logarithm
    std::vector<model::Description> observed; ///< (observable)
    std::vector<double> times;
    double relative_error = 0.1;
};

/// By the quantities of [sensitivities] or else by what the sweep varies. Throws InputError if nothing is left, for an
/// unknown name, a day outside of the run, and for solvers that give no derivatives.
LocalPlan plan_local_sensitivity(Scenario scenario, const LocalOptions& options);

struct LocalAnalysis {
    solvers::RunReport report;
    std::vector<double> courses;                 ///< (observable, time)
    std::vector<double> slopes;                  ///< (observable, time, factor): d ln y / d ln p; NaN where y is 0
    std::size_t n_data = 0;                      ///< without courses that are 0 throughout
    std::vector<solvers::InformationMode> modes; ///< of ln p, the least known first; empty if the run failed
};

LocalAnalysis analyse(const LocalPlan& plan);

/// The strongest slopes at the last time, and which combinations the data cannot see.
std::vector<std::string> describe(const LocalPlan& plan, const LocalAnalysis& analysis);

/// "cxcl1_half^0.80 * pstpip2_gain^-0.60": the largest components, four at most; dots if others matter, too.
std::string combination(const std::vector<std::string>& factors, const std::vector<double>& direction);

/// Throws output::FileError.
void write_local_sensitivity(const std::filesystem::path& file, bool overwrite, const LocalPlan& plan,
                             const LocalAnalysis& analysis);

} // namespace osteoflare::scenarios
