#include "solvers/steppers.hpp"

#include <boost/numeric/odeint/stepper/rosenbrock4.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace osteoflare::solvers {
namespace {

namespace odeint = boost::numeric::odeint;
namespace ublas = boost::numeric::ublas;

class Dopri5 final : public Stepper {
    using State = std::vector<double>;

public:
    explicit Dopri5(const System& system)
        : system_(system),
          y_(system.size),
          y_new_(system.size),
          error_(system.size),
          slope_(system.size),
          slope_new_(system.size),
          output_(system.size)
    {
    }

    void attempt(double t, std::span<const double> y, double h, std::span<double> y_new,
                 std::span<double> error) override
    {
        std::ranges::copy(y, y_.begin());
        if (!slope_known_) {
            system_.rhs(t, y_, slope_);
            slope_known_ = true;
        }
        const auto rhs = [this](const State& state, State& rate, double time) { system_.rhs(time, state, rate); };
        stepper_.do_step(rhs, y_, slope_, t, y_new_, slope_new_, h, error_);
        std::ranges::copy(y_new_, y_new.begin());
        std::ranges::copy(error_, error.begin());
    }

    void accept(double t, std::span<const double> /*y*/, double t_new, std::span<const double> /*y_new*/) override
    {
        t_ = t;
        t_new_ = t_new;
        slope_.swap(slope_new_); // the last stage is the next step's first
    }

    void interpolate(double t, std::span<double> y) override
    {
        // After accept() the two slopes have changed places.
        stepper_.calc_state(t, output_, y_, slope_new_, t_, y_new_, slope_, t_new_);
        std::ranges::copy(output_, y.begin());
    }

    void restart() override { slope_known_ = false; }
    double error_power() const override { return 5; }

private:
    const System& system_;
    odeint::runge_kutta_dopri5<State> stepper_;
    State y_, y_new_, error_, slope_, slope_new_, output_;
    double t_ = 0, t_new_ = 0;
    bool slope_known_ = false;
};

/// The coefficients of RODAS (Hairer & Wanner II, IV.7). Odeint 1.81 has d4 with the wrong sign, which costs a system
/// that depends on time three of its four orders; the convergence test shows it.
struct RodasCoefficients : odeint::default_rosenbrock_coefficients<double> {
    static constexpr double d4 = -0.3620000000000023e-01;
};

class Rosenbrock4 final : public Stepper {
    using State = ublas::vector<double>;
    using Matrix = ublas::matrix<double>;

public:
    explicit Rosenbrock4(const System& system)
        : system_(system), y_(system.size), y_new_(system.size), error_(system.size), output_(system.size)
    {
    }

    void attempt(double t, std::span<const double> y, double h, std::span<double> y_new,
                 std::span<double> error) override
    {
        std::ranges::copy(y, y_.begin());
        const auto rhs = [this](const State& state, State& rate, double time) {
            system_.rhs(time, view(state), view(rate));
        };
        const auto jacobian = [this](const State& state, Matrix& dfdy, double time, State& dfdt) {
            system_.jacobian(time, view(state), {&dfdy(0, 0), system_.size * system_.size}, view(dfdt));
        };
        stepper_.do_step(std::make_pair(rhs, jacobian), y_, t, y_new_, h, error_);
        std::ranges::copy(y_new_, y_new.begin());
        std::ranges::copy(error_, error.begin());
    }

    void accept(double t, std::span<const double> /*y*/, double t_new, std::span<const double> /*y_new*/) override
    {
        t_ = t;
        t_new_ = t_new;
        stepper_.prepare_dense_output();
    }

    void interpolate(double t, std::span<double> y) override
    {
        stepper_.calc_state(t, output_, y_, t_, y_new_, t_new_);
        std::ranges::copy(output_, y.begin());
    }

    void restart() override {}
    double error_power() const override { return 4; }

private:
    static std::span<const double> view(const State& state) { return {&state(0), state.size()}; }
    static std::span<double> view(State& state) { return {&state(0), state.size()}; }

    const System& system_;
    odeint::rosenbrock4<double, RodasCoefficients> stepper_;
    State y_, y_new_, error_, output_;
    double t_ = 0, t_new_ = 0;
};

} // namespace

std::unique_ptr<Stepper> make_dopri5(const System& system)
{
    return std::make_unique<Dopri5>(system);
}

std::unique_ptr<Stepper> make_rosenbrock4(const System& system)
{
    return std::make_unique<Rosenbrock4>(system);
}

} // namespace osteoflare::solvers
