#include "scenarios/patients/outcomes.hpp"

#include "scenarios/clinic/findings.hpp"
#include "scenarios/patients/outcome_statistics.hpp"
#include "scenarios/patients/seen.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace osteoflare::scenarios::patients {
namespace {

using Kind = clinic::Presentation::Kind;

std::vector<const Presented*> diagnosed(const TrialResults& results)
{
    std::vector<const Presented*> found;
    for (const Presented& child : results.children) {
        if (child.status == solvers::lanes::LaneStatus::reached_end && child.kind == Kind::diagnosed) {
            found.push_back(&child);
        }
    }
    return found;
}

bool involves(const TrialResults& results, const Presented& child, std::string_view bone)
{
    for (std::size_t site = 0; site < results.sites.size(); ++site) {
        if (child.lesions[site] && results.sites[site].find(bone) != std::string::npos) {
            return true;
        }
    }
    return false;
}

/// A statistic of the diagnosed, by name.
struct PresentationReadout {
    std::string name;
    double (*value)(const TrialResults&, const Presented&, std::string_view bone);
    Outcome (*statistic)(const std::vector<double>&);
};

Outcome median(const std::vector<double>& values)
{
    return quantile_of(values, 0.5);
}
Outcome high(const std::vector<double>& values)
{
    return quantile_of(values, 0.9);
}

const std::vector<PresentationReadout>& known_presentations()
{
    using R = const TrialResults&;
    using P = const Presented&;
    using B = std::string_view;
    static const std::vector<PresentationReadout> all = {
        {"age_at_first_symptom", [](R, P child, B) { return child.first_symptom_age; }, median},
        {"mri_lesions", [](R, P child, B) { return static_cast<double>(child.mri_lesions); }, median},
        {"crp_raised", [](R, P child, B) { return clinic::is_crp_raised(child.crp) ? 1.0 : 0.0; }, share_of},
        {"crp_high", [](R, P child, B) { return child.crp; }, high},
        {"vas", [](R, P child, B) { return child.vas; }, median},
        {"unifocal",
         [](R, P child, B) { return clinic::extent(child.mri_lesions) == clinic::Extent::unifocal ? 1.0 : 0.0; },
         share_of},
        {"involves", [](R results, P child, B bone) { return involves(results, child, bone) ? 1.0 : 0.0; }, share_of},
    };
    return all;
}

constexpr std::string_view clinical_per_mri_lesion = "clinical_per_mri_lesion";

/// What one patient has (1), has not (0), or may have (NaN), so many days after its treatment began to count.
struct ShareReadout {
    std::string name;
    double (*has)(const Seen&, double after);
};

template <int percent>
double pedcno(const Seen& seen, double after)
{
    return seen.pedcno(after, percent);
}

template <clinic::CourseClass which>
double has_course(const Seen& seen, double)
{
    const auto course = seen.course_class();
    return course ? (*course == which ? 1.0 : 0.0) : not_known;
}

const std::vector<ShareReadout>& known_shares()
{
    using S = const Seen&;
    static const std::vector<ShareReadout> all = {
        {"symptom_free", [](S seen, double after) { return seen.symptom_free(after); }},
        {"complete_resolution", [](S seen, double after) { return seen.complete_resolution(after); }},
        {"pedcno30", pedcno<30>},
        {"pedcno50", pedcno<50>},
        {"pedcno70", pedcno<70>},
        {"flare_after_response", [](S seen, double after) { return seen.flare_after_response(after); }},
        {"monophasic", has_course<clinic::CourseClass::monophasic>},
        {"relapsing", has_course<clinic::CourseClass::relapsing>},
        {"chronic", has_course<clinic::CourseClass::chronic>},
    };
    return all;
}

/// Sums over patients of something in relation to sums of something else, less what would be no change.
struct RatioReadout {
    std::string name;
    Part (*part)(const Seen&, double after);
    double no_change;
};

const std::vector<RatioReadout>& known_ratios()
{
    using S = const Seen&;
    static const std::vector<RatioReadout> all = {
        {"change_in_lesions", [](S seen, double after) { return seen.lesions_left(after); }, 1},
        {"change_in_resorption", [](S seen, double after) { return seen.resorption_left(after); }, 1},
        {"lesions_resolved", [](S seen, double after) { return seen.lesions_resolved(after); }, 0},
        {"new_lesions", [](S seen, double after) { return seen.lesions_appeared(after); }, 0},
        {"old_sites_at_relapse", [](S seen, double) { return seen.old_sites_at_relapse(); }, 0},
    };
    return all;
}

constexpr std::string_view relapse_free = "relapse_free", months_to_flare = "months_to_flare";

template <class Readouts>
const auto* find(const Readouts& readouts, std::string_view name)
{
    const auto found = std::ranges::find(readouts, name, [](const auto& one) { return std::string_view(one.name); });
    return found == readouts.end() ? nullptr : &*found;
}

[[noreturn]] void unknown(std::string_view name)
{
    throw std::invalid_argument("outcomes: no read-out is called '" + std::string(name) + "'");
}

Outcome median_months(const std::vector<solvers::Watched>& watched)
{
    auto found = survival_median(watched);
    for (double* each : {&found.estimate.value, &found.estimate.low, &found.estimate.high}) {
        *each /= days_per_month;
    }
    return found;
}

} // namespace

Group everybody(const TrialResults& results, std::size_t arm)
{
    Group group{.arm = arm, .from = 0, .patients = {}};
    for (std::size_t patient = 0; patient < results.patients.size(); ++patient) {
        group.patients.push_back(patient);
    }
    return group;
}

std::optional<Group> switched(const TrialResults& results, std::size_t arm)
{
    std::size_t ruled = arm;
    if (results.arms.at(arm).rules.empty()) {
        const auto first =
            std::ranges::find_if(results.arms, [](const ArmInWords& each) { return !each.rules.empty(); });
        if (first == results.arms.end()) {
            return {};
        }
        ruled = static_cast<std::size_t>(first - results.arms.begin());
    }
    Group group{.arm = arm, .from = results.arms[ruled].rules.front().day, .patients = {}};
    for (std::size_t patient = 0; patient < results.patients.size(); ++patient) {
        const auto& fired = results.course(patient, ruled).fired;
        if (!fired.empty() && fired.front()) {
            group.patients.push_back(patient);
        }
    }
    return group;
}

Group judged(const TrialResults& results, std::size_t arm)
{
    return switched(results, arm).value_or(everybody(results, arm));
}

const std::vector<std::string>& presentation_readouts()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all = {std::string(clinical_per_mri_lesion)};
        for (const auto& readout : known_presentations()) {
            all.push_back(readout.name);
        }
        return all;
    }();
    return names;
}

const std::vector<std::string>& share_readouts()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const auto& readout : known_shares()) {
            all.push_back(readout.name);
        }
        return all;
    }();
    return names;
}

std::vector<std::string> group_readouts()
{
    std::vector<std::string> all = share_readouts();
    for (const auto& readout : known_ratios()) {
        all.push_back(readout.name);
    }
    all.emplace_back(relapse_free);
    all.emplace_back(months_to_flare);
    return all;
}

Outcome presentation(const TrialResults& results, std::string_view readout, std::string_view bone)
{
    const auto children = diagnosed(results);
    if (readout == clinical_per_mri_lesion) {
        std::vector<Part> parts;
        for (const Presented* child : children) {
            parts.push_back({static_cast<double>(child->clinical_lesions), static_cast<double>(child->mri_lesions)});
        }
        return ratio_of(parts, 0);
    }
    const PresentationReadout* known = find(known_presentations(), readout);
    if (known == nullptr) {
        unknown(readout);
    }
    std::vector<double> values;
    for (const Presented* child : children) {
        values.push_back(known->value(results, *child, bone));
    }
    return known->statistic(values);
}

Outcome outcome(const TrialResults& results, const Group& group, std::string_view readout, double after)
{
    std::vector<double> values;
    std::vector<Part> parts;
    std::vector<solvers::Watched> watched;
    const ShareReadout* share = find(known_shares(), readout);
    const RatioReadout* ratio = find(known_ratios(), readout);
    if (share == nullptr && ratio == nullptr && readout != relapse_free && readout != months_to_flare) {
        unknown(readout);
    }
    for (const std::size_t patient : group.patients) {
        const Seen seen(results, patient, group.arm, group.from);
        if (share != nullptr) {
            values.push_back(share->has(seen, after));
        } else if (ratio != nullptr) {
            parts.push_back(ratio->part(seen, after));
        } else if (const auto flare = readout == relapse_free ? seen.relapse(judged_after) : seen.relapse(after)) {
            watched.push_back(*flare);
        }
    }
    return share != nullptr          ? share_of(values)
           : ratio != nullptr        ? ratio_of(parts, ratio->no_change)
           : readout == relapse_free ? survival_of(watched, after)
                                     : median_months(watched);
}

solvers::Pairs pairs(const TrialResults& results, const Group& first, const Group& second, std::string_view readout,
                     double after)
{
    const ShareReadout* share = find(known_shares(), readout);
    if (share == nullptr) {
        unknown(readout);
    }
    solvers::Pairs counted;
    for (const std::size_t patient : first.patients) {
        if (std::ranges::find(second.patients, patient) == second.patients.end()) {
            continue;
        }
        const double one = share->has(Seen(results, patient, first.arm, first.from), after);
        const double two = share->has(Seen(results, patient, second.arm, second.from), after);
        counted.both += one == 1 && two == 1;
        counted.only_first += one == 1 && two == 0;
        counted.only_second += one == 0 && two == 1;
        counted.neither += one == 0 && two == 0;
    }
    return counted;
}

} // namespace osteoflare::scenarios::patients
