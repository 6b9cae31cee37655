#include "scenarios/recording/identity.hpp"

#include "output/format_version.hpp"
#include "scenarios/build_info.hpp"
#include "scenarios/recording/layout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

namespace osteoflare::scenarios {
namespace {

constexpr std::string_view opening = "osteoflare study 1\n";

/// Adds words and numbers, each ended so that no two lists can look alike.
class Words {
public:
    template <class... Values>
    void add(const Values&... values)
    {
        (sum_.add(fmt::format("{}\n", values)), ...);
    }

    output::Digest digest() const { return sum_.digest(); }

private:
    output::Checksum sum_;
};

void add_spread(Words& words, const Spread& spread)
{
    if (const auto* uniform = std::get_if<Uniform>(&spread)) {
        words.add("uniform", uniform->from, uniform->to);
    } else if (const auto* lognormal = std::get_if<Lognormal>(&spread)) {
        words.add("lognormal", lognormal->cv);
    } else {
        const auto& values = std::get<Choices>(spread).values;
        words.add("choices", values.size());
        for (const double value : values) {
            words.add(value);
        }
    }
}

void add_scenario(Words& words, const Scenario& scenario)
{
    words.add(scenario.name, scenario.text.size(), scenario.text, scenario.model->name, scenario.start, scenario.end);
    words.add("applied", scenario.applied.size());
    for (const std::string& change : scenario.applied) {
        words.add(change);
    }
    // What came from the library is not in the text.
    for (const Genotype& genotype : scenario.genotypes) {
        words.add("genotype", genotype.name);
        for (const auto& [setting, value] : genotype.settings) {
            words.add(setting, value);
        }
    }
    for (const auto& [setting, value] : scenario.overrides) {
        words.add("override", setting, value);
    }
    for (const double value : scenario.start_state) {
        words.add(value);
    }
    for (const Intervention& intervention : scenario.interventions) {
        words.add("intervention", intervention.name, intervention.title, intervention.from,
                  intervention.until.value_or(-1), intervention.has_duration);
        for (const Assignment& assignment : intervention.sets) {
            words.add(assignment.setting, assignment.value, assignment.is_exposure);
        }
    }
    const solvers::Options& numerics = scenario.numerics;
    words.add("numerics", static_cast<int>(scenario.solver), static_cast<int>(numerics.method),
              numerics.relative_tolerance, numerics.most_steps, numerics.first_step, numerics.longest_step);
    for (const double tolerance : numerics.absolute_tolerance) {
        words.add(tolerance);
    }
}

} // namespace

output::Digest identity_of(const Study& study, const Layout& layout)
{
    Words words;
    words.add("shards 1", build::version, build::commit, build::dirty, build::compiler, build::instruction_set,
              build::model_hash);
    add_scenario(words, study.scenario());
    if (study.scenario().tissue) {
        const spatial::TissuePlan& plan = *study.scenario().tissue;
        words.add("tissue", plan.width, plan.depth, plan.height, plan.voxel, plan.bone_height, plan.step,
                  plan.field_step, plan.seed, study.scenario().output.snapshots);
    }
    if (study.scenario().sweep) {
        const Sweep& sweep = *study.scenario().sweep;
        words.add("sweep", static_cast<int>(sweep.method), sweep.size, sweep.replicates,
                  sweep.each_has_its_chance ? 1 : 0, sweep.seed);
        for (const Axis& axis : sweep.axes) {
            words.add(axis.name, static_cast<int>(axis.target.kind), axis.target.index);
            add_spread(words, axis.spread);
        }
    }
    words.add("layout", layout.block_members, layout.times.size(), study.scenario().output.every);
    for (const Column& column : layout.columns) {
        words.add(column.name, column.element_bytes(), column.row);
    }
    return words.digest();
}

std::string write_note(const Study& study, const output::Digest& digest)
{
    const Scenario& scenario = study.scenario();
    std::string note = fmt::format("{}digest {}\nname {}\n", opening, output::hexadecimal(digest), scenario.name);
    for (const std::string& change : scenario.applied) {
        note += fmt::format("change {}\n", change);
    }
    return note + "scenario\n" + scenario.text;
}

StudyNote read_note(const std::string& note, const std::filesystem::path& file)
{
    output::refuse_later(file, note, opening);
    StudyNote study;
    bool has_scenario = false;
    for (std::size_t at = note.starts_with(opening) ? opening.size() : note.size();
         at < note.size() && !has_scenario;) {
        const std::size_t end = std::min(note.find('\n', at), note.size() - 1);
        const std::string line = note.substr(at, end - at);
        const auto value = [&] { return line.substr(line.find(' ') + 1); };
        at = end + 1;
        if (line.starts_with("digest ")) {
            study.digest = value();
        } else if (line.starts_with("name ")) {
            study.scenario_name = value();
        } else if (line.starts_with("change ")) {
            study.applied.push_back(value());
        } else if (line == "scenario") {
            study.text = note.substr(at);
            has_scenario = true;
        }
    }
    if (!has_scenario) {
        throw output::FileError(file, "cannot be understood", "it does not say which study its shards belong to",
                                "compute the shards again");
    }
    return study;
}

namespace {

std::int64_t seed_of(const std::string& written, const StudyNote& note)
{
    std::int64_t seed = -1;
    const char* end = written.data() + written.size();
    const auto read = std::from_chars(written.data(), end, seed);
    if (read.ec != std::errc() || read.ptr != end || seed < 0) {
        throw InputError({note.scenario_name, 1, 1}, {fmt::format("the seed '{}' of its shards", written),
                                                      "a seed is a whole number from 0 on", "compute them again"});
    }
    return seed;
}

} // namespace

Scenario scenario_of(const StudyNote& note, const Library& library)
{
    Overrides overrides;
    for (const std::string& change : note.applied) {
        if (change.starts_with("genotype=")) {
            overrides.genotype = change.substr(std::string_view("genotype=").size());
        } else if (change.starts_with("seed=")) {
            overrides.seed = seed_of(change.substr(std::string_view("seed=").size()), note);
        } else {
            overrides.set.push_back(change);
        }
    }
    return parse_scenario(note.text, note.scenario_name + ".toml", library, overrides);
}

} // namespace osteoflare::scenarios
