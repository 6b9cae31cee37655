#pragma once

#include "solvers/fitting/profile.hpp"

#include "solvers/designs.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

/// Problems whose maximum likelihood is known in closed form.
namespace osteoflare::tests {

/// Standard normal noise, the same in every run.
inline double noise(std::uint64_t seed, std::size_t i)
{
    constexpr std::uint32_t purpose = 77;
    return solvers::normal_quantile(solvers::to_unit_interval(solvers::random_bits(seed, purpose, i, 0)));
}

/// value_i = a + b t_i + s noise, with x = (a, b, log s).
struct Line {
    std::vector<double> t, value;
    solvers::fitting::Problem problem;
    // By linear regression.
    double a = 0, b = 0, s = 0;

    explicit Line(std::size_t n = 20, double spread = 0.3)
    {
        double t_mean = 0, mean = 0;
        for (std::size_t i = 0; i < n; ++i) {
            t.push_back(static_cast<double>(i) / 4);
            value.push_back(2 - 0.7 * t[i] + spread * noise(5, i));
            problem.data.push_back({.noise = solvers::fitting::Noise::normal, .value = value[i]});
            t_mean += t[i] / static_cast<double>(n);
            mean += value[i] / static_cast<double>(n);
        }
        double tt = 0, tv = 0, square = 0;
        for (std::size_t i = 0; i < n; ++i) {
            tt += (t[i] - t_mean) * (t[i] - t_mean);
            tv += (t[i] - t_mean) * (value[i] - mean);
        }
        b = tv / tt;
        a = mean - b * t_mean;
        for (std::size_t i = 0; i < n; ++i) {
            square += std::pow(value[i] - a - b * t[i], 2);
        }
        s = std::sqrt(square / static_cast<double>(n));
        problem.lower = {-10, -10, std::log(1e-3)};
        problem.upper = {10, 10, std::log(1e2)};
        problem.predict = [times = t](std::span<const double> x, solvers::fitting::Predictions& at) {
            at = {};
            for (const double time : times) {
                at.m.push_back(x[0] + x[1] * time);
                at.s.push_back(std::exp(x[2]));
                at.m_by_x.insert(at.m_by_x.end(), {1, time, 0});
                at.s_by_x.insert(at.s_by_x.end(), {0, 0, std::exp(x[2])});
            }
            return true;
        };
    }

    /// From now on x = (a, b).
    void know_spread(double known)
    {
        problem.lower.resize(2);
        problem.upper.resize(2);
        problem.predict = [times = t, known](std::span<const double> x, solvers::fitting::Predictions& at) {
            at = {};
            for (const double time : times) {
                at.m.push_back(x[0] + x[1] * time);
                at.s.push_back(known);
                at.m_by_x.insert(at.m_by_x.end(), {1, time});
                at.s_by_x.insert(at.s_by_x.end(), {0, 0});
            }
            return true;
        };
    }
};

/// The slope of a line under unknown spread: with that profiled out, −log L rises by n/2 log(1 + (Δb)²tt/(n s²)).
struct Slope {
    double n = 0, tt = 0, b = 0, s = 0;

    explicit Slope(const Line& line) : n(static_cast<double>(line.t.size())), b(line.b), s(line.s)
    {
        double t_mean = 0;
        for (const double t : line.t) {
            t_mean += t / n;
        }
        for (const double t : line.t) {
            tt += (t - t_mean) * (t - t_mean);
        }
    }
    double half_interval() const { return s * std::sqrt(n / tt * std::expm1(2 * solvers::fitting::threshold_95 / n)); }
    double rise(double value) const { return n / 2 * std::log1p((value - b) * (value - b) * tt / (n * s * s)); }
};

/// log value_i = log(A) − k t_i + s noise with s known: lognormal data of an exponential decay, x = (log A, log k). In
/// (log A, k) it is a linear regression.
struct Decay {
    std::vector<double> t;
    solvers::fitting::Problem problem;
    static constexpr double s = 0.1;
    double log_start = 0, rate = 0, rate_error = 0;

    Decay()
    {
        constexpr std::size_t n = 12;
        double t_mean = 0, mean = 0;
        std::vector<double> logs;
        for (std::size_t i = 0; i < n; ++i) {
            t.push_back(static_cast<double>(i) / 2);
            logs.push_back(std::log(5) - 0.4 * t[i] + s * noise(9, i));
            problem.data.push_back({.noise = solvers::fitting::Noise::lognormal, .value = std::exp(logs[i])});
            t_mean += t[i] / n;
            mean += logs[i] / n;
        }
        double tt = 0, tv = 0;
        for (std::size_t i = 0; i < n; ++i) {
            tt += (t[i] - t_mean) * (t[i] - t_mean);
            tv += (t[i] - t_mean) * (logs[i] - mean);
        }
        rate = -tv / tt;
        log_start = mean + rate * t_mean;
        rate_error = s / std::sqrt(tt);
        problem.lower = {std::log(0.01), std::log(0.01)};
        problem.upper = {std::log(1e3), std::log(10)};
        problem.predict = [times = t](std::span<const double> x, solvers::fitting::Predictions& at) {
            at = {};
            for (const double time : times) {
                const double k = std::exp(x[1]), m = std::exp(x[0] - k * time);
                at.m.push_back(m);
                at.s.push_back(s);
                at.m_by_x.insert(at.m_by_x.end(), {m, -m * k * time});
                at.s_by_x.insert(at.s_by_x.end(), {0, 0});
            }
            return true;
        };
    }
};

/// Whether a profile's points go one way, within the bounds.
inline bool is_ordered(const solvers::fitting::Profile& profile, const solvers::fitting::Problem& problem,
                       std::size_t parameter)
{
    using solvers::fitting::ProfilePoint;
    return profile.points.front().value >= problem.lower[parameter]
           && profile.points.back().value <= problem.upper[parameter]
           && std::ranges::adjacent_find(profile.points, std::greater_equal{}, &ProfilePoint::value)
                  == profile.points.end();
}

} // namespace osteoflare::tests
