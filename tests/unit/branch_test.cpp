#include "solvers/steady/branch.hpp"
#include "solvers/steady/roots.hpp"
#include "unit/steady_families.hpp"

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

using namespace osteoflare::solvers::steady;
using namespace osteoflare::tests;

TEST_CASE("both folds of a cubic are found to 1e-10, whichever branch it is begun from", "[solvers][steady]")
{
    const Family family = cubic();
    for (const double p : {-1.0, 0.0, 1.0}) {
        const double start = p == 0 ? 0.05 : p;
        const auto root = find_root(family, {&start, 1}, {&p, 1});
        REQUIRE(root);
        const Branch branch = continue_branch(family, *root, p, {-1, 1});
        REQUIRE(branch.specials.size() == 2);
        for (const SpecialPoint& special : branch.specials) {
            const double sign = special.at.p > 0 ? 1 : -1;
            CHECK(special.kind == Special::fold);
            CHECK(std::abs(special.at.p - sign * fold_p) < 1e-12);
            CHECK(std::abs(special.at.y[0] + sign * fold_y) < 1e-10);
            // It lies between the points that its place says.
            const double before = branch.points.at(special.after).y[0],
                         after = branch.points.at(special.after + 1).y[0];
            CHECK((before - special.at.y[0]) * (after - special.at.y[0]) <= 0);
        }
        CHECK(branch.specials[0].at.p * branch.specials[1].at.p < 0);
    }
}

TEST_CASE("an S-curve is followed there and back: both ends, every point a root, unstable between the folds",
          "[solvers][steady]")
{
    const Family family = cubic();
    const double p = -1, start = -1.3;
    const auto root = find_root(family, {&start, 1}, {&p, 1});
    REQUIRE(root);
    const Branch branch = continue_branch(family, *root, p, {-1, 1});
    CHECK(branch.points.front().p == -1);
    CHECK(branch.points.back().p == 1);
    for (const BranchPoint& point : branch.points) {
        CHECK(std::abs(point.p + point.y[0] - std::pow(point.y[0], 3)) < 1e-12);
        CHECK(point.n_unstable == (std::abs(point.y[0]) < fold_y ? 1U : 0U));
    }
    for (std::size_t i = 1; i < branch.points.size(); ++i) {
        CHECK(branch.points[i].y[0] > branch.points[i - 1].y[0]); // y runs one way along the whole S
        CHECK(branch.points[i].y[0] - branch.points[i - 1].y[0] < 0.1);
    }
    for (const SpecialPoint& special : branch.specials) {
        CHECK(branch.points[special.after].y[0] < special.at.y[0]);
        CHECK(branch.points[special.after + 1].y[0] > special.at.y[0]);
    }
    const Branch back = continue_branch(family, branch.points.back().y, 1, {-1, 1});
    CHECK(back.points.front().p == -1);
    CHECK(back.points.front().y[0] == Approx((*root)[0]).epsilon(1e-12));
}

TEST_CASE("a closed curve of steady states is followed once around", "[solvers][steady]")
{
    const Family family = scalar(
        1, [](double y, auto p) { return 1 - y * y - p[0] * p[0]; }, [](double y, auto) { return -2 * y; },
        [](double, auto p, std::size_t) { return -2 * p[0]; });
    const double y = 1;
    const Branch branch = continue_branch(family, {&y, 1}, 0, {-2, 2});
    CHECK(branch.end == TraceEnd::closed);
    REQUIRE(branch.specials.size() == 2);
    for (const SpecialPoint& special : branch.specials) {
        CHECK(std::abs(std::abs(special.at.p) - 1) < 1e-12);
    }
}

TEST_CASE("the Brusselator's Hopf point is at B = 1 + A^2, with its frequency", "[solvers][steady]")
{
    const Family family = brusselator();
    const std::vector<double> y{1, 1.2};
    const Branch branch = continue_branch(family, y, 1.2, {0.5, 4});
    REQUIRE(branch.specials.size() == 1);
    const SpecialPoint& hopf = branch.specials.front();
    CHECK(hopf.kind == Special::hopf);
    CHECK(std::abs(hopf.at.p - 2) < 1e-10);
    CHECK(std::abs(hopf.at.eigenvalues.front().imag() - 1) < 1e-8); // omega = A
    for (const BranchPoint& point : branch.points) {
        CHECK(point.n_unstable == (point.p > 2 ? 2U : 0U));
    }
}

TEST_CASE("a branch ends at the edge of its range, also where it would be back within one step", "[solvers][steady]")
{
    // The fold lies so little beyond the edge that a step leads across it and back inside.
    for (const double beyond : {1e-5, 1e-9}) {
        const double edge = fold_p - beyond, y = -1.3247179572447460, start = -1;
        const Branch branch = continue_branch(cubic(), {&y, 1}, start, {-1, edge});
        CHECK(branch.specials.empty());
        CHECK(branch.end == TraceEnd::stopped);
        for (const BranchPoint& point : branch.points) {
            CHECK(point.y[0] < -fold_y);
            CHECK(point.n_unstable == 0);
        }
        // p = y^3 - y is parabolic about its maximum: edge = fold_p - sqrt(3) (y + fold_y)^2.
        CHECK(branch.points.back().p == edge);
        CHECK(branch.points.back().y[0] == Approx(-fold_y - std::sqrt(beyond / std::sqrt(3.0))).epsilon(1e-5));
    }
}

TEST_CASE("each of two pairs has a Hopf point of its own, with its frequency", "[solvers][steady]")
{
    const Family family = linear_pairs(
        [](double p) { return std::array<double, 16>{p, -1, 0, 0, 1, p, 0, 0, 0, 0, p - 3, -2, 0, 0, 2, p - 3}; });
    const Branch branch = continue_branch(family, std::vector<double>(4, 0.0), -1, {-1, 5});
    REQUIRE(branch.specials.size() == 2);
    for (const std::size_t k : {0U, 1U}) {
        const SpecialPoint& hopf = branch.specials[k];
        CHECK(hopf.kind == Special::hopf);
        CHECK(hopf.at.p == Approx(k == 0 ? 0 : 3).margin(1e-9));
        const auto crosses = [&](const auto& value) {
            return std::abs(value.real()) < 1e-9 && std::abs(value.imag() - (k == 0 ? 1 : 2)) < 1e-9;
        };
        CHECK(std::ranges::count_if(hopf.at.eigenvalues, crosses) == 1);
    }
}

TEST_CASE("a pair that is real while it crosses zero is no Hopf point", "[solvers][steady]")
{
    // Eigenvalues m +- sqrt(1e-8 - m^2) with m = p - place: real within 1e-4 of where their mean crosses zero.
    for (const double place : {0.1234567, 0.2, 0.31, -0.4}) { // looked for from either side
        const Family family = linear_pairs([=](double p) {
            const double m = p - place;
            return std::array<double, 16>{m, 1, 0, 0, 1e-8 - m * m, m, 0, 0, 0, 0, -5, 0, 0, 0, 0, -6};
        });
        const Branch branch = continue_branch(family, std::vector<double>(4, 0.0), -1, {-1, 1});
        CHECK(branch.points.front().n_unstable == 0);
        CHECK(branch.points.back().n_unstable == 2);
        CHECK(branch.specials.empty());
    }
}
