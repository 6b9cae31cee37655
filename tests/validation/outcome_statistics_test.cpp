#include "solvers/statistics/bootstrap.hpp"
#include "solvers/statistics/proportions.hpp"
#include "solvers/statistics/survival.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

using namespace osteoflare::solvers;

namespace {

/// The rows of a table after its heading, as words.
std::vector<std::vector<std::string>> rows_of(const std::string& name)
{
    std::ifstream file(std::string(OSTEOFLARE_TEST_DATA) + "/" + name);
    REQUIRE(file);
    std::vector<std::vector<std::string>> rows;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::istringstream words(line);
        rows.emplace_back();
        for (std::string word; std::getline(words, word, ',');) {
            rows.back().push_back(word);
        }
    }
    return rows;
}

/// What R found (survival.R), by what it is, the group, and the time or share it belongs to. NaN where R has no answer.
class Reference {
public:
    Reference()
    {
        for (const auto& row : rows_of("survival_reference.csv")) {
            const double value = row[3] == "NA" ? std::numeric_limits<double>::quiet_NaN() : std::stod(row[3]);
            values_[{row[0], std::stod(row[1]), std::stod(row[2])}] = value;
        }
    }

    bool agrees(const std::string& what, double group, double at, double value)
    {
        const auto found = values_.find({what, group, at});
        if (found == values_.end()) {
            return false;
        }
        const double reference = found->second;
        values_.erase(found);
        return std::isnan(reference) ? std::isnan(value) || std::isinf(value)
                                     : std::abs(value - reference) <= 1e-12 * std::abs(reference);
    }

    std::size_t n_left() const { return values_.size(); }

private:
    std::map<std::tuple<std::string, double, double>, double> values_;
};

constexpr double z = 1.959963984540054;

void compare_curve(Reference& reference, const std::vector<Watched>& members, double group)
{
    const SurvivalCurve log = kaplan_meier(members), log_log = kaplan_meier(members, SurvivalInterval::log_log);
    for (std::size_t k = 0; k < log.steps.size(); ++k) {
        const SurvivalStep& step = log.steps[k];
        const Estimate &one = step.survival, &other = log_log.steps[k].survival;
        INFO("group " << group << ", time " << step.time);
        CHECK(reference.agrees("at risk", group, step.time, static_cast<double>(step.at_risk)));
        CHECK(reference.agrees("events", group, step.time, static_cast<double>(step.events)));
        CHECK(reference.agrees("censored", group, step.time, static_cast<double>(step.censored)));
        CHECK(reference.agrees("survival", group, step.time, one.value));
        CHECK(reference.agrees("error", group, step.time, std::sqrt(step.variance)));
        CHECK(reference.agrees("log low", group, step.time, one.low));
        CHECK(reference.agrees("log high", group, step.time, one.high));
        CHECK(reference.agrees("default low", group, step.time, one.low));
        CHECK(reference.agrees("log-log low", group, step.time, other.low));
        CHECK(reference.agrees("log-log high", group, step.time, other.high));
    }
    for (const double share : {0.1, 0.25, 0.5, 0.75, 0.9}) {
        const Estimate one = survival_quantile(log, share), other = survival_quantile(log_log, share);
        INFO("group " << group << ", quantile " << share);
        CHECK(reference.agrees("quantile", group, share, one.value));
        CHECK(reference.agrees("log quantile low", group, share, one.low));
        CHECK(reference.agrees("log quantile high", group, share, one.high));
        CHECK(reference.agrees("log-log quantile low", group, share, other.low));
        CHECK(reference.agrees("log-log quantile high", group, share, other.high));
    }
    for (const double until : {100.0, 365.0, 420.0}) {
        const Estimate mean = restricted_mean(log, until);
        INFO("group " << group << ", until " << until);
        CHECK(reference.agrees("restricted mean", group, until, mean.value));
        // The upper limit may be cut, the lower one is not here.
        CHECK(reference.agrees("restricted mean error", group, until, (mean.value - mean.low) / z));
    }
}

void compare_test(Reference& reference, const std::string& name, const LogRank& test)
{
    INFO(name);
    for (std::size_t g = 0; g < test.observed.size(); ++g) {
        CHECK(reference.agrees(name + " observed", static_cast<double>(g), 0, test.observed[g]));
        CHECK(reference.agrees(name + " expected", static_cast<double>(g), 0, test.expected[g]));
    }
    CHECK(reference.agrees(name + " chi square", 0, static_cast<double>(test.degrees), test.chi_square));
    CHECK(reference.agrees(name + " p", 0, static_cast<double>(test.degrees), test.p));
}

} // namespace

TEST_CASE("survival statistics and shares are those of R to 1e-12", "[statistics][survival]")
{
    Reference reference;
    std::vector<Watched> members, first_two;
    std::vector<std::size_t> group, group_of_two;
    for (const auto& row : rows_of("survival_data.csv")) {
        group.push_back(std::stoul(row[1]));
        members.push_back({std::stod(row[2]), row[3] == "1"});
        if (group.back() < 2) {
            first_two.push_back(members.back());
            group_of_two.push_back(group.back());
        }
    }
    REQUIRE(members.size() == 300);
    for (std::size_t g = 0; g < 3; ++g) {
        std::vector<Watched> of_group;
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (group[i] == g) {
                of_group.push_back(members[i]);
            }
        }
        compare_curve(reference, of_group, static_cast<double>(g));
    }
    compare_test(reference, "three groups", log_rank(members, group));
    compare_test(reference, "two groups", log_rank(first_two, group_of_two));
    for (const std::size_t all : {1U, 10U, 37U, 155U}) {
        for (const std::size_t with : std::set<std::size_t>{0, all * 43 / 100, all}) {
            const Estimate share = proportion(with, all);
            const auto n = static_cast<double>(all), k = static_cast<double>(with);
            INFO(with << " of " << all);
            CHECK(reference.agrees("share low", k, n, share.low));
            CHECK(reference.agrees("share high", k, n, share.high));
        }
    }
    for (const std::size_t first : {0U, 1U, 6U, 40U}) {
        for (const std::size_t second : {1U, 7U, 40U}) {
            INFO(first << " against " << second);
            CHECK(reference.agrees("exact p", static_cast<double>(first), static_cast<double>(second),
                                   mcnemar_p({5, first, second, 3})));
        }
    }
    CHECK(reference.n_left() == 0);
}

TEST_CASE("bootstrap intervals are those that Python computes, from the same draws", "[statistics][bootstrap]")
{
    std::map<std::string, double> reference;
    for (const auto& row : rows_of("bootstrap_reference.csv")) {
        reference[row[0]] = std::stod(row[1]);
    }
    // Spatial perception of 26 children, test A (Efron and Tibshirani 1993, table 14.1).
    const std::vector<double> values = {48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6,
                                        0,  33, 28, 34, 4,  32, 24, 47, 41, 24, 26, 30, 41};
    const auto variance = [&](std::span<const std::size_t> members) {
        const auto n = static_cast<double>(members.size());
        double sum = 0, squares = 0;
        for (const std::size_t i : members) {
            sum += values[i];
        }
        for (const std::size_t i : members) {
            squares += (values[i] - sum / n) * (values[i] - sum / n);
        }
        return squares / n;
    };
    const auto share = [&](std::span<const std::size_t> members) {
        const auto below = std::ranges::count_if(members, [&](std::size_t i) { return values[i] < 20; });
        return static_cast<double>(below) / static_cast<double>(members.size());
    };
    const auto agrees = [&](const std::string& what, double value) {
        return std::abs(value - reference.at(what)) <= 1e-12 * std::max(std::abs(value), 1.0);
    };
    const BootstrapOptions options{.n_replicates = 2000, .seed = 26};
    for (const auto& [name, statistic] : {std::pair<std::string, Statistic>{"variance", variance}, {"share", share}}) {
        const Bootstrap found = bootstrap(values.size(), statistic, options);
        INFO(name);
        CHECK(agrees(name + " value", found.percentile.value));
        CHECK(agrees(name + " percentile low", found.percentile.low));
        CHECK(agrees(name + " percentile high", found.percentile.high));
        CHECK(agrees(name + " bca low", found.bca.low));
        CHECK(agrees(name + " bca high", found.bca.high));
        CHECK(agrees(name + " bias correction", found.bias_correction));
        CHECK(agrees(name + " acceleration", found.acceleration));
        CHECK(found.n_undefined == 0);
    }
    // The book prints 171.5, an acceleration of 0.061, and for its own 2000 draws a bias correction of 0.146, the
    // difference of two such having an error of 0.04.
    const Bootstrap found = bootstrap(values.size(), variance, options);
    CHECK(found.bca.value == Approx(171.5).margin(0.05));
    CHECK(found.acceleration == Approx(0.061).margin(0.0005));
    CHECK(found.bias_correction == Approx(0.146).margin(2 * 0.04));
}
