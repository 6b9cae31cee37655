#include "convergence/lane_runs.hpp"

#include "catch.hpp"

#include <algorithm>
#include <numeric>

namespace lane_runs {
namespace {

/// Where one member's numbers lie while it is in a lane.
struct Seat {
    std::vector<const double*> phases;
    std::vector<double> rows, summaries, sensitivities;
    std::vector<std::uint32_t> follows;
    std::vector<const double*> instead;
};

struct Desk {
    std::span<const Asked> members;
    std::vector<Seat> seats;
    std::vector<Answer> answers;
    std::span<const Question::Quantity> quantities;
    std::size_t n_states = 0, n_times = 0, n_columns = 0, next = 0;

    bool hand_out(lanes::LaneMember& out)
    {
        if (next == members.size()) {
            return false;
        }
        const Asked& asked = members[next];
        Seat& seat = seats[next];
        for (const auto& settings : asked.settings) {
            const std::size_t phase = seat.phases.size();
            for (const Question::Quantity& quantity : quantities) {
                seat.follows.push_back(quantity.setting && phase >= quantity.follows_from ? 1 : 0);
                seat.instead.push_back(phase > 0 && quantity.phase == phase ? asked.settings[phase - 1].data()
                                                                            : nullptr);
            }
            seat.phases.push_back(std::ranges::find(asked.settings, settings)->data()); // equal ones are the same
        }
        out = {.number = next,
               .start_state = asked.start.data(),
               .phase_begins = asked.begins.data(),
               .settings = seat.phases.data(),
               .n_phases = seat.phases.size(),
               .levels = asked.levels.data(),
               .rows = seat.rows.data(),
               .summaries = seat.summaries.data(),
               .follows = seat.follows.data(),
               .instead = seat.instead.data(),
               .sensitivities = seat.sensitivities.data()};
        ++next;
        return true;
    }

    void take_back(const lanes::LaneMember& member, const lanes::LaneReport& report, const double* state)
    {
        const Seat& seat = seats[member.number];
        Answer& answer = answers[member.number];
        answer.report = report;
        answer.last_state.assign(state, state + n_states);
        for (std::size_t t = 0; t < n_times; ++t) {
            const double* row = seat.rows.data() + t * lanes::row_stride(n_columns);
            answer.rows.emplace_back(row, row + n_columns);
        }
        answer.summaries = seat.summaries;
        const std::size_t stride = lanes::row_stride(n_states);
        for (std::size_t q = 0; q < quantities.size(); ++q) {
            answer.sensitivities.emplace_back();
            for (std::size_t t = 0; t < n_times; ++t) {
                const double* row = seat.sensitivities.data() + (q * n_times + t) * stride;
                answer.sensitivities.back().emplace_back(row, row + n_states);
            }
        }
    }
};

} // namespace

std::vector<Answer> run(const lanes::LaneEngine& engine, const Question& question, std::span<const Asked> members)
{
    std::vector<std::uint16_t> columns = question.columns;
    if (columns.empty()) {
        columns.resize(engine.n_states);
        std::iota(columns.begin(), columns.end(), std::uint16_t{0});
    }
    std::vector<double> absolute(engine.n_states);
    for (std::size_t k = 0; k < absolute.size(); ++k) {
        absolute[k] = question.absolute[question.absolute.size() == 1 ? 0 : k];
    }
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    Desk desk{members,
              std::vector<Seat>(members.size()),
              std::vector<Answer>(members.size()),
              question.quantities,
              engine.n_states,
              question.times.size(),
              columns.size()};
    for (Seat& seat : desk.seats) {
        seat.rows.assign(question.times.size() * lanes::row_stride(columns.size()), missing);
        seat.summaries.assign(question.summaries.size(), missing);
        seat.sensitivities.assign(
            question.quantities.size() * question.times.size() * lanes::row_stride(engine.n_states), missing);
    }
    std::vector<std::uint16_t> states(engine.n_states);
    std::iota(states.begin(), states.end(), std::uint16_t{0});
    std::vector<lanes::LaneSensitivity> sensitivities;
    for (const Question::Quantity& quantity : question.quantities) {
        auto& asked = sensitivities.emplace_back();
        if (quantity.setting) {
            asked.settings = &*quantity.setting;
            asked.n_settings = 1;
        }
        if (quantity.start_state) {
            asked.start_state = *quantity.start_state;
        }
    }
    const bool fixed = question.step > 0;
    if (fixed) {
        std::ranges::fill(absolute, 1e6); // no error is too large
    }
    std::vector<double> sensitivity_tolerance;
    for (std::size_t q = 0; q < sensitivities.size(); ++q) {
        sensitivity_tolerance.insert(sensitivity_tolerance.end(), absolute.begin(), absolute.end());
    }
    const lanes::LaneProblem problem = {.from = question.from,
                                        .to = question.to,
                                        .relative_tolerance = fixed ? 1e6 : question.tolerance,
                                        .absolute_tolerance = absolute.data(),
                                        .first_step = question.step,
                                        .longest_step = fixed ? question.step : 1e300,
                                        .most_steps = question.most_steps,
                                        .times = question.times.data(),
                                        .n_times = question.times.size(),
                                        .columns = columns.data(),
                                        .n_columns = columns.size(),
                                        .summaries = question.summaries.data(),
                                        .n_summaries = question.summaries.size(),
                                        .sensitivities = sensitivities.data(),
                                        .n_sensitivities = sensitivities.size(),
                                        .sensitivity_tolerance = sensitivity_tolerance.data(),
                                        .sensitivity_columns = states.data(),
                                        .n_sensitivity_columns = states.size()};
    const lanes::LaneClient client = {
        .self = &desk,
        .next = [](void* self, lanes::LaneMember& member) { return static_cast<Desk*>(self)->hand_out(member); },
        .done = [](void* self, const lanes::LaneMember& member, const lanes::LaneReport& report,
                   const double* state) { static_cast<Desk*>(self)->take_back(member, report, state); },
    };
    engine.run(problem, client);
    REQUIRE(desk.next == members.size());
    return std::move(desk.answers);
}

} // namespace lane_runs
