#pragma once

#include <optional>

/// Data and how probable they are: the likelihood of single measurements. Nothing here knows what was measured.
namespace osteoflare::solvers::fitting {

/// How a measurement scatters around its prediction m, with spread s.
enum class Noise {
    normal,    ///< value = m + s × standard normal
    lognormal, ///< log value = log m + s × standard normal
    binomial,  ///< `value` of `trials`, each with probability Φ(m); no spread
};

/// One measurement.
struct Datum {
    Noise noise = Noise::normal;
    double value = 0;      ///< what was seen; of a censored one the limit below which it lay
    bool censored = false; ///< only known to lie below `value`; not for binomial noise
    double trials = 0;     ///< binomial only
};

/// One measurement's share of a likelihood at a prediction m and a spread s, and how it moves with m and log s.
struct Share {
    /// −log of the probability (density), with all its constants.
    double negative_log = 0;
    /// Its square, halved, is `negative_log` but for constants and, where `has_spread`, log s. Of a censored or
    /// binomial one: the signed root of twice its distance to what is best for this measurement alone.
    double residual = 0, residual_by_m = 0, residual_by_log_s = 0;
    bool has_spread = false;
    /// Fisher information about (m, log s); of a censored one the curvature of `negative_log` in its z-score.
    double information_mm = 0, information_ms = 0, information_ss = 0;
};

/// Nothing if the measurement is impossible, or not a number: lognormal noise around m ≤ 0, or a spread that is not
/// above 0.
std::optional<Share> share_of(const Datum& datum, double m, double s);

/// log Φ(z) of the standard normal distribution function Φ, without underflow far below 0.
double log_normal_cdf(double z);
/// φ(z)/Φ(z), its derivative.
double log_normal_cdf_slope(double z);
/// The z of which log Φ(z) is `log_p`, which is below 0.
double inverse_log_normal_cdf(double log_p);

/// The probit z of the probability that what has not happened at probit `before` has at probit `now`, both of the same
/// growing distribution function: Φ(z) = (Φ(now) − Φ(before))/(1 − Φ(before)). −37, at which Φ is 0 to rounding, where
/// `now` is not above `before`.
struct ConditionalProbit {
    double z = 0, by_before = 0, by_now = 0;
};
ConditionalProbit conditional_probit(double before, double now);

} // namespace osteoflare::solvers::fitting
