#pragma once

#include "scenarios/clinic/conventions.hpp"

#include <cstddef>
#include <span>

/// What is found at one visit, and what changed between two. A number that was not taken is NaN, and is no finding.
namespace osteoflare::scenarios::clinic {

/// Marrow oedema that MRI shows as a lesion.
bool is_lesion(double marrow_oedema, const Conventions& conventions = {});
/// Pain of a site that makes it a clinical lesion.
bool is_painful(double pain, const Conventions& conventions = {});
/// Pain of the patient (VAS, 0 to 10) that is as good as none. A VAS that was not taken is neither symptom-free nor has
/// symptoms.
bool is_symptom_free(double vas, const Conventions& conventions = {});
bool has_symptoms(double vas, const Conventions& conventions = {});
/// CRP [mg/L] above what is normal.
bool is_crp_raised(double crp, const Conventions& conventions = {});

/// Sites, (site), with a lesion on MRI.
std::size_t count_lesions(std::span<const double> marrow_oedema, const Conventions& conventions = {});

/// How many places are ill.
enum class Extent { none, unifocal, multifocal };
Extent extent(std::size_t n_lesions);

/// Radiological score of one site, 0 to 5, in the manner of RAI-CROMRIS: a point each for a lesion, for much oedema,
/// for swelling around it, and up to two for reactive bone.
std::size_t radiological_score(double marrow_oedema, double swelling, double reactive_bone,
                               const Conventions& conventions = {});

/// What became of lesions between two visits.
struct LesionChange {
    std::size_t resolved = 0, persisting = 0, appeared = 0;
    std::size_t not_compared = 0; ///< sites that were not seen at one visit or both: they count nowhere else

    std::size_t before() const { return resolved + persisting; }
    std::size_t after() const { return persisting + appeared; }
    /// Lesions before, none of them after, and no new ones.
    bool is_complete_resolution() const { return before() > 0 && after() == 0; }
};

/// Marrow oedema of the same sites, (site), at both visits. Throws std::invalid_argument for lists of different length.
LesionChange lesion_change(std::span<const double> before, std::span<const double> after,
                           const Conventions& conventions = {});

/// The five items of PedCNO. Any unit, the same one at both visits.
struct PedCnoItems {
    double esr = 0;     ///< [mm/h]
    double lesions = 0; ///< number, on MRI
    double pga = 0;     ///< physician's global assessment [0-10]
    double vas = 0;     ///< patient's pain, for the patient's global assessment [0-10]
    double chaq = 0;    ///< disability, C-HAQ [0-3]
};

/// PedCNO30, 50 or 70: at least three of five items are better by `percent` or more, and at most one is worse by more
/// than 30 %. An item that was 0 cannot become better, and whatever it becomes above 0 is worse. An item that is
/// missing at one visit is neither better nor worse; so with three of them missing nobody responds. Throws
/// std::invalid_argument unless 0 < percent <= 100, and for an item below 0.
bool is_pedcno_response(const PedCnoItems& before, const PedCnoItems& after, double percent,
                        const Conventions& conventions = {});

} // namespace osteoflare::scenarios::clinic
