#include "scenarios/phenotypes.hpp"
#include "scenarios/reporting/html.hpp"
#include "scenarios/reporting/sections.hpp"
#include "scenarios/reporting/wiring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::reporting {
namespace {

/// Says who stands for whom, and how well the run that was made again agrees with the file.
std::string who(const Files& files, const ManyExplained& explained)
{
    std::optional<double> difference;
    bool several = false;
    for (std::size_t f = 0; f < files.size(); ++f) {
        for (const Explained& one : explained[f]) {
            if (one.difference) {
                difference = std::max(difference.value_or(0), *one.difference);
            }
        }
        several |= std::ranges::any_of(files[f].groups, [](const Group& group) { return group.members.size() > 1; });
    }
    std::string text = several ? "Of each group, the animal whose highest swelling is the median. " : "";
    if (!difference) {
        text += "It was run again for this. The file keeps no courses that it could be compared with.";
    } else if (*difference == 0) {
        text += "It was run again for this; its courses are those of the file, bit for bit.";
    } else {
        text += fmt::format("It was run again for this, by another build or on another machine than the file's: its "
                            "courses differ by up to {:.1g} of their largest value.",
                            *difference);
    }
    return "<p class=\"note\">" + text + "</p>\n";
}

/// In the place of a picture.
constexpr const char* missing = "<p class=\"note\">The picture is missing: this Osteoflare was built without npm and "
                                "esbuild. Its numbers follow.</p>\n";

std::string fold(double from, double to)
{
    return from > 0 && to > 0 ? fmt::format("× {:.3g}", to / from) : "–";
}

/// Every species, before and after.
Table changes_of(const ModelEntry& model, const Explained& one, const std::string& group)
{
    Table table;
    table.caption =
        fmt::format("{}: every species at the start and on day {:g}, when swelling is highest", group, one.peak_day);
    table.head = {"species", "unit", "start", fmt::format("day {:g}", one.peak_day), "change"};
    table.number_from = 2;
    for (std::size_t s = 0; s < model.species.size(); ++s) {
        const double first = one.species[s].front(), then = one.state_at_peak[s];
        table.rows.push_back({shown(written(model.species[s].name)), shown(model.species[s].unit),
                              fmt::format("{:.3g}", first), fmt::format("{:.3g}", then), fold(first, then)});
    }
    return table;
}

/// Every flux of every species.
Table fluxes_of(const ModelEntry& model, const Explained& one, const std::string& group)
{
    const auto at = static_cast<std::size_t>(std::ranges::lower_bound(one.days, one.peak_day) - one.days.begin());
    Table table;
    table.caption = fmt::format("{}: what fills and empties each species on day {:g}", group, one.days[at]);
    table.head = {"flux", "species", "does", "per day", "share"};
    table.number_from = 3;
    for (std::size_t s = 0; s < model.species.size(); ++s) {
        double gains = 0, losses = 0;
        for (const WiringTerm& term : one.wiring.terms) {
            const double effect = term.species == s ? term.sign * one.fluxes[term.flux][at] : 0;
            (effect > 0 ? gains : losses) += std::abs(effect);
        }
        for (const WiringTerm& term : one.wiring.terms) {
            if (term.species != s) {
                continue;
            }
            const double effect = term.sign * one.fluxes[term.flux][at], whole = effect > 0 ? gains : losses;
            table.rows.push_back({shown(model.fluxes[term.flux].meaning), shown(written(model.species[s].name)),
                                  effect > 0 ? "fills" : "empties",
                                  fmt::format("{:.3g} {}", std::abs(effect), shown(model.fluxes[term.flux].unit)),
                                  whole > 0 ? fmt::format("{:.0f} %", 100 * std::abs(effect) / whole) : "–"});
        }
    }
    return table;
}

/// A table of each animal that is explained, in HTML; nothing if there is none.
std::string tables_of(const Files& files, const ManyExplained& explained,
                      Table (*table)(const ModelEntry&, const Explained&, const std::string&))
{
    std::string html;
    for (std::size_t f = 0; f < files.size(); ++f) {
        for (const Explained& one : explained[f]) {
            html += table(*files[f].study->scenario().model, one, group_name(files, f, one.label)).html();
        }
    }
    return html;
}

} // namespace

output::Section wiring(const Files& files, const ManyExplained& explained)
{
    const std::string tables = tables_of(files, explained, changes_of);
    if (tables.empty()) {
        return {};
    }
    return {"wiring", "What changed, and who drives whom",
            "<p>Boxes are what the model keeps account of; their colour says how much more or less of it there is than "
            "at the start. Arrows are drawn where one thing drives another strongly while swelling is highest: "
            "a rise of 10 % upstream moves the flux by 2.5 % or more, and for the strongest driver of each box. Bars "
            "at their end stand for what holds back.</p>\n"
                + who(files, explained) + picture("wiring-picture", missing) + folded("The same in numbers", tables)};
}

output::Section attribution(const Files& files, const ManyExplained& explained)
{
    const std::string tables = tables_of(files, explained, fluxes_of);
    if (tables.empty()) {
        return {};
    }
    return {"fluxes", "Where it comes from, and where it goes",
            picture("fluxes-picture", missing) + folded("The same in numbers", tables)};
}

output::Section animals(const Files& files, const Library& library)
{
    std::vector<std::string> names;
    for (const ReportedFile& reported : files) {
        if (reported.study && reported.study->scenario().model->has_genotypes) {
            names.push_back(reported.study->scenario().name);
            for (const Group& group : reported.groups) {
                names.push_back(group.label);
            }
        }
    }
    if (names.empty()) {
        return {};
    }
    Table table;
    table.caption = "Genotypes and treatments of this report that were looked at in animals";
    table.head = {"genotype", "seen in animals", "firmness", "source", "the model's usual run", "verdict"};
    table.number_from = 99;
    for (const PhenotypeRow& row : compare_phenotypes(library, 0)) {
        if (std::ranges::find(names, row.name) == names.end()) {
            continue;
        }
        const Prediction& p = row.prediction;
        const std::string says =
            row.refused ? "refused"
            : std::isnan(p.onset)
                ? fmt::format("stays healthy, {:.0f} % of bone", 100 * p.final_bone)
                : fmt::format("falls ill on day {:.0f}, {:.0f} % of bone is left", p.onset, 100 * p.final_bone);
        table.rows.push_back({shown(row.title), shown(row.observed.text), shown(row.observed.firmness),
                              shown(row.observed.source), says, shown(words(row))});
    }
    std::string html =
        "<p>The model's parameters were calibrated against these phenotypes, so that agreement with them is no proof. "
        "Firmness: A read in a primary abstract, B recalled with high confidence, C inferred, D nobody "
        "looked. The run is the model's usual one, 150 days without intervention, not the one of this "
        "report.</p>\n";
    html +=
        table.rows.empty() ? "<p>None of the genotypes that ran here was compared with animals.</p>\n" : table.html();
    return {"animals", "Seen in animals", html};
}

} // namespace osteoflare::scenarios::reporting
