#include "model/patient/patient.hpp"
#include "model/patient/sites.hpp"
#include "scenarios/patients/patient_run.hpp"
#include "solvers/integrate.hpp"
#include "solvers/system.hpp"

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::model;

namespace {

/// The check points' child: three of the 24 sites.
constexpr std::array<const char*, 3> site_names = {"distal_femur_left", "distal_tibia_left", "spine"};
constexpr std::size_t n_sites = site_names.size();

template <class Real>
struct Child {
    patient::Border<Real> border;
    std::array<patient::Site<Real>, n_sites> sites;

    static void visit(auto& self, auto&& see)
    {
        patient::Border<Real>::visit(self.border, see);
        for (auto& site : self.sites) {
            patient::Site<Real>::visit(site, see);
        }
    }
};
constexpr std::size_t n_states = 14 + n_sites * 23;

template <class Set>
std::vector<double> flat(const Set& set)
{
    std::vector<double> values;
    Set::visit(set, [&](const double& value, const Description&) { values.push_back(value); });
    return values;
}

template <class Set, class Real>
Set from_flat(std::span<const Real> values)
{
    Set set{};
    std::size_t i = 0;
    Set::visit(set, [&](auto& field, const Description&) { field = values[i++]; });
    return set;
}

/// What is constant between the moments of a case.
struct World {
    std::array<patient::Parameters<double>, n_sites> p{}; ///< of each site
    std::array<patient::Inputs<double>, n_sites> in{};
};

World regression_world()
{
    World world;
    auto p = defaults<patient::Parameters<double>>();
    p.il10_competence = 0.222;
    p.il1b_gene = 2.9;
    p.damage_oxidised_matrix = 3;
    p.tnf_gene = 1.4;
    p.site_susceptibility = 1.8;
    for (std::size_t i = 0; i < n_sites; ++i) {
        p.volume_share = std::ranges::find(patient::sites, site_names[i], &patient::SiteEntry::name)->volume_share;
        world.p[i] = p;
    }
    return world;
}

solvers::System system_of(const World& world)
{
    std::array<std::vector<double>, n_sites> parameters, inputs;
    for (std::size_t i = 0; i < n_sites; ++i) {
        parameters[i] = flat(world.p[i]);
        inputs[i] = flat(world.in[i]);
    }
    const auto rates = [parameters, inputs]<class Real>(const Real&, std::span<const Real> y, std::span<Real> dydt) {
        const auto child = from_flat<Child<Real>>(y);
        Child<Real> changes{};
        patient::Shares<Real> sum{.drive = 0.0, .il6 = 0.0};
        for (std::size_t i = 0; i < n_sites; ++i) {
            const auto p = from_flat<patient::Parameters<Real>>(std::span<const double>(parameters[i]));
            const auto in = from_flat<patient::Inputs<Real>>(std::span<const double>(inputs[i]));
            const patient::Shares<Real> sent = patient::shares(child.sites[i], p);
            sum.drive = sum.drive + sent.drive;
            sum.il6 = sum.il6 + sent.il6;
            changes.sites[i] = patient::site_rates(child.border, child.sites[i], in, p);
            if (i + 1 == n_sites) {
                changes.border = patient::border_rates(child.border, sum, in, p);
            }
        }
        std::size_t i = 0;
        Child<Real>::visit(changes, [&](Real& rate, const Description&) { dydt[i++] = rate; });
    };
    return solvers::make_system(n_states, rates);
}

/// From one moment to the next, within which nothing is switched.
using Later = std::vector<double> (*)(std::vector<double> state, const World& world, double from, double to);

std::vector<double> by_one_dense_system(std::vector<double> state, const World& world, double from, double to)
{
    const solvers::Options options{.method = solvers::Method::rosenbrock4,
                                   .relative_tolerance = 1e-8,
                                   .absolute_tolerance = {1e-10},
                                   .most_steps = 1'000'000};
    if (!solvers::integrate(system_of(world), state, from, to, {}, options, {})) {
        throw std::runtime_error("the patient could not be integrated");
    }
    return state;
}

std::vector<double> by_sites_as_blocks(std::vector<double> state, const World& world, double from, double to)
{
    scenarios::patients::Child child;
    child.sites.assign(world.p.begin(), world.p.end());
    scenarios::patients::PatientRun run(child, 1e-9);
    const auto border_end = state.begin() + 14;
    run.set_state({.day = from, .border = {state.begin(), border_end}, .sites = {border_end, state.end()}});
    const auto& outside = world.in[1]; // what one site has besides is an injury
    run.set_inputs(outside);
    const double damage = world.in[0].sterile_injury - outside.sterile_injury;
    if (damage > 0) {
        run.expect(std::array{scenarios::patients::Injury{.day = from, .site = 0, .damage = damage}}, to - from);
    }
    scenarios::patients::ClinicalCourse seen;
    if (run.live(to, {}, seen).status != solvers::lanes::LaneStatus::reached_end) {
        throw std::runtime_error("the patient could not be integrated");
    }
    const auto reached = run.state();
    state = reached.border;
    state.insert(state.end(), reached.sites.begin(), reached.sites.end());
    return state;
}

using Courses = std::map<std::pair<std::string, int>, std::vector<double>>;

/// States by case and day. An injury from day 200 to 207; treatments from day 400 to 580.
Courses courses(Later later)
{
    Courses made;
    World world = regression_world();
    const auto quiet = world.in;
    const auto start = flat(defaults<Child<double>>());
    auto& untreated = made[{"untreated", 200}] = later(start, world, 0, 200);
    world.in[0].sterile_injury = 20;
    const auto injured = later(untreated, world, 200, 207);
    world.in = quiet;
    made[{"untreated", 214}] = later(injured, world, 207, 214);
    const auto ill = later(made.at({"untreated", 214}), world, 214, 400);
    made[{"untreated", 400}] = ill;

    const std::vector<std::pair<std::string, patient::Inputs<double>>> treatments = [] {
        std::vector<std::pair<std::string, patient::Inputs<double>>> list(
            6, {"untreated", defaults<patient::Inputs<double>>()});
        list[1].first = "cox_inhibition 0.85";
        list[1].second.cox_inhibition = 0.85;
        list[2].first = "anakinra 8000";
        list[2].second.anakinra = 8000;
        list[3].first = "anti_tnf 50";
        list[3].second.anti_tnf = 50;
        list[4].first = "pamidronate_bone 1.5 held";
        list[4].second.pamidronate_held = 1.5;
        list[5].first = "nfkb_inhibition 0.5";
        list[5].second.nfkb_inhibition = 0.5;
        return list;
    }();
    for (const auto& treatment : treatments) {
        world.in.fill(treatment.second);
        const auto treated = later(ill, world, 400, 580);
        world.in = quiet;
        made[{treatment.first, 580}] = treated;
        made[{treatment.first, 760}] = later(treated, world, 580, 760);
    }
    return made;
}

/// The same, made once.
const Courses& courses_of_one_dense_system()
{
    static const Courses made = courses(by_one_dense_system);
    return made;
}

/// One unit of the last of five significant digits, which is what the table prints (trailing zeros left out).
double last_digit(double printed)
{
    return std::pow(10.0, std::floor(std::log10(std::abs(printed))) - 4);
}

std::vector<std::string> cells(const std::string& line)
{
    std::istringstream text(line);
    std::vector<std::string> found;
    for (std::string cell; std::getline(text, cell, ',');) {
        found.push_back(cell);
    }
    return found;
}

/// All printed digits but the last.
void holds_check_points(const Courses& made)
{
    std::ifstream file(OSTEOFLARE_TEST_DATA "/patient_check_points.csv");
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> header = cells(line);
    std::size_t rows = 0, compared = 0;
    while (std::getline(file, line)) {
        const std::vector<std::string> row = cells(line);
        REQUIRE(row.size() == header.size());
        INFO(row[0] << ", day " << row[1] << ", " << row[2]);
        const auto child = from_flat<Child<double>>(std::span<const double>(made.at({row[0], std::stoi(row[1])})));
        const auto site = static_cast<std::size_t>(std::ranges::find(site_names, row[2]) - site_names.begin());
        REQUIRE(site < n_sites);
        std::map<std::string, double> values;
        const auto collect = [&](const double& value, const Description& entry) {
            values[std::string(entry.name)] = value;
        };
        child.border.visit(child.border, collect);
        child.sites[site].visit(child.sites[site], collect);
        for (std::size_t i = 3; i < row.size(); ++i) {
            const double printed = std::stod(row[i]), computed = values.at(header[i]);
            INFO(header[i] << " = " << computed << ", printed " << row[i]);
            CHECK(std::abs(computed - printed) < last_digit(printed));
            ++compared;
        }
        ++rows;
    }
    CHECK(rows == 20);
    CHECK(compared == rows * 21);
}

} // namespace

TEST_CASE("the patient reproduces the check points of an independent implementation to all printed digits but the last",
          "[regression][patient][long]")
{
    holds_check_points(courses_of_one_dense_system());
}

TEST_CASE("sites as blocks with a border reproduce the same check points", "[regression][patient]")
{
    holds_check_points(courses(by_sites_as_blocks));
}

TEST_CASE("sites that nothing happened to stay alike, whatever their share of marrow", "[regression][patient][long]")
{
    const auto child =
        from_flat<Child<double>>(std::span<const double>(courses_of_one_dense_system().at({"untreated", 760})));
    const auto tibia = flat(child.sites[1]), spine = flat(child.sites[2]);
    for (std::size_t i = 0; i < tibia.size(); ++i) {
        CHECK(tibia[i] == Approx(spine[i]).epsilon(1e-6).margin(1e-9));
    }
}
