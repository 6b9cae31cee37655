#pragma once

#include "model/description.hpp"

#include <array>
#include <string_view>

namespace osteoflare::model::patient {

/// A parameter of the niche whose value differs between people and mice. An empty meaning keeps the niche's.
struct HumanValue {
    std::string_view name;
    double value = 0;
    Origin origin = Origin::calibrated;
    std::string_view meaning = {};
};

/// What is calibrated here was tuned together, once, against published figures of the clinic: 29 numbers against 19
/// figures, so that many other sets would do as well (docs/theory/patient.md). All other parameters keep the mouse's
/// values.
inline constexpr std::array human_values = {
    // Life course: no child is weaned here
    HumanValue{"weaning_tone", 1, Origin::literature_range, "tone aimed at: an adult's, from the start"},
    // Blood, marrow, plasma
    HumanValue{"blood_neutrophils_healthy", 4000, Origin::literature_range, "a healthy child's blood neutrophils"},
    HumanValue{"blood_monocytes_healthy", 450, Origin::literature_range, "a healthy child's blood monocytes"},
    HumanValue{"blood_neutrophil_loss", 1.04, Origin::literature_range, "half-life 16 h"},
    HumanValue{"blood_monocyte_loss", 1, Origin::literature_range, "half-life 17 h"},
    HumanValue{"acute_phase_turnover", 0.88, Origin::literature_range, "half-life 19 h (CRP)"},
    HumanValue{"acute_phase_gain", 400, Origin::assumed},
    HumanValue{"acute_phase_half", 3.12, Origin::calibrated},
    // Bone: slower than a mouse's
    HumanValue{"osteoclast_loss", 0.0714, Origin::literature_range, "half-life 9.7 d"},
    HumanValue{"precursor_exchange", 0.15, Origin::assumed},
    HumanValue{"rankl_turnover", 0.2, Origin::assumed},
    HumanValue{"osteoblast_commitment", 0.04, Origin::assumed},
    HumanValue{"osteoblast_maturation", 0.0111, Origin::literature_range},
    HumanValue{"bone_turnover", 0.001, Origin::literature_range},
    HumanValue{"reactive_formation", 0.002, Origin::assumed},
    HumanValue{"reactive_remodelling", 0.0012, Origin::assumed},
    // The imbalance of CNO monocytes
    HumanValue{"il10_competence", 0.247, Origin::calibrated},
    HumanValue{"il1b_gene", 2.65, Origin::calibrated,
               "IL-1beta production, fold of healthy (IL1B is less methylated in CNO)"},
    // TNF
    HumanValue{"tnf_macrophage", 0.102, Origin::calibrated},
    HumanValue{"tnf_neutrophil", 0.472, Origin::calibrated},
    HumanValue{"tnf_half", 4.8, Origin::calibrated},
    HumanValue{"nfkb_tnf", 0.1, Origin::calibrated},
    HumanValue{"nfkb_damage", 1.46, Origin::calibrated},
    // Recruitment
    HumanValue{"pge2_vascular", 0.544, Origin::calibrated},
    HumanValue{"cxcl1_stroma", 0.54, Origin::calibrated},
    HumanValue{"cxcl1_damage", 0.665, Origin::calibrated},
    HumanValue{"cxcl1_tnf", 0.269, Origin::calibrated},
    // Slow memory of a site
    HumanValue{"priming_tnf", 0.284, Origin::calibrated},
    HumanValue{"priming_il1", 1.53, Origin::calibrated},
    HumanValue{"priming_time", 335, Origin::calibrated},
    HumanValue{"training_gain", 7.56, Origin::calibrated},
    HumanValue{"training_time", 295, Origin::calibrated},
};

/// The niche's entry with the value, origin and meaning that people have.
constexpr Description in_people(Description entry)
{
    for (const HumanValue& human : human_values) {
        if (human.name == entry.name) {
            entry.value = human.value;
            entry.origin = human.origin;
            entry.meaning = human.meaning.empty() ? entry.meaning : human.meaning;
        }
    }
    return entry;
}

} // namespace osteoflare::model::patient
