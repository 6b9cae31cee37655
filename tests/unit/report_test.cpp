#include "output/results_reader.hpp"
#include "scenarios/record.hpp"
#include "scenarios/reporting/report.hpp"
#include "scenarios/reporting/reported_file.hpp"
#include "scenarios/reporting/wiring.hpp"
#include "tests/folder.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::reporting;
using osteoflare::tests::Folder;
using osteoflare::tests::library;

namespace {

std::filesystem::path recorded(const Folder& folder, const std::string& name, const std::string& text)
{
    const auto file = folder.path / (name + ".h5");
    (void)record_study(Study(parse_scenario(text, name + ".toml", library())), {.file = file, .threads = 1}, {});
    return file;
}

/// What a page's script reads.
nlohmann::json data_of(const std::string& page)
{
    const std::string tag = "<script type=\"application/json\" id=\"data\">";
    const std::size_t begin = page.find(tag) + tag.size();
    return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

std::size_t count(const std::string& text, const std::string& word)
{
    std::size_t n = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        n += 1;
    }
    return n;
}

} // namespace

TEST_CASE("what fills a species less what empties it, in the wiring, is its rate of change", "[report]")
{
    for (const ModelEntry& model : models()) {
        if (model.is_spatial || model.name == "komarova2003") {
            continue; // no equations; balances that are no plain sums of fluxes
        }
        const auto settings = model.default_settings();
        auto state = model.start_state();
        for (std::size_t s = 0; s < state.size(); ++s) {
            state[s] = (state[s] + 0.1) * (1 + 0.1 * static_cast<double>(s));
        }
        const Wiring wiring = wiring_of(model, settings, state);
        const Instance instance = model.make();
        instance.set(settings);
        std::vector<double> rates(state.size()), seen(model.readouts.size() + model.fluxes.size()), sums(state.size());
        instance.system.rhs(0, state, rates);
        instance.observe(state, seen);
        for (const WiringTerm& term : wiring.terms) {
            sums[term.species] += term.sign * seen[model.readouts.size() + term.flux];
        }
        for (std::size_t s = 0; s < state.size(); ++s) {
            INFO(model.name << " " << model.species[s].name);
            CHECK(sums[s] == Approx(rates[s]).epsilon(1e-10).margin(1e-12));
        }
    }
}

TEST_CASE("arrows of the wiring point where the biology says, also where a flux approaches its aim", "[report]")
{
    const ModelEntry& niche = models().front();
    Scenario scenario = parse_scenario("genotype = \"cmo\"\nend = \"60 d\"", "cmo.toml", library());
    const Study study(std::move(scenario));
    const Block block = run_block(study, std::vector<double>{60}, 0, 1);
    const Member member = study.member(0);
    auto settings = member.settings;
    for (const Change& change : member.changes) {
        settings[change.setting] = change.value;
    }
    // Inflamed, then with RANKL far above its aim, so that it falls.
    auto state = block.last_states;
    for (const double rankl : {1.0, 50.0}) {
        state[index_of(niche.species, "rankl_ratio")] *= rankl;
        const Wiring wiring = wiring_of(niche, settings, state);
        const auto strength = [&](const char* from, const char* to) {
            double strongest = 0;
            for (const WiringEdge& edge : wiring.edges) {
                if (edge.from == index_of(niche.species, from) && edge.to == index_of(niche.species, to)) {
                    strongest = std::abs(edge.elasticity) > std::abs(strongest) ? edge.elasticity : strongest;
                }
            }
            return strongest;
        };
        CHECK(strength("pro_il1b", "il1b") == Approx(1).epsilon(0.02)); // all of it comes from there
        CHECK(strength("il1b", "cxcl1") > 0);
        CHECK(strength("il10", "pro_il1b") < 0);
        CHECK(strength("osteoclasts", "bone") == Approx(-1).epsilon(0.02)); // by what empties it
        CHECK(strength("il1b", "osteoblasts") <= 0);
        CHECK(strength("osteoblast_precursors", "osteoblasts") > 0);
        double raised = 0;
        for (const char* signal : {"tnf", "il6", "il1b", "pge2"}) {
            CHECK(strength(signal, "rankl_ratio") >= 0);
            raised = std::max(raised, strength(signal, "rankl_ratio"));
        }
        CHECK((rankl > 1 || raised > 0)); // far above its aim, RANKL falls whatever they do
    }
}

TEST_CASE("a report's explained animal is the file's own, bit for bit, and stands in the middle of its group",
          "[report]")
{
    const Folder folder;
    const auto file = recorded(folder, "litter", R"(
        genotype = "cmo"
        end = "60 d"
        [sweep]
        method = "latin_hypercube"
        size = 9
        [sweep.vary]
        neutrophil_recruitment = { lognormal_cv = 0.3 }
    )");
    const ReportedFile reported = read_reported(file, library());
    REQUIRE(reported.study);
    const auto explained = explain(reported, 6);
    REQUIRE(explained.size() == 1);
    CHECK(explained.front().difference.value() == 0);
    CHECK(explained.front().fluxes.size() == reported.study->scenario().model->fluxes.size());
    const auto peaks = reported.file->numbers("peak_swelling");
    const double own = peaks[explained.front().member];
    CHECK(std::ranges::count_if(peaks, [&](double peak) { return peak < own; }) == 4);
}

TEST_CASE("a report holds what the file holds, to five digits", "[report]")
{
    const Folder folder;
    const auto file = recorded(folder, "pair", R"(
        end = "60 d"
        [sweep]
        method = "list"
        [sweep.vary]
        genotype = ["wild_type", "cmo"]
    )");
    const std::string page = report({file}, library());
    CHECK(page.size() < 3'000'000);
    const auto data = data_of(page);
    const output::ResultsReader reader(file);
    REQUIRE(data["groups"].size() == 2);
    std::size_t compared = 0;
    for (const auto& variable : data["variables"]) {
        const auto values = reader.numbers(variable["name"]);
        for (std::size_t g = 0; g < 2; ++g) {
            const auto& middle = variable["courses"][g]["middle"];
            REQUIRE(middle.size() == values.size() / 2);
            for (std::size_t t = 0; t < middle.size(); ++t) {
                const double value = values[g * middle.size() + t];
                REQUIRE(std::abs(middle[t].get<double>() - value) <= 0.6e-4 * std::abs(value));
                compared += 1;
            }
        }
    }
    CHECK(compared > 1000);
    // Both genotypes were looked at in animals, and calibrated numbers are marked.
    CHECK(page.find("about 100 % by 3-4 months") != std::string::npos);
    CHECK(count(page, "data-origin=\"calibrated\"") > 10);
}

TEST_CASE("texts of a file reach a report as texts", "[report]")
{
    const Folder folder;
    const auto file = recorded(folder, "hostile", R"(
        title = "</title><script>alert(1)</script>"
        question = "<img src=x onerror=alert(2)>"
        end = "9 d"
        [[event]]
        name = "<script><b>boo" # a slash would be refused
        at = "8 d"
        input = "sterile_injury"
        value = 1
        duration = "1 h"
    )");
    const std::string page = report({file}, library());
    CHECK(page.find("<script>alert") == std::string::npos);
    CHECK(page.find("<img src=x") == std::string::npos);
    CHECK(page.find("<b>boo") == std::string::npos);
    CHECK(count(page, "</script>") == 2); // of the data and of the page's own
    CHECK(data_of(page)["files"][0]["marks"].size() == 1);
}

TEST_CASE("a report names every member that failed, and why", "[report]")
{
    const Folder folder;
    const auto file = recorded(folder, "failing", R"(
        end = "60 d"
        [numerics]
        most_steps = 150
        [sweep]
        method = "list"
        [sweep.vary]
        genotype = ["wild_type", "cmo"]
    )");
    const output::ResultsReader reader(file);
    const auto status = reader.numbers("status");
    INFO(status[0] << " " << status[1]);
    REQUIRE(std::ranges::count(status, 0.0) == 1);
    const std::string page = report({file}, library());
    CHECK(page.find("Members that did not reach their end") != std::string::npos);
    CHECK(page.find("step_limit") != std::string::npos);
}

TEST_CASE("several files are compared, though each keeps its own days", "[report]")
{
    const Folder folder;
    const auto one = recorded(folder, "one", "end = \"60 d\""),
               other = recorded(folder, "other", "genotype = \"cmo\"\nend = \"40 d\"\n[output]\nevery = \"2 d\"");
    const auto data = data_of(report({one, other}, library()));
    REQUIRE(data["groups"].size() == 2);
    CHECK(data["groups"][1]["name"] == "other: cmo");
    CHECK(data["files"][0]["days"].size() != data["files"][1]["days"].size());
    CHECK(data["explained"].size() == 2);
}

TEST_CASE("of an unfinished sweep a report shows what is whole, and says what is not", "[report]")
{
    const Folder folder;
    const auto file = folder.path / "sweep.h5";
    const Study study(parse_scenario(R"(
        end = "20 d"
        [output]
        every = "1 h"
        [sweep]
        method = "latin_hypercube"
        size = 1100
        [sweep.vary]
        genotype = ["wild_type", "cmo"]
        cxcl1_half = { lognormal_cv = 0.08 }
    )",
                                     "sweep.toml", library()));
    const auto compute = [&](std::size_t part) {
        return record_part(study, {.number = part, .count = 3}, {.file = file, .threads = 1}, {});
    };
    const auto first = compute(1), last = compute(3);
    const std::size_t n_run = first.last - first.first + last.last - last.first;
    REQUIRE(first.last > 0);
    REQUIRE(last.first > first.last);
    REQUIRE(last.last > last.first);
    const auto has_run = [&](std::size_t member) { return member < first.last || member >= last.first; };
    const auto shown = [](const ReportedFile& reported) {
        std::vector<std::size_t> members;
        for (const Group& group : reported.groups) {
            members.insert(members.end(), group.members.begin(), group.members.end());
        }
        return members;
    };
    const ReportedFile reported = read_reported(file, library());
    CHECK(reported.unfinished.find(std::to_string(n_run) + " of 1100 members") != std::string::npos);
    CHECK(shown(reported).size() == n_run);
    CHECK(std::ranges::all_of(shown(reported), has_run));
    CHECK(reported.outcomes.n_failed == 0);
    // What is shown is what the whole sweep has; what is not has no numbers.
    const Block block = run_block(study, reported.times, last.first, last.first + 1);
    const auto numbers = reported.file->numbers("swelling", last.first, 1);
    const auto columns = column_descriptions(study.scenario());
    const auto swelling = std::ranges::find(columns, "swelling", &model::Description::name) - columns.begin();
    const auto n_times = static_cast<std::ptrdiff_t>(reported.times.size());
    CHECK(std::equal(numbers.begin(), numbers.end(), block.columns.begin() + swelling * n_times));
    CHECK(std::isnan(reported.file->numbers("swelling", first.last, 1).front()));

    // One damaged shard: the others stay, and nothing is touched.
    std::filesystem::path shard;
    for (const auto& entry : std::filesystem::directory_iterator(last.folder)) {
        shard = entry.path().extension() == ".shard" ? entry.path() : shard;
    }
    {
        std::fstream bytes(shard, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(5000);
        bytes.put('\x55');
    }
    const std::string page = report({file}, library());
    CHECK(page.find("not shown: ") != std::string::npos);
    CHECK(page.find(shard.filename().string()) != std::string::npos);
    CHECK(page.find(std::to_string(first.last) + " of 1100 members") != std::string::npos);
    CHECK(std::filesystem::exists(shard));
}
