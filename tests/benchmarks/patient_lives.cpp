#include "tests/benchmarks/patient_lives.hpp"

#include "scenarios/patients/cohort.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace osteoflare::benchmarks {
namespace {

namespace patient = model::patient;

constexpr std::uint64_t seed = 1;
constexpr double first_age = 8, last_age = 12, reference_tolerance = 1e-8;
constexpr std::size_t n_border = model::count_of<patient::Border<double>>(),
                      n_site = model::count_of<patient::Site<double>>();

patients::Population population()
{
    auto population = model::defaults<patients::Population>();
    population.first_age = first_age;
    population.last_age = last_age;
    return population;
}

template <class Set>
std::vector<double> flat(const Set& set)
{
    std::vector<double> values;
    Set::visit(set, [&](const double& value, const model::Description&) { values.push_back(value); });
    return values;
}

/// A site's settings while it is injured so much.
std::vector<double> settings_of(const patient::Parameters<double>& parameters, double damage)
{
    std::vector<double> settings = flat(parameters);
    patient::Inputs<double> in{};
    in.sterile_injury = damage;
    const auto inputs = flat(in);
    settings.insert(settings.end(), inputs.begin(), inputs.end());
    return settings;
}

struct Strike {
    double day = 0;
    std::size_t site = 0;
    double change = 0;
    int count = 0;
};

/// Where injuries begin and end, in the order in which PatientRun meets them.
std::vector<Strike> strikes_of(const std::vector<patients::Injury>& injuries)
{
    const double duration = population().trigger_duration;
    std::vector<Strike> strikes;
    for (const patients::Injury& injury : injuries) {
        strikes.push_back({injury.day, injury.site, injury.damage, 1});
        strikes.push_back({injury.day + duration, injury.site, -injury.damage, -1});
    }
    std::ranges::stable_sort(strikes, {}, &Strike::day);
    return strikes;
}

/// A child's life from a state on, struck by all these injuries that lie ahead or are under way.
Life life_of(const patients::Child& child, patients::PatientState start, const std::vector<patients::Injury>& injuries,
             double end)
{
    Life life{.child = child,
              .start = std::move(start),
              .injuries = injuries,
              .border_settings = settings_of(child.sites.front(), 0),
              .moments = {}};
    std::vector<double> damage(child.sites.size());
    std::vector<int> under_way(child.sites.size());
    life.moments.push_back({.day = life.start.day, .changes = {}});
    for (std::size_t site = 0; site < child.sites.size(); ++site) {
        life.moments.front().changes.push_back({site, settings_of(child.sites[site], 0)});
    }
    for (const Strike& strike : strikes_of(injuries)) {
        if (strike.day >= end) {
            break;
        }
        under_way[strike.site] += strike.count;
        damage[strike.site] = under_way[strike.site] > 0 ? damage[strike.site] + strike.change : 0;
        const double day = std::max(strike.day, life.start.day);
        if (day > life.moments.back().day) {
            life.moments.push_back({.day = day, .changes = {}});
        }
        life.moments.back().changes.push_back(
            {strike.site, settings_of(child.sites[strike.site], damage[strike.site])});
    }
    return life;
}

patients::PatientState healthy(const patients::Child& child)
{
    return patients::PatientRun(child, reference_tolerance).state();
}

std::vector<patients::Injury> injuries_of(const patients::Child& child)
{
    return patients::draw_injuries(population(), child, first_age, last_age, seed);
}

patients::Child child_of(std::uint64_t number)
{
    return patients::draw_child(population(), model::defaults<patient::Parameters<double>>(), seed, number);
}

/// The first children who fall ill, and when pictures were taken [d].
std::vector<std::pair<std::uint64_t, double>> ill_children(std::size_t count)
{
    using Kind = scenarios::clinic::Presentation::Kind;
    const patients::CohortPlan plan{.population = population(),
                                    .median = model::defaults<patient::Parameters<double>>(),
                                    .seed = seed,
                                    .n_children = 0};
    std::vector<std::pair<std::uint64_t, double>> found;
    for (std::uint64_t number = 0; found.size() < count; ++number) {
        const patients::Presented child = patients::follow_child(plan, number);
        if (child.kind == Kind::diagnosed || child.kind == Kind::silent) {
            found.emplace_back(number, (child.diagnosis_age - first_age) * patients::days_per_year);
        }
    }
    return found;
}

std::vector<double> every(double days, double until)
{
    std::vector<double> all;
    for (int i = 1; i * days <= until; ++i) {
        all.push_back(i * days);
    }
    return all;
}

} // namespace

std::size_t Lives::n_states() const
{
    return n_border + n_sites() * n_site;
}

std::size_t naproxen_state()
{
    std::size_t number = 0, found = n_border;
    patient::Border<double> border{};
    patient::Border<double>::visit(border, [&](const double&, const model::Description& entry) {
        found = entry.name == "naproxen_plasma" ? number : found;
        ++number;
    });
    return found;
}

Lives untreated_lives(std::size_t n_children, bool ill_only)
{
    Lives lives{.name = ill_only ? "ill" : "population",
                .days = (last_age - first_age) * patients::days_per_year,
                .injury_days = population().trigger_duration,
                .rows = {},
                .children = {}};
    lives.rows = every(7, lives.days);
    const auto add = [&](std::uint64_t number) {
        const patients::Child child = child_of(number);
        lives.children.push_back(life_of(child, healthy(child), injuries_of(child), lives.days));
    };
    if (ill_only) {
        for (const auto& [number, day] : ill_children(n_children)) {
            add(number);
        }
    } else {
        for (std::uint64_t number = 0; number < n_children; ++number) {
            add(number);
        }
    }
    return lives;
}

Lives naproxen_lives(std::size_t n_children)
{
    constexpr double per_kg = 15; // [mg/kg]: docs/theory/patient.md
    Lives lives{.name = "daily_dosing",
                .days = 365,
                .injury_days = population().trigger_duration,
                .rows = every(5.3, 365),
                .children = {}};
    for (const auto& [number, day] : ill_children(n_children)) {
        const patients::Child child = child_of(number);
        const auto injuries = injuries_of(child);
        patients::PatientRun run(child, reference_tolerance);
        run.expect(injuries, population().trigger_duration);
        patients::ClinicalCourse seen;
        (void)run.live(day, {}, seen);
        Life life = life_of(child, run.state(), injuries, day + lives.days);
        const auto target = patient::dose_targets(child.sites.front().drugs).at(patients::dose_target("naproxen"));
        for (int i = 0; i < lives.days; ++i) {
            life.moments.push_back({.day = day + i, .changes = {}, .naproxen = per_kg * target.per_dose});
        }
        std::ranges::stable_sort(life.moments, {}, &Moment::day);
        lives.children.push_back(std::move(life));
    }
    return lives;
}

Lives with_half_of_the_sites(const Lives& lives)
{
    Lives half = lives;
    for (Life& life : half.children) {
        std::vector<patient::Parameters<double>> sites;
        for (std::size_t site = 0; site < life.child.sites.size(); site += 2) {
            sites.push_back(life.child.sites[site]);
        }
        double share = 0;
        for (const auto& site : sites) {
            share += site.volume_share;
        }
        for (auto& site : sites) {
            site.volume_share /= share;
        }
        life.child.sites = sites;
        life.start = healthy(life.child);
        auto injuries = life.injuries;
        std::erase_if(injuries, [](const patients::Injury& injury) { return injury.site % 2 == 1; });
        for (patients::Injury& injury : injuries) {
            injury.site /= 2;
        }
        life = life_of(life.child, life.start, injuries, lives.days);
    }
    return half;
}

} // namespace osteoflare::benchmarks
