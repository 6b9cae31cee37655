#pragma once

#include <cstddef>

/// A clinic's eyes: what is said of a patient, from numbers that were taken at visits. Everything here is a pure
/// function of its arguments. For research and teaching, never for the care of a person.
namespace osteoflare::scenarios::clinic {

/// Where clinics draw lines. Behind each stands where it comes from; none was measured, and those of marrow oedema and
/// of pain took part in the calibration of the patient model (docs/reference/outcomes.md).
struct Conventions {
    // One visit
    double lesion_oedema = 0.20;      ///< marrow oedema above it is a lesion on MRI [1]: convention, set by hand
    double painful = 0.25;            ///< pain above it is a clinical lesion [1]: convention
    double symptoms_vas = 1;          ///< patient's pain from which on there are symptoms [0-10]: convention
    double raised_crp = 5;            ///< CRP above it is raised [mg/L]: convention
    double score_oedema = 0.8;        ///< marrow oedema above it scores once more [1]: convention
    double score_swelling = 0.5;      ///< swelling above it scores [1]: convention
    double score_reactive_bone = 0.3; ///< reactive bone above it scores [1]: convention
    double score_much_reactive = 0.8; ///< above it, once more [1]: convention
    // Two visits: PedCNO (Beck et al., Arthritis Res Ther 12:R74, 2010; wording recalled)
    std::size_t pedcno_better = 3;    ///< of its five items must be better
    double pedcno_worse_percent = 30; ///< an increase above it is worse [%]
    std::size_t pedcno_worse = 1;     ///< so many items may be worse
    // A history
    double first_symptom_days = 28;  ///< a site is painful for so long: a first symptom [d]: convention
    double relapse_days = 21;        ///< symptoms for so long after none: a relapse [d]: convention
    double remission_days = 26 * 7;  ///< no symptoms for so long: a remission [d]: convention
    double course_days = 6 * 365.25; ///< so much of a history makes a class of course [d]: convention
};

} // namespace osteoflare::scenarios::clinic
