#include "scenarios/clinic/history.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace osteoflare::scenarios::clinic {
namespace {

constexpr double seconds_per_day = 86400;

/// Half a second [d]: times are kept to the second, and a day that was reckoned must not miss its visit by a rounding.
constexpr double slack = 0.5 / seconds_per_day;

/// A time between two visits to the second, so that equal ones of different patients are equal numbers.
double between(double from, double until)
{
    return std::round((until - from) * seconds_per_day) / seconds_per_day;
}

void require_visits(std::span<const double> times, std::size_t n_values, std::size_t n_per_visit)
{
    if (!std::ranges::all_of(times, [](double time) { return std::isfinite(time); })
        || !std::ranges::is_sorted(times)) {
        throw std::invalid_argument("clinic: times of visits must be finite and must not fall");
    }
    if (n_values != times.size() * n_per_visit) {
        throw std::invalid_argument("clinic: each visit needs its numbers");
    }
}

/// Symptoms, or their absence, at each visit where that is known.
enum class Known { yes, no, missing };

/// The first `days` in a row on which `known(visit)` is yes, looked for at visits [first, times.size()).
template <class Finding>
std::optional<Lasting> first_lasting(std::span<const double> times, std::size_t first, double days, Finding known)
{
    bool is_on = false;
    double began = 0;
    for (std::size_t visit = first; visit < times.size(); ++visit) {
        const Known now = known(visit);
        if (now == Known::no) {
            is_on = false;
        } else if (now == Known::yes) {
            began = is_on ? began : times[visit];
            is_on = true;
            if (times[visit] - began >= days - slack) {
                return Lasting{began, times[visit]};
            }
        }
    }
    return {};
}

Known known(double value, bool is_so)
{
    return std::isnan(value) ? Known::missing : is_so ? Known::yes : Known::no;
}

std::size_t first_visit_after(std::span<const double> times, double time)
{
    return static_cast<std::size_t>(std::ranges::upper_bound(times, time) - times.begin());
}

std::size_t first_visit_from(std::span<const double> times, double time)
{
    return static_cast<std::size_t>(std::ranges::lower_bound(times, time) - times.begin());
}

/// When the last number was taken.
std::optional<double> end_of(const Series& series)
{
    for (std::size_t visit = series.times.size(); visit-- > 0;) {
        if (!std::isnan(series.values[visit])) {
            return series.times[visit];
        }
    }
    return {};
}

} // namespace

std::optional<FirstSymptom> first_symptom(const SiteSeries& pain, const Conventions& conventions)
{
    require_visits(pain.times, pain.values.size(), pain.n_sites);
    std::optional<FirstSymptom> first;
    for (std::size_t site = 0; site < pain.n_sites; ++site) {
        const auto painful = [&](std::size_t visit) {
            const double value = pain.values[visit * pain.n_sites + site];
            return known(value, is_painful(value, conventions));
        };
        const auto lasting = first_lasting(pain.times, 0, conventions.first_symptom_days, painful);
        if (lasting && (!first || lasting->established < first->pain.established)) {
            first = FirstSymptom{site, *lasting};
        }
    }
    return first;
}

Presentation presentation(const SiteSeries& pain, const SiteSeries& marrow_oedema, double delay,
                          const Conventions& conventions)
{
    require_visits(marrow_oedema.times, marrow_oedema.values.size(), marrow_oedema.n_sites);
    if (!std::ranges::equal(pain.times, marrow_oedema.times) || pain.n_sites != marrow_oedema.n_sites) {
        throw std::invalid_argument("presentation: pain and pictures need the same visits and sites");
    }
    if (!(delay >= 0) || std::isinf(delay)) {
        throw std::invalid_argument("presentation: the delay must be finite and not negative");
    }
    Presentation result;
    result.first = first_symptom(pain, conventions);
    if (!result.first) {
        return result;
    }
    result.kind = Presentation::Kind::not_followed;
    const auto& times = marrow_oedema.times;
    for (std::size_t visit = first_visit_from(times, result.first->pain.established + delay - slack);
         visit < times.size(); ++visit) {
        const auto pictures = marrow_oedema.values.subspan(visit * marrow_oedema.n_sites, marrow_oedema.n_sites);
        if (std::ranges::any_of(pictures, [](double oedema) { return std::isnan(oedema); })) {
            continue;
        }
        result.pictures = times[visit];
        result.n_lesions = count_lesions(pictures, conventions);
        result.kind = result.n_lesions > 0 ? Presentation::Kind::diagnosed : Presentation::Kind::silent;
        break;
    }
    return result;
}

double last_taken(const Series& series, double time)
{
    require_visits(series.times, series.values.size(), 1);
    for (std::size_t visit = first_visit_after(series.times, time); visit-- > 0;) {
        if (!std::isnan(series.values[visit])) {
            return series.values[visit];
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

std::optional<Lasting> first_relapse(const Series& vas, double from, const Conventions& conventions)
{
    require_visits(vas.times, vas.values.size(), 1);
    return first_lasting(
        vas.times, first_visit_after(vas.times, from), conventions.relapse_days,
        [&](std::size_t visit) { return known(vas.values[visit], has_symptoms(vas.values[visit], conventions)); });
}

std::optional<solvers::Watched> relapse_free(const Series& vas, double from, const Conventions& conventions)
{
    if (!is_symptom_free(last_taken(vas, from), conventions)) {
        return {};
    }
    if (const auto relapse = first_relapse(vas, from, conventions)) {
        return solvers::Watched{between(from, relapse->established), true};
    }
    return solvers::Watched{std::max(between(from, *end_of(vas)), 0.0), false};
}

std::optional<CourseClass> course_class(const Series& vas, double from, const Conventions& conventions)
{
    require_visits(vas.times, vas.values.size(), 1);
    const double until = from + conventions.course_days;
    if (const auto end = end_of(vas); !end || *end < until - slack) {
        return {};
    }
    const std::size_t n_visits = first_visit_after(vas.times, until + slack);
    const Series years = {vas.times.first(n_visits), vas.values.first(n_visits)};
    const auto remission = first_lasting(
        years.times, first_visit_from(years.times, from), conventions.remission_days, [&](std::size_t visit) {
            return known(years.values[visit], is_symptom_free(years.values[visit], conventions));
        });
    if (!remission) {
        return CourseClass::chronic;
    }
    return first_relapse(years, remission->established, conventions) ? CourseClass::relapsing : CourseClass::monophasic;
}

} // namespace osteoflare::scenarios::clinic
