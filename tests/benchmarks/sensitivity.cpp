#include "tests/benchmarks/measure.hpp"
#include "tests/benchmarks/report.hpp"
#include "tests/benchmarks/work_precision.hpp"

#include <fmt/format.h>

#include <array>

namespace osteoflare::benchmarks {
namespace {

constexpr double target = 1e-3, tolerance_of_cost = 1e-5;

std::array<Method, 3> methods_for(const Workload& workload, bool quick)
{
    const auto cvodes = [&workload](CvodeLinear linear) {
        return [&workload, linear](double tolerance, std::size_t count, const Take& take) {
            return run_cvodes(linear, workload, tolerance, count, take);
        };
    };
    const auto ours = [&workload](double tolerance, std::size_t count, const Take& take) {
        return run_lane_sensitivities(workload, tolerance, count, take);
    };
    const bool dosed = workload.name == "dosed";
    const std::size_t lanes = dosed ? 64 : 128, stock = dosed ? 4 : 8;
    return {{
        {"lanes", "lanes of Rodas5P (this engine)", quick ? 8 : lanes, ours},
        {"cvodes_dense", "CVODES, staggered, dense", quick ? 2 : stock, cvodes(CvodeLinear::dense)},
        {"cvodes_sparse", "CVODES, staggered, generated LU", quick ? 2 : stock, cvodes(CvodeLinear::generated_lu)},
    }};
}

void measure_workload(const Workload& workload, const Settings& settings, Report& report)
{
    const auto methods = methods_for(workload, settings.quick);
    const std::size_t n_columns = workload.n_states() * varied_settings().size();
    const std::string prefix = workload.name == "dosed" ? "sensitivity." : "sensitivity.undosed.";
    const Reference reference = make_reference(methods[0], 1e-11, n_columns, workload.times.size());
    double difference = 0;
    (void)run_cvodes(CvodeLinear::dense, workload, 1e-10, 2, [&](std::size_t animal, Course course) {
        difference = std::max(difference, reference.error_of(animal, course));
    });
    report.add(prefix + "reference_difference", difference);
    std::vector<Curve> curves;
    for (const Method& method : methods) {
        curves.push_back(explore(method, reference, target, settings.quick ? 1 : 2));
    }
    std::vector<double> plain, with;
    for (std::size_t repeat = 0; repeat < (settings.quick ? 1 : settings.repeats); ++repeat) {
        for (std::size_t m = 0; m < methods.size(); ++m) {
            const Between between = find(curves[m], target);
            for (std::size_t p = between.first; p <= between.second; ++p) {
                CurvePoint& point = curves[m][p];
                const double seconds =
                    seconds_of([&] { (void)methods[m].run(point.relative_tolerance, methods[m].n_animals, nullptr); });
                point.seconds_each.push_back(seconds / static_cast<double>(methods[m].n_animals));
            }
        }
        const std::size_t count = workload.animals.size(), fewer = methods[0].n_animals;
        plain.push_back(seconds_of([&] { (void)run_lanes(workload, tolerance_of_cost, count, nullptr); })
                        / static_cast<double>(count));
        with.push_back(seconds_of([&] { (void)run_lane_sensitivities(workload, tolerance_of_cost, fewer, nullptr); })
                       / static_cast<double>(fewer));
    }
    const double cost = median(with) / median(plain);
    report.add(prefix + "us_plain", median(plain) * 1e6);
    report.add(prefix + "us_with", median(with) * 1e6);
    report.add(prefix + "cost_in_runs", cost);
    report.table += fmt::format("\n{}: {} animals\nat a relative tolerance of 1e-5: {:.0f} us with {} sensitivities, "
                                "{:.0f} us without: {:.1f} plain runs\n{:<42}{:>12}{:>9}\n",
                                workload.name, methods[0].n_animals, median(with) * 1e6, varied_settings().size(),
                                median(plain) * 1e6, cost, "us per animal and core at an error of 1e-3", "", "x ours");
    std::vector<double> seconds;
    for (std::size_t m = 0; m < methods.size(); ++m) {
        const Between between = find(curves[m], target);
        seconds.push_back(between.interpolate(median(curves[m][between.first].seconds_each),
                                              median(curves[m][between.second].seconds_each)));
        report.add(prefix + "us_" + methods[m].key, seconds[m] * 1e6);
        if (m > 0) {
            report.add(prefix + "x_" + methods[m].key, seconds[m] / seconds[0]);
        }
        report.table +=
            fmt::format("{:<42}{:>12.0f}{:>9.1f}\n", methods[m].title, seconds[m] * 1e6, seconds[m] / seconds[0]);
        for (const CurvePoint& point : curves[m]) {
            const std::string key = fmt::format("{}curve.{}.{:.1e}.", prefix, methods[m].key, point.relative_tolerance);
            report.add(key + "error", point.error);
            report.add(key + "steps", point.steps);
        }
    }
    report.add(prefix + "x_cvodes", std::min(seconds[1], seconds[2]) / seconds[0]);
}

} // namespace

Report measure_sensitivity(const Settings& settings)
{
    Report report;
    report.table = "sensitivities of all states by 15 parameters\n" + circumstances() + "\n";
    for (const bool dosed : {true, false}) {
        const Workload workload = make_workload(dosed, settings.quick ? 32 : 512);
        const Pinned pinned(settings.core);
        measure_workload(workload, settings, report);
    }
    return report;
}

} // namespace osteoflare::benchmarks
