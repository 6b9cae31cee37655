#pragma once

#include "solvers/statistics/estimate.hpp"

#include <cstddef>
#include <span>
#include <vector>

/// How long until an event, of members some of whom were watched too briefly to see it. Times are in any unit, counted
/// from the start of watching; equal times are those that are equal as numbers. Weights, late entry and events of
/// several kinds are left out.
namespace osteoflare::solvers {

/// What is known of one member.
struct Watched {
    double time = 0;    ///< of the event, or of the end of watching
    bool event = false; ///< else watching ended before any (censored)
};

/// How the 95 % interval of a share S is made from Greenwood's variance; the limits agree with those of R's `survfit`.
enum class SurvivalInterval {
    log,     ///< normal on the scale of log S, cut at 1: what `survfit` does unless told otherwise
    log_log, ///< normal on the scale of log(-log S), always within (0, 1): its conf.type = "log-log"
};

/// What a curve is from one time on.
struct SurvivalStep {
    double time = 0;
    std::size_t at_risk = 0; ///< watched until here, without an event before
    std::size_t events = 0, censored = 0;
    Estimate survival;   ///< share without an event up to and at this time. An interval that nobody can tell is NaN: at
                         ///< a share of 0, and by log_log also at 1
    double variance = 0; ///< of that share, by Greenwood's formula; 0 at a share of 0
};

/// A curve of Kaplan and Meier (J Am Stat Assoc 53, 1958). Members who are censored at the time of an event are still
/// at risk of it.
struct SurvivalCurve {
    SurvivalInterval interval = SurvivalInterval::log;
    std::size_t n_members = 0;
    std::vector<SurvivalStep> steps; ///< one for each different time, rising; those with censoring alone as well
};

/// Throws std::invalid_argument for a time that is negative or not finite. Without members: a curve without steps.
SurvivalCurve kaplan_meier(std::span<const Watched> members, SurvivalInterval interval = SurvivalInterval::log);

/// The share without an event up to and at `time`: 1 before the first step; NaN after the last one, unless all had
/// their event by then, and everywhere without members.
Estimate survival_at(const SurvivalCurve& curve, double time);

/// How many were still watched just before `time`, without an event: the numbers below a drawn curve.
std::size_t at_risk(const SurvivalCurve& curve, double time);

/// The first time at which a share of `events` (0.5: the median) had their event, and where the limits of the curve
/// come as low (Brookmeyer and Crowley, Biometrics 38, 1982). Where the curve runs level at just this share, the middle
/// of its level stretch, as R's `quantile` does. Infinity where the curve, or its limit, never comes so low. Throws
/// std::invalid_argument unless 0 < events < 1.
Estimate survival_quantile(const SurvivalCurve& curve, double events);

/// The mean time without an event, up to `until`: the area under the curve. Its interval is normal, cut to [0, until].
/// NaN where the curve is not known up to there (survival_at). Throws std::invalid_argument unless until > 0.
Estimate restricted_mean(const SurvivalCurve& curve, double until);

/// The log-rank test: do groups differ in when events come?
struct LogRank {
    double chi_square = 0;
    std::size_t degrees = 0;      ///< of freedom: one less than groups that can be told apart
    double p = 1;                 ///< chance of so large a chi square, or a larger one, if groups do not differ
    std::vector<double> observed; ///< (group): events
    std::vector<double> expected; ///< (group): events if all groups were alike
};

/// `group[i]` is that of member i: 0, 1, ... At each time with events, their variance is that of drawing them from all
/// at risk without returning them. A group that nobody was at risk in when events came takes no part. If nothing is
/// left to compare, `degrees` is 0 and p is 1. Throws std::invalid_argument for lists of different length and for times
/// that kaplan_meier would refuse.
LogRank log_rank(std::span<const Watched> members, std::span<const std::size_t> group);

} // namespace osteoflare::solvers
