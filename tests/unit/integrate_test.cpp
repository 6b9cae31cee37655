#include "solvers/integrate.hpp"
#include "solvers/observers.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

using namespace osteoflare::solvers;

namespace {

constexpr auto both_methods = {Method::dopri5, Method::rosenbrock4};

Options tight(Method method)
{
    Options options;
    options.method = method;
    options.relative_tolerance = 1e-9;
    options.absolute_tolerance = {1e-12};
    return options;
}

/// y' = rate * y with a rate that an interruption may change.
System growth(const double& rate)
{
    return make_system(1, [&rate](auto, auto y, auto dydt) { dydt[0] = rate * y[0]; });
}

} // namespace

TEST_CASE("the solver lands on interruptions exactly and meets the world that they change", "[solvers]")
{
    for (const Method method : both_methods) {
        double rate = -1;
        std::vector<double> ends;
        const double event = 0.1 + 0.2; // no neat binary number
        const std::vector<Interruption> interruptions = {{event, [&](std::span<double> y) {
                                                              rate = 2;
                                                              y[0] += 1;
                                                          }}};
        std::vector<double> y = {1};
        const auto report = integrate(growth(rate), y, 0, 1, interruptions, tight(method),
                                      [&](const Step& step) { ends.push_back(step.end); });
        REQUIRE(report);
        CHECK(std::ranges::find(ends, event) != ends.end());
        CHECK(ends.back() == 1.0);
        CHECK(y[0] == Approx((std::exp(-event) + 1) * std::exp(2 * (1 - event))).epsilon(1e-8));
    }
}

TEST_CASE("an interruption at the start is applied before the first step, one at the end is not", "[solvers]")
{
    double rate = 0;
    std::vector<double> y = {1};
    const std::vector<Interruption> interruptions = {{0, [&](std::span<double>) { rate = 1; }},
                                                     {1, [&](std::span<double> state) { state[0] = 77; }}};
    REQUIRE(integrate(growth(rate), y, 0, 1, interruptions, tight(Method::dopri5), nullptr));
    CHECK(y[0] == Approx(std::exp(1.0)).epsilon(1e-8));
}

TEST_CASE("a right-hand side that turns NaN ends the run as not_finite with the last good state", "[solvers]")
{
    for (const Method method : both_methods) {
        const auto system = make_system(1, [](auto t, auto y, auto dydt) {
            using std::log;
            dydt[0] = log(1.0 - t) * y[0]; // NaN beyond t = 1
        });
        std::vector<double> y = {1};
        const auto report = integrate(system, y, 0, 2, {}, tight(method), nullptr);
        CHECK(report.status == RunStatus::not_finite);
        CHECK(report.time == Approx(1).margin(1e-6));
        CHECK(y[0] == Approx(std::exp(-1.0)).epsilon(1e-4)); // the integral of log(1-t) over [0, 1] is -1
    }
}

TEST_CASE("a solution that blows up ends with a status, never with an infinite state", "[solvers]")
{
    for (const Method method : both_methods) {
        const auto system = make_system(1, [](auto, auto y, auto dydt) { dydt[0] = y[0] * y[0]; }); // 1/(1 - t)
        std::vector<double> y = {1};
        const auto report = integrate(system, y, 0, 2, {}, tight(method), nullptr);
        CHECK_FALSE(report);
        CHECK(report.time == Approx(1).margin(1e-3));
        CHECK(std::isfinite(y[0]));
    }
}

TEST_CASE("the step budget counts accepted and rejected steps and ends the run as step_limit", "[solvers]")
{
    for (const Method method : both_methods) {
        double rate = -1e4;
        Options options = tight(method);
        options.most_steps = 20;
        std::vector<double> y = {1};
        const auto report = integrate(growth(rate), y, 0, 1000, {}, options, nullptr);
        CHECK(report.status == RunStatus::step_limit);
        CHECK(report.steps + report.rejected == 20);
        CHECK(report.time < 1000);
    }
}

TEST_CASE("a start that is not finite is reported, not integrated", "[solvers]")
{
    double rate = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> y = {1};
    const auto report = integrate(growth(rate), y, 0, 1, {}, tight(Method::rosenbrock4), nullptr);
    CHECK(report.status == RunStatus::not_finite);
    CHECK(report.time == 0);
    CHECK(report.steps == 0);
}

TEST_CASE("options that make no sense are refused", "[solvers]")
{
    double rate = 1;
    std::vector<double> y = {1};
    Options options;
    CHECK_THROWS_AS((void)integrate(growth(rate), y, 1, 1, {}, options, nullptr), std::invalid_argument);
    options.relative_tolerance = 0;
    CHECK_THROWS_AS((void)integrate(growth(rate), y, 0, 1, {}, options, nullptr), std::invalid_argument);
    const std::vector<Interruption> outside = {{2, [](std::span<double>) {}}};
    CHECK_THROWS_AS((void)integrate(growth(rate), y, 0, 1, outside, Options{}, nullptr), std::invalid_argument);
    const auto refused = [&](const Options& wrong) {
        CHECK_THROWS_AS((void)integrate(growth(rate), y, 0, 1, {}, wrong, nullptr), std::invalid_argument);
    };
    refused({.method = Method::dopri5, .absolute_tolerance = {1e-9, 1e-9}});
    refused({.method = Method::dopri5, .first_step = -0.5});
    refused({.method = Method::dopri5, .longest_step = 0});
    CHECK(y[0] == 1);
    // A first step may be shorter than one.
    CHECK(integrate(growth(rate), y, 0, 1, {}, {.method = Method::dopri5, .first_step = 0.5}, nullptr));
}

TEST_CASE("with nothing said, a decay is followed to a millionth, and what is small to a billionth", "[solvers]")
{
    double rate = -1;
    const System circle = make_system(2, [](auto, auto y, auto dydt) {
        dydt[0] = y[1];
        dydt[1] = -y[0];
    });
    for (const Method method : both_methods) {
        Options options;
        options.method = method;
        std::vector<double> y = {1}, small = {1e-6, 0};
        REQUIRE(integrate(growth(rate), y, 0, 1, {}, options, nullptr));
        CHECK(y[0] == Approx(std::exp(-1)).epsilon(2e-6));
        // Three steps' worth of the absolute tolerance on the way around; the relative one is far below that here.
        REQUIRE(integrate(circle, small, 0, 2 * M_PI, {}, options, nullptr));
        CHECK(std::abs(small[0] - 1e-6) < 1e-8);
        CHECK(std::abs(small[1]) < 1e-8);
    }
}

TEST_CASE("a right-hand side that turns NaN late is told from steps that are too small for the clock", "[solvers]")
{
    for (const double late : {0.0, 1e6}) {
        const System system = make_system(1, [late](auto t, auto y, auto dydt) {
            using std::log;
            dydt[0] = log(late + 0.5 - t) * y[0]; // NaN beyond half a day
        });
        std::vector<double> y = {1};
        Options options;
        options.method = Method::dopri5;
        CHECK(integrate(system, y, late, late + 1, {}, options, nullptr).status == RunStatus::not_finite);
    }
}

TEST_CASE("the output grid never changes the steps", "[solvers]")
{
    for (const Method method : both_methods) {
        const auto ends_with_grid = [&](std::size_t n_times) {
            double rate = -0.7;
            std::vector<double> times;
            for (std::size_t i = 0; i <= n_times; ++i) {
                times.push_back(3.0 * static_cast<double>(i) / static_cast<double>(n_times));
            }
            GridSampler sampler(times, 1, [](std::size_t, double, std::span<const double>) {});
            std::vector<double> ends, y = {1};
            REQUIRE(integrate(growth(rate), y, 0, 3, {}, tight(method), [&](const Step& step) {
                sampler(step);
                ends.push_back(step.end);
            }));
            return ends;
        };
        CHECK(ends_with_grid(1) == ends_with_grid(1000));
    }
}

TEST_CASE("samples at an interruption see the world after it, samples at the end the world before", "[solvers]")
{
    double rate = 0;
    const std::vector<double> times = {0, 1, 2};
    std::vector<double> seen_rates;
    GridSampler sampler(times, 1, [&](std::size_t, double, std::span<const double>) { seen_rates.push_back(rate); });
    const std::vector<Interruption> interruptions = {{1, [&](std::span<double>) { rate = 1; }},
                                                     {2, [&](std::span<double>) { rate = 9; }}};
    std::vector<double> y = {1};
    REQUIRE(integrate(growth(rate), y, 0, 2, interruptions, tight(Method::dopri5), [&](const Step& s) { sampler(s); }));
    CHECK(seen_rates == std::vector<double>{0, 1, 1});
}

TEST_CASE("a crossing and an extremum are found on the continuous output, whatever the steps", "[solvers]")
{
    for (const Method method : both_methods) {
        // y = sin t: exceeds 0.5 at pi/6, is largest at pi/2 and smallest at 3 pi/2.
        const auto system = make_system(2, [](auto, auto y, auto dydt) {
            dydt[0] = y[1];
            dydt[1] = -y[0];
        });
        Condenser condenser({{Condensation::first_above, 0, 0.5},
                             {Condensation::maximum, 0, 0},
                             {Condensation::minimum, 0, 0},
                             {Condensation::final, 1, 0},
                             {Condensation::first_above, 0, 1.5}},
                            2, 2, [](std::span<const double> state, std::span<double> quantities) {
                                std::ranges::copy(state, quantities.begin());
                            });
        std::vector<double> y = {0, 1};
        REQUIRE(integrate(system, y, 0, 6, {}, tight(method), [&](const Step& step) { condenser(step); }));
        const auto& found = condenser.values();
        CHECK(found[0] == Approx(std::acos(-1.0) / 6).margin(2e-6));
        CHECK(found[1] == Approx(1).margin(1e-7));
        CHECK(found[2] == Approx(-1).margin(1e-7));
        CHECK(found[3] == Approx(std::cos(6.0)).margin(1e-7));
        CHECK(std::isnan(found[4]));
    }
}

TEST_CASE("an extremum is found wherever in a step it lies, at its ends as well", "[solvers]")
{
    const double begin = 3, end = 5;
    for (double top = begin - 0.5; top < end + 0.5; top += 0.01) {
        // A parabola, and for the minimum its mirror image.
        const auto course = [top](double t) { return 7 - (t - top) * (t - top); };
        const std::function<void(double, std::span<double>)> at = [&](double t, std::span<double> state) {
            state[0] = course(t);
        };
        const double first = course(begin), last = course(end);
        Condenser condenser({{Condensation::maximum, 0, 0}, {Condensation::minimum, 1, 0}}, 1, 2,
                            [](std::span<const double> state, std::span<double> quantities) {
                                quantities[0] = state[0];
                                quantities[1] = -state[0];
                            });
        condenser({.begin = begin, .end = end, .state_begin = {&first, 1}, .state_end = {&last, 1}, .at = at});
        const double exact = course(std::clamp(top, begin, end));
        INFO("top at " << top);
        CHECK(condenser.values()[0] == Approx(exact).epsilon(1e-14));
        CHECK(condenser.values()[1] == Approx(-exact).epsilon(1e-14));
    }
}

TEST_CASE("a Jacobian is given room for all derivatives, by state and by time", "[solvers]")
{
    System system = make_system(3, [](auto t, auto y, auto dydt) {
        for (std::size_t i = 0; i < 3; ++i) {
            dydt[i] = t - y[i];
        }
    });
    std::size_t n_calls = 0;
    system.jacobian = [&, exact = system.jacobian](double t, auto y, auto dfdy, auto dfdt) {
        CHECK(y.size() == 3);
        CHECK(dfdy.size() == 9);
        CHECK(dfdt.size() == 3);
        exact(t, y, dfdy, dfdt);
        ++n_calls;
    };
    std::vector<double> y = {1, 2, 3};
    REQUIRE(integrate(system, y, 0, 1, {}, Options{}, nullptr));
    CHECK(n_calls > 0);
}

TEST_CASE("every way in which a run can end has its word", "[solvers]")
{
    CHECK(text(RunStatus::reached_end) == "complete");
    CHECK(text(RunStatus::step_limit) == "step_limit");
    CHECK(text(RunStatus::step_too_small) == "step_too_small");
    CHECK(text(RunStatus::not_finite) == "not_finite");
    CHECK(text(RunStatus::overcrowded) == "overcrowded");
    CHECK(text(RunStatus::not_run) == "not_run");
    CHECK(text(static_cast<RunStatus>(99)).empty());
}

TEST_CASE("a state of another size, an endless time and interruptions out of order are refused", "[solvers]")
{
    double rate = 1;
    std::vector<double> y = {1}, two = {1, 2}, none;
    const auto to = [&](std::span<double> state, double from, double end, std::span<const Interruption> list = {}) {
        return [=, &rate] { (void)integrate(growth(rate), state, from, end, list, Options{}, nullptr); };
    };
    const double endless = std::numeric_limits<double>::infinity();
    CHECK_THROWS_WITH(to(two, 0, 1)(), Catch::Contains("has not the size of the system"));
    const System empty = make_system(0, [](auto, auto, auto) {});
    CHECK_THROWS_WITH((void)integrate(empty, none, 0, 1, {}, Options{}, nullptr),
                      Catch::Contains("has not the size of the system"));
    CHECK_THROWS_WITH(to(y, -endless, 1)(), Catch::Contains("the end must come after the start"));
    CHECK_THROWS_WITH(to(y, 0, endless)(), Catch::Contains("the end must come after the start"));
    const auto nothing = [](std::span<double>) {};
    const std::vector<Interruption> early = {{-0.5, nothing}}, mixed = {{0.5, nothing}, {0.4, nothing}};
    CHECK_THROWS_WITH(to(y, 0, 1, early)(), Catch::Contains("interruptions must be sorted"));
    CHECK_THROWS_WITH(to(y, 0, 1, mixed)(), Catch::Contains("interruptions must be sorted"));
    CHECK(y[0] == 1);
}

TEST_CASE("an equation whose absolute tolerance knows no limit has no say in the steps", "[solvers]")
{
    // y' = -y, alone and beside z' = 100 cos(100 z), whichever of the two stands first.
    for (const Method method : both_methods) {
        const auto ends = [&](std::size_t size, std::size_t first) {
            const System system = make_system(size, [=](auto, auto y, auto dydt) {
                using std::cos;
                dydt[first] = -y[first];
                if (size > 1) {
                    dydt[1 - first] = 100.0 * cos(100.0 * y[1 - first]);
                }
            });
            Options options = tight(method);
            options.absolute_tolerance.resize(size, std::numeric_limits<double>::infinity());
            std::swap(options.absolute_tolerance.front(), options.absolute_tolerance[first]);
            std::vector<double> state(size, 1.0), found;
            REQUIRE(integrate(system, state, 0, 1, {}, options, [&](const Step& step) {
                found.push_back(step.end);
                found.push_back(step.state_end[first]);
            }));
            return found;
        };
        const auto alone = ends(1, 0);
        for (const std::size_t first : {0U, 1U}) {
            const auto beside = ends(2, first);
            REQUIRE(beside.size() == alone.size());
            for (std::size_t i = 0; i < alone.size(); ++i) {
                CHECK(beside[i] == Approx(alone[i]).epsilon(1e-12)); // solving for both together rounds otherwise
            }
        }
    }
}

TEST_CASE("a step to where there is no rate is not taken, though no stage within it was there", "[solvers]")
{
    Options options;
    options.method = Method::dopri5;
    options.relative_tolerance = 1e3; // whatever the error
    options.first_step = 1;
    double rate = 1;
    std::vector<double> y = {1};
    REQUIRE(integrate(growth(rate), y, 0, 1, {}, options, nullptr).steps == 1);
    // Where that step ended there is none now, nor close by; its stages all stood elsewhere.
    const auto is_hole = [end = y[0]](double at) { return std::abs(at - end) < 1e-3; };
    System system = growth(rate);
    system.rhs = [&](double, std::span<const double> state, std::span<double> dydt) {
        dydt[0] = is_hole(state[0]) ? std::numeric_limits<double>::quiet_NaN() : state[0];
    };
    y = {1};
    const auto report =
        integrate(system, y, 0, 1, {}, options, [&](const Step& step) { CHECK_FALSE(is_hole(step.state_end[0])); });
    CHECK(report.status == RunStatus::not_finite);
    CHECK(report.rejected > 0);
    CHECK_FALSE(is_hole(y[0]));
}

TEST_CASE("a run that fails does not come to later interruptions", "[solvers]")
{
    double rate = -1e4;
    bool was_there = false;
    const std::vector<Interruption> later = {{0.5, [&](std::span<double>) { was_there = true; }}};
    Options options = tight(Method::dopri5);
    options.most_steps = 5;
    std::vector<double> y = {1};
    const auto report = integrate(growth(rate), y, 0, 1, later, options, nullptr);
    CHECK(report.status == RunStatus::step_limit);
    CHECK(report.steps + report.rejected == 5);
    CHECK_FALSE(was_there);
}

TEST_CASE("times after the end are not sampled", "[solvers]")
{
    double rate = -1;
    const std::vector<double> times = {0.5, 1, 1.5};
    std::vector<double> taken;
    GridSampler sampler(times, 1, [&](std::size_t, double t, std::span<const double>) { taken.push_back(t); });
    std::vector<double> y = {1};
    REQUIRE(integrate(growth(rate), y, 0, 1, {}, tight(Method::dopri5), [&](const Step& step) { sampler(step); }));
    CHECK(taken == std::vector{0.5, 1.0});
}

TEST_CASE("what is infinite is the largest, what is not a number is passed over, and a jump at a step's end is found",
          "[solvers]")
{
    // One step from 0 to 1 with this course, between `first` at its beginning and `last` at its end.
    Condenser condenser(
        {{Condensation::maximum, 0, 0}, {Condensation::minimum, 0, 0}, {Condensation::first_above, 0, 50}}, 1, 1,
        [](std::span<const double> state, std::span<double> q) { q[0] = state[0]; });
    const auto step = [&](double begin, double first, double within, double last) {
        const std::function<void(double, std::span<double>)> at = [=](double, std::span<double> state) {
            state[0] = within;
        };
        condenser({.begin = begin, .end = begin + 1, .state_begin = {&first, 1}, .state_end = {&last, 1}, .at = at});
    };
    const double nan = std::numeric_limits<double>::quiet_NaN(), endless = std::numeric_limits<double>::infinity();
    step(0, nan, nan, nan);
    CHECK(std::isnan(condenser.values()[0]));
    step(1, 2, 2, 2);
    CHECK(condenser.values()[0] == 2);
    step(2, nan, nan, nan);
    CHECK(condenser.values()[0] == 2);
    CHECK(condenser.values()[1] == 2);
    CHECK(std::isnan(condenser.values()[2]));
    step(3, 2, 2, 90); // as stiff courses may look between two samples
    CHECK(condenser.values()[2] == 4);
    CHECK(condenser.values()[0] == 90);
    step(4, endless, 1, 1);
    CHECK(condenser.values()[0] == endless);
    CHECK(condenser.values()[1] == 1);
}
