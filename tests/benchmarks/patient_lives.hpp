#pragma once

#include "scenarios/patients/patient_run.hpp"
#include "tests/benchmarks/methods.hpp"

#include <cstddef>
#include <string>
#include <vector>

/// Children of the patient's population as every method gets them: a start, moments at which something changes, and
/// days on which all states are asked for. For research and teaching, never for the care of a person.
namespace osteoflare::benchmarks {

namespace patients = scenarios::patients;

/// From here on a site has other settings.
struct SiteChange {
    std::size_t site = 0;
    std::vector<double> settings; ///< parameters, then inputs
};

struct Moment {
    double day = 0;
    std::vector<SiteChange> changes;
    double naproxen = 0; ///< what plasma gains at once [mg/L]
};

struct Life {
    patients::Child child;
    patients::PatientState start;
    std::vector<patients::Injury> injuries; ///< those before the start among them
    std::vector<double> border_settings;
    std::vector<Moment> moments; ///< the first, at the start, sets every site; all before the end
};

struct Lives {
    std::string name;
    double days = 0;          ///< that each child is followed
    double injury_days = 0;   ///< that an injury lasts
    std::vector<double> rows; ///< when all states are asked for, in days after the start
    std::vector<Life> children;

    std::size_t n_sites() const { return children.front().child.sites.size(); }
    std::size_t n_states() const; ///< the border's, then those of site after site
    double years() const { return days / patients::days_per_year; }
};

/// From their eighth to their twelfth birthday, healthy at first, states once a week: the first children of the
/// population, or the first of those who fall ill in these years (diagnosed, or silent by then).
Lives untreated_lives(std::size_t n_children, bool ill_only);

/// The ill ones from their first pictures on for a year, with 15 mg/kg of naproxen every day. States are asked for
/// every 5.3 days, so at all times of the day.
Lives naproxen_lives(std::size_t n_children);

/// Untreated children with every second of their sites, which share all of the marrow, and what strikes these.
Lives with_half_of_the_sites(const Lives& lives);

/// Where plasma's naproxen stands among the border's states.
std::size_t naproxen_state();

/// This project's solver of blocks, as patients::PatientRun uses it.
Effort run_blocks(const Lives& lives, double relative_tolerance, std::size_t count, const Take& take);

/// Whether it leaves the first child in the very state in which PatientRun leaves it; for children without doses.
bool agrees_with_patient_run(const Lives& lives, double relative_tolerance);

/// The linear solver under CVODE's Newton iteration for the whole patient.
enum class PatientLinear {
    dense, ///< Eigen's LU with partial pivoting, which works in blocks
    klu,   ///< SUNDIALS' KLU on the exact sparse matrix
};
/// Whether this program was built with KLU.
bool has_klu();

/// CVODE's BDF on the same system. Throws std::invalid_argument for KLU where it is not there.
Effort run_patient_cvode(PatientLinear linear, const Lives& lives, double relative_tolerance, std::size_t count,
                         const Take& take);

} // namespace osteoflare::benchmarks
