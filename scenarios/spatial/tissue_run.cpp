#include "scenarios/spatial/tissue_run.hpp"

#include "scenarios/settings.hpp"
#include "scenarios/spatial/bytes.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace osteoflare::scenarios::spatial {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Summaries are made from looks at the tissue, so many seconds apart.
Tick look_interval(const TissuePlan& plan)
{
    constexpr Tick hour = 3600;
    return std::max(plan.step, hour / plan.step * plan.step);
}

} // namespace

std::uint64_t seed_of(const Scenario& scenario, const Member& member)
{
    constexpr std::uint32_t replicate = 0x7265706c; // "repl"
    const std::uint64_t seed = scenario.sweep ? scenario.sweep->seed : scenario.tissue->seed;
    return solvers::random_bits(seed, replicate, member.replicate, 0);
}

TissueRun::TissueRun(const Scenario& scenario, const Member& member, std::span<const double> times)
    : TissueRun(scenario, member, times, seed_of(scenario, member))
{
}

TissueRun::TissueRun(const Scenario& scenario, const Member& member, std::span<const double> times, std::uint64_t seed)
    : scenario_(scenario),
      member_(member),
      times_(times),
      tissue_(*scenario.tissue, member.settings, scenario.start_state, seed),
      now_(scenario.start)
{
    const OutputPlan& plan = scenario.output;
    course_.columns.assign((plan.species.size() + plan.readouts.size()) * times.size(), missing);
    course_.summaries.assign(scenario.model->summaries.size(), missing);
    course_.report.status = solvers::RunStatus::reached_end;
    course_.report.time = to_days(now_);
    apply_changes();
    look();
    record();
}

/// What is due; an event between two steps is felt from the next one on.
void TissueRun::apply_changes()
{
    bool changed = false;
    while (n_changes_ < member_.changes.size() && member_.changes[n_changes_].at <= now_) {
        member_.settings[member_.changes[n_changes_].setting] = member_.changes[n_changes_].value;
        changed = true;
        ++n_changes_;
    }
    if (changed) {
        tissue_.set(member_.settings);
    }
}

/// Species and read-outs, and the summaries of their courses, between looks as straight lines.
void TissueRun::look()
{
    const ModelEntry& model = *scenario_.model;
    std::vector<double> quantities(model.species.size() + model.readouts.size());
    const auto state = tissue_.state();
    std::size_t n = flat(state, std::span(quantities));
    n += flat(model::niche::readouts(state, tissue_.world().niche), std::span(quantities).subspan(n));
    flat(tissue_.readouts(), std::span(quantities).subspan(n));

    const double day = to_days(now_);
    for (std::size_t s = 0; s < model.summaries.size(); ++s) {
        const model::Summary& summary = model.summaries[s];
        const std::size_t species = index_of(model.species, summary.of);
        const std::size_t index =
            species < model.species.size() ? species : model.species.size() + index_of(model.readouts, summary.of);
        const double value = quantities[index];
        double& kept = course_.summaries[s];
        switch (summary.kind) {
        case model::SummaryKind::first_above: {
            const double level = member_.settings[index_of(model.settings, summary.level)];
            if (std::isnan(kept) && value > level) {
                const double old = before_.empty() ? value : before_[index];
                kept = old < level ? looked_ + (day - looked_) * (level - old) / (value - old) : day;
            }
            break;
        }
        case model::SummaryKind::maximum: kept = std::isnan(kept) ? value : std::max(kept, value); break;
        case model::SummaryKind::minimum: kept = std::isnan(kept) ? value : std::min(kept, value); break;
        case model::SummaryKind::final: kept = value; break;
        }
    }
    course_.end_state.assign(quantities.begin(),
                             quantities.begin() + static_cast<std::ptrdiff_t>(model.species.size()));
    before_ = std::move(quantities);
    looked_ = day;
    if (!std::ranges::all_of(before_, [](double value) { return std::isfinite(value); })) {
        course_.report.status = solvers::RunStatus::not_finite;
    }
}

/// A row of the time courses, if one is due.
void TissueRun::record()
{
    if (n_recorded_ >= times_.size() || to_tick(times_[n_recorded_]) > now_) {
        return;
    }
    const OutputPlan& plan = scenario_.output;
    const std::size_t n_species = scenario_.model->species.size();
    std::size_t column = 0;
    const auto keep = [&](std::size_t quantity) {
        course_.columns[column++ * times_.size() + n_recorded_] = before_[quantity];
    };
    for (const std::size_t species : plan.species) {
        keep(species);
    }
    for (const std::size_t readout : plan.readouts) {
        keep(n_species + readout);
    }
    ++n_recorded_;
}

void TissueRun::step(std::size_t n_threads)
{
    tissue_.step(n_threads);
    now_ += tissue_.plan().step;
    course_.report.steps += 1;
    course_.report.time = to_days(now_);
    apply_changes();
    if (tissue_.is_overcrowded()) {
        course_.report.status = solvers::RunStatus::overcrowded;
        look(); // at the state that offends
        return;
    }
    const bool is_due = n_recorded_ < times_.size() && to_tick(times_[n_recorded_]) <= now_;
    if (is_due || (now_ - scenario_.start) % look_interval(tissue_.plan()) == 0 || now_ >= scenario_.end) {
        look();
        record();
    }
}

std::vector<std::byte> TissueRun::save() const
{
    ByteWriter writer;
    writer.put(std::array<std::int64_t, 4>{now_, static_cast<std::int64_t>(n_changes_),
                                           static_cast<std::int64_t>(n_recorded_),
                                           static_cast<std::int64_t>(course_.report.steps)});
    writer.put(std::span(&looked_, 1));
    for (const auto* column : {&course_.columns, &course_.summaries, &course_.end_state, &before_, &member_.settings}) {
        writer.put(*column);
    }
    tissue_.save(writer);
    return std::move(writer.bytes);
}

void TissueRun::load(std::span<const std::byte> bytes)
{
    ByteReader reader(bytes);
    std::array<std::int64_t, 4> numbers{};
    reader.fill(numbers);
    now_ = numbers[0];
    n_changes_ = static_cast<std::size_t>(numbers[1]);
    n_recorded_ = static_cast<std::size_t>(numbers[2]);
    course_.report.steps = static_cast<std::size_t>(numbers[3]);
    course_.report.time = to_days(now_);
    reader.fill(std::span(&looked_, 1));
    for (auto* column : {&course_.columns, &course_.summaries, &course_.end_state, &before_, &member_.settings}) {
        reader.fill(*column);
    }
    tissue_.set(member_.settings);
    tissue_.load(reader);
    if (!reader.is_at_end()) {
        throw std::invalid_argument("a checkpoint with more in it than a run");
    }
}

} // namespace osteoflare::scenarios::spatial
