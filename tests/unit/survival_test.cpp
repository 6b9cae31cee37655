#include "solvers/statistics/survival.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <vector>

using namespace osteoflare::solvers;

namespace {

// By hand. At 3 two of six: S = 2/3. At 5 one of four, another one censored there: S = 1/2. At 8 one of two: S = 1/4.
// The last one is censored at 10.
const std::vector<Watched> six = {{8, true}, {3, true}, {5, false}, {10, false}, {3, true}, {5, true}};

/// Weeks of remission (Freireich et al., Blood 21:699, 1963), as Cox printed them in 1972.
const std::vector<Watched> mercaptopurine = {
    {6, true},   {6, true},   {6, true},   {6, false},  {7, true},   {9, false},  {10, true},
    {10, false}, {11, false}, {13, true},  {16, true},  {17, false}, {19, false}, {20, false},
    {22, true},  {23, true},  {25, false}, {32, false}, {32, false}, {34, false}, {35, false}};
const std::vector<double> placebo = {1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23};

constexpr double z = 1.959963984540054;

} // namespace

TEST_CASE("the curve of six patients with ties is the one computed by hand", "[statistics][survival]")
{
    const SurvivalCurve curve = kaplan_meier(six);
    REQUIRE(curve.steps.size() == 4);
    CHECK(curve.n_members == 6);
    const double times[] = {3, 5, 8, 10}, survival[] = {2.0 / 3, 1.0 / 2, 1.0 / 4, 1.0 / 4};
    const std::size_t risk[] = {6, 4, 2, 1}, events[] = {2, 1, 1, 0}, censored[] = {0, 1, 0, 1};
    // Greenwood: S^2 times the sum of d / (n (n - d)), which is 2/(6 4), 1/(4 3) and 1/(2 1).
    const double variance[] = {4.0 / 9 / 12, 1.0 / 4 / 6, 1.0 / 16 * 2 / 3, 1.0 / 16 * 2 / 3};
    for (std::size_t k = 0; k < 4; ++k) {
        CHECK(curve.steps[k].time == times[k]);
        CHECK(curve.steps[k].at_risk == risk[k]);
        CHECK(curve.steps[k].events == events[k]);
        CHECK(curve.steps[k].censored == censored[k]);
        CHECK(curve.steps[k].survival.value == Approx(survival[k]).epsilon(1e-14));
        CHECK(curve.steps[k].variance == Approx(variance[k]).epsilon(1e-14));
    }
}

TEST_CASE("a survival interval is even about the logarithm of the share, or about the logarithm of that",
          "[statistics][survival]")
{
    // At 5, S = 1/2, and log S has the standard error sqrt(1/6).
    const double error = std::sqrt(1.0 / 6);
    const Estimate log = survival_at(kaplan_meier(six), 5);
    CHECK(std::log(log.low) == Approx(std::log(0.5) - z * error));
    CHECK(log.high == 1); // exp(log(1/2) + 1.96 0.408) = 1.11
    const Estimate twice = survival_at(kaplan_meier(six, SurvivalInterval::log_log), 5);
    const double middle = std::log(std::log(2.0)), half = z * error / std::log(2.0);
    CHECK(std::log(-std::log(twice.low)) == Approx(middle + half));
    CHECK(std::log(-std::log(twice.high)) == Approx(middle - half));
    const Estimate nobody_yet = survival_at(kaplan_meier(six, SurvivalInterval::log_log), 0);
    CHECK(nobody_yet.value == 1);
    CHECK(std::isnan(nobody_yet.high));
}

TEST_CASE("a share is read off a curve up to its last patient, and no further", "[statistics][survival]")
{
    const SurvivalCurve curve = kaplan_meier(six);
    CHECK(survival_at(curve, 0).value == 1);
    CHECK(survival_at(curve, 0).low == 1);
    CHECK(survival_at(curve, 2.999).value == 1);
    CHECK(survival_at(curve, 3).value == Approx(2.0 / 3));
    CHECK(survival_at(curve, 7.9).value == Approx(0.5));
    CHECK(survival_at(curve, 10).value == Approx(0.25));
    CHECK(std::isnan(survival_at(curve, 10.1).value));
    CHECK(at_risk(curve, 0) == 6);
    CHECK(at_risk(curve, 3) == 6);
    CHECK(at_risk(curve, 3.1) == 4);
    CHECK(at_risk(curve, 10) == 1);
    CHECK(at_risk(curve, 10.1) == 0);
    // Once all had their event, nobody is left to be unknown about.
    const SurvivalCurve all = kaplan_meier(std::vector<Watched>{{1, true}, {2, true}});
    CHECK(survival_at(all, 5).value == 0);
    CHECK(std::isnan(survival_at(all, 5).high));
    CHECK(all.steps.back().variance == 0);
}

TEST_CASE("a median lies where the curve crosses one half, or in the middle of where it runs along it",
          "[statistics][survival]")
{
    const SurvivalCurve curve = kaplan_meier(six);
    CHECK(survival_quantile(curve, 0.5).value == 6.5); // level at 1/2 from 5 to 8
    CHECK(survival_quantile(curve, 0.6).value == 8);
    CHECK(survival_quantile(curve, 0.2).value == 3);
    CHECK(survival_quantile(curve, 0.75).value == 9); // level at 1/4 from 8 to the end of watching
    CHECK(std::isinf(survival_quantile(curve, 0.9).value));
    // Lower limits by log: 0.3786, 0.2246, 0.0505; upper ones are 1, 1, 1.
    CHECK(survival_quantile(curve, 0.5).low == 3);
    CHECK(std::isinf(survival_quantile(curve, 0.5).high));
}

TEST_CASE("where all had their event, the median is the middle of the two central ones", "[statistics][survival]")
{
    // Shares are products of fractions: half of them is reached to rounding, which errs to either side.
    bool errs_up = false;
    for (std::size_t n = 2; n <= 60; n += 2) {
        std::vector<Watched> members;
        for (std::size_t i = 1; i <= n; ++i) {
            members.push_back({static_cast<double>(i), true});
        }
        const SurvivalCurve curve = kaplan_meier(members);
        errs_up = errs_up || curve.steps[n / 2 - 1].survival.value > 0.5;
        CHECK(survival_quantile(curve, 0.5).value == static_cast<double>(n + 1) / 2);
    }
    CHECK(errs_up);
}

TEST_CASE("a restricted mean is the area under the curve", "[statistics][survival]")
{
    // 3 + 2 2/3 + 3 1/2 + 2 1/4; its variance weighs events by the areas after them, 10/3, 2 and 1/2.
    const Estimate mean = restricted_mean(kaplan_meier(six), 10);
    const double variance = 100.0 / 9 / 12 + 4.0 / 12 + 0.25 / 2;
    CHECK(mean.value == Approx(19.0 / 3));
    CHECK(mean.low == Approx(19.0 / 3 - z * std::sqrt(variance)));
    CHECK(mean.high == Approx(19.0 / 3 + z * std::sqrt(variance)));
    CHECK(restricted_mean(kaplan_meier(six), 4).value == Approx(3 + 2.0 / 3));
    CHECK(restricted_mean(kaplan_meier(six), 4).high == 4);
    CHECK(restricted_mean(kaplan_meier(six), 2).value == 2);
    CHECK(std::isnan(restricted_mean(kaplan_meier(six), 11).value));
    // Of two: (1 + 3)/2; the event at 1 weighs the area after it, 1, and has the variance 1/(2 1).
    const Estimate all = restricted_mean(kaplan_meier(std::vector<Watched>{{1, true}, {3, true}}), 100);
    CHECK(all.value == 2);
    CHECK(all.high == Approx(2 + z * std::sqrt(0.5)));
    CHECK(all.low == Approx(2 - z * std::sqrt(0.5)));
    CHECK(restricted_mean(kaplan_meier(std::vector<Watched>{{0.1, true}, {9, true}}), 9).low == 0);
}

TEST_CASE("the log-rank test of six patients in two groups is the one computed by hand", "[statistics][survival]")
{
    // Group 0 has 3, 5+ and 10+. It expects 1 of 2 events among 6 at 3, 1/2 of one among 4 at 5, 1/2 of one among 2 at
    // 8; variances 2 1/4 4/5, 1/4 and 1/4.
    const std::vector<std::size_t> group = {1, 0, 0, 0, 1, 1};
    const LogRank test = log_rank(six, group);
    CHECK(test.observed == std::vector<double>{1, 3});
    CHECK(test.expected[0] == Approx(2));
    CHECK(test.expected[1] == Approx(2));
    CHECK(test.degrees == 1);
    CHECK(test.chi_square == Approx(1 / 0.9));
    CHECK(test.p == Approx(std::erfc(std::sqrt(1 / 0.9 / 2))));
}

TEST_CASE("the last of all adds nothing to a test", "[statistics][survival]")
{
    // At 1/4 one of three, at 2 one of two; variances 2/9 and 1/4. At 3 the last one, of group 0.
    const LogRank test =
        log_rank(std::vector<Watched>{{0.25, true}, {2, true}, {3, true}}, std::vector<std::size_t>{0, 1, 0});
    CHECK(test.expected[0] == Approx(2.0 / 3 + 1.0 / 2 + 1));
    CHECK(test.chi_square == Approx(std::pow(2 - 13.0 / 6, 2) / (2.0 / 9 + 1.0 / 4)));
    CHECK(test.degrees == 1);
}

TEST_CASE("curves and test of the leukaemia data are the published ones", "[statistics][survival]")
{
    // As textbooks print them: shares in remission (Kleinbaum and Klein, Survival Analysis, chapter 2) with their
    // standard errors, medians and the log-rank test.
    const SurvivalCurve curve = kaplan_meier(mercaptopurine);
    const double weeks[] = {6, 7, 10, 13, 16, 22, 23};
    const double share[] = {0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448};
    const double error[] = {0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346};
    for (std::size_t k = 0; k < 7; ++k) {
        CHECK(survival_at(curve, weeks[k]).value == Approx(share[k]).margin(0.0005));
        for (const SurvivalStep& step : curve.steps) {
            if (step.time == weeks[k]) {
                CHECK(std::sqrt(step.variance) == Approx(error[k]).margin(0.00005));
            }
        }
    }
    CHECK(survival_quantile(curve, 0.5).value == 23);

    std::vector<Watched> both = mercaptopurine;
    std::vector<std::size_t> group(both.size(), 0);
    for (const double week : placebo) {
        both.push_back({week, true});
        group.push_back(1);
    }
    CHECK(survival_quantile(kaplan_meier(std::span(both).subspan(21)), 0.5).value == 8);
    const LogRank test = log_rank(both, group);
    CHECK(test.observed == std::vector<double>{9, 21});
    CHECK(test.expected[0] == Approx(19.25).margin(0.005));
    CHECK(test.expected[1] == Approx(10.75).margin(0.005));
    CHECK(test.chi_square == Approx(16.79).margin(0.005));
    CHECK(test.p == Approx(4.17e-5).margin(5e-8));
}

TEST_CASE("a group that cannot be told apart costs no degree of freedom", "[statistics][survival]")
{
    std::vector<Watched> members = six;
    std::vector<std::size_t> group = {1, 0, 0, 0, 1, 1};
    const LogRank two = log_rank(members, group);
    // Group 2 is gone before the first event, group 3 has nobody at all.
    members.push_back({1, false});
    members.push_back({2, false});
    group.insert(group.end(), {2, 2});
    const LogRank three = log_rank(members, group);
    CHECK(three.degrees == 1);
    CHECK(three.chi_square == Approx(two.chi_square).epsilon(1e-12));
    CHECK(three.expected[2] == 0);
    group.back() = 4;
    CHECK(log_rank(members, group).chi_square == Approx(two.chi_square).epsilon(1e-12));
    // One group, no events, nobody.
    CHECK(log_rank(six, std::vector<std::size_t>(6, 0)).degrees == 0);
    CHECK(log_rank(six, std::vector<std::size_t>(6, 0)).p == 1);
    CHECK(log_rank(std::vector<Watched>{{1, false}, {2, false}}, std::vector<std::size_t>{0, 1}).degrees == 0);
    CHECK(log_rank({}, {}).degrees == 0);
}

TEST_CASE("survival needs times that can be, and says nothing of nobody", "[statistics][survival]")
{
    const SurvivalCurve none = kaplan_meier({});
    CHECK(none.steps.empty());
    CHECK(std::isnan(survival_at(none, 0).value));
    CHECK(std::isinf(survival_quantile(none, 0.5).value));
    CHECK(std::isnan(restricted_mean(none, 1).value));
    const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
    for (const double time : {-1.0, nan, infinity}) {
        CHECK_THROWS(kaplan_meier(std::vector<Watched>{{time, true}}));
        CHECK_THROWS(log_rank(std::vector<Watched>{{time, true}}, std::vector<std::size_t>{0}));
    }
    CHECK_THROWS(log_rank(six, std::vector<std::size_t>{0}));
    CHECK_THROWS(survival_quantile(none, 0));
    CHECK_THROWS(survival_quantile(none, 1));
    CHECK_THROWS(restricted_mean(none, 0));
}
