#pragma once

#include "scenarios/patients/population.hpp"
#include "solvers/blocks/block_run.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace osteoflare::scenarios::patients {

/// What a clinic could see of one child at visits: the continuous quantities, from which scenarios/clinic makes
/// findings.
struct ClinicalCourse {
    std::size_t n_sites = 0;
    std::vector<double> days;                                                           ///< (visit)
    std::vector<double> marrow_oedema, pain, swelling, resorption, reactive_bone, bone; ///< (visit, site)
    std::vector<double> vas, crp, esr, pga, chaq, mri_lesions;                          ///< (visit)
};

/// A moment of a child's life, from which it can go on in several ways.
struct PatientState {
    double day = 0;
    std::vector<double> border, sites; ///< (state), (site, state)
};

/// What each state of a patient may get wrong in a step, at this relative tolerance.
solvers::blocks::BlockTolerance tolerance_of(double relative);

/// Where a drug goes: by the names of model/patient/drugs.hpp.
std::size_t dose_target(std::string_view drug);

/// One child on its way through life: strikes and doses meet its model at their moments.
class PatientRun {
public:
    /// Begins on day 0 in health. Throws std::invalid_argument for a tolerance that makes no sense.
    PatientRun(const Child& child, double relative_tolerance);

    double day() const { return day_; }
    PatientState state() const;
    void set_state(const PatientState& state);
    /// What a visit today would see.
    ClinicalCourse look() const;

    /// What strikes from now on, for so many days each; replaces what was to come. Those under way at the present
    /// moment are taken up where they are.
    void expect(std::span<const Injury> injuries, double duration);
    /// What is set from outside, for all sites and until further notice: model::patient::Inputs beside injuries.
    void set_inputs(const model::patient::Inputs<double>& inputs);
    /// A dose [mg/kg], at once. `target` is that of dose_target.
    void give(std::size_t target, double per_kg);
    /// How fast drugs run into veins from now on [mg/kg/d], (target), beside set_inputs; 0 where none does. Throws
    /// std::invalid_argument for a drug that cannot be given so.
    void infuse(std::span<const double> per_kg_and_day);

    /// Lives on until a day; what is seen on the days `visits` (after the present one, not after `until`) is added to
    /// `seen`. A run that fails stays where it came to.
    solvers::blocks::BlockReport live(double until, std::span<const double> visits, ClinicalCourse& seen);

private:
    struct Strike {
        double day = 0;
        std::size_t site = 0;
        double change = 0; ///< of the release of damage [1/d]
        int count = 0;     ///< +1 where an injury begins, -1 where it ends
    };

    void strike(const Strike& strike);
    void send_settings(std::size_t site);
    void send_border();
    void see(std::span<const double> row, double day, ClinicalCourse& seen) const;

    std::size_t n_sites_;
    std::vector<model::patient::Parameters<double>> parameters_; ///< (site)
    std::vector<std::vector<double>> settings_;                  ///< (site, setting): parameters, then inputs
    model::patient::Inputs<double> infused_{};                   ///< of rates of infusion alone
    solvers::blocks::BlockRun run_;
    double day_ = 0;
    std::vector<Strike> strikes_; ///< by day
    std::size_t next_strike_ = 0;
    std::vector<double> damage_; ///< (site): release by injuries under way
    std::vector<int> under_way_; ///< (site)
};

} // namespace osteoflare::scenarios::patients
