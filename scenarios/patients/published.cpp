#include "scenarios/patients/published.hpp"

#include "scenarios/dosing/prescription.hpp"
#include "scenarios/reading/library_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace osteoflare::scenarios::patients {
namespace {

using Phase = PublishedRow::Phase;

/// One of a few words; otherwise complains, with the nearest of them.
std::string one_of(const TomlValue& value, const std::vector<std::string>& words, const char* what, const char* why)
{
    std::string word = value.text();
    if (std::ranges::find(words, word) == words.end()) {
        value.fail({fmt::format("unknown {} '{}'", what, word), why, suggest_name(word, words, "see the format")});
    }
    return word;
}

Phase read_phase(const TomlValue& value)
{
    static const std::vector<std::string> words = {"diagnosis", "first line", "second line"};
    const std::string word = one_of(value, words, "phase", "a figure is about children at some time");
    return static_cast<Phase>(std::ranges::find(words, word) - words.begin());
}

solvers::Estimate read_prototype(TomlTable table, std::string& verdict)
{
    solvers::Estimate found;
    found.value = table.require("value").quantity("1");
    found.low = table.require("low").quantity("1");
    found.high = table.require("high").quantity("1");
    verdict = one_of(table.require("verdict"), {"met", "within error", "missed"}, "verdict",
                     "an outcome lies in the band, touches it, or does neither");
    table.done();
    return found;
}

void read_question(TomlTable& table, PublishedRow& row)
{
    row.phase = read_phase(table.require("phase"));
    const bool is_at_diagnosis = row.phase == Phase::diagnosis;
    row.readout = one_of(table.require("readout"), is_at_diagnosis ? presentation_readouts() : group_readouts(),
                         "read-out", is_at_diagnosis ? "nobody takes it at diagnosis" : "nobody takes it of a group");
    if (row.readout == "involves") {
        row.bone = table.require("bone").text();
    }
    if (is_at_diagnosis) {
        return;
    }
    row.drug = table.require("drug").text();
    if (const auto after = table.find("after")) {
        row.after = after->quantity("d");
    }
    if (const auto against = table.find("against")) {
        row.against = against->text();
        if (std::ranges::find(share_readouts(), row.readout) == share_readouts().end()) {
            against->fail({fmt::format("a difference of '{}'", row.readout), "only shares are compared in pairs",
                           "remove 'against', or take a read-out that a child has or has not"});
        }
    }
}

PublishedRow read_row(TomlTable table)
{
    PublishedRow row;
    row.name = table.require("name").text();
    row.title = table.require("title").text();
    read_question(table, row);
    row.published = table.require("published").text();
    row.source = table.require("source").text();
    row.grade = one_of(table.require("grade"), dosing::grades, "grade", "it says how firmly a figure is known");
    row.remark = table.text("remark").value_or("");
    row.is_held_out =
        one_of(table.require("role"), {"used", "held out"}, "role", "a figure took part in the calibration or not")
        == "held out";
    row.low = table.require("low").quantity("1");
    const TomlValue high = table.require("high");
    row.high = high.quantity("1");
    if (!(row.low < row.high)) {
        high.fail({fmt::format("a band from {:g} to {:g}", row.low, row.high), "nothing lies within",
                   "write the lower limit as 'low'"});
    }
    row.prototype = read_prototype(table.require("prototype").table(), row.prototype_verdict);
    table.done();
    return row;
}

std::optional<std::size_t> first_line_arm(const TrialResults& results, const std::string& drug)
{
    for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
        if (results.arms[arm].rules.empty() && results.arms[arm].inputs.empty()
            && results.arms[arm].drugs == std::vector{drug}) {
            return arm;
        }
    }
    return {};
}

std::optional<std::size_t> second_line_arm(const TrialResults& results, const Published& published,
                                           const std::string& drug)
{
    for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
        const ArmInWords& one = results.arms[arm];
        if (one.drugs == std::vector{published.first_line, drug} && one.rules.size() == 1
            && std::abs(one.rules.front().day - published.switch_day) < 1
            && one.rules.front().words.starts_with(fmt::format("if {}:", published.failed))) {
            return arm;
        }
    }
    return {};
}

Outcome difference(const TrialResults& results, const Group& first, const Group& second, const PublishedRow& row)
{
    const auto counted = pairs(results, first, second, row.readout, row.after);
    return {solvers::paired_difference(counted), counted.all()};
}

std::optional<Outcome> outcome_of(const TrialResults& results, const Published& published, const PublishedRow& row)
{
    if (row.phase == Phase::diagnosis) {
        return presentation(results, row.readout, row.bone);
    }
    if (row.phase == Phase::first_line) {
        const auto arm = first_line_arm(results, row.drug);
        return arm ? std::optional(outcome(results, everybody(results, *arm), row.readout, row.after)) : std::nullopt;
    }
    const auto arm = second_line_arm(results, published, row.drug);
    if (!arm) {
        return {};
    }
    const Group group = *switched(results, *arm);
    if (row.against.empty()) {
        return outcome(results, group, row.readout, row.after);
    }
    const auto other = second_line_arm(results, published, row.against);
    return other ? std::optional(difference(results, group, *switched(results, *other), row)) : std::nullopt;
}

} // namespace

Published parse_published(const std::string& text, const std::string& file)
{
    const toml::table parsed = parse_toml(text, file);
    TomlTable root(parsed, file, "", "a file of published figures");
    Published published;
    published.title = root.require("title").text();
    published.first_line = root.require("first_line").text();
    published.switch_day = root.require("switch").quantity("d");
    published.failed = root.require("failed").text();
    for (const TomlTable& table : root.tables("row")) {
        published.rows.push_back(read_row(table));
        const auto same = [&](const PublishedRow& other) { return other.name == published.rows.back().name; };
        if (std::ranges::count_if(published.rows, same) > 1) {
            table.fail({fmt::format("a second row '{}'", published.rows.back().name), "nobody could tell them apart",
                        "give it another name"});
        }
    }
    root.done();
    return published;
}

Published read_published(const std::filesystem::path& file)
{
    return parse_published(read_text(file), file.string());
}

std::filesystem::path published_of(const std::filesystem::path& library_folder)
{
    return library_folder / "published" / "cno_children.toml";
}

std::string text(Verdict verdict)
{
    constexpr std::array words = {"met", "within error", "missed"};
    return words[static_cast<std::size_t>(verdict)];
}

Verdict verdict(const solvers::Estimate& estimate, double low, double high)
{
    if (low <= estimate.value && estimate.value <= high) {
        return Verdict::met;
    }
    return estimate.low <= high && estimate.high >= low ? Verdict::within_error : Verdict::missed;
}

std::vector<Compared> compare(const TrialResults& results, const Published& published)
{
    std::vector<Compared> all;
    for (const PublishedRow& row : published.rows) {
        const auto found = outcome_of(results, published, row);
        if (found && found->n > 0 && !std::isnan(found->estimate.value)) {
            all.push_back({row, *found, verdict(found->estimate, row.low, row.high)});
        }
    }
    return all;
}

} // namespace osteoflare::scenarios::patients
