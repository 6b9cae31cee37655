#include "solvers/dual.hpp"

#include "model/classic/komarova2003.hpp"
#include "model/classic/lemaire2004.hpp"
#include "model/niche/niche.hpp"
#include "solvers/system.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <vector>

using namespace osteoflare;
using solvers::Dual;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

/// A value and its two slopes, each up to the few roundings of one operation.
void check(const Dual<2>& x, double value, double slope0, double slope1)
{
    const auto close = [](double expected) { return Approx(expected).epsilon(4 * epsilon).margin(0); };
    CHECK(x.value == close(value));
    CHECK(x.slope[0] == close(slope0));
    CHECK(x.slope[1] == close(slope1));
}

Dual<2> variable(double value, double slope0, double slope1)
{
    Dual<2> x(value);
    x.slope = {slope0, slope1};
    return x;
}

/// The niche, Lemaire's or Komarova's equations on a plain array, as a solver sees them.
template <class Model>
struct Equations {
    template <class Real>
    void operator()(Real /*t*/, std::span<const Real> y, std::span<Real> dydt) const
    {
        using State = typename Model::template State<Real>;
        State state{};
        std::size_t i = 0;
        State::visit(state, [&](Real& field, const model::Description&) { field = y[i++]; });
        auto rates = Model::balance(Model::fluxes(state, with_defaults<typename Model::template Inputs<Real>>(),
                                                  with_defaults<typename Model::template Parameters<Real>>()));
        i = 0;
        State::visit(rates, [&](const Real& field, const model::Description&) { dydt[i++] = field; });
    }

    template <class Set>
    static Set with_defaults()
    {
        Set set{};
        Set::visit(set, [](auto& field, const model::Description& entry) { field = entry.value; });
        return set;
    }
};

/// The derivative by central differences with a relative step: error of order (relative step)^2 and rounding over it.
std::vector<double> central_differences(const solvers::System& system, std::vector<double> y, double relative_step)
{
    const std::size_t n = system.size;
    std::vector<double> derivative(n * n), above(n), below(n);
    for (std::size_t j = 0; j < n; ++j) {
        const double middle = y[j];
        y[j] = middle * (1 + relative_step);
        const double high = y[j];
        system.rhs(0, y, above);
        y[j] = middle * (1 - relative_step);
        const double low = y[j];
        system.rhs(0, y, below);
        y[j] = middle;
        for (std::size_t i = 0; i < n; ++i) {
            derivative[i * n + j] = (above[i] - below[i]) / (high - low);
        }
    }
    return derivative;
}

} // namespace

TEST_CASE("duals differentiate sums, products and quotients by the rules of the textbook", "[solvers][dual]")
{
    // u = 3, u' = (2, -1); v = -5, v' = (0.5, 4)
    const Dual<2> u = variable(3, 2, -1), v = variable(-5, 0.5, 4);
    check(u + v, -2, 2.5, 3);
    check(u - v, 8, 1.5, -5);
    check(-u, -3, -2, 1);
    check(u * v, -15, 2 * -5 + 3 * 0.5, -1 * -5 + 3 * 4);
    check(u / v, -0.6, (2 * -5 - 3 * 0.5) / 25, (-1 * -5 - 3 * 4) / 25.0);
    check(u + 7.0, 10, 2, -1);
    check(7.0 + u, 10, 2, -1);
    check(u - 7.0, -4, 2, -1);
    check(7.0 - u, 4, -2, 1);
    check(u * 7.0, 21, 14, -7);
    check(7.0 * u, 21, 14, -7);
    check(u / 8.0, 0.375, 0.25, -0.125);
    check(6.0 / u, 2, -6 * 2 / 9.0, 6 * 1 / 9.0);
}

TEST_CASE("duals differentiate exp, log, sin and cos", "[solvers][dual]")
{
    const Dual<2> x = variable(0.7, 1, -2);
    check(exp(x), std::exp(0.7), std::exp(0.7), -2 * std::exp(0.7));
    check(log(x), std::log(0.7), 1 / 0.7, -2 / 0.7);
    check(sin(x), std::sin(0.7), std::cos(0.7), -2 * std::cos(0.7));
    check(cos(x), std::cos(0.7), -std::sin(0.7), 2 * std::sin(0.7));
}

TEST_CASE("duals differentiate powers by base and exponent", "[solvers][dual]")
{
    const Dual<2> x = variable(2, 1, 0), y = variable(3, 0, 1);
    check(pow(x, y), 8, 3 * 4, 8 * std::log(2.0));
    check(pow(x, Dual<2>(-0.5)), std::sqrt(0.5), -0.5 * std::sqrt(0.125), 0);
}

TEST_CASE("powers of nothing keep finite slopes where the mathematics has them", "[solvers][dual]")
{
    const Dual<2> nothing = variable(0, 1, 0);
    check(pow(nothing, Dual<2>(1)), 0, 1, 0);
    check(pow(nothing, Dual<2>(2)), 0, 0, 0);
    check(pow(nothing, Dual<2>(0)), 1, 0, 0);
    check(pow(nothing, variable(1, 0, 1)), 0, 1, 0);
}

TEST_CASE("the larger of two duals keeps its own slope, and at a tie the second's", "[solvers][dual]")
{
    const Dual<2> x = variable(2, 1, 0), y = variable(3, 0, 1);
    check(max(x, y), 3, 0, 1);
    check(max(y, x), 3, 0, 1);
    check(max(x, variable(2, 5, 6)), 2, 5, 6);
}

TEST_CASE("duals follow the chain rule through a nested expression", "[solvers][dual]")
{
    // f = x e^(xy) / (1 + x^2), at x = 0.5, y = 2: f_x = e^(xy) ((1 + xy)/(1 + x^2) - 2 x^2/(1 + x^2)^2), f_y = x f.
    const Dual<2> x = variable(0.5, 1, 0), y = variable(2, 0, 1);
    const double e = std::exp(1.0);
    check(x * exp(x * y) / (1.0 + x * x), 0.4 * e, e * (2 / 1.25 - 0.5 / 1.5625), 0.2 * e);
}

TEST_CASE("a system's Jacobian is exact for any number of equations and for time", "[solvers][dual]")
{
    // dy_i/dt = t^2 y_i y_(i+1): df_i/dy_i = t^2 y_(i+1), df_i/dy_(i+1) = t^2 y_i, df_i/dt = 2 t y_i y_(i+1).
    // Sizes around the width of a block of directions, with time inside the last block or in one of its own.
    const std::size_t n = GENERATE(std::size_t{2}, std::size_t{7}, std::size_t{8}, std::size_t{9}, std::size_t{17});
    CAPTURE(n);
    const auto ring = [n](auto t, auto y, auto dydt) {
        for (std::size_t i = 0; i < n; ++i) {
            dydt[i] = t * t * y[i] * y[(i + 1) % n];
        }
    };
    const solvers::System system = solvers::make_system(n, ring);
    REQUIRE(system.size == n);

    std::vector<double> y(n), dydt(n), dfdy(n * n, 99), dfdt(n, 99);
    for (std::size_t i = 0; i < n; ++i) {
        y[i] = 1 + static_cast<double>(i); // small whole numbers: every operation is exact
    }
    system.rhs(3, y, dydt);
    system.jacobian(3, y, dfdy, dfdt);
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t next = (i + 1) % n;
        CHECK(dydt[i] == 9 * y[i] * y[next]);
        CHECK(dfdt[i] == 6 * y[i] * y[next]);
        for (std::size_t j = 0; j < n; ++j) {
            const double expected = j == i ? 9 * y[next] : j == next ? 9 * y[i] : 0.0;
            CHECK(dfdy[i * n + j] == expected);
        }
    }
}

TEMPLATE_TEST_CASE("the Jacobian of every model agrees with central differences", "[solvers][dual][model]",
                   model::niche::Model, model::lemaire2004::Model, model::komarova2003::Model)
{
    const auto start = model::defaults<typename TestType::template State<double>>();
    std::vector<double> defaults;
    TestType::template State<double>::visit(
        start, [&](const double& field, const model::Description&) { defaults.push_back(field); });
    const std::size_t n = defaults.size();
    const solvers::System system = solvers::make_system(n, Equations<TestType>{});

    std::mt19937 random(20260727);
    std::vector<double> y(n), dfdy(n * n), dfdt(n);
    for (int trial = 0; trial < 20; ++trial) {
        for (std::size_t j = 0; j < n; ++j) {
            const double uniform = static_cast<double>(random()) / 4294967296.0;
            y[j] = (defaults[j] == 0 ? 0.5 : defaults[j]) * std::exp(4 * uniform - 2);
        }
        system.jacobian(0, y, dfdy, dfdt);
        // With relative step d both errors, d^2 of truncation and epsilon/d of rounding, are near epsilon^(2/3).
        const std::vector<double> differences = central_differences(system, y, std::cbrt(epsilon));
        for (std::size_t i = 0; i < n; ++i) {
            // They scale with the largest term of the balance, which the largest of |df_i/dy_k| y_k measures; 30 stands
            // for the number of terms and the third derivatives of Hill functions. A wrong derivative is off by
            // about 1.
            double largest = 0;
            for (std::size_t k = 0; k < n; ++k) {
                largest = std::max(largest, std::fabs(dfdy[i * n + k]) * y[k]);
            }
            const double tolerance = 30 * std::pow(epsilon, 2.0 / 3) * largest;
            for (std::size_t j = 0; j < n; ++j) {
                CAPTURE(trial, i, j, dfdy[i * n + j], differences[i * n + j]);
                CHECK(std::fabs(dfdy[i * n + j] - differences[i * n + j]) * y[j] <= tolerance);
            }
            CHECK(dfdt[i] == 0); // none of the models knows the time
        }
    }
}
