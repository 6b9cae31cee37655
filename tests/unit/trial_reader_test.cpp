#include "scenarios/patients/trial.hpp"
#include "scenarios/scenario.hpp"

#include "catch.hpp"
#include "folder.hpp"
#include "library.hpp"

#include <fstream>

using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::patients;
using osteoflare::tests::library;

/// What a trial file says, and how it is told what is wrong with it.
namespace {

const std::string children = "[children]\nnumber = 20\nseed = 7\nweight = \"30 kg\"\n";
const std::string naproxen = "[[arm.course]]\nregimen = \"naproxen\"\nfrom = 0\n";

std::string complaint(const std::string& text, const TrialOverrides& overrides = {})
{
    try {
        (void)parse_trial(text, "trial.toml", library(), overrides);
    } catch (const InputError& error) {
        return error.what();
    }
    return "none";
}

std::string with_arm(const std::string& arm, const std::string& head = children)
{
    return head + "[trial]\nfollow = \"2 y\"\n[[arm]]\nname = \"one\"\n" + arm;
}

TrialOverrides setting(const std::string& written)
{
    TrialOverrides overrides;
    overrides.set.push_back(written);
    return overrides;
}

} // namespace

TEST_CASE("a trial says who is drawn, and how the diagnosed are treated", "[trials]")
{
    const Trial trial = parse_trial("title = \"A\"\nvisits = \"2 weeks\"\n" + children
                                        + "[population]\ntrigger_rate = \"0.1 /month\"\n"
                                          "[site.spine]\ntriggers = 3\n"
                                          "[parameters]\nil10_competence = 0.8\n"
                                          "[trial]\nfollow = \"1 y\"\n"
                                          "[[arm]]\nname = \"none\"\n"
                                          "[[arm]]\nname = \"naproxen\"\n"
                                        + naproxen + "[arm.inputs]\nnfkb_inhibition = 0.5\n[patient]\nchild = 3\n",
                                    "folder/first.toml", library());
    CHECK(trial.name == "first");
    CHECK(trial.cohort.n_children == 20);
    CHECK(trial.cohort.seed == 7);
    CHECK(trial.cohort.population.trigger_rate == Approx(1.2));
    CHECK(trial.cohort.median.il10_competence == 0.8);
    CHECK(trial.cohort.median.il1b_gene == 2.65);
    CHECK(trial.cohort.population.sites[21].triggers == 3);
    CHECK(trial.cohort.population.sites[21].susceptibility == 1);
    CHECK(trial.weight == 30);
    CHECK(trial.follow == 365.25);
    CHECK(trial.shown_child == 3U);
    REQUIRE(trial.arms.size() == 2);
    CHECK(trial.arms[0].plan.courses.empty());
    CHECK(trial.arms[1].plan.courses.size() == 1);
    CHECK(trial.arms[1].inputs.nfkb_inhibition == 0.5);
    const auto days = trial.visit_days();
    CHECK(days.size() == 27);
    CHECK(days.front() == 0);
    CHECK(days.back() == 364);
}

TEST_CASE("changes from outside hold for the population, the median child, the draw", "[trials]")
{
    TrialOverrides overrides = setting("trigger_rate=0.5");
    overrides.set.emplace_back("il1b_gene = 1");
    overrides.seed = 9;
    overrides.n_children = 5;
    const Trial trial = parse_trial(children, "trial.toml", library(), overrides);
    CHECK(trial.cohort.population.trigger_rate == 0.5);
    CHECK(trial.cohort.median.il1b_gene == 1);
    CHECK(trial.cohort.seed == 9);
    CHECK(trial.cohort.n_children == 5);
    CHECK(trial.applied == std::vector<std::string>{"trigger_rate=0.5", "il1b_gene=1", "seed=9", "children=5"});
    CHECK(complaint(children, setting("il10_competense=1"))
          == "--set:1:17: unknown parameter 'il10_competense' (the patient model has none of this name); did you mean "
             "'il10_competence'?");
    CHECK(complaint(children, setting("il10_competence"))
          == "--set:1:1: 'il10_competence' is no assignment (a name and a value are needed); write for example --set "
             "il10_competence=0.8");
    CHECK(complaint(children, setting("il10_competence=-1"))
          == "--set:1:17: il10_competence = -1 is out of range (it must be from 0 to 10); its default is 0.247");
}

TEST_CASE("wrong trials are told where, what and why", "[trials]")
{
    const auto begins = [](const std::string& text, const std::string& words) {
        const std::string told = complaint(text);
        INFO(told);
        return told.starts_with(words);
    };
    CHECK(begins("title = \"A\"\n", "trial.toml:1:1: 'children' is missing"));
    CHECK(begins("[children]\nnumber = 0\n", "trial.toml:2:"));
    CHECK(begins("[children]\nnumber = 1\nwieght = 30\n", "trial.toml:3:1: unknown key 'children.wieght'"));
    CHECK(begins("[children]\nnumber = 1\nweight = \"0 kg\"\n", "trial.toml:3:10: a child of 0 kg"));
    CHECK(begins("[children]\nnumber = 1\nweight = \"30 g\"\n", "trial.toml:3:10:"));
    CHECK(begins("model = \"niche\"\n" + children, "trial.toml:1:9: children of the model 'niche'"));
    CHECK(begins(children + "[population]\ntrigger_rat = 1\n",
                 "trial.toml:6:15: unknown quantity of the population 'trigger_rat'"));
    CHECK(begins(children + "[population]\nfirst_age = 20\n",
                 "trial.toml:1:1: children are followed from 20 to 18 years"));
    CHECK(
        begins(children + "[site.distal_tibia_lef]\ntriggers = 2\n",
               "trial.toml:5:1: unknown site 'distal_tibia_lef' (a child has no bone site of this name); did you mean "
               "'distal_tibia_left'?"));
    CHECK(begins(children + "[site.spine]\ntrigger = 2\n",
                 "trial.toml:6:11: unknown quantity of a site 'trigger' (the patient model has none of this name); did "
                 "you mean 'triggers'?"));
    CHECK(begins(children + "[parameters]\nil10_competence = \"3 pM\"\n", "trial.toml:6:19:"));
    CHECK(begins(children + "[trial]\nfollow = \"2 y\"\n", "trial.toml:1:1: a trial without arms"));
    CHECK(begins(children + "[[arm]]\nname = \"one\"\n", "trial.toml:1:1: arms without [trial]"));
    CHECK(begins(children + "[trial]\nfollow = \"40 y\"\n[[arm]]\nname = \"one\"\n",
                 "trial.toml:6:10: trial.follow = 14610 d"));
    CHECK(begins(with_arm("[[arm]]\nname = \"one\"\n"), "trial.toml:9:1: a second arm 'one'"));
    CHECK(begins(with_arm("[arm.inputs]\nanakinraa = 1\n"), "trial.toml:10:13: unknown input 'anakinraa'"));
}

TEST_CASE("wrong doses of a trial are refused before anybody is followed", "[trials]")
{
    CHECK(complaint(with_arm("[[arm.course]]\ndrug = \"naproxin\"\ndose = 15\nevery = 1\nfrom = 0\n"))
          == "trial.toml:10:8: unknown drug 'naproxin' (no model of it is there); did you mean 'naproxen'?");
    CHECK(complaint(with_arm("[[arm.course]]\ndrug = \"denosumab\"\ndose = 1\nevery = 1\nfrom = 0\n"))
              .starts_with("trial.toml:10:8: unknown drug 'denosumab' (no model of it is there); "));
    CHECK(complaint(with_arm(naproxen, "[children]\nnumber = 20\n")).find("weight") != std::string::npos);
    const std::string again = "[[arm.course]]\nregimen = \"naproxen\"\nname = \"again\"\nfrom = 100\n";
    CHECK(complaint(with_arm(naproxen + again)).find("courses 'again' and 'naproxen' overlap") != std::string::npos);
    const std::string late = "[[arm.rule]]\nif = \"vas >= 1\"\nat = \"3 y\"\nstop = [\"naproxen\"]\n";
    CHECK(complaint(with_arm(naproxen + late)).find("the rule of day 1095.75 can never fire") != std::string::npos);
    const std::string never = "[[arm.rule]]\nif = \"vas > 10\"\nat = 90\nstop = [\"naproxen\"]\n";
    CHECK(complaint(with_arm(naproxen + never)).find("the rule 'vas > 10' can never fire") != std::string::npos);
}

TEST_CASE("a table of events treats every child alike", "[trials]")
{
    const osteoflare::tests::Folder folder;
    const auto file = (folder.path / "trial.toml").string();
    const auto table = [&](const std::string& rows) {
        std::ofstream(folder.path / "doses.csv") << "ID,TIME,AMT,II,ADDL,DRUG\n" << rows;
    };
    table("4,10,450,1,9,naproxen\n");
    const Trial trial = parse_trial(with_arm("events = \"doses.csv\"\n"), file, library());
    REQUIRE(trial.arms.front().events);
    CHECK(trial.arms.front().events->size() == 10);
    CHECK(trial.arms.front().events->front().per_kg == 15);
    table("4,10,450,1,9,naproxen\n5,10,450,1,9,naproxen\n");
    CHECK_THROWS_WITH(parse_trial(with_arm("events = \"doses.csv\"\n"), file, library()),
                      Catch::Contains("has events of 2 patients (an arm treats all children alike)"));
    CHECK_THROWS_WITH(parse_trial(with_arm("events = \"doses.csv\"\n" + naproxen), file, library()),
                      Catch::Contains("a table of events beside courses or rules"));
}

TEST_CASE("fitted parameters become the median child's, and what it lacks is left aside", "[trials]")
{
    TrialOverrides overrides = setting("il1b_gene=2");
    overrides.fitted = {{"il10_competence", "1", 0.5}, {"il1b_gene", "1", 3}, {"score_scale", "1", 7}};
    overrides.fitted_from = "paw.fit.h5";
    const Trial trial = parse_trial(children, "trial.toml", library(), overrides);
    CHECK(trial.cohort.median.il10_competence == 0.5);
    CHECK(trial.cohort.median.il1b_gene == 2); // what is said on its own comes after
    CHECK(trial.applied == std::vector<std::string>{"parameters=paw.fit.h5", "il1b_gene=2"});
    CHECK(trial.notes == std::vector<std::string>{"score_scale: left aside (no parameter of the patient model)"});
    overrides.fitted = {{"score_scale", "1", 7}};
    CHECK(complaint(children, overrides)
          == "--parameters:1:1: paw.fit.h5 changes nothing (none of its parameters is one of the patient model); leave "
             "--parameters out");
    overrides.fitted = {{"il10_competence", "1", -7}};
    CHECK(complaint(children, overrides).starts_with("--parameters:1:1: il10_competence = -7 is out of range"));
}

TEST_CASE("who asks for a trial as if it were a scenario is told so", "[trials]")
{
    CHECK(unknown_scenario("first_line", library()).what == "'first_line' is a trial");
    CHECK(unknown_scenario("first_lime", library()).what == "unknown scenario 'first_lime'");
}
