#include "model/agents/behaviours.hpp"
#include "solvers/random.hpp"

#include "catch.hpp"

using namespace osteoflare;
using namespace osteoflare::model::agents;

namespace {

/// A world and a state of which no quantity is special: every default times a factor between a half and two.
struct Case {
    World world = {model::defaults<model::niche::Parameters<double>>(), {}, model::defaults<Parameters<double>>()};
    model::niche::State<double> state = model::defaults<model::niche::State<double>>();

    explicit Case(std::uint64_t seed)
    {
        std::uint64_t n = 0;
        const auto factor = [&] {
            return 0.5 + 1.5 * solvers::to_unit_interval(solvers::random_bits(seed, 1, n++, 0));
        };
        const auto shake = [&](double& value, const model::Description& entry) {
            const double base = entry.value == 0 ? 0.3 : entry.value;
            value = std::clamp(base * factor(), entry.range.low, entry.range.high);
        };
        model::niche::Parameters<double>::visit(world.niche, shake);
        model::niche::Inputs<double>::visit(world.inputs, shake);
        model::niche::State<double>::visit(state, shake);
        state.site.neutrophils *= 300; // inflamed
        state.site.osteoclast_precursors = 1.7;
    }
};

} // namespace

TEST_CASE("cells that live like the niche says make up the niche: their rates times their density are its balance",
          "[model][agents]")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Case c(seed);
        const auto& [blood, site] = c.state;
        const auto& p = c.world.niche;
        const auto fluxes = model::niche::fluxes(c.state, c.world.inputs, p);
        const auto balance = model::niche::site_balance(fluxes.site);

        // A place like all others: cells are felt as dense as they are, and the dead are met as they die.
        Site felt = site;
        felt.osteoclast_precursors = site.osteoclast_precursors;
        const Surroundings here = perceive(blood, felt, fluxes.site.cells.neutrophil_death, c.world);
        const Neutrophil n = neutrophil(blood, here, c.world);
        const Macrophage m = macrophage(blood, here, c.world);
        const Stroma s = stroma(blood, here, c.world);
        const Arrivals come = arrivals(blood, here, c.world);
        const Background rest = background(blood, here, c.world);
        const Ripening fate = ripening(here, c.world);
        const Surface bone = surface(blood, here, c.world);
        const double N = site.neutrophils, M = site.macrophages, S = p.stroma, C = site.osteoclasts;
        const double precursors = site.osteoclast_precursors * c.world.space.precursors_healthy;

        const auto same = [](double agents, double niche, double scale) {
            CHECK(agents == Approx(niche).epsilon(1e-9).margin(1e-9 * std::abs(scale)));
        };
        INFO("seed " << seed);
        same(come.neutrophils - (n.death + n.killing) * N, balance.neutrophils, n.death * N);
        same(come.macrophages + macrophage_renewal(c.world) - m.loss * M, balance.macrophages, m.loss * M);
        same((come.precursors - p.precursor_exchange * precursors) / c.world.space.precursors_healthy,
             balance.osteoclast_precursors, 1);
        same(n.pro_il1b * N + m.pro_il1b * M - (fate.ripening + fate.decay) * site.pro_il1b, balance.pro_il1b, 1);
        same(fate.ripening * site.pro_il1b - p.il1b_clearance * site.il1b, balance.il1b, 1);
        same(rest.il1ra + m.il1ra * M - p.il1ra_clearance * site.il1ra, balance.il1ra, site.il1ra * 40);
        same(s.il10 * S + m.il10 * M - p.il10_clearance * site.il10, balance.il10, 1);
        same(n.tnf * N + m.tnf * M - p.tnf_clearance * site.tnf, balance.tnf, 1);
        same(s.il6 * S + m.il6 * M - p.il6_clearance * site.il6, balance.il6, 10);
        same(s.cxcl1 * S + m.cxcl1 * M - p.cxcl1_clearance * site.cxcl1, balance.cxcl1, 100);
        same(s.ccl2 * S + m.ccl2 * M - p.ccl2_clearance * site.ccl2, balance.ccl2, 100);
        same(s.pge2 * S - p.pge2_turnover * site.pge2, balance.pge2, 1);
        same(n.ros * N - p.ros_turnover * site.ros, balance.ros, 1);
        same(s.priming_approach, balance.stromal_priming, 1);
        same(s.training_approach, balance.il10_training, 1);
        same(s.rankl_approach, balance.rankl_ratio, 1);
        same(rest.damage + damage_of_death(c.world) * n.death * N + bone.resorption_damage * C
                 + c.world.inputs.sterile_injury - p.damage_clearance * site.damage,
             balance.damage, 1);
        same(bone.osteoclasts - bone.osteoclast_loss * C, balance.osteoclasts, C);
        same(bone.precursor_approach, balance.osteoblast_precursors, 1);
        same(bone.osteoblasts - bone.osteoblast_loss * site.osteoblasts, balance.osteoblasts, 1);
        same(formation(c.world) * site.osteoblasts - bone.resorption * C * site.bone, balance.bone, 1);
        same(bone.reactive_formation - bone.reactive_removal, balance.reactive_bone, 1);
    }
}

TEST_CASE("chemotaxis grows with the difference in occupancy, has its half where the gain says, and stays below one",
          "[model][agents]")
{
    // One percent more occupied receptors at the front: half of all bias at a gain of 100.
    const double half = 84.3, diameter = 8, gradient = 0.01 / diameter * 4 * half; // at half occupancy
    CHECK(chemotaxis(half, gradient, half, diameter, 100) == Approx(0.5));
    CHECK(chemotaxis(half, 0, half, diameter, 100) == 0);
    CHECK(chemotaxis(half, 1e9, half, diameter, 100) < 1);
    CHECK(chemotaxis(100 * half, gradient, half, diameter, 100) < 0.01); // saturated receptors see nothing
}

TEST_CASE("an osteoclast's diameter grows with its nuclei between the two that are known", "[model][agents]")
{
    const auto space = model::defaults<Parameters<double>>();
    CHECK(osteoclast_diameter(3, space) == 30);
    CHECK(osteoclast_diameter(20, space) == 100);
    CHECK(osteoclast_diameter(11.5, space) == Approx(65));
    CHECK(osteoclast_diameter(1, space) == 30);
    CHECK(osteoclast_diameter(50, space) == 100);
}

TEST_CASE("where an event took all stroma away, the cells that are left make nothing", "[model][agents]")
{
    Case c(3);
    c.world.niche.stroma = 0;
    const auto& [blood, site] = c.state;
    const Surroundings here = perceive(blood, site, 0, c.world);
    const Stroma left = stroma(blood, here, c.world);
    for (const double made : {left.il10, left.il6, left.cxcl1, left.ccl2, left.pge2}) {
        CHECK(made == 0);
    }
    CHECK(std::isfinite(left.priming_approach));
}
