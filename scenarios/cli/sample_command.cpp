#include "output/file_error.hpp"
#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/analyses/fitting/fit_profiles.hpp"
#include "scenarios/analyses/fitting/sample.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/note.hpp"
#include "scenarios/cli/problem_options.hpp"
#include "scenarios/cli/sample_by_abc.hpp"
#include "scenarios/recording/checkpoint_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <numeric>

namespace osteoflare::cli {
namespace {

struct SampleCommandOptions : FittedProblemOptions {
    std::string method = "auto", warm_up = "auto";
    AbcCommandOptions abc;
    const CLI::App* app = nullptr; ///< knows which options were given
    std::size_t chains = 4, walkers = 0, steps = 2000, thin = 10;
    double checkpoint = 20;
    bool resume = false;
};

std::optional<std::size_t> read_warm_up(const std::string& text)
{
    if (text == "auto") {
        return std::nullopt;
    }
    std::size_t steps = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, steps);
    if (read.ec != std::errc() || read.ptr != end) {
        throw scenarios::InputError({"--warm-up", 1, 1}, {fmt::format("'{}' is no number of steps", text),
                                                          "a warm-up is some steps, or auto", "write --warm-up 1000"});
    }
    return steps;
}

scenarios::SampleOptions settings_of(const SampleCommandOptions& options)
{
    scenarios::require_enough_draws(options.steps, options.thin);
    scenarios::SampleOptions settings;
    settings.chains = options.chains;
    settings.walkers = options.walkers;
    settings.steps = options.steps;
    settings.warm_up = read_warm_up(options.warm_up);
    settings.thin = options.thin;
    settings.seed = static_cast<std::uint64_t>(options.seed);
    settings.threads = options.threads;
    settings.overwrite = options.force;
    settings.resume = options.resume;
    settings.seconds_between_checkpoints = options.checkpoint;
    settings.remark = [](const std::string& text) { note("{}\n", text); };
    return settings;
}

void print_marginals(const scenarios::Likelihood& likelihood, const std::vector<scenarios::Marginal>& all)
{
    const auto names = headings(likelihood.problem());
    const std::size_t width = std::max<std::size_t>(9, std::ranges::max_element(names, {}, &std::string::size)->size());
    fmt::print("  {:<{}} {:>11} {:>11}  {:<24} {:>6} {:>8} {:>8}\n", "parameter", width, "mean", "median",
               "95 % interval", "R-hat", "ESS bulk", "ESS tail");
    for (std::size_t p = 0; p < all.size(); ++p) {
        const auto& own = all[p];
        fmt::print("  {:<{}} {:>11.4g} {:>11.4g}  {:<24} {:>6.3f} {:>8.0f} {:>8.0f}\n", names[p], width, own.mean,
                   own.median, fmt::format("{:.4g} to {:.4g}", own.low, own.high), own.diagnosis.r_hat,
                   own.diagnosis.ess_bulk, own.diagnosis.ess_tail);
    }
}

/// Refuses the first of these options that was given.
void refuse(const SampleCommandOptions& options, const std::vector<std::string>& names, const char* method,
            const std::string& suggestion)
{
    for (const std::string& name : names) {
        if (options.app->count(name) > 0) {
            throw scenarios::InputError({name, 1, 1}, {"an option that has no meaning here",
                                                       fmt::format("sampling is by {}", method), suggestion});
        }
    }
}

bool is_by_abc(const SampleCommandOptions& options, const scenarios::FitProblem& problem)
{
    if (options.method == "abc" || (options.method == "auto" && problem.model().is_spatial)) {
        refuse(options, {"--fit", "--starts", "--chains", "--walkers", "--steps", "--warm-up", "--thin"}, "ABC-SMC",
               problem.model().is_spatial ? "leave it out: cells act by chance" : "leave out one of the two");
        return true;
    }
    refuse(options, AbcCommandOptions::names(), "chains", "leave it out, or add --method abc");
    return false;
}

int run_sample(const SampleCommandOptions& options)
{
    auto read = options.read();
    if (is_by_abc(options, read)) {
        const auto file = options.file(read);
        return sample_by_abc(std::move(read), options.abc,
                             {.threads = options.threads,
                              .seed = static_cast<std::uint64_t>(options.seed),
                              .file = file,
                              .force = options.force,
                              .resume = options.resume,
                              .checkpoint = options.checkpoint});
    }
    auto settings = settings_of(options);
    const scenarios::Likelihood likelihood(std::move(read));
    const auto& problem = likelihood.problem();
    const std::size_t n_walkers = scenarios::walkers_of(settings, problem.parameters.size());
    settings.file = options.file(problem);
    settings.find_best = [&] {
        const auto best = options.best(likelihood);
        note("fitted: -log likelihood {:.6g}; sampling starts around it\n", best.negative_log);
        return best;
    };
    const Interruptible interruptible(settings.file, scenarios::checkpoint_of(settings.file));
    const auto sample = scenarios::record_sample(likelihood, settings);
    const auto& walkers = sample.walkers;
    fmt::print("{}\n", problem.title);
    const auto sum = [](const std::vector<std::uint64_t>& counts) {
        return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    };
    const double n_moves = static_cast<double>(walkers.log_densities.size() * settings.steps);
    fmt::print("  {} chains of {} walkers; {} steps after a warm-up of {}; {} draws; {:.0f} % of moves accepted\n",
               settings.chains, n_walkers, settings.steps, sample.warm_up,
               sample.n_draws() * walkers.log_densities.size(),
               100 * static_cast<double>(sum(walkers.accepted)) / n_moves);
    if (const auto failed = sum(walkers.failed); failed > 0) {
        fmt::print("  {} of {:.0f} moves could not be computed, and were refused\n", failed, n_moves);
    }
    const auto all = scenarios::marginals(likelihood, sample);
    print_marginals(likelihood, all);
    fmt::print("  {}\n", scenarios::verdict(likelihood, all, settings.steps));
    fmt::print("results in {}\n", settings.file.string());
    return fine;
}

} // namespace

void add_sample(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<SampleCommandOptions>();
    CLI::App* verb = program.add_subcommand("sample", "draw parameters as probable as data make them");
    options->add_to(*verb);
    options->app = verb;
    verb->add_option("--method", options->method,
                     "chains, by the likelihood, or abc, by comparing simulated data; abc for cells, chains otherwise")
        ->check(CLI::IsMember({"chains", "abc"}))
        ->type_name("METHOD");
    options->abc.add_to(*verb);
    verb->add_option("--chains", options->chains, "ensembles that know nothing of each other; 4 if left out")
        ->check(CLI::Range(2, 1000))
        ->type_name("N");
    verb->add_option("--walkers", options->walkers, "walkers of each chain; three for each parameter if left out")
        ->check(CLI::Range(8, 100'000))
        ->type_name("N");
    verb->add_option("--steps", options->steps, "steps after the warm-up; 2000 if left out")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))
        ->type_name("N");
    verb->add_option("--warm-up", options->warm_up, "steps before; auto, until the chains agree, if left out")
        ->type_name("N");
    verb->add_option("--thin", options->thin, "keep every so many steps; 10 if left out")
        ->check(CLI::Range(1, 1'000'000))
        ->type_name("N");
    verb->add_flag("--resume", options->resume, "go on with what an interrupted run left");
    verb->add_option("--checkpoint", options->checkpoint, "seconds between checkpoints: what a kill may cost")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 86400.0))
        ->type_name("SECONDS");
    verb->footer("Example: osteoflare sample paw_study --fit results/paw_study.fit.h5 --steps 500");
    verb->callback([options, &exit_code] { exit_code = run_sample(*options); });
}

} // namespace osteoflare::cli
