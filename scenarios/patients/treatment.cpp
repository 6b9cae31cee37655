#include "scenarios/patients/treatment.hpp"

#include "model/patient/drugs.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <utility>

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

/// What happens at a moment, in this order: a rule acts before doses of the same moment.
enum class Kind { infusion_ends, rule, dose };

struct Happening {
    double day = 0;
    Kind kind = Kind::dose;
    std::size_t index = 0; ///< of the rule or the dose
};

std::vector<Happening> happenings(const Treatment& treatment, double from, double until)
{
    std::vector<Happening> all;
    const auto add = [&](Tick at, Kind kind, std::size_t index) {
        const double day = treatment.day_of(at);
        if (from <= day && day < until) {
            all.push_back({day, kind, index});
        }
    };
    for (std::size_t i = 0; i < treatment.plan.rules.size(); ++i) {
        add(treatment.plan.rules[i].at, Kind::rule, i);
    }
    for (std::size_t i = 0; i < treatment.doses.size(); ++i) {
        const dosing::Dose& dose = treatment.doses[i];
        add(dose.at, Kind::dose, i);
        if (dose.infusion > 0) {
            add(dose.at + dose.infusion, Kind::infusion_ends, i);
        }
    }
    std::ranges::stable_sort(all, {}, [](const Happening& one) { return std::pair(one.day, one.kind); });
    return all;
}

/// A child and its drugs on the way through a plan.
class Treated {
public:
    /// Takes the plan up where the child stands: rules that fired before hold, infusions under way flow.
    Treated(PatientRun& run, Treatment& treatment)
        : run_(run), treatment_(treatment), running_(dosing::running_at_first(treatment.plan))
    {
        treatment_.fired.resize(treatment_.plan.rules.size());
        for (std::size_t i = 0; i < treatment_.plan.rules.size(); ++i) {
            if (treatment_.fired[i]) {
                dosing::apply(treatment_.plan.rules[i], running_);
            }
        }
        for (std::size_t i = 0; i < treatment_.doses.size(); ++i) {
            const dosing::Dose& dose = treatment_.doses[i];
            if (treatment_.day_of(dose.at) < run_.day() && run_.day() < treatment_.day_of(dose.at + dose.infusion)) {
                flowing_.push_back(i);
            }
        }
        let_flow();
    }

    void meet(const Happening& happening)
    {
        switch (happening.kind) {
        case Kind::infusion_ends: std::erase(flowing_, happening.index); break;
        case Kind::rule: decide(happening.index); break;
        case Kind::dose: give(happening.index); break;
        }
        let_flow();
    }

    /// Nothing flows beyond the days that were asked for.
    void leave() { run_.infuse(std::vector<double>(n_drugs)); }

private:
    static constexpr std::size_t n_drugs = std::tuple_size_v<decltype(model::patient::dose_targets<double>({}))>;

    /// A dose of no course is of a table, which has no rules.
    bool is_given(const dosing::Dose& dose) const { return dose.taken && (running_.empty() || running_[dose.course]); }

    void decide(std::size_t number)
    {
        const dosing::Rule& rule = treatment_.plan.rules[number];
        treatment_.fired[number] = dosing::fires(rule, readout(run_.look(), rule.readout));
        if (treatment_.fired[number]) {
            dosing::apply(rule, running_);
        }
    }

    void give(std::size_t number)
    {
        const dosing::Dose& dose = treatment_.doses[number];
        if (dose.infusion > 0) {
            flowing_.push_back(number);
        } else if (is_given(dose)) {
            run_.give(dose.drug, dose.per_kg);
        }
    }

    /// The rates of what flows, summed anew: nothing remains of what has ended.
    void let_flow()
    {
        std::erase_if(flowing_, [&](std::size_t i) { return !is_given(treatment_.doses[i]); });
        std::vector<double> rates(n_drugs);
        for (const std::size_t i : flowing_) {
            const dosing::Dose& dose = treatment_.doses[i];
            rates.at(dose.drug) += dose.per_kg / to_days(dose.infusion);
        }
        run_.infuse(rates);
    }

    PatientRun& run_;
    Treatment& treatment_;
    std::vector<bool> running_;        ///< (course)
    std::vector<std::size_t> flowing_; ///< doses whose infusions are under way
};

} // namespace

std::vector<dosing::Drug> known_drugs()
{
    std::vector<dosing::Drug> drugs;
    for (const auto& target : model::patient::dose_targets(model::patient::DrugParameters<double>{})) {
        dosing::Drug drug;
        drug.name = target.drug;
        const bool is_injected = drug.name == "anakinra" || drug.name == "adalimumab";
        drug.routes = {target.infusion ? Route::intravenous : is_injected ? Route::subcutaneous : Route::oral};
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
    Treated treated(run, treatment);
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
            break;
        }
        treated.meet(happening);
    }
    if (all.status == LaneStatus::reached_end) {
        live(until);
    }
    treated.leave();
    return all;
}

} // namespace osteoflare::scenarios::patients
