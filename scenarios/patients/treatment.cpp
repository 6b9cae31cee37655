#include "scenarios/patients/treatment.hpp"

#include "model/patient/drugs.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

namespace osteoflare::scenarios::patients {
namespace {

using dosing::Route;
using solvers::lanes::LaneStatus;

struct SeenReadout {
    dosing::Readout described;
    std::vector<double> ClinicalCourse::*values;
};

const std::vector<SeenReadout>& seen_readouts()
{
    constexpr double many = std::numeric_limits<double>::max();
    static const std::vector<SeenReadout> all = {
        {{"vas", "1", 0, 10}, &ClinicalCourse::vas},      {{"crp", "mg/L", 0, many}, &ClinicalCourse::crp},
        {{"esr", "mm/h", 0, many}, &ClinicalCourse::esr}, {{"pga", "1", 0, 10}, &ClinicalCourse::pga},
        {{"chaq", "1", 0, 3}, &ClinicalCourse::chaq},     {{"mri_lesions", "1", 0, 24}, &ClinicalCourse::mri_lesions},
    };
    return all;
}

/// What happens at one moment: rules first, because they act before doses of the same moment.
struct Happening {
    double day = 0;
    bool is_dose = false;
    std::size_t index = 0;
};

std::vector<Happening> happenings(const Treatment& treatment, double from, double until)
{
    std::vector<Happening> all;
    const auto add = [&](Tick at, bool is_dose, std::size_t index) {
        const double day = treatment.begins + to_days(at);
        if (from <= day && day < until) {
            all.push_back({day, is_dose, index});
        }
    };
    for (std::size_t i = 0; i < treatment.plan.rules.size(); ++i) {
        add(treatment.plan.rules[i].at, false, i);
    }
    for (std::size_t i = 0; i < treatment.doses.size(); ++i) {
        add(treatment.doses[i].at + treatment.doses[i].infusion / 2, true, i);
    }
    std::ranges::stable_sort(all, {}, [](const Happening& one) { return std::pair(one.day, one.is_dose); });
    return all;
}

} // namespace

std::vector<dosing::Drug> known_drugs()
{
    std::vector<dosing::Drug> drugs;
    for (const auto& target : model::patient::dose_targets(model::patient::DrugParameters<double>{})) {
        dosing::Drug drug;
        drug.name = target.drug;
        const bool is_injected = drug.name == "anakinra" || drug.name == "adalimumab";
        drug.routes = {drug.name == "pamidronate" ? Route::intravenous
                       : is_injected              ? Route::subcutaneous
                                                  : Route::oral};
        drugs.push_back(drug);
    }
    return drugs;
}

std::vector<dosing::Readout> known_readouts()
{
    std::vector<dosing::Readout> all;
    for (const SeenReadout& one : seen_readouts()) {
        all.push_back(one.described);
    }
    return all;
}

double readout(const ClinicalCourse& seen, std::size_t number)
{
    return (seen.*seen_readouts().at(number).values).back();
}

solvers::blocks::BlockReport live_treated(PatientRun& run, Treatment& treatment, double until,
                                          std::span<const double> visits, ClinicalCourse& seen)
{
    auto running = dosing::running_at_first(treatment.plan);
    treatment.fired.resize(treatment.plan.rules.size());
    for (std::size_t i = 0; i < treatment.plan.rules.size(); ++i) { // those that are past have been decided
        if (treatment.fired[i]) {
            dosing::apply(treatment.plan.rules[i], running);
        }
    }
    solvers::blocks::BlockReport all{.time = run.day()};
    const auto live = [&](double to) {
        const auto due = static_cast<std::size_t>(std::ranges::upper_bound(visits, to) - visits.begin());
        const auto report = run.live(to, visits.first(due), seen);
        visits = visits.subspan(due);
        all = {.status = report.status,
               .time = report.time,
               .steps = all.steps + report.steps,
               .rejected = all.rejected + report.rejected};
        return report.status == LaneStatus::reached_end;
    };
    for (const Happening& happening : happenings(treatment, run.day(), until)) {
        if (!live(happening.day)) {
            return all;
        }
        if (happening.is_dose) {
            const dosing::Dose& dose = treatment.doses[happening.index];
            if (dose.taken && running[dose.course]) {
                run.give(dose.drug, dose.per_kg);
            }
        } else {
            const dosing::Rule& rule = treatment.plan.rules[happening.index];
            treatment.fired[happening.index] = dosing::fires(rule, readout(run.look(), rule.readout));
            if (treatment.fired[happening.index]) {
                dosing::apply(rule, running);
            }
        }
    }
    live(until);
    return all;
}

} // namespace osteoflare::scenarios::patients
