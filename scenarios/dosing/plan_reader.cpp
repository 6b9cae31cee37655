#include "scenarios/dosing/plan_reader.hpp"

#include "scenarios/dosing/course_reader.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace osteoflare::scenarios::dosing {
namespace {

/// A rule and where its parts stand.
struct WrittenRule {
    Rule rule;
    std::vector<TomlValue> stop, start;
};

/// Reads "vas >= 1".
void read_condition(const TomlValue& value, const Clinic& clinic, Rule& rule)
{
    constexpr std::array comparisons = {Comparison::at_least, Comparison::at_most, Comparison::above,
                                        Comparison::below}; // two letters before one
    const std::string written = value.text();
    const auto found = std::ranges::find_if(
        comparisons, [&](Comparison comparison) { return written.find(text(comparison)) != std::string::npos; });
    if (found == comparisons.end()) {
        value.fail({fmt::format("'{}' compares nothing", written), "a rule holds a read-out against a level",
                    "write for example \"vas >= 1\""});
    }
    rule.comparison = *found;
    const std::size_t at = written.find(text(*found));
    std::string name = written.substr(0, at);
    name.erase(0, std::min(name.find_first_not_of(' '), name.size()));
    name.erase(name.find_last_not_of(' ') + 1);
    const auto readout = std::ranges::find(clinic.readouts, name, &Readout::name);
    if (readout == clinic.readouts.end()) {
        value.fail({fmt::format("unknown read-out '{}'", name), "nobody measures it",
                    suggest_name(name, names_of(clinic.readouts), "see the model's read-outs")});
    }
    rule.readout = static_cast<std::size_t>(readout - clinic.readouts.begin());
    try {
        rule.level = parse_quantity(written.substr(at + text(*found).size()), readout->unit);
    } catch (const UnitError& error) {
        value.fail({fmt::format("'{}': {}", written, error.problem.what), error.problem.why, error.problem.suggestion});
    }
    const bool possible = rule.comparison == Comparison::at_least  ? rule.level <= readout->high
                          : rule.comparison == Comparison::above   ? rule.level < readout->high
                          : rule.comparison == Comparison::at_most ? rule.level >= readout->low
                                                                   : rule.level > readout->low;
    if (!possible) {
        value.fail(
            {fmt::format("the rule '{}' can never fire", written),
             fmt::format("{} lies from {:g} to {:g}{}", name, readout->low, readout->high, unit_suffix(readout->unit)),
             "choose a level within"});
    }
}

WrittenRule read_rule(TomlTable table, const Clinic& clinic)
{
    WrittenRule written;
    written.rule.place = table.place();
    read_condition(table.require("if"), clinic, written.rule);
    const TomlValue at = table.require("at");
    written.rule.at = read_time(at);
    if (written.rule.at < clinic.start || written.rule.at >= clinic.end) {
        at.fail({fmt::format("the rule of day {:g} can never fire", to_days(written.rule.at)),
                 fmt::format("the patient is followed from day {:g} to day {:g}", to_days(clinic.start),
                             to_days(clinic.end)),
                 "move it, or follow the patient longer"});
    }
    const auto stop = table.find("stop"), start = table.find("start");
    written.stop = stop ? stop->list() : std::vector<TomlValue>{};
    written.start = start ? start->list() : std::vector<TomlValue>{};
    if (written.stop.empty() && written.start.empty()) {
        table.fail({"a rule that changes nothing", "it stops no course and starts none",
                    "add stop = [\"…\"] or start = [\"…\"]"});
    }
    table.done();
    return written;
}

std::size_t require_course(const std::vector<WrittenCourse>& courses, const TomlValue& value)
{
    const auto found = std::ranges::find(courses, value.text(), &WrittenCourse::name);
    if (found == courses.end()) {
        value.fail({fmt::format("unknown course '{}'", value.text()), "no [[course]] has this name",
                    suggest_name(value.text(), names_of(courses), "add the course")});
    }
    return static_cast<std::size_t>(found - courses.begin());
}

/// Which rule starts each course, if one does.
std::vector<std::optional<std::size_t>> link(const std::vector<WrittenCourse>& courses,
                                             const std::vector<WrittenRule>& written, std::vector<Rule>& rules)
{
    std::vector<std::optional<std::size_t>> started_by(courses.size());
    for (std::size_t r = 0; r < written.size(); ++r) {
        Rule rule = written[r].rule;
        for (const TomlValue& value : written[r].stop) {
            rule.stop.push_back(require_course(courses, value));
        }
        for (const TomlValue& value : written[r].start) {
            const std::size_t course = require_course(courses, value);
            if (courses[course].from) {
                value.fail({fmt::format("a rule starts '{}'", value.text()),
                            fmt::format("it begins on day {:g} by itself", to_days(*courses[course].from)),
                            "remove its 'from', or give another course"});
            }
            if (started_by[course]) {
                value.fail({fmt::format("a second rule starts '{}'", value.text()),
                            fmt::format("that of line {} does", rules[*started_by[course]].place.line),
                            "write the course twice, under two names"});
            }
            started_by[course] = r;
            rule.start.push_back(course);
        }
        rules.push_back(std::move(rule));
    }
    return started_by;
}

/// The tables of this name, of which there may be so many.
std::vector<TomlTable> at_most(std::size_t most, const char* name, TomlTable& root)
{
    auto tables = root.tables(name);
    if (tables.size() > most) {
        tables[most].fail({fmt::format("{} {}s", tables.size(), name), fmt::format("a plan has room for {}", most),
                           fmt::format("leave those {}s out that change least", name)});
    }
    return tables;
}

} // namespace

std::size_t require_drug(const std::vector<Drug>& drugs, const std::string& name, const Place& where)
{
    const auto found = std::ranges::find(drugs, name, &Drug::name);
    if (found == drugs.end()) {
        throw InputError(where, {fmt::format("unknown drug '{}'", name), "no model of it is there",
                                 suggest_name(name, names_of(drugs), "see the list of drugs")});
    }
    return static_cast<std::size_t>(found - drugs.begin());
}

Plan read_plan(TomlTable& root, const Clinic& clinic)
{
    std::vector<WrittenCourse> courses;
    for (const TomlTable& table : at_most(most_courses, "course", root)) {
        WrittenCourse written = read_course(table, clinic);
        if (std::ranges::find(courses, written.name, &WrittenCourse::name) != courses.end()) {
            table.fail({fmt::format("a second course '{}'", written.name), "a rule could not tell them apart",
                        "give one of them a name"});
        }
        courses.push_back(std::move(written));
    }
    std::vector<WrittenRule> rules;
    for (const TomlTable& table : at_most(most_rules, "rule", root)) {
        rules.push_back(read_rule(table, clinic));
    }
    std::ranges::stable_sort(rules, {}, [](const WrittenRule& written) { return written.rule.at; });

    Plan plan;
    const auto started_by = link(courses, rules, plan.rules);
    for (std::size_t c = 0; c < courses.size(); ++c) {
        if (!courses[c].from && !started_by[c]) {
            courses[c].table.fail({fmt::format("course '{}' never begins", courses[c].name),
                                   "it has no 'from', and no rule starts it", "add from = \"0 d\", or a rule"});
        }
        const Tick start = courses[c].from.value_or(started_by[c] ? plan.rules[*started_by[c]].at : 0);
        plan.courses.push_back(place_course(courses[c], start, clinic));
        plan.courses.back().started_by = started_by[c];
    }
    check_plan(plan, clinic);
    return plan;
}

Plan parse_plan(const std::string& text, const std::string& file, const Clinic& clinic)
{
    const toml::table parsed = parse_toml(text, file);
    TomlTable root(parsed, file, "", "a plan of treatment");
    Plan plan = read_plan(root, clinic);
    root.done();
    return plan;
}

} // namespace osteoflare::scenarios::dosing
