#include "scenarios/analyses/fitting/sample.hpp"

#include "scenarios/build_info.hpp"
#include "scenarios/recording/checkpoint_file.hpp"
#include "scenarios/recording/room.hpp"
#include "scenarios/spatial/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace osteoflare::scenarios {
namespace {

namespace fs = std::filesystem;
namespace sampling = solvers::sampling;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point moment)
{
    return std::chrono::duration<double>(Clock::now() - moment).count();
}

/// All that the draws depend on but where they start, which the checkpoint holds.
output::Digest identity_of(const Likelihood& likelihood, const SampleOptions& options)
{
    const FitProblem& problem = likelihood.problem();
    std::string words = fmt::format("sample 1\n{} {} {} {} {} {}\n", build::version, build::commit,
                                    build::dirty ? 1 : 0, build::compiler, build::instruction_set, build::model_hash);
    words += fmt::format("{} {} {} {} {} {}\n", options.chains, walkers_of(options, problem.parameters.size()),
                         options.steps, options.warm_up ? fmt::format("{}", *options.warm_up) : "auto", options.thin,
                         options.seed);
    for (const std::string* text : {&problem.text, &problem.data_text}) {
        words += fmt::format("{}\n{}", text->size(), *text);
    }
    return output::checksum(words);
}

void save(const fs::path& path, const output::Digest& study, const Sample& sample)
{
    const sampling::Walkers& walkers = sample.walkers;
    spatial::ByteWriter writer;
    writer.put(std::array<std::uint64_t, 3>{sample.warm_up, sample.is_warm ? 1U : 0U, walkers.step});
    writer.put(std::array{sample.best.negative_log});
    writer.put(sample.best.x);
    writer.put(walkers.positions);
    writer.put(walkers.log_densities);
    writer.put(walkers.accepted);
    writer.put(walkers.failed);
    writer.put(sample.draws);
    writer.put(sample.log_posteriors);
    write_checkpoint(path, study, writer.bytes);
}

Sample go_on(const fs::path& path, const output::Digest& study, const SampleOptions& options, std::size_t n_parameters)
{
    const auto state = read_checkpoint(path, study);
    try {
        Sample sample;
        sampling::Walkers& walkers = sample.walkers;
        walkers.n_ensembles = options.chains;
        walkers.n_walkers = walkers_of(options, n_parameters);
        walkers.n_dimensions = n_parameters;
        spatial::ByteReader reader(state);
        std::array<std::uint64_t, 3> numbers{};
        reader.fill(numbers);
        sample.warm_up = numbers[0];
        sample.is_warm = numbers[1] == 1;
        walkers.step = numbers[2];
        reader.fill(std::span(&sample.best.negative_log, 1));
        sample.best.x = reader.get<double>();
        walkers.positions = reader.get<double>();
        walkers.log_densities = reader.get<double>();
        walkers.accepted = reader.get<std::uint64_t>();
        walkers.failed = reader.get<std::uint64_t>();
        sample.draws = reader.get<double>();
        sample.log_posteriors = reader.get<double>();
        return sample;
    } catch (const std::invalid_argument& error) {
        refuse_checkpoint(path, error.what());
    }
}

/// Whether the draws from the middle of the warm-up on agree.
bool is_warm_enough(const Sample& sample)
{
    constexpr double most = 1.05;
    const auto agrees = [&](const std::vector<double>& column) {
        const std::size_t row = sample.walkers.log_densities.size();
        const auto half = std::span(column).subspan(sample.n_draws() / 2 * row);
        return sampling::diagnose({half, sample.walkers.n_ensembles, sample.walkers.n_walkers}).r_hat < most;
    };
    bool all = agrees(sample.log_posteriors);
    for (std::size_t p = 0; p < sample.walkers.n_dimensions && all; ++p) {
        all = agrees(sample.column(p));
    }
    return all;
}

/// What is over before it has been looked at twice as long.
bool warm_up_ends(const Sample& sample, const SampleOptions& options)
{
    const std::uint64_t step = sample.walkers.step;
    if (options.warm_up) {
        return step >= *options.warm_up;
    }
    constexpr std::uint64_t first_look = 200;
    bool is_due = false;
    for (std::uint64_t look = first_look; look <= step; look *= 2) {
        is_due = is_due || look == step;
    }
    return step >= options.steps || (is_due && is_warm_enough(sample));
}

/// After a step.
void keep(Sample& sample, const SampleOptions& options)
{
    sampling::Walkers& walkers = sample.walkers;
    if ((walkers.step - sample.warm_up) % options.thin == 0) {
        sample.draws.insert(sample.draws.end(), walkers.positions.begin(), walkers.positions.end());
        sample.log_posteriors.insert(sample.log_posteriors.end(), walkers.log_densities.begin(),
                                     walkers.log_densities.end());
    }
}

void begin_to_count(Sample& sample)
{
    sample.is_warm = true;
    sample.warm_up = sample.walkers.step;
    sample.draws.clear();
    sample.log_posteriors.clear();
    std::ranges::fill(sample.walkers.accepted, 0);
    std::ranges::fill(sample.walkers.failed, 0);
}

Sample begin(const Likelihood& likelihood, const SampleOptions& options, const sampling::LogDensity& density)
{
    Sample sample;
    sample.best = options.find_best();
    const std::size_t n = likelihood.problem().parameters.size(), n_walkers = walkers_of(options, n);
    sample.walkers = sampling::place_walkers(
        options.chains, n_walkers, n,
        places_around(likelihood, sample.best.x, options.chains * n_walkers, options.seed, density), density);
    return sample;
}

void remark(const SampleOptions& options, const std::string& text)
{
    if (options.remark) {
        options.remark(text);
    }
}

/// Says now and then how far it is.
class Reporter {
public:
    Reporter(const Sample& sample, const SampleOptions& options)
        : sample_(sample), options_(options), first_(sample.walkers.step)
    {
    }
    void step()
    {
        constexpr double pause = 30;
        if (seconds_since(last_) < pause) {
            return;
        }
        last_ = Clock::now();
        const auto& walkers = sample_.walkers;
        if (!sample_.is_warm) {
            remark(options_, fmt::format("warming up: step {}", walkers.step));
            return;
        }
        const std::uint64_t end = sample_.warm_up + options_.steps;
        const double each = seconds_since(begin_) / static_cast<double>(walkers.step - first_);
        remark(options_, fmt::format("{} of {} steps, {:.0f} s left", walkers.step - sample_.warm_up, options_.steps,
                                     each * static_cast<double>(end - walkers.step)));
    }

private:
    const Sample& sample_;
    const SampleOptions& options_;
    std::uint64_t first_;
    Clock::time_point begin_ = Clock::now(), last_ = begin_;
};

} // namespace

std::size_t walkers_of(const SampleOptions& options, std::size_t n_parameters)
{
    const std::size_t fewest = sampling::Walkers::fewest(n_parameters);
    if (options.walkers == 0) {
        return std::max(fewest, (3 * n_parameters + 1) / 2 * 2);
    }
    if (options.walkers % 2 != 0 || options.walkers < fewest) {
        throw InputError({"--walkers", 1, 1},
                         {fmt::format("{} walkers", options.walkers),
                          fmt::format("{} parameters need an even number of at least {}", n_parameters, fewest),
                          "choose more, or leave it out"});
    }
    return options.walkers;
}

std::vector<double> Sample::column(std::size_t parameter) const
{
    std::vector<double> values;
    for (std::size_t i = parameter; i < draws.size(); i += walkers.n_dimensions) {
        values.push_back(draws[i]);
    }
    return values;
}

solvers::sampling::Diagnosis Sample::diagnose(const std::vector<double>& values) const
{
    return sampling::diagnose({values, walkers.n_ensembles, walkers.n_walkers});
}

void require_enough_draws(std::size_t steps, std::size_t thin)
{
    constexpr std::size_t fewest_draws = 8;
    if (steps / thin < fewest_draws) {
        throw InputError({"--steps", 1, 1}, {fmt::format("{} steps, of which every {}th is kept", steps, thin),
                                             fmt::format("at least {} draws are needed", fewest_draws),
                                             "take more steps, or a smaller --thin"});
    }
}

Sample record_sample(const Likelihood& likelihood, const SampleOptions& options)
{
    const auto study = identity_of(likelihood, options);
    const std::size_t n = likelihood.problem().parameters.size();
    const std::size_t n_draws = options.chains * walkers_of(options, n) * (options.steps / options.thin);
    require_memory(2.0 * sizeof(double) * static_cast<double>(n_draws) * static_cast<double>(n + 1),
                   fmt::format("{} draws of {} numbers, once kept and once sorted", n_draws, n + 1), {"--steps", 1, 1},
                   "take fewer steps or walkers, or a larger --thin");
    output::ResultsWriter file(options.file, options.overwrite); // and nobody else makes it meanwhile
    const fs::path checkpoint = checkpoint_of(options.file);
    const bool goes_on = goes_on_from(checkpoint, options.resume, options.overwrite);
    const auto density = log_posterior(likelihood, options.threads);
    Sample sample;
    if (goes_on) {
        sample = go_on(checkpoint, study, options, n);
        remark(options, fmt::format("{}: going on from step {}", checkpoint.string(), sample.walkers.step));
    } else {
        sample = begin(likelihood, options, density);
        save(checkpoint, study, sample); // the fit may have taken long
    }
    Reporter reporter(sample, options);
    auto last_saved = Clock::now();
    double cost = 0;
    while (true) {
        if (!sample.is_warm && warm_up_ends(sample, options)) {
            begin_to_count(sample);
        }
        if (sample.is_warm && sample.walkers.step >= sample.warm_up + options.steps) {
            break;
        }
        advance(sample.walkers, options.seed, density);
        keep(sample, options);
        reporter.step();
        // A large checkpoint is not written all the time.
        constexpr double least_share = 20;
        if (seconds_since(last_saved) >= std::max(options.seconds_between_checkpoints, least_share * cost)) {
            const auto begin_saving = Clock::now();
            save(checkpoint, study, sample);
            last_saved = Clock::now();
            cost = seconds_since(begin_saving);
        }
    }
    write_sample(file, likelihood, sample, options);
    file.finish();
    std::error_code ignored;
    fs::remove(checkpoint, ignored);
    return sample;
}

} // namespace osteoflare::scenarios
