#include "tests/benchmarks/measure.hpp"
#include "tests/benchmarks/report.hpp"
#include "tests/benchmarks/work_precision.hpp"

#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace osteoflare::benchmarks {
namespace {

constexpr double targets[] = {1e-3, 1e-5, 1e-7};

std::string name_of(double target)
{
    return fmt::format("1e-{}", target > 5e-4 ? 3 : target > 5e-6 ? 5 : 7);
}

/// The first is this project's engine.
std::vector<Method> methods_for(const Workload& workload, bool quick)
{
    const auto lanes_of_rodas = [&workload](double tolerance, std::size_t count, const Take& take) {
        return run_lanes(workload, tolerance, count, take);
    };
    const auto cvode = [&workload](CvodeLinear linear) {
        return [&workload, linear](double tolerance, std::size_t count, const Take& take) {
            return run_cvode(linear, workload, tolerance, count, take);
        };
    };
    const auto odeint = [&workload](solvers::Method method) {
        return [&workload, method](double tolerance, std::size_t count, const Take& take) {
            return run_odeint(method, workload, tolerance, count, take);
        };
    };
    const bool dosed = workload.name == "dosed";
    const std::size_t lanes = dosed ? 512 : 1024, stock = dosed ? 48 : 96, slow = dosed ? 8 : 16;
    return {
        {"lanes", "lanes of Rodas5P (this engine)", quick ? 32 : lanes, lanes_of_rodas},
        {"cvode_dense", "CVODE BDF, dense, analytic Jacobian", quick ? 4 : stock, cvode(CvodeLinear::dense)},
        {"cvode_sparse", "CVODE BDF, the same generated sparse LU", quick ? 4 : stock,
         cvode(CvodeLinear::generated_lu)},
        {"rosenbrock4", "Odeint rosenbrock4", quick ? 2 : slow, odeint(solvers::Method::rosenbrock4)},
        {"dopri5", "Odeint dopri5", quick ? 2 : stock, odeint(solvers::Method::dopri5)},
    };
}

/// The largest difference of the reference from dopri5 at the same tolerance, which shares no code with it.
double difference_of_references(const Workload& workload, const Reference& reference, std::size_t count)
{
    double worst = 0;
    (void)run_odeint(solvers::Method::dopri5, workload, 1e-12, count, [&](std::size_t animal, Course course) {
        worst = std::max(worst, reference.error_of(animal, course));
    });
    return worst;
}

/// Points of a curve that some target lies between.
std::set<std::size_t> needed_points(const Curve& curve)
{
    std::set<std::size_t> needed;
    for (const double target : targets) {
        const Between between = find(curve, target);
        needed.insert(between.first);
        needed.insert(between.second);
    }
    return needed;
}

void measure_workload(const Workload& workload, const Settings& settings, Report& report)
{
    const std::vector<Method> methods = methods_for(workload, settings.quick);
    const Reference reference = make_reference(workload, workload.animals.size());
    const std::size_t n_checked = settings.quick ? 1 : 4;
    report.add(workload.name + ".reference_difference", difference_of_references(workload, reference, n_checked));
    std::vector<Curve> curves;
    for (const Method& method : methods) {
        curves.push_back(explore(method, reference, targets[2], settings.quick ? 1 : 2));
    }
    for (CurvePoint& point : curves[0]) {
        const std::size_t count = settings.quick ? 4 : 16;
        point.operations = lane_operations(workload, point.relative_tolerance, count) / static_cast<double>(count);
    }
    std::vector<double> peaks;
    for (std::size_t repeat = 0; repeat < (settings.quick ? 1 : settings.repeats); ++repeat) {
        peaks.push_back(fused_multiply_add_rate());
        for (std::size_t m = 0; m < methods.size(); ++m) {
            for (const std::size_t p : needed_points(curves[m])) {
                CurvePoint& point = curves[m][p];
                const double seconds =
                    seconds_of([&] { (void)methods[m].run(point.relative_tolerance, methods[m].n_animals, nullptr); });
                point.seconds_each.push_back(seconds / static_cast<double>(methods[m].n_animals));
            }
        }
    }
    const double peak = median(peaks);
    report.add(workload.name + ".fma_peak_gflops", peak * 1e-9);
    report.table +=
        fmt::format("\n{}: {} animals\n{:<42}", workload.name, methods[0].n_animals, "us per animal and core");
    for (const double target : targets) {
        report.table += fmt::format("{:>12}{:>9}", "at " + name_of(target), "x ours");
    }
    std::vector<double> ours;
    for (std::size_t m = 0; m < methods.size(); ++m) {
        const Curve& curve = curves[m];
        report.table += fmt::format("\n{:<42}", methods[m].title);
        for (std::size_t i = 0; i < std::size(targets); ++i) {
            const Between between = find(curve, targets[i]);
            const CurvePoint &first = curve[between.first], &second = curve[between.second];
            const auto at = [&](double a, double b) { return between.interpolate(a, b); };
            const double seconds = at(median(first.seconds_each), median(second.seconds_each));
            const std::string key = workload.name + "." + name_of(targets[i]) + ".";
            report.add(key + "us_" + methods[m].key, seconds * 1e6);
            report.add(key + "steps_" + methods[m].key,
                       at(first.steps + first.rejected, second.steps + second.rejected));
            if (m == 0) {
                const double operations = at(first.operations, second.operations);
                ours.push_back(seconds);
                report.add(key + "members_per_second", 1 / seconds);
                report.add(key + "operations_per_step",
                           operations / at(first.steps + first.rejected, second.steps + second.rejected));
                report.add(key + "fma_fraction", operations / seconds / peak);
            } else {
                report.add(key + "x_" + methods[m].key, seconds / ours[i]);
            }
            report.table += fmt::format("{:>12.1f}{:>9.1f}", seconds * 1e6, seconds / ours[i]);
        }
    }
    report.table += "\n";
    for (const char* quantity : {"members_per_second", "steps_lanes", "operations_per_step", "fma_fraction"}) {
        report.table += fmt::format("{:<42}", quantity);
        for (const double target : targets) {
            const std::string key = workload.name + "." + name_of(target) + "." + quantity;
            const auto found = std::ranges::find(report.numbers, key, &std::pair<std::string, double>::first);
            report.table += fmt::format("{:>12.4g}{:>9}", found->second, "");
        }
        report.table += "\n";
    }
    report.table += fmt::format("fused multiply-adds at most {:.1f} Gflop/s\n", peak * 1e-9);
    for (std::size_t m = 0; m < methods.size(); ++m) {
        for (const CurvePoint& point : curves[m]) {
            const std::string key =
                fmt::format("{}.curve.{}.{:.1e}.", workload.name, methods[m].key, point.relative_tolerance);
            report.add(key + "error", point.error);
            report.add(key + "steps", point.steps);
            report.add(key + "rejected", point.rejected);
        }
    }
}

/// How much sooner two threads are done than one; means something where two cores are idle.
double gain_of_two_threads(const Workload& workload, const Settings& settings)
{
    const std::size_t n_shares = 8;
    const auto run = [&](std::size_t threads) {
        const double begin = wall_seconds();
        solvers::for_each_member(n_shares, threads, [&](std::size_t) {
            (void)run_lanes(workload, 1e-5, workload.animals.size() / 4, nullptr);
        });
        return wall_seconds() - begin;
    };
    std::vector<double> gains;
    for (std::size_t repeat = 0; repeat < (settings.quick ? 1 : settings.repeats); ++repeat) {
        gains.push_back(run(1) / run(2));
    }
    return median(gains);
}

} // namespace

Report measure_ensemble(const Settings& settings)
{
    Report report;
    report.table = "lanes, CVODE and Odeint at equal achieved error\n" + circumstances() + "\n";
    for (const bool dosed : {true, false}) {
        const Workload workload = make_workload(dosed, settings.quick ? 32 : dosed ? 512 : 1024);
        {
            const Pinned pinned(settings.core);
            measure_workload(workload, settings, report);
        }
        if (dosed) {
            const double gain = gain_of_two_threads(workload, settings);
            report.add("threads.gain_of_two", gain);
            report.table += fmt::format("two threads against one, by the clock on the wall: {:.2f} times\n", gain);
        }
    }
    return report;
}

} // namespace osteoflare::benchmarks
