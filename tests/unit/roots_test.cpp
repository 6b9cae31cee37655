#include "solvers/steady/roots.hpp"
#include "unit/steady_families.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace osteoflare::solvers::steady;
using namespace osteoflare::tests;

TEST_CASE("Newton's method finds all three roots of a cubic between its folds", "[solvers][steady]")
{
    const Family family = cubic();
    const double p = 0.1;
    std::vector<std::vector<double>> roots;
    for (int i = -20; i <= 20; ++i) {
        const double start = 0.2 * i;
        if (const auto root = find_root(family, {&start, 1}, {&p, 1})) {
            CHECK(std::abs(p + (*root)[0] - std::pow((*root)[0], 3)) < 1e-14);
            merge(family, roots, *root);
        }
    }
    REQUIRE(roots.size() == 3);
    // Viete's form of the roots of y^3 - y - p.
    for (int k = 0; k < 3; ++k) {
        const double exact = 2 * fold_y * std::cos((std::acos(p / fold_p) - 2 * M_PI * k) / 3);
        CHECK(std::ranges::any_of(roots, [&](const auto& root) { return std::abs(root[0] - exact) < 1e-12; }));
    }
}

TEST_CASE("states are one where they are a millionth apart, and two beyond", "[solvers][steady]")
{
    const Family family = cubic();
    std::vector<std::vector<double>> states;
    const auto index_of = [&](double y) { return merge(family, states, {&y, 1}); };
    CHECK(index_of(0) == 0);
    CHECK(index_of(5e-7) == 0);
    CHECK(index_of(2e-6) == 1);
    CHECK(index_of(1e-4) == 2);
    CHECK(index_of(1e-4 + 1e-7) == 2);
    CHECK(states.size() == 3);
}

TEST_CASE("Newton's method says so where there is no root", "[solvers][steady]")
{
    const Family family = scalar(
        1, [](double y, auto) { return 1 + y * y; }, [](double y, auto) { return 2 * y; },
        [](double, auto, std::size_t) { return 0.0; });
    const double p = 0, start = 0.7;
    CHECK_FALSE(find_root(family, {&start, 1}, {&p, 1}));
}

TEST_CASE("a state at zero and states eight decades apart are found alike", "[solvers][steady]")
{
    // y_0' = 1e5 - y_0, y_1' = -y_1 y_0 / 1e5, y_2' = 4e-3 - y_2.
    const Family family{3,
                        1,
                        [](auto y, auto, auto f) {
                            f[0] = 1e5 - y[0];
                            f[1] = -y[1] * y[0] / 1e5;
                            f[2] = 4e-3 - y[2];
                        },
                        [](auto y, auto, auto by_y, auto by_p) {
                            std::ranges::fill(by_y, 0.0);
                            std::ranges::fill(by_p, 0.0);
                            by_y[0] = -1;
                            by_y[3] = -y[1] / 1e5;
                            by_y[4] = -y[0] / 1e5;
                            by_y[8] = -1;
                        },
                        {50, 1, 0.004},
                        {1}};
    const std::vector<double> start{50, 2, 0.1}, p{0};
    const auto root = find_root(family, start, p);
    REQUIRE(root);
    CHECK((*root)[0] == Approx(1e5).epsilon(1e-13));
    CHECK(std::abs((*root)[1]) < 1e-12);
    CHECK((*root)[2] == Approx(4e-3).epsilon(1e-13));
    const auto values = eigenvalues(family, *root, p);
    REQUIRE(values.size() == 3);
    CHECK(n_unstable(values) == 0);
    for (const auto& value : values) {
        CHECK(std::abs(value + 1.0) < 1e-10);
    }
}

TEST_CASE("a root is given up where nothing can be computed, nothing leads on, or steps are used up",
          "[solvers][steady]")
{
    const double p = 0, nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
    const auto found = [&](auto f, auto slope, double start, const RootOptions& options = {}) {
        const Family family = scalar(
            1, [f](double y, auto) { return f(y); }, [slope](double y, auto) { return slope(y); },
            [](double, auto, std::size_t) { return 0.0; });
        return find_root(family, {&start, 1}, {&p, 1}, options);
    };
    const auto line = [](double y) { return 1 - y; };
    CHECK(found(
        line, [](double) { return -1.0; }, 0));
    CHECK_FALSE(found(line, [](double) { return -1.0; }, 0, {.tolerance = 1e-12, .most_steps = 2}));
    CHECK_FALSE(found(
        line, [=](double) { return nan; }, 0));
    CHECK_FALSE(found(
        line, [=](double) { return infinity; }, 0));
    CHECK_FALSE(found([=](double) { return nan; }, [](double) { return -1.0; }, 0));
    CHECK_FALSE(found([](double) { return 1.0; }, [](double) { return 0.0; }, 0));
    // From 3, a whole step leads to where there is no logarithm.
    const auto root = found([](double y) { return std::log(y); }, [](double y) { return 1 / y; }, 3);
    REQUIRE(root);
    CHECK((*root)[0] == Approx(1).epsilon(1e-12));
}

TEST_CASE("a state whose derivatives cannot be computed has no eigenvalues, and none is unstable", "[solvers][steady]")
{
    const Family family = scalar(
        1, [](double, auto) { return 0.0; }, [](double, auto) { return std::nan(""); },
        [](double, auto, std::size_t) { return 0.0; });
    const double y = 1, p = 0;
    CHECK(eigenvalues(family, {&y, 1}, {&p, 1}).empty());
    CHECK(n_unstable({}) == 0);
}
