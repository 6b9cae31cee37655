#include "scenarios/file_contents.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

namespace osteoflare::scenarios {
namespace {

constexpr std::array<std::string_view, 10> favourites = {
    "swelling",
    "il1b",
    "il10",
    "osteoclasts",
    "bone",
    "reactive_bone", // niche
    "responding_osteoblasts",
    "active_osteoblasts", // Lemaire 2004
    "osteoblasts",
    "bone_mass", // Komarova 2003
};

} // namespace

std::vector<Group> groups_of(const output::ResultsReader& file)
{
    const std::size_t n_members = file.shape("member").at(0);
    const auto status = file.numbers("status");
    const auto names = file.has("genotype") ? file.texts("genotype") : std::vector<std::string>(n_members, "");
    std::vector<Group> groups;
    for (std::size_t i = 0; i < n_members; ++i) {
        if (status[i] != 0) {
            continue;
        }
        auto group = std::ranges::find(groups, names[i], &Group::label);
        if (group == groups.end()) {
            groups.push_back({names[i], {}});
            group = groups.end() - 1;
        }
        group->members.push_back(i);
    }
    return groups;
}

std::vector<std::string> time_courses(const output::ResultsReader& file)
{
    std::vector<std::string> names;
    for (const std::string& name : file.variables()) {
        if (name.find('/') == std::string::npos && file.shape(name).size() == 2) {
            names.push_back(name);
        }
    }
    return names;
}

std::vector<std::string> first_courses(const output::ResultsReader& file)
{
    const auto known = time_courses(file);
    const bool niche = file.text_attribute("", "model") == "niche";
    std::vector<std::string> names;
    for (const std::string_view name : favourites) {
        const bool dull = niche && name == "osteoblasts";
        if (!dull && std::ranges::find(known, name) != known.end()) {
            names.emplace_back(name);
        }
    }
    for (std::size_t i = 0; names.empty() && i < std::min<std::size_t>(known.size(), 6); ++i) {
        names.push_back(known[i]);
    }
    return names;
}

Quantiles quantiles(const Group& group, const std::vector<double>& values, std::size_t n_times)
{
    Quantiles result;
    std::vector<double> now;
    for (std::size_t t = 0; t < n_times; ++t) {
        now.clear();
        for (const std::size_t member : group.members) {
            if (const double value = values[member * n_times + t]; std::isfinite(value)) {
                now.push_back(value);
            }
        }
        std::ranges::sort(now);
        result.low.push_back(quantile(now, 0.05));
        result.median.push_back(quantile(now, 0.5));
        result.high.push_back(quantile(now, 0.95));
    }
    return result;
}

Steps incidence(const Group& group, const std::vector<double>& onset, double first_day, double last_day)
{
    std::vector<double> days;
    for (const std::size_t member : group.members) {
        if (std::isfinite(onset[member])) {
            days.push_back(onset[member]);
        }
    }
    std::ranges::sort(days);
    const auto n = static_cast<double>(group.members.size());
    Steps steps{{first_day}, {0}};
    for (std::size_t i = 0; i < days.size(); ++i) {
        steps.x.push_back(days[i]);
        steps.y.push_back(static_cast<double>(i + 1) / n);
    }
    steps.x.push_back(last_day);
    steps.y.push_back(steps.y.back());
    return steps;
}

double quantile(const std::vector<double>& sorted, double q)
{
    if (sorted.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double position = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

} // namespace osteoflare::scenarios
