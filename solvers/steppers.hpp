#pragma once

#include "solvers/system.hpp"

#include <memory>
#include <span>

namespace osteoflare::solvers {

/// One step of a method of Boost.Odeint, and its continuous output.
class Stepper {
public:
    virtual ~Stepper() = default;

    /// Tries a step of length h from (t, y): writes the new state and the estimate of its error.
    virtual void attempt(double t, std::span<const double> y, double h, std::span<double> y_new,
                         std::span<double> error) = 0;
    /// The step just tried was accepted: prepares continuous output between (t, y) and (t_new, y_new).
    virtual void accept(double t, std::span<const double> y, double t_new, std::span<const double> y_new) = 0;
    /// The state at a time within the step just accepted.
    virtual void interpolate(double t, std::span<double> y) = 0;
    /// The world changed between steps: forget what was kept of the last one.
    virtual void restart() = 0;
    /// The error of a step shrinks as h to this power.
    virtual double error_power() const = 0;
};

std::unique_ptr<Stepper> make_dopri5(const System& system);
std::unique_ptr<Stepper> make_rosenbrock4(const System& system);

} // namespace osteoflare::solvers
