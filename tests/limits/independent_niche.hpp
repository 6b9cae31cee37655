#pragma once
/// The balances of the niche, copied a second time from the specification's printed equations and from nothing else
/// (the theory page is written from the code, so that copying from there would prove nothing): bare numbers, one-letter
/// symbols, plain double. Ugly on purpose. It exists to disagree with `model/niche` when either of them is wrong. It
/// answers with the terms of each balance, so that a comparison knows how large the gains and losses were that it sums.
///
/// Terms of the patient stand in it as its specification adds them; `mouse()` gives the values at which they vanish.
///
/// The page gives x_M to two things; clodronate is `x_Mc` here. Primes are spelled x_F' = x_aF, x_10' = x_I, x_B' =
/// x_Bb.

#include <cmath>
#include <initializer_list>
#include <map>
#include <string>

namespace independent {

/// d(name)/dt and the sum of its gains' and losses' sizes.
struct Balance {
    double rate = 0, turnover = 0;
};

/// What the specification of the patient adds, at the mouse's values. Where all is multiplied by zero, the halves may
/// be anything but zero.
inline std::map<std::string, double> mouse()
{
    return {{"site_susceptibility", 1},
            {"volume_share", 1},
            {"nfkb_pge2", 0},
            {"damage_oxidised_matrix", 0},
            {"priming_systemic", 0},
            {"priming_systemic_half", 1},
            {"bisphosphonate_killing_max", 0},
            {"bisphosphonate_block_max", 0},
            {"bisphosphonate_myeloid_max", 0},
            {"bisphosphonate_half", 1},
            {"pamidronate_held", 0},
            {"nfkb_inhibition", 0}};
}

/// `value("il1b")` answers with the number of a state variable, parameter or input under its name on the page.
template <class Value>
std::map<std::string, Balance> balances(const Value& value)
{
    // 1. State
    const double T = value("microbial_tone");
    const double E = value("marrow_output");
    const double N_b = value("blood_neutrophils");
    const double M_b = value("blood_monocytes");
    const double S_p = value("plasma_il6");
    const double A = value("acute_phase");
    const double D = value("damage");
    const double N = value("neutrophils");
    const double M = value("macrophages");
    const double P = value("pro_il1b");
    const double L = value("il1b");
    const double R_a = value("il1ra");
    const double I = value("il10");
    const double F = value("tnf");
    const double S = value("il6");
    const double X = value("cxcl1");
    const double Y = value("ccl2");
    const double H = value("pge2");
    const double O = value("ros");
    const double Z = value("stromal_priming");
    const double Omega = value("il10_training");
    const double K = value("rankl_ratio");
    const double Q = value("osteoclast_precursors");
    const double C = value("osteoclasts");
    const double B_p = value("osteoblast_precursors");
    const double B = value("osteoblasts");
    const double V = value("bone");
    const double W = value("reactive_bone");

    // 2. Parameters
    const double pi_1 = value("pstpip2_il1b");
    const double pi_R = value("pstpip2_ros");
    const double pi_O = value("pstpip2_progenitor");
    const double g_1b = value("il1b_gene");
    const double g_1a = value("il1a_gene");
    const double g_rs = value("il1r1_stroma");
    const double g_rm = value("il1r1_myeloid");
    const double g_ra = value("il1rn_gene");
    const double g_10 = value("il10_gene");
    const double e = value("il10_competence");
    const double g_F = value("tnf_gene");
    const double g_6 = value("il6_gene");
    const double g_n = value("nlrp3_gene");
    const double g_c1 = value("casp1_gene");
    const double g_c8 = value("casp8_gene");
    const double g_sp = value("serine_protease_gene");
    const double g_s = value("syk_gene");
    const double g_x = value("cybb_gene");
    const double g_h = value("cox2_gene");
    const double g_m = value("mast_cells");
    const double mu = value("microbiota");
    const double T_w = value("weaning_tone");
    const double tau_T = value("tone_maturation_time");
    const double tau_E = value("marrow_adaptation_time");
    const double m_E = value("progenitor_expansion");
    const double e_G = value("emergency_gain");
    const double K_G = value("emergency_half");
    const double N_b0 = value("blood_neutrophils_healthy");
    const double d_Nb = value("blood_neutrophil_loss");
    const double M_b0 = value("blood_monocytes_healthy");
    const double d_Mb = value("blood_monocyte_loss");
    const double k_N = value("neutrophil_recruitment");
    const double N_cap = value("neutrophil_capacity");
    const double K_X = value("cxcl1_half");
    const double d_N = value("neutrophil_loss");
    const double f_N = value("il1_neutrophil_survival");
    const double h_P = value("pge2_vascular");
    const double M_r = value("macrophages_resident");
    const double k_M = value("macrophage_recruitment");
    const double K_Y = value("ccl2_half");
    const double d_M = value("macrophage_loss");
    const double delta_0 = value("damage_basal");
    const double delta_N = value("damage_neutrophil");
    const double delta_C = value("damage_resorption");
    const double d_D = value("damage_clearance");
    const double e_f = value("efferocytosis_gain");
    const double K_ef = value("efferocytosis_half");
    const double a_T = value("nfkb_microbial");
    const double a_D = value("nfkb_damage");
    const double a_1 = value("nfkb_il1");
    const double a_F = value("nfkb_tnf");
    const double p_N = value("pro_il1b_neutrophil");
    const double g_pi = value("pstpip2_gain");
    const double p_M = value("pro_il1b_macrophage");
    const double d_P = value("pro_il1b_decay");
    const double k_1 = value("casp1_processing");
    const double b_1 = value("casp1_basal");
    const double b_n = value("casp1_without_nlrp3");
    const double k_8 = value("casp8_processing");
    const double b_8 = value("casp8_basal");
    const double k_s = value("serine_processing");
    const double K_sp = value("serine_half");
    const double c_L = value("il1b_clearance");
    const double l_a = value("il1a_release");
    const double K_1 = value("il1_half");
    const double K_Ra = value("il1ra_affinity");
    const double R_0 = value("il1ra_plasma");
    const double R_A = value("il1ra_acute_phase");
    const double r_Ra = value("il1ra_macrophage");
    const double r_10 = value("il1ra_il10");
    const double c_Ra = value("il1ra_clearance");
    const double i_0 = value("il10_basal");
    const double i_M = value("il10_macrophage");
    const double i_ef = value("il10_efferocytosis");
    const double K_if = value("efferocytosis_flux_half");
    const double i_H = value("il10_pge2");
    const double e_0 = value("il10_erk_free");
    const double c_10 = value("il10_clearance");
    const double K_10 = value("il10_half");
    const double m_10 = value("il10_residual");
    const double omega = value("training_gain");
    const double tau_O = value("training_time");
    const double s_FM = value("tnf_macrophage");
    const double s_FN = value("tnf_neutrophil");
    const double c_F = value("tnf_clearance");
    const double K_F = value("tnf_half");
    const double s_6 = value("il6_stroma");
    const double s_6M = value("il6_macrophage");
    const double c_6 = value("il6_clearance");
    const double K_6 = value("il6_half");
    const double S_t = value("stroma");
    const double s_X = value("cxcl1_stroma");
    const double x_0 = value("cxcl1_basal");
    const double x_D = value("cxcl1_damage");
    const double x_F = value("cxcl1_tnf");
    const double x_M = value("cxcl1_macrophage");
    const double x_10 = value("stromal_il10");
    const double c_X = value("cxcl1_clearance");
    const double z_1 = value("priming_il1");
    const double z_F = value("priming_tnf");
    const double tau_Z = value("priming_time");
    const double s_Y = value("ccl2_stroma");
    const double y_0 = value("ccl2_basal");
    const double y_1 = value("ccl2_il1");
    const double y_F = value("ccl2_tnf");
    const double y_M = value("ccl2_macrophage");
    const double c_Y = value("ccl2_clearance");
    const double h_0 = value("pge2_basal");
    const double d_H = value("pge2_turnover");
    const double r_N = value("ros_neutrophil");
    const double r_pi = value("ros_pstpip2");
    const double d_O = value("ros_turnover");
    const double K_O = value("ros_half");
    const double k_K = value("rankl_turnover");
    const double r_1 = value("rankl_il1");
    const double r_F = value("rankl_tnf");
    const double r_6 = value("rankl_il6");
    const double r_H = value("rankl_pge2");
    const double k_0 = value("rank_without_ros");
    const double o_R = value("rank_ros");
    const double K_L = value("rank_half");
    const double k_Q = value("precursor_exchange");
    const double kappa_Q = value("precursor_saturation");
    const double d_C = value("osteoclast_loss");
    const double C_0 = value("osteoclasts_healthy");
    const double s_C = value("osteoclast_il1_survival");
    const double o_pi = value("formation_pstpip2");
    const double o_T = value("formation_tnf");
    const double o_1 = value("formation_il1");
    const double o_10 = value("formation_il10");
    const double a_R = value("resorption_ros");
    const double k_Bp = value("osteoblast_commitment");
    const double c_B = value("coupling");
    const double kappa_R = value("coupling_saturation");
    const double k_B = value("osteoblast_maturation");
    const double i_B = value("osteoblast_inhibition");
    const double k_V = value("bone_turnover");
    const double k_W = value("reactive_formation");
    const double K_W = value("reactive_half");
    const double k_Wr = value("reactive_remodelling");
    const double sigma = value("spillover");
    const double c_S = value("plasma_il6_clearance");
    const double k_A = value("acute_phase_gain");
    const double K_A = value("acute_phase_half");
    const double d_A = value("acute_phase_turnover");

    // 3. Inputs
    const double j = value("sterile_injury");
    const double x_An = value("anakinra");
    const double x_L = value("anti_il1b");
    const double x_aF = value("anti_tnf");
    const double x_I = value("il10_infusion");
    const double x_H = value("cox_inhibition");
    const double x_K = value("opg_fc");
    const double x_B = value("bisphosphonate_killing");
    const double x_Bb = value("bisphosphonate_block");
    const double x_N = value("neutrophil_depletion");
    const double x_Mc = value("phagocyte_depletion");
    const double x_C = value("csf1r_inhibition");
    const double x_T = value("microbial_reduction");
    const double f = value("donor_chimerism");
    const double pi_d = value("donor_pstpip2");

    // Of the patient
    const double kappa = value("site_susceptibility");
    const double w = value("volume_share");
    const double a_H = value("nfkb_pge2");
    const double beta_C = value("damage_oxidised_matrix");
    const double z_S = value("priming_systemic");
    const double K_zS = value("priming_systemic_half");
    const double m_Bk = value("bisphosphonate_killing_max");
    const double m_Bb = value("bisphosphonate_block_max");
    const double m_By = value("bisphosphonate_myeloid_max");
    const double K_bp = value("bisphosphonate_half");
    const double pam = value("pamidronate_held");
    const double x_n = value("nfkb_inhibition");

    std::map<std::string, Balance> d;
    const auto sum = [&d](const char* name, std::initializer_list<double> terms) {
        Balance balance;
        for (const double term : terms) {
            balance.rate += term;
            balance.turnover += std::fabs(term);
        }
        d[name] = balance;
    };
    const double mol = 0.1435;

    // 4.1 Signals
    const double ag = L / (1 + x_L) + l_a * g_1a * D;
    const double an = g_ra * R_a + x_An;
    const double occ = ag / (K_1 * (1 + an / K_Ra) + ag);
    const double ss = g_rs * occ;
    const double sm = g_rm * occ;
    const double Ff = F / (1 + x_aF);
    const double sF = Ff / (K_F + Ff);
    const double s6 = S / (K_6 + S);
    const double If = I + x_I;
    const double h = If / (K_10 + If);
    const double burst = O / (O + K_O);
    const double resorb = C / C_0 * (1 + a_R * burst);
    const double local = pam * resorb / (K_bp + pam * resorb);
    const double br = (m_10 + (1 - m_10) / (1 + If / K_10)) * (1 - m_By * local);
    const double sb = (1 - x_n) / (1 + x_10 * h);
    const double dg = D / (1 + D);
    const double tn = mu * (1 - x_T) * T;
    const double dr = a_T * tn + a_D * dg + a_1 * sm + a_F * sF + a_H * H;
    const double nf = dr / (1 + dr) * (1 - x_n);
    const double p1 = pi_1 * (1 - f) + pi_d * f, l1 = 1 - p1;
    const double pR = pi_R * (1 - f) + pi_d * f, lR = 1 - pR;
    const double pO = pi_O * (1 - f) + pi_d * f, lO = 1 - pO;
    const double pg = g_pi * l1 * g_s;
    const double erk = e_0 + (1 - e_0) * e;
    const double tg = 1 + 0.5 * l1;

    // 4.2 Circulation
    sum("microbial_tone", {T_w / tau_T, -T / tau_T});
    const double G = sigma * w * (g_rs * L + 0.3 * S);
    const double Ea = (1 + m_E * lO) * (1 + e_G * G / (K_G + G)) * (1 - 0.5 * x_C);
    sum("marrow_output", {Ea / tau_E, -E / tau_E});
    sum("blood_neutrophils", {d_Nb * N_b0 * E, -d_Nb * N_b, -x_N * N_b});
    sum("blood_monocytes", {d_Mb * M_b0 * E, -d_Mb * M_b, -x_Mc * M_b, -x_C * M_b});
    sum("plasma_il6", {c_S * sigma * w * S, -c_S * S_p});
    sum("acute_phase", {d_A, d_A * k_A * (S_p * S_p) / (K_A * K_A + S_p * S_p), -d_A * A});

    // 4.3 Cells and damage
    const double recruit =
        k_N * N_b / N_b0 * (1 + h_P * H) * (X * X) / (K_X * K_X + X * X) / (1 + (N / N_cap) * (N / N_cap));
    const double die = d_N * (1 - f_N * sm) * N;
    sum("neutrophils", {recruit, -die, -0.7 * x_N * N});
    sum("macrophages", {d_M * M_r, -d_M * M, k_M * M_b / M_b0 * Y / (K_Y + Y), -x_Mc * M, -0.5 * x_C * M});
    sum("damage", {delta_0, delta_N * die * (0.7 + 0.3 * g_m), delta_C * C / C_0, beta_C * resorb * burst, -d_D * D,
                   -d_D * e_f * M / (M + K_ef) * D, j});

    // 4.4 IL-1 beta and its antagonist
    const double make = mol * g_1b * nf * br * (p_N * (1 + pg) * N * (0.85 + 0.15 * g_m) + p_M * (1 + 0.5 * pg) * M);
    const double c1 = k_1 * g_c1 * ((1 - g_n) * b_n + g_n * (b_1 + (1 - b_1) * dg));
    const double c8 = k_8 * g_c8 * g_s * (b_8 + (1 - b_8) * nf);
    const double sp = k_s * g_sp * N / (N + K_sp);
    const double ripen = (c1 + c8 + sp) * P;
    sum("pro_il1b", {make, -d_P * P, -ripen});
    sum("il1b", {ripen, -c_L * L});
    sum("il1ra", {c_Ra * R_0, c_Ra * R_A * (A - 1), -c_Ra * R_a, mol * r_Ra * M * nf, mol * r_Ra * M * r_10 * h});

    // 4.5 IL-10
    const double secrete = i_M * nf * e * (1 + i_H * H) + i_ef * die / (die + K_if) * erk;
    sum("il10", {g_10 * (1 + Omega) * c_10 * i_0 * erk, g_10 * (1 + Omega) * mol * M * secrete, -c_10 * I});
    sum("il10_training", {omega * ss / tau_O, -Omega / tau_O});

    // 4.6 TNF, IL-6, chemokines, prostaglandin, superoxide, priming
    sum("tnf", {mol * g_F * nf * br * s_FM * tg * M, mol * g_F * nf * br * s_FN * N, -c_F * F});
    sum("il6", {mol * g_6 * s_6 * S_t * (0.7 * ss + 0.3 * sF) * sb, mol * g_6 * s_6M * tg * M * nf * br, -c_6 * S});
    sum("cxcl1", {kappa * mol * s_X * S_t * Z * (0.15 * x_0 * (0.5 + 0.5 * tn) + x_D * dg + ss + x_F * sF) * sb,
                  mol * x_M * M * nf * br, -c_X * X});
    sum("ccl2",
        {mol * s_Y * S_t * (y_0 + y_1 * ss + y_F * sF) * sb, mol * y_M * M * nf * br * (1 + 0.8 * lO), -c_Y * Y});
    sum("pge2", {d_H * g_h * (1 - x_H) * (h_0 + 0.6 * ss + 0.25 * sF + 0.15 * nf), -d_H * H});
    sum("ros", {d_O * g_x * r_N * N * nf * (1 + r_pi * lR), -d_O * O});
    sum("stromal_priming", {1 / tau_Z, z_1 * ss / tau_Z, z_F * sF / tau_Z,
                            z_S * S_p * S_p / (K_zS * K_zS + S_p * S_p) / tau_Z, -Z / tau_Z});

    // 4.7 Bone
    sum("rankl_ratio",
        {k_K, k_K * r_1 * ss, k_K * r_F * sF, k_K * r_6 * s6, k_K * r_H * H, -k_K * r_H * h_0, -k_K * K});
    const double rank = (1 + (K - 1) * (k_0 + o_R * burst)) / (1 + x_K);
    const double fuse = (1 + K_L * K_L) * rank * rank / (K_L * K_L + rank * rank);
    sum("osteoclast_precursors", {k_Q * M_b / M_b0, -k_Q * Q});
    const double supply = (1 + kappa_Q) * Q / (kappa_Q + Q);
    const double h0 = i_0 / (i_0 + K_10);
    const double form = d_C * C_0 * supply * fuse * (1 + o_pi * lO) * (1 + o_T * sF + o_1 * ss) * (1 + o_10 * h0)
                        / (1 + o_10 * h) * (1 - x_Bb) * (1 - m_Bb * local);
    sum("osteoclasts", {form, -d_C * (1 - s_C * ss) * (1 + x_B + m_Bk * local) * C});
    const double couple = (1 + kappa_R) * resorb / (kappa_R + resorb);
    sum("osteoblast_precursors", {k_Bp, k_Bp * c_B * couple, -k_Bp * c_B, -k_Bp * B_p});
    sum("osteoblasts", {k_B * B_p / (1 + i_B * (0.6 * sF + 0.4 * ss)), -k_B * B});
    sum("bone", {k_V * B, -k_V * resorb * V});
    sum("reactive_bone", {k_W * H * H / (K_W * K_W + H * H) * B_p, -k_Wr * W});
    return d;
}

} // namespace independent
