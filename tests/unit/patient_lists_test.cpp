#include "model/patient/readouts.hpp"
#include "model/patient/sites.hpp"
#include "solvers/compiler/expression.hpp"
#include "tests/unit/dimensioned.hpp"

#include "catch.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace osteoflare::model;
using osteoflare::tests::Dimensioned;
using osteoflare::tests::WrongDimension;

namespace {

template <class Set>
std::vector<Description> entries()
{
    std::vector<Description> list;
    Set set{};
    Set::visit(set, [&](double&, const Description& entry) { list.push_back(entry); });
    return list;
}

/// The unit's text with masses spelled as units that no chain of a drug contains: the units of the house know no mass,
/// and a drug's must not cancel the body's.
std::string without_mass(std::string_view unit)
{
    std::string text(unit);
    for (const auto& [mass, other] : {std::pair<std::string, std::string>{"mg", "molecule"}, {"kg", "cell"}}) {
        for (std::size_t at = text.find(mass); at != text.npos; at = text.find(mass)) {
            text.replace(at, mass.size(), other);
        }
    }
    return text;
}

template <class Set>
Set with_units()
{
    Set set{};
    Set::visit(set, [](Dimensioned& field, const Description& entry) {
        field = {entry.value, without_mass(entry.unit)};
    });
    return set;
}

/// The names in a set whose computed dimension is not that of their listed unit, divided by `per`.
template <class Set>
std::string misfits(const Set& set, std::string_view per)
{
    std::string names;
    Set::visit(set, [&](const Dimensioned& field, const Description& entry) {
        const Dimensioned listed = Dimensioned(1, without_mass(entry.unit)) / Dimensioned(1, per);
        names += field.exponents() == listed.exponents() ? "" : std::string(entry.name) + " ";
    });
    return names;
}

template <class Set>
void check_layout()
{
    Set set{};
    std::ptrdiff_t next = 0;
    Set::visit(set, [&](double& field, const Description& entry) {
        CAPTURE(entry.name);
        const auto bytes = reinterpret_cast<const char*>(&field) - reinterpret_cast<const char*>(&set);
        CHECK(bytes == next * static_cast<std::ptrdiff_t>(sizeof(double)));
        ++next;
    });
    CHECK(sizeof(Set) == static_cast<std::size_t>(next) * sizeof(double));
}

/// What stands in a list more than once.
std::vector<std::string> repeated(std::vector<std::string> texts)
{
    std::ranges::sort(texts);
    std::vector<std::string> twice;
    for (auto at = std::ranges::adjacent_find(texts); at != texts.end(); at = std::adjacent_find(at, texts.end())) {
        twice.push_back(*at++);
    }
    return twice;
}

using Parameters = patient::Parameters<double>;
using Inputs = patient::Inputs<double>;
using Border = patient::Border<double>;
using Site = patient::Site<double>;

} // namespace

TEST_CASE("every flux, balance, effect and read-out of a patient has the unit its list gives",
          "[model][patient][units]")
{
    const auto p = with_units<patient::Parameters<Dimensioned>>();
    const auto in = with_units<patient::Inputs<Dimensioned>>();
    const auto border = with_units<patient::Border<Dimensioned>>();
    const auto site = with_units<patient::Site<Dimensioned>>();

    const auto shares = patient::shares(site, p);
    const auto of_site = patient::site_fluxes(border, site, in, p);
    const auto of_border = patient::border_fluxes(border, shares, in, p);
    CHECK(misfits(shares, "1") == "");
    CHECK(misfits(of_site, "1") == "");
    CHECK(misfits(of_border, "1") == "");
    CHECK(misfits(patient::site_balance(of_site), "d") == "");
    CHECK(misfits(patient::border_balance(of_border), "d") == "");
    CHECK(misfits(patient::effects(border.drugs, in, p.drugs), "1") == "");
    CHECK(misfits(patient::site_readouts(site, p), "1") == "");
    const Dimensioned number(1);
    CHECK(misfits(patient::patient_readouts(border, number, number, p), "1") == "");
    for (const auto& target : patient::dose_targets(p.drugs)) {
        CAPTURE(target.drug);
        const Dimensioned added = target.per_dose * Dimensioned(1, without_mass("mg/kg"));
        CHECK(added.exponents() == (border.drugs.*target.compartment).exponents());
        if (target.infusion) {
            const Dimensioned over_a_day = in.*target.infusion * Dimensioned(1, "d");
            CHECK(over_a_day.exponents() == Dimensioned(1, without_mass("mg/kg")).exponents());
        }
    }
}

TEST_CASE("a patient given a quantity in a wrong unit does not get through", "[model][patient][units]")
{
    auto p = with_units<patient::Parameters<Dimensioned>>();
    const auto in = with_units<patient::Inputs<Dimensioned>>();
    const auto border = with_units<patient::Border<Dimensioned>>();
    const auto site = with_units<patient::Site<Dimensioned>>();
    SECTION("a half in drug per volume")
    {
        p.bisphosphonate_half = {3, without_mass("mg/L")};
        CHECK_THROWS_AS(patient::site_rates(border, site, in, p), WrongDimension);
    }
    SECTION("priming by cells")
    {
        p.priming_systemic_half = {0.25, "cell/uL"};
        CHECK_THROWS_AS(patient::site_rates(border, site, in, p), WrongDimension);
    }
    SECTION("a volume that is none")
    {
        p.drugs.adalimumab_volume = 0.07;
        CHECK(misfits(patient::drug_fluxes(border.drugs, in, p.drugs), "1") == "adalimumab_entry ");
    }
}

TEST_CASE("each list of a patient visits every field once, in the order of declaration", "[model][patient][lists]")
{
    check_layout<Parameters>();
    check_layout<Inputs>();
    check_layout<Border>();
    check_layout<Site>();
    check_layout<patient::SiteFluxes<double>>();
    check_layout<patient::BorderFluxes<double>>();
}

TEST_CASE("a patient's parameters, inputs, species and fluxes differ in name and in symbol", "[model][patient][lists]")
{
    std::vector<std::string> names, symbols;
    const auto append = [&](const std::vector<Description>& list) {
        for (const Description& entry : list) {
            CAPTURE(entry.name);
            names.emplace_back(entry.name);
            symbols.emplace_back(entry.symbol);
            CHECK_FALSE(entry.meaning.empty());
            CHECK(entry.range.low <= entry.value);
            CHECK(entry.value <= entry.range.high);
        }
    };
    append(entries<Parameters>());
    append(entries<Inputs>());
    append(entries<Border>());
    append(entries<Site>());
    append(entries<patient::SiteFluxes<double>>());
    append(entries<patient::BorderFluxes<double>>());
    append(entries<patient::Shares<double>>());
    append(entries<patient::SiteReadouts<double>>());
    append(entries<patient::PatientReadouts<double>>());
    CHECK(repeated(names) == std::vector<std::string>{});
    CHECK(repeated(symbols) == std::vector<std::string>{});
}

TEST_CASE("human values are those of the specification's table, and all others are the mouse's",
          "[model][patient][lists]")
{
    std::map<std::string, std::vector<std::string>> table;
    std::ifstream file(OSTEOFLARE_TEST_DATA "/patient_parameters.csv");
    std::string line;
    std::getline(file, line); // name, symbol, human, mouse, unit, origin
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        std::vector<std::string> row;
        for (std::string cell; std::getline(cells, cell, ',');) {
            row.push_back(cell);
        }
        table[row.at(0)] = row;
    }
    REQUIRE(table.size() == 40);

    std::map<std::string, double> mouse;
    for (const Description& entry : entries<niche::Parameters<double>>()) {
        mouse[std::string(entry.name)] = entry.value;
    }
    std::size_t found = 0;
    for (const Description& entry : entries<Parameters>()) {
        const std::string name(entry.name);
        CAPTURE(name);
        if (const auto row = table.find(name); row != table.end()) {
            ++found;
            CHECK(entry.symbol == row->second.at(1));
            CHECK(entry.value == std::stod(row->second.at(2)));
            CHECK(entry.unit == row->second.at(4));
            CHECK(text(entry.origin) == row->second.at(5));
            CHECK((!mouse.contains(name) || mouse.at(name) == std::stod(row->second.at(3))));
        } else if (mouse.contains(name)) {
            CHECK(entry.value == mouse.at(name));
        }
    }
    CHECK(found == table.size());
    for (const patient::HumanValue& human : patient::human_values) {
        CAPTURE(human.name);
        CHECK(mouse.contains(std::string(human.name)));
    }
}

TEST_CASE("a human value has the meaning that it brings along, or the mouse's", "[model][patient][lists]")
{
    std::map<std::string_view, std::string_view> meaning;
    for (const Description& entry : entries<niche::Parameters<double>>()) {
        meaning[entry.name] = entry.meaning;
    }
    for (const patient::HumanValue& human : patient::human_values) {
        if (!human.meaning.empty()) {
            CHECK(meaning[human.name] != human.meaning);
            meaning[human.name] = human.meaning;
        }
    }
    for (const Description& entry : entries<Parameters>()) {
        CAPTURE(entry.name);
        CHECK((!meaning.contains(entry.name) || meaning[entry.name] == entry.meaning));
    }
}

TEST_CASE("a child starts as the specification says", "[model][patient][lists]")
{
    const auto border = defaults<Border>();
    CHECK(border.circulation.microbial_tone == 1);
    CHECK(border.circulation.blood_neutrophils == 4000);
    CHECK(border.circulation.blood_monocytes == 450);
    CHECK(border.circulation.acute_phase == 1);
    CHECK(border.drugs.pamidronate_bone == 0);
    const auto site = defaults<Site>();
    CHECK(site.marrow_oedema == 0);
    CHECK(site.tissue.osteoclasts == 60);
    CHECK(count_of<Border>() + 24 * count_of<Site>() == 566);
}

TEST_CASE("a term whose factor is Zero or One leaves no trace in a recorded graph", "[model][patient]")
{
    using osteoflare::solvers::compiler::Expression;
    osteoflare::solvers::compiler::Graph graph;
    const auto x = Expression::symbol(graph, 0);
    const auto y = Expression::symbol(graph, 1);
    CHECK((x + Zero{} * y).in(graph) == x.in(graph));
    CHECK((Zero{} * y + x).in(graph) == x.in(graph));
    CHECK((x * One{}).in(graph) == x.in(graph));
    CHECK((x * without(Zero{} * y)).in(graph) == x.in(graph));
    CHECK((One{} * x).in(graph) == x.in(graph));
    CHECK(graph.size() == 2);
}

TEST_CASE("the sites' shares are the same bits when the program computes them, and each kind sums to one", "[patients]")
{
    const auto& weights = patient::detail::site_weights;
    const std::vector<patient::SiteEntry> copied(weights.begin(), weights.end()); // nothing that the compiler knows
    const auto computed = patient::detail::shares_of_all(copied);
    REQUIRE(computed.size() == patient::sites.size());
    double triggers = 0, volume = 0;
    for (std::size_t i = 0; i < computed.size(); ++i) {
        INFO(patient::sites[i].name);
        CHECK(computed[i].name == patient::sites[i].name);
        CHECK(computed[i].trigger_share == patient::sites[i].trigger_share);
        CHECK(computed[i].volume_share == patient::sites[i].volume_share);
        triggers += computed[i].trigger_share;
        volume += computed[i].volume_share;
    }
    CHECK(triggers == Approx(1).epsilon(1e-15));
    CHECK(volume == Approx(1).epsilon(1e-15));
}
