#include "solvers/integrate.hpp"

#include "solvers/steppers.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace osteoflare::solvers {
namespace {

bool all_finite(std::span<const double> values)
{
    return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

void require(bool condition, const char* what)
{
    if (!condition) {
        throw std::invalid_argument(what);
    }
}

void check(const System& system, std::span<const double> state, double from, double to,
           std::span<const Interruption> interruptions, const Options& options)
{
    require(system.size > 0 && state.size() == system.size, "integrate: the state has not the size of the system");
    require(std::isfinite(from) && std::isfinite(to) && from < to, "integrate: the end must come after the start");
    require(options.relative_tolerance > 0, "integrate: the relative tolerance must be positive");
    require(options.absolute_tolerance.size() == 1 || options.absolute_tolerance.size() == system.size,
            "integrate: give one absolute tolerance, or one per equation");
    require(options.first_step >= 0 && options.longest_step > 0, "integrate: steps must be positive");
    double previous = from;
    for (const Interruption& interruption : interruptions) {
        require(interruption.time >= previous && interruption.time <= to, "integrate: interruptions must be sorted");
        previous = interruption.time;
    }
}

/// One run: the loop over steps that every method shares.
class Run {
public:
    Run(const System& system, std::span<double> state, double from, const Options& options, const Observer& observer)
        : system_(system),
          options_(options),
          observer_(observer),
          state_(state),
          trial_(state.size()),
          error_(state.size()),
          stepper_(options.method == Method::dopri5 ? make_dopri5(system) : make_rosenbrock4(system)),
          interpolate_([this](double t, std::span<double> y) { stepper_->interpolate(t, y); })
    {
        report_.time = from;
    }

    /// Advances to `stop` and lands on it exactly. `last` marks the end of the run.
    bool advance(double stop, bool last)
    {
        stepper_->restart();
        double h = options_.first_step > 0 ? options_.first_step : first_step(stop);
        double previous_error = 1; // no memory across a restart
        while (report_.time < stop) {
            h = std::min(h, options_.longest_step);
            if (report_.steps + report_.rejected >= options_.most_steps) {
                return fail(RunStatus::step_limit);
            }
            const double remaining = stop - report_.time;
            const bool lands = h >= remaining * (1 - 1e-12);
            // Two steps of equal length end a segment better than one long and one tiny.
            const double taken = lands ? remaining : (2 * h > remaining ? remaining / 2 : h);
            const double end = lands ? stop : report_.time + taken;
            if (taken <= 16 * std::numeric_limits<double>::epsilon() * std::abs(report_.time)) {
                return fail(RunStatus::step_too_small);
            }
            stepper_->attempt(report_.time, state_, taken, trial_, error_);
            if (!all_finite(trial_) || !all_finite(error_)) {
                ++report_.rejected;
                if (taken < 1e-10 * (1 + std::abs(report_.time))) {
                    return fail(RunStatus::not_finite); // no step is short enough
                }
                h = taken / 10;
                continue;
            }
            const double error = scaled_error();
            const double power = stepper_->error_power();
            if (error > 1) {
                ++report_.rejected;
                h = taken * std::max(0.2, 0.9 * std::pow(error, -1 / power));
                continue;
            }
            stepper_->accept(report_.time, state_, end, trial_);
            if (observer_) {
                observer_(Step{report_.time, end, last && lands, state_, trial_, interpolate_});
            }
            ++report_.steps;
            report_.time = end;
            std::ranges::copy(trial_, state_.begin());
            // Proportional-integral control (Gustafsson), which keeps explicit methods calm at their stability limit.
            const double bounded = std::max(error, 1e-8);
            const double factor = 0.9 * std::pow(bounded, -0.7 / power) * std::pow(previous_error, 0.4 / power);
            const double proposal = taken * std::clamp(factor, 0.2, 5.0);
            // A step that was shortened only to land does not lower what is proposed.
            h = taken < h ? std::max(proposal, std::min(h, 5 * taken)) : proposal;
            previous_error = bounded;
        }
        return true;
    }

    RunReport report() const { return report_; }

private:
    bool fail(RunStatus status)
    {
        report_.status = status;
        return false;
    }

    double scale(std::size_t i, double magnitude) const
    {
        const auto& absolute = options_.absolute_tolerance;
        return absolute[absolute.size() == 1 ? 0 : i] + options_.relative_tolerance * magnitude;
    }

    double scaled_error() const
    {
        double worst = 0;
        for (std::size_t i = 0; i < state_.size(); ++i) {
            const double magnitude = std::max(std::abs(state_[i]), std::abs(trial_[i]));
            worst = std::max(worst, std::abs(error_[i]) / scale(i, magnitude));
        }
        return worst;
    }

    /// A first step after Hairer, Nørsett & Wanner I, II.4: from the sizes of f and of its change over a small Euler
    /// step. Falls back to a short step when f is not finite; the loop then reports that.
    double first_step(double stop) const
    {
        const std::size_t n = state_.size();
        std::vector<double> rate(n), moved(n), moved_rate(n);
        system_.rhs(report_.time, state_, rate);
        double size = 0, speed = 0;
        for (std::size_t i = 0; i < n; ++i) {
            size = std::max(size, std::abs(state_[i]) / scale(i, std::abs(state_[i])));
            speed = std::max(speed, std::abs(rate[i]) / scale(i, std::abs(state_[i])));
        }
        const double span = stop - report_.time;
        double h = (size < 1e-5 || speed < 1e-5) ? 1e-6 * span : std::min(0.01 * size / speed, span);
        for (std::size_t i = 0; i < n; ++i) {
            moved[i] = state_[i] + h * rate[i];
        }
        system_.rhs(report_.time + h, moved, moved_rate);
        double bend = 0;
        for (std::size_t i = 0; i < n; ++i) {
            bend = std::max(bend, std::abs(moved_rate[i] - rate[i]) / scale(i, std::abs(state_[i])) / h);
        }
        const double fastest = std::max(speed, bend);
        const double by_order = fastest > 1e-15 ? std::pow(0.01 / fastest, 1 / stepper_->error_power()) : 1e-3 * span;
        const double chosen = std::min({100 * h, by_order, span});
        return chosen > 0 ? chosen : 1e-6 * span;
    }

    const System& system_;
    const Options& options_;
    const Observer& observer_;
    std::span<double> state_;
    std::vector<double> trial_, error_;
    std::unique_ptr<Stepper> stepper_;
    std::function<void(double, std::span<double>)> interpolate_;
    RunReport report_;
};

} // namespace

std::string_view text(RunStatus status)
{
    switch (status) {
    case RunStatus::reached_end: return "complete";
    case RunStatus::step_limit: return "step_limit";
    case RunStatus::step_too_small: return "step_too_small";
    case RunStatus::not_finite: return "not_finite";
    case RunStatus::overcrowded: return "overcrowded";
    case RunStatus::not_run: return "not_run";
    }
    return "";
}

RunReport integrate(const System& system, std::span<double> state, double from, double to,
                    std::span<const Interruption> interruptions, const Options& options, const Observer& observer)
{
    check(system, state, from, to, interruptions, options);
    Run run(system, state, from, options, observer);
    for (const Interruption& interruption : interruptions) {
        if (interruption.time >= to || !run.advance(interruption.time, false)) {
            break;
        }
        interruption.apply(state);
    }
    if (run.report()) {
        (void)run.advance(to, true);
    }
    return run.report();
}

} // namespace osteoflare::solvers
