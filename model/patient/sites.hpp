#pragma once

#include <array>
#include <string_view>

namespace osteoflare::model::patient {

/// A bone site where CNO is looked for. Both shares are of all 24 sites and sum to 1.
struct SiteEntry {
    std::string_view name;
    double trigger_share = 0; ///< of micro-injuries
    double volume_share = 0;  ///< of marrow
};

namespace detail {

/// Guesses, made once with an eye on which bones fall ill (the former) and on anatomy (the latter), in units of their
/// own. The specification prints the shares to three digits; these are the round numbers that give all printed
/// digits, and the further ones that its check points show (0.079143, 0.046555, 0.060521).
inline constexpr std::array site_weights = {
    SiteEntry{"distal_femur_left", 3.8, 17},
    SiteEntry{"distal_femur_right", 3.8, 17},
    SiteEntry{"proximal_femur_left", 2.2, 16},
    SiteEntry{"proximal_femur_right", 2.2, 16},
    SiteEntry{"proximal_tibia_left", 3.4, 15},
    SiteEntry{"proximal_tibia_right", 3.4, 15},
    SiteEntry{"distal_tibia_left", 4.2, 10},
    SiteEntry{"distal_tibia_right", 4.2, 10},
    SiteEntry{"distal_fibula_left", 1.6, 2.4},
    SiteEntry{"distal_fibula_right", 1.6, 2.4},
    SiteEntry{"foot_left", 2.4, 7},
    SiteEntry{"foot_right", 2.4, 7},
    SiteEntry{"pelvis_left", 2, 16},
    SiteEntry{"pelvis_right", 2, 16},
    SiteEntry{"clavicle_left", 1.3, 1.6},
    SiteEntry{"clavicle_right", 1.3, 1.6},
    SiteEntry{"proximal_humerus_left", 0.9, 6},
    SiteEntry{"proximal_humerus_right", 0.9, 6},
    SiteEntry{"distal_radius_left", 0.8, 2.4},
    SiteEntry{"distal_radius_right", 0.8, 2.4},
    SiteEntry{"sacrum", 1.2, 7},
    SiteEntry{"spine", 2.2, 13},
    SiteEntry{"mandible", 0.5, 2},
    SiteEntry{"sternum_ribs", 0.7, 6},
};

constexpr auto shares_of_all(auto entries)
{
    double triggers = 0, volume = 0;
    for (const SiteEntry& entry : entries) {
        triggers += entry.trigger_share;
        volume += entry.volume_share;
    }
    for (SiteEntry& entry : entries) {
        entry.trigger_share /= triggers;
        entry.volume_share /= volume;
    }
    return entries;
}

} // namespace detail

/// The 24 sites, left before right. All numbers assumed.
inline constexpr std::array sites = detail::shares_of_all(detail::site_weights);

} // namespace osteoflare::model::patient
