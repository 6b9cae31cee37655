#include "solvers/integrate.hpp"

#include "catch.hpp"

#include <cmath>
#include <string>
#include <vector>

using namespace osteoflare::solvers;

namespace {

/// A problem of the Test Set for IVP Solvers (Bari/CWI) with its published solution at the end.
struct Published {
    std::string name;
    System system;
    std::vector<double> start;
    double end;
    std::vector<double> solution;
    double smallest; ///< absolute tolerance per relative tolerance: below the smallest value that matters
};

std::vector<Published> problems()
{
    const auto hires = [](auto, auto y, auto d) {
        d[0] = -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007;
        d[1] = 1.71 * y[0] - 8.75 * y[1];
        d[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
        d[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3];
        d[4] = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6];
        d[5] = -280.0 * y[5] * y[7] + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6];
        d[6] = 280.0 * y[5] * y[7] - 1.81 * y[6];
        d[7] = -280.0 * y[5] * y[7] + 1.81 * y[6];
    };
    const auto rober = [](auto, auto y, auto d) {
        d[0] = -0.04 * y[0] + 1e4 * y[1] * y[2];
        d[1] = 0.04 * y[0] - 1e4 * y[1] * y[2] - 3e7 * y[1] * y[1];
        d[2] = 3e7 * y[1] * y[1];
    };
    const auto orego = [](auto, auto y, auto d) {
        d[0] = 77.27 * (y[1] + y[0] - y[0] * y[1] - 8.375e-6 * y[0] * y[0]);
        d[1] = (y[2] - (1.0 + y[0]) * y[1]) / 77.27;
        d[2] = 0.161 * (y[0] - y[2]);
    };
    const auto vdpol = [](auto, auto y, auto d) {
        d[0] = y[1];
        d[1] = ((1.0 - y[0] * y[0]) * y[1] - y[0]) / 1e-6;
    };
    return {
        {"HIRES",
         make_system(8, hires),
         {1, 0, 0, 0, 0, 0, 0, 0.0057},
         321.8122,
         {0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
          0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2},
         1e-4},
        {"ROBER",
         make_system(3, rober),
         {1, 0, 0},
         1e11,
         {0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050},
         1e-14},
        {"OREGO",
         make_system(3, orego),
         {1, 2, 3},
         360,
         {0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3},
         1e-2},
        {"VDPOL", make_system(2, vdpol), {2, 0}, 2, {0.1706167732170483e1, -0.8928097010247975}, 1e-2},
    };
}

double relative_error(const Published& problem, double tolerance)
{
    Options options;
    options.method = Method::rosenbrock4;
    options.relative_tolerance = tolerance;
    options.absolute_tolerance = {tolerance * problem.smallest};
    auto y = problem.start;
    REQUIRE(integrate(problem.system, y, 0, problem.end, {}, options, nullptr));
    double worst = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        worst = std::max(worst, std::abs(y[i] / problem.solution[i] - 1));
    }
    return worst;
}

} // namespace

TEST_CASE("rosenbrock4 reaches the published digits of the stiff test set, and better as the tolerance falls",
          "[solvers][convergence]")
{
    for (const Published& problem : problems()) {
        const double coarse = relative_error(problem, 1e-7), published = relative_error(problem, 1e-9),
                     fine = relative_error(problem, 1e-10);
        INFO(problem.name << ": relative error " << coarse << " at 1e-7, " << published << " at 1e-9, " << fine
                          << " at 1e-10");
        CHECK(published < 1e-6);
        CHECK(published < coarse);
        CHECK(fine < published);
    }
}
