#pragma once

#include <array>
#include <cstddef>

/// ESDIRK5(4)7L[2]SA2: Kennedy & Carpenter 2019, Applied Numerical Mathematics 146:221; order 5 with an embedded method
/// of order 4, stiffly accurate and L-stable. Stage i stands at S_i = s + h sum_j a_ij k_j, where k_j are the rates at
/// the stages; the first is the beginning of the step and the last its end. All stages have a_i1 = a_i2.
namespace osteoflare::solvers::lanes::esdirk5 {

inline constexpr std::size_t n_stages = 7;
inline constexpr double gamma = 0.184; ///< a_ii from the second stage on

/// Rows of stages 3 to 7: from the second stage (which stands for the first as well) to the one before the diagonal.
inline constexpr double a[5][5] = {
    {0.22210764773832475},
    {-0.014049475381926278, -0.017090850935864151},
    {-0.40838859254931475, 0.16646399821362965, 1.1662718062895745},
    {-0.53929072355881125, -0.24223442884542501, 1.4888806111225146, 0.55631222819131843},
    {-0.039466069109740303, 0.27263649025024267, 0.43216517252028819, 0.35241608623288911, -0.16228561078393952},
};
/// When a stage stands, in steps.
inline constexpr std::array<double, n_stages> c = {
    0, 0.368, 0.62821529547664945, 0.13881019830028329, 0.69995861940457471, 0.90837696335078533, 1};

/// The rates' weights in the new value less those of the embedded method, from the second stage on.
inline constexpr std::array<double, 6> error = {0.041223397456907,     0.089736805636807138,  -0.084848701245942793,
                                                -0.074183645069565207, -0.057958752816804543, 0.04480749858169103};

/// Continuous output of order 4 that takes over the values and rates of both ends:
///     b_j(theta) = theta^2 (3 - 2 theta) b_j + theta (1 - theta)^2 [j = 1] - theta^2 (1 - theta) [j = 7]
///                  + theta^2 (1 - theta)^2 d_j.
/// The five conditions of order 4 leave two of these d free; they make the errors of order 5 least.
inline constexpr std::array<double, n_stages> d = {
    -0.95189278719234079, 4.395869,           -2.940658,          -0.32575132799513903,
    -1.8294670053816964,  1.0526258020007539, 0.59927431856842317};

/// A linear combination of s, S_2, ..., S_7. For linear systems S_i comes straight out of a solve,
///     (I/(h gamma) - J) S_i = R_i/(h gamma) + g   with   R_i = s + h sum_{j<i} a_ij k_j   and   h gamma k_i = S_i -
///     R_i,
/// so everything is said in these.
using Combination = std::array<double, n_stages>;

struct Combinations {
    std::array<Combination, n_stages> start{}; ///< R_i from the third stage on
    std::array<Combination, n_stages> rate{};  ///< h gamma k_i from the third on; in the second's place k_1 + k_2
    Combination error{};

    constexpr Combinations()
    {
        rate[1][0] = -1;
        rate[1][1] = 1;
        for (std::size_t i = 2; i < n_stages; ++i) {
            start[i][0] = 1;
            for (std::size_t j = 1; j < i; ++j) {
                add(start[i], a[i - 2][j - 1] / gamma, rate[j]);
            }
            rate[i][i] = 1;
            add(rate[i], -1, start[i]);
        }
        for (std::size_t j = 1; j < n_stages; ++j) {
            add(error, esdirk5::error[j - 1] / gamma, rate[j]);
        }
    }

private:
    static constexpr void add(Combination& to, double factor, const Combination& what)
    {
        for (std::size_t i = 0; i < n_stages; ++i) {
            to[i] += factor * what[i];
        }
    }
};
inline constexpr Combinations combinations{};

} // namespace osteoflare::solvers::lanes::esdirk5
