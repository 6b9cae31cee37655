#include "scenarios/reading/observable_reader.hpp"

#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

using solvers::fitting::Noise;

class ObservableReader {
public:
    ObservableReader(FitProblem& problem, std::vector<bool>& is_used) : problem_(problem), is_used_(is_used) {}

    Observable read(const std::string& name, TomlTable table)
    {
        const ModelEntry& model = problem_.model();
        Observable observable;
        observable.name = name;
        const auto of = table.find("of");
        const std::string quantity = of ? of->text() : name;
        const std::size_t species = index_of(model.species, quantity), readout = index_of(model.readouts, quantity);
        if (species == model.species.size() && readout == model.readouts.size()) {
            auto known = names_of(model.species);
            const auto more = names_of(model.readouts);
            known.insert(known.end(), more.begin(), more.end());
            const Problem unknown{
                fmt::format("'{}' cannot be observed", quantity),
                fmt::format("the model {} has no such species or read-out", model.name),
                suggest_name(quantity, known,
                             of ? "see osteoflare list species" : "say what it measures with of = \"…\"")};
            of ? of->fail(unknown) : table.fail(unknown);
        }
        observable.quantity = species < model.species.size() ? species : model.species.size() + readout;
        const std::string own_unit(problem_.quantity(observable).unit);
        observable.scale = factor(table, "scale", "1").value_or(Factor{1, {}});
        read_unit(table, own_unit, observable);
        observable.offset = factor(table, "offset", "1").value_or(Factor{0, {}});
        read_noise(table, own_unit, observable);
        table.done();
        return observable;
    }

private:
    void read_unit(TomlTable& table, const std::string& own_unit, Observable& observable)
    {
        const auto unit = table.find("unit");
        observable.unit = unit ? unit->text() : own_unit;
        // What is scaled by an unknown factor may be in units of its own: intensities, scores.
        if (unit && !observable.scale.parameter && observable.scale.value == 1) {
            try {
                observable.unit_factor = parse_quantity("1 " + observable.unit, own_unit);
            } catch (const UnitError& error) {
                unit->fail({fmt::format("data of '{}' in {}: {}", observable.name, observable.unit, error.problem.what),
                            error.problem.why, error.problem.suggestion + ", or give it a scale"});
            }
        }
    }

    void read_noise(TomlTable& table, const std::string& own_unit, Observable& observable)
    {
        const TomlValue noise = table.require("noise");
        const std::vector<std::string> known = {"normal", "lognormal", "incidence"};
        const auto found = std::ranges::find(known, noise.text());
        if (found == known.end()) {
            noise.fail({fmt::format("unknown noise '{}'", noise.text()), "there are normal, lognormal and incidence",
                        suggest_name(noise.text(), known, "choose one of them")});
        }
        observable.noise = noise.text() == "normal"      ? Noise::normal
                           : noise.text() == "lognormal" ? Noise::lognormal
                                                         : Noise::binomial;
        if (observable.noise == Noise::binomial) {
            const TomlValue above = table.require("above");
            observable.above = above.quantity(own_unit);
            if (observable.above <= 0) {
                above.fail({fmt::format("ill above {:g}", observable.above),
                            "animals differ by factors, which never reach 0", "give a level above 0"});
            }
        }
        const auto spread = table.find("spread");
        if (spread && spread->is_text() && spread->text() == "error") {
            if (observable.noise == Noise::binomial) {
                spread->fail({"a spread of incidence from the column error", "it is how much animals differ",
                              "give a number, or the name of a parameter"});
            }
            return;
        }
        if (!spread) {
            (void)table.require("spread");
        }
        observable.spread = factor(table, "spread", "1");
        if (!observable.spread->parameter && observable.spread->value <= 0) {
            spread->fail({fmt::format("a spread of {:g}", observable.spread->value),
                          "without noise nothing can differ from the model",
                          "give a number above 0, the name of a "
                          "parameter, or \"error\""});
        }
    }

    /// A number, or the name of a parameter that is no quantity of the model.
    std::optional<Factor> factor(TomlTable& table, const char* key, const char* unit)
    {
        const auto value = table.find(key);
        if (!value) {
            return std::nullopt;
        }
        const auto parameter = value->is_text()
                                   ? std::ranges::find(problem_.parameters, value->text(), &FitParameter::name)
                                   : problem_.parameters.end();
        if (parameter != problem_.parameters.end()) {
            const auto index = static_cast<std::size_t>(parameter - problem_.parameters.begin());
            is_used_[index] = true;
            return Factor{0, index};
        }
        const bool is_name = value->is_text() && value->text().find_first_of("0123456789") != 0
                             && value->text().find_first_of("+-.") != 0;
        if (is_name) {
            value->fail({fmt::format("unknown parameter '{}'", value->text()),
                         fmt::format("{} is a number or a parameter of the problem", key),
                         suggest_name(value->text(), names_of(problem_.parameters),
                                      fmt::format("add [parameter.{}]", value->text()))});
        }
        return Factor{value->quantity(unit), std::nullopt};
    }

    FitProblem& problem_;
    std::vector<bool>& is_used_;
};

} // namespace

Observable read_observable(const std::string& name, TomlTable table, FitProblem& problem, std::vector<bool>& is_used)
{
    return ObservableReader(problem, is_used).read(name, std::move(table));
}

} // namespace osteoflare::scenarios
