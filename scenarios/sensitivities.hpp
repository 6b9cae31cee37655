#pragma once

#include "scenarios/scenario.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// How a quantity acts on a run: through the settings that follow it, phase by phase, and through the moments it moves.
namespace osteoflare::scenarios {

/// The settings that may follow a quantity.
std::vector<std::uint16_t> settings_of(const Sensitivity& quantity, std::span<const Intervention> interventions);

/// Which of `settings_of` follow the quantity from `at` until the next turn: bit i stands for the i-th.
std::uint32_t follows(const Sensitivity& quantity, std::span<const std::uint16_t> settings,
                      std::span<const Intervention> interventions, Tick at, Tick run_end);

/// If the quantity moves what happens at `at`: the settings that would rule there if it happened a little later. `now`
/// rule from `at` on; `base` where nothing rules.
std::optional<std::vector<double>> instead(const Sensitivity& quantity, std::span<const Intervention> interventions,
                                           std::span<const double> base, std::span<const double> now, Tick at,
                                           Tick run_start, Tick run_end);

} // namespace osteoflare::scenarios
