#pragma once

#include "solvers/integrate.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

/// Observers of a run that work on the continuous output, so that nothing they find depends on the output grid and the
/// output grid never changes the steps.
namespace osteoflare::solvers {

/// Hands over the state at given times. A time at which an interruption happens is handed over with the world after it;
/// the end of the run with the world before.
class GridSampler {
public:
    using Take = std::function<void(std::size_t index, double t, std::span<const double> state)>;

    /// `times` ascend and outlive the sampler.
    GridSampler(std::span<const double> times, std::size_t state_size, Take take);
    void operator()(const Step& step);

private:
    std::span<const double> times_;
    std::size_t next_ = 0;
    std::vector<double> state_;
    Take take_;
};

enum class Condensation { first_above, maximum, minimum, final };

/// One number to be made from the course of one quantity.
struct Condensed {
    Condensation kind = Condensation::final;
    std::size_t quantity = 0; ///< index into the quantities
    double level = 0;         ///< threshold of first_above
};

/// Condenses the courses of quantities, functions of the state, into numbers: first crossings upward (to 1e-6 d by
/// bisection), extrema (by Brent's method) and final values. Each step is looked at in eight parts: what happens
/// between two of them and is undone before the next is not seen.
class Condenser {
public:
    using Quantities = std::function<void(std::span<const double> state, std::span<double> quantities)>;

    Condenser(std::vector<Condensed> wanted, std::size_t state_size, std::size_t n_quantities, Quantities quantities);
    void operator()(const Step& step);

    /// One value per wanted number, in order; NaN for a level that was never exceeded. Values of an unfinished run
    /// cover what was reached.
    const std::vector<double>& values() const { return values_; }

private:
    double quantity(const Step& step, double t, std::size_t index);
    double crossing(const Step& step, const Condensed& wanted, double below, double above);
    double extremum(const Step& step, std::size_t index, double sign);

    static constexpr std::size_t n_parts = 8;

    std::vector<Condensed> wanted_;
    std::size_t n_quantities_;
    Quantities quantities_;
    std::vector<double> state_, now_;
    std::vector<double> parts_; ///< quantities at the ends of the parts, (n_parts + 1, n_quantities)
    std::vector<double> values_;
};

} // namespace osteoflare::solvers
