#pragma once

#include <array>
#include <cmath>

/// Problems with solutions in closed form, written once over any number. Time, which a kernel does not know, is a
/// state.
namespace exact {

/// y1' = -y1 + y1 y2, y2' = -2 t y2 from (1, 1): y2 = exp(-t²), y1 = exp(-t + sqrt(pi)/2 erf t). Non-linear and
/// coupled.
struct Coupled {
    static constexpr const char* name = "coupled";
    static constexpr std::array start = {1.0, 1.0, 0.0};
    static constexpr std::array parameters = {1.0};

    static void rates(auto y, const auto& p, auto d)
    {
        d[0] = p[0] * (y[0] * y[1] - y[0]);
        d[1] = -2.0 * y[2] * y[1];
        d[2] = p[0];
    }
    static std::array<double, 3> solution(double t)
    {
        return {std::exp(-t + std::sqrt(std::acos(-1.0)) / 2 * std::erf(t)), std::exp(-t * t), t};
    }
};

/// The functions that an equation may use: y1' = exp(-y1), y1 = log(1 + t); y2' = -y2 log y2, y2 = exp(-exp(-t));
/// y3' = -y3^(3/2), y3 = (1 + t/2)^-2; y4' = max(y3, y1 - 9) exp(y1), where y1 - 9 stays the smaller, so that
/// y4 = 4 log(1 + t/2) + 2/(1 + t/2) - 2.
struct Functions {
    static constexpr const char* name = "functions";
    static constexpr std::array start = {0.0, 0.36787944117144233, 1.0, 0.0};
    static constexpr std::array parameters = {1.5, 9.0};

    static void rates(auto y, const auto& p, auto d)
    {
        using std::exp, std::log, std::pow, std::max;
        d[0] = exp(-y[0]);
        d[1] = -y[1] * log(y[1]);
        d[2] = -pow(y[2], p[0]);
        d[3] = max(y[2], y[0] - p[1]) * exp(y[0]);
    }
    static std::array<double, 4> solution(double t)
    {
        return {std::log1p(t), std::exp(-std::exp(-t)), std::pow(1 + t / 2, -2),
                4 * std::log(1 + t / 2) + 2 / (1 + t / 2) - 2};
    }
};

/// Powers of time: y_k' = k t^(k-1), y_k = t^k for k = 1 to 6.
struct Powers {
    static constexpr const char* name = "powers";
    static constexpr std::array start = {0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
    static constexpr std::array parameters = {1.0};

    static void rates(auto y, const auto& p, auto d)
    {
        d[0] = p[0];
        auto power = y[0] * p[0];
        for (int k = 2; k <= 6; ++k) {
            d[k - 1] = static_cast<double>(k) * power;
            power = power * y[0];
        }
    }
};

/// y' = inflow - loss y: what an event does to it can be followed by hand.
struct Tank {
    static constexpr const char* name = "tank";
    static constexpr std::array start = {1.0};
    static constexpr std::array parameters = {0.0, 1.0}; ///< inflow, loss

    static void rates(auto y, const auto& p, auto d) { d[0] = p[0] - p[1] * y[0]; }
    static double after(double y, double inflow, double loss, double duration)
    {
        return inflow / loss + (y - inflow / loss) * std::exp(-loss * duration);
    }
};

/// y1 = sin t, y2 = cos t from (0, 1): what a summary should find in it is known.
struct Circle {
    static constexpr const char* name = "circle";
    static constexpr std::array start = {0.0, 1.0};
    static constexpr std::array parameters = {1.0};

    static void rates(auto y, const auto& p, auto d)
    {
        d[0] = p[0] * y[1];
        d[1] = -p[0] * y[0];
    }
};

/// y' = y² from 1: 1/(1 - t), which does not live beyond t = 1.
struct BlowUp {
    static constexpr const char* name = "blow_up";
    static constexpr std::array start = {1.0};
    static constexpr std::array parameters = {1.0};

    static void rates(auto y, const auto& p, auto d) { d[0] = p[0] * y[0] * y[0]; }
};

} // namespace exact
