#pragma once

#include <array>
#include <cstddef>

/// Rodas5P: Steinebach 2023, BIT Numerical Mathematics 63:27; order 5 with an embedded method and continuous output of
/// order 4, stiffly accurate, for autonomous systems here. In the form without matrix products, stage i solves
///     (I/(h gamma) - J) u_i = f(y + sum_j a_ij u_j) + sum_j c_ij u_j / h,
/// the new state is y + sum_j m_j u_j, and u_8 estimates the error.
namespace osteoflare::solvers::lanes::rodas5p {

inline constexpr std::size_t n_stages = 8;
inline constexpr double gamma = 0.21193756319429014;

/// Rows of stages 2 to 6. Stage 7 starts from row 6 and u_6, stage 8 from that and u_7, the new state adds u_8.
inline constexpr double a[5][5] = {
    {3.0},
    {2.849394379747939, 0.45842242204463923},
    {-6.954028509809101, 2.489845061869568, -10.358996098473584},
    {2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641},
    {-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946},
};
inline constexpr double c[7][7] = {
    {-14.155112264123755},
    {-17.97296035885952, -2.859693295451294},
    {147.12150275711716, -1.41221402718213, 71.68940251302358},
    {165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306},
    {24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471},
    {30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783, -19.097331116725623,
     -28.087943162872662},
    {37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047, -40.06618937091002,
     -54.66780262877968, -9.48861652309627},
};
inline constexpr std::array<double, n_stages> m = {
    -7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946, 1, 1, 1};

/// Continuous output: y(t + theta h) = y + sum_j b_j(theta) u_j with
/// b_j = theta (m_j + (1 - theta) (d1_j + theta (d2_j + theta d3_j))).
inline constexpr double d[3][n_stages] = {
    {25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204, 0.524948541321073,
     1.1241088310450404, 0.4272876194431874, -0.17202221070155493},
    {-9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796, 20.176138334709044,
     15.98066361424651, -6.789040303419874, -6.710236069923372},
    {11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643, -52.072871366152654,
     -59.78993625266729, -0.15582684282751913, 4.883087185713722},
};

/// A multiple of the error estimate makes the output more exact and keeps its order, because u_8 vanishes to that
/// order:
///     b_8(theta) += theta (1 - theta) (e_0 + theta (e_1 + theta (e_2 + theta e_3))).
/// Fitted to the true errors between the ends of steps of the niche model at tolerances from 5e-4 to 5e-7; on van der
/// Pol's equation, OREGO, HIRES and ROBER it helps or changes little (docs/decisions/0010-lanes.md).
inline constexpr std::array<double, 4> refinement = {2.5, -20.5, 39.5, -19.3};

/// The share of stage j in that; made for each pack, so that instruction sets share no functions.
template <class Pack>
constexpr double weight(std::size_t j, double theta)
{
    const auto& e = refinement;
    const double refined = j + 1 == n_stages ? e[0] + theta * (e[1] + theta * (e[2] + theta * e[3])) : 0;
    return theta * (m[j] + (1 - theta) * (d[0][j] + theta * (d[1][j] + theta * d[2][j]) + refined));
}

} // namespace osteoflare::solvers::lanes::rodas5p
