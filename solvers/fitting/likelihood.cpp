#include "solvers/fitting/likelihood.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace osteoflare::solvers::fitting {

std::optional<Evaluation> evaluate(const Problem& problem, std::span<const double> x)
{
    const std::size_t n = problem.n_parameters();
    Evaluation all;
    if (!problem.predict(x, all.predictions)) {
        return std::nullopt;
    }
    const Predictions& at = all.predictions;
    all.gradient.assign(n, 0);
    all.information.assign(n * n, 0);
    for (std::size_t i = 0; i < problem.data.size(); ++i) {
        const auto share = share_of(problem.data[i], at.m[i], at.s[i]);
        if (!share) {
            return std::nullopt;
        }
        all.negative_log += share->negative_log;
        all.shares.push_back(share->negative_log);
        all.residuals.push_back(share->residual);
        const double by_m = share->residual * share->residual_by_m;
        const double by_log_s = share->residual * share->residual_by_log_s + (share->has_spread ? 1 : 0);
        for (std::size_t p = 0; p < n; ++p) {
            const double m_p = at.m_by_x[i * n + p], s_p = at.s[i] > 0 ? at.s_by_x[i * n + p] / at.s[i] : 0;
            all.gradient[p] += by_m * m_p + by_log_s * s_p;
            for (std::size_t q = 0; q < n; ++q) {
                const double m_q = at.m_by_x[i * n + q], s_q = at.s[i] > 0 ? at.s_by_x[i * n + q] / at.s[i] : 0;
                all.information[p * n + q] += share->information_mm * m_p * m_q + share->information_ss * s_p * s_q
                                              + share->information_ms * (m_p * s_q + s_p * m_q);
            }
        }
    }
    const auto is_number = [](double value) { return std::isfinite(value); };
    if (!std::ranges::all_of(all.gradient, is_number) || !std::ranges::all_of(all.information, is_number)) {
        return std::nullopt;
    }
    return all;
}

Spectrum spectrum_of(std::span<const double> information, std::size_t n_parameters)
{
    const auto n = static_cast<Eigen::Index>(n_parameters);
    const Eigen::MatrixXd matrix = Eigen::Map<const Eigen::MatrixXd>(information.data(), n, n);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
    Spectrum spectrum;
    // Derivatives are known to about 1e-6, so that a true zero shows as less than 1e-10 of the largest eigenvalue.
    constexpr double nothing = 1e-10;
    const double least = nothing * solver.eigenvalues().maxCoeff();
    std::vector<double> variances(n_parameters, 0);
    for (Eigen::Index e = 0; e < n; ++e) {
        const double value = solver.eigenvalues()(e);
        spectrum.values.push_back(value);
        for (Eigen::Index p = 0; p < n; ++p) {
            const double entry = solver.eigenvectors()(p, e);
            spectrum.vectors.push_back(entry);
            constexpr double no_part = 1e-4;
            if (value > least) {
                variances[static_cast<std::size_t>(p)] += entry * entry / value;
            } else if (std::abs(entry) > no_part) {
                variances[static_cast<std::size_t>(p)] = std::numeric_limits<double>::infinity();
            }
        }
    }
    for (const double variance : variances) {
        spectrum.standard_errors.push_back(std::sqrt(variance));
    }
    return spectrum;
}

} // namespace osteoflare::solvers::fitting
