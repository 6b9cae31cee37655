#pragma once

#include "scenarios/run.hpp"
#include "solvers/statistics/elementary_effects.hpp"
#include "solvers/statistics/sobol_indices.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// Which of the quantities that a scenario's sweep draws matter for what comes out.
namespace osteoflare::scenarios {

enum class GlobalMethod { sobol, morris };

std::string_view text(GlobalMethod method);

/// What is analysed of each run.
struct Response {
    enum class Kind {
        summary, ///< one number
        moment,  ///< a moment that may never come; the end of the run counts instead, as it does for a clinical trial
        reached, ///< 1 if that moment came, else 0
        course,  ///< one number per output time
    } kind = Kind::summary;
    std::string name, unit, meaning;
    std::size_t index = 0; ///< of the summary or of the column
};

/// A scenario made ready for its design.
struct GlobalPlan {
    Scenario scenario; ///< whose sweep says what varies and with which seed, and which records no more than is analysed
    GlobalMethod method = GlobalMethod::sobol;
    std::size_t n_rows = 0; ///< of the design; members of a row are run side by side
    std::vector<Response> responses;
    std::vector<double> times; ///< of courses; none without

    const std::vector<Axis>& factors() const { return scenario.sweep->axes; }
    std::size_t points_per_row() const { return factors().size() + (method == GlobalMethod::sobol ? 2 : 1); }
    std::size_t n_values(const Response& response) const;
};

/// Fewer rows give intervals that do not hold what they promise (tests/unit/sobol_indices_test.cpp).
inline constexpr std::size_t fewest_sobol_rows = 256, fewest_morris_rows = 16;

/// Throws InputError for a scenario without distributions, for one that leaves something to chance, for an unknown name
/// among `of` (empty: all summaries and the recorded time courses), for lists under Morris' method, for a number of
/// rows that the method cannot use (0: the size of the sweep), and for a member that would leave the range of what
/// varies.
GlobalPlan plan_global_sensitivity(Scenario scenario, GlobalMethod method, std::size_t n_rows,
                                   const std::vector<std::string>& of);

/// What varies in rows [first, last) of the design, in its unit: (factor)(row, point).
std::vector<std::vector<double>> design_values(const GlobalPlan& plan, std::size_t first, std::size_t last);

/// What the runs of a design gave.
struct GlobalRuns {
    std::size_t n_rows = 0;
    std::vector<std::uint8_t> status;         ///< (row, point): solvers::RunStatus
    std::vector<std::vector<double>> factors; ///< (factor)(row, point): what was varied, in its unit
    std::vector<std::vector<double>> values;  ///< (response)(row, point, time): NaN for a run that failed, and for a
                                              ///< moment that never came
    std::size_t n_failed() const;
};

/// Runs the rows that `earlier` does not hold, in parallel. Each value depends on its row alone: a design that is made
/// larger has the same bits as one that was made at once. `progress` is told members done and failed.
GlobalRuns run_global_sensitivity(const GlobalPlan& plan, GlobalRuns earlier, std::size_t threads,
                                  const std::function<void(std::size_t, std::size_t)>& progress);

/// What was found about one response.
struct ResponseAnalysis {
    double share_never = 0;                          ///< of the complete runs, for a moment
    std::vector<solvers::SobolIndices> sobol;        ///< (time), or one
    std::vector<solvers::ElementaryEffects> effects; ///< likewise, under Morris' method
};

/// (response). Rows with a failed member are left out as a whole.
std::vector<ResponseAnalysis> analyse(const GlobalPlan& plan, const GlobalRuns& runs);

} // namespace osteoflare::scenarios
