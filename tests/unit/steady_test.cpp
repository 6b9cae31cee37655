#include "solvers/steady/branch.hpp"
#include "solvers/steady/roots.hpp"

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

using namespace osteoflare::solvers::steady;

namespace {

/// One equation in y with its derivatives by y and by each parameter.
template <class F, class ByY, class ByP>
Family scalar(std::size_t n_parameters, F f, ByY by_y, ByP by_p)
{
    return {1,
            n_parameters,
            [f](auto y, auto p, auto rates) { rates[0] = f(y[0], p); },
            [=](auto y, auto p, auto dfdy, auto dfdp) {
                dfdy[0] = by_y(y[0], p);
                for (std::size_t k = 0; k < n_parameters; ++k) {
                    dfdp[k] = by_p(y[0], p, k);
                }
            },
            {1},
            std::vector<double>(n_parameters, 2.0)};
}

/// p + y - y^3, an S-curve with folds at p = -2/(3 sqrt 3), y = 1/sqrt 3 and the reverse.
Family cubic()
{
    return scalar(
        1, [](double y, auto p) { return p[0] + y - y * y * y; }, [](double y, auto) { return 1 - 3 * y * y; },
        [](double, auto, std::size_t) { return 1.0; });
}

/// y^3 - a y + b with a = p_0, b = p_1; its sign turned so that outer roots are stable.
Family unfolding()
{
    return scalar(
        2, [](double y, auto p) { return -(y * y * y - p[0] * y + p[1]); },
        [](double y, auto p) { return -(3 * y * y - p[0]); },
        [](double y, auto, std::size_t k) { return k == 0 ? y : -1.0; });
}

/// The Brusselator with A = 1: x' = 1 - (B + 1) x + x^2 y, y' = B x - x^2 y.
Family brusselator()
{
    return {2,
            1,
            [](auto y, auto p, auto f) {
                f[0] = 1 - (p[0] + 1) * y[0] + y[0] * y[0] * y[1];
                f[1] = p[0] * y[0] - y[0] * y[0] * y[1];
            },
            [](auto y, auto p, auto by_y, auto by_p) {
                by_y[0] = -(p[0] + 1) + 2 * y[0] * y[1];
                by_y[1] = y[0] * y[0];
                by_y[2] = p[0] - 2 * y[0] * y[1];
                by_y[3] = -y[0] * y[0];
                by_p[0] = -y[0];
                by_p[1] = y[0];
            },
            {1, 1},
            {1}};
}

/// (1 - p^2 - q^2) - y^2: its folds are a circle.
Family dome()
{
    return scalar(
        2, [](double y, auto p) { return 1 - p[0] * p[0] - p[1] * p[1] - y * y; },
        [](double y, auto) { return -2 * y; }, [](double, auto p, std::size_t k) { return -2 * p[k]; });
}

/// At rest at zero whatever p is, and linear about it; `matrix` fills the 16 entries of two pairs of states.
template <class Matrix>
Family linear_pairs(Matrix matrix)
{
    return {4,
            1,
            [matrix](auto y, auto p, auto f) {
                const std::array<double, 16> a = matrix(p[0]);
                for (std::size_t i = 0; i < 4; ++i) {
                    f[i] = 0;
                    for (std::size_t j = 0; j < 4; ++j) {
                        f[i] += a[4 * i + j] * y[j];
                    }
                }
            },
            [matrix](auto, auto p, auto by_y, auto by_p) { // by p only at rest
                std::ranges::copy(matrix(p[0]), by_y.begin());
                std::ranges::fill(by_p, 0.0);
            },
            {1, 1, 1, 1},
            {1}};
}

const double fold_p = 2 / (3 * std::sqrt(3.0)), fold_y = 1 / std::sqrt(3.0);

} // namespace

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

TEST_CASE("a branch, or a curve of folds, begins only where there is one", "[solvers][steady]")
{
    const double y = 0;
    CHECK_THROWS_AS(continue_branch(dome(), {&y, 1}, 2, {-3, 3}), std::invalid_argument);
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
