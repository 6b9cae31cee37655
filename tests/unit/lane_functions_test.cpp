#include "solvers/lanes/functions.hpp"

#include "solvers/lanes/pack.hpp"
#include "solvers/lanes/pack_dual.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <random>

using namespace osteoflare::solvers::lanes;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Compares with the long double function at a hundred thousand random places between two numbers.
void check(const char* name, double (*ours)(double), long double (*exact)(long double), double low, double high,
           double tolerance)
{
    std::mt19937_64 engine(1);
    std::uniform_real_distribution<double> place(low, high);
    double worst = 0, worst_at = 0;
    for (int i = 0; i < 100'000; ++i) {
        const double x = place(engine);
        const long double expected = exact(static_cast<long double>(x));
        const auto error = static_cast<double>(std::abs((static_cast<long double>(ours(x)) - expected) / expected));
        worst_at = error > worst ? x : worst_at;
        worst = std::max(worst, error);
    }
    INFO(name << " at " << worst_at);
    CHECK(worst < tolerance);
}

double our_exp(double x)
{
    return exponential(Pack1(x)).v;
}

double our_log(double x)
{
    return logarithm(Pack1(x)).v;
}

double our_log_of_exp2(double x)
{
    return logarithm(Pack1(std::exp2(x))).v;
}

long double exact_log_of_exp2(long double x)
{
    return std::log(static_cast<long double>(std::exp2(static_cast<double>(x))));
}

} // namespace

TEST_CASE("lanes' exponential is right to a relative 3e-16, their logarithm to 4e-16", "[solvers][lanes]")
{
    check("exp", our_exp, std::exp, -708, 709, 3e-16);
    check("exp", our_exp, std::exp, -1, 1, 3e-16);
    // Near 1 the sum, the quotient and the result each round once: 3.4e-16.
    check("log", our_log, std::log, 0.5, 0.99, 4e-16);
    check("log", our_log, std::log, 0.999, 1.001, 4e-16);
    check("log", our_log, std::log, 1.01, 1e3, 4e-16);
    check("log of 2^x", our_log_of_exp2, exact_log_of_exp2, -1000, 1000, 4e-16);
}

TEST_CASE("lanes' functions know their edges", "[solvers][lanes]")
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(our_exp(0) == 1);
    CHECK(our_exp(infinity) == infinity);
    CHECK(our_exp(710) == infinity);
    CHECK(our_exp(-infinity) == 0);
    CHECK(our_exp(-709) == 0);
    CHECK(std::isnan(our_exp(nan)));
    CHECK(our_log(1) == 0);
    CHECK(our_log(0) == -infinity);
    CHECK(our_log(infinity) == infinity);
    CHECK(std::isnan(our_log(-1)));
    CHECK(std::isnan(our_log(nan)));
    CHECK(power(Pack1(0), Pack1(0)).v == 1);
    CHECK(power(Pack1(0), Pack1(2.5)).v == 0);
    CHECK(power(Pack1(2), Pack1(0)).v == 1);
    CHECK(power(Pack1(2), Pack1(-3)).v == Approx(0.125).epsilon(1e-15));
    CHECK(maximum(Pack1(1), Pack1(2)).v == 2);
    CHECK(minimum(Pack1(1), Pack1(2)).v == 1);
    CHECK(choose_greater(Pack1(1), Pack1(2), Pack1(3), Pack1(4)).v == 4);
    CHECK(choose_greater(Pack1(2), Pack1(2), Pack1(3), Pack1(4)).v == 4); // the second at a tie
}

TEST_CASE("lanes' rough logarithm and exponential to base 2 are as good as they say", "[solvers][lanes]")
{
    double worst_power = 0, worst_logarithm = 0;
    for (double x = -999; x < 999; x += 0.0137) {
        const double number = std::exp2(x);
        worst_power = std::max(worst_power, std::abs(rough_exp2(Pack1(x)).v / number - 1));
        worst_logarithm = std::max(worst_logarithm, std::abs(rough_log2(Pack1(number)).v - x));
    }
    CHECK(worst_power < 4e-6);
    CHECK(worst_logarithm < 6e-5);
}

TEST_CASE("a pack that knows how it changes follows the rules of differentiation", "[solvers][lanes]")
{
    using Dual = PackDual<Pack1>;
    const auto moving = [](double value, double change) { return Dual(Pack1(value), Pack1(change)); };
    const Dual a = moving(1.7, 0.3), b = moving(0.6, -0.8), c = moving(-2.5, 0.9), two(2.0);
    const auto check = [](const Dual& found, double value, double change) {
        CHECK(found.value.v == Approx(value).epsilon(1e-14));
        CHECK(found.change.v == Approx(change).epsilon(1e-14));
    };
    check(two, 2, 0);
    check(Dual(Pack1(3.0)), 3, 0);
    check(a + b, 2.3, -0.5);
    check(a - b, 1.1, 1.1);
    check(a * b, 1.02, 0.3 * 0.6 - 1.7 * 0.8);
    check(a * Pack1(2.0), 3.4, 0.6);
    check(Pack1(2.0) * a, 3.4, 0.6);
    check(a / b, 1.7 / 0.6, (0.3 * 0.6 + 1.7 * 0.8) / 0.36);
    check(fma(a, b, c), 1.02 - 2.5, 0.3 * 0.6 - 1.7 * 0.8 + 0.9);
    check(negative_fma(a, b, c), -2.5 - 1.02, 0.9 - 0.3 * 0.6 + 1.7 * 0.8);
    check(negative(a), -1.7, -0.3);
    check(choose_greater(a, b, c, two), -2.5, 0.9);
    check(choose_greater(b, a, c, two), 2, 0);
    check(maximum(a, b), 1.7, 0.3);
    check(maximum(c, b), 0.6, -0.8);
    check(exponential(b), std::exp(0.6), -0.8 * std::exp(0.6));
    check(logarithm(a), std::log(1.7), 0.3 / 1.7);
    check(power(a, Dual(2.5)), std::pow(1.7, 2.5), 2.5 * std::pow(1.7, 1.5) * 0.3);
}
