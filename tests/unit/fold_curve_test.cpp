#include "solvers/steady/branch.hpp"
#include "unit/steady_families.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

using namespace osteoflare::solvers::steady;
using namespace osteoflare::tests;

TEST_CASE("the folds of y^3 - a y + b lie on b^2 = 4 a^3 / 27, through the cusp", "[solvers][steady]")
{
    const Family family = unfolding();
    const double a = 1, b = 2 * std::pow(a / 3, 1.5);
    for (const double arm : {1.0, -1.0}) {
        const FoldCurve curve = continue_fold(family, {{arm * std::sqrt(a / 3)}, a, arm * b}, {-1, 1}, {-1, 1});
        REQUIRE(curve.cusps.size() == 1);
        CHECK(std::abs(curve.cusps[0].y[0]) < 1e-8);
        CHECK(std::abs(curve.cusps[0].p) < 1e-8);
        CHECK(std::abs(curve.cusps[0].q) < 1e-8);
        double least = 0, greatest = 0;
        for (const FoldPoint& fold : curve.points) {
            CHECK(std::abs(fold.p - 3 * fold.y[0] * fold.y[0]) < 1e-10);
            CHECK(std::abs(fold.q * fold.q - 4 * std::pow(fold.p, 3) / 27) < 1e-10);
            least = std::min(least, fold.q);
            greatest = std::max(greatest, fold.q);
        }
        CHECK(greatest == Approx(b).epsilon(1e-9)); // both arms, to the end of the range
        CHECK(least == Approx(-b).epsilon(1e-9));
    }
}

TEST_CASE("a curve of folds ends on whichever edge of its ranges it meets first", "[solvers][steady]")
{
    Family family = unfolding();
    family.parameter_scale = {2, 0.5};
    const auto q_of = [](double p) { return 2 * std::pow(p / 3, 1.5); };
    const double p = 0.5;
    const auto ends_within = [&](const Interval& p_range, const Interval& q_range) {
        const FoldCurve curve = continue_fold(family, {{std::sqrt(p / 3)}, p, q_of(p)}, p_range, q_range);
        CHECK(curve.points.size() > 10);
        for (const FoldPoint& point : curve.points) {
            CHECK(std::abs(point.p - 3 * point.y[0] * point.y[0]) < 1e-10);
            CHECK(std::abs(point.q - q_of(point.p)) < 1e-10);
        }
        const bool rises = curve.points.front().p < curve.points.back().p;
        return std::pair(rises ? curve.points.front() : curve.points.back(),
                         rises ? curve.points.back() : curve.points.front());
    };
    const auto by_p = ends_within({0.2, 0.8}, {-1, 1});
    CHECK(by_p.first.p == 0.2);
    CHECK(by_p.second.p == 0.8);
    const auto by_q = ends_within({-1, 1}, {0.03, 0.2});
    CHECK(by_q.first.q == 0.03);
    CHECK(by_q.second.q == 0.2);
}

TEST_CASE("a branch, or a curve of folds, begins only where there is one", "[solvers][steady]")
{
    const double y = 0;
    const Family circle = scalar(
        1, [](double own, auto p) { return 1 - p[0] * p[0] - own * own; }, [](double own, auto) { return -2 * own; },
        [](double, auto p, std::size_t) { return -2 * p[0]; });
    CHECK_THROWS_AS(continue_branch(circle, {&y, 1}, 2, {-3, 3}), std::invalid_argument);
    const Family line = scalar(
        2, [](double own, auto p) { return p[0] + p[1] - own; }, [](double, auto) { return -1.0; },
        [](double, auto, std::size_t) { return 1.0; });
    CHECK_THROWS_AS(continue_fold(line, {{0}, 0, 0}, {-1, 1}, {-1, 1}), std::invalid_argument);
}

TEST_CASE("a branch and a curve of folds end where states make no sense", "[solvers][steady]")
{
    BranchOptions options;
    options.is_possible = [](auto y) { return y[0] > -0.2; };
    const double y = 1.3247179572447460; // y^3 = y + 1
    const Branch branch = continue_branch(cubic(), {&y, 1}, 1, {-1, 1}, options);
    REQUIRE(branch.specials.size() == 1); // the other fold is at -0.58
    CHECK(branch.specials[0].at.y[0] > 0);
    double least = 2;
    for (const BranchPoint& point : branch.points) {
        least = std::min(least, point.y[0]);
    }
    CHECK(least > -0.2);
    CHECK(least < -0.1);

    const FoldCurve folds =
        continue_fold(unfolding(), {{std::sqrt(1.0 / 3)}, 1, 2 * std::pow(1.0 / 3, 1.5)}, {-1, 1}, {-1, 1}, options);
    CHECK(folds.cusps.size() == 1);
    least = 2;
    for (const FoldPoint& point : folds.points) {
        least = std::min(least, point.y[0]);
    }
    CHECK(least > -0.2);
    CHECK(least < -0.1);
}

TEST_CASE("folds on a circle are followed once around", "[solvers][steady]")
{
    const FoldCurve folds = continue_fold(dome(), {{0}, 0.6, 0.8}, {-2, 2}, {-2, 2});
    CHECK(folds.begin == TraceEnd::closed);
    CHECK(folds.end == TraceEnd::closed);
    CHECK(folds.cusps.empty());
    double p = 0, q = 0, turned = 0;
    const FoldPoint* last = &folds.points.front();
    for (const FoldPoint& fold : folds.points) {
        turned += std::asin(last->p * fold.q - last->q * fold.p);
        last = &fold;
        CHECK(std::abs(fold.y[0]) < 1e-10);
        CHECK(std::hypot(fold.p, fold.q) == Approx(1).epsilon(1e-10));
        p = std::min(p, fold.p);
        q = std::min(q, fold.q);
    }
    CHECK(p < -0.999);
    CHECK(q < -0.999);
    CHECK(std::abs(turned) == Approx(2 * std::acos(-1.0)));
}

TEST_CASE("a curve of folds ends at the edge of its ranges, also where it would be back within one step",
          "[solvers][steady]")
{
    const double edge = 1e-5;
    for (const double arm : {1.0, -1.0}) {
        const FoldCurve folds = continue_fold(
            unfolding(), {{arm * std::sqrt(1.0 / 3)}, 1, arm * 2 * std::pow(1.0 / 3, 1.5)}, {edge, 1}, {-1, 1});
        CHECK(folds.cusps.empty());
        double least = 1;
        for (const FoldPoint& fold : folds.points) {
            CHECK(arm * fold.y[0] > 0);
            least = std::min(least, fold.p);
        }
        CHECK(least == edge);
    }
}

TEST_CASE("a curve of folds ends at an edge beyond which it turns back without a cusp", "[solvers][steady]")
{
    const double edge = 1 - 1e-5; // of a circle: a step leads across it and back inside
    for (const bool by_p : {true, false}) {
        const Interval whole{-2, 2}, cut{-2, edge};
        const FoldCurve folds = continue_fold(dome(), {{0}, 0.6, 0.8}, by_p ? cut : whole, by_p ? whole : cut);
        CHECK(folds.begin == TraceEnd::stopped);
        CHECK(folds.end == TraceEnd::stopped);
        const auto cut_one = [by_p](const FoldPoint& fold) { return by_p ? fold.p : fold.q; };
        CHECK(cut_one(folds.points.front()) == edge);
        CHECK(cut_one(folds.points.back()) == edge);
        CHECK(std::ranges::all_of(folds.points, [&](const FoldPoint& fold) { return cut_one(fold) <= edge; }));
        CHECK(std::ranges::any_of(folds.points, [&](const FoldPoint& fold) { return cut_one(fold) < -0.99; }));
    }
}

TEST_CASE("where the edge of a range cannot be computed, a branch and a curve of folds end before it",
          "[solvers][steady]")
{
    const auto torn = [](std::size_t n_parameters, std::size_t k, double at, const Family& whole) {
        Family family = whole;
        family.n_parameters = n_parameters;
        family.rates = [=, rates = whole.rates](auto y, auto p, auto f) {
            rates(y, p, f);
            f[0] = std::abs(p[k] - at) < 1e-9 ? std::nan("") : f[0];
        };
        return family;
    };
    const double y = -1.3247179572447460;
    const Branch branch = continue_branch(torn(1, 0, 1, cubic()), {&y, 1}, -1, {-1, 1});
    CHECK(branch.end == TraceEnd::stopped);
    CHECK(branch.points.back().p < 1);
    CHECK(branch.points.back().p > 0.9);

    const double p = 0.5, q = 2 * std::pow(p / 3, 1.5);
    const FoldCurve folds =
        continue_fold(torn(2, 1, 0.2, unfolding()), {{std::sqrt(p / 3)}, p, q}, {0.1, 1}, {-1, 0.2});
    double greatest = 0;
    for (const FoldPoint& fold : folds.points) {
        greatest = std::max(greatest, fold.q);
    }
    CHECK(greatest < 0.2);
    CHECK(greatest > 0.15);
}
