#include "tests/benchmarks/cvode_vector.hpp"
#include "tests/benchmarks/patient_lives.hpp"
#include "tests/benchmarks/patient_system.hpp"

#include <algorithm>
#include <span>

namespace osteoflare::benchmarks {
namespace {

constexpr std::size_t n = PatientSystem::n;

int rates(double, N_Vector y, N_Vector ydot, void* system)
{
    static_cast<const PatientSystem*>(system)->rates(N_VGetArrayPointer(y), N_VGetArrayPointer(ydot));
    return 0;
}

/// From the order of a row (border, then site after site) to that of the system.
void put(std::span<const double> border, std::span<const double> sites, double* to)
{
    for (std::size_t k = 0; k < border.size(); ++k) {
        to[PatientSystem::place(k)] = border[k];
    }
    for (std::size_t i = 0; i < sites.size(); ++i) {
        to[PatientSystem::place(i / PatientSystem::n_site, i % PatientSystem::n_site)] = sites[i];
    }
}

void take_row(const double* from, double* row)
{
    for (std::size_t k = 0; k < PatientSystem::n_border; ++k) {
        row[k] = from[PatientSystem::place(k)];
    }
    for (std::size_t i = 0; i < n - PatientSystem::n_border; ++i) {
        row[PatientSystem::n_border + i] =
            from[PatientSystem::place(i / PatientSystem::n_site, i % PatientSystem::n_site)];
    }
}

/// A CVODE memory with its vectors, matrix and linear solver, for one child after the other.
class Run {
public:
    Run(PatientLinear linear, double relative_tolerance)
        : linear_(linear == PatientLinear::klu ? make_patient_klu(system_, state_, context_)
                                               : make_patient_dense(context_))
    {
        const auto limits = patients::tolerance_of(relative_tolerance);
        std::vector<double> of_sites;
        for (std::size_t site = 0; site < PatientSystem::n_sites; ++site) {
            of_sites.insert(of_sites.end(), limits.block.begin(), limits.block.end());
        }
        put(limits.border, of_sites, N_VGetArrayPointer(tolerance_));
        N_VConst(0, state_);
        require_success(CVodeInit(memory_, rates, 0, state_), "CVodeInit");
        require_success(CVodeSVtolerances(memory_, limits.relative, tolerance_), "CVodeSVtolerances");
        require_success(CVodeSetUserData(memory_, &system_), "CVodeSetUserData");
        require_success(CVodeSetMaxNumSteps(memory_, 10'000'000), "CVodeSetMaxNumSteps");
        require_success(CVodeSetLinearSolver(memory_, solver_, matrix_), "CVodeSetLinearSolver");
        require_success(CVodeSetLinSysFn(memory_, linear_.form), "CVodeSetLinSysFn");
    }

    void follow(const Life& life, const Lives& lives, double* rows)
    {
        double* state = N_VGetArrayPointer(state_);
        put(life.start.border, life.start.sites, state);
        system_.set_border(life.border_settings.data());
        next_row_ = 0;
        for (std::size_t i = 0; i < life.moments.size(); ++i) {
            const Moment& moment = life.moments[i];
            for (const SiteChange& change : moment.changes) {
                system_.set_site(change.site, change.settings.data());
            }
            state[PatientSystem::place(naproxen_state())] += moment.naproxen;
            const bool is_last = i + 1 == life.moments.size();
            const double until = is_last ? life.start.day + lives.days : life.moments[i + 1].day;
            if (moment.day < until) {
                advance(life.start.day, moment.day, until, lives.rows, rows);
            }
        }
    }

    Effort effort() const { return effort_; }

private:
    /// Every row due, and the end, in order.
    void advance(double start, double from, double to, std::span<const double> days, double* rows)
    {
        require_success(CVodeReInit(memory_, from, state_), "CVodeReInit");
        require_success(CVodeSetStopTime(memory_, to), "CVodeSetStopTime");
        double t = from;
        while (t < to || (next_row_ < days.size() && start + days[next_row_] <= to)) {
            const bool has_row = next_row_ < days.size() && start + days[next_row_] <= to;
            const double wanted = has_row ? start + days[next_row_] : to;
            if (t < wanted) {
                require_success(CVode(memory_, wanted, state_, &t, CV_NORMAL), "CVode");
            }
            if (has_row) {
                take_row(N_VGetArrayPointer(state_), rows + next_row_++ * n);
            }
        }
        long steps = 0, failed = 0;
        require_success(CVodeGetNumSteps(memory_, &steps), "CVodeGetNumSteps");
        require_success(CVodeGetNumErrTestFails(memory_, &failed), "CVodeGetNumErrTestFails");
        effort_.steps += static_cast<std::size_t>(steps);
        effort_.rejected += static_cast<std::size_t>(failed);
    }

    PatientSystem system_;
    OwnedContext context_{make_context()};
    OwnedVector state_{FastVector<n>::make(context_)};
    OwnedVector tolerance_{FastVector<n>::make(context_)};
    PatientLinearParts linear_;
    OwnedMatrix matrix_{linear_.matrix};
    OwnedLinear solver_{linear_.solver};
    OwnedMemory memory_{CVodeCreate(CV_BDF, context_)};
    std::size_t next_row_ = 0;
    Effort effort_;
};

} // namespace

Effort run_patient_cvode(PatientLinear linear, const Lives& lives, double relative_tolerance, std::size_t count,
                         const Take& take)
{
    Run run(linear, relative_tolerance);
    std::vector<double> rows(lives.rows.size() * n);
    for (std::size_t i = 0; i < count; ++i) {
        run.follow(lives.children[i], lives, rows.data());
        if (take) {
            take(i, {rows.data(), n});
        }
    }
    return run.effort();
}

} // namespace osteoflare::benchmarks
