#include "scenarios/lane_summaries.hpp"
#include "scenarios/run.hpp"
#include "scenarios/sensitivities.hpp"

#include "solvers/lanes/engines.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

namespace osteoflare::scenarios {
namespace {

namespace lanes = solvers::lanes;

solvers::RunStatus status_of(lanes::LaneStatus status)
{
    switch (status) {
    case lanes::LaneStatus::reached_end: return solvers::RunStatus::reached_end;
    case lanes::LaneStatus::step_limit: return solvers::RunStatus::step_limit;
    case lanes::LaneStatus::step_too_small: return solvers::RunStatus::step_too_small;
    case lanes::LaneStatus::not_finite: return solvers::RunStatus::not_finite;
    }
    return solvers::RunStatus::not_finite;
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
    // Of sensitivities: (phase, quantity), and their rows.
    std::vector<std::uint32_t> follows;
    std::vector<std::optional<std::vector<double>>> instead;
    std::vector<const double*> instead_of;
    std::vector<double> sensitivities;
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
        add_sensitivities();
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
            .n_times = columns_.empty() && sensitivities_.empty() ? 0 : times_.size(),
            .columns = columns_.data(),
            .n_columns = columns_.size(),
            .summaries = summaries_.data(),
            .n_summaries = summaries_.size(),
            .sensitivities = sensitivities_.data(),
            .n_sensitivities = sensitivities_.size(),
            .sensitivity_tolerance = sensitivity_tolerance_.data(),
            .sensitivity_columns = sensitivity_columns_.data(),
            .n_sensitivity_columns = sensitivity_columns_.size(),
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
    void add_sensitivities()
    {
        const SensitivityPlan& plan = scenario_.sensitivities;
        const std::size_t n_species = scenario_.model->species.size();
        for (const Sensitivity& quantity : plan.to) {
            following_.push_back(settings_of(quantity, scenario_.interventions));
            const bool starts = quantity.target.kind == Target::Kind::initial;
            sensitivities_.push_back({following_.back().data(), following_.back().size(),
                                      starts ? static_cast<std::int32_t>(quantity.target.index) : -1});
            for (const double tolerance : scenario_.numerics.absolute_tolerance) {
                sensitivity_tolerance_.push_back(tolerance / quantity.scale);
            }
        }
        for (std::size_t i = 0; !plan.to.empty() && i < plan.species.size(); ++i) {
            sensitivity_columns_.push_back(static_cast<std::uint16_t>(plan.species[i]));
        }
        for (std::size_t i = 0; !plan.to.empty() && i < plan.readouts.size(); ++i) {
            sensitivity_columns_.push_back(static_cast<std::uint16_t>(n_species + plan.readouts[i]));
        }
    }

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
            .follows = load.follows.data(),
            .instead = load.instead_of.data(),
            .sensitivities = load.sensitivities.data(),
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
        load.follows.clear();
        load.instead.clear();
        load.sensitivities.resize(sensitivities_.size() * times_.size()
                                  * lanes::row_stride(sensitivity_columns_.size()));
        const std::vector<double> base = sensitivities_.empty() ? std::vector<double>() : settings;
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
            add_influences(load, base, at);
            if (next == changes.size()) {
                break;
            }
        }
        load.instead_of.clear();
        for (const auto& other : load.instead) {
            load.instead_of.push_back(other ? other->data() : nullptr);
        }
    }

    /// How each quantity acts on the phase that begins at `at`.
    void add_influences(Load& load, const std::vector<double>& base, Tick at) const
    {
        const auto interventions = study_.interventions(load.member);
        for (std::size_t q = 0; q < sensitivities_.size(); ++q) {
            const Sensitivity& quantity = scenario_.sensitivities.to[q];
            load.follows.push_back(follows(quantity, following_[q], interventions, at, scenario_.end));
            load.instead.push_back(
                instead(quantity, interventions, base, load.member.settings, at, scenario_.start, scenario_.end));
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
        const bool complete = report.status == lanes::LaneStatus::reached_end;
        if (!complete && report.status != lanes::LaneStatus::step_limit && sensitivities_.empty()) {
            // A second opinion, with pivoting and another method.
            study_.member(block_.first + i, load.member);
            store(run_member(scenario_, load.member, times_), n_times, i, block_);
            return;
        }
        // Nobody else knows the sensitivities: what was reached with them is what there is.
        const auto n_reached =
            complete ? n_times
                     : static_cast<std::size_t>(std::ranges::lower_bound(times_, report.time) - times_.begin());
        store_rows(load.rows.data(), columns_.size(), 0, i, n_reached);
        for (std::size_t q = 0; q < sensitivities_.size(); ++q) {
            const std::size_t n = sensitivity_columns_.size();
            store_rows(load.sensitivities.data() + q * n_times * lanes::row_stride(n), n, columns_.size() + q * n, i,
                       n_reached);
        }
        for (std::size_t s = 0; complete && s < summaries_.size(); ++s) {
            block_.summaries[s * size + i] = load.summaries[s];
        }
        for (std::size_t s = 0; s < scenario_.model->species.size(); ++s) {
            block_.last_states[s * size + i] = last_state[s];
        }
        block_.reports[i] = {status_of(report.status), report.time, report.steps, report.rejected};
    }

    /// Puts `n` columns of a member, (time, row_stride), into the block, where they are numbered from `first_column`
    /// on.
    void store_rows(const double* rows, std::size_t n, std::size_t first_column, std::size_t i, std::size_t n_reached)
    {
        const std::size_t stride = lanes::row_stride(n), n_times = times_.size();
        for (std::size_t first = 0; first < n; first += 8) {
            const std::size_t last = std::min(first + 8, n);
            for (std::size_t t = 0; t < n_reached; ++t) {
                for (std::size_t c = first; c < last; ++c) {
                    block_.columns[((first_column + c) * block_.size + i) * n_times + t] = rows[t * stride + c];
                }
            }
        }
    }

    const Study& study_;
    const Scenario& scenario_;
    std::span<const double> times_;
    Block block_;
    std::vector<std::uint16_t> columns_;
    std::vector<lanes::LaneSummary> summaries_;
    std::vector<std::size_t> level_settings_; ///< of each summary; beyond the settings for none
    std::vector<lanes::LaneSensitivity> sensitivities_;
    std::vector<std::vector<std::uint16_t>> following_; ///< settings that may follow each quantity
    std::vector<double> sensitivity_tolerance_;
    std::vector<std::uint16_t> sensitivity_columns_;
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
