#include "scenarios/patients/seen.hpp"

#include "scenarios/clinic/findings.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace osteoflare::scenarios::patients {
namespace {

constexpr double slack = 0.5 / 86400; // half a second [d], as in scenarios/clinic

double yes(bool is_so)
{
    return is_so ? 1 : 0;
}

double count(SiteSet sites)
{
    return static_cast<double>(std::popcount(sites));
}

} // namespace

Seen::Seen(const TrialResults& results, std::size_t patient, std::size_t arm, double from)
    : days_(results.days), course_(results.course(patient, arm)), from_(from)
{
}

/// The last visit until then, if visits went on for so long: as far apart as the first two are.
std::optional<std::size_t> Seen::visit(double after) const
{
    const double day = from_ + after + slack;
    const auto seen = static_cast<std::size_t>(std::ranges::upper_bound(days_, day) - days_.begin());
    if (seen == 0) {
        return {};
    }
    const double apart = days_.size() > 1 ? days_[1] - days_[0] : 0;
    const bool is_over = days_[seen - 1] + apart < day - 2 * slack;
    const bool is_failed = course_.reached < days_[seen - 1] - slack;
    return is_over || is_failed ? std::optional<std::size_t>{} : seen - 1;
}

clinic::Series Seen::vas() const
{
    return {.times = days_, .values = course_.vas};
}

double Seen::symptom_free(double after) const
{
    const auto now = visit(after);
    return now ? yes(clinic::is_symptom_free(course_.vas[*now])) : not_known;
}

double Seen::complete_resolution(double after) const
{
    const auto then = visit(0), now = visit(after);
    return then && now && course_.lesions[*then] != 0 ? yes(course_.lesions[*now] == 0) : not_known;
}

double Seen::pedcno(double after, double percent) const
{
    const auto then = visit(0), now = visit(after);
    if (!then || !now) {
        return not_known;
    }
    const auto items = [&](std::size_t visit) {
        return clinic::PedCnoItems{.esr = course_.esr[visit],
                                   .lesions = count(course_.lesions[visit]),
                                   .pga = course_.pga[visit],
                                   .vas = course_.vas[visit],
                                   .chaq = course_.chaq[visit]};
    };
    return yes(clinic::is_pedcno_response(items(*then), items(*now), percent));
}

std::optional<solvers::Watched> Seen::relapse(double after) const
{
    return visit(after) ? clinic::relapse_free(vas(), from_ + after) : std::nullopt;
}

double Seen::flare_after_response(double after) const
{
    const auto watched = relapse(judged_after);
    if (!watched) {
        return not_known;
    }
    if (watched->event) {
        return yes(watched->time <= after + slack);
    }
    return visit(judged_after + after) ? 0 : not_known;
}

std::optional<clinic::CourseClass> Seen::course_class() const
{
    return clinic::course_class(vas(), 0);
}

template <class Compare>
Part Seen::lesions(double after, Compare compare) const
{
    const auto then = visit(0), now = visit(after);
    if (!then || !now) {
        return {not_known, not_known};
    }
    const SiteSet before = course_.lesions[*then];
    return {count(compare(before, course_.lesions[*now])), count(before)};
}

Part Seen::lesions_left(double after) const
{
    return lesions(after, [](SiteSet, SiteSet now) { return now; });
}

Part Seen::lesions_resolved(double after) const
{
    return lesions(after, [](SiteSet before, SiteSet now) { return before & ~now; });
}

Part Seen::lesions_appeared(double after) const
{
    return lesions(after, [](SiteSet before, SiteSet now) { return now & ~before; });
}

Part Seen::resorption_left(double after) const
{
    const auto then = visit(0), now = visit(after);
    return then && now ? Part{course_.resorption[*now], course_.resorption[*then]} : Part{not_known, not_known};
}

Part Seen::old_sites_at_relapse() const
{
    const auto relapsed = relapse(judged_after) ? clinic::first_relapse(vas(), from_ + judged_after) : std::nullopt;
    if (!relapsed) {
        return {};
    }
    SiteSet old = 0, now = 0;
    for (std::size_t visit = 0; visit < days_.size() && days_[visit] <= relapsed->established + slack; ++visit) {
        old |= days_[visit] <= from_ + judged_after + slack ? course_.lesions[visit] : 0;
        now = course_.lesions[visit];
    }
    return {count(now & old), count(now)};
}

} // namespace osteoflare::scenarios::patients
