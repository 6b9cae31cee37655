#include "tests/benchmarks/cvode_problem.hpp"
#include "tests/benchmarks/cvode_vector.hpp"

#include <algorithm>

namespace osteoflare::benchmarks {
namespace {

using Kernel = CvodeProblem::Kernel;
constexpr std::size_t n = Kernel::n_states;

} // namespace

int rates_for_cvode(double, N_Vector y, N_Vector ydot, void* problem)
{
    const CvodeProblem& here = *static_cast<CvodeProblem*>(problem);
    Kernel::rates(lanes_in(y), here.coefficients, lanes_in(ydot));
    return 0;
}

struct CvodeRun::Parts {
    OwnedContext context{make_context()};
    OwnedVector state{FastVector<n>::make(context)};
    OwnedVector tolerance{FastVector<n>::make(context)};
    CvodeLinearParts linear;
    OwnedMatrix matrix{linear.matrix};
    OwnedLinear solver{linear.solver};
    OwnedMemory memory{CVodeCreate(CV_BDF, context)};
    std::vector<N_Vector> sensitivities; ///< by each varied parameter; none unless asked for

    explicit Parts(CvodeLinear kind) : linear(make_linear(kind, context)) {}
    ~Parts()
    {
        for (const N_Vector vector : sensitivities) {
            N_VDestroy(vector);
        }
    }
};

CvodeRun::CvodeRun(CvodeLinear linear, const Workload& workload, double relative_tolerance, bool with_sensitivities)
    : workload_(workload), parts_(std::make_unique<Parts>(linear))
{
    Parts& parts = *parts_;
    std::ranges::copy(workload.scenario().start_state, N_VGetArrayPointer(parts.state));
    std::ranges::copy(workload.absolute_tolerance(relative_tolerance), N_VGetArrayPointer(parts.tolerance));
    require_success(CVodeInit(parts.memory, rates_for_cvode, workload.times.front(), parts.state), "CVodeInit");
    require_success(CVodeSVtolerances(parts.memory, relative_tolerance, parts.tolerance), "CVodeSVtolerances");
    require_success(CVodeSetUserData(parts.memory, &problem_), "CVodeSetUserData");
    require_success(CVodeSetMaxNumSteps(parts.memory, 10'000'000), "CVodeSetMaxNumSteps");
    require_success(CVodeSetLinearSolver(parts.memory, parts.solver, parts.matrix), "CVodeSetLinearSolver");
    require_success(CVodeSetLinSysFn(parts.memory, parts.linear.form), "CVodeSetLinSysFn");
    if (with_sensitivities) {
        const auto count = static_cast<int>(varied_settings().size());
        while (parts.sensitivities.size() < varied_settings().size()) {
            parts.sensitivities.push_back(FastVector<n>::make(parts.context));
            N_VConst(0, parts.sensitivities.back());
        }
        require_success(
            CVodeSensInit(parts.memory, count, CV_STAGGERED, sensitivity_rates_for_cvodes, parts.sensitivities.data()),
            "CVodeSensInit");
        require_success(CVodeSensEEtolerances(parts.memory), "CVodeSensEEtolerances");
        require_success(CVodeSetSensErrCon(parts.memory, 1), "CVodeSetSensErrCon");
    }
}

CvodeRun::~CvodeRun() = default;

void CvodeRun::begin(const Animal& animal, std::size_t phase)
{
    Parts& parts = *parts_;
    if (phase == 0) {
        std::ranges::copy(workload_.scenario().start_state, N_VGetArrayPointer(parts.state));
        next_time_ = 0;
    }
    problem_.settings = animal.phases[phase];
    Kernel::prepare(animal.phases[phase], problem_.coefficients);
    require_success(CVodeReInit(parts.memory, animal.phase_begins[phase], parts.state), "CVodeReInit");
    if (!parts.sensitivities.empty()) {
        std::vector<double> scales; // sensitivities are as exact as the states, times the parameter
        for (const std::size_t setting : varied_settings()) {
            scales.push_back(problem_.settings[setting]);
        }
        for (const N_Vector vector : parts.sensitivities) {
            if (phase == 0) {
                N_VConst(0, vector); // the start is the same for all parameters
            }
        }
        require_success(CVodeSetSensParams(parts.memory, nullptr, scales.data(), nullptr), "CVodeSetSensParams");
        require_success(CVodeSensReInit(parts.memory, CV_STAGGERED, parts.sensitivities.data()), "CVodeSensReInit");
    }
}

void CvodeRun::advance(double from, double to, std::span<double> rows, std::span<double> sensitivities)
{
    Parts& parts = *parts_;
    const std::vector<double>& times = workload_.times;
    const double* state = N_VGetArrayPointer(parts.state);
    require_success(CVodeSetStopTime(parts.memory, to), "CVodeSetStopTime");
    double t = from;
    for (double wanted = from; wanted < to || (next_time_ < times.size() && times[next_time_] <= to);) {
        const bool has_output = next_time_ < times.size() && times[next_time_] <= to;
        wanted = has_output ? times[next_time_] : to;
        const bool moves = t < wanted;
        if (moves) {
            require_success(CVode(parts.memory, wanted, parts.state, &t, CV_NORMAL), "CVode");
        }
        if (moves && !parts.sensitivities.empty()) {
            require_success(CVodeGetSens(parts.memory, &t, parts.sensitivities.data()), "CVodeGetSens");
        }
        if (has_output) {
            std::copy_n(state, n, rows.data() + next_time_ * n);
            for (std::size_t p = 0; p < parts.sensitivities.size(); ++p) {
                std::copy_n(N_VGetArrayPointer(parts.sensitivities[p]), n,
                            sensitivities.data() + (next_time_ * parts.sensitivities.size() + p) * n);
            }
            ++next_time_;
        }
    }
    long steps = 0, failed = 0;
    require_success(CVodeGetNumSteps(parts.memory, &steps), "CVodeGetNumSteps");
    require_success(CVodeGetNumErrTestFails(parts.memory, &failed), "CVodeGetNumErrTestFails");
    effort_.steps += static_cast<std::size_t>(steps);
    effort_.rejected += static_cast<std::size_t>(failed);
}

void CvodeRun::run(const Animal& animal, std::span<double> rows, std::span<double> sensitivities)
{
    for (std::size_t phase = 0; phase < animal.phases.size(); ++phase) {
        const bool is_last = phase + 1 == animal.phases.size();
        begin(animal, phase);
        advance(animal.phase_begins[phase],
                is_last ? scenarios::to_days(workload_.scenario().end) : animal.phase_begins[phase + 1], rows,
                sensitivities);
    }
}

Effort run_cvode(CvodeLinear linear, const Workload& workload, double relative_tolerance, std::size_t count,
                 const Take& take)
{
    CvodeRun run(linear, workload, relative_tolerance);
    std::vector<double> rows(workload.times.size() * n);
    for (std::size_t i = 0; i < count; ++i) {
        run.run(workload.animals[i], rows);
        if (take) {
            take(i, {rows.data(), n});
        }
    }
    return run.effort();
}

Effort run_cvodes(CvodeLinear linear, const Workload& workload, double relative_tolerance, std::size_t count,
                  const Take& take)
{
    CvodeRun run(linear, workload, relative_tolerance, true);
    std::vector<double> rows(workload.times.size() * n);
    std::vector<double> sensitivities(rows.size() * varied_settings().size());
    for (std::size_t i = 0; i < count; ++i) {
        run.run(workload.animals[i], rows, sensitivities);
        if (take) {
            take(i, {sensitivities.data(), n * varied_settings().size()});
        }
    }
    return run.effort();
}

} // namespace osteoflare::benchmarks
