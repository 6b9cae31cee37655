#include "tests/limits/independent_niche.hpp"

#include "model/niche/niche.hpp"

#include "catch.hpp"

#include <cmath>
#include <map>
#include <random>
#include <string>

using namespace osteoflare::model;

namespace {

/// Uniform on [0, 1), the same on every machine: the generator is standardised, the distributions are not.
class Uniform {
public:
    explicit Uniform(unsigned seed) : generator_(seed) {}
    double operator()() { return static_cast<double>(generator_()) / 4294967296.0; }

private:
    std::mt19937 generator_;
};

/// A value that makes sense for a quantity: a third to three times its default, or up to 2 for switches and zeros.
double random_value(const Description& entry, Uniform& uniform)
{
    const double u = uniform();
    const bool is_switch = entry.origin == Origin::genotype || entry.value == 0;
    return std::fmin(entry.range.high, is_switch ? 2 * u : entry.value * std::exp(2.2 * u - 1.1));
}

} // namespace

TEST_CASE("the niche agrees with an independent transcription of its printed equations", "[model][limit]")
{
    using State = niche::State<double>;
    const int seed = GENERATE(range(0, 200));
    CAPTURE(seed);
    Uniform uniform(static_cast<unsigned>(seed));

    std::map<std::string, double> values = independent::mouse();
    const auto choose = [&](double& field, const Description& entry) {
        field = random_value(entry, uniform);
        values[std::string(entry.name)] = field;
    };
    State state;
    niche::Inputs<double> inputs;
    niche::Parameters<double> parameters;
    State::visit(state, choose);
    inputs.visit(inputs, choose);
    parameters.visit(parameters, [&](double& field, const Description& entry) {
        // On the page these are bare numbers.
        if (entry.origin == Origin::assumed || entry.origin == Origin::definition) {
            field = entry.value;
        } else {
            choose(field, entry);
        }
    });

    const auto expected = independent::balances([&](const char* name) { return values.at(name); });
    const State rates = niche::balance(niche::fluxes(state, inputs, parameters));
    std::size_t compared = 0;
    State::visit(rates, [&](const double& rate, const Description& entry) {
        CAPTURE(entry.name);
        const independent::Balance& balance = expected.at(std::string(entry.name));
        CHECK(std::isfinite(rate));
        // Each term takes tens of roundings of 1e-16; 1e-12 of what is gained and lost leaves room for no mistake.
        CHECK(std::fabs(rate - balance.rate) <= 1e-12 * balance.turnover);
        ++compared;
    });
    CHECK(compared == expected.size());
}
