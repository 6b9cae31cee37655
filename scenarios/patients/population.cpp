#include "scenarios/patients/population.hpp"

#include "solvers/designs.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::patients {
namespace {

// What random bits are for: see solvers/designs.cpp.
constexpr std::uint32_t child_purpose = 11, injury_purpose = 12;

/// One draw after the other of one child, for one purpose.
class Draws {
public:
    Draws(std::uint64_t seed, std::uint32_t purpose, std::uint64_t child)
        : seed_(seed), purpose_(purpose), child_(child)
    {
    }

    double uniform() { return solvers::to_unit_interval(solvers::random_bits(seed_, purpose_, child_, next_++)); }
    double normal() { return solvers::normal_quantile(uniform()); }
    double lognormal(double median, double spread) { return median * std::exp(spread * normal()); }
    double exponential() { return -std::log(uniform()); }
    /// By inversion, for means that are not large.
    std::size_t poisson(double mean)
    {
        double rest = uniform(), probability = std::exp(-mean);
        std::size_t count = 0;
        while (rest > probability && count < 1000) {
            rest -= probability;
            probability *= mean / static_cast<double>(++count);
        }
        return count;
    }

private:
    std::uint64_t seed_;
    std::uint32_t purpose_;
    std::uint64_t child_;
    std::uint32_t next_ = 0;
};

/// One of the sites that are left, by their shares; it is left no more.
std::size_t take_site(Draws& draws, std::vector<double>& shares)
{
    double sum = 0;
    for (const double share : shares) {
        sum += share;
    }
    double rest = draws.uniform() * sum;
    std::size_t taken = 0;
    for (std::size_t site = 0; site < shares.size(); ++site) {
        if (shares[site] > 0) {
            taken = site; // the last one, should rounding leave something
            if (rest < shares[site]) {
                break;
            }
            rest -= shares[site];
        }
    }
    shares[taken] = 0;
    return taken;
}

} // namespace

Child draw_child(const Population& population, const model::patient::Parameters<double>& median, std::uint64_t seed,
                 std::uint64_t number)
{
    Draws draws(seed, child_purpose, number);
    Child child;
    child.number = number;
    auto own = median;
    own.il10_competence = draws.lognormal(median.il10_competence, population.il10_competence_spread);
    own.il1b_gene = draws.lognormal(median.il1b_gene, population.il1b_gene_spread);
    own.tnf_gene = draws.lognormal(median.tnf_gene, population.tnf_gene_spread);
    own.pge2_vascular = draws.lognormal(median.pge2_vascular, population.pge2_vascular_spread);
    own.damage_oxidised_matrix =
        draws.lognormal(median.damage_oxidised_matrix, population.damage_oxidised_matrix_spread);
    own.training_gain = draws.lognormal(median.training_gain, population.training_gain_spread);
    own.acute_phase_gain = draws.lognormal(median.acute_phase_gain, population.acute_phase_gain_spread);
    own.crp_healthy = draws.lognormal(median.crp_healthy, population.crp_healthy_spread);
    child.trigger_rate = draws.lognormal(population.trigger_rate, population.trigger_rate_spread);
    child.delay = std::clamp(draws.lognormal(population.delay_median, population.delay_spread),
                             population.delay_shortest, population.delay_longest);

    const double person = population.susceptibility_person * draws.normal();
    double pair = 0;
    for (std::size_t i = 0; i < model::patient::sites.size(); ++i) {
        const auto& site = model::patient::sites[i];
        if (!site.name.ends_with("_right")) { // left stands before right, and what has no side is a pair of its own
            pair = population.susceptibility_pair * draws.normal();
        }
        auto p = own;
        p.volume_share = site.volume_share;
        p.site_susceptibility = population.sites[i].susceptibility * median.site_susceptibility
                                * std::exp(person + pair + population.susceptibility_site * draws.normal());
        p.pain_weight = draws.lognormal(median.pain_weight, population.pain_weight_spread);
        child.sites.push_back(p);
    }
    return child;
}

double growth(const Population& population, double age)
{
    const double from_peak = (age - population.growth_peak_age) / population.growth_width;
    const double square = from_peak * from_peak;
    return 1 / (1 + square * square);
}

std::vector<Injury> draw_injuries(const Population& population, const Child& child, double from_age, double to_age,
                                  std::uint64_t seed)
{
    std::vector<Injury> injuries;
    Draws draws(seed, injury_purpose, child.number);
    // By thinning: events come as often as at the peak of growth, and each age keeps its share of them.
    for (double age = from_age + draws.exponential() / child.trigger_rate; age < to_age;
         age += draws.exponential() / child.trigger_rate) {
        if (draws.uniform() >= growth(population, age)) {
            continue;
        }
        std::vector<double> shares;
        for (std::size_t i = 0; i < model::patient::sites.size(); ++i) {
            shares.push_back(population.sites[i].triggers * model::patient::sites[i].trigger_share);
        }
        const auto n_left =
            static_cast<std::size_t>(std::ranges::count_if(shares, [](double share) { return share > 0; }));
        const std::size_t n_sites = std::min(n_left, 1 + draws.poisson(population.trigger_cluster));
        for (std::size_t i = 0; i < n_sites; ++i) {
            const std::size_t site = take_site(draws, shares);
            injuries.push_back({.day = (age - from_age) * days_per_year,
                                .site = site,
                                .damage = draws.lognormal(population.trigger_dose, population.trigger_dose_spread)});
        }
    }
    return injuries;
}

} // namespace osteoflare::scenarios::patients
