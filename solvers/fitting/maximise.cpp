#include "solvers/fitting/likelihood.hpp"

#include <ceres/ceres.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::solvers::fitting {
namespace {

/// The residuals of a problem as Ceres wants them: two for each datum, its own and that of its spread. What was
/// computed last is kept: Ceres asks for the derivatives where it has just asked for the values.
class Residuals final : public ceres::CostFunction {
public:
    Residuals(const Problem& problem, std::vector<double> reference_spreads, double offset)
        : problem_(problem), reference_(std::move(reference_spreads)), offset_(offset)
    {
        set_num_residuals(static_cast<int>(2 * problem.data.size()));
        mutable_parameter_block_sizes()->assign(problem.n_parameters(), 1);
    }

    std::size_t n_evaluations() const { return n_evaluations_; }
    /// Whether the last place could be computed.
    bool is_possible() const { return possible_; }

    bool Evaluate(const double* const* parameters, double* residuals, double** jacobians) const override
    {
        std::vector<double> x(problem_.n_parameters());
        for (std::size_t p = 0; p < x.size(); ++p) {
            x[p] = parameters[p][0];
        }
        if (x != x_) {
            x_ = x;
            possible_ = compute();
        }
        if (!possible_) {
            return false;
        }
        std::ranges::copy(values_, residuals);
        for (std::size_t p = 0; jacobians && p < x.size(); ++p) {
            for (std::size_t row = 0; jacobians[p] && row < values_.size(); ++row) {
                jacobians[p][row] = jacobian_[row * x.size() + p];
            }
        }
        return true;
    }

private:
    bool compute() const
    {
        const std::size_t n = x_.size();
        ++n_evaluations_;
        values_.assign(2 * problem_.data.size(), 0);
        jacobian_.assign(values_.size() * n, 0);
        if (!problem_.predict(x_, predictions_)) {
            return false;
        }
        for (std::size_t i = 0; i < problem_.data.size(); ++i) {
            const double s = predictions_.s[i];
            const auto share = share_of(problem_.data[i], predictions_.m[i], s);
            if (!share) {
                return false;
            }
            values_[2 * i] = share->residual;
            double second_by_log_s = 0;
            if (share->has_spread && reference_[i] > 0) {
                const double square = 2 * std::log(s / reference_[i]) + offset_;
                if (square <= 0) {
                    return false; // the spread has fallen too far for this offset; the next round takes another one
                }
                values_[2 * i + 1] = std::sqrt(square);
                second_by_log_s = 1 / values_[2 * i + 1];
            }
            for (std::size_t p = 0; p < n; ++p) {
                const double log_s_by_x = s > 0 ? predictions_.s_by_x[i * n + p] / s : 0;
                jacobian_[2 * i * n + p] =
                    share->residual_by_m * predictions_.m_by_x[i * n + p] + share->residual_by_log_s * log_s_by_x;
                jacobian_[(2 * i + 1) * n + p] = second_by_log_s * log_s_by_x;
            }
        }
        // Ceres would step back as well, but not without a page of complaints.
        return std::ranges::all_of(jacobian_, [](double slope) { return std::isfinite(slope); });
    }

    const Problem& problem_;
    std::vector<double> reference_; ///< of each datum; 0 for a spread that does not move
    double offset_;
    mutable std::vector<double> x_, values_, jacobian_;
    mutable Predictions predictions_;
    mutable bool possible_ = false;
    mutable std::size_t n_evaluations_ = 0;
};

/// The spreads at a place, or 0 for those that no parameter moves.
std::vector<double> moving_spreads(const Problem& problem, const Evaluation& at)
{
    const std::size_t n = problem.n_parameters();
    std::vector<double> spreads(problem.data.size(), 0);
    for (std::size_t i = 0; i < spreads.size(); ++i) {
        const auto row = std::span(at.predictions.s_by_x).subspan(i * n, n);
        if (std::ranges::any_of(row, [](double derivative) { return derivative != 0; })) {
            spreads[i] = at.predictions.s[i];
        }
    }
    return spreads;
}

/// One search, from where and how.
struct Search {
    std::vector<double> spreads; ///< see moving_spreads
    std::vector<bool> is_held;   ///< parameters that do not move
    double offset = 0, tolerance = 0;
    std::size_t most_iterations = 0;
};

enum class SearchEnd { rest, iteration_limit, cut_off };

/// Moves `best`.
SearchEnd search(const Problem& problem, const Search& how, Maximum& best)
{
    Residuals residuals(problem, how.spreads, how.offset);
    std::vector<double> x = best.x;
    ceres::Problem::Options no_ownership;
    no_ownership.cost_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    ceres::Problem squares(no_ownership);
    std::vector<double*> blocks;
    for (double& value : x) {
        blocks.push_back(&value);
    }
    squares.AddResidualBlock(&residuals, nullptr, blocks);
    for (std::size_t p = 0; p < x.size(); ++p) {
        if (how.is_held[p]) {
            squares.SetParameterBlockConstant(blocks[p]);
        } else {
            squares.SetParameterLowerBound(blocks[p], 0, problem.lower[p]);
            squares.SetParameterUpperBound(blocks[p], 0, problem.upper[p]);
        }
    }
    ceres::Solver::Options settings;
    settings.linear_solver_type = ceres::DENSE_QR;
    settings.max_num_iterations = static_cast<int>(how.most_iterations);
    settings.function_tolerance = how.tolerance;
    settings.parameter_tolerance = how.tolerance;
    settings.gradient_tolerance = 1e-12;
    settings.initial_trust_region_radius = 10; // parameters are logarithms, as a rule: no leap over all of them
    settings.logging_type = ceres::SILENT;
    settings.num_threads = 1;
    ceres::Solver::Summary summary;
    ceres::Solve(settings, &squares, &summary);
    best.iterations += std::max<std::size_t>(summary.iterations.size(), 1) - 1; // without its start
    best.evaluations += residuals.n_evaluations();
    if (summary.IsSolutionUsable()) {
        best.x = x;
    }
    if (summary.termination_type == ceres::NO_CONVERGENCE) {
        return SearchEnd::iteration_limit;
    }
    // Where a simulation fails, the step was too long. Steps that are shortened until nothing moves are no rest.
    const bool rests = summary.termination_type == ceres::CONVERGENCE && residuals.is_possible();
    return rests ? SearchEnd::rest : SearchEnd::cut_off;
}

/// What stands still: what is fixed, and what stands at a bound and would leave.
std::vector<bool> held(const Problem& problem, const MaximumOptions& options, const Maximum& best, const Evaluation& at)
{
    std::vector<bool> is_held = options.fixed;
    is_held.resize(problem.n_parameters(), false);
    for (std::size_t p = 0; p < is_held.size(); ++p) {
        const bool would_leave = at.gradient[p] > 0 ? best.x[p] <= problem.lower[p] : best.x[p] >= problem.upper[p];
        is_held[p] = is_held[p] || would_leave;
    }
    return is_held;
}

} // namespace

Maximum maximise(const Problem& problem, std::span<const double> start, const MaximumOptions& options)
{
    Maximum best;
    best.x.assign(start.begin(), start.end());
    auto at = evaluate(problem, best.x);
    best.evaluations = 1;
    if (!at) {
        return best;
    }
    best.found = true;
    best.negative_log = at->negative_log;
    // First a wide offset, so that spreads may fall by e^-5 in one search, and roughly; then 1, with which the
    // information about log s is 2 for each datum, as it should be.
    constexpr double wide = 10, narrow = 1, rough = 1e-4, same = 1e-7;
    // Steps are cut at bounds, as if what is cut had no part in the others: what presses against a bound is held there
    // from the next search on, before it slows down the rest.
    constexpr std::size_t most_at_once = 20;
    Search how{moving_spreads(problem, *at), held(problem, options, best, *at), wide, rough, 0};
    bool is_last_kind = std::ranges::none_of(how.spreads, [](double s) { return s > 0; });
    how.tolerance = is_last_kind ? options.tolerance : rough;
    while (!best.converged && !best.cut_off && best.iterations < options.most_iterations) {
        if (std::ranges::find(how.is_held, false) == how.is_held.end()) {
            best.converged = true;
            break;
        }
        how.most_iterations = std::min(most_at_once, options.most_iterations - best.iterations);
        const std::vector<double> before = best.x;
        const SearchEnd end = search(problem, how, best);
        const auto now = evaluate(problem, best.x);
        ++best.evaluations;
        if (!now) {
            break; // cannot happen: the search was there
        }
        const bool moves_spread = std::ranges::any_of(how.spreads, [](double s) { return s > 0; });
        const double gain = at->negative_log - now->negative_log;
        auto is_held = held(problem, options, best, *now);
        best.converged =
            end == SearchEnd::rest && is_last_kind && is_held == how.is_held && (!moves_spread || gain < same);
        best.cut_off = end == SearchEnd::cut_off && is_last_kind && best.x == before;
        is_last_kind = true;
        how = {moving_spreads(problem, *now), std::move(is_held), narrow, options.tolerance, 0};
        at = now;
        best.negative_log = at->negative_log;
    }
    return best;
}

} // namespace osteoflare::solvers::fitting
