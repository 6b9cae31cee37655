#include "scenarios/analyses/steady/end_system.hpp"

#include "scenarios/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace osteoflare::scenarios {

void require_equations(const Scenario& scenario, const std::string& verb)
{
    if (scenario.model->is_spatial) {
        throw InputError({scenario.name, 1, 1}, {fmt::format("{} of the model {}", verb, scenario.model->name),
                                                 "cells that act by chance have no steady state",
                                                 "write model = \"niche\", or sweep it with replicates"});
    }
    // Where nothing depends on a species, not even its own rate, it rests at any value: states are not isolated.
    const Instance instance = scenario.model->make();
    instance.set(settings_at_end(scenario));
    const std::size_t n = instance.system.size;
    std::vector<double> by_state(n * n), by_time(n);
    instance.system.jacobian(0, scenario.start_state, by_state, by_time);
    for (std::size_t j = 0; j < n; ++j) {
        bool acts = false;
        for (std::size_t i = 0; i < n; ++i) {
            acts = acts || by_state[i * n + j] != 0;
        }
        if (!acts) {
            const auto name = scenario.model->species[j].name;
            throw InputError({scenario.name, 1, 1},
                             {fmt::format("{} of the model {}", verb, scenario.model->name),
                              fmt::format("nothing depends on '{}', so that it rests at any value", name),
                              "follow its course with osteoflare run"});
        }
    }
}

std::vector<double> settings_at_end(const Scenario& scenario)
{
    Scenario alone = scenario;
    alone.sweep.reset();
    const Member member = Study(std::move(alone)).member(0);
    std::vector<double> settings = member.settings;
    for (const Change& change : member.changes) {
        if (change.at < scenario.end) {
            settings[change.setting] = change.value;
        }
    }
    for (const Intervention& life : scenario.interventions) {
        if (life.of_life && life.from >= scenario.end) {
            for (const Assignment& assignment : life.sets) {
                settings[assignment.setting] = assignment.value;
            }
        }
    }
    return settings;
}

solvers::steady::Family family_of(const Scenario& scenario, const std::vector<double>& settings,
                                  const std::vector<std::size_t>& free)
{
    struct World {
        Instance instance;
        std::vector<double> settings;
        std::vector<std::size_t> free;

        void set(std::span<const double> p)
        {
            bool changes = false;
            for (std::size_t k = 0; k < free.size(); ++k) {
                changes = changes || settings[free[k]] != p[k];
                settings[free[k]] = p[k];
            }
            if (changes) {
                instance.set(settings);
            }
        }
    };
    const auto world = std::make_shared<World>(World{scenario.model->make(), settings, free});
    world->instance.set(settings);
    solvers::steady::Family family;
    family.size = world->instance.system.size;
    family.n_parameters = free.size();
    family.rates = [world](std::span<const double> y, std::span<const double> p, std::span<double> f) {
        world->set(p);
        world->instance.system.rhs(0, y, f);
    };
    family.derivatives = [world](std::span<const double> y, std::span<const double> p, std::span<double> by_y,
                                 std::span<double> by_p) {
        world->set(p);
        std::vector<double> column(y.size()); // first the derivative by time, which is zero
        world->instance.system.jacobian(0, y, by_y, column);
        for (std::size_t k = 0; k < world->free.size(); ++k) {
            world->instance.rates_by(y, world->free[k], column);
            for (std::size_t i = 0; i < y.size(); ++i) {
                by_p[i * world->free.size() + k] = column[i];
            }
        }
    };
    for (const model::Description& species : scenario.model->species) {
        family.scale.push_back(species.value > 0 ? species.value : 1);
    }
    family.parameter_scale.assign(free.size(), 1);
    return family;
}

bool is_possible(const Scenario& scenario, std::span<const double> state)
{
    constexpr double rounding = 1e-9;
    const auto& species = scenario.model->species;
    for (std::size_t i = 0; i < species.size(); ++i) {
        if (!(state[i] >= species[i].range.low - rounding * (species[i].value > 0 ? species[i].value : 1))) {
            return false;
        }
    }
    return true;
}

StateReader::StateReader(const Scenario& scenario, const std::vector<double>& settings)
    : model_(scenario.model), settings_(settings), instance_(scenario.model->make())
{
    instance_.set(settings_);
    const auto onset = std::ranges::find(model_->summaries, model::SummaryKind::first_above, &model::Summary::kind);
    if (onset != model_->summaries.end()) {
        const std::size_t species = index_of(model_->species, onset->of);
        const std::size_t n_species = model_->species.size();
        quantity_ = species < n_species ? species : n_species + index_of(model_->readouts, onset->of);
        level_ = index_of(model_->settings, onset->level);
    }
}

std::vector<double> StateReader::readouts(std::span<const double> state) const
{
    std::vector<double> observables(model_->readouts.size() + model_->fluxes.size());
    instance_.observe(state, observables);
    observables.resize(model_->readouts.size());
    return observables;
}

double StateReader::excess(std::span<const double> state) const
{
    if (!level_) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const std::size_t n_species = model_->species.size();
    return (quantity_ < n_species ? state[quantity_] : readouts(state)[quantity_ - n_species]) - settings_[*level_];
}

void StateReader::set(std::size_t setting, double value)
{
    settings_[setting] = value;
    instance_.set(settings_);
}

std::vector<std::string> telling_quantities(const ModelEntry& model)
{
    if (model.name == "niche") {
        return {"swelling", "il1b", "il10", "osteoclasts", "bone"};
    }
    std::vector<std::string> names = names_of(model.species);
    names.resize(std::min<std::size_t>(names.size(), 5));
    return names;
}

} // namespace osteoflare::scenarios
