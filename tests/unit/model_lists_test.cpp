#include "model/classic/komarova2003.hpp"
#include "model/classic/lemaire2004.hpp"
#include "model/niche/niche.hpp"
#include "scenarios/reading/units.hpp"
#include "tests/unit/niche_tables.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

using namespace osteoflare::model;
using osteoflare::tests::NicheRow;

namespace {

template <class Set>
std::vector<Description> entries()
{
    std::vector<Description> list;
    Set set{};
    Set::visit(set, [&](double&, const Description& entry) { list.push_back(entry); });
    return list;
}

template <class Set>
void append_names(std::vector<std::string>& names)
{
    for (const Description& entry : entries<Set>()) {
        names.emplace_back(entry.name);
    }
}

/// The names, in alphabetical order, that stand in a list more than once.
std::vector<std::string> repeated(std::vector<std::string> names)
{
    std::ranges::sort(names);
    std::vector<std::string> twice;
    for (auto at = std::ranges::adjacent_find(names); at != names.end(); at = std::adjacent_find(at, names.end())) {
        twice.push_back(*at++);
    }
    return twice;
}

const Description* find(const std::vector<Description>& list, std::string_view name)
{
    const auto at = std::ranges::find(list, name, &Description::name);
    return at == list.end() ? nullptr : &*at;
}

/// Positions, counted in doubles, of the fields in the order in which they are visited.
template <class Set>
std::vector<std::ptrdiff_t> visited_positions()
{
    Set set{};
    std::vector<std::ptrdiff_t> positions;
    Set::visit(set, [&](double& field, const Description&) {
        const auto bytes = reinterpret_cast<const char*>(&field) - reinterpret_cast<const char*>(&set);
        positions.push_back(bytes / static_cast<std::ptrdiff_t>(sizeof(double)));
    });
    return positions;
}

template <class Set>
void check_layout()
{
    const std::vector<std::ptrdiff_t> positions = visited_positions<Set>();
    for (std::size_t i = 0; i < positions.size(); ++i) {
        CAPTURE(i, entries<Set>()[i].name);
        CHECK(positions[i] == static_cast<std::ptrdiff_t>(i));
    }
    if constexpr (std::is_empty_v<Set>) {
        CHECK(positions.empty());
    } else {
        CHECK(sizeof(Set) == positions.size() * sizeof(double));
    }
    CHECK(count_of<Set>() == positions.size());
}

template <class Set>
void check_entries()
{
    std::vector<std::string> symbols;
    for (const Description& entry : entries<Set>()) {
        CAPTURE(entry.name);
        CHECK_NOTHROW(osteoflare::scenarios::parse_unit(entry.unit));
        CHECK_FALSE(entry.name.empty());
        CHECK_FALSE(entry.symbol.empty());
        CHECK_FALSE(entry.meaning.empty());
        CHECK_FALSE(text(entry.origin).empty());
        CHECK(entry.range.low <= entry.value);
        CHECK(entry.value <= entry.range.high);
        symbols.emplace_back(entry.symbol);
    }
    CHECK(repeated(symbols).empty());
}

void check_against(const std::vector<Description>& list, std::span<const NicheRow> table)
{
    for (const NicheRow& row : table) {
        CAPTURE(row.name);
        const Description* entry = find(list, row.name);
        REQUIRE(entry != nullptr);
        CHECK(entry->unit == row.unit);
        CHECK(entry->value == row.value);
        CHECK((row.origin.empty() || text(entry->origin) == row.origin));
    }
}

bool stands_in(std::span<const NicheRow> table, std::string_view name)
{
    return std::ranges::find(table, name, &NicheRow::name) != table.end();
}

using EveryModel = std::tuple<niche::Model, lemaire2004::Model, komarova2003::Model>;

} // namespace

TEMPLATE_LIST_TEST_CASE("each list visits every field once, in the order of declaration", "[model][lists]", EveryModel)
{
    check_layout<typename TestType::template State<double>>();
    check_layout<typename TestType::template Inputs<double>>();
    check_layout<typename TestType::template Parameters<double>>();
    check_layout<typename TestType::template Intermediates<double>>();
    check_layout<typename TestType::template Fluxes<double>>();
    check_layout<typename TestType::template Readouts<double>>();
}

TEMPLATE_LIST_TEST_CASE("each entry has a unit that can be read, a meaning and a default within its range",
                        "[model][lists]", EveryModel)
{
    check_entries<typename TestType::template State<double>>();
    check_entries<typename TestType::template Inputs<double>>();
    check_entries<typename TestType::template Parameters<double>>();
    check_entries<typename TestType::template Intermediates<double>>();
    check_entries<typename TestType::template Fluxes<double>>();
    check_entries<typename TestType::template Readouts<double>>();
}

TEMPLATE_LIST_TEST_CASE("no two columns of a results file share a name", "[model][lists]", EveryModel)
{
    std::vector<std::string> names = {"member",         "time",         "status",   "steps",
                                      "rejected_steps", "time_reached", "genotype", "parameter"};
    append_names<typename TestType::template State<double>>(names);
    append_names<typename TestType::template Fluxes<double>>(names);
    append_names<typename TestType::template Readouts<double>>(names);
    for (const Summary& summary : TestType::summaries) {
        names.emplace_back(summary.name);
    }
    CHECK(repeated(names) == std::vector<std::string>{});
}

TEMPLATE_LIST_TEST_CASE("what a scenario can set has one meaning: parameters, inputs and species differ in name",
                        "[model][lists]", EveryModel)
{
    std::vector<std::string> names;
    append_names<typename TestType::template Parameters<double>>(names);
    append_names<typename TestType::template Inputs<double>>(names);
    append_names<typename TestType::template State<double>>(names);
    CHECK(repeated(names) == std::vector<std::string>{});
}

TEMPLATE_LIST_TEST_CASE("no two quantities of a model share a name or a symbol", "[model][lists]", EveryModel)
{
    std::vector<std::string> names, symbols;
    const auto append = [&](const std::vector<Description>& list) {
        for (const Description& entry : list) {
            names.emplace_back(entry.name);
            symbols.emplace_back(entry.symbol);
        }
    };
    append(entries<typename TestType::template State<double>>());
    append(entries<typename TestType::template Parameters<double>>());
    append(entries<typename TestType::template Inputs<double>>());
    append(entries<typename TestType::template Intermediates<double>>());
    append(entries<typename TestType::template Fluxes<double>>());
    append(entries<typename TestType::template Readouts<double>>());
    CHECK(repeated(names) == std::vector<std::string>{});
    CHECK(repeated(symbols) == std::vector<std::string>{});
}

TEMPLATE_LIST_TEST_CASE("whatever is computed, and each balance, has the number of an equation", "[model][lists]",
                        EveryModel)
{
    const auto check_numbers = [](const std::vector<Description>& list) {
        for (const Description& entry : list) {
            CAPTURE(entry.name);
            CHECK_FALSE(entry.equation.empty());
        }
    };
    check_numbers(entries<typename TestType::template State<double>>());
    check_numbers(entries<typename TestType::template Intermediates<double>>());
    check_numbers(entries<typename TestType::template Fluxes<double>>());
    check_numbers(entries<typename TestType::template Readouts<double>>());
}

TEMPLATE_LIST_TEST_CASE("inputs are zero until an event sets them", "[model][lists]", EveryModel)
{
    for (const Description& entry : entries<typename TestType::template Inputs<double>>()) {
        CAPTURE(entry.name);
        CHECK(entry.value == 0);
        CHECK(entry.origin == Origin::input);
    }
}

TEMPLATE_LIST_TEST_CASE("events of life set existing parameters to values in their range", "[model][lists]", EveryModel)
{
    const auto parameters = entries<typename TestType::template Parameters<double>>();
    CHECK(TestType::start_day < TestType::end_day);
    for (const LifeEvent& event : TestType::life) {
        CAPTURE(event.name);
        const Description* parameter = find(parameters, event.parameter);
        REQUIRE(parameter != nullptr);
        CHECK(parameter->origin == Origin::life_course);
        CHECK(event.value >= parameter->range.low);
        CHECK(event.value <= parameter->range.high);
        CHECK(event.day > TestType::start_day);
        CHECK_FALSE(event.meaning.empty());
    }
}

TEMPLATE_LIST_TEST_CASE("summaries condense existing courses, in their unit or in days", "[model][lists]", EveryModel)
{
    auto courses = entries<typename TestType::template State<double>>();
    std::ranges::copy(entries<typename TestType::template Readouts<double>>(), std::back_inserter(courses));
    const auto parameters = entries<typename TestType::template Parameters<double>>();
    for (const Summary& summary : TestType::summaries) {
        CAPTURE(summary.name);
        const Description* course = find(courses, summary.of);
        REQUIRE(course != nullptr);
        if (summary.kind == SummaryKind::first_above) {
            const Description* level = find(parameters, summary.level);
            REQUIRE(level != nullptr);
            CHECK(level->unit == course->unit);
            CHECK(summary.unit == "d");
        } else {
            CHECK(summary.level.empty());
            CHECK(summary.unit == course->unit);
        }
        CHECK_FALSE(summary.meaning.empty());
    }
}

TEST_CASE("the niche starts, and is parametrised, as its specification's tables say", "[model][lists]")
{
    const auto species = entries<niche::State<double>>();
    const auto parameters = entries<niche::Parameters<double>>();
    const auto inputs = entries<niche::Inputs<double>>();
    using namespace osteoflare::tests;
    check_against(species, niche_species);
    check_against(parameters, niche_parameters);
    check_against(parameters, niche_bare_numbers);
    check_against(inputs, niche_inputs);

    CHECK(species.size() == std::size(niche_species));
    CHECK(inputs.size() == std::size(niche_inputs));
    for (const Description& entry : parameters) {
        CAPTURE(entry.name);
        const bool printed = stands_in(niche_parameters, entry.name);
        const bool bare = stands_in(niche_bare_numbers, entry.name);
        CHECK((printed || bare || entry.name == "molar"));
        CHECK_FALSE((printed && entry.origin == Origin::assumed)); // only bare numbers were never tuned
    }
}

TEST_CASE("the niche's species stand in the order of its specification", "[model][lists]")
{
    const auto species = entries<niche::State<double>>();
    REQUIRE(species.size() == std::size(osteoflare::tests::niche_species));
    for (std::size_t i = 0; i < species.size(); ++i) {
        CHECK(species[i].name == osteoflare::tests::niche_species[i].name);
    }
}

TEST_CASE("molar is the four digits with which the niche was calibrated", "[model][lists]")
{
    CHECK(niche::molar_conversion == 0.1435);
    // 8.64e4 s/d over 6.022e23 per mol, in 1e-6 L, in pM: the fourth digit is rounded.
    CHECK(std::abs(niche::molar_conversion - 8.64 / 60.22) < 0.5e-4);
    CHECK(find(entries<niche::Parameters<double>>(), "molar")->origin == Origin::definition);
}

TEST_CASE("every origin has its word, and what is none has none", "[model][lists]")
{
    using osteoflare::model::Origin;
    CHECK(text(Origin::calibrated) == "calibrated");
    CHECK(text(Origin::published) == "published");
    CHECK(text(static_cast<Origin>(99)).empty());
}
