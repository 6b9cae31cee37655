#include "tests/benchmarks/measure.hpp"
#include "tests/benchmarks/patient_lives.hpp"
#include "tests/benchmarks/report.hpp"
#include "tests/benchmarks/work_precision.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace osteoflare::benchmarks {

Report measure_patients(const Settings& settings)
{
    Report report;
    const std::size_t n = settings.quick ? 2 : 8;
    for (const Lives& lives : {untreated_lives(n, true), untreated_lives(4 * n, false), naproxen_lives(n)}) {
        const Pinned pinned(settings.core);
        const std::size_t count = lives.children.size();
        const Method ours{"blocks", "blocks", count, [&](double tolerance, std::size_t c, const Take& take) {
                              return run_blocks(lives, tolerance, c, take);
                          }};
        if (lives.name == "ill") {
        const Reference r2 = make_reference(ours, 1e-11, lives.n_states(), lives.rows.size());
        for (double tol : {1e-4,1e-5, 1e-6, 1e-7,1e-8,1e-10}) {
            double e0 = 0, e1 = 0;
            Effort effort;
            double seconds = seconds_of([&] { effort = run_patient_cvode(PatientLinear::klu, lives, tol, 2, [&](std::size_t i, Course c) { (i == 0 ? e0 : e1) = r2.error_of(i, c); }); });
            fmt::print("klu {:.0e}: errors {:.2e} {:.2e} steps {} {} {:.3f} s years/s {:.2f} us/step {:.1f}\n", tol, e0, e1, effort.steps, effort.rejected, seconds, 2 * lives.years() / seconds, 1e6 * seconds / effort.steps);
            std::fflush(stdout);
        }
        double seconds = seconds_of([&] { Effort effort = run_patient_cvode(PatientLinear::dense, lives, 1e-5, 1, nullptr); fmt::print("dense {} {}\n", effort.steps, effort.rejected); });
        fmt::print("dense {:.2f} s\n", seconds);
        }
        std::size_t moments = 0;
        for (const Life& life : lives.children) {
            moments += life.moments.size();
        }
        fmt::print("{} {} moments\n", lives.name, moments);
        const Reference reference = make_reference(ours, 1e-11, lives.n_states(), lives.rows.size());
        for (CurvePoint& point : explore(ours, reference, 1e-7, 2)) {
            const double seconds = seconds_of([&] { (void)ours.run(point.relative_tolerance, count, nullptr); });
            const double years = lives.years() * static_cast<double>(count);
            fmt::print("{:.1e} error {:.2e} steps/d {:.3f} rej/d {:.3f} years/s {:.1f} us/step {:.2f}\n", point.relative_tolerance,
                       point.error, point.steps / lives.days, point.rejected / lives.days, years / seconds,
                       1e6 * seconds / (point.steps + point.rejected) / static_cast<double>(count));
            std::fflush(stdout);
        }
    }
    return report;
}

} // namespace osteoflare::benchmarks
