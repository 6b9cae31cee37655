#pragma once

#include "model/description.hpp"
#include "model/vanishing.hpp"

namespace osteoflare::model::niche {

/// pM d⁻¹ per (molecule cell⁻¹ s⁻¹ × cell µL⁻¹): seconds per day over molecules per mole, per litre of a microlitre.
/// 86400/6.022e23/1e-6*1e12 = 0.14347, rounded to the 0.1435 with which the model was calibrated and its check points
/// were computed (docs/decisions/0002-molar.md).
inline constexpr double molar_conversion = 0.1435;

/// With inputs up to 2 per day, the aim of marrow output, 1 - marrow_csf1r*csf1r_inhibition, stays above zero.
inline constexpr Range marrow_csf1r_range{0, 0.5};

/// Everything that is constant between events, in the units that `visit` gives.
/// The digits of origin `calibrated` were tuned once against the phenotypes of the mouse models; none was measured.
template <class Real>
struct Parameters {
    // Genotype
    Real pstpip2_il1b, pstpip2_ros, pstpip2_progenitor, il1b_gene, il1a_gene, il1r1_stroma, il1r1_myeloid, il1rn_gene,
        il10_gene, il10_competence, tnf_gene, il6_gene, nlrp3_gene, casp1_gene, casp8_gene, serine_protease_gene,
        syk_gene, cybb_gene, cox2_gene, mast_cells, microbiota;
    // Life course
    Real weaning_tone, tone_maturation_time;
    // Circulation
    Real marrow_adaptation_time, progenitor_expansion, emergency_gain, emergency_half, emergency_il6, marrow_csf1r,
        blood_neutrophils_healthy, blood_neutrophil_loss, blood_monocytes_healthy, blood_monocyte_loss;
    // Neutrophils and macrophages
    Real neutrophil_recruitment, neutrophil_capacity, cxcl1_half, neutrophil_loss, tissue_neutrophil_depletion,
        il1_neutrophil_survival, pge2_vascular, macrophages_resident, macrophage_recruitment, ccl2_half,
        macrophage_loss, macrophage_csf1r;
    // Damage
    Real damage_basal, damage_neutrophil, damage_mast_cells, damage_resorption, damage_clearance, efferocytosis_gain,
        efferocytosis_half;
    // Myeloid NF-kB
    Real nfkb_microbial, nfkb_damage, nfkb_il1, nfkb_tnf;
    // IL-1beta and its antagonist
    Real pro_il1b_neutrophil, pstpip2_gain, pstpip2_gain_macrophage, pro_il1b_mast_cells, pro_il1b_macrophage,
        pro_il1b_decay, casp1_processing, casp1_basal, casp1_without_nlrp3, casp8_processing, casp8_basal,
        serine_processing, serine_half, il1b_clearance, il1a_release, il1_half, il1ra_affinity, il1ra_plasma,
        il1ra_acute_phase, il1ra_macrophage, il1ra_il10, il1ra_clearance;
    // IL-10
    Real il10_basal, il10_macrophage, il10_efferocytosis, efferocytosis_flux_half, il10_pge2, il10_erk_free,
        il10_clearance, il10_half, il10_residual, training_gain, training_time;
    // TNF and IL-6
    Real tnf_macrophage, tnf_gain_pstpip2, tnf_neutrophil, tnf_clearance, tnf_half, il6_stroma, il6_il1, il6_tnf,
        il6_macrophage, il6_clearance, il6_half;
    // Chemokines and stroma
    Real stroma, cxcl1_stroma, cxcl1_basal, cxcl1_basal_weight, cxcl1_microbial, cxcl1_damage, cxcl1_tnf,
        cxcl1_macrophage, stromal_il10, cxcl1_clearance, priming_il1, priming_tnf, priming_time, ccl2_stroma,
        ccl2_basal, ccl2_il1, ccl2_tnf, ccl2_macrophage, ccl2_pstpip2, ccl2_clearance;
    // Prostaglandin and superoxide
    Real pge2_basal, pge2_il1, pge2_tnf, pge2_nfkb, pge2_turnover, ros_neutrophil, ros_pstpip2, ros_turnover, ros_half;
    // RANKL and osteoclasts
    Real rankl_turnover, rankl_il1, rankl_tnf, rankl_il6, rankl_pge2, rank_without_ros, rank_ros, rank_half,
        precursor_exchange, precursor_saturation, osteoclast_loss, osteoclasts_healthy, osteoclast_il1_survival,
        formation_pstpip2, formation_tnf, formation_il1, formation_il10, resorption_ros;
    // Osteoblasts and bone
    Real osteoblast_commitment, coupling, coupling_saturation, osteoblast_maturation, osteoblast_inhibition,
        osteoblast_inhibition_tnf, osteoblast_inhibition_il1, bone_turnover, reactive_formation, reactive_half,
        reactive_remodelling;
    // Plasma
    Real spillover, plasma_il6_clearance, acute_phase_gain, acute_phase_half, acute_phase_turnover;
    // Read-outs and units
    Real swelling_neutrophils, swelling_macrophages, onset_swelling, molar;

    // What a patient has and the mouse lacks (model/patient/parameters.hpp); in no list of the mouse
    static constexpr One site_susceptibility{};
    static constexpr Zero nfkb_pge2{}, damage_oxidised_matrix{}, priming_systemic{}, priming_systemic_half{},
        bisphosphonate_killing_max{}, bisphosphonate_block_max{}, bisphosphonate_myeloid_max{}, bisphosphonate_half{};

    /// The one list of parameters: calls see(field, Description) for each, in the order of declaration.
    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        // Genotype
        see(self.pstpip2_il1b, {"pstpip2_il1b", "pi_1", "1", 1, share, Origin::genotype, "PSTPIP2's restraint of pro-IL-1beta (0 in Pstpip2^cmo)"});
        see(self.pstpip2_ros, {"pstpip2_ros", "pi_R", "1", 1, share, Origin::genotype, "PSTPIP2's restraint of superoxide (through PEST phosphatases)"});
        see(self.pstpip2_progenitor, {"pstpip2_progenitor", "pi_O", "1", 1, share, Origin::genotype, "PSTPIP2's restraint of CSF-1R-driven progenitors and osteoclasts"});
        see(self.il1b_gene, {"il1b_gene", "g_1b", "1", 1, gene_dose, Origin::genotype, "Il1b gene dose"});
        see(self.il1a_gene, {"il1a_gene", "g_1a", "1", 1, gene_dose, Origin::genotype, "Il1a gene dose"});
        see(self.il1r1_stroma, {"il1r1_stroma", "g_rs", "1", 1, gene_dose, Origin::genotype, "Il1r1 on radioresistant cells (stroma, endothelium, osteoblasts)"});
        see(self.il1r1_myeloid, {"il1r1_myeloid", "g_rm", "1", 1, gene_dose, Origin::genotype, "Il1r1 on haematopoietic cells"});
        see(self.il1rn_gene, {"il1rn_gene", "g_ra", "1", 1, gene_dose, Origin::genotype, "Il1rn (IL-1Ra) gene dose"});
        see(self.il10_gene, {"il10_gene", "g_10", "1", 1, gene_dose, Origin::genotype, "Il10 gene dose"});
        see(self.il10_competence, {"il10_competence", "e", "1", 1, gene_dose, Origin::genotype, "ERK1/2-Sp1-H3S10 competence of IL-10 induction (below 1 in CNO monocytes)"});
        see(self.tnf_gene, {"tnf_gene", "g_F", "1", 1, gene_dose, Origin::genotype, "Tnf gene dose"});
        see(self.il6_gene, {"il6_gene", "g_6", "1", 1, gene_dose, Origin::genotype, "Il6 gene dose"});
        see(self.nlrp3_gene, {"nlrp3_gene", "g_n", "1", 1, gene_dose, Origin::genotype, "Nlrp3 gene dose"});
        see(self.casp1_gene, {"casp1_gene", "g_c1", "1", 1, gene_dose, Origin::genotype, "Casp1 gene dose"});
        see(self.casp8_gene, {"casp8_gene", "g_c8", "1", 1, gene_dose, Origin::genotype, "Casp8 (with Ripk3 removed) gene dose"});
        see(self.serine_protease_gene, {"serine_protease_gene", "g_sp", "1", 1, gene_dose, Origin::genotype, "neutrophil serine proteases (elastase, PR3)"});
        see(self.syk_gene, {"syk_gene", "g_s", "1", 1, gene_dose, Origin::genotype, "Syk in haematopoietic cells"});
        see(self.cybb_gene, {"cybb_gene", "g_x", "1", 1, gene_dose, Origin::genotype, "Cybb (NADPH oxidase 2)"});
        see(self.cox2_gene, {"cox2_gene", "g_h", "1", 1, gene_dose, Origin::genotype, "COX-2"});
        see(self.mast_cells, {"mast_cells", "g_m", "1", 1, gene_dose, Origin::genotype, "mast-cell compartment"});
        see(self.microbiota, {"microbiota", "mu", "1", 1, gene_dose, Origin::genotype, "load of inflammatory microbiota (diet, antibiotics, germ-free)"});

        // Life course
        see(self.weaning_tone, {"weaning_tone", "T_w", "1", 0.15, non_negative, Origin::life_course, "tone aimed at: 0.15 before weaning, 1 from weaning (day 21) on"});
        see(self.tone_maturation_time, {"tone_maturation_time", "tau_T", "d", 21.3, positive, Origin::calibrated, "maturation time of the microbial tone after weaning"});

        // Circulation
        see(self.marrow_adaptation_time, {"marrow_adaptation_time", "tau_E", "d", 39.3, positive, Origin::calibrated, "adaptation time of myeloid output"});
        see(self.progenitor_expansion, {"progenitor_expansion", "m_E", "1", 0.598, non_negative, Origin::calibrated, "expansion of output when PSTPIP2 is lost"});
        see(self.emergency_gain, {"emergency_gain", "e_G", "1", 1.63, non_negative, Origin::calibrated, "maximal gain of emergency granulopoiesis"});
        see(self.emergency_half, {"emergency_half", "K_G", "pM", 3, positive, Origin::calibrated, "systemic IL-1/IL-6 drive at half of that gain"});
        see(self.emergency_il6, {"emergency_il6", "w_6", "1", 0.3, share, Origin::assumed, "weight of IL-6 beside IL-1beta in the systemic drive of the marrow"});
        see(self.marrow_csf1r, {"marrow_csf1r", "x_E", "d", 0.5, marrow_csf1r_range, Origin::assumed, "marrow output lost per rate of CSF-1R inhibition"});
        see(self.blood_neutrophils_healthy, {"blood_neutrophils_healthy", "N_b0", "cell/uL", 1000, positive, Origin::literature_range, "healthy mouse blood neutrophils"});
        see(self.blood_neutrophil_loss, {"blood_neutrophil_loss", "d_Nb", "1/d", 1.4, non_negative, Origin::literature_range, "half-life 12 h"});
        see(self.blood_monocytes_healthy, {"blood_monocytes_healthy", "M_b0", "cell/uL", 250, positive, Origin::literature_range, "healthy mouse blood monocytes"});
        see(self.blood_monocyte_loss, {"blood_monocyte_loss", "d_Mb", "1/d", 0.83, non_negative, Origin::literature_range, "half-life 20 h"});

        // Neutrophils and macrophages
        see(self.neutrophil_recruitment, {"neutrophil_recruitment", "k_N", "cell/uL/d", 59400, non_negative, Origin::calibrated, "maximal recruitment of neutrophils"});
        see(self.neutrophil_capacity, {"neutrophil_capacity", "N_cap", "cell/uL", 150000, positive, Origin::calibrated, "crowding of the site by neutrophils"});
        see(self.cxcl1_half, {"cxcl1_half", "K_X", "pM", 84.3, positive, Origin::calibrated, "CXCL1/2 at half of maximal recruitment"});
        see(self.neutrophil_loss, {"neutrophil_loss", "d_N", "1/d", 0.9, non_negative, Origin::literature_range, "loss of tissue neutrophils (half-life 18 h)"});
        see(self.tissue_neutrophil_depletion, {"tissue_neutrophil_depletion", "x_Nt", "1", 0.7, share, Origin::assumed, "share of neutrophil depletion that reaches the tissue"});
        see(self.il1_neutrophil_survival, {"il1_neutrophil_survival", "f_N", "1", 0.292, share, Origin::calibrated, "share of that loss prevented by IL-1"});
        see(self.pge2_vascular, {"pge2_vascular", "h_P", "1", 0.4, non_negative, Origin::calibrated, "gain of recruitment by PGE2 (vasodilatation)"});
        see(self.macrophages_resident, {"macrophages_resident", "M_r", "cell/uL", 4500, non_negative, Origin::calibrated, "resident macrophages"});
        see(self.macrophage_recruitment, {"macrophage_recruitment", "k_M", "cell/uL/d", 4430, non_negative, Origin::calibrated, "maximal recruitment of monocyte-derived macrophages"});
        see(self.ccl2_half, {"ccl2_half", "K_Y", "pM", 80, positive, Origin::calibrated, "CCL2/3 at half of maximal recruitment"});
        see(self.macrophage_loss, {"macrophage_loss", "d_M", "1/d", 0.15, non_negative, Origin::literature_range, "loss of tissue macrophages (half-life 4.6 d)"});
        see(self.macrophage_csf1r, {"macrophage_csf1r", "x_CM", "1", 0.5, share, Origin::assumed, "share of CSF-1R inhibition that macrophages feel"});

        // Damage
        see(self.damage_basal, {"damage_basal", "delta_0", "1/d", 0.015, non_negative, Origin::calibrated, "basal release, mechanical microdamage"});
        see(self.damage_neutrophil, {"damage_neutrophil", "delta_N", "uL/cell", 1.42e-06, non_negative, Origin::calibrated, "release per neutrophil that dies"});
        see(self.damage_mast_cells, {"damage_mast_cells", "m_D", "1", 0.3, share, Origin::assumed, "share of damage release that needs mast cells"});
        see(self.damage_resorption, {"damage_resorption", "delta_C", "1/d", 0.005, non_negative, Origin::calibrated, "release by resorption at its healthy rate"});
        see(self.damage_clearance, {"damage_clearance", "d_D", "1/d", 1, non_negative, Origin::calibrated, "clearance without macrophages' help"});
        see(self.efferocytosis_gain, {"efferocytosis_gain", "e_f", "1", 1, non_negative, Origin::calibrated, "maximal gain of clearance by macrophages"});
        see(self.efferocytosis_half, {"efferocytosis_half", "K_ef", "cell/uL", 8000, positive, Origin::calibrated, "macrophages at half of that gain"});

        // Myeloid NF-kB
        see(self.nfkb_microbial, {"nfkb_microbial", "a_T", "1", 0.14, non_negative, Origin::calibrated, "drive by microbial tone"});
        see(self.nfkb_damage, {"nfkb_damage", "a_D", "1", 1.71, non_negative, Origin::calibrated, "drive by damage"});
        see(self.nfkb_il1, {"nfkb_il1", "a_1", "1", 0.616, non_negative, Origin::calibrated, "drive by IL-1 receptor signalling"});
        see(self.nfkb_tnf, {"nfkb_tnf", "a_F", "1", 0.332, non_negative, Origin::calibrated, "drive by TNF"});

        // IL-1beta and its antagonist
        see(self.pro_il1b_neutrophil, {"pro_il1b_neutrophil", "p_N", "molecule/cell/s", 0.147, non_negative, Origin::calibrated, "pro-IL-1beta synthesis per neutrophil at full drive"});
        see(self.pstpip2_gain, {"pstpip2_gain", "g_pi", "1", 8.33, non_negative, Origin::calibrated, "gain of that synthesis when PSTPIP2 is lost (needs SYK)"});
        see(self.pstpip2_gain_macrophage, {"pstpip2_gain_macrophage", "g_M", "1", 0.5, share, Origin::assumed, "share of pstpip2_gain that macrophages show"});
        see(self.pro_il1b_mast_cells, {"pro_il1b_mast_cells", "m_P", "1", 0.15, share, Origin::assumed, "share of neutrophil pro-IL-1beta synthesis that needs mast cells"});
        see(self.pro_il1b_macrophage, {"pro_il1b_macrophage", "p_M", "molecule/cell/s", 0.0274, non_negative, Origin::calibrated, "pro-IL-1beta synthesis per macrophage at full drive"});
        see(self.pro_il1b_decay, {"pro_il1b_decay", "d_P", "1/d", 6, non_negative, Origin::literature_range, "half-life 2.8 h"});
        see(self.casp1_processing, {"casp1_processing", "k_1", "1/d", 51.1, non_negative, Origin::calibrated, "processing by NLRP3-caspase-1 at full activity"});
        see(self.casp1_basal, {"casp1_basal", "b_1", "1", 0.35, share, Origin::calibrated, "share of that activity without damage"});
        see(self.casp1_without_nlrp3, {"casp1_without_nlrp3", "b_n", "1", 0.05, share, Origin::calibrated, "caspase-1 activity left without NLRP3"});
        see(self.casp8_processing, {"casp8_processing", "k_8", "1/d", 51.1, non_negative, Origin::calibrated, "processing by caspase-8 at full activity"});
        see(self.casp8_basal, {"casp8_basal", "b_8", "1", 0.35, share, Origin::calibrated, "share of that activity without NF-kB drive"});
        see(self.serine_processing, {"serine_processing", "k_s", "1/d", 0.51, non_negative, Origin::calibrated, "processing by neutrophil serine proteases"});
        see(self.serine_half, {"serine_half", "K_sp", "cell/uL", 20000, positive, Origin::calibrated, "neutrophils at half of that"});
        see(self.il1b_clearance, {"il1b_clearance", "c_L", "1/d", 50, non_negative, Origin::literature_range, "half-life 20 min"});
        see(self.il1a_release, {"il1a_release", "l_a", "pM", 0.1, non_negative, Origin::calibrated, "IL-1alpha set free by damage"});
        see(self.il1_half, {"il1_half", "K_1", "pM", 10, positive, Origin::literature_range, "IL-1 at half of receptor signalling"});
        see(self.il1ra_affinity, {"il1ra_affinity", "K_Ra", "pM", 22.6, positive, Origin::literature_range, "IL-1Ra's inhibition constant"});
        see(self.il1ra_plasma, {"il1ra_plasma", "R_0", "pM", 11.9, non_negative, Origin::literature_range, "IL-1Ra reaching a healthy site from plasma"});
        see(self.il1ra_acute_phase, {"il1ra_acute_phase", "R_A", "pM", 0.1, non_negative, Origin::calibrated, "more of it per fold of acute phase"});
        see(self.il1ra_macrophage, {"il1ra_macrophage", "r_Ra", "molecule/cell/s", 0.296, non_negative, Origin::calibrated, "IL-1Ra secretion per macrophage"});
        see(self.il1ra_il10, {"il1ra_il10", "r_10", "1", 0.3, non_negative, Origin::calibrated, "IL-1Ra induction by IL-10"});
        see(self.il1ra_clearance, {"il1ra_clearance", "c_Ra", "1/d", 40, non_negative, Origin::literature_range, "half-life 25 min"});

        // IL-10
        see(self.il10_basal, {"il10_basal", "i_0", "pM", 0.6, non_negative, Origin::calibrated, "IL-10 of a healthy site"});
        see(self.il10_macrophage, {"il10_macrophage", "i_M", "molecule/cell/s", 0.245, non_negative, Origin::calibrated, "IL-10 secretion per macrophage at full drive"});
        see(self.il10_efferocytosis, {"il10_efferocytosis", "i_ef", "molecule/cell/s", 0.118, non_negative, Origin::calibrated, "IL-10 secretion per macrophage that clears dying neutrophils"});
        see(self.efferocytosis_flux_half, {"efferocytosis_flux_half", "K_if", "cell/uL/d", 20000, positive, Origin::calibrated, "dying neutrophils at half of that"});
        see(self.il10_pge2, {"il10_pge2", "i_H", "1", 0.3, non_negative, Origin::calibrated, "gain of IL-10 secretion by PGE2"});
        see(self.il10_erk_free, {"il10_erk_free", "e_0", "1", 0.4, share, Origin::calibrated, "share of basal and efferocytic IL-10 that needs no ERK1/2-Sp1"});
        see(self.il10_clearance, {"il10_clearance", "c_10", "1/d", 35, non_negative, Origin::literature_range, "half-life 29 min"});
        see(self.il10_half, {"il10_half", "K_10", "pM", 5.75, positive, Origin::literature_range, "IL-10 at half of its repression"});
        see(self.il10_residual, {"il10_residual", "m_10", "1", 0.0351, share, Origin::calibrated, "expression left under full repression"});
        see(self.training_gain, {"training_gain", "omega", "1", 0.5, non_negative, Origin::calibrated, "IL-10 training reached under full IL-1 signalling"});
        see(self.training_time, {"training_time", "tau_O", "d", 60, positive, Origin::calibrated, "time of that training"});

        // TNF and IL-6
        see(self.tnf_macrophage, {"tnf_macrophage", "s_FM", "molecule/cell/s", 0.196, non_negative, Origin::calibrated, "TNF secretion per macrophage"});
        see(self.tnf_gain_pstpip2, {"tnf_gain_pstpip2", "g_F2", "1", 0.5, non_negative, Origin::assumed, "gain of macrophage TNF and IL-6 when PSTPIP2 is lost"});
        see(self.tnf_neutrophil, {"tnf_neutrophil", "s_FN", "molecule/cell/s", 0.03, non_negative, Origin::calibrated, "TNF secretion per neutrophil"});
        see(self.tnf_clearance, {"tnf_clearance", "c_F", "1/d", 60, non_negative, Origin::literature_range, "half-life 17 min"});
        see(self.tnf_half, {"tnf_half", "K_F", "pM", 20, positive, Origin::literature_range, "TNF at half of receptor signalling"});
        see(self.il6_stroma, {"il6_stroma", "s_6", "molecule/cell/s", 0.9, non_negative, Origin::calibrated, "IL-6 secretion per stromal cell"});
        see(self.il6_il1, {"il6_il1", "w_61", "1", 0.7, share, Origin::assumed, "weight of IL-1 in the stromal drive of IL-6"});
        see(self.il6_tnf, {"il6_tnf", "w_6F", "1", 0.3, share, Origin::assumed, "weight of TNF in it"});
        see(self.il6_macrophage, {"il6_macrophage", "s_6M", "molecule/cell/s", 0.4, non_negative, Origin::calibrated, "IL-6 secretion per macrophage"});
        see(self.il6_clearance, {"il6_clearance", "c_6", "1/d", 40, non_negative, Origin::literature_range, "half-life 25 min"});
        see(self.il6_half, {"il6_half", "K_6", "pM", 40, positive, Origin::literature_range, "IL-6 at half of receptor signalling"});

        // Chemokines and stroma
        see(self.stroma, {"stroma", "S_t", "cell/uL", 20000, non_negative, Origin::calibrated, "stromal cells of the site"});
        see(self.cxcl1_stroma, {"cxcl1_stroma", "s_X", "molecule/cell/s", 2.9, non_negative, Origin::calibrated, "CXCL1/2 secretion per stromal cell"});
        see(self.cxcl1_basal, {"cxcl1_basal", "x_0", "1", 0.0145, non_negative, Origin::calibrated, "basal drive of it (half of it microbial)"});
        see(self.cxcl1_basal_weight, {"cxcl1_basal_weight", "w_X", "1", 0.15, share, Origin::assumed, "weight of the basal drive of CXCL1/2"});
        see(self.cxcl1_microbial, {"cxcl1_microbial", "w_XT", "1", 0.5, share, Origin::assumed, "microbial share of that basal drive"});
        see(self.cxcl1_damage, {"cxcl1_damage", "x_D", "1", 0.341, non_negative, Origin::calibrated, "drive by damage"});
        see(self.cxcl1_tnf, {"cxcl1_tnf", "x_F", "1", 0.377, non_negative, Origin::calibrated, "drive by TNF"});
        see(self.cxcl1_macrophage, {"cxcl1_macrophage", "x_M", "molecule/cell/s", 0.79, non_negative, Origin::calibrated, "CXCL1/2 secretion per macrophage"});
        see(self.stromal_il10, {"stromal_il10", "x_10", "1", 0.25, non_negative, Origin::calibrated, "stromal repression by IL-10"});
        see(self.cxcl1_clearance, {"cxcl1_clearance", "c_X", "1/d", 60, non_negative, Origin::literature_range, "half-life 17 min"});
        see(self.priming_il1, {"priming_il1", "z_1", "1", 1.64, non_negative, Origin::calibrated, "stromal priming under full IL-1 signalling"});
        see(self.priming_tnf, {"priming_tnf", "z_F", "1", 0.5, non_negative, Origin::calibrated, "stromal priming under full TNF signalling"});
        see(self.priming_time, {"priming_time", "tau_Z", "d", 25.8, positive, Origin::calibrated, "time of stromal priming"});
        see(self.ccl2_stroma, {"ccl2_stroma", "s_Y", "molecule/cell/s", 3, non_negative, Origin::calibrated, "CCL2/3 secretion per stromal cell"});
        see(self.ccl2_basal, {"ccl2_basal", "y_0", "1", 0.05, non_negative, Origin::calibrated, "basal drive of it"});
        see(self.ccl2_il1, {"ccl2_il1", "y_1", "1", 0.7, non_negative, Origin::calibrated, "drive by IL-1"});
        see(self.ccl2_tnf, {"ccl2_tnf", "y_F", "1", 0.3, non_negative, Origin::calibrated, "drive by TNF"});
        see(self.ccl2_macrophage, {"ccl2_macrophage", "y_M", "molecule/cell/s", 0.3, non_negative, Origin::calibrated, "CCL2/3 secretion per macrophage"});
        see(self.ccl2_pstpip2, {"ccl2_pstpip2", "g_Y", "1", 0.8, non_negative, Origin::assumed, "gain of macrophage CCL2/3 when PSTPIP2 is lost"});
        see(self.ccl2_clearance, {"ccl2_clearance", "c_Y", "1/d", 60, non_negative, Origin::literature_range, "half-life 17 min"});

        // Prostaglandin and superoxide
        see(self.pge2_basal, {"pge2_basal", "h_0", "1", 0.05, non_negative, Origin::calibrated, "basal PGE2"});
        see(self.pge2_il1, {"pge2_il1", "w_H1", "1", 0.6, share, Origin::assumed, "weight of IL-1 in the drive of PGE2"});
        see(self.pge2_tnf, {"pge2_tnf", "w_HF", "1", 0.25, share, Origin::assumed, "weight of TNF in it"});
        see(self.pge2_nfkb, {"pge2_nfkb", "w_Hn", "1", 0.15, share, Origin::assumed, "weight of myeloid NF-kB in it"});
        see(self.pge2_turnover, {"pge2_turnover", "d_H", "1/d", 24, non_negative, Origin::literature_range, "turnover of PGE2"});
        see(self.ros_neutrophil, {"ros_neutrophil", "r_N", "uL/cell", 2e-05, non_negative, Origin::calibrated, "superoxide per neutrophil at full drive"});
        see(self.ros_pstpip2, {"ros_pstpip2", "r_pi", "1", 4, non_negative, Origin::calibrated, "gain of it when PSTPIP2 is lost"});
        see(self.ros_turnover, {"ros_turnover", "d_O", "1/d", 20, non_negative, Origin::literature_range, "turnover"});
        see(self.ros_half, {"ros_half", "K_O", "1", 0.6, positive, Origin::calibrated, "superoxide at half of its effect on bone"});

        // RANKL and osteoclasts
        see(self.rankl_turnover, {"rankl_turnover", "k_K", "1/d", 0.35, non_negative, Origin::calibrated, "adaptation of the RANKL/OPG ratio"});
        see(self.rankl_il1, {"rankl_il1", "r_1", "1", 1, non_negative, Origin::calibrated, "its rise under full IL-1 signalling"});
        see(self.rankl_tnf, {"rankl_tnf", "r_F", "1", 0.5, non_negative, Origin::calibrated, "under full TNF signalling"});
        see(self.rankl_il6, {"rankl_il6", "r_6", "1", 0.4, non_negative, Origin::calibrated, "under full IL-6 signalling"});
        see(self.rankl_pge2, {"rankl_pge2", "r_H", "1", 0.6, non_negative, Origin::calibrated, "per unit of PGE2 above basal"});
        see(self.rank_without_ros, {"rank_without_ros", "k_0", "1", 0.3, share, Origin::calibrated, "share of excess RANK signal without superoxide"});
        see(self.rank_ros, {"rank_ros", "o_R", "1", 1.5, non_negative, Origin::calibrated, "more of it under full superoxide"});
        see(self.rank_half, {"rank_half", "K_L", "1", 2, positive, Origin::calibrated, "RANK signal at half of maximal formation"});
        see(self.precursor_exchange, {"precursor_exchange", "k_Q", "1/d", 0.3, non_negative, Origin::calibrated, "exchange of precursors with blood monocytes"});
        see(self.precursor_saturation, {"precursor_saturation", "kappa_Q", "1", 0.3333, positive, Origin::calibrated, "saturation of formation in precursors"});
        see(self.osteoclast_loss, {"osteoclast_loss", "d_C", "1/d", 0.12, non_negative, Origin::literature_range, "half-life 5.8 d"});
        see(self.osteoclasts_healthy, {"osteoclasts_healthy", "C_0", "cell/uL", 60, positive, Origin::calibrated, "osteoclasts of a healthy site"});
        see(self.osteoclast_il1_survival, {"osteoclast_il1_survival", "s_C", "1", 0.1, share, Origin::calibrated, "share of loss prevented by IL-1"});
        see(self.formation_pstpip2, {"formation_pstpip2", "o_pi", "1", 0.05, non_negative, Origin::calibrated, "gain of formation when PSTPIP2 is lost"});
        see(self.formation_tnf, {"formation_tnf", "o_T", "1", 0.3, non_negative, Origin::calibrated, "gain of formation by TNF"});
        see(self.formation_il1, {"formation_il1", "o_1", "1", 0.15, non_negative, Origin::calibrated, "gain of formation by IL-1"});
        see(self.formation_il10, {"formation_il10", "o_10", "1", 0.4, non_negative, Origin::calibrated, "repression of formation by IL-10"});
        see(self.resorption_ros, {"resorption_ros", "a_R", "1", 0.4, non_negative, Origin::calibrated, "gain of resorption per osteoclast by superoxide"});

        // Osteoblasts and bone
        see(self.osteoblast_commitment, {"osteoblast_commitment", "k_Bp", "1/d", 0.1, non_negative, Origin::literature_range, "commitment of osteoblast precursors"});
        see(self.coupling, {"coupling", "c_B", "1", 0.2, non_negative, Origin::calibrated, "coupling of formation to resorption"});
        see(self.coupling_saturation, {"coupling_saturation", "kappa_R", "1", 8, positive, Origin::calibrated, "saturation of that coupling"});
        see(self.osteoblast_maturation, {"osteoblast_maturation", "k_B", "1/d", 0.05, non_negative, Origin::literature_range, "maturation and loss of osteoblasts"});
        see(self.osteoblast_inhibition, {"osteoblast_inhibition", "i_B", "1", 0.25, non_negative, Origin::calibrated, "inhibition of maturation by TNF and IL-1"});
        see(self.osteoblast_inhibition_tnf, {"osteoblast_inhibition_tnf", "w_BF", "1", 0.6, share, Origin::assumed, "weight of TNF in the inhibition of osteoblast maturation"});
        see(self.osteoblast_inhibition_il1, {"osteoblast_inhibition_il1", "w_B1", "1", 0.4, share, Origin::assumed, "weight of IL-1 in it"});
        see(self.bone_turnover, {"bone_turnover", "k_V", "1/d", 0.004, non_negative, Origin::literature_range, "bone turnover of a healthy site"});
        see(self.reactive_formation, {"reactive_formation", "k_W", "1/d", 0.0057, non_negative, Origin::calibrated, "periosteal formation under full PGE2 drive"});
        see(self.reactive_half, {"reactive_half", "K_W", "1", 0.3, positive, Origin::calibrated, "PGE2 at half of that drive"});
        see(self.reactive_remodelling, {"reactive_remodelling", "k_Wr", "1/d", 0.005, non_negative, Origin::calibrated, "remodelling of reactive bone"});

        // Plasma
        see(self.spillover, {"spillover", "sigma", "1", 0.04, share, Origin::calibrated, "share of site cytokine reaching plasma"});
        see(self.plasma_il6_clearance, {"plasma_il6_clearance", "c_S", "1/d", 8, non_negative, Origin::literature_range, "half-life 2.1 h"});
        see(self.acute_phase_gain, {"acute_phase_gain", "k_A", "1", 60, non_negative, Origin::calibrated, "maximal acute-phase response"});
        see(self.acute_phase_half, {"acute_phase_half", "K_A", "pM", 1.5, positive, Origin::calibrated, "plasma IL-6 at half of it"});
        see(self.acute_phase_turnover, {"acute_phase_turnover", "d_A", "1/d", 1, non_negative, Origin::literature_range, "half-life 17 h"});

        // Read-outs and units
        see(self.swelling_neutrophils, {"swelling_neutrophils", "N_s", "cell/uL", 6e4, positive, Origin::assumed, "neutrophils that make a frank swelling of a paw"});
        see(self.swelling_macrophages, {"swelling_macrophages", "M_s", "cell/uL", 5e4, positive, Origin::assumed, "recruited macrophages that make one"});
        see(self.onset_swelling, {"onset_swelling", "S_on", "1", 0.25, positive, Origin::assumed, "swelling that counts as onset of disease"});
        see(self.molar, {"molar", "mol", "pM*uL*s/molecule/d", molar_conversion, {molar_conversion, molar_conversion}, Origin::definition,
                         "pM per day made by one molecule per cell and second in one cell per uL"});
        // clang-format on
    }
};

} // namespace osteoflare::model::niche
