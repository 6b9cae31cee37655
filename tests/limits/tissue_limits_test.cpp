#include "tests/limits/tissue_fixture.hpp"

#include <cmath>
#include <numbers>

using namespace osteoflare;
using namespace osteoflare::tests;

namespace {

/// 0.0256 uL of marrow; steps of ten minutes.
TissuePlan box()
{
    return {.width = 400,
            .depth = 400,
            .height = 200,
            .voxel = 20,
            .bone_height = 40,
            .step = 600,
            .field_step = 60,
            .seed = 1};
}

void run(Tissue& tissue, double days)
{
    const auto n = static_cast<std::size_t>(std::llround(days / tissue.plan().step_days()));
    for (std::size_t i = 0; i < n; ++i) {
        tissue.step(1);
    }
}

double marrow(const Tissue& tissue)
{
    return tissue.fields().open_volume();
}

} // namespace

TEST_CASE("neutrophils that nobody replaces die exponentially", "[tissue][limit][long]")
{
    TissueSettings cells;
    cells.set("neutrophil_recruitment", 0).set("il1_neutrophil_survival", 0).begin_with("neutrophils", 40'000);
    double begun = 0, left = 0;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        Tissue tissue = cells.make(box(), seed);
        begun += static_cast<double>(count(tissue, Cell::neutrophil));
        run(tissue, 1.5);
        left += static_cast<double>(count(tissue, Cell::neutrophil));
    }
    const double survive = std::exp(-0.9 * 1.5);
    CHECK(begun == Approx(6 * 40'000 * 0.0256).margin(6));
    CHECK(std::abs(left - begun * survive) < 4 * std::sqrt(begun * survive * (1 - survive)));
}

TEST_CASE("neutrophils arrive as a Poisson process whose rate the vessels' chemokine sets", "[tissue][limit][long]")
{
    TissueSettings cells;
    cells.set("neutrophil_recruitment", 20'000).set("cxcl1_half", 1e-6).set("pge2_vascular", 0);
    cells.set("neutrophil_capacity", 1e12)
        .set("neutrophil_loss", 0)
        .set("emergency_gain", 0)
        .begin_with("neutrophils", 0);
    std::vector<double> arrived; // in six hours
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Tissue tissue = cells.make(box(), seed);
        double before = 0;
        for (int quarter = 0; quarter < 4; ++quarter) {
            run(tissue, 0.25);
            const auto now = static_cast<double>(count(tissue, Cell::neutrophil));
            arrived.push_back(now - before);
            before = now;
        }
    }
    const double expected = 20'000 * 0.0256 * 0.25, n = static_cast<double>(arrived.size());
    double sum = 0, squares = 0;
    for (const double number : arrived) {
        sum += number;
        squares += (number - expected) * (number - expected);
    }
    CHECK(std::abs(sum / n - expected) < 4 * std::sqrt(expected / n));
    // Variance over mean is 1; its own standard error is sqrt(2/n).
    CHECK(std::abs(squares / n / expected - 1) < 4 * std::sqrt(2 / n));
}

TEST_CASE("those who die in the step in which they come keep the balance exact however long the step",
          "[tissue][limit]")
{
    // 72 deaths per day and steps of ten minutes: half a death expected per step. With deaths from the next step on
    // only, 27 % more would be there than arrive and die.
    TissueSettings cells;
    cells.set("neutrophil_recruitment", 2e6).set("cxcl1_half", 1e-6).set("pge2_vascular", 0);
    cells.set("neutrophil_capacity", 1e12).set("emergency_gain", 0).set("il1_neutrophil_survival", 0);
    cells.set("neutrophil_loss", 72).begin_with("neutrophils", 2e6 / 72);
    cells.set("damage_clearance", 0).set("damage_basal", 0).set("damage_resorption", 0).begin_with("damage", 0);
    Tissue tissue = cells.make(box());
    const double days = 0.25, arrive = 2e6 * marrow(tissue);
    run(tissue, days / 2);
    const auto begun = static_cast<double>(count(tissue, Cell::neutrophil));
    const double damage_begun = tissue.state().site.damage;
    double sum = 0;
    const int n_steps = 36;
    for (int i = 0; i < n_steps; ++i) {
        tissue.step(1);
        sum += static_cast<double>(count(tissue, Cell::neutrophil));
    }
    // Counts two steps apart still share exp(-1) of their members, so the mean of 36 is worth about ten.
    CHECK(std::abs(sum / n_steps - arrive / 72) < 4 * std::sqrt(arrive / 72 / 8));
    // Everyone who dies leaves damage: those who came, less those more who are there.
    const double died = (tissue.state().site.damage - damage_begun) * marrow(tissue) / cells["damage_neutrophil"];
    const double came = died + static_cast<double>(count(tissue, Cell::neutrophil)) - begun;
    const double expected = arrive * days;
    CHECK(std::abs(came - expected) < 4 * std::sqrt(expected));
}

TEST_CASE("pro-IL-1beta left by the dead ripens and decays as it does in the living", "[tissue][limit]")
{
    // No synthesis: what there is goes with ripening and decay alone, wherever it is.
    TissueSettings cells;
    cells.set("il1b_gene", 0).set("neutrophil_recruitment", 0).set("casp1_gene", 0).set("casp8_gene", 0);
    cells.set("serine_protease_gene", 0).begin_with("pro_il1b", 3).begin_with("neutrophils", 20'000);
    Tissue tissue = cells.make(box());
    run(tissue, 0.5);
    // The midpoint rule's own error: (rate step)^2/12 in each e-fold, of which there are three.
    const double error = 3 * std::pow(6 * tissue.plan().step_days(), 2) / 12;
    CHECK(tissue.state().site.pro_il1b == Approx(3 * std::exp(-6 * 0.5)).epsilon(1.1 * error));
}

TEST_CASE("bone is what was there, less what was eaten, and what was laid", "[tissue][limit]")
{
    TissueSettings cells;
    for (const char* gene : {"pstpip2_il1b", "pstpip2_ros", "pstpip2_progenitor"}) {
        cells.set(gene, 0);
    }
    cells.begin_with("neutrophils", 30'000).begin_with("osteoclasts", 1000).begin_with("cxcl1", 100);
    Tissue tissue = cells.make(box());
    run(tissue, 6);
    const auto& surface = tissue.surface();
    double eaten = 0, laid = 0;
    for (std::size_t c = 0; c < surface.n_columns(); ++c) {
        REQUIRE(surface.bone()[c] == Approx(40 - surface.resorbed()[c] + surface.formed()[c]).margin(1e-9));
        REQUIRE(surface.bone()[c] >= 0);
        REQUIRE(surface.total()[c] == surface.bone()[c] + surface.woven()[c]);
        eaten += surface.resorbed()[c];
        laid += surface.formed()[c];
    }
    CHECK(eaten > 0);
    CHECK(laid > 0);
    CHECK(tissue.state().site.bone
          == Approx(1 - (eaten - laid) / 40 / static_cast<double>(surface.n_columns())).epsilon(1e-12));
    // Nobody is inside bone or outside the box, and nothing has diffused into bone.
    const auto& agents = tissue.population().agents();
    for (std::size_t i = 0; i < agents.size(); ++i) {
        const auto column =
            static_cast<std::size_t>(agents.y[i] / 20) * 20 + static_cast<std::size_t>(agents.x[i] / 20);
        REQUIRE((agents.x[i] >= 0 && agents.x[i] < 400 && agents.y[i] >= 0 && agents.y[i] < 400));
        REQUIRE(agents.z[i] <= 200);
        if (agents.kind[i] != static_cast<std::uint8_t>(Cell::stroma)) { // which does not walk, and ends with its voxel
            REQUIRE(agents.z[i] >= surface.total()[column] - 1.5);       // columns moved after the cell did
        }
    }
    for (std::size_t c = 0; c < surface.n_columns(); ++c) {
        for (std::size_t z = 0; z < tissue.fields().lowest_open()[c]; ++z) {
            REQUIRE(tissue.fields().value(scenarios::spatial::Field::il1b, tissue.fields().offset(c % 20, c / 20, z))
                    == 0);
        }
    }
}

TEST_CASE("an osteoclast that stays digs a pit as wide as itself, as deep as its rate and the bone left allow",
          "[tissue][limit]")
{
    TissueSettings cells;
    cells.set("osteoclast_loss", 0).set("osteoclast_speed", 0).set("osteoblast_maturation", 0).set("cybb_gene", 0);
    cells.set("reactive_formation", 0).set("nuclei_gain", 0).set("osteoclast_diameter_least", 60);
    cells.begin_with("osteoblasts", 0).begin_with("osteoclasts", 1 / 0.0256); // one
    Tissue tissue = cells.make(box());
    REQUIRE(count(tissue, Cell::osteoclast) == 1);
    run(tissue, 3);
    const auto& surface = tissue.surface();
    const auto& agents = tissue.population().agents();
    const auto at = static_cast<std::size_t>(std::ranges::find(agents.kind, static_cast<std::uint8_t>(Cell::osteoclast))
                                             - agents.kind.begin());
    // k_V b0 A / (C0 V0): what it eats of whole bone [um^3/d].
    const double rate = 0.004 * 40 * 400 * 400 / (60 * 0.0256);
    double eaten = 0, expected = 0, covered = 0;
    std::vector<double> shares(surface.n_columns());
    for (std::size_t c = 0; c < surface.n_columns(); ++c) {
        int inside = 0; // an independent measure of the disc's share, on more points
        for (int i = 0; i < 40; ++i) {
            for (int j = 0; j < 40; ++j) {
                const auto apart = [](double a, double b) {
                    const double d = std::abs(a - b);
                    return std::min(d, 400 - d);
                };
                const double dx = apart((static_cast<double>(c % 20) + (i + 0.5) / 40) * 20, agents.x[at]),
                             dy = apart((static_cast<double>(c / 20) + (j + 0.5) / 40) * 20, agents.y[at]);
                inside += dx * dx + dy * dy <= 30 * 30 ? 1 : 0;
            }
        }
        shares[c] = inside / 1600.0;
        covered += shares[c];
    }
    CHECK(covered * 400 == Approx(std::numbers::pi * 900).epsilon(0.01));
    for (std::size_t c = 0; c < surface.n_columns(); ++c) {
        const double depth = 40 * (1 - std::exp(-rate * shares[c] / (covered * 400 * 40) * 3));
        eaten += surface.resorbed()[c] * 400;
        expected += depth * 400;
        CHECK((surface.resorbed()[c] > 0) <= (shares[c] > 0)); // no wider than the footprint
        if (shares[c] == 1) {
            CHECK(surface.resorbed()[c] == Approx(depth).epsilon(0.02)); // of the covered area, measured on 16 points
        }
    }
    CHECK(eaten == Approx(expected).epsilon(0.005));
}

TEST_CASE("fresh bone is lost at osteoclast-days times the rate, and laid at osteoblast-days times theirs",
          "[tissue][limit]")
{
    TissueSettings cells;
    cells.set("osteoclast_loss", 0).set("osteoblast_maturation", 0).set("cybb_gene", 0).set("nuclei_gain", 0);
    cells.begin_with("osteoclasts", 100).begin_with("osteoblasts", 1);
    Tissue tissue = cells.make(box());
    const auto osteoclasts = static_cast<double>(count(tissue, Cell::osteoclast)),
               osteoblasts = static_cast<double>(count(tissue, Cell::osteoblast));
    REQUIRE(osteoblasts > 100);
    const double days = 0.125, volume = 400.0 * 400 * 40;
    run(tissue, days);
    double eaten = 0, laid = 0;
    for (std::size_t c = 0; c < tissue.surface().n_columns(); ++c) {
        eaten += tissue.surface().resorbed()[c] * 400;
        laid += tissue.surface().formed()[c] * 400;
    }
    CHECK(laid == Approx(osteoblasts * days * 0.004 * volume / (5000 * 0.0256)).epsilon(1e-9));
    const double whole = osteoclasts * days * 0.004 * volume / (60 * 0.0256);
    CHECK(eaten < whole); // a little less is left under each
    CHECK(eaten > 0.9 * whole);
}

TEST_CASE("the coupling of cells, fields and circulation is of first order in the step", "[tissue][convergence]")
{
    // Stroma alone, hurt: no chance in it but where it stands.
    TissueSettings cells;
    cells.set("neutrophil_recruitment", 0).set("macrophages_resident", 0).set("macrophage_recruitment", 0);
    cells.set("precursor_exchange", 0)
        .set("osteoclast_loss", 0)
        .set("osteoblast_maturation", 0)
        .set("sterile_injury", 5);
    for (const char* species : {"neutrophils", "macrophages", "osteoclast_precursors", "osteoclasts", "osteoblasts"}) {
        cells.begin_with(species, 0);
    }
    const auto after = [&](scenarios::Tick step) {
        TissuePlan plan{.width = 100,
                        .depth = 100,
                        .height = 100,
                        .voxel = 20,
                        .bone_height = 40,
                        .step = step,
                        .field_step = 30,
                        .seed = 1};
        Tissue tissue = cells.make(plan);
        run(tissue, 0.25);
        return tissue.state();
    };
    const auto long_step = after(1200), half = after(600), quarter = after(300);
    const auto ratio = [&](auto quantity) {
        return (quantity(long_step) - quantity(half)) / (quantity(half) - quantity(quarter));
    };
    CHECK(ratio([](const auto& s) { return s.site.cxcl1; }) == Approx(2).epsilon(0.2));
    CHECK(ratio([](const auto& s) { return s.site.stromal_priming; }) == Approx(2).epsilon(0.2));
    CHECK(ratio([](const auto& s) { return s.circulation.plasma_il6; }) == Approx(2).epsilon(0.25));
}

TEST_CASE("an injury of a disc sets as much damage free as one of the whole site", "[tissue][limit]")
{
    TissueSettings cells;
    cells.set("sterile_injury", 3).set("damage_clearance", 0).set("damage_basal", 0).set("damage_neutrophil", 0);
    cells.set("damage_resorption", 0).set("injury_radius", 90).begin_with("damage", 0);
    Tissue tissue = cells.make(box());
    run(tissue, 0.5);
    CHECK(tissue.state().site.damage == Approx(3 * 0.5).epsilon(1e-9));
    CHECK(marrow(tissue) == Approx(0.0256));
}

TEST_CASE("a parameter that changes in the middle of a run is felt", "[tissue][limit]")
{
    TissueSettings cells;
    cells.set("neutrophil_recruitment", 0).set("neutrophil_loss", 0).set("chemotaxis_gain", 0);
    cells.begin_with("neutrophils", 20'000);
    Tissue tissue = cells.make(box());
    const auto mean_step = [&] { // of neutrophils, whose numbers do not change [um]
        const auto& agents = tissue.population().agents();
        std::vector<std::array<double, 2>> before(agents.size() + 1000);
        for (std::size_t i = 0; i < agents.size(); ++i) {
            before.at(agents.id[i]) = {agents.x[i], agents.y[i]};
        }
        tissue.step(1);
        double sum = 0, n = 0;
        for (std::size_t i = 0; i < tissue.population().size(); ++i) {
            const auto& after = tissue.population().agents();
            if (after.kind[i] == static_cast<std::uint8_t>(Cell::neutrophil)) {
                const double dx = std::remainder(after.x[i] - before[after.id[i]][0], 400),
                             dy = std::remainder(after.y[i] - before[after.id[i]][1], 400);
                sum += std::hypot(dx, dy);
                n += 1;
            }
        }
        return sum / n;
    };
    const double walking = mean_step();
    CHECK(walking > 50); // ten minutes at 10 um/min, seen from above
    cells.set("neutrophil_speed", 0);
    tissue.set(cells.settings);
    CHECK(mean_step() < 5);                                         // pushed at most
    cells.set("cytokine_diffusion", 1e-3).set("il1b_clearance", 0); // fields keep what they hold
    const double held = tissue.state().site.il1ra;
    tissue.set(cells.settings);
    CHECK(tissue.state().site.il1ra == Approx(held).epsilon(1e-12));
}
