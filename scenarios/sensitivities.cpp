#include "scenarios/sensitivities.hpp"

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

using Kind = Target::Kind;

double ruled(std::span<const Intervention> interventions, std::optional<std::size_t> ruler, std::size_t setting,
             std::span<const double> base)
{
    return ruler ? std::ranges::find(interventions[*ruler].sets, setting, &Assignment::setting)->value : base[setting];
}

} // namespace

std::vector<std::uint16_t> settings_of(const Sensitivity& quantity, std::span<const Intervention> interventions)
{
    std::vector<std::uint16_t> settings;
    if (quantity.target.kind == Kind::setting) {
        settings.push_back(static_cast<std::uint16_t>(quantity.target.index));
    } else if (quantity.target.kind == Kind::value) {
        for (const Assignment& assignment : interventions[quantity.target.index].sets) {
            if (assignment.is_exposure) {
                settings.push_back(static_cast<std::uint16_t>(assignment.setting));
            }
        }
    }
    return settings;
}

std::uint32_t follows(const Sensitivity& quantity, std::span<const std::uint16_t> settings,
                      std::span<const Intervention> interventions, Tick at, Tick run_end)
{
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const auto ruler = ruler_of(interventions, settings[i], at, run_end);
        const bool is_followed = quantity.target.kind == Kind::value ? ruler == quantity.target.index : !ruler;
        bits |= is_followed ? 1U << i : 0U;
    }
    return bits;
}

std::optional<std::vector<double>> instead(const Sensitivity& quantity, std::span<const Intervention> interventions,
                                           std::span<const double> base, std::span<const double> now, Tick at,
                                           Tick run_start, Tick run_end)
{
    const Target& target = quantity.target;
    if (target.kind != Kind::from && target.kind != Kind::until && target.kind != Kind::duration) {
        return std::nullopt;
    }
    const Intervention& moved = interventions[target.index];
    const bool begin_moves = target.kind == Kind::from;
    const bool end_moves = !begin_moves || moved.has_duration;
    const bool begins = begin_moves && at == std::max(moved.from, run_start);
    const bool ends = end_moves && moved.until == at;
    if (!begins && !ends) {
        return std::nullopt;
    }
    std::vector<double> settings(now.begin(), now.end());
    for (const Assignment& assignment : moved.sets) {
        const std::size_t setting = assignment.setting;
        if (begins && ruler_of(interventions, setting, at, run_end) == target.index) {
            const auto other = ruler_of(interventions, setting, at, run_end, target.index);
            settings[setting] = ruled(interventions, other, setting, base);
        } else if (ends && ruler_of(interventions, setting, at - 1, run_end) == target.index) {
            settings[setting] = assignment.value;
        }
    }
    return settings;
}

} // namespace osteoflare::scenarios
