#include "solvers/fitting/datum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace osteoflare::solvers::fitting {
namespace {

const double half_log_two_pi = 0.5 * std::log(2 * std::numbers::pi);

/// Below this, Φ comes from its asymptotic series: at −20 its terms fall to 1e-15 before they grow.
constexpr double far_below = -20;

/// Φ(z)·|z|/φ(z) for z far below 0: 1 − 1/z² + 3/z⁴ − 15/z⁶ + …
double mills_series(double z)
{
    const double inverse = 1 / (z * z);
    double term = 1, sum = 1;
    for (int k = 1; k <= 8; ++k) {
        term *= -(2 * k - 1) * inverse;
        sum += term;
    }
    return sum;
}

/// z = (what was seen − what was predicted)/s, on the scale on which the noise is normal.
struct Standardised {
    double z = 0, by_m = 0; ///< by log s it is −z
};

std::optional<Standardised> standardise(const Datum& datum, double m, double s)
{
    if (datum.noise == Noise::normal) {
        return Standardised{(datum.value - m) / s, -1 / s};
    }
    if (m > 0) {
        return Standardised{std::log(datum.value / m) / s, -1 / (m * s)};
    }
    return std::nullopt;
}

Share observed(const Datum& datum, const Standardised& at, double s)
{
    Share share;
    share.residual = -at.z;
    share.residual_by_m = -at.by_m;
    share.residual_by_log_s = at.z;
    share.has_spread = true;
    const double jacobian = datum.noise == Noise::lognormal ? std::log(datum.value) : 0;
    share.negative_log = 0.5 * at.z * at.z + std::log(s) + half_log_two_pi + jacobian;
    share.information_mm = at.by_m * at.by_m;
    share.information_ss = 2;
    return share;
}

Share censored(const Standardised& at)
{
    Share share;
    share.negative_log = -log_normal_cdf(at.z);
    share.residual = std::sqrt(2 * share.negative_log);
    const double slope = log_normal_cdf_slope(at.z);
    if (share.residual > 0) {
        share.residual_by_m = -slope * at.by_m / share.residual;
        share.residual_by_log_s = slope * at.z / share.residual;
    }
    const double curvature = slope * (slope + at.z);
    share.information_mm = curvature * at.by_m * at.by_m;
    share.information_ms = -curvature * at.by_m * at.z;
    share.information_ss = curvature * at.z * at.z;
    return share;
}

Share binomial(const Datum& datum, double m)
{
    const double yes = datum.value, no = datum.trials - datum.value, n = datum.trials;
    const auto weighted = [](double count, double log_share) { return count > 0 ? count * log_share : 0; };
    const double log_p = log_normal_cdf(m), log_q = log_normal_cdf(-m);
    const double seen = weighted(yes, log_p) + weighted(no, log_q);
    const double best = weighted(yes, std::log(yes / n)) + weighted(no, std::log(no / n));
    const double ways = std::lgamma(n + 1) - std::lgamma(yes + 1) - std::lgamma(no + 1);
    const double density = std::exp(-0.5 * m * m - half_log_two_pi);
    Share share;
    share.negative_log = -seen - ways;
    // n φ²/(p q), in logarithms, because p or q may vanish.
    share.information_mm = n * std::exp(2 * std::log(density) - log_p - log_q);
    const double gradient = weighted(no, log_normal_cdf_slope(-m)) - weighted(yes, log_normal_cdf_slope(m));
    const double size = std::sqrt(std::max(0.0, 2 * (best - seen)));
    const bool too_many = std::exp(log_p) * n > yes;
    share.residual = too_many ? size : -size;
    // At the best m both the gradient and the residual vanish; their ratio is the root of the information.
    constexpr double near_best = 1e-5;
    if (size > near_best) {
        share.residual_by_m = gradient / share.residual;
    } else if (yes > 0 && no > 0) {
        share.residual_by_m = std::sqrt(share.information_mm);
    }
    return share;
}

bool is_finite(const Share& share)
{
    // The residual is where its square is.
    return std::isfinite(share.negative_log) && std::isfinite(share.residual_by_m)
           && std::isfinite(share.residual_by_log_s);
}

} // namespace

double log_normal_cdf(double z)
{
    if (z < far_below) {
        return -0.5 * z * z - half_log_two_pi - std::log(-z) + std::log(mills_series(z));
    }
    return z < 0 ? std::log(0.5 * std::erfc(-z / std::numbers::sqrt2))
                 : std::log1p(-0.5 * std::erfc(z / std::numbers::sqrt2));
}

double log_normal_cdf_slope(double z)
{
    if (z < far_below) {
        return -z / mills_series(z);
    }
    return std::exp(-0.5 * z * z - half_log_two_pi - log_normal_cdf(z));
}

double inverse_log_normal_cdf(double log_p)
{
    // log Φ is concave and rising, so Newton's method comes from the left without overshooting once it is there.
    double z = log_p < -1 ? -std::sqrt(-2 * log_p) : 0;
    constexpr int most_iterations = 100;
    for (int i = 0; i < most_iterations; ++i) {
        const double step = (log_p - log_normal_cdf(z)) / log_normal_cdf_slope(z);
        z += step;
        constexpr double rounding = 1e-15;
        if (std::abs(step) <= rounding * (1 + std::abs(z))) {
            break;
        }
    }
    return z;
}

ConditionalProbit conditional_probit(double before, double now)
{
    constexpr double nothing = -37;
    if (std::isnan(before) || std::isnan(now)) {
        return {before + now, 0, 0};
    }
    const double log_spared_before = log_normal_cdf(-before);
    const double log_q = log_normal_cdf(-now) - log_spared_before; // of being spared once more
    const double log_p = std::log(-std::expm1(log_q));
    ConditionalProbit probit;
    // From the smaller of the two, whose logarithm is the more exact.
    probit.z = log_q < 0 ? log_p < log_q ? inverse_log_normal_cdf(log_p) : -inverse_log_normal_cdf(log_q) : nothing;
    if (!(probit.z > nothing)) {
        return {nothing, 0, 0};
    }
    const double log_density = -0.5 * probit.z * probit.z - half_log_two_pi;
    probit.by_now = std::exp(-0.5 * now * now - half_log_two_pi - log_spared_before - log_density);
    probit.by_before = -std::exp(log_q - 0.5 * before * before - half_log_two_pi - log_spared_before - log_density);
    return probit;
}

std::optional<Share> share_of(const Datum& datum, double m, double s)
{
    std::optional<Share> share;
    if (datum.noise == Noise::binomial) {
        share = binomial(datum, m);
    } else if (s > 0) {
        if (const auto at = standardise(datum, m, s)) {
            share = datum.censored ? censored(*at) : observed(datum, *at, s);
        } else if (datum.censored) {
            share = Share{}; // nothing at all is below any limit
        }
    }
    return share && is_finite(*share) ? share : std::nullopt;
}

} // namespace osteoflare::solvers::fitting
