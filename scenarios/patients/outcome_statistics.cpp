#include "scenarios/patients/outcome_statistics.hpp"

#include "solvers/statistics/bootstrap.hpp"
#include "solvers/statistics/proportions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace osteoflare::scenarios::patients {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// `statistic` is that of a list of members.
template <class Member, class Statistic>
Outcome with_interval(const std::vector<Member>& members, Statistic statistic)
{
    if (members.empty()) {
        return {{nan, nan, nan}, 0};
    }
    const auto found = solvers::bootstrap(members.size(), [&](std::span<const std::size_t> drawn) {
        std::vector<Member> sample;
        sample.reserve(drawn.size());
        for (const std::size_t i : drawn) {
            sample.push_back(members[i]);
        }
        return sample.empty() ? nan : statistic(sample);
    });
    return {found.percentile, members.size()};
}

std::vector<double> known(const std::vector<double>& values)
{
    std::vector<double> all;
    std::ranges::copy_if(values, std::back_inserter(all), [](double value) { return !std::isnan(value); });
    return all;
}

} // namespace

Outcome share_of(const std::vector<double>& has)
{
    const auto all = known(has);
    const auto with = static_cast<std::size_t>(std::ranges::count(all, 1.0));
    return {solvers::proportion(with, all.size()), all.size()};
}

Outcome quantile_of(const std::vector<double>& values, double q)
{
    return with_interval(known(values), [q](std::vector<double>& sample) {
        std::ranges::sort(sample);
        const double place = q * static_cast<double>(sample.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const std::size_t above = std::min(below + 1, sample.size() - 1);
        return sample[below] + (place - static_cast<double>(below)) * (sample[above] - sample[below]);
    });
}

Outcome ratio_of(const std::vector<Part>& parts, double no_change)
{
    std::vector<Part> counted;
    std::ranges::copy_if(parts, std::back_inserter(counted), [](const Part& part) {
        return !std::isnan(part.of) && !std::isnan(part.whole) && (part.of > 0 || part.whole > 0);
    });
    return with_interval(counted, [no_change](const std::vector<Part>& sample) {
        Part sum;
        for (const Part& part : sample) {
            sum.of += part.of;
            sum.whole += part.whole;
        }
        return sum.whole > 0 ? sum.of / sum.whole - no_change : nan;
    });
}

Outcome survival_of(const std::vector<solvers::Watched>& watched, double time)
{
    return with_interval(watched, [time](const std::vector<solvers::Watched>& sample) {
        return solvers::survival_at(solvers::kaplan_meier(sample), time).value;
    });
}

Outcome survival_median(const std::vector<solvers::Watched>& watched)
{
    return with_interval(watched, [](const std::vector<solvers::Watched>& sample) {
        return solvers::survival_quantile(solvers::kaplan_meier(sample), 0.5).value;
    });
}

} // namespace osteoflare::scenarios::patients
