#include "tests/benchmarks/measure.hpp"
#include "tests/benchmarks/patient_lives.hpp"
#include "tests/benchmarks/report.hpp"
#include "tests/benchmarks/work_precision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace osteoflare::benchmarks {
namespace {

constexpr double targets[] = {1e-3, 1e-4, 1e-6};
constexpr double reference_tolerance = 1e-11, usual_tolerance = 1e-3;

std::string name_of(double target)
{
    return fmt::format("1e-{}", target > 5e-4 ? 3 : target > 5e-6 ? 4 : 6);
}

/// A method on some first children of a workload, and this engine on the very same: children differ too much from each
/// other to be compared with others.
struct Contest {
    Method method, ours;
    Curve curve, our_curve;
};

Method blocks_method(const Lives& lives, std::size_t count)
{
    return {
        "blocks", "blocks of Rodas5P (this engine)", count,
        [&lives](double tolerance, std::size_t n, const Take& take) { return run_blocks(lives, tolerance, n, take); }};
}

std::vector<Method> stock_methods(const Lives& lives, const Settings& settings)
{
    const auto cvode = [&lives](PatientLinear linear) {
        return [&lives, linear](double tolerance, std::size_t count, const Take& take) {
            return run_patient_cvode(linear, lives, tolerance, count, take);
        };
    };
    std::vector<Method> methods;
    if (has_klu()) {
        const std::size_t count = settings.quick ? 1 : lives.children.size();
        methods.push_back({"cvode_klu", "CVODE BDF, KLU, analytic Jacobian", count, cvode(PatientLinear::klu)});
    }
    if (lives.name == "ill") {
        methods.push_back({"cvode_dense", "CVODE BDF, dense, analytic Jacobian", 1, cvode(PatientLinear::dense)});
    }
    return methods;
}

/// Times the points of a curve that some target lies between, once.
void time_once(const Method& method, Curve& curve)
{
    std::vector<bool> needed(curve.size());
    for (const double target : targets) {
        const Between between = find(curve, target);
        needed[between.first] = needed[between.second] = true;
    }
    for (std::size_t p = 0; p < curve.size(); ++p) {
        if (needed[p]) {
            const double seconds =
                seconds_of([&] { (void)method.run(curve[p].relative_tolerance, method.n_animals, nullptr); });
            curve[p].seconds_each.push_back(seconds / static_cast<double>(method.n_animals));
        }
    }
}

double seconds_at(const Curve& curve, double target)
{
    const Between between = find(curve, target);
    return between.interpolate(median(curve[between.first].seconds_each), median(curve[between.second].seconds_each));
}

double tries_at(const Curve& curve, double target)
{
    const Between between = find(curve, target);
    const auto tries = [&](std::size_t p) { return curve[p].steps + curve[p].rejected; };
    return between.interpolate(tries(between.first), tries(between.second));
}

void add_curve(const std::string& prefix, const Method& method, const Curve& curve, Report& report)
{
    for (const CurvePoint& point : curve) {
        const std::string key = fmt::format("{}curve.{}.{:.1e}.", prefix, method.key, point.relative_tolerance);
        report.add(key + "error", point.error);
        report.add(key + "steps", point.steps);
        report.add(key + "rejected", point.rejected);
    }
}

void add_row(const std::string& title, const std::vector<std::string>& cells, Report& report)
{
    report.table += fmt::format("{:<42}", title);
    for (const std::string& cell : cells) {
        report.table += fmt::format("{:>12}", cell);
    }
    report.table += "\n";
}

void measure_lives(const Lives& lives, const Settings& settings, Report& report)
{
    // The ill children are what is meant where no workload is named.
    const std::string prefix = lives.name == "ill" ? "patients." : "patients." + lives.name + ".";
    const std::size_t n_children = lives.children.size();
    const int per_decade = settings.quick ? 1 : 4;
    const double smallest = targets[std::size(targets) - 1];
    const Method ours = blocks_method(lives, n_children);
    const Reference reference = make_reference(ours, reference_tolerance, lives.n_states(), lives.rows.size());
    Curve curve = explore(ours, reference, smallest, per_decade);
    std::vector<Contest> contests;
    for (const Method& method : stock_methods(lives, settings)) {
        const Method same = blocks_method(lives, method.n_animals);
        // A dense step takes a hundred times as long as a sparse one.
        const double far_enough = method.key == "cvode_dense" ? targets[settings.quick ? 0 : 1] : smallest;
        contests.push_back({method, same, explore(method, reference, far_enough, settings.quick ? 1 : 2),
                            explore(same, reference, smallest, per_decade)});
    }
    if (has_klu()) { // which shares no solver with the reference
        double difference = 0;
        (void)run_patient_cvode(PatientLinear::klu, lives, 1e-11, 1, [&](std::size_t child, Course course) {
            difference = reference.error_of(child, course);
        });
        report.add(prefix + "reference_difference", difference);
    }
    std::vector<double> usual;
    for (std::size_t repeat = 0; repeat < (settings.quick ? 1 : settings.repeats); ++repeat) {
        time_once(ours, curve);
        usual.push_back(seconds_of([&] { (void)ours.run(usual_tolerance, n_children, nullptr); }));
        for (Contest& contest : contests) {
            time_once(contest.method, contest.curve);
            time_once(contest.ours, contest.our_curve);
        }
    }

    report.table += fmt::format("\n{}: {} children, {:.0f} days each\n", lives.name, n_children, lives.days);
    const auto row = [&](const std::string& title, const std::string& key, const Curve& explored, auto&& quantity) {
        std::vector<std::string> cells;
        for (const double target : targets) {
            if (explored.back().error > target) {
                cells.emplace_back("-");
                continue;
            }
            const double value = quantity(target);
            report.add(prefix + name_of(target) + "." + key, value);
            cells.push_back(fmt::format("{:.1f}", value));
        }
        add_row(title, cells, report);
    };
    add_row("at an error of", {"1e-3", "1e-4", "1e-6"}, report);
    row("patient-years per second and core", "years_per_second", curve,
        [&](double target) { return lives.years() / seconds_at(curve, target); });
    row("steps per year", "steps_per_year", curve,
        [&](double target) { return tries_at(curve, target) / lives.years(); });
    for (const Contest& contest : contests) {
        row("x ours: " + contest.method.title, "x_" + contest.method.key, contest.curve,
            [&](double target) { return seconds_at(contest.curve, target) / seconds_at(contest.our_curve, target); });
        row("  its steps, x ours", "steps_x_" + contest.method.key, contest.curve,
            [&](double target) { return tries_at(contest.curve, target) / tries_at(contest.our_curve, target); });
        add_curve(prefix, contest.method, contest.curve, report);
    }
    add_curve(prefix, ours, curve, report);
    const double at_usual = lives.years() * static_cast<double>(n_children) / median(usual);
    report.add(prefix + "usual.years_per_second", at_usual);
    report.table += fmt::format("patient-years per second and core at the usual tolerance, 1e-3: {:.0f}\n", at_usual);
}

/// What twelve more sites cost, at the usual tolerance: in all, and per step.
void measure_sites(const Settings& settings, Report& report)
{
    const Lives all = untreated_lives(settings.quick ? 1 : 8, true), half = with_half_of_the_sites(all);
    std::vector<double> ratios, per_step;
    for (std::size_t repeat = 0; repeat < (settings.quick ? 1 : 3 * settings.repeats); ++repeat) {
        Effort of_all, of_half;
        const std::size_t count = all.children.size();
        const double seconds = seconds_of([&] { of_all = run_blocks(all, usual_tolerance, count, nullptr); });
        const double seconds_of_half = seconds_of([&] { of_half = run_blocks(half, usual_tolerance, count, nullptr); });
        ratios.push_back(seconds / seconds_of_half);
        per_step.push_back(ratios.back() * static_cast<double>(of_half.steps + of_half.rejected)
                           / static_cast<double>(of_all.steps + of_all.rejected));
    }
    report.add("patients.sites_12_to_24_cost_ratio", median(ratios));
    report.add("patients.sites_12_to_24_cost_ratio_per_step", median(per_step));
    report.table += fmt::format("\n24 sites instead of 12: {:.2f} times the time, {:.2f} times per step\n",
                                median(ratios), median(per_step));
}

} // namespace

Report measure_patients(const Settings& settings)
{
    Report report;
    report.table = "patients: blocks of Rodas5P and CVODE at equal achieved error\n" + circumstances() + "\n";
    const std::size_t n = settings.quick ? 2 : 8;
    const Pinned pinned(settings.core);
    for (const Lives& lives : {untreated_lives(n, true), untreated_lives(4 * n, false), naproxen_lives(n)}) {
        if (lives.name != "daily_dosing" && !agrees_with_patient_run(lives, usual_tolerance)) {
            throw std::logic_error("what is measured is not what PatientRun does");
        }
        measure_lives(lives, settings, report);
    }
    const auto daily = std::ranges::find(report.numbers, "patients.daily_dosing.1e-4.years_per_second",
                                         &std::pair<std::string, double>::first);
    report.add("patients.daily_dosing.years_per_second", daily->second);
    measure_sites(settings, report);
    return report;
}

} // namespace osteoflare::benchmarks
