#pragma once

#include "model/agents/parameters.hpp"
#include "model/niche/niche.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

/// What each kind of cell does, as pure functions of what it perceives: rates per day and cell. Whether an event
/// happens in a step, and where, is the engine's business. Theory: docs/theory/agents.md.
///
/// The equations are the niche's. Its fluxes are per volume; a site that holds one cell per microlitre under the
/// signals of a place has, as fluxes, what one cell does there.
namespace osteoflare::model::agents {

using Site = niche::Site<double>;
using Signals = niche::Signals<double>;
using Circulation = niche::Circulation<double>;

enum class Cell : std::uint8_t { stroma, neutrophil, macrophage, osteoclast_precursor, osteoclast, osteoblast };
inline constexpr std::size_t n_cell_kinds = 6;
inline constexpr std::string_view cell_names[n_cell_kinds] = {
    "stroma", "neutrophil", "macrophage", "osteoclast_precursor", "osteoclast", "osteoblast"};

/// Everything constant between events.
struct World {
    niche::Parameters<double> niche;
    niche::Inputs<double> inputs;
    Parameters<double> space;
};

/// What there is at one place: concentrations, the density of cells as others feel it, the stroma's state, and what
/// flows.
struct Surroundings {
    Site site;                    ///< neutrophils, macrophages, osteoclasts as felt [cell/uL]
    Signals signals;              ///< that follow from it
    double dying_neutrophils = 0; ///< as macrophages meet them [cell/uL/d]
};

inline Surroundings perceive(const Circulation& blood, const Site& site, double dying_neutrophils, const World& world)
{
    return {site, niche::signals(blood, site, world.inputs, world.niche), dying_neutrophils};
}

/// The same place with one cell per microlitre of one kind and none of the others: theory eq. (A1).
inline Site with_one(const Surroundings& place, double Site::*kind)
{
    Site one = place.site;
    one.neutrophils = one.macrophages = one.osteoclasts = 0;
    one.*kind = 1;
    return one;
}

/// What happens to pro-IL-1beta at a place, whoever holds it [1/d].
struct Ripening {
    double ripening = 0, decay = 0;
};
inline Ripening ripening(const Surroundings& place, const World& world)
{
    const auto processing = niche::il1_processing(place.site, place.signals, world.niche);
    return {processing.casp1 + processing.casp8 + processing.serine, world.niche.pro_il1b_decay};
}

/// A neutrophil: amounts in pM uL/d (superoxide: uL/d), events in 1/d.
struct Neutrophil {
    double pro_il1b = 0, tnf = 0, ros = 0;
    double death = 0, killing = 0; ///< the first leaves damage and a corpse
};
inline Neutrophil neutrophil(const Circulation& blood, const Surroundings& place, const World& world)
{
    const Site one = with_one(place, &Site::neutrophils);
    const auto cells = niche::cell_fluxes(blood, one, place.signals, world.inputs, world.niche);
    const auto mediators = niche::mediator_fluxes(blood, one, place.signals, world.inputs, world.niche);
    return {
        .pro_il1b = niche::il1_fluxes(blood, one, place.signals, world.niche).pro_il1b_synthesis_neutrophil,
        .tnf = mediators.tnf_neutrophil_secretion,
        .ros = mediators.ros_release,
        .death = cells.neutrophil_death,
        .killing = cells.neutrophil_killing,
    };
}

/// Damage that one dying neutrophil leaves [uL]: theory eq. (A8).
inline double damage_of_death(const World& world)
{
    return world.niche.damage_neutrophil * partly(world.niche.damage_mast_cells, world.niche.mast_cells);
}

/// A macrophage: amounts in pM uL/d, its loss in 1/d.
struct Macrophage {
    double pro_il1b = 0, il1ra = 0, il10 = 0, tnf = 0, il6 = 0, cxcl1 = 0, ccl2 = 0;
    double loss = 0;
};
inline Macrophage macrophage(const Circulation& blood, const Surroundings& place, const World& world)
{
    const Site one = with_one(place, &Site::macrophages);
    const auto cells = niche::cell_fluxes(blood, one, place.signals, world.inputs, world.niche);
    const auto il1 = niche::il1_fluxes(blood, one, place.signals, world.niche);
    const auto il10 = niche::il10_fluxes(one, place.signals, place.dying_neutrophils, world.niche);
    const auto mediators = niche::mediator_fluxes(blood, one, place.signals, world.inputs, world.niche);
    return {
        .pro_il1b = il1.pro_il1b_synthesis_macrophage,
        .il1ra = il1.il1ra_secretion,
        .il10 = il10.il10_macrophage_secretion + il10.il10_efferocytic_secretion,
        .tnf = mediators.tnf_macrophage_secretion,
        .il6 = mediators.il6_macrophage_secretion,
        .cxcl1 = mediators.cxcl1_macrophage_secretion,
        .ccl2 = mediators.ccl2_macrophage_secretion,
        .loss = cells.macrophage_death + cells.macrophage_killing,
    };
}

/// A stromal cell: amounts in pM uL/d (PGE2: uL/d), and how its state moves [1/d].
struct Stroma {
    double il10 = 0, il6 = 0, cxcl1 = 0, ccl2 = 0, pge2 = 0;
    double priming_approach = 0, rankl_approach = 0, training_approach = 0;
};
inline Stroma stroma(const Circulation& blood, const Surroundings& place, const World& world)
{
    // Those that are left when an event takes the stroma away do nothing.
    const double density = world.niche.stroma > 0 ? world.niche.stroma : std::numeric_limits<double>::infinity();
    const auto il10 = niche::il10_fluxes(place.site, place.signals, 0.0, world.niche);
    const auto mediators = niche::mediator_fluxes(blood, place.site, place.signals, world.inputs, world.niche);
    const auto bone = niche::bone_fluxes(blood, place.site, place.signals, world.inputs, world.niche);
    return {
        .il10 = il10.il10_basal_secretion / density, // (A12)
        .il6 = mediators.il6_stroma_secretion / density,
        .cxcl1 = mediators.cxcl1_stroma_secretion / density,
        .ccl2 = mediators.ccl2_stroma_secretion / density,
        .pge2 = mediators.pge2_synthesis / density,
        .priming_approach = mediators.stromal_priming_approach, // (A11)
        .rankl_approach = bone.rankl_approach,
        .training_approach = il10.il10_training_approach,
    };
}

/// What marrow does without cells: per volume and day. Of the surroundings, damage and macrophages count.
struct Background {
    double damage = 0; ///< wear, less what macrophages help to clear [1/d]
    double il1ra = 0;  ///< from plasma [pM/d]
};
inline Background background(const Circulation& blood, const Surroundings& place, const World& world)
{
    const auto cells = niche::cell_fluxes(blood, place.site, place.signals, world.inputs, world.niche);
    const double alone = world.niche.damage_clearance * place.site.damage;
    return {.damage = cells.damage_by_wear - (cells.damage_removal - alone), // (A9)
            .il1ra = niche::il1_fluxes(blood, place.site, place.signals, world.niche).il1ra_entry};
}

/// Cells that leave a vessel, per volume of marrow that it supplies [cell/uL/d].
struct Arrivals {
    double neutrophils = 0, macrophages = 0, precursors = 0;
};
inline Arrivals arrivals(const Circulation& blood, const Surroundings& place, const World& world)
{
    const auto cells = niche::cell_fluxes(blood, place.site, place.signals, world.inputs, world.niche);
    const auto& p = world.niche;
    return {.neutrophils = cells.neutrophil_influx, // (A13)
            .macrophages = cells.macrophage_influx,
            .precursors = p.precursor_exchange * world.space.precursors_healthy * blood.blood_monocytes
                          / p.blood_monocytes_healthy}; // (A14)
}

/// Resident macrophages that divide [cell/uL/d].
inline double macrophage_renewal(const World& world)
{
    return world.niche.macrophage_loss * world.niche.macrophages_resident; // (A15)
}

/// Bias of turns up a gradient: from the difference in receptor occupancy across the cell.
inline double chemotaxis(double concentration, double gradient, double half, double diameter, double gain)
{
    const double difference = gain * diameter * std::abs(gradient) * half / square(half + concentration); // (A18)
    return difference / (1 + difference);
}

/// Bias of a precursor's turns towards bone.
inline double homing(const Surroundings& place, const World& world)
{
    return world.space.precursor_homing * saturating(place.site.rankl_ratio, 1.0); // (A19)
}

/// What happens on a piece of bone's surface. Densities are per volume of healthy marrow, bone is relative to healthy
/// bone; all per day.
struct Surface {
    double osteoclasts = 0;                 ///< formed [cell/uL/d]
    double osteoclast_loss = 0, nuclei = 0; ///< of one, and what it gains
    double resorption = 0;                  ///< by one osteoclast per microlitre, of bone that is all there
    double resorption_damage = 0;           ///< damage that one osteoclast sets free [uL/d]
    double precursor_approach = 0;          ///< of the local osteoblast precursors
    double osteoblasts = 0;                 ///< that mature, of the healthy density
    double osteoblast_loss = 0;             ///< of one
    double reactive_formation = 0, reactive_removal = 0;
};
/// `place.site` holds the local osteoclasts and precursors as felt, osteoblast precursors and reactive bone.
inline Surface surface(const Circulation& blood, const Surroundings& place, const World& world)
{
    const auto& p = world.niche;
    Site one = with_one(place, &Site::osteoclasts);
    one.bone = 1;
    Site bare = place.site;
    bare.osteoblasts = 0;
    const auto of_one = niche::bone_fluxes(blood, one, place.signals, world.inputs, p);
    const auto here = niche::bone_fluxes(blood, bare, place.signals, world.inputs, p);
    return {
        .osteoclasts = here.osteoclast_formation, // (A24)
        .osteoclast_loss = of_one.osteoclast_death,
        .nuclei = world.space.nuclei_gain * place.site.osteoclast_precursors,
        .resorption = of_one.bone_resorption,
        .resorption_damage = niche::cell_fluxes(blood, one, place.signals, world.inputs, p).damage_by_resorption,
        .precursor_approach = here.osteoblast_precursor_approach, // (A25)
        .osteoblasts = here.osteoblast_approach,
        .osteoblast_loss = p.osteoblast_maturation,
        .reactive_formation = here.reactive_bone_formation, // (A26)
        .reactive_removal = here.reactive_bone_removal,
    };
}

/// Bone laid by osteoblasts of the healthy density, fold of healthy bone [1/d].
inline double formation(const World& world)
{
    return world.niche.bone_turnover;
}

/// Diameter of an osteoclast with so many nuclei [um]: theory eq. (A27).
inline double osteoclast_diameter(double nuclei, const Parameters<double>& space)
{
    const double span = std::max(space.nuclei_most - space.nuclei_least, 1e-9);
    const double grown = std::clamp((nuclei - space.nuclei_least) / span, 0.0, 1.0);
    return space.osteoclast_diameter_least + grown * (space.osteoclast_diameter_most - space.osteoclast_diameter_least);
}

} // namespace osteoflare::model::agents
