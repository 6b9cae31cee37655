#include "scenarios/record.hpp"

#include "output/provenance.hpp"
#include "output/results_writer.hpp"
#include "scenarios/build_info.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/libraries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

using output::Attribute;
using output::Element;
using output::Labels;

/// Members that are computed before they are written: bounds memory, changes no byte.
constexpr std::size_t block_size = 256;

Labels labels(const model::Description& entry)
{
    return {std::string(entry.unit),
            std::string(entry.meaning),
            std::string(entry.symbol),
            std::string(text(entry.origin)),
            {}};
}

/// Runs members [first, last) and reports them as done.
class Runner {
public:
    Runner(const Study& study, std::size_t threads, const Progress& progress)
        : study_(study), threads_(threads), progress_(progress), times_(output_times(study.scenario()))
    {
    }

    std::vector<Course> run(std::size_t first, std::size_t last, std::vector<Outcome>& outcomes)
    {
        std::vector<Course> courses(last - first);
        solvers::for_each_member(last - first, threads_, [&](std::size_t i) {
            const Member member = study_.member(first + i);
            courses[i] = run_member(study_.scenario(), member, times_);
            Outcome& outcome = outcomes[first + i];
            outcome = {member.genotype, courses[i].report, courses[i].summaries};
            if (!outcome.report) {
                std::ranges::fill(outcome.summaries, std::numeric_limits<double>::quiet_NaN());
            }
            const std::scoped_lock lock(mutex_);
            done_ += 1;
            failed_ += outcome.report ? 0 : 1;
            if (progress_) {
                progress_(done_, failed_);
            }
        });
        return courses;
    }

    const std::vector<double>& times() const { return times_; }

private:
    const Study& study_;
    std::size_t threads_;
    const Progress& progress_;
    std::vector<double> times_;
    std::mutex mutex_;
    std::size_t done_ = 0, failed_ = 0;
};

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

void write_provenance(output::ResultsWriter& file, const Scenario& scenario)
{
    const auto text = [&](const std::string& name, const std::string& value) {
        file.attribute(Attribute{name, value});
    };
    text("Conventions", "CF-1.10");
    text("title", scenario.title);
    text("question", scenario.question);
    text("source", fmt::format("Osteoflare {}", build::version));
    text("osteoflare_version", std::string(build::version));
    text("osteoflare_commit", std::string(build::commit));
    file.attribute(Attribute{"osteoflare_dirty", std::int64_t{build::dirty ? 1 : 0}});
    text("compiler", std::string(build::compiler));
    text("instruction_set", std::string(build::instruction_set));
    text("libraries", library_list());
    text("history", fmt::format("osteoflare {} of scenario {}{}{}", scenario.sweep ? "sweep" : "run", scenario.name,
                                scenario.applied.empty() ? "" : " with ", fmt::join(scenario.applied, ", ")));
    text("model", std::string(scenario.model->name));
    text("model_source", std::string(scenario.model->source));
    text("model_hash", std::string(build::model_hash));
    text("scenario", scenario.text);
    text("scenario_sha256", output::sha256(scenario.text));
    text("solver", scenario.numerics.method == solvers::Method::dopri5 ? "odeint dopri5" : "odeint rosenbrock4");
    file.attribute(Attribute{"relative_tolerance", scenario.numerics.relative_tolerance});
    file.attribute(Attribute{"seed", static_cast<std::int64_t>(scenario.sweep ? scenario.sweep->seed : 0)});
}

/// The settings that all members share, as attributes of the group `parameter`.
void write_fixed_settings(output::ResultsWriter& file, const Study& study)
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

/// What differs between members: one variable per axis, and per setting in which genotypes differ.
void write_varied(output::ResultsWriter& file, const Study& study)
{
    const Scenario& scenario = study.scenario();
    const auto column = [&](auto value_of) {
        std::vector<double> values(study.size());
        for (std::size_t i = 0; i < study.size(); ++i) {
            values[i] = value_of(study.member(i));
        }
        return values;
    };
    const auto write = [&](const std::string& name, const Labels& about, const std::vector<double>& values) {
        file.variable("parameter/" + name, {"member"}, Element::float64, about);
        file.write("parameter/" + name, 0, values);
    };
    std::vector<std::size_t> written;
    bool many_genotypes = false;
    for (std::size_t a = 0; a < study.axes().size(); ++a) {
        const Axis& axis = study.axes()[a];
        if (axis.target.kind == Target::Kind::genotype) {
            many_genotypes = true;
            continue;
        }
        Labels about{axis.unit, fmt::format("{} of this member", axis.name), "", "varied by the sweep", {}};
        if (axis.target.kind == Target::Kind::setting) {
            const model::Description& entry = scenario.model->settings[axis.target.index];
            about = labels(entry);
            written.push_back(axis.target.index);
        }
        write(axis.name, about, column([&](const Member& member) { return member.varied[a]; }));
    }
    if (!many_genotypes) {
        return;
    }
    for (const Genotype& genotype : scenario.genotypes) {
        for (const auto& [setting, value] : genotype.settings) {
            if (std::ranges::find(written, setting) == written.end()) {
                written.push_back(setting);
                const model::Description& entry = scenario.model->settings[setting];
                const std::size_t index = setting;
                write(std::string(entry.name), labels(entry),
                      column([&](const Member& member) { return member.settings[index]; }));
            }
        }
    }
}

/// What is done to the animals, as the scenario says it; a sweep may shift it from member to member.
void write_interventions(output::ResultsWriter& file, const Scenario& scenario)
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

void define_variables(output::ResultsWriter& file, const Study& study, std::span<const double> times)
{
    const Scenario& scenario = study.scenario();
    std::vector<std::int64_t> members(study.size());
    std::iota(members.begin(), members.end(), 0);
    file.dimension("member", std::span<const std::int64_t>(members), {"1", "member of the study", "", "", {}});
    const bool ages = !scenario.genotypes.empty();
    file.dimension("time", times, {"d", ages ? "age of the animal" : "time", "t", "", {}});
    for (const model::Description& column : column_descriptions(scenario)) {
        Labels about = labels(column);
        about.source = "computed"; // the origin in a species' description is that of its start
        file.variable(std::string(column.name), {"member", "time"}, Element::float64, about);
    }
    for (const model::Summary& summary : scenario.model->summaries) {
        file.variable(std::string(summary.name), {"member"}, Element::float64,
                      {std::string(summary.unit), std::string(summary.meaning), "", "computed", {}});
    }
    for (const model::Description& species : scenario.model->species) {
        Labels about = labels(species);
        about.long_name = fmt::format("{}, at time_reached", species.meaning);
        about.source = "computed";
        file.variable("last_state/" + std::string(species.name), {"member"}, Element::float64, about);
    }
    const std::vector<std::uint8_t> flags = {0, 1, 2, 3};
    file.variable(
        "status", {"member"}, Element::uint8,
        {"1",
         "how the run of this member ended",
         "",
         "",
         {{"flag_values", flags}, {"flag_meanings", std::string("complete step_limit step_too_small not_finite")}}});
    file.variable("steps", {"member"}, Element::int64, {"1", "accepted steps", "", "", {}});
    file.variable("rejected_steps", {"member"}, Element::int64, {"1", "rejected steps", "", "", {}});
    file.variable("time_reached", {"member"}, Element::float64, {"d", "last time reached", "", "", {}});
    if (ages) {
        std::vector<std::string> names(study.size());
        for (std::size_t i = 0; i < study.size(); ++i) {
            names[i] = scenario.genotypes[study.member(i).genotype].name;
        }
        file.texts("genotype", "member", names, {"", "genotype of this member", "", "", {}});
    }
}

void write_block(output::ResultsWriter& file, const Scenario& scenario, std::size_t first,
                 const std::vector<Course>& courses, std::span<const Outcome> outcomes, std::size_t n_times)
{
    const auto columns = column_descriptions(scenario);
    std::vector<double> rows(courses.size() * n_times);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        for (std::size_t i = 0; i < courses.size(); ++i) {
            std::copy_n(courses[i].columns.begin() + static_cast<std::ptrdiff_t>(c * n_times), n_times,
                        rows.begin() + static_cast<std::ptrdiff_t>(i * n_times));
        }
        file.write(std::string(columns[c].name), first, std::span<const double>(rows));
    }
    const auto per_member = [&]<class Value>(const std::string& name, auto value_of) {
        std::vector<Value> values(courses.size());
        for (std::size_t i = 0; i < courses.size(); ++i) {
            values[i] = static_cast<Value>(value_of(i));
        }
        file.write(name, first, std::span<const Value>(values));
    };
    for (std::size_t s = 0; s < scenario.model->summaries.size(); ++s) {
        per_member.template operator()<double>(std::string(scenario.model->summaries[s].name),
                                               [&](std::size_t i) { return outcomes[i].summaries[s]; });
    }
    for (std::size_t s = 0; s < scenario.model->species.size(); ++s) {
        per_member.template operator()<double>("last_state/" + std::string(scenario.model->species[s].name),
                                               [&](std::size_t i) { return courses[i].end_state[s]; });
    }
    const auto report = [&](std::size_t i) -> const solvers::RunReport& { return outcomes[i].report; };
    per_member.template operator()<std::uint8_t>("status", [&](std::size_t i) { return report(i).status; });
    per_member.template operator()<std::int64_t>("steps", [&](std::size_t i) { return report(i).steps; });
    per_member.template operator()<std::int64_t>("rejected_steps", [&](std::size_t i) { return report(i).rejected; });
    per_member.template operator()<double>("time_reached", [&](std::size_t i) { return report(i).time; });
}

} // namespace

std::vector<Outcome> run_study(const Study& study, std::size_t threads, const Progress& progress)
{
    std::vector<Outcome> outcomes(study.size());
    Runner runner(study, threads, progress);
    for (std::size_t first = 0; first < study.size(); first += block_size) {
        runner.run(first, std::min(first + block_size, study.size()), outcomes);
    }
    return outcomes;
}

std::vector<Outcome> record_study(const Study& study, const RecordOptions& options, const Progress& progress)
{
    const Scenario& scenario = study.scenario();
    std::vector<Outcome> outcomes(study.size());
    Runner runner(study, options.threads, progress);
    output::ResultsWriter file(options.file, options.overwrite);
    write_provenance(file, scenario);
    define_variables(file, study, runner.times());
    write_interventions(file, scenario);
    write_fixed_settings(file, study);
    write_varied(file, study);
    for (std::size_t first = 0; first < study.size(); first += block_size) {
        const std::size_t last = std::min(first + block_size, study.size());
        const auto courses = runner.run(first, last, outcomes);
        write_block(file, scenario, first, courses, std::span(outcomes).subspan(first, last - first),
                    runner.times().size());
    }
    const auto failed = std::ranges::count_if(outcomes, [](const Outcome& outcome) { return !outcome.report; });
    file.attribute(Attribute{"status", failed == 0 ? std::string("complete")
                                                   : fmt::format("{} of {} members failed", failed, study.size())});
    file.finish();
    return outcomes;
}

} // namespace osteoflare::scenarios
