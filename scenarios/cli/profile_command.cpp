#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/analyses/fitting/fit_profiles.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/note.hpp"
#include "scenarios/cli/problem_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace osteoflare::cli {
namespace {

struct ProfileCommandOptions : FittedProblemOptions {
    std::vector<std::string> parameters;
};

int run_profile(const ProfileCommandOptions& options)
{
    const scenarios::Likelihood likelihood(options.read());
    const auto& problem = likelihood.problem();
    const auto parameters = scenarios::parameters_named(problem, options.parameters, "--parameters");
    const auto path = options.file(problem);
    const Interruptible interruptible(path, std::nullopt);
    const auto find_best = [&] {
        auto best = options.best(likelihood);
        fmt::print("{}\n", problem.title);
        fmt::print("  -log likelihood {:.6g} at the best of {}\n", best.negative_log,
                   options.fit.empty() ? fmt::format("{} start{}", options.starts, options.starts == 1 ? "" : "s")
                                       : options.fit);
        return best;
    };
    std::size_t done = 0;
    const auto tell = [&](std::size_t p) {
        note("{} of {} profiles: {}\n", ++done, parameters.size(), problem.parameters[p].name);
    };
    const auto profiles =
        scenarios::record_profiles(likelihood, find_best, parameters, options.threads, tell, path, options.force);
    const auto& best = profiles.best;
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
    auto* seed = options->add_to(*verb);
    seed->excludes(verb->get_option("--fit"));
    verb->add_option("--parameters", options->parameters, "only these, separated by commas")
        ->delimiter(',')
        ->type_name("NAMES");
    verb->footer("Example: osteoflare profile paw_study --starts 2 --parameters paw_scale");
    verb->callback([options, &exit_code] { exit_code = run_profile(*options); });
}

} // namespace osteoflare::cli
