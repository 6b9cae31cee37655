#include "tests/benchmarks/cvode_problem.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace osteoflare::benchmarks {
namespace {

using Kernel = CvodeProblem::Kernel;

SUNContext make_context()
{
    SUNContext context = nullptr;
    require_success(SUNContext_Create(nullptr, &context), "SUNContext_Create");
    return context;
}

void free_context(SUNContext context)
{
    (void)SUNContext_Free(&context);
}

void free_memory(void* memory)
{
    CVodeFree(&memory);
}

void free_linear(SUNLinearSolver solver)
{
    (void)SUNLinSolFree(solver);
}

} // namespace

void require_success(int flag, const char* what)
{
    if (flag < 0) {
        throw std::runtime_error(std::string(what).append(" of SUNDIALS failed with ").append(std::to_string(flag)));
    }
}

int rates_for_cvode(double, N_Vector y, N_Vector ydot, void* problem)
{
    const CvodeProblem& here = *static_cast<CvodeProblem*>(problem);
    Kernel::rates(lanes_in(y), here.coefficients, lanes_in(ydot));
    return 0;
}

struct CvodeRun::Parts {
    Owned<SUNContext, free_context> context{make_context()};
    Owned<N_Vector, N_VDestroy> state{make_vector(context)};
    Owned<N_Vector, N_VDestroy> tolerance{make_vector(context)};
    CvodeLinearParts linear;
    Owned<SUNMatrix, SUNMatDestroy> matrix{linear.matrix};
    Owned<SUNLinearSolver, free_linear> solver{linear.solver};
    Owned<void*, free_memory> memory{CVodeCreate(CV_BDF, context)};

    explicit Parts(CvodeLinear kind) : linear(make_linear(kind, context)) {}
};

CvodeRun::CvodeRun(CvodeLinear linear, const Workload& workload, double relative_tolerance)
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
}

CvodeRun::~CvodeRun() = default;

void CvodeRun::begin(const Animal& animal, std::size_t phase)
{
    Parts& parts = *parts_;
    const scenarios::Scenario& scenario = workload_.scenario();
    if (phase == 0) {
        std::ranges::copy(scenario.start_state, N_VGetArrayPointer(parts.state));
        next_time_ = 0;
    }
    problem_.settings = animal.phases[phase];
    Kernel::prepare(animal.phases[phase], problem_.coefficients);
    const bool is_last = phase + 1 == animal.phases.size();
    const double stop = is_last ? scenarios::to_days(scenario.end) : animal.phase_begins[phase + 1];
    require_success(CVodeReInit(parts.memory, animal.phase_begins[phase], parts.state), "CVodeReInit");
    require_success(CVodeSetStopTime(parts.memory, stop), "CVodeSetStopTime");
}

void CvodeRun::advance(const Animal& animal, std::size_t phase, std::span<double> rows)
{
    Parts& parts = *parts_;
    const std::vector<double>& times = workload_.times;
    const bool is_last = phase + 1 == animal.phases.size();
    const double stop = is_last ? times.back() : animal.phase_begins[phase + 1];
    const double* state = N_VGetArrayPointer(parts.state);
    double t = animal.phase_begins[phase];
    while (true) {
        const bool has_output = next_time_ < times.size() && times[next_time_] <= stop;
        const double wanted = has_output ? times[next_time_] : stop;
        if (t < wanted) {
            require_success(CVode(parts.memory, wanted, parts.state, &t, CV_NORMAL), "CVode");
        }
        if (has_output) {
            std::copy_n(state, Kernel::n_states, rows.data() + next_time_ * Kernel::n_states);
            ++next_time_;
        }
        if (wanted == stop) {
            break;
        }
    }
    long steps = 0, failed = 0;
    require_success(CVodeGetNumSteps(parts.memory, &steps), "CVodeGetNumSteps");
    require_success(CVodeGetNumErrTestFails(parts.memory, &failed), "CVodeGetNumErrTestFails");
    effort_.steps += static_cast<std::size_t>(steps);
    effort_.rejected += static_cast<std::size_t>(failed);
}

Effort run_cvode(CvodeLinear linear, const Workload& workload, double relative_tolerance, std::size_t count,
                 const Take& take)
{
    CvodeRun run(linear, workload, relative_tolerance);
    std::vector<double> rows(workload.times.size() * Kernel::n_states);
    for (std::size_t i = 0; i < count; ++i) {
        const Animal& animal = workload.animals[i];
        for (std::size_t phase = 0; phase < animal.phases.size(); ++phase) {
            run.begin(animal, phase);
            run.advance(animal, phase, rows);
        }
        if (take) {
            take(i, {rows.data(), Kernel::n_states});
        }
    }
    return run.effort();
}

} // namespace osteoflare::benchmarks
