#include "scenarios/schedule.hpp"

#include "catch.hpp"

using namespace osteoflare::scenarios;

namespace {

constexpr Tick day = ticks_per_day;

Intervention intervention(const char* name, double from, std::optional<double> until, std::size_t setting, double value,
                          bool of_life = false)
{
    Intervention made;
    made.name = name;
    made.title = name;
    made.from = to_tick(from);
    if (until) {
        made.until = to_tick(*until);
    }
    made.sets = {{.setting = setting, .value = value}};
    made.of_life = of_life;
    return made;
}

const std::vector<std::string> names = {"tone", "drug", "gene"};
const std::vector<double> base = {0.15, 0, 1};

struct Seen {
    double at;
    std::size_t setting;
    double value;
    bool operator==(const Seen&) const = default;
};

std::vector<Seen> changes(const std::vector<Intervention>& interventions, double start = 7, double end = 150)
{
    std::vector<Seen> seen;
    for (const Change& change : expand(interventions, to_tick(start), to_tick(end), base)) {
        seen.push_back({to_days(change.at), change.setting, change.value});
    }
    return seen;
}

} // namespace

TEST_CASE("ticks keep days to the second", "[scenarios]")
{
    CHECK(to_tick(7) == 7 * day);
    CHECK(to_tick(0.5) == day / 2);
    CHECK(to_days(to_tick(1.0 / 3)) == Approx(1.0 / 3).margin(0.5 / 86400));
}

TEST_CASE("a treatment sets its input and gives it back", "[scenarios]")
{
    CHECK(changes({intervention("drug", 75, 135, 1, 8000)}) == std::vector<Seen>{{75, 1, 8000}, {135, 1, 0}});
}

TEST_CASE("an event without an end lasts to the end of the run", "[scenarios]")
{
    CHECK(changes({intervention("drug", 75, {}, 1, 8000)}) == std::vector<Seen>{{75, 1, 8000}});
}

TEST_CASE("a life event before the start has already happened", "[scenarios]")
{
    CHECK(changes({intervention("weaning", 21, {}, 0, 1, true)}, 30) == std::vector<Seen>{{30, 0, 1}});
}

TEST_CASE("a setting returns to what life made of it, not to its start", "[scenarios]")
{
    CHECK(changes({intervention("weaning", 21, {}, 0, 1, true), intervention("antibiotics", 30, 40, 0, 0.3)})
          == std::vector<Seen>{{21, 0, 1}, {30, 0, 0.3}, {40, 0, 1}});
}

TEST_CASE("back-to-back courses of one input change it once where they meet", "[scenarios]")
{
    CHECK(changes({intervention("a", 75, 80, 1, 1), intervention("b", 80, 90, 1, 2)})
          == std::vector<Seen>{{75, 1, 1}, {80, 1, 2}, {90, 1, 0}});
}

TEST_CASE("interventions outside the run, reversed or overlapping are named", "[scenarios]")
{
    const auto problem = [](const std::vector<Intervention>& interventions) {
        const auto found = find_problem(interventions, to_tick(7), to_tick(150), names);
        return found ? found->problem.what + " (" + found->problem.why + ")" : "";
    };
    CHECK(problem({intervention("drug", 75, 135, 1, 1)}).empty());
    CHECK(problem({intervention("drug", 160, {}, 1, 1)})
          == "'drug' begins on day 160, outside the run (the run goes from day 7 to day 150)");
    CHECK(problem({intervention("drug", 150, {}, 1, 1)}).find("outside the run") != std::string::npos);
    CHECK(problem({intervention("drug", 75, 151, 1, 1)}).find("ends on day 151, outside the run") != std::string::npos);
    CHECK(problem({intervention("drug", 75, 75, 1, 1)}).find("not after it begins") != std::string::npos);
    CHECK(problem({intervention("a", 75, 90, 1, 1), intervention("b", 80, 100, 1, 2)})
          == "'b' overlaps with 'a' (both set drug on day 80)");
    CHECK(problem({intervention("a", 75, {}, 1, 1), intervention("b", 80, 100, 2, 2)}).empty());
    CHECK(problem({intervention("weaning", 21, {}, 0, 1, true), intervention("b", 30, 100, 0, 2)}).empty());
}
