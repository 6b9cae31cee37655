#include "solvers/sampling/abc_smc.hpp"

#include "solvers/designs.hpp"
#include "solvers/random.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <stdexcept>

namespace osteoflare::solvers::sampling {
namespace {

/// What a random number is for.
enum Purpose : std::uint32_t { proposing = 4301, simulating };

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Of a proposal, in keys.
std::uint64_t number_of(std::size_t round, std::uint64_t proposal)
{
    constexpr int most_bits = 40; // of the proposals in a round
    return (static_cast<std::uint64_t>(round) << most_bits) | proposal;
}

/// The weighted spread of a population, twice as wide: what its particles are moved by.
class Kernel {
public:
    Kernel(const AbcRound& round, std::size_t n_dimensions) : round_(round), n_(n_dimensions)
    {
        const auto n = static_cast<Eigen::Index>(n_);
        Eigen::VectorXd mean = Eigen::VectorXd::Zero(n);
        for (std::size_t i = 0; i < round.weights.size(); ++i) {
            mean += round.weights[i] * point(i);
        }
        Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(n, n);
        for (std::size_t i = 0; i < round.weights.size(); ++i) {
            const Eigen::VectorXd off = point(i) - mean;
            covariance += round.weights[i] * off * off.transpose();
        }
        // Dimensions may differ by many decades: correlations have no units. What floats do not tell from a straight
        // line keeps a little width.
        constexpr double least = 1e-10;
        const Eigen::VectorXd widths = covariance.diagonal().cwiseSqrt().cwiseMax(std::numeric_limits<double>::min());
        const Eigen::MatrixXd correlation =
            widths.cwiseInverse().asDiagonal() * covariance * widths.cwiseInverse().asDiagonal();
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(correlation);
        const Eigen::VectorXd roots = (2 * solver.eigenvalues().cwiseMax(least)).cwiseSqrt();
        root_ = widths.asDiagonal() * solver.eigenvectors() * roots.asDiagonal();
        inverse_root_ =
            roots.cwiseInverse().asDiagonal() * solver.eigenvectors().transpose() * widths.cwiseInverse().asDiagonal();
        cumulative_.resize(round.weights.size());
        std::partial_sum(round.weights.begin(), round.weights.end(), cumulative_.begin());
    }

    /// A particle, moved.
    void draw(const EvenNumbers& next, std::span<double> to) const
    {
        const auto chosen = std::ranges::upper_bound(cumulative_, next() * cumulative_.back());
        const auto particle = static_cast<std::size_t>(chosen - cumulative_.begin());
        Eigen::VectorXd z(static_cast<Eigen::Index>(n_));
        for (double& own : z) {
            own = normal_quantile(next());
        }
        const Eigen::VectorXd moved = point(std::min(particle, cumulative_.size() - 1)) + root_ * z;
        std::ranges::copy(moved, to.begin());
    }

    /// Logarithms of the mixture's density at many points, but for a constant.
    std::vector<double> log_densities(std::span<const double> points) const
    {
        // In coordinates in which a step is a round one.
        const auto n = static_cast<Eigen::Index>(n_);
        const auto inward = [&](std::span<const double> own) {
            return Eigen::MatrixXd(
                inverse_root_
                * Eigen::Map<const Eigen::MatrixXd>(own.data(), n, static_cast<Eigen::Index>(own.size() / n_)));
        };
        const Eigen::MatrixXd from = inward(round_.points), to = inward(points);
        Eigen::VectorXd terms(from.cols());
        std::vector<double> logs;
        for (Eigen::Index i = 0; i < to.cols(); ++i) {
            for (Eigen::Index j = 0; j < from.cols(); ++j) {
                terms[j] =
                    std::log(round_.weights[static_cast<std::size_t>(j)]) - (to.col(i) - from.col(j)).squaredNorm() / 2;
            }
            const double largest = terms.maxCoeff(); // the others may underflow: they do not matter
            double sum = 0;
            for (const double term : terms) {
                sum += std::exp(term - largest);
            }
            logs.push_back(largest + std::log(sum));
        }
        return logs;
    }

private:
    Eigen::VectorXd point(std::size_t particle) const
    {
        return Eigen::Map<const Eigen::VectorXd>(round_.points.data() + particle * n_, static_cast<Eigen::Index>(n_));
    }

    const AbcRound& round_;
    std::size_t n_;
    Eigen::MatrixXd root_, inverse_root_;
    std::vector<double> cumulative_;
};

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1) {
        return *middle;
    }
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// How far a summary usually is from its middle under the prior.
double scale_of(std::vector<double> values)
{
    const double middle = median(values);
    double mean = 0;
    for (double& value : values) {
        value = std::abs(value - middle);
        mean += value / static_cast<double>(values.size());
    }
    const double usual = median(values);
    return usual > 0 ? usual : mean > 0 ? mean : 1;
}

double distance(std::span<const double> summaries, const AbcProblem& problem, const std::vector<double>& scales)
{
    double sum = 0;
    for (std::size_t i = 0; i < summaries.size(); ++i) {
        const double off = (summaries[i] - problem.observed[i]) / scales[i];
        sum += off * off;
    }
    return std::sqrt(sum / static_cast<double>(summaries.size()));
}

/// Of the first round, whose draws are those of the prior.
void finish_first(AbcState& state, const AbcProblem& problem)
{
    AbcRound& round = state.current;
    const std::size_t n_summaries = problem.observed.size(), n = round.points.size() / problem.n_dimensions;
    state.scales.clear();
    for (std::size_t s = 0; s < n_summaries; ++s) {
        std::vector<double> own;
        for (std::size_t i = 0; i < n; ++i) {
            own.push_back(state.first_summaries[i * n_summaries + s]);
        }
        state.scales.push_back(scale_of(std::move(own)));
    }
    for (std::size_t i = 0; i < n; ++i) {
        round.distances.push_back(
            distance(std::span(state.first_summaries).subspan(i * n_summaries, n_summaries), problem, state.scales));
    }
    round.weights.assign(n, 1 / static_cast<double>(n));
    state.first_summaries.clear();
}

void weigh(AbcRound& round, const AbcProblem& problem, const Kernel& kernel)
{
    auto logs = kernel.log_densities(round.points);
    for (std::size_t i = 0; i < logs.size(); ++i) {
        const auto point = std::span(round.points).subspan(i * problem.n_dimensions, problem.n_dimensions);
        logs[i] = problem.prior.log_density(point) - logs[i];
    }
    const double largest = std::ranges::max(logs);
    double sum = 0;
    for (double& value : logs) {
        value = std::exp(value - largest);
        sum += value;
    }
    for (double& value : logs) {
        value /= sum;
    }
    round.weights = std::move(logs);
}

/// The current round is over: is there another one?
void turn(AbcState& state, const AbcOptions& options)
{
    state.rounds.push_back(std::move(state.current));
    state.current = {};
    const AbcRound& last = state.rounds.back();
    auto distances = last.distances;
    const auto at = distances.begin() + static_cast<std::ptrdiff_t>((distances.size() - 1) / 2);
    std::ranges::nth_element(distances, at);
    const double next = std::max(*at, options.tolerance);
    state.end = last.tolerance <= options.tolerance              ? AbcEnd::tolerance_reached
                : last.share_accepted() < options.least_accepted ? AbcEnd::few_accepted
                : state.rounds.size() >= options.rounds          ? AbcEnd::all_rounds
                : !(next < last.tolerance)                       ? AbcEnd::no_progress
                                                                 : AbcEnd::not_yet;
    if (state.end == AbcEnd::not_yet) {
        state.current.tolerance = next;
    }
}

/// More simulations than this no round is given.
double most_simulations(const AbcOptions& options)
{
    return std::floor(2 * static_cast<double>(options.particles) / options.least_accepted);
}

} // namespace

double AbcRound::share_accepted() const
{
    return n_simulated > 0 ? static_cast<double>(distances.size()) / static_cast<double>(n_simulated) : 0;
}

double AbcRound::effective_size() const
{
    double squares = 0;
    for (const double weight : weights) {
        squares += weight * weight;
    }
    return squares > 0 ? 1 / squares : 0;
}

void advance(AbcState& state, const AbcProblem& problem, const AbcOptions& options, std::size_t batch)
{
    const std::size_t n = problem.n_dimensions, n_summaries = problem.observed.size();
    if (options.particles <= 2 * n || options.rounds == 0
        || !(options.least_accepted > 0 && options.least_accepted <= 1) || n_summaries == 0) {
        throw std::invalid_argument("too few particles, no rounds, or shares that are none");
    }
    if (state.end != AbcEnd::not_yet) {
        return;
    }
    AbcRound& round = state.current;
    const bool is_first = state.rounds.empty();
    std::optional<Kernel> kernel;
    if (!is_first) {
        kernel.emplace(state.rounds.back(), n);
    }
    const double room = most_simulations(options) - static_cast<double>(round.n_simulated);
    const auto n_tried = static_cast<std::size_t>(std::min(static_cast<double>(batch), room));
    std::vector<double> points(n_tried * n), summaries(n_tried * n_summaries);
    std::vector<std::uint64_t> seeds;
    for (std::size_t i = 0; i < n_tried; ++i) {
        const std::uint64_t number = number_of(state.rounds.size(), round.n_simulated + i);
        std::uint32_t used = 0;
        const EvenNumbers next = [&] { return to_unit_interval(random_bits(options.seed, proposing, number, used++)); };
        const auto point = std::span(points).subspan(i * n, n);
        if (is_first) {
            problem.prior.draw(next, point);
        } else {
            do {
                kernel->draw(next, point);
            } while (!(problem.prior.log_density(point) > -infinity));
        }
        seeds.push_back(random_bits(options.seed, simulating, number, 0));
    }
    problem.simulate(points, seeds, summaries);
    std::size_t n_accepted = round.points.size() / n;
    for (std::size_t i = 0; i < n_tried && n_accepted < options.particles; ++i) {
        const auto own = std::span(summaries).subspan(i * n_summaries, n_summaries);
        ++round.n_simulated;
        if (!std::ranges::all_of(own, [](double value) { return std::isfinite(value); })) {
            ++round.n_failed;
            continue;
        }
        if (is_first) {
            state.first_summaries.insert(state.first_summaries.end(), own.begin(), own.end());
        } else {
            const double off = distance(own, problem, state.scales);
            if (!(off <= round.tolerance)) {
                continue;
            }
            round.distances.push_back(off);
        }
        const auto point = std::span(points).subspan(i * n, n);
        round.points.insert(round.points.end(), point.begin(), point.end());
        ++n_accepted;
    }
    if (n_accepted < options.particles) {
        if (static_cast<double>(round.n_simulated) >= most_simulations(options)) {
            state.end = AbcEnd::few_accepted;
        }
        return;
    }
    if (is_first) {
        finish_first(state, problem);
    } else {
        weigh(round, problem, *kernel);
    }
    turn(state, options);
}

} // namespace osteoflare::solvers::sampling
