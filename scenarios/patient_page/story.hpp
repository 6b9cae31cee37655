#pragma once

#include "scenarios/patient_page/life.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace osteoflare::scenarios::patients {

/// "distal_tibia_left" is "left distal tibia".
std::string site_in_words(std::string_view name);

/// A length of time [d] as people say it: in weeks, months or years.
std::string length_in_words(double days);

/// How many events injured the child, and how many sites over all: sites that are hit at one moment are one event.
struct Injuries {
    std::size_t n_events = 0, n_sites = 0;
};
Injuries count_injuries(const std::vector<Injury>& injuries, double until);

/// What happened until the diagnosis, or to the end without one, sentence by sentence.
std::vector<std::string> childhood_in_words(const Trial& trial, const Life& life);

/// What can be said of an arm in numbers.
struct ArmOutcome {
    double free_after = 0;    ///< the first visit without symptoms, since diagnosis [d]; infinite if there is none
    double with_symptoms = 0; ///< days, a visit standing for the time until the next
    double relapse_after = 0; ///< since diagnosis, of symptoms for three weeks after the first time without [d]
    double highest_crp = 0;   ///< [mg/L]
    double last_vas = 0, last_crp = 0;
    std::vector<std::size_t> lesions_at_end, new_sites; ///< sites; the latter with a lesion that was not there at first
};
ArmOutcome outcome(const ClinicalCourse& seen);

/// What happened under an arm, sentence by sentence. A computation that broke off is told.
std::vector<std::string> arm_in_words(const Trial& trial, const Life& life, std::size_t arm);

} // namespace osteoflare::scenarios::patients
