#pragma once

#include "model/description.hpp"

/// The niche in space: cells that move, cytokines that diffuse, a surface of bone. Theory: docs/theory/agents.md.
namespace osteoflare::model::agents {

inline constexpr Range cell_diameter{1, 20}, footprint_diameter{1, 500};

/// What space adds to the niche's parameters, in the units that `visit` gives. All rates of cells are the niche's.
template <class Real>
struct Parameters {
    // Diffusion
    Real cytokine_diffusion, pge2_diffusion, ros_diffusion, damage_diffusion;
    // What cells feel of each other
    Real sensing_turnover, engulfment;
    // Motion
    Real neutrophil_speed, macrophage_speed, precursor_speed, osteoclast_speed, neutrophil_persistence,
        crawling_persistence, osteoclast_persistence, chemotaxis_gain, precursor_homing, settling_time;
    // Sizes
    Real stroma_diameter, neutrophil_diameter, macrophage_diameter, precursor_diameter, osteoblast_diameter,
        osteoclast_diameter_least, osteoclast_diameter_most, nuclei_least, nuclei_most;
    // Tissue
    Real vessel_distance, injury_radius, precursors_healthy, osteoblasts_healthy, fusion_distance, nuclei_gain,
        perforation_height;

    /// The one list of them: calls see(field, Description) for each, in the order of declaration.
    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.cytokine_diffusion, {"cytokine_diffusion", "D", "um^2/s", 10, positive, Origin::literature_range, "diffusion of cytokines in marrow (5 to 50), and of what cells feel of each other"});
        see(self.pge2_diffusion, {"pge2_diffusion", "D_H", "um^2/s", 300, positive, Origin::literature_range, "diffusion of PGE2"});
        see(self.ros_diffusion, {"ros_diffusion", "D_O", "um^2/s", 10, positive, Origin::assumed, "diffusion of superoxide and what follows from it, scavenged on the way"});
        see(self.damage_diffusion, {"damage_diffusion", "D_D", "um^2/s", 1, positive, Origin::assumed, "diffusion of damage: chromatin, crystals, what is bound to debris"});

        see(self.sensing_turnover, {"sensing_turnover", "k_s", "1/d", 144, positive, Origin::assumed, "turnover of what cells feel of each other's density (10 min; with cytokine_diffusion 77 um far)"});
        see(self.engulfment, {"engulfment", "k_e", "1/d", 24, positive, Origin::assumed, "uptake of a dead neutrophil by macrophages (1 h)"});

        see(self.neutrophil_speed, {"neutrophil_speed", "v_n", "um/min", 10, non_negative, Origin::literature_range, "speed of a neutrophil (10 to 20)"});
        see(self.macrophage_speed, {"macrophage_speed", "v_m", "um/min", 1.5, non_negative, Origin::literature_range, "speed of a macrophage (1 to 3)"});
        see(self.precursor_speed, {"precursor_speed", "v_q", "um/min", 4, non_negative, Origin::literature_range, "speed of a monocyte or osteoclast precursor (3 to 6)"});
        see(self.osteoclast_speed, {"osteoclast_speed", "v_c", "um/min", 0.07, non_negative, Origin::assumed, "speed of an osteoclast on bone (100 um/d)"});
        see(self.neutrophil_persistence, {"neutrophil_persistence", "tau_n", "min", 3, positive, Origin::assumed, "mean time between a neutrophil's turns"});
        see(self.crawling_persistence, {"crawling_persistence", "tau_m", "min", 10, positive, Origin::assumed, "mean time between turns of macrophages and precursors"});
        see(self.osteoclast_persistence, {"osteoclast_persistence", "tau_c", "min", 1440, positive, Origin::assumed, "mean time between an osteoclast's turns"});
        see(self.chemotaxis_gain, {"chemotaxis_gain", "g_x", "1", 100, non_negative, Origin::assumed, "bias of turns per difference in receptor occupancy across a cell (half of all bias at 1 %)"});
        see(self.precursor_homing, {"precursor_homing", "g_q", "1", 0.3, share, Origin::assumed, "bias of precursors' turns towards bone under full RANKL"});
        see(self.settling_time, {"settling_time", "tau_s", "min", 1, positive, Origin::assumed, "time in which overlaps of cells vanish"});

        see(self.stroma_diameter, {"stroma_diameter", "d_s", "um", 12, cell_diameter, Origin::assumed, "diameter of a stromal cell's body"});
        see(self.neutrophil_diameter, {"neutrophil_diameter", "d_n", "um", 8, cell_diameter, Origin::literature_range, "diameter of a neutrophil"});
        see(self.macrophage_diameter, {"macrophage_diameter", "d_m", "um", 20, cell_diameter, Origin::literature_range, "diameter of a macrophage"});
        see(self.precursor_diameter, {"precursor_diameter", "d_q", "um", 11, cell_diameter, Origin::literature_range, "diameter of a monocyte or osteoclast precursor"});
        see(self.osteoblast_diameter, {"osteoblast_diameter", "d_b", "um", 18, cell_diameter, Origin::literature_range, "diameter of an osteoblast"});
        see(self.osteoclast_diameter_least, {"osteoclast_diameter_least", "d_c", "um", 30, footprint_diameter, Origin::literature_range, "diameter of an osteoclast with the fewest nuclei"});
        see(self.osteoclast_diameter_most, {"osteoclast_diameter_most", "d_C", "um", 100, footprint_diameter, Origin::literature_range, "diameter of an osteoclast with the most nuclei"});
        see(self.nuclei_least, {"nuclei_least", "n_c", "1", 3, positive, Origin::literature_range, "nuclei of the smallest osteoclast"});
        see(self.nuclei_most, {"nuclei_most", "n_C", "1", 20, positive, Origin::literature_range, "nuclei of the largest osteoclast"});

        see(self.vessel_distance, {"vessel_distance", "l_v", "um", 100, positive, Origin::assumed, "distance of sinusoids, which run straight along y"});
        see(self.injury_radius, {"injury_radius", "l_j", "um", 200, positive, Origin::assumed, "radius of the place that an injury hurts, in the middle of the box"});
        see(self.precursors_healthy, {"precursors_healthy", "Q_0", "cell/uL", 2000, positive, Origin::assumed, "osteoclast precursors in healthy marrow"});
        see(self.osteoblasts_healthy, {"osteoblasts_healthy", "B_0", "cell/uL", 5000, positive, Origin::assumed, "osteoblasts on a healthy site's bone, per marrow"});
        see(self.fusion_distance, {"fusion_distance", "l_f", "um", 50, positive, Origin::assumed, "distance from which precursors fuse with a new osteoclast"});
        see(self.nuclei_gain, {"nuclei_gain", "k_n", "1/d", 0.5, non_negative, Origin::assumed, "nuclei that an osteoclast gains by fusion, at healthy density of precursors"});
        see(self.perforation_height, {"perforation_height", "h_p", "um", 2, non_negative, Origin::assumed, "bone thinner than this counts as perforated"});
        // clang-format on
    }
};

} // namespace osteoflare::model::agents
