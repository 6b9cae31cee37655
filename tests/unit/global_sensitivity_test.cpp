#include "output/results_reader.hpp"
#include "scenarios/analyses/sensitivity/sensitivity_file.hpp"
#include "scenarios/analyses/sensitivity/sensitivity_words.hpp"
#include "scenarios/figures.hpp"

#include "folder.hpp"
#include "tests/library.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>

using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

const std::string two_animals = "end = \"150 d\"\n[output]\nevery = \"50 d\"\nvariables = [\"bone\"]\n"
                                "[sweep]\nmethod = \"random\"\nsize = 256\n"
                                "vary.genotype = [\"wild_type\", \"cmo\"]\n"
                                "vary.onset_swelling = { from = 0.2, to = 0.3 }\n";

const std::string cmo_mice = "genotype = \"cmo\"\nend = \"70 d\"\n[output]\nevery = \"30 d\"\nvariables = [\"il1b\"]\n"
                             "[sweep]\nmethod = \"sobol\"\nsize = 256\n"
                             "vary.cxcl1_half = { lognormal_cv = 0.2 }\nvary.pstpip2_gain = { from = 6, to = 10 }\n";

GlobalPlan plan_of(const std::string& text, GlobalMethod method = GlobalMethod::sobol, std::size_t rows = 0,
                   const std::vector<std::string>& of = {})
{
    return plan_global_sensitivity(parse_scenario(text, "mine.toml", library()), method, rows, of);
}

std::size_t response(const GlobalPlan& plan, const std::string& name)
{
    const auto found = std::ranges::find(plan.responses, name, &Response::name);
    REQUIRE(found != plan.responses.end());
    return static_cast<std::size_t>(found - plan.responses.begin());
}

/// Bit by bit, since NaN is never equal.
bool same(const std::vector<std::vector<double>>& one, const std::vector<std::vector<double>>& other)
{
    return std::ranges::equal(one, other, [](const auto& a, const auto& b) {
        return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
    });
}

std::string bytes_of(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write_to(const std::filesystem::path& path, const GlobalPlan& plan, const GlobalRuns& runs,
              const std::vector<ResponseAnalysis>& analyses)
{
    osteoflare::output::ResultsWriter file(path, true);
    write_global_sensitivity(file, plan, runs, analyses);
}

} // namespace

TEST_CASE("between two genotypes all of bone's variance is the genotype's, none the threshold's by which onset is told",
          "[scenarios]")
{
    const GlobalPlan plan = plan_of(two_animals);
    const GlobalRuns runs = run_global_sensitivity(plan, {}, 2, nullptr);
    const auto analyses = analyse(plan, runs);
    // The animals alone.
    const auto alone = [](const char* genotype) {
        const Study study(
            parse_scenario("genotype = \"" + std::string(genotype) + "\"\nend = \"150 d\"", "a.toml", library()));
        const auto& summaries = study.scenario().model->summaries;
        const auto block = run_block(study, std::vector<double>{150}, 0, 1);
        const auto bone = std::ranges::find(summaries, "final_bone", &osteoflare::model::Summary::name);
        return block.summaries[static_cast<std::size_t>(bone - summaries.begin())];
    };
    const double healthy = alone("wild_type"), ill = alone("cmo");
    const auto& bone = analyses[response(plan, "final_bone")].sobol.front();
    const double share_ill = (healthy - bone.mean) / (healthy - ill);
    CHECK(share_ill == Approx(0.5).margin(0.02)); // scrambled points are nearly even
    CHECK(bone.variance == Approx(share_ill * (1 - share_ill) * (healthy - ill) * (healthy - ill)).epsilon(1e-4));
    CHECK(bone.first[0].low <= 1);
    CHECK(bone.first[0].high >= 1);
    CHECK(bone.total[0].low <= 1);
    CHECK(bone.total[0].high >= 1);
    CHECK(std::abs(bone.total[1].value) < 1e-9); // steps of the solver do not depend on it

    const auto& onset = analyses[response(plan, "onset")];
    CHECK(onset.share_never == Approx(0.5).margin(0.02));
    CHECK(onset.sobol.front().mean == Approx((150 + 50.9) / 2).margin(3)); // the end counts where it never comes
    CHECK(analyses[response(plan, "onset_reached")].sobol.front().mean == Approx(share_ill).margin(1e-12));
    CHECK(onset.sobol.front().total[1].value > 0);

    const auto& course = analyses[response(plan, "bone")].sobol;
    REQUIRE(course.size() == plan.times.size());
    CHECK_FALSE(course.front().varies); // all begin alike
    CHECK(course.back().total[0].value == Approx(bone.total[0].value).margin(1e-6));
}

TEST_CASE(
    "a design that was made larger has the same bits as one made at once, in memory and in its file, on any number "
    "of threads",
    "[scenarios]")
{
    const osteoflare::tests::Folder folder;
    const auto file = folder.path / "grown.h5", at_once = folder.path / "at_once.h5";
    for (const auto& [method, rows] : {std::pair{GlobalMethod::sobol, 256}, std::pair{GlobalMethod::morris, 17}}) {
        const auto n = static_cast<std::size_t>(rows);
        const GlobalPlan small = plan_of(cmo_mice, method, n), large = plan_of(cmo_mice, method, 2 * n);
        const GlobalRuns half = run_global_sensitivity(small, {}, 2, nullptr);
        write_to(file, small, half, analyse(small, half));
        std::size_t first_done = 0;
        const GlobalRuns grown =
            run_global_sensitivity(large, read_global_runs(file, large), 2, [&](std::size_t done, std::size_t) {
                first_done = first_done == 0 ? done : first_done;
            });
        CHECK(first_done == n * small.points_per_row()); // these were not run again
        const GlobalRuns whole = run_global_sensitivity(large, {}, 1, nullptr);
        CHECK(grown.status == whole.status);
        CHECK(same(grown.values, whole.values));
        CHECK(same(grown.factors, whole.factors));
        write_to(file, large, grown, analyse(large, grown));
        write_to(at_once, large, whole, analyse(large, whole));
        CHECK(bytes_of(file) == bytes_of(at_once));
        // Nothing is left to run.
        CHECK(run_global_sensitivity(large, read_global_runs(file, large), 1, nullptr).n_rows == 2 * n);
        CHECK_THROWS_WITH(read_global_runs(file, small), Catch::Contains("rows already"));
        CHECK_THROWS_WITH(
            read_global_runs(file, plan_of(cmo_mice + "vary.ccl2_half = { lognormal_cv = 0.1 }\n", method, 2 * n)),
            Catch::Contains("another scenario, seed, method"));
        const osteoflare::output::ResultsReader reader(file);
        CHECK_FALSE(figure_of(reader, "grown.h5", {}).panels.empty());
        CHECK_THROWS_WITH(figure_of(reader, "grown.h5", {"onse"}), Catch::Contains("onset"));
    }
}

TEST_CASE("a design's members have what the sweep's own distributions give", "[scenarios]")
{
    const GlobalPlan plan = plan_of(cmo_mice);
    const GlobalRuns runs = run_global_sensitivity(plan, {}, 2, nullptr);
    double mean = 0, square = 0;
    const auto n = static_cast<double>(runs.factors[0].size());
    for (const double value : runs.factors[0]) {
        mean += value / n;
        square += value * value / n;
    }
    const double default_value = 84.3; // a lognormal factor of mean 1 and variation 0.2
    CHECK(mean == Approx(default_value).epsilon(0.01));
    CHECK(std::sqrt(square / mean / mean - 1) == Approx(0.2).epsilon(0.05));
    CHECK(std::ranges::min(runs.factors[1]) >= 6);
    CHECK(std::ranges::max(runs.factors[1]) <= 10);
}

TEST_CASE("a lognormal factor scales what the member's own genotype has", "[scenarios]")
{
    const GlobalPlan plan =
        plan_of("end = \"8 d\"\n[output]\nkeep = \"summaries\"\n[sweep]\nmethod = \"random\"\nsize = 256\n"
                "vary.pstpip2_gain = { lognormal_cv = 0.1 }\n"
                "vary.microbiota = { lognormal_cv = 0.1 }\n"
                "vary.genotype = [\"cmo\", \"cmo_high_fat_diet\"]\n");
    const GlobalRuns runs = run_global_sensitivity(plan, {}, 2, nullptr);
    std::vector<double> sum(2), count(2);
    const std::size_t least = static_cast<std::size_t>(std::ranges::min(runs.factors[2]));
    for (std::size_t i = 0; i < runs.status.size(); ++i) {
        const auto genotype = static_cast<std::size_t>(runs.factors[2][i]) - least;
        sum[genotype] += runs.factors[1][i];
        count[genotype] += 1;
    }
    CHECK(sum[0] / count[0] == Approx(1).epsilon(0.02));
    CHECK(sum[1] / count[1] == Approx(0.3).epsilon(0.02));
}

TEST_CASE("rows with a failed run are left out whole and told", "[scenarios]")
{
    const GlobalPlan plan = plan_of(two_animals + "[numerics]\nmost_steps = 150\n");
    const GlobalRuns runs = run_global_sensitivity(plan, {}, 2, nullptr);
    std::size_t complete_rows = 0;
    for (std::size_t row = 0; row < runs.n_rows; ++row) {
        const auto first = runs.status.begin() + static_cast<std::ptrdiff_t>(row * 4);
        complete_rows += std::all_of(first, first + 4, [](std::uint8_t code) { return code == 0; }) ? 1 : 0;
    }
    const auto analyses = analyse(plan, runs);
    const auto words = describe(plan, runs, analyses);
    INFO(words.front());
    CHECK(runs.n_failed() == runs.status.size() / 2); // cmo mice need more steps
    CHECK(complete_rows > 0);
    CHECK(analyses[response(plan, "final_bone")].sobol.front().n_rows == complete_rows);
    CHECK(words.front().find(std::to_string(runs.n_failed()) + " failed") != std::string::npos);
}

TEST_CASE("what cannot be analysed is refused before any run, with what to do instead", "[scenarios]")
{
    const auto refused = [](const std::string& text, const std::string& words, GlobalMethod method, std::size_t rows,
                            const std::vector<std::string>& of) {
        CHECK_THROWS_WITH(plan_of(text, method, rows, of), Catch::Contains(words));
    };
    using enum GlobalMethod;
    refused("genotype = \"cmo\"", "no [sweep]", sobol, 0, {});
    refused("[sweep]\nmethod = \"grid\"\nvary.cxcl1_half = [80, 90]", "a grid or list", sobol, 256, {});
    refused("model = \"agents\"\n[sweep]\nmethod = \"random\"\nsize = 256\nvary.cxcl1_half = { from = 80, to = 90 }",
            "chance would pass for an interaction", sobol, 0, {});
    refused(two_animals, "a list has no direction", morris, 0, {});
    refused(two_animals, "use --size 272", sobol, 257, {});
    refused(two_animals, "use --size 256", sobol, 16, {});
    refused(two_animals, "did you mean 'onset'?", sobol, 0, {"onst"});
    refused(two_animals, "stands twice", sobol, 0, {"bone", "bone"});
    refused("[sweep]\nmethod = \"random\"\nsize = 256\nvary.casp1_basal = { lognormal_cv = 2 }", "narrow the spread",
            sobol, 0, {});
}
