#include "scenarios/cli/problem_options.hpp"

#include "scenarios/analyses/fitting/fit_profiles.hpp"
#include "scenarios/cli/scenario_options.hpp"

#include <fmt/format.h>

namespace osteoflare::cli {

CLI::Option* ProblemOptions::add_to(CLI::App& app)
{
    verb = app.get_name();
    app.add_option("PROBLEM", problem, "a problem file, or a name from: osteoflare list problems")->required();
    app.add_option("-o,--output", output, fmt::format("results file; results/NAME.{}.h5 if left out", verb))
        ->type_name("FILE");
    auto* number =
        app.add_option("--seed", seed, "another seed; 1 if left out")->type_name("N")->check(CLI::NonNegativeNumber);
    app.add_option("--threads", threads, "threads; all of the machine's if left out")->check(CLI::Range(1, 4096));
    app.add_flag("--force", force, "overwrite an existing results file");
    app.add_option("--starts", starts, "searches of the fit, from different places; 50 if left out")
        ->check(CLI::Range(1, 1'000'000))
        ->type_name("N");
    return number;
}

scenarios::FitProblem ProblemOptions::read() const
{
    const auto library = scenarios::read_library(scenarios::library_folder());
    return scenarios::read_problem(scenarios::file_of_problem(problem, library), library);
}

std::filesystem::path ProblemOptions::file(const scenarios::FitProblem& of) const
{
    return output_path(output, fmt::format("{}.{}", of.name, verb), ".h5");
}

scenarios::FitOptions ProblemOptions::fit_options() const
{
    return {.starts = starts, .seed = static_cast<std::uint64_t>(seed), .threads = threads};
}

CLI::Option* FittedProblemOptions::add_to(CLI::App& app)
{
    auto* number = ProblemOptions::add_to(app);
    app.add_option("--fit", fit, "the results file of osteoflare fit; fitted first if left out")
        ->type_name("FILE")
        ->excludes(app.get_option("--starts"));
    return number;
}

solvers::fitting::Maximum FittedProblemOptions::best(const scenarios::Likelihood& likelihood) const
{
    return fit.empty() ? scenarios::fit(likelihood, fit_options()).best : scenarios::best_of_file(likelihood, fit);
}

std::vector<std::string> headings(const scenarios::FitProblem& problem)
{
    std::vector<std::string> names;
    for (const auto& parameter : problem.parameters) {
        names.push_back(parameter.unit == "1" ? parameter.name
                                              : fmt::format("{} [{}]", parameter.name, parameter.unit));
    }
    return names;
}

} // namespace osteoflare::cli
