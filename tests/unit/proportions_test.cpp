#include "solvers/statistics/proportions.hpp"

#include "catch.hpp"

#include <cmath>

using namespace osteoflare::solvers;

TEST_CASE("Wilson's limits are the shares from which the one seen is 1.96 standard errors away", "[statistics]")
{
    constexpr double z = 1.959963984540054;
    const Estimate share = proportion(16, 37); // 43 % of 37
    for (const double limit : {share.low, share.high}) {
        CHECK(std::abs(share.value - limit) == Approx(z * std::sqrt(limit * (1 - limit) / 37)));
    }
    // At 0 and 1 the far limit solves p^2 = z^2 p (1 - p) / n.
    CHECK(proportion(0, 10).low == 0);
    CHECK(proportion(0, 10).high == Approx(z * z / (10 + z * z)));
    CHECK(proportion(10, 10).low == Approx(10 / (10 + z * z)));
    CHECK(proportion(10, 10).high == 1);
    CHECK(std::isnan(proportion(0, 0).value));
    CHECK_THROWS(proportion(2, 1));
}

TEST_CASE("McNemar's exact test counts the divisions of those who differ", "[statistics]")
{
    // Of 8 who differ, 1 to 7: 2 (1 + 8) / 2^8. Airway hyper-responsiveness, 21 children (Bentur et al. 2009), as
    // printed by Fagerland, Lydersen and Laake (BMC Med Res Methodol 13:91, 2013): 0.0703.
    CHECK(mcnemar_p({1, 1, 7, 12}) == Approx(18.0 / 256));
    CHECK(mcnemar_p({100, 7, 1, 3}) == Approx(18.0 / 256)); // those who agree say nothing
    CHECK(mcnemar_p({0, 3, 0, 0}) == Approx(2.0 / 8));
    CHECK(mcnemar_p({5, 4, 4, 5}) == 1);
    CHECK(mcnemar_p({5, 0, 0, 5}) == 1);
}

TEST_CASE("the interval of a paired difference is the one that Newcombe printed", "[statistics]")
{
    // Newcombe (Stat Med 17:2635, 1998), method 10; and Fagerland, Lydersen and Laake (Stat Med 33:2850, 2014).
    const Estimate newcombe = paired_difference({36, 12, 2, 0});
    CHECK(newcombe.value == Approx(0.2));
    CHECK(newcombe.low == Approx(0.0569).margin(0.00005));
    CHECK(newcombe.high == Approx(0.3404).margin(0.00005));
    const Estimate children = paired_difference({1, 1, 7, 12});
    CHECK(children.value == Approx(-6.0 / 21));
    CHECK(children.low == Approx(-0.507).margin(0.0005));
    CHECK(children.high == Approx(-0.026).margin(0.0005));
}

TEST_CASE("a paired difference changes its sign with the conditions, and narrows with their correlation",
          "[statistics]")
{
    const Estimate here = paired_difference({40, 12, 5, 30}), there = paired_difference({40, 5, 12, 30});
    CHECK(here.value == Approx(-there.value));
    CHECK(here.low == Approx(-there.high));
    CHECK(here.high == Approx(-there.low));
    // The same shares, 52 and 45 of 87, in children who agree less.
    const Estimate less = paired_difference({27, 25, 18, 17});
    CHECK(less.value == Approx(here.value));
    CHECK(less.half_width() > 1.2 * here.half_width());
    // Without correlation, the two intervals are squared and added.
    const Estimate none = paired_difference({10, 10, 10, 10}), half = proportion(20, 40);
    CHECK(none.value == 0);
    CHECK(none.high == Approx(std::sqrt(2.0) * (half.high - 0.5)));
    CHECK(std::isnan(paired_difference({}).low));
}
