#include "scenarios/words.hpp"

#include "scenarios/file_contents.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

/// Values of one summary over the members of a group that reached the end; finite ones sorted.
struct Column {
    std::vector<double> finite;
    std::size_t n = 0;
};

Column column(const ModelEntry& model, const Outcomes& outcomes, std::size_t genotype, std::string_view name)
{
    const auto summary = std::ranges::find(model.summaries, name, &model::Summary::name) - model.summaries.begin();
    Column result;
    for (std::size_t i = 0; i < outcomes.n_described; ++i) {
        if (outcomes.genotypes[i] == genotype && outcomes.complete[i] == 1) {
            const double value = outcomes.summary(static_cast<std::size_t>(summary), i);
            result.n += 1;
            if (std::isfinite(value)) {
                result.finite.push_back(value);
            }
        }
    }
    std::ranges::sort(result.finite);
    return result;
}

/// "0.434", or "0.43 (0.40 to 0.47)": the median, and for several members the 5 to 95 % range.
std::string number(const Column& values, double scale = 1, int digits = 2)
{
    const auto at = [&](double q) {
        std::string text = fmt::format("{:.{}f}", scale * quantile(values.finite, q), digits);
        const bool is_zero = text.find_first_of("123456789") == std::string::npos;
        return is_zero && text.starts_with('-') ? text.substr(1) : text;
    };
    if (values.finite.empty()) {
        return "none";
    }
    return values.finite.size() == 1 ? at(0.5) : fmt::format("{} ({} to {})", at(0.5), at(0.05), at(0.95));
}

std::string describe_mouse(const Scenario& scenario, const Outcomes& outcomes, std::size_t genotype)
{
    const auto values = [&](std::string_view name) { return column(*scenario.model, outcomes, genotype, name); };
    const Column onset = values("onset");
    if (onset.n == 0) {
        return "no run reached its end";
    }
    std::string illness;
    if (onset.n == 1) {
        illness = onset.finite.empty() ? "stays healthy" : fmt::format("falls ill on day {}", number(onset, 1, 1));
    } else {
        illness = fmt::format("{} of {} fall ill", onset.finite.size(), onset.n);
        illness += onset.finite.empty() ? "" : fmt::format(", median on day {}", number(onset, 1, 1));
    }
    std::string space;
    if (scenario.model->is_spatial) {
        space = fmt::format(
            "; at its widest {} % of the marrow is inflamed, the deepest pit is {} um, {} % of bone is perforated",
            number(values("widest_lesion"), 100, 0), number(values("worst_pit"), 1, 0),
            number(values("final_perforated"), 100, 1));
    }
    return fmt::format(
        "{}; swelling peaks at {} and ends at {}, osteoclasts peak at {} times healthy; {} % of bone is left{}",
        illness, number(values("peak_swelling")), number(values("final_swelling")), number(values("peak_oc_fold")),
        number(values("final_bone"), 100, 0), space);
}

std::string describe_any(const Scenario& scenario, const Outcomes& outcomes)
{
    std::string line;
    for (const model::Summary& summary : scenario.model->summaries) {
        const Column values = column(*scenario.model, outcomes, 0, summary.name);
        std::string text = "none";
        if (!values.finite.empty()) {
            const auto at = [&](double q) { return fmt::format("{:.5g}", quantile(values.finite, q)); };
            text = values.finite.size() == 1 ? at(0.5) : fmt::format("{} ({} to {})", at(0.5), at(0.05), at(0.95));
        }
        line += fmt::format("{}{} {}{}", line.empty() ? "" : "; ", summary.meaning, text, unit_suffix(summary.unit));
    }
    return line;
}

/// Who fell ill first and last, and who kept most and least bone, over several genotypes.
std::vector<std::string> compare_genotypes(const Scenario& scenario, const Outcomes& outcomes,
                                           const std::vector<std::size_t>& genotypes)
{
    struct Entry {
        double value;
        std::string name;
    };
    std::vector<Entry> onsets, bones;
    for (const std::size_t genotype : genotypes) {
        const auto median = [&](std::string_view name) {
            return quantile(column(*scenario.model, outcomes, genotype, name).finite, 0.5);
        };
        const std::string& name = outcomes.genotype_names[genotype];
        if (const double onset = median("onset"); std::isfinite(onset)) {
            onsets.push_back({onset, name});
        }
        if (const double bone = median("final_bone"); std::isfinite(bone)) {
            bones.push_back({100 * bone, name});
        }
    }
    std::vector<std::string> lines;
    std::string illness =
        fmt::format("{} of {} genotypes fall{} ill", onsets.size(), genotypes.size(), onsets.size() == 1 ? "s" : "");
    if (!onsets.empty()) {
        const auto [first, last] = std::ranges::minmax_element(onsets, {}, &Entry::value);
        illness += fmt::format(", {} first on day {:.1f}", first->name, first->value);
        illness += first == last ? "" : fmt::format(", {} last on day {:.1f}", last->name, last->value);
    }
    lines.push_back(illness);
    if (!bones.empty()) {
        const auto [least, most] = std::ranges::minmax_element(bones, {}, &Entry::value);
        lines.push_back(fmt::format("bone left on day {:g}: least in {} ({:.0f} %), most in {} ({:.0f} %)",
                                    to_days(scenario.end), least->name, least->value, most->name, most->value));
    }
    return lines;
}

} // namespace

std::vector<std::string> describe(const Study& study, const Outcomes& outcomes)
{
    const Scenario& scenario = study.scenario();
    std::vector<std::string> lines;
    if (scenario.genotypes.empty()) {
        lines.push_back(describe_any(scenario, outcomes));
    }
    std::vector<std::size_t> seen;
    std::vector<bool> is_seen(outcomes.genotype_names.size());
    for (const std::uint32_t genotype : outcomes.genotypes) {
        if (!outcomes.genotype_names.empty() && !is_seen[genotype]) {
            is_seen[genotype] = true;
            seen.push_back(genotype);
            lines.push_back(
                fmt::format("{}: {}", outcomes.genotype_names[genotype], describe_mouse(scenario, outcomes, genotype)));
        }
    }
    if (seen.size() > 1) {
        const auto more = compare_genotypes(scenario, outcomes, seen);
        lines.insert(lines.end(), more.begin(), more.end());
    }
    if (outcomes.n_described < outcomes.n_members) {
        lines.push_back(fmt::format("these numbers come from the first {} of {} members; the file has all",
                                    outcomes.n_described, outcomes.n_members));
    }
    if (outcomes.n_failed > 0) {
        lines.push_back(fmt::format("{} of {} members failed; the first is member {} ({} on day {:g})",
                                    outcomes.n_failed, outcomes.n_members, outcomes.first_failed,
                                    solvers::text(outcomes.first_failure.status), outcomes.first_failure.time));
    }
    return lines;
}

std::vector<std::string> describe_schedule(const Scenario& scenario, const Member& member)
{
    std::vector<std::string> lines;
    lines.push_back(fmt::format("day {:>7g}  start", to_days(scenario.start)));
    std::vector<double> present = member.settings;
    for (const Change& change : member.changes) {
        const model::Description& entry = scenario.model->settings[change.setting];
        lines.push_back(
            fmt::format("day {:>7g}  {}: {:g} -> {:g}{}  ({})", to_days(change.at), entry.name, present[change.setting],
                        change.value, unit_suffix(entry.unit),
                        change.intervention ? scenario.interventions[*change.intervention].title : "back to its base"));
        present[change.setting] = change.value;
    }
    lines.push_back(fmt::format("day {:>7g}  end", to_days(scenario.end)));
    return lines;
}

} // namespace osteoflare::scenarios
