#include "scenarios/analyses/abc/abc.hpp"
#include "solvers/sampling/weighted.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

namespace osteoflare::scenarios {

using solvers::sampling::AbcEnd;
using solvers::sampling::AbcRound;
using solvers::sampling::weighted_quantile;

std::vector<AbcMarginal> marginals(const FitProblem& problem, const AbcRound& round)
{
    const std::size_t n = problem.parameters.size();
    std::vector<AbcMarginal> all;
    for (std::size_t p = 0; p < n; ++p) {
        std::vector<double> values;
        for (std::size_t i = p; i < round.points.size(); i += n) {
            values.push_back(problem.parameters[p].outward(round.points[i]));
        }
        AbcMarginal own;
        own.mean = std::inner_product(values.begin(), values.end(), round.weights.begin(), 0.0);
        own.median = weighted_quantile(values, round.weights, 0.5);
        own.low = weighted_quantile(values, round.weights, 0.025);
        own.high = weighted_quantile(values, round.weights, 0.975);
        all.push_back(own);
    }
    return all;
}

std::string verdict(const FitProblem& problem, const solvers::sampling::AbcState& state)
{
    const char* why = "";
    switch (state.end) {
    case AbcEnd::not_yet: why = "not finished"; break;
    case AbcEnd::tolerance_reached: why = "the tolerance that was asked for is reached"; break;
    case AbcEnd::few_accepted: why = "ended where too few simulations come as close as that"; break;
    case AbcEnd::all_rounds: why = "ended after as many rounds as were asked for"; break;
    case AbcEnd::no_progress: why = "ended where simulated data do not come closer"; break;
    }
    if (state.rounds.size() < 2) {
        return fmt::format("{}; these are draws of the prior", why);
    }
    // On the scale of the search, so that a factor is a width.
    double least = 1;
    std::size_t narrowed = 0;
    const auto before = marginals(problem, state.rounds[state.rounds.size() - 2]),
               after = marginals(problem, state.rounds.back());
    for (std::size_t p = 0; p < after.size(); ++p) {
        const FitParameter& parameter = problem.parameters[p];
        const double ratio = (parameter.inward(after[p].high) - parameter.inward(after[p].low))
                             / (parameter.inward(before[p].high) - parameter.inward(before[p].low));
        narrowed = ratio < least ? p : narrowed;
        least = std::min(least, ratio);
    }
    constexpr double worth_a_word = 0.9;
    if (least > worth_a_word) {
        return fmt::format("{}; the last round narrowed no interval by more than a tenth", why);
    }
    return fmt::format("{}; the last round still narrowed the interval of {} by {:.0f} %", why,
                       problem.parameters[narrowed].name, 100 * (1 - least));
}

} // namespace osteoflare::scenarios
