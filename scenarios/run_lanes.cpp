#include "scenarios/run.hpp"

#include "solvers/lanes/engines.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>

namespace osteoflare::scenarios {
namespace {

namespace lanes = solvers::lanes;

lanes::LaneSummaryKind kind_of(model::SummaryKind kind)
{
    switch (kind) {
    case model::SummaryKind::first_above: return lanes::LaneSummaryKind::first_above;
    case model::SummaryKind::maximum: return lanes::LaneSummaryKind::maximum;
    case model::SummaryKind::minimum: return lanes::LaneSummaryKind::minimum;
    case model::SummaryKind::final: return lanes::LaneSummaryKind::final;
    }
    return lanes::LaneSummaryKind::final;
}

/// A member in a lane, and room for what comes out of it. Refilled when its member is done.
struct Load {
    std::size_t index = 0; ///< within the block
    Member member;
    std::vector<double> begins;
    std::vector<std::vector<double>> settings; ///< those that differ
    std::size_t n_settings = 0;                ///< how many of these are in use
    std::vector<const double*> phases;
    std::vector<double> levels, summaries, rows;
};

/// Feeds the members of a block to the lanes and collects what comes out.
class Feeder {
public:
    Feeder(const Study& study, std::span<const double> times, std::size_t first, std::size_t last)
        : study_(study),
          scenario_(study.scenario()),
          times_(times),
          block_(empty_block(scenario_, times.size(), first, last - first))
    {
        const ModelEntry& model = *scenario_.model;
        const std::size_t n_species = model.species.size(), n_readouts = model.readouts.size();
        const auto add = [&](const std::vector<std::size_t>& indices, std::size_t offset) {
            for (const std::size_t index : indices) {
                columns_.push_back(static_cast<std::uint16_t>(offset + index));
            }
        };
        add(scenario_.output.species, 0);
        add(scenario_.output.readouts, n_species);
        add(scenario_.output.fluxes, n_species + n_readouts);
        for (const model::Summary& summary : model.summaries) {
            const std::size_t species = index_of(model.species, summary.of);
            const std::size_t quantity =
                species < n_species ? species : n_species + index_of(model.readouts, summary.of);
            summaries_.push_back({kind_of(summary.kind), static_cast<std::uint16_t>(quantity)});
            level_settings_.push_back(summary.level.empty() ? model.settings.size()
                                                            : index_of(model.settings, summary.level));
        }
    }

    Block run()
    {
        const solvers::Options& numerics = scenario_.numerics;
        const lanes::LaneProblem problem = {
            .from = to_days(scenario_.start),
            .to = to_days(scenario_.end),
            .relative_tolerance = numerics.relative_tolerance,
            .absolute_tolerance = numerics.absolute_tolerance.data(),
            .first_step = numerics.first_step,
            .longest_step = std::min(numerics.longest_step, 1e300),
            .most_steps = numerics.most_steps,
            .times = times_.data(),
            .n_times = columns_.empty() ? 0 : times_.size(),
            .columns = columns_.data(),
            .n_columns = columns_.size(),
            .summaries = summaries_.data(),
            .n_summaries = summaries_.size(),
        };
        const lanes::LaneClient client = {
            .self = this,
            .next = [](void* self, lanes::LaneMember& member) { return static_cast<Feeder*>(self)->next(member); },
            .done = [](void* self, const lanes::LaneMember& member, const lanes::LaneReport& report,
                       const double* state) { static_cast<Feeder*>(self)->done(member, report, state); },
        };
        lanes::best_engine(scenario_.model->engines).run(problem, client);
        return std::move(block_);
    }

private:
    bool next(lanes::LaneMember& out)
    {
        if (next_ == block_.size) {
            return false;
        }
        if (free_.empty()) {
            loads_.push_back(std::make_unique<Load>());
            free_.push_back(loads_.size() - 1);
        }
        const std::size_t number = free_.back();
        free_.pop_back();
        Load& load = *loads_[number];
        load.index = next_++;
        fill(load);
        out = {
            .number = number,
            .start_state = scenario_.start_state.data(),
            .phase_begins = load.begins.data(),
            .settings = load.phases.data(),
            .n_phases = load.phases.size(),
            .levels = load.levels.data(),
            .rows = load.rows.data(),
            .summaries = load.summaries.data(),
        };
        return true;
    }

    void fill(Load& load)
    {
        study_.member(block_.first + load.index, load.member);
        load.n_settings = 0;
        load.begins.assign(1, to_days(scenario_.start));
        load.phases.clear();
        std::vector<double>& settings = load.member.settings;
        load.levels.resize(summaries_.size());
        for (std::size_t s = 0; s < summaries_.size(); ++s) {
            load.levels[s] = level_settings_[s] < settings.size() ? settings[level_settings_[s]] : 0;
        }
        load.summaries.resize(summaries_.size());
        load.rows.resize(times_.size() * lanes::row_stride(columns_.size()));
        // Changes at the start belong to the first phase; those at the same moment make one phase.
        const std::vector<Change>& changes = load.member.changes;
        load.settings.resize(changes.size() + 1);
        std::size_t next = 0;
        for (Tick at = scenario_.start;; at = changes[next].at) {
            while (next < changes.size() && changes[next].at == at) {
                settings[changes[next].setting] = changes[next].value;
                ++next;
            }
            if (at > scenario_.start) {
                load.begins.push_back(to_days(at));
            }
            load.phases.push_back(kept(load, settings));
            if (next == changes.size()) {
                break;
            }
        }
    }

    /// Where settings equal to these are kept.
    static const double* kept(Load& load, const std::vector<double>& settings)
    {
        const auto end = load.settings.begin() + static_cast<std::ptrdiff_t>(load.n_settings);
        const auto known = std::find(load.settings.begin(), end, settings);
        if (known == end) {
            ++load.n_settings;
            *known = settings;
        }
        return known->data();
    }

    void done(const lanes::LaneMember& member, const lanes::LaneReport& report, const double* last_state)
    {
        Load& load = *loads_[member.number];
        free_.push_back(member.number);
        const std::size_t i = load.index, size = block_.size, n_times = times_.size();
        // One that has used up its steps would not get further with as many steps of a lower order.
        const bool is_complete = report.status == lanes::LaneStatus::reached_end;
        if (!is_complete && report.status != lanes::LaneStatus::step_limit) {
            // A second opinion, with pivoting and another method.
            study_.member(block_.first + i, load.member);
            store(run_member(scenario_, load.member, times_), n_times, i, block_);
            return;
        }
        const auto n_reached =
            is_complete ? n_times
                        : static_cast<std::size_t>(std::ranges::lower_bound(times_, report.time) - times_.begin());
        const std::size_t stride = lanes::row_stride(columns_.size());
        for (std::size_t first = 0; first < columns_.size(); first += 8) {
            const std::size_t last = std::min(first + 8, columns_.size());
            for (std::size_t t = 0; t < n_reached; ++t) {
                for (std::size_t c = first; c < last; ++c) {
                    block_.columns[(c * size + i) * n_times + t] = load.rows[t * stride + c];
                }
            }
        }
        for (std::size_t s = 0; s < summaries_.size() && is_complete; ++s) {
            block_.summaries[s * size + i] = load.summaries[s];
        }
        for (std::size_t s = 0; s < scenario_.model->species.size(); ++s) {
            block_.last_states[s * size + i] = last_state[s];
        }
        const auto status = is_complete ? solvers::RunStatus::reached_end : solvers::RunStatus::step_limit;
        block_.reports[i] = {status, report.time, report.steps, report.rejected};
    }

    const Study& study_;
    const Scenario& scenario_;
    std::span<const double> times_;
    Block block_;
    std::vector<std::uint16_t> columns_;
    std::vector<lanes::LaneSummary> summaries_;
    std::vector<std::size_t> level_settings_; ///< of each summary; beyond the settings for none
    std::vector<std::unique_ptr<Load>> loads_;
    std::vector<std::size_t> free_;
    std::size_t next_ = 0;
};

} // namespace

Block run_block_in_lanes(const Study& study, std::span<const double> times, std::size_t first, std::size_t last)
{
    return Feeder(study, times, first, last).run();
}

} // namespace osteoflare::scenarios
