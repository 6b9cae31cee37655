#include "scenarios/clinic/findings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace osteoflare::scenarios::clinic {
namespace {

std::array<double, 5> values_of(const PedCnoItems& items)
{
    const std::array values = {items.esr, items.lesions, items.pga, items.vas, items.chaq};
    if (std::ranges::any_of(values, [](double value) { return value < 0; })) {
        throw std::invalid_argument("PedCNO: an item is below 0");
    }
    return values;
}

} // namespace

// Comparisons with NaN are false: what was not taken is no finding.

bool is_lesion(double marrow_oedema, const Conventions& conventions)
{
    return marrow_oedema > conventions.lesion_oedema;
}

bool is_painful(double pain, const Conventions& conventions)
{
    return pain > conventions.painful;
}

bool is_symptom_free(double vas, const Conventions& conventions)
{
    return vas < conventions.symptoms_vas;
}

bool has_symptoms(double vas, const Conventions& conventions)
{
    return vas >= conventions.symptoms_vas;
}

bool is_crp_raised(double crp, const Conventions& conventions)
{
    return crp > conventions.raised_crp;
}

std::size_t count_lesions(std::span<const double> marrow_oedema, const Conventions& conventions)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(marrow_oedema, [&](double oedema) { return is_lesion(oedema, conventions); }));
}

Extent extent(std::size_t n_lesions)
{
    return n_lesions == 0 ? Extent::none : n_lesions == 1 ? Extent::unifocal : Extent::multifocal;
}

std::size_t radiological_score(double marrow_oedema, double swelling, double reactive_bone,
                               const Conventions& conventions)
{
    const std::array points = {is_lesion(marrow_oedema, conventions), marrow_oedema > conventions.score_oedema,
                               swelling > conventions.score_swelling, reactive_bone > conventions.score_reactive_bone,
                               reactive_bone > conventions.score_much_reactive};
    return static_cast<std::size_t>(std::ranges::count(points, true));
}

LesionChange lesion_change(std::span<const double> before, std::span<const double> after,
                           const Conventions& conventions)
{
    if (before.size() != after.size()) {
        throw std::invalid_argument("lesion_change: the same sites are needed at both visits");
    }
    LesionChange change;
    for (std::size_t site = 0; site < before.size(); ++site) {
        const bool was = is_lesion(before[site], conventions), is = is_lesion(after[site], conventions);
        if (std::isnan(before[site]) || std::isnan(after[site])) {
            change.not_compared += 1;
        } else if (was) {
            ++(is ? change.persisting : change.resolved);
        } else if (is) {
            change.appeared += 1;
        }
    }
    return change;
}

bool is_pedcno_response(const PedCnoItems& before, const PedCnoItems& after, double percent,
                        const Conventions& conventions)
{
    if (!(percent > 0 && percent <= 100)) {
        throw std::invalid_argument("PedCNO: a percentage above 0 and up to 100 is needed");
    }
    const auto was = values_of(before), is = values_of(after);
    std::size_t better = 0, worse = 0;
    for (std::size_t i = 0; i < was.size(); ++i) {
        // A change by just so many percent is one, whatever its last digit was rounded to.
        const double rounding = 1e-9 * was[i];
        better += was[i] > 0 && was[i] - is[i] >= percent / 100 * was[i] - rounding;
        worse += is[i] - was[i] > conventions.pedcno_worse_percent / 100 * was[i] + rounding;
    }
    return better >= conventions.pedcno_better && worse <= conventions.pedcno_worse;
}

} // namespace osteoflare::scenarios::clinic
