#include "solvers/fitting/profile.hpp"

#include <algorithm>
#include <cmath>

namespace osteoflare::solvers::fitting {
namespace {

/// Below this a rise is nothing: simulations are exact to 1e-6 or so.
constexpr double flat = 1e-3;

class Walk {
public:
    Walk(const Problem& problem, const Maximum& best, std::size_t parameter, const ProfileOptions& options)
        : problem_(problem), best_(best), parameter_(parameter), options_(options)
    {
        options_.search.fixed.assign(problem.n_parameters(), false);
        options_.search.fixed[parameter] = true;
    }

    /// Points on one side, from the optimum outwards; `end` where the rise is the threshold.
    std::vector<ProfilePoint> side(double direction, double first_step, std::optional<double>& end, bool& failed)
    {
        std::vector<ProfilePoint> points = {at_best()};
        const double bound = direction > 0 ? problem_.upper[parameter_] : problem_.lower[parameter_];
        const double width = problem_.upper[parameter_] - problem_.lower[parameter_];
        const double longest = width / 8, shortest = 1e-6 * width;
        constexpr double aim = threshold_95 / 5;
        double step = std::clamp(first_step, shortest, longest);
        while (points.size() <= options_.most_points && points.back().value != bound) {
            const double from = points.back().value;
            const double to = std::abs(bound - from) <= 1.001 * step ? bound : from + direction * step;
            const auto next = fitted(to, points);
            const double rise = next ? next->rise - points.back().rise : 0;
            if ((!next || rise > 2.5 * aim) && step > shortest) {
                step /= next ? 2 : 4;
                continue;
            }
            if (!next) {
                failed = true;
                break;
            }
            points.push_back(*next);
            if (next->rise > threshold_95) {
                refine(points);
                end = end_between(points);
                break;
            }
            step = std::min(rise < aim / 2 ? 2 * step : step, longest);
        }
        return points;
    }

    ProfilePoint at_best() const { return {best_.x[parameter_], 0, best_.x, false, 0}; }

private:
    /// The best of the others at a value, starting where the last two points lead.
    std::optional<ProfilePoint> fitted(double value, const std::vector<ProfilePoint>& points) const
    {
        std::vector<std::vector<double>> starts = {points.back().x};
        if (points.size() > 1) {
            const ProfilePoint &last = points.back(), &before = points[points.size() - 2];
            const double share = (value - last.value) / (last.value - before.value);
            std::vector<double> ahead = last.x;
            for (std::size_t p = 0; p < ahead.size(); ++p) {
                ahead[p] =
                    std::clamp(last.x[p] + share * (last.x[p] - before.x[p]), problem_.lower[p], problem_.upper[p]);
            }
            starts.insert(starts.begin(), std::move(ahead));
        }
        for (std::vector<double>& start : starts) {
            start[parameter_] = value;
            const Maximum found = maximise(problem_, start, options_.search);
            if (found.found) {
                return ProfilePoint{value, found.negative_log - best_.negative_log, found.x, is_held(found.x),
                                    found.iterations};
            }
        }
        return std::nullopt;
    }

    bool is_held(const std::vector<double>& x) const
    {
        for (std::size_t p = 0; p < x.size(); ++p) {
            const double close = 1e-6 * (problem_.upper[p] - problem_.lower[p]);
            const auto at_bound = [&](double value) {
                return value < problem_.lower[p] + close || value > problem_.upper[p] - close;
            };
            if (p != parameter_ && at_bound(x[p]) && !at_bound(best_.x[p])) {
                return true;
            }
        }
        return false;
    }

    /// Where the root of the rise, which is a straight line for a linear problem, crosses that of the threshold.
    static double end_between(const std::vector<ProfilePoint>& points)
    {
        const ProfilePoint &inside = points[points.size() - 2], &outside = points.back();
        const double low = std::sqrt(std::max(inside.rise, 0.0)), high = std::sqrt(outside.rise);
        const double share = (std::sqrt(threshold_95) - low) / (high - low);
        return inside.value + share * (outside.value - inside.value);
    }

    /// Puts points between the last two until the end of the interval is known well.
    void refine(std::vector<ProfilePoint>& points) const
    {
        constexpr double close = 1e-5;
        for (int round = 0; round < 6; ++round) {
            if (std::abs(points.back().rise - threshold_95) < close
                || std::abs(points[points.size() - 2].rise - threshold_95) < close) {
                return;
            }
            const ProfilePoint outside = points.back();
            const double value = end_between(points);
            points.pop_back();
            const auto between = fitted(value, points);
            if (!between || value == points.back().value || value == outside.value) {
                points.push_back(outside);
                return;
            }
            points.push_back(*between);
            if (between->rise < threshold_95) {
                points.push_back(outside);
            }
        }
    }

    const Problem& problem_;
    const Maximum& best_;
    std::size_t parameter_;
    ProfileOptions options_;
};

/// How many points of a side do not rise, the optimum among them, before any that another one's bound holds.
std::size_t n_flat(const std::vector<ProfilePoint>& side)
{
    const auto other = std::ranges::find_if(
        side, [](const ProfilePoint& point) { return point.held || !(std::abs(point.rise) < flat); });
    return static_cast<std::size_t>(other - side.begin());
}

/// Whether a side stays flat until a bound, its own or another one's, is all that stops it.
bool stays_flat(const std::vector<ProfilePoint>& side, bool has_end)
{
    const std::size_t n = n_flat(side);
    return n == side.size() ? !has_end : side[n].held;
}

std::vector<double> direction(const std::vector<double>& from, const std::vector<double>& to)
{
    std::vector<double> move(from.size());
    double largest = 0;
    for (std::size_t p = 0; p < move.size(); ++p) {
        move[p] = to[p] - from[p];
        largest = std::max(largest, std::abs(move[p]));
    }
    for (double& entry : move) {
        entry = largest > 0 ? entry / largest : 0;
    }
    return move;
}

} // namespace

Profile profile_of(const Problem& problem, const Maximum& best, std::size_t parameter, const ProfileOptions& options)
{
    Profile profile;
    Walk walk(problem, best, parameter, options);
    const double width = problem.upper[parameter] - problem.lower[parameter];
    double step = width / 20;
    if (const auto at = evaluate(problem, best.x)) {
        const double error = spectrum_of(at->information, problem.n_parameters()).standard_errors[parameter];
        step = std::isfinite(error) ? std::min(step, 0.45 * error) : step;
    }
    std::vector<std::vector<ProfilePoint>> sides;
    for (const double way : {-1.0, 1.0}) {
        sides.push_back(walk.side(way, step, way < 0 ? profile.low : profile.high, profile.failed));
    }
    const auto ends_freely = [](const std::vector<ProfilePoint>& side, bool has_end) {
        return has_end && !side.back().held;
    };
    const ProfilePoint &lowest_flat = sides[0][n_flat(sides[0]) - 1], &highest_flat = sides[1][n_flat(sides[1]) - 1];
    constexpr double far = 0.02; // of the distance between the bounds
    if (stays_flat(sides[0], profile.low.has_value()) && stays_flat(sides[1], profile.high.has_value())
        && highest_flat.value - lowest_flat.value > far * width) {
        profile.verdict = Verdict::structurally_not;
        profile.low.reset(); // where the interval seems to end, a bound stops the one that makes up for it
        profile.high.reset();
        profile.trade_off = direction(lowest_flat.x, highest_flat.x);
    } else if (!ends_freely(sides[0], profile.low.has_value()) || !ends_freely(sides[1], profile.high.has_value())) {
        profile.verdict = Verdict::practically_not;
        const bool up = !ends_freely(sides[1], profile.high.has_value());
        profile.trade_off = direction(best.x, sides[up ? 1 : 0].back().x);
    }
    profile.points.assign(sides[0].rbegin(), sides[0].rend());
    profile.points.insert(profile.points.end(), sides[1].begin() + 1, sides[1].end());
    // A profile that finds something better than the optimum is measured from there.
    const double lowest = std::ranges::min(profile.points, {}, &ProfilePoint::rise).rise;
    profile.lowest = best.negative_log + lowest;
    for (ProfilePoint& point : profile.points) {
        point.rise -= lowest;
    }
    return profile;
}

} // namespace osteoflare::solvers::fitting
