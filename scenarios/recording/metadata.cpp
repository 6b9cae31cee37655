#include "scenarios/recording/metadata.hpp"

#include "output/format_version.hpp"
#include "output/provenance.hpp"
#include "scenarios/build_info.hpp"
#include "solvers/libraries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

using output::Attribute;
using output::Element;

std::string library_list()
{
    std::string list;
    const auto add = [&](const std::string& name, const std::string& version) {
        list += fmt::format("{}{} {}", list.empty() ? "" : ", ", name, version);
    };
    for (const auto& [name, version] : solvers::libraries()) {
        add(name, version);
    }
    for (const auto& library : output::output_libraries()) {
        add(library.name, library.version);
    }
    return list;
}

/// The settings that all members share, as attributes of the group `parameter`.
void write_fixed_settings(output::Results& file, const Study& study)
{
    const Scenario& scenario = study.scenario();
    const bool many_genotypes =
        std::ranges::any_of(study.axes(), [](const Axis& axis) { return axis.target.kind == Target::Kind::genotype; });
    const Member first = study.member(0);
    for (std::size_t i = 0; i < scenario.model->settings.size(); ++i) {
        const model::Description& entry = scenario.model->settings[i];
        const bool varied = std::ranges::any_of(study.axes(), [&](const Axis& axis) {
            return axis.target.kind == Target::Kind::setting && axis.target.index == i;
        });
        if (varied) {
            continue;
        }
        const std::string name(entry.name);
        // Where genotypes differ, the value is a variable over members, written below.
        const auto in_genotype = [&](const Genotype& genotype) {
            return std::ranges::any_of(genotype.settings, [&](const auto& setting) { return setting.first == i; });
        };
        if (many_genotypes && std::ranges::any_of(scenario.genotypes, in_genotype)) {
            continue;
        }
        file.attribute("parameter", Attribute{name, first.settings[i]});
        file.attribute("parameter", Attribute{name + "_units", std::string(entry.unit)});
        file.attribute("parameter", Attribute{name + "_source", std::string(text(entry.origin))});
    }
}

/// What is done to the animals, as the scenario says it; a sweep may shift it from member to member.
void write_interventions(output::Results& file, const Scenario& scenario)
{
    std::vector<std::string> names, titles;
    std::vector<double> from, until;
    for (const Intervention& intervention : scenario.interventions) {
        if (!intervention.of_life) {
            names.push_back(intervention.name);
            titles.push_back(intervention.title);
            from.push_back(to_days(intervention.from));
            until.push_back(to_days(intervention.until.value_or(scenario.end)));
        }
    }
    if (names.empty()) {
        return;
    }
    std::vector<std::int64_t> numbers(names.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    file.dimension("intervention", std::span<const std::int64_t>(numbers), {"1", "event or treatment", "", "", {}});
    file.texts("intervention_name", "intervention", names, {"", "name of the event or treatment", "", "", {}});
    file.texts("intervention_title", "intervention", titles, {"", "event or treatment in words", "", "", {}});
    const auto days = [&](const std::string& name, const char* meaning, const std::vector<double>& values) {
        file.variable(name, {"intervention"}, Element::float64, {"d", meaning, "", "", {}});
        file.write(name, 0, std::span<const double>(values));
    };
    days("intervention_from", "begin of the event or treatment", from);
    days("intervention_until", "end of the event or treatment", until);
}

void declare_columns(output::Results& file, const Study& study, const Layout& layout)
{
    file.counted_dimension("member", layout.n_members, {"1", "member of the study"});
    if (!layout.times.empty()) {
        const bool ages = !study.scenario().genotypes.empty();
        file.dimension("time", layout.times, {"d", ages ? "age of the animal" : "time", "t"});
    }
    for (const Column& column : layout.columns) {
        if (column.from == Column::From::genotype) {
            file.streamed_choices(column.name, "member", layout.choices, column.labels);
        } else {
            const bool course = column.from == Column::From::course;
            file.streamed(column.name,
                          course ? std::vector<std::string>{"member", "time"} : std::vector<std::string>{"member"},
                          column.element, column.labels);
        }
    }
}

} // namespace

void write_provenance(output::Results& file, const Origin& origin, const std::string& verb)
{
    const auto text = [&](const std::string& name, const std::string& value) {
        file.attribute(Attribute{name, value});
    };
    text("Conventions", "CF-1.10");
    text("title", origin.title);
    text("question", origin.question);
    text("source", fmt::format("Osteoflare {}", build::version));
    text("osteoflare_version", std::string(build::version));
    file.attribute(Attribute{"osteoflare_format", output::results_format});
    text("osteoflare_commit", std::string(build::commit));
    file.attribute(Attribute{"osteoflare_dirty", std::int64_t{build::dirty ? 1 : 0}});
    text("compiler", std::string(build::compiler));
    text("instruction_set", std::string(build::instruction_set));
    text("libraries", library_list());
    text("history", fmt::format("osteoflare {} of scenario {}{}{}", verb, origin.name,
                                origin.applied.empty() ? "" : " with ", fmt::join(origin.applied, ", ")));
    text("scenario_name", origin.name);
    if (!origin.applied.empty()) {
        text("scenario_changes", fmt::format("{}", fmt::join(origin.applied, "\n")));
    }
    text("model", origin.model);
    text("model_source", origin.model_source);
    text("model_hash", std::string(build::model_hash));
    text("scenario", origin.text);
    text("scenario_sha256", output::sha256(origin.text));
}

void write_provenance(output::Results& file, const Scenario& scenario, const std::string& verb)
{
    write_provenance(file,
                     Origin{scenario.name, scenario.title, scenario.question, scenario.text, scenario.applied,
                            std::string(scenario.model->name), std::string(scenario.model->source)},
                     verb);
    const auto text = [&](const std::string& name, const std::string& value) {
        file.attribute(Attribute{name, value});
    };
    const std::string stepper = scenario.numerics.method == solvers::Method::dopri5 ? "dopri5" : "rosenbrock4";
    if (scenario.tissue) {
        const spatial::TissuePlan& plan = *scenario.tissue;
        text("solver", fmt::format("agents, steps of {} s; fields, steps of {} s", plan.step, plan.field_step));
        text("box", fmt::format("{:g} x {:g} x {:g} um, voxels of {:g} um, bone of {:g} um", plan.width, plan.depth,
                                plan.height, plan.voxel, plan.bone_height));
    } else {
        text("solver", scenario.solver == Solver::lanes ? "lanes Rodas5P" : "odeint " + stepper);
        file.attribute(Attribute{"relative_tolerance", scenario.numerics.relative_tolerance});
    }
    const std::uint64_t seed = scenario.sweep ? scenario.sweep->seed : scenario.tissue ? scenario.tissue->seed : 0;
    file.attribute(Attribute{"seed", static_cast<std::int64_t>(seed)});
}

void write_metadata(output::Results& file, const Study& study, const Layout& layout)
{
    write_provenance(file, study.scenario(), study.scenario().sweep ? "sweep" : "run");
    declare_columns(file, study, layout);
    write_interventions(file, study.scenario());
    write_fixed_settings(file, study);
}

} // namespace osteoflare::scenarios
