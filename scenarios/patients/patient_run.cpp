#include "scenarios/patients/patient_run.hpp"

#include "model/patient/readouts.hpp"
#include "scenarios/clinic/findings.hpp"
#include "scenarios/kernels/osteoflare_patient_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace osteoflare::scenarios::patients {
namespace {

namespace patient = model::patient;
using solvers::blocks::BlockReport;
using solvers::lanes::LaneStatus;

constexpr std::size_t n_border = model::count_of<patient::Border<double>>(),
                      n_site = model::count_of<patient::Site<double>>(),
                      n_parameters = model::count_of<patient::Parameters<double>>();

template <class Set>
void write(const Set& set, double* to)
{
    Set::visit(set, [&](const double& value, const model::Description&) { *to++ = value; });
}

template <class Set>
Set read(const double* from)
{
    Set set{};
    Set::visit(set, [&](double& value, const model::Description&) { value = *from++; });
    return set;
}

template <class Set>
std::vector<double> flat(const Set& set)
{
    std::vector<double> values(model::count_of<Set>());
    write(set, values.data());
    return values;
}

/// The number of a quantity in its set's list.
template <class Set>
std::size_t number_of(std::string_view name)
{
    std::size_t number = 0, found = model::count_of<Set>();
    Set set{};
    Set::visit(set, [&](const double&, const model::Description& entry) {
        found = entry.name == name ? number : found;
        ++number;
    });
    return found;
}

/// An error counts in relation to a state's size, and to a thousandth of what is large for it.
template <class Set>
std::vector<double> absolute(double relative)
{
    std::vector<double> tolerance;
    Set set{};
    Set::visit(set, [&](const double&, const model::Description& entry) {
        tolerance.push_back(1e-3 * relative * std::max(1.0, std::abs(entry.value)));
    });
    return tolerance;
}

} // namespace

solvers::blocks::BlockTolerance tolerance_of(double relative)
{
    return {.relative = relative,
            .block = absolute<patient::Site<double>>(relative),
            .border = absolute<patient::Border<double>>(relative)};
}

std::size_t dose_target(std::string_view drug)
{
    const auto targets = patient::dose_targets(patient::DrugParameters<double>{});
    const auto found = std::ranges::find(targets, drug, &patient::DoseTarget<double>::drug);
    if (found == targets.end()) {
        throw std::invalid_argument("dose_target: no drug is called '" + std::string(drug) + "'");
    }
    return static_cast<std::size_t>(found - targets.begin());
}

PatientRun::PatientRun(const Child& child, double relative_tolerance)
    : n_sites_(child.sites.size()),
      parameters_(child.sites),
      run_(solvers::blocks::best_engine(kernels::patient_engines), tolerance_of(relative_tolerance),
           child.sites.size()),
      damage_(n_sites_),
      under_way_(n_sites_)
{
    PatientState healthy;
    healthy.border = flat(model::defaults<patient::Border<double>>());
    const auto site = flat(model::defaults<patient::Site<double>>());
    for (const auto& parameters : parameters_) {
        healthy.sites.insert(healthy.sites.end(), site.begin(), site.end());
        settings_.push_back(flat(parameters));
        settings_.back().resize(n_parameters + model::count_of<patient::Inputs<double>>());
    }
    set_state(healthy);
    set_inputs(patient::Inputs<double>{});
}

PatientState PatientRun::state() const
{
    PatientState state{
        .day = day_, .border = std::vector<double>(n_border), .sites = std::vector<double>(n_sites_ * n_site)};
    run_.get_state(state.border, state.sites);
    return state;
}

void PatientRun::set_state(const PatientState& state)
{
    run_.set_state(state.day, state.border, state.sites);
    day_ = state.day;
}

ClinicalCourse PatientRun::look() const
{
    auto [day, row, sites] = state();
    row.insert(row.end(), sites.begin(), sites.end());
    ClinicalCourse seen;
    seen.n_sites = n_sites_;
    see(row, day, seen);
    return seen;
}

void PatientRun::expect(std::span<const Injury> injuries, double duration)
{
    strikes_.clear();
    next_strike_ = 0;
    std::ranges::fill(damage_, 0);
    std::ranges::fill(under_way_, 0);
    for (const Injury& injury : injuries) {
        if (injury.site >= n_sites_) {
            throw std::invalid_argument("PatientRun: an injury of a site that is not there");
        }
        if (injury.day + duration > day_) {
            strikes_.push_back({injury.day, injury.site, injury.damage, 1});
            strikes_.push_back({injury.day + duration, injury.site, -injury.damage, -1});
        }
    }
    std::ranges::stable_sort(strikes_, {}, &Strike::day);
    for (std::size_t site = 0; site < n_sites_; ++site) {
        send_settings(site);
    }
}

void PatientRun::set_inputs(const model::patient::Inputs<double>& inputs)
{
    for (std::size_t site = 0; site < n_sites_; ++site) {
        write(inputs, settings_[site].data() + n_parameters);
        send_settings(site);
    }
    send_border();
}

void PatientRun::give(std::size_t target, double per_kg)
{
    const auto entry = patient::dose_targets(parameters_.front().drugs).at(target);
    patient::Drugs<double> dose{};
    dose.*entry.compartment = per_kg * entry.per_dose;
    const auto amounts = flat(dose);
    for (std::size_t k = 0; k < amounts.size(); ++k) {
        if (amounts[k] != 0) {
            run_.add_to_border(n_border - amounts.size() + k, amounts[k]);
        }
    }
}

void PatientRun::infuse(std::span<const double> per_kg_and_day)
{
    const auto targets = patient::dose_targets(parameters_.front().drugs);
    patient::Inputs<double> infused{};
    for (std::size_t target = 0; target < targets.size(); ++target) {
        const double rate = per_kg_and_day[target];
        if (const auto input = targets.at(target).infusion) {
            infused.*input = rate;
        } else if (rate != 0) {
            throw std::invalid_argument("PatientRun: " + std::string(targets.at(target).drug)
                                        + " does not run into a vein");
        }
    }
    if (flat(infused) != flat(infused_)) {
        infused_ = infused;
        send_border();
    }
}

BlockReport PatientRun::live(double until, std::span<const double> visits, ClinicalCourse& seen)
{
    seen.n_sites = n_sites_;
    BlockReport all{.time = day_};
    std::vector<double> rows;
    while (day_ < until || (next_strike_ < strikes_.size() && strikes_[next_strike_].day <= day_)) {
        for (; next_strike_ < strikes_.size() && strikes_[next_strike_].day <= day_; ++next_strike_) {
            strike(strikes_[next_strike_]);
        }
        if (day_ >= until) {
            break;
        }
        const double stop = next_strike_ < strikes_.size() ? std::min(until, strikes_[next_strike_].day) : until;
        const auto due = static_cast<std::size_t>(std::ranges::upper_bound(visits, stop) - visits.begin());
        rows.resize(due * run_.n_row());
        const auto report = run_.advance(stop, visits.first(due), rows.data());
        all.steps += report.steps;
        all.rejected += report.rejected;
        all.time = day_ = report.time;
        all.status = report.status;
        for (std::size_t i = 0; i < due && visits[i] <= day_; ++i) {
            see(std::span(rows).subspan(i * run_.n_row(), run_.n_row()), visits[i], seen);
        }
        visits = visits.subspan(due);
        if (report.status != LaneStatus::reached_end) {
            break;
        }
    }
    return all;
}

void PatientRun::strike(const Strike& strike)
{
    under_way_[strike.site] += strike.count;
    // Exactly nothing when nothing is under way, whatever rounding left.
    damage_[strike.site] = under_way_[strike.site] > 0 ? damage_[strike.site] + strike.change : 0;
    send_settings(strike.site);
}

void PatientRun::send_settings(std::size_t site)
{
    static const std::size_t injury = n_parameters + number_of<patient::Inputs<double>>("sterile_injury");
    auto& settings = settings_[site];
    const double outside = settings[injury];
    settings[injury] = outside + damage_[site];
    run_.set_block(site, settings);
    settings[injury] = outside;
}

void PatientRun::send_border()
{
    auto settings = settings_.front();
    const auto infused = flat(infused_);
    for (std::size_t input = 0; input < infused.size(); ++input) {
        settings[n_parameters + input] += infused[input];
    }
    run_.set_border(settings);
}

void PatientRun::see(std::span<const double> row, double day, ClinicalCourse& seen) const
{
    seen.days.push_back(day);
    double pain = 0, lesions = 0;
    for (std::size_t i = 0; i < n_sites_; ++i) {
        const auto site = read<patient::Site<double>>(row.data() + n_border + i * n_site);
        const auto readouts = patient::site_readouts(site, parameters_[i]);
        seen.marrow_oedema.push_back(site.marrow_oedema);
        seen.pain.push_back(readouts.pain);
        seen.swelling.push_back(readouts.swelling);
        seen.resorption.push_back(readouts.resorption);
        seen.reactive_bone.push_back(site.tissue.reactive_bone);
        seen.bone.push_back(site.tissue.bone);
        pain += readouts.pain_felt;
        lesions += clinic::is_lesion(site.marrow_oedema) ? 1 : 0;
    }
    const auto border = read<patient::Border<double>>(row.data());
    const auto all = patient::patient_readouts(border, pain, lesions, parameters_.front());
    seen.vas.push_back(all.vas);
    seen.crp.push_back(all.crp);
    seen.esr.push_back(all.esr);
    seen.pga.push_back(all.pga);
    seen.chaq.push_back(all.chaq);
    seen.mri_lesions.push_back(lesions);
}

} // namespace osteoflare::scenarios::patients
