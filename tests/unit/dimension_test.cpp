#include "model/classic/komarova2003.hpp"
#include "model/classic/lemaire2004.hpp"
#include "model/niche/niche.hpp"
#include "tests/unit/dimensioned.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

using osteoflare::model::Description;
using osteoflare::tests::Dimensioned;
using osteoflare::tests::WrongDimension;
namespace komarova2003 = osteoflare::model::komarova2003;
namespace lemaire2004 = osteoflare::model::lemaire2004;
namespace niche = osteoflare::model::niche;

namespace {

/// Every quantity of a set at its default, in the unit its list gives.
template <class Set>
Set with_units()
{
    Set set{};
    Set::visit(set, [](Dimensioned& field, const Description& entry) { field = {entry.value, entry.unit}; });
    return set;
}

/// The names in a set whose computed dimension is not that of their listed unit, divided by `per`.
template <class Set>
std::string misfits(const Set& set, std::string_view per)
{
    std::string names;
    Set::visit(set, [&](const Dimensioned& field, const Description& entry) {
        const Dimensioned listed = Dimensioned(1, entry.unit) / Dimensioned(1, per);
        if (field.exponents() != listed.exponents()) {
            names += std::string(entry.name) + " ";
        }
    });
    return names;
}

} // namespace

TEMPLATE_TEST_CASE("every intermediate, flux, balance and read-out has the unit its list gives", "[model][units]",
                   niche::Model, lemaire2004::Model, komarova2003::Model)
{
    const auto state = with_units<typename TestType::template State<Dimensioned>>();
    const auto inputs = with_units<typename TestType::template Inputs<Dimensioned>>();
    const auto parameters = with_units<typename TestType::template Parameters<Dimensioned>>();

    const auto fluxes = TestType::fluxes(state, inputs, parameters);
    CHECK(misfits(TestType::intermediates(state, inputs, parameters), "1") == "");
    CHECK(misfits(fluxes, "1") == "");
    CHECK(misfits(TestType::balance(fluxes), "d") == "");
    CHECK(misfits(TestType::readouts(state, inputs, parameters), "1") == "");
}

TEST_CASE("leaving out molar gives fluxes of the wrong dimension", "[model][units]")
{
    auto parameters = with_units<niche::Parameters<Dimensioned>>();
    parameters.molar = 1;
    const auto state = with_units<niche::State<Dimensioned>>();
    const auto inputs = with_units<niche::Inputs<Dimensioned>>();

    const auto fluxes = niche::fluxes(state, inputs, parameters);
    CHECK_FALSE(fluxes.site.mediators.tnf_neutrophil_secretion.has_unit("pM/d"));
    CHECK(misfits(fluxes, "1").find("tnf_neutrophil_secretion") != std::string::npos);
    CHECK_THROWS_AS(niche::balance(fluxes), WrongDimension);
}

TEST_CASE("a model given one quantity in a wrong unit does not get through", "[model][units]")
{
    const auto state = with_units<niche::State<Dimensioned>>();
    const auto inputs = with_units<niche::Inputs<Dimensioned>>();
    const auto unchanged = with_units<niche::Parameters<Dimensioned>>();

    SECTION("a half-saturation in cells")
    {
        auto parameters = unchanged;
        parameters.tnf_half = {20, "cell/uL"};
        CHECK_THROWS_AS(niche::fluxes(state, inputs, parameters), WrongDimension);
    }
    SECTION("a clearance that is a time")
    {
        auto parameters = unchanged;
        parameters.il1b_clearance = {0.02, "d"};
        CHECK(misfits(niche::fluxes(state, inputs, parameters), "1") == "il1b_removal ");
    }
    SECTION("an input in molecules")
    {
        auto wrong = inputs;
        wrong.anakinra = {0, "molecule/uL"};
        CHECK_THROWS_AS(niche::fluxes(state, wrong, unchanged), WrongDimension);
    }
}

TEST_CASE("unlike quantities cannot be added, subtracted or compared", "[units]")
{
    const Dimensioned concentration(2, "pM"), density(3, "cell/uL");
    CHECK_THROWS_AS(concentration + density, WrongDimension);
    CHECK_THROWS_AS(concentration - density, WrongDimension);
    CHECK_THROWS_AS(max(concentration, density), WrongDimension);
    CHECK_THROWS_AS(concentration < density, WrongDimension);
    CHECK_THROWS_AS(concentration == density, WrongDimension);
    CHECK_THROWS_AS(1.0 + concentration, WrongDimension);
    CHECK_THROWS_AS(concentration - 1.0, WrongDimension);
    CHECK_THROWS_AS(concentration > 0.0, WrongDimension);
    CHECK_THROWS_AS(pow(2.0, concentration), WrongDimension);
    CHECK_THROWS_AS(Dimensioned(0, "pM") + Dimensioned(0, "pM/d"), WrongDimension);
}

TEST_CASE("like quantities combine as numbers do and keep their dimension", "[units]")
{
    const Dimensioned x(2, "pM"), y(3, "pM");
    CHECK((x + y == Dimensioned(5, "pM")));
    CHECK((x - y == Dimensioned(-1, "pM")));
    CHECK((-x == Dimensioned(-2, "pM")));
    CHECK((max(x, y) == y));
    CHECK((x < y));
    CHECK((2.0 * x == Dimensioned(4, "pM")));
    CHECK((x / 2.0 == Dimensioned(1, "pM")));
    CHECK((1.0 / x == Dimensioned(0.5, "1/pM")));
    CHECK((x * y == Dimensioned(6, "pM^2")));
    CHECK((x / y + 1.0 == Dimensioned(2.0 / 3 + 1)));
    CHECK((pow(Dimensioned(9, "cell^2"), 0.5) == Dimensioned(3, "cell")));
    CHECK((pow(Dimensioned(4, "d"), -0.5) * pow(Dimensioned(4, "d"), 0.5) == Dimensioned(1)));
}

TEST_CASE("molar turns molecules per cell and second times cells into pM per day", "[units]")
{
    const Dimensioned made =
        Dimensioned(0.1435, "pM*uL*s/molecule/d") * Dimensioned(2, "molecule/cell/s") * Dimensioned(1000, "cell/uL");
    CHECK(made.has_unit("pM/d"));
    CHECK_FALSE((Dimensioned(2, "molecule/cell/s") * Dimensioned(1000, "cell/uL")).has_unit("pM/d"));
}
