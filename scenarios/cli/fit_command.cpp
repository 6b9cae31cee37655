#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/note.hpp"
#include "scenarios/cli/problem_options.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace osteoflare::cli {
namespace {

struct FitCommandOptions : ProblemOptions {
    std::vector<std::string> at;
    bool likelihood_only = false;
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
    const auto names = headings(likelihood.problem());
    const std::size_t width = std::ranges::max_element(names, {}, &std::string::size)->size();
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
    const scenarios::Likelihood likelihood(options.read());
    const auto& problem = likelihood.problem();
    if (options.likelihood_only || !options.at.empty()) {
        const auto all = scenarios::evaluation_at(likelihood, place_of(likelihood, options.at));
        fmt::print("-log likelihood {:.12g}\n", all.negative_log);
        return fine;
    }
    const auto path = options.file(problem);
    const Interruptible interruptible(path, std::nullopt);
    scenarios::FitOptions settings = options.fit_options();
    const std::size_t tenth = std::max<std::size_t>(1, options.starts / 10);
    settings.progress = [&](std::size_t done, double lowest) {
        if (std::isfinite(lowest) && options.starts > 1 && (done % tenth == 0 || done == options.starts)) {
            note("{} of {} starts; lowest -log likelihood {:.6g}\n", done, options.starts, lowest);
        }
    };
    const auto fit = scenarios::record_fit(likelihood, settings, path, options.force);
    fmt::print("{}\n", problem.title);
    fmt::print("  {} of {} starts end within {:g} of the best{}\n", fit.n_reached, options.starts,
               scenarios::Fit::reached,
               fit.n_failed > 0 ? fmt::format("; {} could not be computed", fit.n_failed) : "");
    fmt::print("  -log likelihood {:.6g} with {} data and {} parameters; AIC {:.6g}, BIC {:.6g}\n",
               fit.data_negative_log, likelihood.n_data(), problem.parameters.size(), fit.aic, fit.bic);
    print_estimates(likelihood, fit);
    for (const std::string& doubt : scenarios::doubts(fit)) {
        fmt::print("  {}\n", doubt);
    }
    fmt::print("results in {}\n", path.string());
    return fine;
}

} // namespace

void add_fit(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<FitCommandOptions>();
    CLI::App* verb = program.add_subcommand("fit", "find the parameters under which data are most likely");
    options->add_to(*verb);
    verb->add_flag("--likelihood", options->likelihood_only, "only print the likelihood at the start");
    verb->add_option("--at", options->at, "only print the likelihood there, e.g. --at il1b_clearance=40 (repeatable)")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    verb->footer("Example: osteoflare fit paw_study --starts 10");
    verb->callback([options, &exit_code] { exit_code = run_fit(*options); });
}

} // namespace osteoflare::cli
