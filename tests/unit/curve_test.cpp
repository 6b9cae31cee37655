#include "solvers/steady/curve.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

using namespace osteoflare::solvers::steady;

namespace {

/// y = 0 in the plane.
Curve axis()
{
    return {2, [](auto z, auto g, auto dgdz) {
                g[0] = z[1];
                dgdz[0] = 0;
                dgdz[1] = 1;
            }};
}

} // namespace

TEST_CASE("steps along a straight line grow by half each, up to the longest", "[solvers][steady]")
{
    const TraceOptions options;
    double expected = options.first_step;
    std::size_t n_steps = 0;
    const auto look = [&](const CurvePoint& begin, const CurvePoint& end) {
        CHECK(end.z[0] - begin.z[0] == Approx(expected));
        expected = std::min(1.5 * expected, options.longest_step);
        return ++n_steps < 20;
    };
    CHECK(trace(axis(), {{0, 0}, {1, 0}}, options, look) == TraceEnd::stopped);
    CHECK(expected == options.longest_step);

    TraceOptions few;
    few.most_steps = 7;
    n_steps = 0;
    expected = few.first_step;
    CHECK(trace(axis(), {{0, 0}, {1, 0}}, few, look) == TraceEnd::step_limit);
    CHECK(n_steps == 7);
}

TEST_CASE("a circle is followed in steps that turn as far as they may, back to its start", "[solvers][steady]")
{
    const Curve circle{2, [](auto z, auto g, auto dgdz) {
                           g[0] = z[0] * z[0] + z[1] * z[1] - 1;
                           dgdz[0] = 2 * z[0];
                           dgdz[1] = 2 * z[1];
                       }};
    TraceOptions options;
    options.longest_step = 10;
    const CurvePoint start{{1, 0}, {0, 1}};
    CurvePoint last = start;
    double least = 1, greatest = 0;
    std::size_t n_steps = 0;
    const TraceEnd end = trace(circle, start, options, [&](const CurvePoint& from, const CurvePoint& to) {
        CHECK(from.z == last.z);
        const double turn = std::acos(std::min(1.0, from.tangent[0] * to.tangent[0] + from.tangent[1] * to.tangent[1]));
        greatest = std::max(greatest, turn);
        least = n_steps > 15 && to.z != start.z ? std::min(least, turn) : least;
        last = to;
        ++n_steps;
        return true;
    });
    CHECK(end == TraceEnd::closed);
    CHECK(last.z == start.z);
    CHECK(greatest <= options.greatest_angle);
    CHECK(least > options.greatest_angle / 2);
    CHECK(n_steps < 70);
}

TEST_CASE("a curve that ends is lost within twice the shortest step of its end", "[solvers][steady]")
{
    const Curve ray{2, [](auto z, auto g, auto dgdz) {
                        g[0] = z[0] < 1 ? z[1] : std::nan("");
                        dgdz[0] = 0;
                        dgdz[1] = 1;
                    }};
    double farthest = 0;
    const TraceEnd end = trace(ray, {{0, 0}, {1, 0}}, {}, [&](const CurvePoint&, const CurvePoint& at) {
        farthest = at.z[0];
        return true;
    });
    CHECK(end == TraceEnd::lost);
    CHECK(farthest < 1);
    CHECK(farthest > 1 - 2 * TraceOptions{}.shortest_step);
}

TEST_CASE("the Illinois method finds a zero in half the steps that halving takes", "[solvers][steady]")
{
    // In a function that is easy, in some that are flat here and steep there, from both sides; halving takes 52.
    const std::vector<std::function<double(double)>> functions = {
        [](double x) { return x - 0.3; },
        [](double x) { return std::pow(x, 9) - 0.5; },
        [](double x) { return std::exp(10 * x) - 2; },
        [](double x) { return std::tanh(20 * (x - 0.7)); },
        [](double x) { return x * x * x - 1e-3; },
    };
    const double zeros[] = {0.3, std::pow(0.5, 1.0 / 9), std::log(2) / 10, 0.7, 0.1};
    const CurvePoint begin{{0, 0}, {1, 0}}, end{{1, 0}, {1, 0}};
    for (std::size_t k = 0; k < functions.size(); ++k) {
        for (const bool mirrored : {false, true}) {
            std::size_t n = 0;
            const auto found = locate(axis(), begin, end, [&](const CurvePoint& at) {
                ++n;
                return functions[k](mirrored ? 1 - at.z[0] : at.z[0]);
            });
            REQUIRE(found);
            CHECK(found->z[0] == Approx(mirrored ? 1 - zeros[k] : zeros[k]).epsilon(4e-15));
            CHECK(n <= (k == 0 ? 4 : 26));
        }
    }
}

TEST_CASE("a curve is closed where it comes back to its start, not where it passes beside", "[solvers][steady]")
{
    // y = 3 sin x leads backwards, and forwards again at 2 pi, through the plane on which it begins.
    const Curve wave{2, [](auto z, auto g, auto dgdz) {
                         g[0] = z[1] - 3 * std::sin(z[0]);
                         dgdz[0] = -3 * std::cos(z[0]);
                         dgdz[1] = 1;
                     }};
    const CurvePoint start{{0, 0}, {1 / std::sqrt(10.0), 3 / std::sqrt(10.0)}};
    double farthest = 0;
    const TraceEnd end = trace(wave, start, {}, [&](const CurvePoint&, const CurvePoint& at) {
        farthest = at.z[0];
        CHECK(std::abs(at.z[1] - 3 * std::sin(at.z[0])) < 1e-12);
        return farthest < 7;
    });
    CHECK(end == TraceEnd::stopped);
    CHECK(farthest >= 7);
}

TEST_CASE("a plane meets a curve where Newton's method comes to rest, and nowhere else", "[solvers][steady]")
{
    const auto is_met = [](auto g, auto slope, double from) {
        const Curve curve{2, [=](auto z, auto value, auto dgdz) {
                              value[0] = g(z[1]);
                              dgdz[0] = 0;
                              dgdz[1] = slope(z[1]);
                          }};
        return correct(curve, std::vector<double>{0, from}, std::vector<double>{1, 0}).has_value();
    };
    const double nan = std::nan("");
    CHECK(is_met([](double y) { return y * y - 1; }, [](double y) { return 2 * y; }, 1.5));
    // Nothing to meet, seen from where the slope is zero.
    CHECK_FALSE(is_met([](double y) { return y * y + 1; }, [](double y) { return 2 * y; }, 0));
    // Of roots that are triple or quadruple, a third or a quarter is taken off in each step: too little.
    CHECK_FALSE(is_met([](double y) { return y * y * y; }, [](double y) { return 3 * y * y; }, 1));
    CHECK_FALSE(is_met([](double y) { return std::pow(y, 4); }, [](double y) { return 4 * y * y * y; }, 1));
    // Newton's method finds the root of the arc tangent from nearer than 1.39, at first the slower the farther.
    const auto bend = [](double y) { return 1 / (1 + y * y); };
    CHECK(is_met([](double y) { return std::atan(y); }, bend, 1));
    CHECK_FALSE(is_met([](double y) { return std::atan(y); }, bend, 1.3)); // its second step is 0.8 of its first
    // No derivative; none of the function at the root itself; and a plane that lies along the curve.
    CHECK_FALSE(is_met([](double y) { return y - 1; }, [=](double) { return nan; }, 1.5));
    CHECK_FALSE(is_met([=](double y) { return y < 1 ? y - 1 : nan; }, [](double) { return 1.0; }, 1 - 0x1p-32));
    CHECK_FALSE(correct(axis(), std::vector<double>{0, 0}, std::vector<double>{0, 1}));
}

TEST_CASE("a curve is followed up a step, not across to where it is as level as before", "[solvers][steady]")
{
    constexpr double width = 1e-3;                          // of a step as high as thirty of the longest moves
    for (const double place : {0.5, 0.507, 0.514, 0.521}) { // so that some steps would just reach across
        const Curve step{2, [=](auto z, auto g, auto dgdz) {
                             const double rise = std::tanh((z[0] - place) / width);
                             g[0] = z[1] - rise;
                             dgdz[0] = -(1 - rise * rise) / width;
                             dgdz[1] = 1;
                         }};
        const TraceOptions options;
        double farthest = 0;
        const TraceEnd end = trace(step, {{0, -1}, {1, 0}}, options, [&](const CurvePoint& from, const CurvePoint& to) {
            CHECK(std::hypot(to.z[0] - from.z[0], to.z[1] - from.z[1]) < 1.5 * options.longest_step);
            CHECK(to.z[1] >= from.z[1]);
            farthest = to.z[0];
            return farthest < 1;
        });
        CHECK(end == TraceEnd::stopped);
        CHECK(farthest >= 1);
    }
}

TEST_CASE("steps grow where Newton's method is quick, stay where it is not, and shrink where it is slow",
          "[solvers][steady]")
{
    // A circle with a function that grows e-fold within a fifth of the radius.
    std::size_t n_evaluations = 0;
    const Curve circle{2, [&](auto z, auto g, auto dgdz) {
                           ++n_evaluations;
                           const double r = std::hypot(z[0], z[1]), value = std::exp(5 * (r - 1));
                           g[0] = value - 1;
                           dgdz[0] = 5 * value * z[0] / r;
                           dgdz[1] = 5 * value * z[1] / r;
                       }};
    TraceOptions options;
    options.longest_step = 10;
    options.greatest_angle = 1;
    std::size_t n_grown = 0, n_same = 0, n_shrunk = 0;
    for (const double first : {0.01, 0.75}) {
        options.first_step = first;
        double expected = first;
        n_evaluations = 0;
        std::size_t n_steps = 0;
        (void)trace(circle, {{1, 0}, {0, 1}}, options, [&](const CurvePoint& from, const CurvePoint& to) {
            const double step = from.tangent[0] * (to.z[0] - from.z[0]) + from.tangent[1] * (to.z[1] - from.z[1]);
            CHECK(step == Approx(expected));
            const std::size_t n_iterations = n_evaluations - 1; // and once for the tangent
            n_evaluations = 0;
            const bool is_level = std::acos(from.tangent[0] * to.tangent[0] + from.tangent[1] * to.tangent[1]) < 0.5;
            const double factor = n_iterations <= 4 && is_level ? 1.5 : n_iterations > 6 ? 0.7 : 1;
            ++(factor > 1 ? n_grown : factor < 1 ? n_shrunk : n_same);
            expected = factor * step;
            return ++n_steps < 8; // less than once around
        });
    }
    CHECK(n_grown > 3);
    CHECK(n_same > 3);
    CHECK(n_shrunk > 0);
}

TEST_CASE("a zero is located in the last rounding of a step, and not where the curve is lost", "[solvers][steady]")
{
    const CurvePoint begin{{0, 0}, {1, 0}}, end{{1, 0}, {1, 0}};
    const auto found =
        locate(axis(), begin, end, [](const CurvePoint& at) { return at.z[0] < 1 ? at.z[0] - 1 : 1e-20; });
    REQUIRE(found);
    CHECK(found->z[0] == Approx(1).epsilon(2e-15));
    const Curve torn{2, [](auto z, auto g, auto dgdz) {
                         g[0] = std::abs(z[0] - 0.5) > 0.1 ? z[1] : std::nan("");
                         dgdz[0] = 0;
                         dgdz[1] = 1;
                     }};
    CHECK_FALSE(locate(torn, begin, end, [](const CurvePoint& at) { return at.z[0] - 0.5; }));
}
