#include "solvers/statistics/survival.hpp"

#include "solvers/designs.hpp"

#include <Eigen/Eigenvalues>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace osteoflare::solvers {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

/// Half of a 95 % interval in standard errors.
double width()
{
    static const double z = normal_quantile(0.975);
    return z;
}

/// Members' numbers, earliest first.
std::vector<std::size_t> by_time(std::span<const Watched> members)
{
    for (const Watched& member : members) {
        if (!(member.time >= 0) || std::isinf(member.time)) {
            throw std::invalid_argument("survival: times must be finite and not negative");
        }
    }
    std::vector<std::size_t> order(members.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return members[i].time; });
    return order;
}

/// `error` is that of log S.
Estimate with_interval(double survival, double error, SurvivalInterval interval)
{
    if (survival == 0) {
        return {0, nan, nan};
    }
    if (interval == SurvivalInterval::log) {
        const double factor = std::exp(width() * error);
        return {survival, survival / factor, std::min(survival * factor, 1.0)};
    }
    if (survival == 1) {
        return {1, nan, nan};
    }
    // log(-log S) has error / |log S|, and S = exp(-exp(.)) falls with it.
    const double factor = std::exp(width() * error / -std::log(survival));
    return {survival, std::pow(survival, factor), std::pow(survival, 1 / factor)};
}

/// Where a falling curve comes as low as 1 - events, `height` being what to look at in a step.
template <class Height>
double first_time_below(const SurvivalCurve& curve, double events, Height height)
{
    // Shares are products of fractions: R takes them for equal within this, and so do we.
    static const double tolerance = std::sqrt(std::numeric_limits<double>::epsilon());
    const double level = 1 - events;
    double reached = infinity;
    for (const SurvivalStep& step : curve.steps) {
        const double now = height(step);
        if (std::isnan(now)) {
            continue;
        }
        if (now < level - tolerance) {
            return std::isinf(reached) ? step.time : (reached + step.time) / 2;
        }
        if (now <= level + tolerance && std::isinf(reached)) {
            reached = step.time;
        }
    }
    return std::isinf(reached) ? infinity : (reached + curve.steps.back().time) / 2;
}

bool is_known(const SurvivalCurve& curve, double time)
{
    return !curve.steps.empty() && (time <= curve.steps.back().time || curve.steps.back().survival.value == 0);
}

} // namespace

SurvivalCurve kaplan_meier(std::span<const Watched> members, SurvivalInterval interval)
{
    const std::vector<std::size_t> order = by_time(members);
    SurvivalCurve curve{interval, members.size(), {}};
    double survival = 1, greenwood = 0;
    for (std::size_t first = 0; first < order.size();) {
        SurvivalStep step;
        step.time = members[order[first]].time;
        step.at_risk = order.size() - first;
        for (; first < order.size() && members[order[first]].time == step.time; ++first) {
            ++(members[order[first]].event ? step.events : step.censored);
        }
        const auto risk = static_cast<double>(step.at_risk), events = static_cast<double>(step.events);
        survival *= (risk - events) / risk;
        greenwood += step.events < step.at_risk ? events / (risk * (risk - events)) : 0;
        step.survival = with_interval(survival, std::sqrt(greenwood), interval);
        step.variance = survival * survival * greenwood;
        curve.steps.push_back(step);
    }
    return curve;
}

Estimate survival_at(const SurvivalCurve& curve, double time)
{
    if (!is_known(curve, time)) {
        return {nan, nan, nan};
    }
    const auto after =
        std::ranges::upper_bound(curve.steps, time, {}, [](const SurvivalStep& step) { return step.time; });
    return after == curve.steps.begin() ? with_interval(1, 0, curve.interval) : std::prev(after)->survival;
}

std::size_t at_risk(const SurvivalCurve& curve, double time)
{
    const auto step =
        std::ranges::lower_bound(curve.steps, time, {}, [](const SurvivalStep& each) { return each.time; });
    return step == curve.steps.end() ? 0 : step->at_risk;
}

Estimate survival_quantile(const SurvivalCurve& curve, double events)
{
    if (!(events > 0 && events < 1)) {
        throw std::invalid_argument("survival_quantile: a share between 0 and 1 is needed");
    }
    return {first_time_below(curve, events, [](const SurvivalStep& step) { return step.survival.value; }),
            first_time_below(curve, events, [](const SurvivalStep& step) { return step.survival.low; }),
            first_time_below(curve, events, [](const SurvivalStep& step) { return step.survival.high; })};
}

Estimate restricted_mean(const SurvivalCurve& curve, double until)
{
    if (!(until > 0)) {
        throw std::invalid_argument("restricted_mean: a time above 0 is needed");
    }
    if (!is_known(curve, until)) {
        return {nan, nan, nan};
    }
    // Backwards, since what an event weighs is the area that lies after it.
    double area = 0, variance = 0, end = until;
    for (std::size_t k = curve.steps.size(); k-- > 0;) {
        const SurvivalStep& step = curve.steps[k];
        if (step.time > until) {
            continue;
        }
        area += step.survival.value * (end - step.time);
        end = step.time;
        if (step.events < step.at_risk) {
            const auto risk = static_cast<double>(step.at_risk), events = static_cast<double>(step.events);
            variance += area * area * events / (risk * (risk - events));
        }
    }
    area += end;
    const double half = width() * std::sqrt(variance);
    return {area, std::max(area - half, 0.0), std::min(area + half, until)};
}

LogRank log_rank(std::span<const Watched> members, std::span<const std::size_t> group)
{
    if (members.size() != group.size()) {
        throw std::invalid_argument("log_rank: one group for each member is needed");
    }
    const std::vector<std::size_t> order = by_time(members);
    const std::size_t n_groups = group.empty() ? 0 : 1 + *std::ranges::max_element(group);
    LogRank result;
    result.observed.assign(n_groups, 0);
    result.expected.assign(n_groups, 0);
    const auto size = static_cast<Eigen::Index>(n_groups);
    Eigen::VectorXd risk = Eigen::VectorXd::Zero(size), excess = Eigen::VectorXd::Zero(size);
    Eigen::MatrixXd variance = Eigen::MatrixXd::Zero(size, size);
    for (const std::size_t each : group) {
        risk[static_cast<Eigen::Index>(each)] += 1;
    }
    for (std::size_t first = 0; first < order.size();) {
        const double time = members[order[first]].time, all = static_cast<double>(order.size() - first);
        const Eigen::VectorXd share = risk / all;
        double events = 0;
        for (; first < order.size() && members[order[first]].time == time; ++first) {
            const std::size_t i = order[first];
            risk[static_cast<Eigen::Index>(group[i])] -= 1;
            if (members[i].event) {
                events += 1;
                result.observed[group[i]] += 1;
            }
        }
        for (std::size_t g = 0; g < n_groups; ++g) {
            result.expected[g] += events * share[static_cast<Eigen::Index>(g)];
        }
        if (events > 0 && all > 1) {
            const double spread = events * (all - events) / (all - 1);
            variance += spread * (Eigen::MatrixXd(share.asDiagonal()) - share * share.transpose());
        }
    }
    if (n_groups == 0) {
        return result;
    }
    for (std::size_t g = 0; g < n_groups; ++g) {
        excess[static_cast<Eigen::Index>(g)] = result.observed[g] - result.expected[g];
    }
    // One direction at least has no variance, since excesses sum to zero. Those that have some are the degrees of
    // freedom; with all groups at risk together, this is the usual test with one group left out.
    constexpr double rounding = 1e-10;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> modes(variance);
    const double largest = modes.eigenvalues()[size - 1];
    for (Eigen::Index k = 0; k < size; ++k) {
        if (modes.eigenvalues()[k] > rounding * largest) {
            const double along = modes.eigenvectors().col(k).dot(excess);
            result.chi_square += along * along / modes.eigenvalues()[k];
            result.degrees += 1;
        }
    }
    if (result.degrees > 0) {
        result.p = boost::math::gamma_q(static_cast<double>(result.degrees) / 2, result.chi_square / 2);
    }
    return result;
}

} // namespace osteoflare::solvers
