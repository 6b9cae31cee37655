#include "scenarios/patients/published.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace osteoflare::scenarios::patients {
namespace {

using Kind = clinic::Presentation::Kind;
using Lines = std::vector<std::string>;

constexpr const char* for_whom = "For research and teaching, never for the care of a person.";

void append(Lines& lines, const Lines& more)
{
    lines.insert(lines.end(), more.begin(), more.end());
}

std::string number(double value, int digits)
{
    return std::isnan(value) ? "?" : std::isinf(value) ? "never" : fmt::format("{:.{}f}", value, digits);
}

std::string with_interval(const solvers::Estimate& found, int digits)
{
    return fmt::format("{} ({} to {})", number(found.value, digits), number(found.low, digits),
                       number(found.high, digits));
}

/// Of a group's table, where everything is in percent.
std::string percent(const Outcome& found)
{
    const auto& [value, low, high] = found.estimate;
    return std::isnan(value)
               ? "-"
               : fmt::format("{} ({} to {})", number(100 * value, 0), number(100 * low, 0), number(100 * high, 0));
}

/// Who was drawn, and what became of them.
std::string drawn(const TrialResults& results)
{
    std::array<std::size_t, 4> kinds{};
    std::size_t failed = 0;
    for (const Presented& child : results.children) {
        if (child.status != solvers::lanes::LaneStatus::reached_end) {
            ++failed;
        } else {
            ++kinds[static_cast<std::size_t>(child.kind)];
        }
    }
    const auto of = [&](Kind kind) { return kinds[static_cast<std::size_t>(kind)]; };
    std::string words =
        fmt::format("children drawn {}: healthy {}, silent (no lesion was left when somebody looked) {}, diagnosed {}",
                    results.children.size(), of(Kind::healthy), of(Kind::silent), of(Kind::diagnosed));
    if (of(Kind::not_followed) > 0) {
        words += fmt::format(", ill too late {}", of(Kind::not_followed));
    }
    return words + (failed > 0 ? fmt::format(", failed {}", failed) : "");
}

bool is_anybody_ill(const TrialResults& results)
{
    return std::ranges::any_of(results.children, [](const Presented& child) { return child.kind == Kind::diagnosed; });
}

std::string nobody(const TrialResults& results)
{
    return fmt::format("Nobody was diagnosed among {} children: draw more of them, or children who are more prone.",
                       results.children.size());
}

Lines presentation_words(const TrialResults& results)
{
    struct Line {
        const char *words, *readout;
        int digits;
    };
    constexpr std::array all = {Line{"age at first symptom, median [y]", "age_at_first_symptom", 1},
                                Line{"lesions on MRI, median", "mri_lesions", 1},
                                Line{"one lesion alone, share", "unifocal", 2},
                                Line{"painful sites per lesion on MRI", "clinical_per_mri_lesion", 2},
                                Line{"VAS, median", "vas", 1},
                                Line{"CRP above 5 mg/L, share", "crp_raised", 2}};
    Lines lines = {"at diagnosis (95 % interval)"};
    for (const Line& line : all) {
        lines.push_back(fmt::format("  {:<36}{}", line.words,
                                    with_interval(presentation(results, line.readout).estimate, line.digits)));
    }
    return lines;
}

struct ArmLine {
    const char *words, *readout;
    double after; ///< [d]
};

constexpr std::array arm_lines = {ArmLine{"symptom-free at 6 months", "symptom_free", 6 * days_per_month},
                                  ArmLine{"symptom-free at 12 months", "symptom_free", 12 * days_per_month},
                                  ArmLine{"complete resolution, 6 months", "complete_resolution", 6 * days_per_month},
                                  ArmLine{"complete resolution, 12 months", "complete_resolution", 12 * days_per_month},
                                  ArmLine{"PedCNO30 at 6 months", "pedcno30", 6 * days_per_month},
                                  ArmLine{"PedCNO50 at 6 months", "pedcno50", 6 * days_per_month},
                                  ArmLine{"PedCNO70 at 6 months", "pedcno70", 6 * days_per_month},
                                  ArmLine{"PedCNO30 at 12 months", "pedcno30", 12 * days_per_month},
                                  ArmLine{"PedCNO50 at 12 months", "pedcno50", 12 * days_per_month},
                                  ArmLine{"PedCNO70 at 12 months", "pedcno70", 12 * days_per_month},
                                  ArmLine{"change in lesions at 12 months", "change_in_lesions", 12 * days_per_month},
                                  ArmLine{"relapse-free 1 y after response", "relapse_free", 12 * days_per_month},
                                  ArmLine{"relapse-free 2 y after response", "relapse_free", 24 * days_per_month}};

/// Arms beside each other, so many as fit.
Lines arms_table(const TrialResults& results, const std::vector<Group>& groups)
{
    constexpr std::size_t per_table = 4, label = 34;
    constexpr std::size_t column = 21; // 34 + 4*21 = 118
    Lines lines;
    for (std::size_t first = 0; first < groups.size(); first += per_table) {
        const std::size_t end = std::min(first + per_table, groups.size());
        const auto row = [&](const std::string& words, auto cell) {
            std::string line = fmt::format("  {:<{}}", words, label - 2);
            for (std::size_t arm = first; arm < end; ++arm) {
                line += fmt::format("{:>{}}", cell(groups[arm]), column);
            }
            return line;
        };
        lines.push_back(row("% of children (95 % interval)",
                            [&](const Group& group) { return results.arms[group.arm].name.substr(0, column - 1); }));
        lines.push_back(row("children", [](const Group& group) { return fmt::format("{}", group.patients.size()); }));
        for (const ArmLine& line : arm_lines) {
            std::vector<Outcome> found;
            for (std::size_t arm = first; arm < end; ++arm) {
                found.push_back(outcome(results, groups[arm], line.readout, line.after));
            }
            if (std::ranges::all_of(found, [](const Outcome& one) { return std::isnan(one.estimate.value); })) {
                continue; // the trial was too short
            }
            lines.push_back(row(line.words, [&](const Group& group) {
                return percent(found[static_cast<std::size_t>(&group - &groups[first])]);
            }));
        }
    }
    return lines;
}

/// The first two arms in pairs.
Lines differences(const TrialResults& results, const Group& first, const Group& second)
{
    Lines lines = {fmt::format("{} minus {}, in the same children (Newcombe's interval, McNemar's test)",
                               results.arms[first.arm].name, results.arms[second.arm].name)};
    for (const ArmLine& line : arm_lines) {
        const auto& shares = share_readouts();
        if (std::ranges::find(shares, std::string(line.readout)) == shares.end()) {
            continue;
        }
        const auto counted = pairs(results, first, second, line.readout, line.after);
        if (counted.all() == 0) {
            continue;
        }
        lines.push_back(fmt::format("  {:<31}{:<26} p = {:.2g}, {} children", line.words,
                                    with_interval(solvers::paired_difference(counted), 2), solvers::mcnemar_p(counted),
                                    counted.all()));
    }
    return lines.size() > 1 ? lines : Lines{};
}

Lines published_words(const TrialResults& results)
{
    const auto file = published_of(library_folder());
    if (std::error_code error; !std::filesystem::exists(file, error)) {
        return {};
    }
    const Published published = read_published(file);
    const auto compared = compare(results, published);
    if (compared.empty()) {
        return {};
    }
    Lines lines = {fmt::format("published figures of {} beside these", published.title)};
    for (const bool held_out : {false, true}) {
        const auto is_here = [&](const Compared& one) { return one.row.is_held_out == held_out; };
        if (!std::ranges::any_of(compared, is_here)) {
            continue;
        }
        lines.push_back(fmt::format("  {:<62}{:<16}{:<26}verdict",
                                    held_out ? "held out of the calibration" : "used in the calibration", "band",
                                    "here (95 % interval)"));
        for (const auto& [row, found, said] : compared) {
            if (row.is_held_out == held_out) {
                lines.push_back(fmt::format("  {:<62}{:<16}{:<26}{}", row.title,
                                            fmt::format("{:g} to {:g}", row.low, row.high),
                                            with_interval(found.estimate, 2), text(said)));
            }
        }
    }
    return lines;
}

} // namespace

Lines describe_cohort(const TrialResults& results)
{
    Lines lines = {drawn(results)};
    if (is_anybody_ill(results)) {
        append(lines, presentation_words(results));
        if (!results.is_trial()) {
            append(lines, published_words(results));
        }
    } else {
        lines.push_back(nobody(results));
    }
    if (!results.is_trial()) {
        lines.emplace_back(for_whom);
    }
    return lines;
}

Lines describe_trial(const TrialResults& results)
{
    Lines lines = describe_cohort(results);
    if (results.is_trial() && is_anybody_ill(results)) {
        std::vector<Group> groups;
        for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
            groups.push_back(judged(results, arm));
        }
        const auto switches = switched(results, 0);
        lines.push_back(switches ? fmt::format("those of {} patients whom the first treatment failed on day {:g}, from "
                                               "then on",
                                               results.patients.size(), switches->from)
                                 : fmt::format("all {} patients, from diagnosis on", results.patients.size()));
        append(lines, arms_table(results, groups));
        if (groups.size() > 1) {
            append(lines, differences(results, groups[0], groups[1]));
        }
        append(lines, published_words(results));
    }
    if (results.is_trial()) {
        lines.emplace_back(for_whom);
    }
    return lines;
}

} // namespace osteoflare::scenarios::patients
