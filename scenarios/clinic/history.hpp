#pragma once

#include "scenarios/clinic/conventions.hpp"
#include "scenarios/clinic/findings.hpp"
#include "solvers/statistics/survival.hpp"

#include <cstddef>
#include <optional>
#include <span>

/// What is found over the visits of one patient.
///
/// A number that was not taken at a visit is NaN; then this visit says nothing of it, and neither makes nor ends
/// anything. Between two visits a patient is taken to be as at both of them: so visits should lie closer together than
/// what is looked for lasts. Visits at equal times count one after the other, as they stand. A finding that must last
/// is dated when it has lasted long enough, at the first visit by which it has: that is when a clinic knows, and no
/// future is needed to date it. Its beginning is told as well.
///
/// All functions throw std::invalid_argument for times that are not finite or fall, and for a list that does not have
/// one number for each visit (and site). Without visits there is no finding.
namespace osteoflare::scenarios::clinic {

/// One number of the patient over the visits: a view.
struct Series {
    std::span<const double> times;  ///< (visit) [d], any zero
    std::span<const double> values; ///< (visit)
};

/// One number of each site over the visits: a view.
struct SiteSeries {
    std::span<const double> times;  ///< (visit) [d], any zero
    std::span<const double> values; ///< (visit, site)
    std::size_t n_sites = 0;
};

/// Something that was so at every visit from `began` to `established`, when it had lasted long enough [d].
struct Lasting {
    double began = 0, established = 0;
};

struct FirstSymptom {
    std::size_t site = 0;
    Lasting pain;
};

/// The first time that some site has been painful for four weeks. Of sites that come to that at the same visit, the one
/// with the lowest index.
std::optional<FirstSymptom> first_symptom(const SiteSeries& pain, const Conventions& conventions = {});

/// How a patient comes to be known.
struct Presentation {
    enum class Kind {
        healthy,      ///< no first symptom
        not_followed, ///< no pictures were taken at or after the day of diagnosis
        silent,       ///< diagnosis was looked for when no lesion was left
        diagnosed,
    } kind = Kind::healthy;
    std::optional<FirstSymptom> first;
    std::optional<double> pictures; ///< when they were taken [d]: of `silent` and `diagnosed`
    std::size_t n_lesions = 0;      ///< that they show: extent() says whether that is unifocal
};

/// Diagnosis is looked for `delay` days after the first symptom was established, on the pictures of the first visit
/// from then on. A visit whose pictures lack a site is passed over. `pain` and `marrow_oedema` have the same visits and
/// sites. Throws also for a delay that is negative or not finite.
Presentation presentation(const SiteSeries& pain, const SiteSeries& marrow_oedema, double delay,
                          const Conventions& conventions = {});

/// The last number that was taken at or before `time`; NaN if there is none.
double last_taken(const Series& series, double time);

/// The first relapse after `from`: symptoms (VAS) for three weeks, from a later visit on. Nothing is said of how the
/// patient was before.
std::optional<Lasting> first_relapse(const Series& vas, double from, const Conventions& conventions = {});

/// Time from `from`, when a treatment is judged, to the first relapse, or to the last VAS without one: for a curve of
/// Kaplan and Meier, to the second. Nothing for a patient who is not symptom-free then, by the last VAS taken until
/// then.
std::optional<solvers::Watched> relapse_free(const Series& vas, double from, const Conventions& conventions = {});

enum class CourseClass {
    monophasic, ///< one episode: a remission, and no relapse after it
    relapsing,  ///< a relapse after a remission
    chronic,    ///< never a remission
};

/// The course in the six years from `from`, the diagnosis. A remission is 26 weeks without symptoms, and ends with a
/// relapse: three weeks with symptoms. Shorter silence is part of the same episode. Nothing if the last VAS was taken
/// before those years were over.
std::optional<CourseClass> course_class(const Series& vas, double from, const Conventions& conventions = {});

} // namespace osteoflare::scenarios::clinic
