#include "scenarios/analyses/abc/abc.hpp"
#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/analyses/fitting/fit_profiles.hpp"
#include "scenarios/analyses/fitting/sample.hpp"
#include "scenarios/python/extension/asked_scenario.hpp"
#include "scenarios/python/extension/bindings.hpp"
#include "scenarios/python/extension/errand.hpp"

#include <pybind11/stl.h>

#include <atomic>
#include <optional>
#include <string>
#include <vector>

namespace osteoflare::python {

namespace py = pybind11;

namespace {

/// How a fit's best is found: from the file of an earlier fit, or by searching.
struct Search {
    std::string fit; ///< a results file, or empty
    std::size_t starts = 50;
    std::uint64_t seed = 1;
};

scenarios::FitOptions fit_options(const Search& search, std::size_t threads, Told& told)
{
    return {.starts = search.starts,
            .seed = search.seed,
            .threads = threads,
            .progress = [&told, n = search.starts](std::size_t done, double) {
                told.progress(static_cast<double>(done), static_cast<double>(n), 0);
            }};
}

solvers::fitting::Maximum best(const scenarios::Likelihood& likelihood, const Search& search, std::size_t threads,
                               Told& told)
{
    return search.fit.empty() ? scenarios::fit(likelihood, fit_options(search, threads, told)).best
                              : scenarios::best_of_file(likelihood, search.fit);
}

void record_fit(const scenarios::FitProblem& problem, std::size_t starts, std::uint64_t seed, const Errand& errand)
{
    const scenarios::Likelihood likelihood(problem);
    in_background(errand.listeners, [&](Told& told) {
        return scenarios::record_fit(likelihood, fit_options({"", starts, seed}, errand.threads, told), errand.file,
                                     errand.overwrite);
    });
}

void record_profiles(const scenarios::FitProblem& problem, const std::vector<std::string>& names, const Search& search,
                     const Errand& errand)
{
    const scenarios::Likelihood likelihood(problem);
    const auto parameters = scenarios::parameters_named(problem, names, "parameters");
    in_background(errand.listeners, [&](Told& told) {
        std::atomic<std::size_t> done = 0;
        return scenarios::record_profiles(
            likelihood, [&] { return best(likelihood, search, errand.threads, told); }, parameters, errand.threads,
            [&](std::size_t) { told.progress(static_cast<double>(++done), static_cast<double>(parameters.size()), 0); },
            errand.file, errand.overwrite);
    });
}

void record_sample(const scenarios::FitProblem& problem, scenarios::SampleOptions options, const Search& search,
                   const Errand& errand)
{
    scenarios::require_enough_draws(options.steps, options.thin);
    const scenarios::Likelihood likelihood(problem);
    (void)scenarios::walkers_of(options, problem.parameters.size()); // refused before a fit
    options.seed = search.seed;
    options.threads = errand.threads;
    options.file = errand.file;
    options.overwrite = errand.overwrite;
    options.resume = errand.resume;
    in_background(errand.listeners, [&](Told& told) {
        options.find_best = [&] { return best(likelihood, search, errand.threads, told); };
        options.remark = [&](const std::string& text) { told.remark(text); };
        return scenarios::record_sample(likelihood, options);
    });
}

void record_abc(const scenarios::FitProblem& problem, const solvers::sampling::AbcOptions& settings,
                const Errand& errand)
{
    scenarios::require_enough_particles(settings.particles, problem.parameters.size());
    const scenarios::DataSimulator simulator(problem);
    in_background(errand.listeners, [&](Told& told) {
        scenarios::AbcRecordOptions options;
        options.settings = settings;
        options.threads = errand.threads;
        options.file = errand.file;
        options.overwrite = errand.overwrite;
        options.resume = errand.resume;
        options.remark = [&](const std::string& text) { told.remark(text); };
        return scenarios::record_abc(simulator, options);
    });
}

std::vector<std::tuple<std::string, std::string, double, double, double>>
parameters_of(const scenarios::FitProblem& problem)
{
    std::vector<std::tuple<std::string, std::string, double, double, double>> all;
    for (const auto& parameter : problem.parameters) {
        all.emplace_back(parameter.name, parameter.unit, parameter.lower, parameter.upper, parameter.start);
    }
    return all;
}

} // namespace

void add_problems(py::module_& module)
{
    using scenarios::FitProblem;
    py::class_<FitProblem>(module, "Problem")
        .def(py::init([](const std::string& name, const std::string& folder) {
                 const scenarios::Library library = library_at(folder);
                 return scenarios::read_problem(scenarios::file_of_problem(name, library), library);
             }),
             py::arg("name"), py::arg("library"))
        .def_readonly("name", &FitProblem::name)
        .def_readonly("title", &FitProblem::title)
        .def_readonly("question", &FitProblem::question)
        .def_readonly("text", &FitProblem::text)
        .def_readonly("data_text", &FitProblem::data_text)
        .def_property_readonly("is_spatial", [](const FitProblem& problem) { return problem.model().is_spatial; })
        .def_property_readonly("parameters", &parameters_of)
        .def("fit", &record_fit)
        .def("profile",
             [](const FitProblem& problem, const std::vector<std::string>& names, const std::string& fit,
                std::size_t starts, std::uint64_t seed, const Errand& errand) {
                 record_profiles(problem, names, {fit, starts, seed}, errand);
             })
        .def("sample",
             [](const FitProblem& problem, std::size_t chains, std::size_t walkers, std::size_t steps,
                std::optional<std::size_t> warm_up, std::size_t thin, const std::string& fit, std::size_t starts,
                std::uint64_t seed, const Errand& errand) {
                 scenarios::SampleOptions options;
                 options.chains = chains;
                 options.walkers = walkers;
                 options.steps = steps;
                 options.warm_up = warm_up;
                 options.thin = thin;
                 record_sample(problem, options, {fit, starts, seed}, errand);
             })
        .def("sample_abc", [](const FitProblem& problem, std::size_t particles, std::size_t rounds, double tolerance,
                              double least_accepted, std::uint64_t seed, const Errand& errand) {
            record_abc(problem,
                       {.particles = particles,
                        .rounds = rounds,
                        .tolerance = tolerance,
                        .least_accepted = least_accepted,
                        .seed = seed},
                       errand);
        });
}

} // namespace osteoflare::python
