#pragma once

#include "model/description.hpp"
#include "model/patient/patient.hpp"
#include "model/patient/sites.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

/// Children who may fall ill: how they differ, and what strikes their bones. For research and teaching, never for the
/// care of a person.
namespace osteoflare::scenarios::patients {

/// What sets one bone apart from the others.
struct SiteOfPopulation {
    double triggers = 1;       ///< micro-injuries, fold of the site's share of them: above 0 where there are any
    double susceptibility = 1; ///< fold of what is drawn for the site

    static constexpr void visit(auto& self, auto&& see)
    {
        using namespace model;
        // clang-format off
        see(self.triggers, Description{"triggers", "", "1", 1, non_negative, Origin::definition, "micro-injuries of this site, fold of its share of them"});
        see(self.susceptibility, Description{"susceptibility", "", "1", 1, non_negative, Origin::definition, "site_susceptibility of this site, fold of what is drawn"});
        // clang-format on
    }
};

/// What a population has in common. Theory: docs/theory/patient.md.
struct Population {
    std::array<SiteOfPopulation, model::patient::sites.size()> sites{};
    double trigger_rate, trigger_rate_spread, trigger_cluster, trigger_dose, trigger_dose_spread, trigger_duration;
    double susceptibility_person, susceptibility_pair, susceptibility_site;
    double growth_peak_age, growth_width, first_age, last_age;
    double pain_weight_spread, crp_healthy_spread;
    double delay_median, delay_spread, delay_shortest, delay_longest;
    double il10_competence_spread, il1b_gene_spread, tnf_gene_spread, pge2_vascular_spread,
        damage_oxidised_matrix_spread, training_gain_spread, acute_phase_gain_spread;

    static constexpr void visit(auto& self, auto&& see)
    {
        using namespace model;
        // clang-format off
        see(self.trigger_rate, Description{"trigger_rate", "r", "1/y", 0.343, non_negative, Origin::calibrated, "micro-injury events of the median child at the peak of growth"});
        see(self.trigger_rate_spread, Description{"trigger_rate_spread", "s_r", "1", 0.6, non_negative, Origin::assumed, "between children, log SD"});
        see(self.trigger_cluster, Description{"trigger_cluster", "m", "1", 6.4, non_negative, Origin::calibrated, "mean number of further sites that one event injures (Poisson)"});
        see(self.trigger_dose, Description{"trigger_dose", "j", "1/d", 10.1, non_negative, Origin::calibrated, "release of damage at an injured site, median"});
        see(self.trigger_dose_spread, Description{"trigger_dose_spread", "s_j", "1", 0.8, non_negative, Origin::assumed, "between injuries, log SD"});
        see(self.trigger_duration, Description{"trigger_duration", "t_j", "d", 7, positive, Origin::assumed, "duration of that release"});
        see(self.susceptibility_person, Description{"susceptibility_person", "s_kp", "1", 0.321, non_negative, Origin::calibrated, "of site_susceptibility, shared by all sites of a child, log SD"});
        see(self.susceptibility_pair, Description{"susceptibility_pair", "s_kl", "1", 0.108, non_negative, Origin::calibrated, "of site_susceptibility, shared by left and right, log SD"});
        see(self.susceptibility_site, Description{"susceptibility_site", "s_ks", "1", 0.108, non_negative, Origin::calibrated, "of site_susceptibility, of the single site, log SD"});
        see(self.growth_peak_age, Description{"growth_peak_age", "a_g", "y", 11, positive, Origin::assumed, "age of the highest trigger rate"});
        see(self.growth_width, Description{"growth_width", "w_g", "y", 2.8, positive, Origin::assumed, "width of that peak"});
        see(self.first_age, Description{"first_age", "a_0", "y", 2, non_negative, Origin::assumed, "age at which a child is followed from, healthy"});
        see(self.last_age, Description{"last_age", "a_1", "y", 18, positive, Origin::assumed, "age at which a child who is not ill is followed no more"});
        see(self.pain_weight_spread, Description{"pain_weight_spread", "s_w", "1", 0.6, non_negative, Origin::assumed, "of pain_weight between sites, log SD"});
        see(self.crp_healthy_spread, Description{"crp_healthy_spread", "s_crp", "1", 0.5, non_negative, Origin::assumed, "of crp_healthy between children, log SD"});
        see(self.delay_median, Description{"delay_median", "t_d", "d", 120, positive, Origin::literature_range, "from the first symptom to the diagnosis"});
        see(self.delay_spread, Description{"delay_spread", "s_d", "1", 0.7, non_negative, Origin::assumed, "of that delay between children, log SD"});
        see(self.delay_shortest, Description{"delay_shortest", "t_d0", "d", 14, non_negative, Origin::assumed, "shortest delay"});
        see(self.delay_longest, Description{"delay_longest", "t_d1", "d", 900, positive, Origin::assumed, "longest delay"});
        see(self.il10_competence_spread, Description{"il10_competence_spread", "s_e", "1", 0.105, non_negative, Origin::calibrated, "of il10_competence between children, log SD"});
        see(self.il1b_gene_spread, Description{"il1b_gene_spread", "s_1b", "1", 0.152, non_negative, Origin::calibrated, "of il1b_gene between children, log SD"});
        see(self.tnf_gene_spread, Description{"tnf_gene_spread", "s_F", "1", 0.339, non_negative, Origin::calibrated, "of tnf_gene between children, log SD"});
        see(self.pge2_vascular_spread, Description{"pge2_vascular_spread", "s_hP", "1", 0.411, non_negative, Origin::calibrated, "of pge2_vascular between children, log SD"});
        see(self.damage_oxidised_matrix_spread, Description{"damage_oxidised_matrix_spread", "s_bC", "1", 0.871, non_negative, Origin::calibrated, "of damage_oxidised_matrix between children, log SD"});
        see(self.training_gain_spread, Description{"training_gain_spread", "s_om", "1", 0.5, non_negative, Origin::assumed, "of training_gain between children, log SD"});
        see(self.acute_phase_gain_spread, Description{"acute_phase_gain_spread", "s_kA", "1", 0.5, non_negative, Origin::assumed, "of acute_phase_gain between children, log SD"});
        // clang-format on
    }
};

inline constexpr double days_per_year = 365.25;

/// One micro-injury of one site.
struct Injury {
    double day = 0; ///< since the child has been followed
    std::size_t site = 0;
    double damage = 0; ///< release [1/d] for the population's trigger_duration
};

/// A child before anything has happened.
struct Child {
    std::uint64_t number = 0;
    std::vector<model::patient::Parameters<double>> sites; ///< (site): the child's parameters at each of its sites
    double trigger_rate = 0;                               ///< at the peak of growth [1/y]
    double delay = 0;                                      ///< from its first symptom to its diagnosis [d]
};

/// Draws child `number` around `median`: the same for the same seed and number, whoever else is drawn.
Child draw_child(const Population& population, const model::patient::Parameters<double>& median, std::uint64_t seed,
                 std::uint64_t number);

/// The share of the peak's trigger rate at an age [y]: 1/(1 + ((age - peak)/width)^4), nearly all of it close to the
/// peak and hardly any in small children.
double growth(const Population& population, double age);

/// All injuries of a child between two ages [y], in the order of their days. Events come as a Poisson process whose
/// rate follows growth; each injures one site and a Poisson number of others, drawn by their share of triggers, no site
/// twice.
std::vector<Injury> draw_injuries(const Population& population, const Child& child, double from_age, double to_age,
                                  std::uint64_t seed);

} // namespace osteoflare::scenarios::patients
