#include "solvers/steady/roots.hpp"

#include "solvers/steady/matrices.hpp"

#include <algorithm>
#include <cmath>

namespace osteoflare::solvers::steady {
namespace {

/// No state may change by more than this factor's logarithm in one step: what lies farther Newton's line knows nothing
/// of.
constexpr double longest_step = 2;

} // namespace

std::optional<std::vector<double>> find_root(const Family& family, std::span<const double> start,
                                             std::span<const double> p, const RootOptions& options)
{
    const Eigen::Index n = index(family.size);
    const auto begin = to_even(family, start);
    Vector u = as_vector(begin), rates(n), trial_rates(n);
    Matrix by_u(n, n), by_p(n, index(family.n_parameters));
    for (std::size_t step = 0; step < options.most_steps; ++step) {
        even_flow(family, span_of(u), p, span_of(rates), span_of(by_u), span_of(by_p));
        if (!rates.allFinite() || !by_u.allFinite()) {
            return std::nullopt;
        }
        const auto factors = by_u.partialPivLu();
        const Vector move = factors.solve(-rates);
        if (!move.allFinite()) {
            return std::nullopt;
        }
        const double length = move.lpNorm<Eigen::Infinity>();
        if (length <= options.tolerance) {
            u += move;
            return from_even(family, span_of(u));
        }
        double share = std::min(1.0, longest_step / length);
        // The length of the simplified Newton step measures progress whatever the units of the rates are.
        for (;; share /= 2) {
            if (share < 1e-6) {
                return std::nullopt;
            }
            const Vector trial = u + share * move;
            even_flow(family, span_of(trial), p, span_of(trial_rates));
            if (!trial_rates.allFinite()) {
                continue;
            }
            const double next = Vector(factors.solve(trial_rates)).lpNorm<Eigen::Infinity>();
            if (next <= (1 - 0.25 * share) * length || next <= options.tolerance) {
                u = trial;
                break;
            }
        }
    }
    return std::nullopt;
}

std::vector<std::complex<double>> eigenvalues(const Family& family, std::span<const double> y,
                                              std::span<const double> p)
{
    const Eigen::Index n = index(family.size);
    Vector rates(n);
    Matrix by_u(n, n), by_p(n, index(family.n_parameters));
    even_flow(family, to_even(family, y), p, span_of(rates), span_of(by_u), span_of(by_p));
    if (!by_u.allFinite()) {
        return {};
    }
    const Eigen::EigenSolver<Matrix> solver(by_u, /*computeEigenvectors=*/false);
    std::vector<std::complex<double>> values(family.size);
    for (std::size_t i = 0; i < family.size; ++i) {
        values[i] = solver.eigenvalues()[index(i)];
    }
    std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) {
        return a.real() != b.real() ? a.real() > b.real() : a.imag() > b.imag();
    });
    return values;
}

std::size_t n_unstable(std::span<const std::complex<double>> eigenvalues)
{
    return static_cast<std::size_t>(
        std::count_if(eigenvalues.begin(), eigenvalues.end(), [](const auto& value) { return value.real() > 0; }));
}

double distance(const Family& family, std::span<const double> one, std::span<const double> other)
{
    const auto a = to_even(family, one), b = to_even(family, other);
    double greatest = 0;
    for (std::size_t i = 0; i < family.size; ++i) {
        greatest = std::max(greatest, std::abs(a[i] - b[i]));
    }
    return greatest;
}

std::size_t merge(const Family& family, std::vector<std::vector<double>>& states, std::span<const double> state,
                  double nearest)
{
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (distance(family, states[i], state) <= nearest) {
            return i;
        }
    }
    states.emplace_back(state.begin(), state.end());
    return states.size() - 1;
}

} // namespace osteoflare::solvers::steady
