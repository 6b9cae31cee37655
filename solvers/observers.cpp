#include "solvers/observers.hpp"

#include <boost/math/tools/minima.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace osteoflare::solvers {

GridSampler::GridSampler(std::span<const double> times, std::size_t state_size, Take take)
    : times_(times), state_(state_size), take_(std::move(take))
{
}

void GridSampler::operator()(const Step& step)
{
    const auto within = [&](double t) { return t < step.end || (step.last && t == step.end); };
    for (; next_ < times_.size() && within(times_[next_]); ++next_) {
        const double t = times_[next_];
        if (t == step.begin) {
            std::ranges::copy(step.state_begin, state_.begin());
        } else if (t == step.end) {
            std::ranges::copy(step.state_end, state_.begin());
        } else {
            step.at(t, state_);
        }
        take_(next_, t, state_);
    }
}

Condenser::Condenser(std::vector<Condensed> wanted, std::size_t state_size, std::size_t n_quantities,
                     Quantities quantities)
    : wanted_(std::move(wanted)),
      n_quantities_(n_quantities),
      quantities_(std::move(quantities)),
      state_(state_size),
      now_(n_quantities),
      parts_((n_parts + 1) * n_quantities),
      values_(wanted_.size(), std::numeric_limits<double>::quiet_NaN())
{
}

double Condenser::quantity(const Step& step, double t, std::size_t index)
{
    step.at(t, state_);
    quantities_(state_, now_);
    return now_[index];
}

double Condenser::crossing(const Step& step, const Condensed& wanted, double below, double above)
{
    while (above - below > 1e-6) {
        const double middle = (below + above) / 2;
        (quantity(step, middle, wanted.quantity) > wanted.level ? above : below) = middle;
    }
    return above;
}

/// The largest value of sign * quantity within the step.
double Condenser::extremum(const Step& step, std::size_t index, double sign)
{
    const Condensed& wanted = wanted_[index];
    const double part = (step.end - step.begin) / n_parts;
    const auto at_part = [&](std::size_t i) { return sign * parts_[i * n_quantities_ + wanted.quantity]; };
    std::size_t best = 0;
    for (std::size_t i = 1; i <= n_parts; ++i) {
        best = at_part(i) > at_part(best) ? i : best;
    }
    const double sampled = at_part(best);
    const double known = sign * values_[index];
    if (sampled < known || !std::isfinite(sampled)) {
        return std::isnan(known) ? sampled : std::max(known, sampled);
    }
    // At an end of the step, look closer only if the course turns there and does not merely run into the next step.
    const double middle = step.begin + part * static_cast<double>(best);
    const double nudge = 1e-3 * part;
    if ((best == 0 && sign * quantity(step, middle + nudge, wanted.quantity) <= sampled)
        || (best == n_parts && sign * quantity(step, middle - nudge, wanted.quantity) <= sampled)) {
        return sampled;
    }
    const double low = std::max(step.begin, middle - part);
    const double high = std::min(step.end, middle + part);
    const auto valley = [&](double t) { return -sign * quantity(step, t, wanted.quantity); };
    return std::max(sampled, -boost::math::tools::brent_find_minima(valley, low, high, 26).second);
}

void Condenser::operator()(const Step& step)
{
    const double part = (step.end - step.begin) / n_parts;
    const auto end_of = [&](std::size_t i) {
        return i == n_parts ? step.end : step.begin + part * static_cast<double>(i);
    };
    for (std::size_t i = 0; i <= n_parts; ++i) {
        const auto quantities = std::span(parts_).subspan(i * n_quantities_, n_quantities_);
        if (i == 0) {
            quantities_(step.state_begin, quantities);
        } else if (i == n_parts) {
            quantities_(step.state_end, quantities);
        } else {
            step.at(end_of(i), state_);
            quantities_(state_, quantities);
        }
    }
    for (std::size_t w = 0; w < wanted_.size(); ++w) {
        const Condensed& wanted = wanted_[w];
        const auto at_part = [&](std::size_t i) { return parts_[i * n_quantities_ + wanted.quantity]; };
        double& value = values_[w];
        switch (wanted.kind) {
        case Condensation::final: value = at_part(n_parts); break;
        case Condensation::maximum: value = extremum(step, w, 1); break;
        case Condensation::minimum: value = -extremum(step, w, -1); break;
        case Condensation::first_above:
            for (std::size_t i = 0; i <= n_parts && std::isnan(value); ++i) {
                if (at_part(i) > wanted.level) {
                    value = i == 0 ? step.begin : crossing(step, wanted, end_of(i - 1), end_of(i));
                }
            }
            break;
        }
    }
}

} // namespace osteoflare::solvers
