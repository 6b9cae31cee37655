#pragma once

#include "scenarios/clinic/history.hpp"
#include "scenarios/patients/outcome_statistics.hpp"

#include <limits>
#include <optional>

namespace osteoflare::scenarios::patients {

inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// One patient under one arm, whose treatment counts from a day on. What happened so many days `after` that day is read
/// from the last visit until then; yes is 1, no is 0, and what nobody saw (the run failed before, or the trial was
/// over) is not_known. The results must live longer.
class Seen {
public:
    Seen(const TrialResults& results, std::size_t patient, std::size_t arm, double from);

    double symptom_free(double after) const;
    /// Of who had lesions: others have none to resolve, and are not_known.
    double complete_resolution(double after) const;
    double pedcno(double after, double percent) const;
    /// A relapse within `after` days from when the treatment was judged, of who had responded then; others are
    /// not_known.
    double flare_after_response(double after) const;
    std::optional<clinic::CourseClass> course_class() const; ///< of the six years from diagnosis

    /// Since `after` days from the beginning, for who is symptom-free then: to the first relapse, or without one.
    std::optional<solvers::Watched> relapse(double after) const;

    Part lesions_left(double after) const, lesions_resolved(double after) const, lesions_appeared(double after) const;
    Part resorption_left(double after) const;
    /// Of lesions at the first relapse after a response: at how many sites a picture had shown one before that
    /// response. Nothing for who does not relapse.
    Part old_sites_at_relapse() const;

private:
    std::optional<std::size_t> visit(double after) const;
    template <class Compare>
    Part lesions(double after, Compare compare) const;
    clinic::Series vas() const;

    const std::vector<double>& days_;
    const ArmCourse& course_;
    double from_;
};

} // namespace osteoflare::scenarios::patients
