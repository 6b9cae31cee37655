#include "solvers/observers.hpp"
#include "tests/benchmarks/methods.hpp"

#include <algorithm>
#include <stdexcept>

namespace osteoflare::benchmarks {

Effort run_odeint(solvers::Method method, const Workload& workload, double relative_tolerance, std::size_t count,
                  const Take& take)
{
    const scenarios::Scenario& scenario = workload.scenario();
    const std::size_t n = workload.n_states();
    solvers::Options options = scenario.numerics;
    options.method = method;
    options.relative_tolerance = relative_tolerance;
    options.absolute_tolerance = workload.absolute_tolerance(relative_tolerance);
    options.most_steps = 10'000'000;
    const scenarios::Instance instance = scenario.model->make();
    const std::size_t n_settings = scenario.model->settings.size();
    std::vector<double> rows(workload.times.size() * n), state;
    Effort effort;
    for (std::size_t i = 0; i < count; ++i) {
        const Animal& animal = workload.animals[i];
        const auto use_phase = [&](std::size_t phase) { instance.set({animal.phases[phase], n_settings}); };
        std::vector<solvers::Interruption> interruptions;
        for (std::size_t phase = 1; phase < animal.phases.size(); ++phase) {
            interruptions.push_back(
                {animal.phase_begins[phase], [&use_phase, phase](std::span<double> /*state*/) { use_phase(phase); }});
        }
        use_phase(0);
        state = scenario.start_state;
        solvers::GridSampler sampler(workload.times, n, [&](std::size_t time, double, std::span<const double> values) {
            std::ranges::copy(values, rows.data() + time * n);
        });
        const solvers::RunReport report = solvers::integrate(instance.system, state, scenarios::to_days(scenario.start),
                                                             scenarios::to_days(scenario.end), interruptions, options,
                                                             [&](const solvers::Step& step) { sampler(step); });
        if (!report) {
            throw std::runtime_error("Odeint: an animal was given up");
        }
        effort.steps += report.steps;
        effort.rejected += report.rejected;
        if (take) {
            take(i, {rows.data(), n});
        }
    }
    return effort;
}

} // namespace osteoflare::benchmarks
