#include "scenarios/analyses/steady/continuation.hpp"
#include "scenarios/analyses/steady/end_system.hpp"
#include "scenarios/analyses/steady/steady_results.hpp"
#include "scenarios/figures.hpp"
#include "scenarios/run.hpp"

#include "catch.hpp"
#include "folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::Folder;

namespace {

Scenario scenario_of(const std::string& genotype, const std::vector<std::string>& set = {})
{
    static const Library library = read_library(library_folder());
    Overrides overrides;
    overrides.set = set;
    return parse_scenario(
        fmt::format("genotype = \"{}\"\nend = \"3000 d\"\n[output]\nkeep = \"summaries\"\n", genotype),
        "attractors.toml", library, overrides);
}

/// "h" for each healthy stable steady state, "i" for each inflamed one.
std::string attractors(const std::string& genotype, const std::vector<std::string>& set = {})
{
    const Scenario scenario = scenario_of(genotype, set);
    const auto found = find_steady_states(scenario, settings_at_end(scenario), {.size = 32}, 0);
    CHECK(found.n_failed + found.n_unsettled == 0);
    std::string words;
    for (const SteadyState& state : found.states) {
        words += state.is_stable() ? (state.is_ill ? "i" : "h") : "";
    }
    return words;
}

/// Whether a run of the lane solver that begins in this state, long after weaning, ends ill.
bool ends_ill(Scenario scenario, const std::vector<double>& start)
{
    scenario.start = to_tick(30);
    scenario.start_state = start;
    const Study study(scenario);
    const std::vector<double> times = {to_days(scenario.end)};
    const Block block = run_block(study, times, 0, 1);
    REQUIRE(block.reports.front());
    return StateReader(scenario, settings_at_end(scenario)).is_ill(block.last_states);
}

} // namespace

TEST_CASE("the attractors that the model is known to have are found", "[validation][steady]")
{
    const auto pstpip2 = [](const std::string& value, const std::string& more) {
        return std::vector<std::string>{"pstpip2_il1b=" + value, "pstpip2_ros=" + value, "pstpip2_progenitor=" + value,
                                        more};
    };
    CHECK(attractors("wild_type") == "h");
    CHECK(attractors("cmo") == "i");
    CHECK(attractors("cmo", {"il10_gene=2"}) == "hi");
    CHECK(attractors("wild_type", pstpip2("0.7", "il10_gene=0.25")) == "hi");
    CHECK(attractors("wild_type", pstpip2("0.7", "il10_gene=0.5")) == "hi");
    CHECK(attractors("wild_type", pstpip2("0.7", "il10_gene=1")) == "h");
    CHECK(attractors("wild_type", {"il1b_gene=3", "il10_competence=0.05"}) == "hi");
    CHECK(attractors("wild_type", {"il1b_gene=3", "il10_competence=0.2"}) == "hi");
    CHECK(attractors("wild_type", {"il1b_gene=3", "il10_competence=1"}) == "h");
}

TEST_CASE("steady states are at rest, and are the same bits on one thread and on three", "[validation][steady]")
{
    const Scenario scenario = scenario_of("cno_like");
    const auto settings = settings_at_end(scenario);
    const auto one = find_steady_states(scenario, settings, {.size = 16}, 1);
    const auto three = find_steady_states(scenario, settings, {.size = 16}, 3);
    REQUIRE(one.states.size() == 3);
    REQUIRE(three.states.size() == 3);
    const Instance instance = scenario.model->make();
    instance.set(settings);
    for (std::size_t i = 0; i < one.states.size(); ++i) {
        CHECK(one.states[i].state == three.states[i].state);
        CHECK(one.states[i].n_starts == three.states[i].n_starts);
        std::vector<double> rates(one.states[i].state.size());
        instance.system.rhs(0, one.states[i].state, rates);
        for (std::size_t k = 0; k < rates.size(); ++k) {
            INFO(scenario.model->species[k].name);
            CHECK(std::abs(rates[k]) <= 1e-10 * (1 + 100 * one.states[i].state[k]));
        }
    }
    CHECK(one.states[2].n_unstable == 1);
}

TEST_CASE("weaning is over in the steady states of a run that ends before it", "[validation][steady]")
{
    Scenario scenario = scenario_of("cmo");
    scenario.end = to_tick(14);
    const std::size_t tone = index_of(scenario.model->settings, "weaning_tone");
    CHECK(settings_at_end(scenario)[tone] == 1);
}

TEST_CASE("just inside and just outside each fold, runs do what continuation claims", "[validation][continuation]")
{
    const std::size_t competence = index_of(models().front().settings, "il10_competence");
    const Moved moved{"il10_competence", "1", competence, 0, 1.2};
    std::vector<solvers::steady::FoldPoint> folds;
    std::size_t n_healthy_folds = 0, n_inflamed_folds = 0;
    for (const double il1b_gene : {2.5, 3.0, 4.0, 5.0, 6.0}) {
        INFO("il1b_gene " << il1b_gene);
        Scenario scenario = scenario_of("wild_type", {fmt::format("il1b_gene={}", il1b_gene)});
        const auto at = [&](double value) {
            Scenario moved_there = scenario;
            moved_there.overrides.emplace_back(competence, value);
            return moved_there;
        };
        std::vector<Seed> seeds;
        for (const double p : {moved.from, moved.to}) {
            const Scenario there = at(p);
            for (const SteadyState& state : find_steady_states(there, settings_at_end(there), {.size = 8}, 0).states) {
                seeds.push_back({p, state.state});
            }
        }
        MapRow row;
        for (const auto& branch : follow_branches(scenario, settings_at_end(scenario), moved, seeds)) {
            for (const auto& special : branch.specials) {
                row.folds.push_back({special.at.y, special.at.p, il1b_gene});
            }
        }
        std::ranges::sort(row.folds, {}, &solvers::steady::FoldPoint::p);
        REQUIRE((row.folds.size() == 1 || row.folds.size() == 2));
        folds.insert(folds.end(), row.folds.begin(), row.folds.end());
        // The inflamed state ends at the upper fold, the healthy one at the lower: in between there are both.
        const double upper = row.folds.back().p, lower = row.folds.size() == 2 ? row.folds.front().p : moved.from;
        const Scenario middle = at((lower + upper) / 2);
        const auto both = find_steady_states(middle, settings_at_end(middle), {.size = 16}, 0);
        REQUIRE(both.states.size() == 3);
        const auto &healthy = both.states[0].state, &inflamed = both.states[1].state;
        const double little = 0.004;
        CHECK(ends_ill(at(upper - little), inflamed));
        CHECK_FALSE(ends_ill(at(upper - little), healthy));
        CHECK_FALSE(ends_ill(at(upper + little), inflamed));
        CHECK_FALSE(ends_ill(at(upper + little), healthy));
        ++n_inflamed_folds;
        if (row.folds.size() == 2) {
            CHECK_FALSE(ends_ill(at(lower + little), healthy));
            CHECK(ends_ill(at(lower + little), inflamed));
            CHECK(ends_ill(at(lower - little), healthy));
            CHECK(ends_ill(at(lower - little), inflamed));
            ++n_healthy_folds;
        }
    }
    CHECK(n_inflamed_folds == 5);
    CHECK(n_healthy_folds >= 2);

    // The curve through one of them meets the others of its kind.
    const Scenario scenario = scenario_of("wild_type");
    const std::size_t il1b_gene = index_of(scenario.model->settings, "il1b_gene");
    auto family = family_of(scenario, settings_at_end(scenario), {competence, il1b_gene});
    family.parameter_scale = {1.2, 8};
    const auto curve = solvers::steady::continue_fold(family, folds.front(), {0, 1.2}, {0, 8});
    std::size_t n_met = 0;
    for (const auto& fold : folds) {
        for (std::size_t i = 1; i < curve.points.size(); ++i) {
            const auto &a = curve.points[i - 1], &b = curve.points[i];
            if ((a.q - fold.q) * (b.q - fold.q) <= 0 && a.q != b.q) {
                const double p = a.p + (fold.q - a.q) / (b.q - a.q) * (b.p - a.p);
                n_met += std::abs(p - fold.p) < 1e-3 ? 1 : 0;
            }
        }
    }
    CHECK(n_met == 5);
}

TEST_CASE("a map is written, read back and drawn: regions, curves of folds, branches cut where stability changes",
          "[validation][continuation]")
{
    const Library library = read_library(library_folder());
    const Scenario scenario = parse_scenario("genotype = \"cno_like\"\n[continue]\nparameter = \"il10_competence\"\n"
                                             "from = 0\nto = 0.6\nsecond = \"il1b_gene\"\nsecond_from = 2\n"
                                             "second_to = 5\n",
                                             "small_map.toml", library);
    const Continuation result = continue_states(scenario, 2);
    const Folder folder;
    const auto path = folder.path / "small_map.continue.h5";
    {
        output::ResultsWriter writer(path, false);
        record_continuation(scenario, result, writer);
    }
    const output::ResultsReader file(path);
    CHECK(file.text_attribute("", "analysis") == "continue");
    CHECK(file.number_attribute("", "parameter_value") == 0.2);
    CHECK(file.number_attribute("", "second_value") == 3.0);

    // The row of this animal: both states up to the fold that its branch has.
    const auto rows = file.numbers("il1b_gene");
    const std::size_t n_regions = file.shape("map/region").at(1);
    const auto row = static_cast<std::size_t>(
        std::ranges::find_if(rows, [](double q) { return std::abs(q - 3) < 1e-9; }) - rows.begin());
    REQUIRE(row < rows.size());
    CHECK(file.numbers("map/region").at(row * n_regions) == 1);
    CHECK(file.numbers("map/region").at(row * n_regions + 1) == 0);
    const double fold = file.numbers("special/il10_competence").at(0);
    CHECK(std::abs(fold - 0.2022061268) < 1e-8);
    CHECK(std::abs(file.numbers("map/border").at(row * n_regions) - fold) < 1e-9);

    const output::Figure figure = figure_of(file, "small_map", {"il1b"});
    REQUIRE(figure.panels.size() == 2);
    CHECK(figure.panels[0].bands.size() == 3);
    std::size_t n_dotted = 0;
    for (const output::Line& line : figure.panels[1].lines) {
        n_dotted += line.dotted ? 1 : 0;
        const bool meets = std::ranges::any_of(line.x, [&](double x) { return x == fold; });
        CHECK((meets || line.x.back() == 0.6 || line.x.front() == 0.6));
    }
    CHECK(n_dotted == 1);
    CHECK_THROWS_WITH(figure_of(file, "small_map", {"il1c"}), Catch::Matchers::Contains("did you mean 'il1b'?"));
}
