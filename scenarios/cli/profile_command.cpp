#include "output/file_error.hpp"
#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/analyses/fitting/fit_profiles.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/scenario_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

namespace osteoflare::cli {
namespace {

struct ProfileCommandOptions {
    std::string problem, output, fit;
    std::vector<std::string> parameters;
    std::size_t starts = 50, threads = 0;
    std::int64_t seed = 1;
    bool force = false;
};

std::vector<std::size_t> chosen(const scenarios::FitProblem& problem, const std::vector<std::string>& names)
{
    std::vector<std::size_t> parameters(names.empty() ? problem.parameters.size() : 0);
    std::iota(parameters.begin(), parameters.end(), std::size_t{0});
    for (const std::string& name : names) {
        const auto found = std::ranges::find(problem.parameters, name, &scenarios::FitParameter::name);
        if (found == problem.parameters.end()) {
            throw scenarios::InputError(
                {"--parameters", 1, 1},
                {fmt::format("unknown parameter '{}'", name), "the problem has no such parameter",
                 scenarios::suggest_name(name, scenarios::names_of(problem.parameters), "name one of the problem's")});
        }
        parameters.push_back(static_cast<std::size_t>(found - problem.parameters.begin()));
    }
    return parameters;
}

int run_profile(const ProfileCommandOptions& options)
{
    const auto library = scenarios::read_library(scenarios::library_folder());
    const scenarios::Likelihood likelihood(
        scenarios::read_problem(scenarios::file_of_problem(options.problem, library), library));
    const auto& problem = likelihood.problem();
    const auto parameters = chosen(problem, options.parameters);
    const auto path = output_path(options.output, problem.name + ".profile", ".h5");
    if (!options.force && std::filesystem::exists(path)) {
        throw output::FileError(path, "exists already", "nothing is overwritten unless that is asked for",
                                "choose another name, or overwrite it with --force");
    }
    const scenarios::FitOptions fit_options{
        .starts = options.starts, .seed = static_cast<std::uint64_t>(options.seed), .threads = options.threads};
    const auto best = options.fit.empty() ? scenarios::fit(likelihood, fit_options).best
                                          : scenarios::best_of_file(likelihood, options.fit);
    fmt::print("{}\n", problem.title);
    fmt::print("  -log likelihood {:.6g} at the best of {}\n", best.negative_log,
               options.fit.empty() ? fmt::format("{} start{}", options.starts, options.starts == 1 ? "" : "s")
                                   : options.fit);
    std::size_t done = 0;
    const auto profiles = scenarios::profile(likelihood, best, parameters, options.threads, [&](std::size_t p) {
        fmt::print(stderr, "{} of {} profiles: {}\n", ++done, parameters.size(), problem.parameters[p].name);
    });
    scenarios::write_profiles(likelihood, profiles, path, options.force);
    std::size_t n_failed = 0;
    double lowest = best.negative_log;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto& parameter = problem.parameters[parameters[i]];
        const auto& profile = profiles.profiles[i];
        const auto end = [&](const std::optional<double>& x) {
            return x ? fmt::format("{:.3g}", parameter.outward(*x)) : std::string("?");
        };
        const bool is_known = profile.verdict != solvers::fitting::Verdict::structurally_not;
        fmt::print("  {}{}{}: {}\n", parameter.name, parameter.unit == "1" ? "" : " [" + parameter.unit + "]",
                   is_known ? fmt::format(" = {:.4g}, 95 % from {} to {}", parameter.outward(best.x[parameters[i]]),
                                          end(profile.low), end(profile.high))
                            : "",
                   scenarios::describe(problem, parameters[i], profile));
        n_failed += profile.failed ? 1 : 0;
        lowest = std::min(lowest, profile.lowest);
    }
    constexpr double better = 0.01;
    if (lowest < best.negative_log - better) {
        fmt::print("  a profile found a better place, by {:.3g}: the fit was not at its best; use more starts\n",
                   best.negative_log - lowest);
    }
    if (n_failed > 0) {
        fmt::print("  {} profile{} ended early, where nothing could be computed\n", n_failed, n_failed == 1 ? "" : "s");
    }
    fmt::print("results in {}\n", path.string());
    return n_failed > 0 ? partly_failed : fine;
}

} // namespace

void add_profile(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<ProfileCommandOptions>();
    CLI::App* verb = program.add_subcommand("profile", "say which parameters data can tell, and how well");
    verb->add_option("PROBLEM", options->problem, "a problem file, or a name from: osteoflare list problems")
        ->required();
    verb->add_option("-o,--output", options->output, "results file; results/NAME.profile.h5 if left out")
        ->type_name("FILE");
    auto* fit = verb->add_option("--fit", options->fit, "the results file of osteoflare fit; fitted first if left out")
                    ->type_name("FILE");
    verb->add_option("--parameters", options->parameters, "only these, separated by commas")
        ->delimiter(',')
        ->type_name("NAMES");
    verb->add_option("--starts", options->starts, "searches of the fit; 50 if left out")
        ->check(CLI::Range(1, 1'000'000))
        ->type_name("N")
        ->excludes(fit);
    verb->add_option("--seed", options->seed, "where its starts lie; 1 if left out")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber)
        ->excludes(fit);
    verb->add_option("--threads", options->threads, "threads; all of the machine's if left out")
        ->check(CLI::Range(1, 4096));
    verb->add_flag("--force", options->force, "overwrite an existing results file");
    verb->footer("Example: osteoflare profile paw_study --starts 2 --parameters paw_scale");
    verb->callback([options, &exit_code] { exit_code = run_profile(*options); });
}

} // namespace osteoflare::cli
