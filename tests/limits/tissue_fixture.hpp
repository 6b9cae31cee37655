#pragma once

#include "scenarios/catalogue.hpp"
#include "scenarios/spatial/tissue.hpp"

#include "catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

/// Small tissues with parameters of one's choice, without a scenario around them.
namespace osteoflare::tests {

using model::agents::Cell;
using scenarios::spatial::Tissue;
using scenarios::spatial::TissuePlan;

inline const scenarios::ModelEntry& agents_model()
{
    const auto& all = scenarios::models();
    return *std::ranges::find(all, "agents", &scenarios::ModelEntry::name);
}

struct TissueSettings {
    std::vector<double> settings = agents_model().default_settings();
    std::vector<double> start = agents_model().start_state();

    TissueSettings& set(const std::string& name, double value)
    {
        const std::size_t index = scenarios::index_of(agents_model().settings, name);
        REQUIRE(index < settings.size());
        settings[index] = value;
        return *this;
    }
    TissueSettings& begin_with(const std::string& name, double value)
    {
        const std::size_t index = scenarios::index_of(agents_model().species, name);
        REQUIRE(index < start.size());
        start[index] = value;
        return *this;
    }
    double operator[](const std::string& name) const
    {
        return settings[scenarios::index_of(agents_model().settings, name)];
    }
    Tissue make(const TissuePlan& plan, std::uint64_t seed = 1) const { return {plan, settings, start, seed}; }
};

inline std::size_t count(const Tissue& tissue, Cell kind)
{
    return tissue.counts()[static_cast<std::size_t>(kind)];
}

} // namespace osteoflare::tests
