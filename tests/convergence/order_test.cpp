#include "solvers/integrate.hpp"

#include "catch.hpp"

#include <array>
#include <cmath>
#include <vector>

using namespace osteoflare::solvers;

namespace {

/// A problem whose solution is known in closed form.
struct Exact {
    System system;
    std::vector<double> start;
    double end;
    std::function<std::vector<double>(double t)> solution;
};

/// y1' = -y1 + y1 y2, y2' = -2 t y2 (y2 = exp(-t²)), non-linear, coupled and non-autonomous:
/// y1 = exp(-t + sqrt(pi)/2 erf(t)).
Exact coupled()
{
    const auto f = [](auto t, auto y, auto dydt) {
        dydt[0] = -y[0] + y[0] * y[1];
        dydt[1] = -2.0 * t * y[1];
    };
    return {
        make_system(2, f), {1, 1}, 1.5, [](double t) {
            return std::vector<double>{std::exp(-t + std::sqrt(std::acos(-1.0)) / 2 * std::erf(t)), std::exp(-t * t)};
        }};
}

/// Steps of exactly h: tolerances so wide that none is rejected.
Options fixed_steps(Method method, double h)
{
    Options options;
    options.method = method;
    options.relative_tolerance = 1e10;
    options.absolute_tolerance = {1e10};
    options.first_step = h;
    options.longest_step = h;
    return options;
}

double distance(const std::vector<double>& a, const std::vector<double>& b)
{
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        worst = std::max(worst, std::abs(a[i] - b[i]));
    }
    return worst;
}

double error_at_end(const Exact& problem, Method method, double h)
{
    auto y = problem.start;
    const auto report = integrate(problem.system, y, 0, problem.end, {}, fixed_steps(method, h), nullptr);
    REQUIRE(report);
    return distance(y, problem.solution(problem.end));
}

/// Worst error of the continuous output within the steps.
double error_between(const Exact& problem, Method method, double h)
{
    auto y = problem.start;
    double worst = 0;
    const auto report = integrate(problem.system, y, 0, problem.end, {}, fixed_steps(method, h), [&](const Step& step) {
        std::vector<double> state(problem.start.size());
        for (const double share : {0.3, 0.5, 0.8}) {
            const double t = step.begin + share * (step.end - step.begin);
            step.at(t, state);
            worst = std::max(worst, distance(state, problem.solution(t)));
        }
    });
    REQUIRE(report);
    return worst;
}

/// The slope between the two finest of halved steps, small enough for theory and too large for rounding.
double order(const std::function<double(double)>& error)
{
    return std::log2(error(1.5 / 64) / error(1.5 / 128));
}

/// The error of y' = degree * t^(degree - 1) over [0, 1] in two steps; the solution is t^degree.
double quadrature_error(Method method, int degree)
{
    const auto f = [degree](auto t, auto, auto dydt) {
        auto power = t * 0.0 + 1.0;
        for (int k = 1; k < degree; ++k) {
            power = power * t;
        }
        dydt[0] = static_cast<double>(degree) * power;
    };
    std::vector<double> y = {0};
    REQUIRE(integrate(make_system(1, f), y, 0, 1, {}, fixed_steps(method, 0.5), nullptr));
    return std::abs(y[0] - 1);
}

} // namespace

TEST_CASE("the error of dopri5 shrinks with the fifth power of the step", "[solvers][convergence]")
{
    const auto problem = coupled();
    CHECK(order([&](double h) { return error_at_end(problem, Method::dopri5, h); }) == Approx(5).margin(0.2));
}

TEST_CASE("the error of rosenbrock4 shrinks with the fourth power of the step", "[solvers][convergence]")
{
    const auto problem = coupled();
    CHECK(order([&](double h) { return error_at_end(problem, Method::rosenbrock4, h); }) == Approx(4).margin(0.2));
}

TEST_CASE("continuous output keeps order four in dopri5 and at least three in rosenbrock4", "[solvers][convergence]")
{
    const auto problem = coupled();
    // Local interpolation adds one power: the error within one step of an order-p formula shrinks as h^(p+1).
    CHECK(order([&](double h) { return error_between(problem, Method::dopri5, h); }) > 4.7);
    CHECK(order([&](double h) { return error_between(problem, Method::rosenbrock4, h); }) > 3.7);
}

TEST_CASE("dopri5 integrates polynomials of degree 5 exactly, and not of degree 6", "[solvers][convergence]")
{
    CHECK(quadrature_error(Method::dopri5, 5) < 1e-15);
    CHECK(quadrature_error(Method::dopri5, 6) > 1e-6);
}

// As quadrature, the method's weights are better by one order than the method is for equations.
TEST_CASE("rosenbrock4 integrates polynomials of degree 5 exactly, and not of degree 6", "[solvers][convergence]")
{
    CHECK(quadrature_error(Method::rosenbrock4, 4) < 1e-13); // the coefficients are printed to 14 digits
    CHECK(quadrature_error(Method::rosenbrock4, 5) < 1e-13);
    CHECK(quadrature_error(Method::rosenbrock4, 6) > 1e-6);
}

TEST_CASE("the achieved error follows the tolerance", "[solvers][convergence]")
{
    const auto problem = coupled();
    for (const Method method : {Method::dopri5, Method::rosenbrock4}) {
        double previous = 1;
        for (const double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
            Options options;
            options.method = method;
            options.relative_tolerance = tolerance;
            options.absolute_tolerance = {tolerance};
            auto y = problem.start;
            REQUIRE(integrate(problem.system, y, 0, problem.end, {}, options, nullptr));
            const double error = distance(y, problem.solution(problem.end));
            CHECK(error < 10 * tolerance);
            CHECK(error < previous);
            previous = error;
        }
    }
}
