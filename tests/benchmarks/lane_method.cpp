#include "solvers/lanes/engines.hpp"
#include "tests/benchmarks/lane_run.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace osteoflare::benchmarks {
namespace {

namespace lanes = solvers::lanes;

/// Hands animals to the lanes. Rows are used again, as the program does it.
class Herd {
public:
    /// With sensitivities by `n_quantities`, the courses are those.
    Herd(const Workload& workload, std::size_t count, const Take& take, std::size_t n_quantities = 0)
        : workload_(workload),
          count_(count),
          take_(take),
          stride_(lanes::row_stride(workload.n_states())),
          n_quantities_(n_quantities),
          follows_(n_quantities * most_phases, 1),
          instead_(n_quantities * most_phases, nullptr)
    {
    }

    lanes::LaneClient client()
    {
        return {.self = this,
                .next = [](void* self, lanes::LaneMember& member) { return static_cast<Herd*>(self)->next(member); },
                .done = [](void* self, const lanes::LaneMember& member, const lanes::LaneReport& report,
                           const double*) { static_cast<Herd*>(self)->done(member, report); }};
    }

    Effort effort() const { return effort_; }

private:
    bool next(lanes::LaneMember& member)
    {
        if (next_ == count_) {
            return false;
        }
        if (free_.empty()) {
            rows_.emplace_back(workload_.times.size() * stride_);
            sensitivities_.emplace_back(n_quantities_ * workload_.times.size() * stride_);
            free_.push_back(std::exchange(next_room_, next_room_ + 1));
            animal_in_.push_back(0);
        }
        const std::size_t room = free_.back();
        free_.pop_back();
        animal_in_[room] = next_;
        const Animal& animal = workload_.animals[next_++];
        member = {.number = room,
                  .start_state = workload_.scenario().start_state.data(),
                  .phase_begins = animal.phase_begins.data(),
                  .settings = animal.phases.data(),
                  .n_phases = animal.phases.size(),
                  .rows = rows_[room].data(),
                  .follows = follows_.data(),
                  .instead = instead_.data(),
                  .sensitivities = sensitivities_[room].data()};
        return true;
    }

    void done(const lanes::LaneMember& member, const lanes::LaneReport& report)
    {
        if (report.status != lanes::LaneStatus::reached_end) {
            throw std::runtime_error("lanes: an animal was given up");
        }
        effort_.steps += report.steps;
        effort_.rejected += report.rejected;
        if (take_ && n_quantities_ == 0) {
            take_(animal_in_[member.number], {member.rows, stride_});
        } else if (take_) {
            take_(animal_in_[member.number], by_time(member.sensitivities));
        }
        free_.push_back(member.number);
    }

    static constexpr std::size_t most_phases = 64;

    /// From (quantity, time, state) to (time, quantity, state).
    Course by_time(const double* sensitivities)
    {
        const std::size_t n = workload_.n_states(), n_times = workload_.times.size();
        course_.resize(n_times * n_quantities_ * n);
        for (std::size_t q = 0; q < n_quantities_; ++q) {
            for (std::size_t i = 0; i < n_times; ++i) {
                std::copy_n(sensitivities + (q * n_times + i) * stride_, n,
                            course_.data() + (i * n_quantities_ + q) * n);
            }
        }
        return {course_.data(), n_quantities_ * n};
    }

    const Workload& workload_;
    std::size_t count_;
    const Take& take_;
    std::size_t stride_, next_ = 0, next_room_ = 0;
    std::size_t n_quantities_;
    std::vector<std::uint32_t> follows_;
    std::vector<const double*> instead_;
    std::vector<double> course_;
    std::vector<std::vector<double>> rows_, sensitivities_;
    std::vector<std::size_t> free_, animal_in_;
    Effort effort_;
};

} // namespace

namespace {

/// The animals' problem without sensitivities; what the arguments hold must outlive it.
lanes::LaneProblem problem_of(const Workload& workload, double relative_tolerance, const std::vector<double>& absolute,
                              const std::vector<std::uint16_t>& columns)
{
    return {.from = scenarios::to_days(workload.scenario().start),
            .to = scenarios::to_days(workload.scenario().end),
            .relative_tolerance = relative_tolerance,
            .absolute_tolerance = absolute.data(),
            .longest_step = 1e300,
            .most_steps = 1'000'000,
            .times = workload.times.data(),
            .n_times = workload.times.size(),
            .columns = columns.data(),
            .n_columns = columns.size()};
}

std::vector<std::uint16_t> all_states(const Workload& workload)
{
    std::vector<std::uint16_t> states(workload.n_states());
    std::iota(states.begin(), states.end(), std::uint16_t{0});
    return states;
}

} // namespace

Effort run_lanes_with(void (*run)(const lanes::LaneProblem&, const lanes::LaneClient&), const Workload& workload,
                      double relative_tolerance, std::size_t count, const Take& take)
{
    const std::vector<double> absolute = workload.absolute_tolerance(relative_tolerance);
    const std::vector<std::uint16_t> states = all_states(workload);
    Herd herd(workload, count, take);
    run(problem_of(workload, relative_tolerance, absolute, states), herd.client());
    return herd.effort();
}

Effort run_lane_sensitivities(const Workload& workload, double relative_tolerance, std::size_t count, const Take& take)
{
    const scenarios::ModelEntry& model = *workload.scenario().model;
    const std::vector<double> absolute = workload.absolute_tolerance(relative_tolerance);
    const std::vector<std::uint16_t> states = all_states(workload);
    const std::vector<std::uint16_t> settings(varied_settings().begin(), varied_settings().end());
    std::vector<lanes::LaneSensitivity> quantities;
    std::vector<double> tolerance;
    for (const std::uint16_t& setting : settings) {
        quantities.push_back({&setting, 1});
        for (const double of_state : absolute) {
            tolerance.push_back(of_state / std::abs(model.settings[setting].value));
        }
    }
    lanes::LaneProblem problem = problem_of(workload, relative_tolerance, absolute, states);
    problem.sensitivities = quantities.data();
    problem.n_sensitivities = quantities.size();
    problem.sensitivity_tolerance = tolerance.data();
    problem.sensitivity_columns = states.data();
    problem.n_sensitivity_columns = states.size();
    Herd herd(workload, count, take, quantities.size());
    lanes::best_engine(model.engines).run(problem, herd.client());
    return herd.effort();
}

Effort run_lanes(const Workload& workload, double relative_tolerance, std::size_t count, const Take& take)
{
    const auto& engine = lanes::best_engine(workload.scenario().model->engines);
    return run_lanes_with(engine.run, workload, relative_tolerance, count, take);
}

} // namespace osteoflare::benchmarks
