#include "scenarios/analyses/abc/abc.hpp"

#include "scenarios/build_info.hpp"
#include "scenarios/recording/checkpoint_file.hpp"
#include "scenarios/recording/room.hpp"
#include "scenarios/spatial/bytes.hpp"
#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

namespace osteoflare::scenarios {
namespace {

namespace fs = std::filesystem;
namespace sampling = solvers::sampling;
using Clock = std::chrono::steady_clock;
using sampling::AbcRound;
using sampling::AbcState;

double seconds_since(Clock::time_point moment)
{
    return std::chrono::duration<double>(Clock::now() - moment).count();
}

/// All that the draws depend on.
output::Digest identity_of(const FitProblem& problem, const sampling::AbcOptions& options)
{
    std::string words = fmt::format("abc 1\n{} {} {} {} {} {}\n", build::version, build::commit, build::dirty ? 1 : 0,
                                    build::compiler, build::instruction_set, build::model_hash);
    words += fmt::format("{} {} {} {} {}\n", options.particles, options.rounds, options.tolerance,
                         options.least_accepted, options.seed);
    // Experiments may be scenarios of the library.
    for (const Experiment& experiment : problem.experiments) {
        words += fmt::format("{}\n{}", experiment.scenario.text.size(), experiment.scenario.text);
    }
    for (const std::string* text : {&problem.text, &problem.data_text}) {
        words += fmt::format("{}\n{}", text->size(), *text);
    }
    return output::checksum(words);
}

void put(spatial::ByteWriter& writer, const AbcRound& round)
{
    writer.put(std::array{round.tolerance});
    writer.put(std::array<std::uint64_t, 2>{round.n_simulated, round.n_failed});
    for (const auto* column : {&round.points, &round.distances, &round.weights}) {
        writer.put(*column);
    }
}

AbcRound get_round(spatial::ByteReader& reader)
{
    AbcRound round;
    reader.fill(std::span(&round.tolerance, 1));
    std::array<std::uint64_t, 2> numbers{};
    reader.fill(numbers);
    round.n_simulated = numbers[0];
    round.n_failed = numbers[1];
    for (auto* column : {&round.points, &round.distances, &round.weights}) {
        *column = reader.get<double>();
    }
    return round;
}

void save(const fs::path& path, const output::Digest& study, const AbcState& state)
{
    spatial::ByteWriter writer;
    writer.put(std::array<std::uint64_t, 2>{state.rounds.size(), static_cast<std::uint64_t>(state.end)});
    writer.put(state.scales);
    writer.put(state.first_summaries);
    for (const AbcRound& round : state.rounds) {
        put(writer, round);
    }
    put(writer, state.current);
    write_checkpoint(path, study, writer.bytes);
}

AbcState go_on(const fs::path& path, const output::Digest& study)
{
    const auto bytes = read_checkpoint(path, study);
    try {
        AbcState state;
        spatial::ByteReader reader(bytes);
        std::array<std::uint64_t, 2> numbers{};
        reader.fill(numbers);
        state.end = static_cast<sampling::AbcEnd>(numbers[1]);
        state.scales = reader.get<double>();
        state.first_summaries = reader.get<double>();
        for (std::uint64_t i = 0; i < numbers[0]; ++i) {
            state.rounds.push_back(get_round(reader));
        }
        state.current = get_round(reader);
        return state;
    } catch (const std::invalid_argument& error) {
        refuse_checkpoint(path, error.what());
    }
}

/// How many proposals are simulated at once: the more, the better threads and lanes are filled, but a kill loses them,
/// and what comes after a round's last particle was in vain. What comes out does not depend on it.
class Batches {
public:
    Batches(std::size_t threads, std::size_t n_particles) : threads_(threads), n_particles_(n_particles) {}

    std::size_t next(const AbcState& state) const
    {
        constexpr double seconds = 2;
        const std::size_t n_kept =
            state.rounds.empty() ? state.current.n_simulated - state.current.n_failed : state.current.distances.size();
        const double missing = static_cast<double>(n_particles_ - n_kept);
        // The share that this round accepts, once it is known; before, that of the last one at most.
        const double before = state.rounds.empty() ? 1 : state.rounds.back().share_accepted();
        const double seen = static_cast<double>(state.current.n_simulated);
        const double share = (static_cast<double>(n_kept) + before) / (seen + 1);
        const double due = std::min(missing / share, each_ > 0 ? seconds / each_ : 0);
        const auto n = static_cast<std::size_t>(std::min(due, 1e6));
        return std::max(n, threads_) / threads_ * threads_;
    }
    void took(double seconds, std::size_t n) { each_ = seconds / static_cast<double>(n); }

private:
    std::size_t threads_, n_particles_;
    double each_ = 0; ///< seconds
};

void remark(const AbcRecordOptions& options, const std::string& text)
{
    if (options.remark) {
        options.remark(text);
    }
}

void report_round(const AbcState& state, const AbcRecordOptions& options)
{
    const AbcRound& last = state.rounds.back();
    const std::string tolerance =
        std::isinf(last.tolerance) ? "the prior" : fmt::format("tolerance {:.4g}", last.tolerance);
    const std::string failed = last.n_failed > 0 ? fmt::format(", {} failed", last.n_failed) : "";
    remark(options,
           fmt::format("round {}: {}, {} simulations{}, {:.3g} % accepted, ESS {:.0f}", state.rounds.size(), tolerance,
                       last.n_simulated, failed, 100 * last.share_accepted(), last.effective_size()));
}

/// Says now and then how far a round is.
class Reporter {
public:
    explicit Reporter(const AbcRecordOptions& options) : options_(options) {}
    void batch(const AbcState& state, bool is_new_round)
    {
        constexpr double pause = 30;
        if (is_new_round) {
            report_round(state, options_);
            last_ = Clock::now();
        } else if (seconds_since(last_) >= pause) {
            last_ = Clock::now();
            const AbcRound& now = state.current;
            const std::uint64_t kept = state.rounds.empty() ? now.n_simulated - now.n_failed : now.distances.size();
            remark(options_, fmt::format("round {}: {} of {} particles from {} simulations", state.rounds.size() + 1,
                                         kept, options_.settings.particles, now.n_simulated));
        }
    }

private:
    const AbcRecordOptions& options_;
    Clock::time_point last_ = Clock::now();
};

[[noreturn]] void refuse_prior(const FitProblem& problem, const AbcRound& round)
{
    throw InputError({problem.name + ".toml", 1, 1},
                     {fmt::format("{} of {} draws of the prior cannot be simulated", round.n_failed, round.n_simulated),
                      "there is next to nothing to compare with the data",
                      "choose narrower bounds, or noise = \"normal\" where a quantity may be 0"});
}

} // namespace

sampling::AbcPrior abc_prior(const FitProblem& problem)
{
    using solvers::fitting::Noise;
    /// On the scale of the search. Of a stated prior, only the shape matters.
    struct Own {
        double lower = 0, upper = 0;
        FitParameter parameter;

        /// −log of the stated prior, but for a constant.
        double cost(double value) const
        {
            if (!parameter.prior) {
                return 0;
            }
            const auto& prior = *parameter.prior;
            const double off = prior.noise == Noise::lognormal ? std::log(value / prior.value) : value - prior.value;
            return off * off / (2 * prior.spread * prior.spread);
        }
        double least_cost() const
        {
            return parameter.prior ? cost(std::clamp(parameter.prior->value, parameter.lower, parameter.upper)) : 0;
        }
    };
    std::vector<Own> all;
    for (const FitParameter& parameter : problem.parameters) {
        all.push_back({parameter.inward(parameter.lower), parameter.inward(parameter.upper), parameter});
    }
    return {[all](const sampling::EvenNumbers& next, std::span<double> point) {
                for (std::size_t p = 0; p < all.size(); ++p) {
                    const Own& own = all[p];
                    do { // kept as often as the stated prior says, compared with its best place between the bounds
                        point[p] = own.lower + next() * (own.upper - own.lower);
                    } while (std::log(next()) > own.least_cost() - own.cost(own.parameter.outward(point[p])));
                }
            },
            [all](std::span<const double> point) {
                double sum = 0;
                for (std::size_t p = 0; p < all.size(); ++p) {
                    if (!(point[p] > all[p].lower && point[p] < all[p].upper)) {
                        return -std::numeric_limits<double>::infinity();
                    }
                    sum -= all[p].cost(all[p].parameter.outward(point[p]));
                }
                return sum;
            }};
}

void require_enough_particles(std::size_t particles, std::size_t n_parameters)
{
    const std::size_t fewest = std::max<std::size_t>(20, 5 * n_parameters);
    if (particles < fewest) {
        throw InputError({"--particles", 1, 1},
                         {fmt::format("{} particles", particles),
                          fmt::format("the spread of {} parameter{} is not known from fewer than {}", n_parameters,
                                      n_parameters == 1 ? "" : "s", fewest),
                          "choose more, or leave it out"});
    }
}

AbcState record_abc(const DataSimulator& simulator, const AbcRecordOptions& options)
{
    const FitProblem& problem = simulator.problem();
    const auto study = identity_of(problem, options.settings);
    const std::size_t n_numbers = options.settings.particles * (problem.parameters.size() + problem.data.size() + 2);
    require_memory(sizeof(double) * static_cast<double>(n_numbers) * static_cast<double>(options.settings.rounds),
                   fmt::format("{} rounds of {} particles", options.settings.rounds, options.settings.particles),
                   {"--particles", 1, 1}, "take fewer particles or rounds");
    output::ResultsWriter file(options.file, options.overwrite); // and nobody else makes it meanwhile
    const fs::path checkpoint = checkpoint_of(options.file);
    const bool goes_on = goes_on_from(checkpoint, options.resume, options.overwrite);
    AbcState state;
    if (goes_on) {
        state = go_on(checkpoint, study);
        remark(options, fmt::format("{}: going on from simulation {} of round {}", checkpoint.string(),
                                    state.current.n_simulated, state.rounds.size() + 1));
    }
    const sampling::AbcProblem asked{
        problem.parameters.size(), abc_prior(problem), simulator.observed(),
        [&](std::span<const double> points, std::span<const std::uint64_t> seeds, std::span<double> data) {
            simulator.simulate(points, seeds, options.threads, data);
        }};
    Batches batches(solvers::thread_count(options.threads), options.settings.particles);
    Reporter reporter(options);
    auto last_saved = Clock::now();
    while (state.end == sampling::AbcEnd::not_yet) {
        const std::size_t n_rounds = state.rounds.size(), n = batches.next(state);
        const auto begin = Clock::now();
        advance(state, asked, options.settings, n);
        batches.took(seconds_since(begin), n);
        reporter.batch(state, state.rounds.size() > n_rounds);
        if (seconds_since(last_saved) >= options.seconds_between_checkpoints) {
            save(checkpoint, study, state);
            last_saved = Clock::now();
        }
    }
    std::error_code ignored;
    if (state.rounds.empty()) {
        fs::remove(checkpoint, ignored);
        refuse_prior(problem, state.current);
    }
    write_abc(file, simulator, state, options);
    file.finish();
    fs::remove(checkpoint, ignored);
    return state;
}

} // namespace osteoflare::scenarios
