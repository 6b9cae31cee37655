#pragma once

#include "scenarios/patients/trial_results.hpp"

#include <array>
#include <vector>

/// What a results file keeps of children and patients, for those who write it and those who read it.
namespace osteoflare::scenarios::patients {

/// Whether pictures were taken of a child, and it has what was found on them.
inline bool is_known(const Presented& child)
{
    using Kind = clinic::Presentation::Kind;
    return child.status == solvers::lanes::LaneStatus::reached_end
           && (child.kind == Kind::silent || child.kind == Kind::diagnosed);
}

/// A number that the clinic took on the day of the pictures.
struct AtPictures {
    const char *name, *unit, *meaning;
    double Presented::*value;
};

inline constexpr std::array at_pictures = {
    AtPictures{"first_symptom_age", "year", "age at the first symptom, of 365.25 d", &Presented::first_symptom_age},
    AtPictures{"diagnosis_age", "year", "age when pictures were taken, of 365.25 d", &Presented::diagnosis_age},
    AtPictures{"crp_at_diagnosis", "mg/L", "C-reactive protein when pictures were taken", &Presented::crp},
    AtPictures{"esr_at_diagnosis", "mm/h", "erythrocyte sedimentation rate when pictures were taken", &Presented::esr},
    AtPictures{"vas_at_diagnosis", "1", "patient's pain, 0 to 10, when pictures were taken", &Presented::vas},
    AtPictures{"pga_at_diagnosis", "1", "physician's assessment, 0 to 10, when pictures were taken", &Presented::pga},
    AtPictures{"chaq_at_diagnosis", "1", "disability (C-HAQ), 0 to 3, when pictures were taken", &Presented::chaq},
};

/// A course of numbers of a patient under an arm.
struct CourseColumn {
    const char *name, *unit, *meaning;
    std::vector<double> ArmCourse::*values;
};

inline const std::array course_columns = {
    CourseColumn{"vas", "1", "patient's pain, 0 to 10", &ArmCourse::vas},
    CourseColumn{"crp", "mg/L", "C-reactive protein", &ArmCourse::crp},
    CourseColumn{"esr", "mm/h", "erythrocyte sedimentation rate", &ArmCourse::esr},
    CourseColumn{"pga", "1", "physician's global assessment, 0 to 10", &ArmCourse::pga},
    CourseColumn{"chaq", "1", "disability (C-HAQ), 0 to 3", &ArmCourse::chaq},
    CourseColumn{"resorption", "1", "resorption of all bone, healthy = 1", &ArmCourse::resorption},
};

/// Sites of a patient under an arm, from visit to visit.
struct SiteColumn {
    const char *name, *meaning, *meanings;
    std::vector<SiteSet> ArmCourse::*sets;
};

inline const std::array site_columns = {
    SiteColumn{"lesion", "whether MRI shows a lesion", "none lesion", &ArmCourse::lesions},
    SiteColumn{"painful", "whether the site is a clinical lesion", "none painful", &ArmCourse::painful},
};

} // namespace osteoflare::scenarios::patients
