#pragma once

#include <array>

/// Problems of the Test Set for IVP Solvers (Bari/CWI) with their published solutions at the end. Each is written once,
/// over any number: y are the states, p the parameters, d the rates.
namespace stiff {

/// High irradiance responses of photomorphogenesis: eight concentrations, 280 the fast one of the rates.
struct Hires {
    static constexpr const char* name = "hires";
    static constexpr std::array start = {1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057};
    static constexpr std::array parameters = {280.0, 0.0007, 1.71};
    static constexpr double end = 321.8122;
    static constexpr std::array solution = {0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4,
                                            0.1175651343283149e-2, 0.2386356198831331e-2, 0.6238968252742796e-2,
                                            0.2849998395185769e-2, 0.2850001604814231e-2};
    static constexpr double smallest = 1e-4; ///< absolute tolerance per relative one: below what matters

    static void rates(auto y, const auto& p, auto d)
    {
        const auto bound = p[0] * y[5] * y[7];
        d[0] = -p[2] * y[0] + 0.43 * y[1] + 8.32 * y[2] + p[1];
        d[1] = p[2] * y[0] - 8.75 * y[1];
        d[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
        d[3] = 8.32 * y[1] + p[2] * y[2] - 1.12 * y[3];
        d[4] = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6];
        d[5] = -bound + 0.69 * y[3] + p[2] * y[4] - 0.43 * y[5] + 0.69 * y[6];
        d[6] = bound - 1.81 * y[6];
        d[7] = -bound + 1.81 * y[6];
    }
};

/// Robertson's autocatalytic reaction: rates over nine powers of ten, followed for 1e11 s.
struct Rober {
    static constexpr const char* name = "rober";
    static constexpr std::array start = {1.0, 0.0, 0.0};
    static constexpr std::array parameters = {0.04, 1e4, 3e7};
    static constexpr double end = 1e11;
    static constexpr std::array solution = {0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050};
    static constexpr double smallest = 1e-14;

    static void rates(auto y, const auto& p, auto d)
    {
        const auto forth = p[0] * y[0], back = p[1] * y[1] * y[2], on = p[2] * y[1] * y[1];
        d[0] = -forth + back;
        d[1] = forth - back - on;
        d[2] = on;
    }
};

/// The Oregonator: a limit cycle with jumps over five powers of ten.
struct Orego {
    static constexpr const char* name = "orego";
    static constexpr std::array start = {1.0, 2.0, 3.0};
    static constexpr std::array parameters = {77.27, 8.375e-6, 0.161};
    static constexpr double end = 360;
    static constexpr std::array solution = {0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3};
    static constexpr double smallest = 1e-2;

    static void rates(auto y, const auto& p, auto d)
    {
        d[0] = p[0] * (y[1] + y[0] - y[0] * y[1] - p[1] * y[0] * y[0]);
        d[1] = (y[2] - (1.0 + y[0]) * y[1]) / p[0];
        d[2] = p[2] * (y[0] - y[2]);
    }
};

/// Van der Pol's oscillator, 1e-6 as its small parameter: slow arcs and jumps.
struct Vdpol {
    static constexpr const char* name = "vdpol";
    static constexpr std::array start = {2.0, 0.0};
    static constexpr std::array parameters = {1e-6};
    static constexpr double end = 2;
    static constexpr std::array solution = {0.1706167732170483e1, -0.8928097010247975};
    static constexpr double smallest = 1e-2;

    static void rates(auto y, const auto& p, auto d)
    {
        d[0] = y[1];
        d[1] = ((1.0 - y[0] * y[0]) * y[1] - y[0]) / p[0];
    }
};

} // namespace stiff
