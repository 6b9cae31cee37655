#include "scenarios/run.hpp"
#include "solvers/ensemble.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

/// One animal's course by the lanes, or as the text says.
struct Life {
    explicit Life(const std::string& text)
        : study(parse_scenario(text, "mine.toml", library())),
          times(output_times(study.scenario())),
          block(run_block(study, times, 0, 1))
    {
        INFO(text);
        REQUIRE(block.reports[0]);
    }

    std::vector<double> column(const std::string& name) const
    {
        const auto names = column_descriptions(study.scenario());
        const auto found = std::ranges::find(names, name, &model::Description::name);
        REQUIRE(found != names.end());
        const auto first = block.columns.begin() + (found - names.begin()) * static_cast<std::ptrdiff_t>(times.size());
        return {first, first + static_cast<std::ptrdiff_t>(times.size())};
    }

    Study study;
    std::vector<double> times;
    Block block;
};

const std::string genotypes[] = {"wild_type", "cmo", "cmo_il10_null"};

/// The most by which numbers differ, in shares of the larger ones; what is below a millionth counts as nothing.
double difference(const std::vector<double>& a, const std::vector<double>& b)
{
    REQUIRE(a.size() == b.size());
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        most = std::max(most, std::abs(a[i] - b[i]) / (std::max(std::abs(a[i]), std::abs(b[i])) + 1e-6));
    }
    return most;
}

/// Of species; read-outs may compare with what is healthy.
bool is_never_negative(const Life& life, double tolerance)
{
    const auto n_species = static_cast<std::ptrdiff_t>(life.study.scenario().model->species.size() * life.times.size());
    return std::all_of(life.block.columns.begin(), life.block.columns.begin() + n_species,
                       [&](double value) { return value >= -tolerance; });
}

} // namespace

TEST_CASE("a hundred thousand days end where ten thousand do, at rest", "[invariants]")
{
    for (const std::string& genotype : genotypes) {
        const Life life("genotype = \"" + genotype + "\"\nend = \"100000 d\"\n[output]\nevery = \"10000 d\"");
        INFO(genotype);
        CHECK(is_never_negative(life, 1e-9));
        for (const char* name : {"neutrophils", "macrophages", "il1b", "il10", "tnf", "rankl_ratio", "osteoclasts"}) {
            const auto course = life.column(name);
            INFO(name << " from " << course[1] << " to " << course.back());
            CHECK(std::abs(course.back() - course[1]) <= 1e-4 * std::abs(course.back()) + 1e-9);
        }
    }
}

TEST_CASE("where nothing is at first, what comes later is right", "[invariants]")
{
    // Against the stiff solver of Odeint, which shares no kernel with the lanes.
    std::string nothing = "genotype = \"cmo\"\nend = \"60 d\"\n";
    std::string empty = "[initial]\n";
    for (const auto& species : models()[0].species) {
        empty += std::string(species.name) + " = " + (species.range.low <= 0 ? "0" : "1") + "\n";
    }
    const Life lanes(nothing + empty), odeint(nothing + "[numerics]\nmethod = \"rosenbrock4\"\n" + empty);
    CHECK(is_never_negative(lanes, 1e-6));
    CHECK(lanes.column("neutrophils").back() > 10);
    for (const auto& entry : column_descriptions(lanes.study.scenario())) {
        const std::string name(entry.name);
        INFO(name);
        CHECK(difference(lanes.column(name), odeint.column(name)) < 1e-3);
    }
}

TEST_CASE("numbers below the normal range of doubles are as good as none", "[invariants]")
{
    const auto with = [](const std::string& value) {
        return Life("end = \"30 d\"\n[initial]\nros = " + value + "\ndamage = " + value + "\nneutrophils = " + value);
    };
    const Life tiny = with("4e-320"), none = with("0");
    for (const char* name : {"damage", "neutrophils", "ros", "il1b", "bone"}) {
        INFO(name);
        CHECK(difference(tiny.column(name), none.column(name)) < 1e-6);
    }
}

TEST_CASE("no thread rounds numbers below the normal range to zero", "[invariants]")
{
    // A library that was built with -ffast-math would set this for the whole program when it is loaded.
    std::atomic<int> zeros = 0;
    volatile double smallest = std::numeric_limits<double>::denorm_min();
    solvers::for_each_member(
        30, 3, [&](std::size_t) { zeros += smallest * 1.0 > 0 && smallest + smallest > smallest ? 0 : 1; });
    CHECK(zeros == 0);
}

TEST_CASE("rates a million times as fast leave a state at its balance", "[invariants]")
{
    // Superoxide is released and removed in proportion to its turnover (theory eq. 47): the faster, the nearer it is to
    // its source, while all else stays what it is.
    const auto with = [](const std::string& turnover) {
        return Life("genotype = \"cmo\"\nend = \"80 d\"\n[parameters]\nros_turnover = " + turnover);
    };
    const Life fast = with("1e6"), faster = with("1e9"), fastest = with("1e12");
    for (const char* name : {"ros", "neutrophils", "osteoclasts", "bone"}) {
        INFO(name);
        CHECK(difference(fast.column(name), faster.column(name)) < 1e-5);
        CHECK(difference(faster.column(name), fastest.column(name)) < 1e-5);
    }
}

TEST_CASE("units in which a scenario is written change no bit", "[invariants]")
{
    const auto written = [](const std::string& start, const std::string& at, const std::string& dose,
                            const std::string& every) {
        return Life("genotype = \"cmo\"\nstart = \"" + start + "\"\nend = \"100 d\"\n[[event]]\nat = \"" + at
                    + "\"\ninput = \"anakinra\"\nvalue = \"" + dose + "\"\n[output]\nevery = \"" + every + "\"");
    };
    const Life days = written("7 d", "70 d", "8000 pM", "1 d");
    const Life weeks = written("1 week", "10 weeks", "8 nM", "24 h");
    const Life seconds = written("604800 s", "1680 h", "0.008 uM", "1440 min");
    CHECK(days.block.columns == weeks.block.columns);
    CHECK(days.block.columns == seconds.block.columns);
}

TEST_CASE("how often is looked changes no bit of what is seen", "[invariants]")
{
    const std::string solver =
        GENERATE("", "[numerics]\nmethod = \"rosenbrock4\"\n", "[numerics]\nmethod = \"dopri5\"\n");
    const auto seen = [&](const std::string& every) {
        return Life("genotype = \"cmo\"\nend = \"57 d\"\n" + solver + "[output]\nevery = \"" + every + "\"");
    };
    const Life daily = seen("1 d"), rarely = seen("10 d");
    for (const auto& entry : column_descriptions(daily.study.scenario())) {
        const auto all = daily.column(std::string(entry.name)), some = rarely.column(std::string(entry.name));
        INFO(solver << entry.name);
        for (std::size_t i = 0; i < some.size(); ++i) {
            CHECK(some[i] == all[10 * i]);
        }
    }
    CHECK(daily.block.summaries == rarely.block.summaries);
}
