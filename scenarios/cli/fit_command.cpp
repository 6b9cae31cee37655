#include "output/file_error.hpp"
#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace osteoflare::cli {
namespace {

struct FitCommandOptions {
    std::string problem, output;
    std::size_t starts = 50, threads = 0;
    std::int64_t seed = 1;
    std::vector<std::string> at;
    bool likelihood_only = false, force = false;
};

/// The problem's start with some values replaced: "name=value".
std::vector<double> place_of(const scenarios::Likelihood& likelihood, const std::vector<std::string>& changes)
{
    const auto& parameters = likelihood.problem().parameters;
    auto values = likelihood.outward(likelihood.start());
    for (const std::string& change : changes) {
        const auto equals = std::min(change.find('='), change.size());
        const std::string name = change.substr(0, equals);
        const auto found = std::ranges::find(parameters, name, &scenarios::FitParameter::name);
        const scenarios::Place place{"--at", 1, 1};
        if (found == parameters.end() || equals + 1 >= change.size()) {
            throw scenarios::InputError(
                place,
                {fmt::format("'{}' sets no parameter", change), "a parameter of the problem and a value are needed",
                 scenarios::suggest_name(name, scenarios::names_of(parameters), "write NAME=VALUE")});
        }
        try {
            const double value = scenarios::parse_quantity(change.substr(equals + 1), found->unit);
            if (value < found->lower || value > found->upper) {
                throw scenarios::InputError(place,
                                            {fmt::format("{} = {:g}", name, value),
                                             fmt::format("its bounds are {:g} and {:g}", found->lower, found->upper),
                                             "stay between them"});
            }
            values[static_cast<std::size_t>(found - parameters.begin())] = value;
        } catch (const scenarios::UnitError& error) {
            throw scenarios::InputError(place, error.problem);
        }
    }
    return likelihood.inward(values);
}

void print_estimates(const scenarios::Likelihood& likelihood, const scenarios::Fit& fit)
{
    constexpr double quantile_95 = 1.96;
    const auto values = likelihood.outward(fit.best.x);
    std::vector<std::string> names;
    std::size_t width = 0;
    for (const auto& parameter : likelihood.problem().parameters) {
        names.push_back(parameter.unit == "1" ? parameter.name
                                              : fmt::format("{} [{}]", parameter.name, parameter.unit));
        width = std::max(width, names.back().size());
    }
    fmt::print("  {:<{}} {:>12}  {}\n", "parameter", width, "estimate", "95 % interval by its standard error");
    for (std::size_t p = 0; p < values.size(); ++p) {
        const auto& parameter = likelihood.problem().parameters[p];
        const double half = quantile_95 * fit.spectrum.standard_errors[p];
        const auto outward = [&](double x) { return parameter.is_log ? std::exp(x) : x; };
        const bool at_bound = values[p] <= parameter.lower || values[p] >= parameter.upper;
        if (std::isinf(half)) { // the search ends anywhere along what the data do not see
            fmt::print("  {:<{}} {:>12}  the data do not determine it\n", names[p], width, "?");
            continue;
        }
        fmt::print("  {:<{}} {:>12.4g}  {:.3g} to {:.3g}{}\n", names[p], width, values[p],
                   outward(fit.best.x[p] - half), outward(fit.best.x[p] + half),
                   at_bound ? "; stands at its bound" : "");
    }
}

int run_fit(const FitCommandOptions& options)
{
    const auto library = scenarios::read_library(scenarios::library_folder());
    const scenarios::Likelihood likelihood(
        scenarios::read_problem(scenarios::file_of_problem(options.problem, library), library));
    const auto& problem = likelihood.problem();
    if (options.likelihood_only || !options.at.empty()) {
        const auto all = scenarios::evaluation_at(likelihood, place_of(likelihood, options.at));
        fmt::print("-log likelihood {:.12g}\n", all.negative_log);
        return fine;
    }
    const auto path = output_path(options.output, problem.name + ".fit", ".h5");
    if (!options.force && std::filesystem::exists(path)) {
        throw output::FileError(path, "exists already", "nothing is overwritten unless that is asked for",
                                "choose another name, or overwrite it with --force");
    }
    const auto seed = static_cast<std::uint64_t>(options.seed);
    scenarios::FitOptions settings{.starts = options.starts, .seed = seed, .threads = options.threads};
    const std::size_t tenth = std::max<std::size_t>(1, options.starts / 10);
    settings.progress = [&](std::size_t done, double lowest) {
        if (std::isfinite(lowest) && options.starts > 1 && (done % tenth == 0 || done == options.starts)) {
            fmt::print(stderr, "{} of {} starts; lowest -log likelihood {:.6g}\n", done, options.starts, lowest);
        }
    };
    const auto fit = scenarios::fit(likelihood, settings);
    scenarios::write_fit(likelihood, fit, seed, path, options.force);
    fmt::print("{}\n", problem.title);
    fmt::print("  {} of {} starts end within {:g} of the best{}\n", fit.n_reached, options.starts,
               scenarios::Fit::reached,
               fit.n_failed > 0 ? fmt::format("; {} could not be computed", fit.n_failed) : "");
    fmt::print("  -log likelihood {:.6g} with {} data and {} parameters; AIC {:.6g}, BIC {:.6g}\n",
               fit.data_negative_log, likelihood.n_data(), problem.parameters.size(), fit.aic, fit.bic);
    print_estimates(likelihood, fit);
    if (fit.n_reached == 1 && options.starts > 1) {
        fmt::print("  only one start found the best: there may be better ones; try more starts\n");
    }
    fmt::print("results in {}\n", path.string());
    return fine;
}

} // namespace

void add_fit(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<FitCommandOptions>();
    CLI::App* verb = program.add_subcommand("fit", "find the parameters under which data are most likely");
    verb->add_option("PROBLEM", options->problem, "a problem file, or a name from: osteoflare list problems")
        ->required();
    verb->add_option("-o,--output", options->output, "results file; results/NAME.fit.h5 if left out")
        ->type_name("FILE");
    verb->add_option("--starts", options->starts, "searches from different places; 50 if left out")
        ->check(CLI::Range(1, 1'000'000))
        ->type_name("N");
    verb->add_option("--seed", options->seed, "where the starts lie; 1 if left out")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber);
    verb->add_option("--threads", options->threads, "threads; all of the machine's if left out")
        ->check(CLI::Range(1, 4096));
    verb->add_flag("--likelihood", options->likelihood_only, "only print the likelihood at the start");
    verb->add_option("--at", options->at, "only print the likelihood there, e.g. --at il1b_clearance=40 (repeatable)")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    verb->add_flag("--force", options->force, "overwrite an existing results file");
    verb->footer("Example: osteoflare fit paw_study --starts 10");
    verb->callback([options, &exit_code] { exit_code = run_fit(*options); });
}

} // namespace osteoflare::cli
