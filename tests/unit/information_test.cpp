#include "solvers/statistics/information.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>

using namespace osteoflare::solvers;

TEST_CASE("of y = a b, data know the product and nothing of the ratio", "[statistics]")
{
    // By ln a and ln b, each of five data moves by one relative change: error of ln(a b) is 0.1 / sqrt(5).
    std::vector<double> slopes;
    for (int i = 0; i < 5; ++i) {
        slopes.insert(slopes.end(), {1 / 0.1, 1 / 0.1});
    }
    const auto modes = information_modes(slopes, 2, 1e-9);
    REQUIRE(modes.size() == 2);
    CHECK(modes[0].eigenvalue == 0);
    CHECK(std::isinf(modes[0].standard_error));
    CHECK(modes[0].direction[0] == Approx(-modes[0].direction[1]));
    CHECK(std::abs(modes[0].direction[0]) == Approx(std::sqrt(0.5)));
    CHECK(modes[1].eigenvalue == Approx(5 * 2 / 0.01));
    CHECK(modes[1].direction[0] == Approx(modes[1].direction[1]));
    // Along (1, 1)/sqrt(2), a step s moves ln(a b) by s sqrt(2).
    CHECK(modes[1].standard_error * std::sqrt(2.0) == Approx(0.1 / std::sqrt(5.0)));
}

TEST_CASE("modes turn the covariance of a straight line's fit into its axes", "[statistics]")
{
    // y = p + q t at t = -1, 0, 2 with error 1: the information is [[3, 1], [1, 5]].
    const auto modes = information_modes(std::vector<double>{1, -1, 1, 0, 1, 2}, 2, 1e-9);
    const double root = std::sqrt(2.0);
    CHECK(modes[0].eigenvalue == Approx(4 - root));
    CHECK(modes[1].eigenvalue == Approx(4 + root));
    for (const auto& mode : modes) {
        REQUIRE(mode.direction.size() == 2);
        const double p = mode.direction[0], q = mode.direction[1];
        CHECK(3 * p + q == Approx(mode.eigenvalue * p));
        CHECK(p + 5 * q == Approx(mode.eigenvalue * q));
        CHECK(p * p + q * q == Approx(1));
        CHECK(std::max(p, q) >= std::abs(std::min(p, q)));
    }
}

TEST_CASE("what data see a tolerance worse than the best is not seen, on whatever scale", "[statistics]")
{
    for (const double scale : {1e-6, 1.0, 1e6}) {
        const std::vector<double> slopes = {scale, 0, 0, 1e-4 * scale};
        CHECK(information_modes(slopes, 2, 0.9e-4)[0].standard_error == Approx(1e4 / scale));
        CHECK(std::isinf(information_modes(slopes, 2, 1.1e-4)[0].standard_error));
    }
}

TEST_CASE("fewer data than parameters leave directions unseen, and slopes must be finite", "[statistics]")
{
    const auto modes = information_modes(std::vector<double>{0, 2, 0}, 3, 1e-9);
    REQUIRE(modes.size() == 3);
    CHECK(modes[0].eigenvalue == 0);
    CHECK(modes[1].eigenvalue == 0);
    CHECK(modes[2].standard_error == Approx(0.5));
    CHECK(modes[2].direction[1] == Approx(1));
    CHECK_THROWS(information_modes(std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()}, 2, 1e-9));
}
