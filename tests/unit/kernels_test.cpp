#include "komarova2003_kernel.hpp"
#include "lemaire2004_kernel.hpp"
#include "model/classic/komarova2003.hpp"
#include "model/classic/lemaire2004.hpp"
#include "model/niche/niche.hpp"
#include "niche_kernel.hpp"
#include "scenarios/kernels/record_model.hpp"
#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/pack.hpp"
#include "unit/traced.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace osteoflare;
using solvers::lanes::Pack1;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

template <class Set>
void fill(Set& set, auto next)
{
    Set::visit(set, [&](auto& field, const model::Description& entry) { field = next(entry); });
}

template <class Set>
std::vector<Traced> listed(const Set& set)
{
    std::vector<Traced> list;
    Set::visit(set, [&](const Traced& field, const model::Description&) { list.push_back(field); });
    return list;
}

/// A state and settings drawn at random, and what the model's template and its kernel make of them.
template <class Model, class Kernel>
struct Comparison {
    typename Model::template State<Traced> state{};
    typename Model::template Parameters<Traced> parameters{};
    typename Model::template Inputs<Traced> inputs{};
    std::vector<Traced> rates, readouts, fluxes; ///< by the template, with slopes in the direction chosen last
    std::vector<Pack1> y = std::vector<Pack1>(Kernel::n_states), c = std::vector<Pack1>(Kernel::n_coefficients);

    explicit Comparison(std::mt19937_64& engine)
    {
        // States over two powers of ten, settings over a factor of four.
        const auto draw = [&](double powers_of_ten) {
            return [&engine, powers_of_ten](const model::Description& entry) {
                const double usual = entry.value == 0 ? 0.3 : entry.value;
                const double value =
                    usual * std::pow(10, std::uniform_real_distribution(-1.0, 1.0)(engine) * powers_of_ten);
                return Traced(std::clamp(value, entry.range.low, entry.range.high));
            };
        };
        fill(state, draw(1));
        fill(parameters, draw(0.3));
        fill(inputs, draw(0.3));
        std::vector<double> settings;
        for (const Traced& setting : listed(parameters)) {
            settings.push_back(setting.value);
        }
        for (const Traced& setting : listed(inputs)) {
            settings.push_back(setting.value);
        }
        for (std::size_t k = 0; const Traced& number : listed(state)) {
            y[k++] = Pack1(number.value);
        }
        REQUIRE(settings.size() == Kernel::n_settings);
        Kernel::prepare(settings.data(), c.data());
        move_along(0);
    }

    /// Evaluates the template with slopes by state `direction`.
    void move_along(std::size_t direction)
    {
        std::size_t k = 0;
        State::visit(state, [&](Traced& field, const model::Description&) {
            field.slope = field.slope_size = k++ == direction ? 1 : 0;
        });
        const auto flows = Model::fluxes(state, inputs, parameters);
        fluxes = listed(flows);
        rates = listed(Model::balance(flows));
        readouts = listed(Model::readouts(state, inputs, parameters));
    }

    /// The Jacobian by the template: (rate, state), row by row.
    std::vector<Traced> jacobian()
    {
        std::vector<Traced> all(Kernel::n_states * Kernel::n_states);
        for (std::size_t j = 0; j < Kernel::n_states; ++j) {
            move_along(j);
            for (std::size_t i = 0; i < Kernel::n_states; ++i) {
                all[i * Kernel::n_states + j] = rates[i];
            }
        }
        return all;
    }

private:
    using State = typename Model::template State<Traced>;
};

template <class Model>
double roundings()
{
    // No number is made by more operations than the recording has.
    return static_cast<double>(scenarios::record_model<Model>().graph.size()) * epsilon;
}

template <class Model, class Kernel>
void check_quantities()
{
    std::mt19937_64 engine(1);
    const double rounding = roundings<Model>();
    const auto check = [&](const char* what, const std::vector<Traced>& expected, const std::vector<Pack1>& found) {
        for (std::size_t i = 0; i < expected.size(); ++i) {
            INFO(Model::name << ": " << what << " " << i << " is " << found[i].v << " instead of "
                             << expected[i].value);
            REQUIRE(std::abs(found[i].v - expected[i].value) <= rounding * expected[i].size);
        }
    };
    for (int draw = 0; draw < 100; ++draw) {
        const Comparison<Model, Kernel> both(engine);
        std::vector<Pack1> rates(Kernel::n_states), readouts(Kernel::n_readouts), fluxes(Kernel::n_fluxes);
        Kernel::rates(both.y.data(), both.c.data(), rates.data());
        Kernel::readouts(both.y.data(), both.c.data(), readouts.data());
        Kernel::fluxes(both.y.data(), both.c.data(), fluxes.data());
        check("rate", both.rates, rates);
        check("read-out", both.readouts, readouts);
        check("flux", both.fluxes, fluxes);
    }
}

template <class Model, class Kernel>
void check_jacobian()
{
    constexpr std::size_t n = Kernel::n_states;
    std::mt19937_64 engine(2);
    const double rounding = 3 * roundings<Model>(); // a product's slope takes two products and a sum
    for (int draw = 0; draw < 100; ++draw) {
        Comparison<Model, Kernel> both(engine);
        std::vector<Pack1> entries(Kernel::n_jacobian);
        Kernel::jacobian(both.y.data(), both.c.data(), entries.data());
        std::vector<double> found(n * n);
        for (std::size_t e = 0; e < entries.size(); ++e) {
            found[Kernel::jacobian_rows[e] * n + Kernel::jacobian_columns[e]] = entries[e].v;
        }
        const auto expected = both.jacobian();
        for (std::size_t k = 0; k < found.size(); ++k) {
            INFO(Model::name << ": rate " << k / n << " by state " << k % n << " is " << found[k] << " instead of "
                             << expected[k].slope);
            REQUIRE(std::abs(found[k] - expected[k].slope) <= rounding * expected[k].slope_size);
        }
    }
}

/// What `solve` and `stage` return solves (shift - J) x = b with the template's Jacobian.
template <class Model, class Kernel>
void check_solutions()
{
    constexpr std::size_t n = Kernel::n_states;
    std::mt19937_64 engine(3);
    // Elimination without pivoting may lose digits, but half of them are left; a wrong entry leaves none.
    const double tolerance = std::sqrt(epsilon);
    std::uniform_real_distribution<double> any(-1, 1);
    for (int draw = 0; draw < 100; ++draw) {
        Comparison<Model, Kernel> both(engine);
        const double shift = std::pow(10, 3 * any(engine));
        const auto jacobian = both.jacobian();
        std::vector<Pack1> right(n), rates(n), lu(Kernel::n_factors), x(n);
        for (std::size_t k = 0; k < n; ++k) {
            right[k] = Pack1(any(engine) * both.y[k].v);
        }
        Kernel::factor(both.y.data(), both.c.data(), Pack1(shift), rates.data(), lu.data());
        const auto check = [&](const char* what, const std::vector<double>& b, const std::vector<double>& b_size) {
            for (std::size_t i = 0; i < n; ++i) {
                double residual = shift * x[i].v - b[i], size = shift * std::abs(x[i].v) + b_size[i];
                for (std::size_t j = 0; j < n; ++j) {
                    residual -= jacobian[i * n + j].slope * x[j].v;
                    size += jacobian[i * n + j].slope_size * std::abs(x[j].v);
                }
                INFO(Model::name << ": row " << i << " of what " << what << " returns leaves " << residual << " of "
                                 << size);
                REQUIRE(std::abs(residual) <= tolerance * size);
            }
        };
        std::vector<double> b(n), b_size(n);
        for (std::size_t i = 0; i < n; ++i) {
            INFO(Model::name << ": rate " << i << " beside the factors");
            REQUIRE(std::abs(rates[i].v - both.rates[i].value) <= roundings<Model>() * both.rates[i].size);
            b[i] = right[i].v;
            b_size[i] = std::abs(b[i]);
        }
        Kernel::solve(
            lu.data(), [&](std::size_t i) { return right[i]; }, x.data());
        check("solve", b, b_size);
        const double scale = std::pow(10, 3 * any(engine));
        for (std::size_t i = 0; i < n; ++i) {
            b[i] = both.rates[i].value + scale * right[i].v;
            b_size[i] = both.rates[i].size + scale * std::abs(right[i].v);
        }
        Kernel::stage(both.y.data(), both.c.data(), lu.data(), right.data(), Pack1(scale), x.data());
        check("stage", b, b_size);
    }
}

} // namespace

TEST_CASE("generated rates, read-outs and fluxes are those of the models' templates, to rounding", "[solvers]")
{
    check_quantities<model::niche::Model, kernels::niche>();
    check_quantities<model::lemaire2004::Model, kernels::lemaire2004>();
    check_quantities<model::komarova2003::Model, kernels::komarova2003>();
}

TEST_CASE("every entry of the generated Jacobians is the exact derivative, to rounding, and none is missing",
          "[solvers]")
{
    check_jacobian<model::niche::Model, kernels::niche>();
    check_jacobian<model::lemaire2004::Model, kernels::lemaire2004>();
    check_jacobian<model::komarova2003::Model, kernels::komarova2003>();
}

TEST_CASE("generated factorisations solve the systems of the exact Jacobian", "[solvers]")
{
    check_solutions<model::niche::Model, kernels::niche>();
    check_solutions<model::lemaire2004::Model, kernels::lemaire2004>();
    check_solutions<model::komarova2003::Model, kernels::komarova2003>();
}
