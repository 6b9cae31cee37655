#include "scenarios/analyses/thresholds/thresholds.hpp"

#include "scenarios/recording/metadata.hpp"
#include "scenarios/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace osteoflare::scenarios {
namespace {

constexpr std::size_t n_scan = 33;  ///< places of the first look
constexpr std::size_t n_inside = 7; ///< places within a bracket: an eighth of it is left each time

/// A run: a member of the study, with the plan's quantity here.
struct Trial {
    std::size_t member = 0;
    double at = 0;
};

struct Seen {
    double value = 0; ///< NaN if it never came or the run failed
    Answer answer = Answer::no;
};

/// The scenario with nothing to keep but the outcome's number.
Scenario asked_only(Scenario scenario)
{
    const Outcome& outcome = scenario.threshold->outcome;
    scenario.output = {.every = scenario.end - scenario.start, .species = {}, .readouts = {}, .fluxes = {}};
    scenario.output.courses = outcome.of != Outcome::Of::summary;
    if (outcome.of == Outcome::Of::species) {
        scenario.output.species = {outcome.index};
    } else if (outcome.of == Outcome::Of::readout) {
        scenario.output.readouts = {outcome.index};
    }
    scenario.sensitivities = {};
    return scenario;
}

class Trials {
public:
    Trials(const Study& study, std::size_t threads)
        : study_(study), base_(asked_only(study.scenario())), outcome_(base_.threshold->outcome), threads_(threads)
    {
    }

    std::vector<Seen> run(const std::vector<Trial>& trials)
    {
        std::vector<Axis> axes = study_.axes();
        axes.push_back(base_.threshold->axis);
        std::vector<std::vector<double>> values(axes.size());
        Member member;
        for (const Trial& trial : trials) {
            study_.member(trial.member, member);
            for (std::size_t a = 0; a + 1 < axes.size(); ++a) {
                values[a].push_back(member.varied[a]);
            }
            values.back().push_back(trial.at);
        }
        const Study runs(at_points(base_, std::move(axes), std::move(values)));
        const std::vector<double> times = {to_days(base_.end)};
        std::vector<Seen> seen(trials.size());
        run_blocks(runs, times, threads_, [&](const Block& block) {
            for (std::size_t i = 0; i < block.size; ++i) {
                seen[block.first + i] = see(block, i);
                n_failed += block.reports[i] ? 0 : 1;
            }
        });
        n_runs += trials.size();
        return seen;
    }

    std::size_t n_runs = 0, n_failed = 0;

private:
    Seen see(const Block& block, std::size_t i) const
    {
        if (!block.reports[i]) {
            return {std::numeric_limits<double>::quiet_NaN(), Answer::failed};
        }
        const bool is_summary = outcome_.of == Outcome::Of::summary;
        const double value = is_summary ? block.summaries[outcome_.index * block.size + i] : block.columns[i];
        // What never came, an onset, comes later than any day.
        const bool is_above = std::isnan(value) || value > outcome_.level;
        return {value, is_above == outcome_.above ? Answer::yes : Answer::no};
    }

    const Study& study_;
    Scenario base_;
    Outcome outcome_;
    std::size_t threads_;
};

double between(double low, double high, std::size_t part, std::size_t n_parts)
{
    const double share = static_cast<double>(part) / static_cast<double>(n_parts);
    return part == n_parts ? high : low + share * (high - low);
}

/// The pairs of neighbours, runs that failed left out, on whose sides the answers differ.
std::vector<Turning> turnings_in(std::size_t member, const std::vector<std::pair<double, Answer>>& places)
{
    std::vector<Turning> turnings;
    const std::pair<double, Answer>* before = nullptr;
    for (const auto& place : places) {
        if (place.second == Answer::failed) {
            continue;
        }
        if (before && before->second != place.second) {
            turnings.push_back({member, before->first, place.first, place.second == Answer::yes});
        }
        before = &place;
    }
    return turnings;
}

/// Sections of all brackets that are still too wide, at once.
void refine(std::vector<Turning>& turnings, double resolution, Trials& trials)
{
    std::vector<std::size_t> wide(turnings.size());
    for (std::size_t t = 0; t < wide.size(); ++t) {
        wide[t] = t;
    }
    while (true) {
        std::erase_if(wide, [&](std::size_t t) { return turnings[t].high - turnings[t].low <= resolution; });
        if (wide.empty()) {
            return;
        }
        std::vector<Trial> inside;
        for (const std::size_t t : wide) {
            for (std::size_t part = 1; part <= n_inside; ++part) {
                inside.push_back({turnings[t].member, between(turnings[t].low, turnings[t].high, part, n_inside + 1)});
            }
        }
        const std::vector<Seen> seen = trials.run(inside);
        std::vector<std::size_t> narrowed;
        for (std::size_t w = 0; w < wide.size(); ++w) {
            Turning& turning = turnings[wide[w]];
            std::vector<std::pair<double, Answer>> places = {
                {turning.low, turning.becomes_true ? Answer::no : Answer::yes}};
            for (std::size_t part = 0; part < n_inside; ++part) {
                places.emplace_back(inside[w * n_inside + part].at, seen[w * n_inside + part].answer);
            }
            places.emplace_back(turning.high, turning.becomes_true ? Answer::yes : Answer::no);
            const double width = turning.high - turning.low;
            turning = turnings_in(turning.member, places).front();
            if (turning.high - turning.low < width) { // or all runs inside failed
                narrowed.push_back(wide[w]);
            }
        }
        wide = std::move(narrowed);
    }
}

/// "il10_competence = 0.2, cmo"; empty for a study of one.
std::string name_of(const Study& study, std::size_t index)
{
    const Member member = study.member(index);
    std::string name;
    for (std::size_t a = 0; a < study.axes().size(); ++a) {
        const Axis& axis = study.axes()[a];
        name += name.empty() ? "" : ", ";
        name += axis.target.kind == Target::Kind::genotype ? study.scenario().genotypes[member.genotype].name
                                                           : fmt::format("{} = {:.6g}{}", axis.name, member.varied[a],
                                                                         axis.unit == "1" ? "" : " " + axis.unit);
    }
    return name;
}

/// A number with as many digits as tell the ends of its bracket apart.
std::string precise(double value, double width)
{
    const double digits = std::ceil(std::log10(std::max(std::abs(value), width) / width)) + 1;
    return fmt::format("{:.{}g}", value, static_cast<int>(std::clamp(digits, 3.0, 15.0)));
}

} // namespace

Thresholds find_thresholds(const Study& study, std::size_t threads)
{
    const ThresholdPlan& plan = *study.scenario().threshold;
    const auto& range = std::get<Uniform>(plan.axis.spread);
    Thresholds found;
    for (std::size_t place = 0; place < n_scan; ++place) {
        found.scan.push_back(between(range.from, range.to, place, n_scan - 1));
    }
    std::vector<Trial> all;
    for (std::size_t member = 0; member < study.size(); ++member) {
        for (const double at : found.scan) {
            all.push_back({member, at});
        }
    }
    Trials trials(study, threads);
    for (const Seen& seen : trials.run(all)) {
        found.values.push_back(seen.value);
        found.answers.push_back(seen.answer);
    }
    for (std::size_t member = 0; member < study.size(); ++member) {
        std::vector<std::pair<double, Answer>> places;
        for (std::size_t place = 0; place < n_scan; ++place) {
            places.emplace_back(found.scan[place], found.answer(member, place));
        }
        const auto turnings = turnings_in(member, places);
        found.turnings.insert(found.turnings.end(), turnings.begin(), turnings.end());
    }
    refine(found.turnings, plan.resolution, trials);
    found.n_runs = trials.n_runs;
    found.n_failed = trials.n_failed;
    return found;
}

std::vector<std::string> describe(const Study& study, const Thresholds& found)
{
    constexpr std::size_t most_lines = 24;
    const ThresholdPlan& plan = *study.scenario().threshold;
    const auto with_unit = [](const std::string& number, const std::string& unit) {
        return unit == "1" || unit.empty() ? number : number + " " + unit;
    };
    std::vector<std::string> lines = {
        fmt::format("Does {} lie {} {}? {} from {:g} to {}", plan.outcome.name, plan.outcome.above ? "above" : "below",
                    with_unit(fmt::format("{:g}", plan.outcome.level), plan.outcome.unit), plan.axis.name,
                    found.scan.front(), with_unit(fmt::format("{:g}", found.scan.back()), plan.axis.unit))};
    auto turning = found.turnings.begin();
    for (std::size_t member = 0; member < std::min(study.size(), most_lines); ++member) {
        const auto answers = std::span(found.answers).subspan(member * found.scan.size(), found.scan.size());
        const auto first = std::ranges::find_if(answers, [](Answer answer) { return answer != Answer::failed; });
        std::string words = first == answers.end() ? "no run reached its end" : *first == Answer::yes ? "yes" : "no";
        const bool turns = turning != found.turnings.end() && turning->member == member;
        words += first != answers.end() && !turns ? " throughout" : "";
        for (; turning != found.turnings.end() && turning->member == member; ++turning) {
            const double width = turning->high - turning->low;
            words += fmt::format(" up to {}, {} from {} on", with_unit(precise(turning->low, width), plan.axis.unit),
                                 turning->becomes_true ? "yes" : "no",
                                 with_unit(precise(turning->high, width), plan.axis.unit));
        }
        const std::string name = name_of(study, member);
        lines.push_back(name.empty() ? words : name + ": " + words);
    }
    if (study.size() > most_lines) {
        lines.push_back(fmt::format("and {} members more, in the file", study.size() - most_lines));
    }
    lines.push_back(fmt::format("{} runs, {} failed", found.n_runs, found.n_failed));
    return lines;
}

void require_threshold(const Scenario& scenario, const std::string& asked)
{
    if (!scenario.threshold) {
        throw InputError({asked, 1, 1}, {"the scenario has no [threshold]", "it does not say what to look for",
                                         "add one, as in the scenario smallest_injury"});
    }
}

Thresholds record_thresholds(const Study& study, const std::filesystem::path& path, bool overwrite, std::size_t threads)
{
    output::ResultsWriter file(path, overwrite); // before hours are spent
    Thresholds found = find_thresholds(study, threads);
    record_thresholds(study, found, file);
    return found;
}

void record_thresholds(const Study& study, const Thresholds& found, output::ResultsWriter& file)
{
    using output::Element;
    using output::Labels;

    const ThresholdPlan& plan = *study.scenario().threshold;
    const Outcome& outcome = plan.outcome;
    write_provenance(file, study.scenario(), "thresholds");
    file.attribute({"analysis", std::string("thresholds")});
    file.attribute({"varied", plan.axis.name});
    file.attribute({"outcome", outcome.name});
    file.attribute({"outcome_level", outcome.level});
    file.attribute({"outcome_side", std::string(outcome.above ? "above" : "below")});
    file.attribute({"resolution", plan.resolution});
    file.attribute({"runs", static_cast<std::int64_t>(found.n_runs)});
    file.attribute({"runs_failed", static_cast<std::int64_t>(found.n_failed)});

    const auto numbers = [&](const std::string& name, const std::vector<std::string>& over,
                             const std::vector<double>& values, const Labels& labels) {
        file.variable(name, over, Element::float64, labels);
        file.write(name, 0, std::span<const double>(values));
    };
    const std::vector<std::uint8_t> codes = {0, 1, 2};
    const Labels answer = {"1",
                           fmt::format("whether {} lies {} its level", outcome.name, outcome.above ? "above" : "below"),
                           "",
                           "computed",
                           {{"flag_values", codes}, {"flag_meanings", std::string("no yes failed")}}};
    file.counted_dimension("member", study.size(), {"1", "member of the study"});
    file.dimension("place", found.scan, {plan.axis.unit, plan.axis.name, "", "looked at in every member"});
    numbers(
        "outcome_value", {"member", "place"}, found.values,
        {outcome.unit, fmt::format("{}; missing if it never came or the run failed", outcome.name), "", "computed"});
    file.variable("answer", {"member", "place"}, Element::uint8, answer);
    std::vector<std::uint8_t> answers;
    std::ranges::transform(found.answers, std::back_inserter(answers),
                           [](Answer each) { return static_cast<std::uint8_t>(each); });
    file.write("answer", 0, std::span<const std::uint8_t>(answers));

    std::vector<std::string> names;
    std::vector<std::vector<double>> varied(study.axes().size());
    for (std::size_t i = 0; i < study.size(); ++i) {
        const Member member = study.member(i);
        names.push_back(name_of(study, i));
        for (std::size_t a = 0; a < varied.size(); ++a) {
            varied[a].push_back(member.varied[a]);
        }
    }
    file.texts("member_name", "member", names, {"", "what the sweep makes of this member"});
    for (std::size_t a = 0; a < varied.size(); ++a) {
        const Axis& axis = study.axes()[a];
        if (axis.target.kind != Target::Kind::genotype) {
            numbers("parameter/" + axis.name, {"member"}, varied[a],
                    {axis.unit, fmt::format("{} of this member", axis.name), "", "varied by the sweep"});
        }
    }
    if (found.turnings.empty()) {
        file.finish();
        return; // netCDF knows no dimension without a length
    }
    std::vector<double> low, high;
    std::vector<std::int64_t> member;
    std::vector<std::uint8_t> becomes;
    for (const Turning& turning : found.turnings) {
        member.push_back(static_cast<std::int64_t>(turning.member));
        low.push_back(turning.low);
        high.push_back(turning.high);
        becomes.push_back(turning.becomes_true ? 1 : 0);
    }
    file.counted_dimension("turning", found.turnings.size(), {"1", "place where the outcome turns"});
    file.variable("turning_member", {"turning"}, Element::int64, {"1", "member in which the outcome turns"});
    file.write("turning_member", 0, std::span<const std::int64_t>(member));
    numbers("turning_low", {"turning"}, low,
            {plan.axis.unit, fmt::format("{} just below the turning", plan.axis.name), "", "computed"});
    numbers("turning_high", {"turning"}, high,
            {plan.axis.unit, fmt::format("{} just above the turning", plan.axis.name), "", "computed"});
    Labels above = answer;
    above.long_name += ", above the turning";
    file.variable("turning_answer", {"turning"}, Element::uint8, above);
    file.write("turning_answer", 0, std::span<const std::uint8_t>(becomes));
    file.finish();
}

} // namespace osteoflare::scenarios
