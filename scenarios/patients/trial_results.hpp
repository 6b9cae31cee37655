#pragma once

#include "scenarios/patients/trial.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace osteoflare::output {
class ResultsReader;
}

namespace osteoflare::scenarios::patients {

/// The sites of a patient as bits of a number: site i is bit i.
using SiteSet = std::uint32_t;

/// What is kept of one patient under one arm. Numbers are (visit), and NaN after where a run failed.
struct ArmCourse {
    solvers::lanes::LaneStatus status = solvers::lanes::LaneStatus::reached_end;
    double reached = 0;      ///< since diagnosis [d]
    std::vector<bool> fired; ///< (rule of the arm)
    std::vector<double> vas, crp, esr, pga, chaq;
    std::vector<double> resorption;        ///< of all bone, healthy = 1: sites by their share of volume
    std::vector<SiteSet> lesions, painful; ///< sites with a lesion on MRI; with a clinical lesion
};

/// A rule as results remember it.
struct RuleInWords {
    double day = 0;    ///< since diagnosis [d]
    std::string words; ///< "if vas >= 1: stop naproxen, start adalimumab"
};

struct ArmInWords {
    std::string name, title;
    std::vector<RuleInWords> rules;
    std::vector<std::string> drugs; ///< that any of its courses gives, in the order of the courses
    std::string inputs = {};        ///< "il10_infusion = 5 pM": what else is set from outside; may be empty
};

ArmInWords in_words(const Arm& arm);

/// What came out of a cohort or a trial: all that pictures, tables and reports are made of.
struct TrialResults {
    std::string name, title, question;
    std::vector<std::string> sites;      ///< names
    std::vector<Presented> children;     ///< (child): all who were drawn
    std::vector<std::uint64_t> patients; ///< (patient): the number of each child who was diagnosed and then treated
    std::vector<ArmInWords> arms;
    std::vector<double> days;       ///< (visit): since diagnosis; none in a cohort
    std::vector<ArmCourse> courses; ///< (patient, arm)

    const ArmCourse& course(std::size_t patient, std::size_t arm) const { return courses[patient * arms.size() + arm]; }
    bool is_trial() const { return !arms.empty(); }
};

/// What a results file of `osteoflare cohort` or `osteoflare trial` holds. Throws output::FileError.
TrialResults read_trial_results(const output::ResultsReader& file);

} // namespace osteoflare::scenarios::patients
