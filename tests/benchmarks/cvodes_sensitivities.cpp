#include "model/niche/niche.hpp"
#include "solvers/dual.hpp"
#include "tests/benchmarks/cvode_problem.hpp"

#include <algorithm>

namespace osteoflare::benchmarks {
namespace {

using Kernel = CvodeProblem::Kernel;
constexpr std::size_t n = Kernel::n_states;
using Number = solvers::Dual<16>; // one direction for each varied parameter, and one to spare

/// df/dp for all varied parameters in one pass of the model's template.
struct Slopes {
    Number rates[n];

    Slopes(N_Vector y, const double* settings)
    {
        model::niche::State<Number> state{};
        std::size_t next = 0;
        const double* values = N_VGetArrayPointer(y);
        model::niche::State<Number>::visit(state,
                                           [&](auto& field, const model::Description&) { field = values[next++]; });
        model::niche::Parameters<Number> parameters{};
        model::niche::Inputs<Number> inputs{};
        next = 0;
        const auto set = [&](auto& field, const model::Description&) {
            field = settings[next];
            const auto varied = std::ranges::find(varied_settings(), next++);
            if (varied != varied_settings().end()) {
                field.slope[static_cast<std::size_t>(varied - varied_settings().begin())] = 1;
            }
        };
        model::niche::Parameters<Number>::visit(parameters, set);
        model::niche::Inputs<Number>::visit(inputs, set);
        using Model = model::niche::Model;
        const auto balance = Model::balance(Model::fluxes(state, inputs, parameters));
        next = 0;
        std::remove_cvref_t<decltype(balance)>::visit(
            balance, [&](const auto& field, const model::Description&) { rates[next++] = field; });
    }
};

} // namespace

const std::vector<std::size_t>& varied_settings()
{
    static const std::vector<std::size_t> indices = [] {
        const auto& models = scenarios::models();
        const auto niche = std::ranges::find(models, "niche", &scenarios::ModelEntry::name);
        std::vector<std::size_t> found;
        for (const std::string& name : varied_parameters()) {
            found.push_back(scenarios::index_of(niche->settings, name));
        }
        return found;
    }();
    return indices;
}

int sensitivity_rates_for_cvodes(int count, double, N_Vector y, N_Vector, N_Vector* sensitivities, N_Vector* rates,
                                 void* problem, N_Vector, N_Vector)
{
    CvodeProblem& here = *static_cast<CvodeProblem*>(problem);
    Kernel::jacobian(lanes_in(y), here.coefficients, here.jacobian);
    const Slopes by_parameters(y, here.settings);
    for (int p = 0; p < count; ++p) {
        const double* s = N_VGetArrayPointer(sensitivities[p]);
        double* to = N_VGetArrayPointer(rates[p]);
        for (std::size_t i = 0; i < n; ++i) {
            to[i] = by_parameters.rates[i].slope[static_cast<std::size_t>(p)];
        }
        for (std::size_t e = 0; e < Kernel::n_jacobian; ++e) {
            to[Kernel::jacobian_rows[e]] += here.jacobian[e].v * s[Kernel::jacobian_columns[e]];
        }
    }
    return 0;
}

} // namespace osteoflare::benchmarks
