#include "scenarios/spatial/tissue_run.hpp"
#include "solvers/ensemble.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;

/// With fast diffusion and fast cells the agents are the niche: the mean over replicates of every variable follows its
/// equations.
namespace {

/// A box in which everything is everywhere within a step: cells cross it in one, cytokines before they are cleared.
std::string mixed(const std::string& head, std::size_t replicates)
{
    const char* seed = std::getenv("OSTEOFLARE_SEED");
    std::ostringstream text;
    text << "model = \"agents\"\n"
         << head << R"(
        [tissue]
        width = "600 um"
        depth = "600 um"
        height = "300 um"
        voxel = "50 um"
        bone_height = "50 um"
        step = "10 min"
        field_step = "30 s"
        [parameters]
        cytokine_diffusion = 1000
        pge2_diffusion = 1000
        ros_diffusion = 1000
        damage_diffusion = 1000
        neutrophil_speed = 100
        macrophage_speed = 100
        precursor_speed = 100
        osteoclast_speed = 30
        chemotaxis_gain = 0
        precursor_homing = 0
        [output]
        every = "1 d"
        [sweep]
        replicates = )"
         << replicates << "\nseed = " << (seed ? seed : "1") << "\n";
    return text.str();
}

struct Difference {
    std::string name;
    double day = 0, equation = 0, agents = 0, error = 0; ///< mean over the replicates, and its standard error
    double in_errors() const { return (agents - equation) / error; }
};

/// Every species on these days; `head` says what the tissues and the equations have in common.
std::vector<Difference> differences(const std::string& head, const std::vector<double>& days, std::size_t replicates)
{
    const Study study(parse_scenario(mixed(head, replicates), "mixed.toml", library()));
    const auto times = output_times(study.scenario());
    std::vector<Course> courses(study.size());
    solvers::for_each_member(study.size(), 0, [&](std::size_t i) {
        spatial::TissueRun run(study.scenario(), study.member(i), times);
        while (!run.is_over()) {
            run.step(1);
        }
        courses[i] = run.course();
    });
    const Study equations(parse_scenario(head, "niche.toml", library()));
    const Course niche = run_member(equations.scenario(), equations.member(0), times);

    std::vector<Difference> found;
    const auto& species = study.scenario().model->species;
    for (std::size_t s = 0; s < species.size(); ++s) {
        for (const double day : days) {
            const auto row = static_cast<std::size_t>(std::ranges::find(times, day) - times.begin());
            const auto value = [&](const Course& course) { return course.columns[s * times.size() + row]; };
            double sum = 0, squares = 0;
            for (const Course& course : courses) {
                sum += value(course);
            }
            const double n = static_cast<double>(courses.size()), mean = sum / n;
            for (const Course& course : courses) {
                squares += (value(course) - mean) * (value(course) - mean);
            }
            found.push_back({std::string(species[s].name), day, value(niche), mean, std::sqrt(squares / (n - 1) / n)});
        }
    }
    return found;
}

/// The number of differences beyond so many standard errors, and a table of all.
std::size_t beyond(const std::vector<Difference>& all, double errors, std::string& table)
{
    std::ostringstream text;
    std::size_t n = 0;
    for (const Difference& d : all) {
        // What hardly varies between replicates (the microbial tone, say) must agree to a part in a thousand.
        const bool far = std::abs(d.agents - d.equation) > std::max(errors * d.error, 1e-3 * std::abs(d.equation));
        n += far ? 1 : 0;
        text << (far ? " * " : "   ") << d.name << " day " << d.day << ": " << d.agents << " +- " << d.error
             << ", equations " << d.equation << ", " << d.in_errors() << " standard errors\n";
    }
    table = text.str();
    return n;
}

} // namespace

TEST_CASE("well mixed, the mean of 32 tissues follows the niche's equations within three standard errors",
          "[validation][tissue][.full]")
{
    const char* chosen = std::getenv("OSTEOFLARE_GENOTYPE");
    const char* count = std::getenv("OSTEOFLARE_REPLICATES");
    for (const std::string genotype : {"wild_type", "cmo"}) {
        if (chosen && genotype != chosen) {
            continue;
        }
        std::string table;
        const auto all = differences("genotype = \"" + genotype + "\"\nend = \"150 d\"\n", {30, 60, 100, 150},
                                     count ? std::stoul(count) : 32);
        const std::size_t n = beyond(all, 3, table);
        WARN(genotype << "\n" << table);
        CHECK(n == 0);
    }
}

TEST_CASE("well mixed, 16 tissues in the middle of disease follow the niche's equations for two days",
          "[validation][tissue][long]")
{
    // They begin with the equations' own state of day 100, so that every rate is at work and two days tell.
    const Study disease(parse_scenario("genotype = \"cmo\"\nend = \"100 d\"", "niche.toml", library()));
    const Course course = run_member(disease.scenario(), disease.member(0), std::vector<double>{100});
    std::ostringstream head;
    head.precision(17);
    head << "genotype = \"cmo\"\nstart = \"100 d\"\nend = \"102 d\"\n[initial]\n";
    const auto& species = disease.scenario().model->species;
    for (std::size_t s = 0; s < species.size(); ++s) {
        head << species[s].name << " = " << course.end_state[s] << "\n";
    }
    std::string table;
    const std::size_t n = beyond(differences(head.str(), {102}, 16), 4, table);
    INFO(table);
    CHECK(n == 0);
}
