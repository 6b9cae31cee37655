#include "solvers/lanes/esdirk5.hpp"

#include "catch.hpp"

#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

namespace esdirk5 = osteoflare::solvers::lanes::esdirk5;

namespace {

constexpr std::size_t n = esdirk5::n_stages;
using Vector = std::array<double, n>;

/// The whole matrix, from what the header states once.
std::array<Vector, n> matrix()
{
    std::array<Vector, n> a{};
    a[1] = {esdirk5::gamma, esdirk5::gamma};
    for (std::size_t i = 2; i < n; ++i) {
        for (std::size_t j = 1; j < i; ++j) {
            a[i][j] = esdirk5::a[i - 2][j - 1];
        }
        a[i][0] = a[i][1];
        a[i][i] = esdirk5::gamma;
    }
    return a;
}

Vector times_matrix(const Vector& x)
{
    Vector product{};
    const auto a = matrix();
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            product[i] += a[i][j] * x[j];
        }
    }
    return product;
}

double dot(const Vector& a, const Vector& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        sum += a[i] * b[i];
    }
    return sum;
}

/// What weights must sum to, times theta^order: the conditions for s' = J(t) s + g(t), whose trees are stems with
/// leaves.
struct Condition {
    Vector weighted;
    double sum;
};
std::vector<Condition> conditions(std::size_t order)
{
    std::vector<Condition> found;
    const auto with_leaves = [](Vector x, std::size_t leaves) {
        for (std::size_t i = 0; i < n; ++i) {
            x[i] *= std::pow(esdirk5::c[i], static_cast<double>(leaves));
        }
        return x;
    };
    Vector ones{};
    ones.fill(1);
    const auto share = 1 / static_cast<double>(order);
    found.push_back({with_leaves(ones, order - 1), share});
    for (std::size_t leaves = 0; leaves + 2 < order; ++leaves) {
        for (const Condition& rest : conditions(order - 1 - leaves)) {
            found.push_back({with_leaves(times_matrix(rest.weighted), leaves), share * rest.sum});
        }
    }
    return found;
}

Vector last_row()
{
    return matrix()[n - 1];
}

} // namespace

TEST_CASE("the sensitivities' method fulfils the conditions of order 5, its embedded method those of order 4",
          "[lanes]")
{
    Vector ones{};
    ones.fill(1);
    for (std::size_t i = 0; i < n; ++i) {
        CHECK(times_matrix(ones)[i] == Approx(esdirk5::c[i]).margin(2e-15));
        CHECK(times_matrix(esdirk5::c)[i] == Approx(esdirk5::c[i] * esdirk5::c[i] / 2).margin(2e-15)); // stage order 2
    }
    const Vector error = {esdirk5::error[0], esdirk5::error[0], esdirk5::error[1], esdirk5::error[2],
                          esdirk5::error[3], esdirk5::error[4], esdirk5::error[5]};
    for (std::size_t order = 1; order <= 5; ++order) {
        for (const Condition& condition : conditions(order)) {
            CHECK(dot(last_row(), condition.weighted) == Approx(condition.sum).margin(1e-15));
            if (order <= 4) {
                CHECK(dot(error, condition.weighted) == Approx(0).margin(1e-15));
            }
        }
    }
    // It is an estimate of something.
    CHECK(std::abs(dot(error, conditions(5)[0].weighted)) > 1e-4);
}

TEST_CASE("the sensitivities' continuous output has order 4 and takes over values and rates", "[lanes]")
{
    const auto weights = [](double theta) {
        Vector b = last_row();
        const double rest = 1 - theta;
        for (std::size_t j = 0; j < n; ++j) {
            b[j] = theta * theta * (3 - 2 * theta) * b[j] + theta * theta * rest * rest * esdirk5::d[j];
        }
        b[0] += theta * rest * rest;
        b[n - 1] -= theta * theta * rest;
        return b;
    };
    for (const double theta : {0.1, 0.3, 0.5, 0.77, 1.0}) {
        for (std::size_t order = 1; order <= 4; ++order) {
            for (const Condition& condition : conditions(order)) {
                CHECK(dot(weights(theta), condition.weighted)
                      == Approx(condition.sum * std::pow(theta, static_cast<double>(order))).margin(4e-15));
            }
        }
    }
    CHECK(weights(1e-9)[0] == Approx(1e-9).epsilon(1e-8));
    CHECK(weights(1)[0] - weights(1 - 1e-7)[0] == Approx(0).margin(1e-13));
    CHECK((weights(1)[n - 1] - weights(1 - 1e-7)[n - 1]) / 1e-7 == Approx(1).epsilon(1e-6));
}

TEST_CASE("the sensitivities' method forgets what is infinitely stiff", "[lanes]")
{
    // s' = -s/e with e to 0: all stages but the first go to 0, and so does the value.
    const auto& combinations = esdirk5::combinations;
    // The stages' R from s alone, when S_i = R_i / (1 + gamma h / e) vanish: the last is the new value's.
    const double z = 1e12;
    std::array<double, n> stage{1};
    stage[1] = (1 - esdirk5::gamma * z) / (1 + esdirk5::gamma * z); // its R holds the slope at the beginning
    for (std::size_t i = 2; i < n; ++i) {
        double start = 0;
        for (std::size_t j = 0; j < i; ++j) {
            start += combinations.start[i][j] * stage[j];
        }
        stage[i] = start / (1 + esdirk5::gamma * z);
    }
    CHECK(std::abs(stage[n - 1]) < 1e-9);
}

TEST_CASE("the sensitivities' combinations are the same bits when the program computes them", "[lanes]")
{
    const auto computed = std::make_unique<esdirk5::Combinations>(); // on the heap: nothing that the compiler knows
    const auto same = [](const auto& a, const auto& b) { return std::memcmp(&a, &b, sizeof(a)) == 0; };
    for (std::size_t i = 0; i < n; ++i) {
        CHECK(same(computed->start[i], esdirk5::combinations.start[i]));
        CHECK(same(computed->rate[i], esdirk5::combinations.rate[i]));
    }
    CHECK(same(computed->error, esdirk5::combinations.error));
}
