#include "scenarios/reporting/data.hpp"

#include "scenarios/reporting/wiring.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::reporting {
namespace {

using nlohmann::json;

constexpr std::size_t most_days = 400, most_numbers = 200'000;

/// With five digits, so that the page stays small; null for what is no number.
json rounded(double value)
{
    if (!std::isfinite(value)) {
        return nullptr;
    }
    if (value == 0) {
        return 0;
    }
    const double unit = std::pow(10.0, 4 - std::floor(std::log10(std::abs(value))));
    // Tiny and huge numbers keep all their digits: the power of ten has none left for them.
    return std::isfinite(unit) && unit > 0 ? std::round(value * unit) / unit : value;
}

json rounded(const std::vector<double>& values, std::size_t stride = 1)
{
    json list = json::array();
    for (std::size_t i = 0; i < values.size(); i += stride) {
        list.push_back(rounded(values[i]));
    }
    return list;
}

std::size_t stride_of(const ReportedFile& reported)
{
    return std::max<std::size_t>(1, (reported.times.size() + most_days - 1) / most_days);
}

json courses_of(const Files& files, const std::string& variable)
{
    const output::ResultsReader& first = *files.front().file;
    json result = {{"name", variable},
                   {"label", written(variable)},
                   {"unit", first.text_attribute(variable, "units").value_or("1")},
                   {"meaning", first.text_attribute(variable, "long_name").value_or(variable)}};
    json courses = json::array();
    for (const ReportedFile& reported : files) {
        const bool here = reported.file->has(variable) && !reported.times.empty();
        const auto values = here ? reported.file->numbers(variable) : std::vector<double>{};
        const std::size_t stride = stride_of(reported);
        for (const Group& group : reported.groups) {
            if (!here) {
                courses.push_back(nullptr);
                continue;
            }
            const Quantiles over_time = quantiles(group, values, reported.times.size());
            json course = {{"middle", rounded(over_time.median, stride)}};
            if (group.members.size() > 1) {
                course["low"] = rounded(over_time.low, stride);
                course["high"] = rounded(over_time.high, stride);
            }
            courses.push_back(std::move(course));
        }
    }
    result["courses"] = std::move(courses);
    return result;
}

json incidences(const Files& files)
{
    json all = json::array();
    for (const ReportedFile& reported : files) {
        for (const Group& group : reported.groups) {
            if (!reported.file->has("onset") || reported.times.empty() || group.members.size() < 2) {
                all.push_back(nullptr);
                continue;
            }
            const Steps steps =
                incidence(group, reported.file->numbers("onset"), reported.times.front(), reported.times.back());
            const std::size_t stride = steps.x.size() / 1000 + 1;
            all.push_back({{"x", rounded(steps.x, stride)}, {"y", rounded(steps.y, stride)}});
        }
    }
    return all;
}

json model_of(const ModelEntry& model, const Wiring& wiring)
{
    json species = json::array(), fluxes = json::array(), terms = json::array();
    for (std::size_t s = 0; s < model.species.size(); ++s) {
        species.push_back({{"name", model.species[s].name},
                           {"label", wiring.boxes[s].label},
                           {"unit", model.species[s].unit},
                           {"meaning", model.species[s].meaning},
                           {"column", wiring.boxes[s].column},
                           {"row", wiring.boxes[s].row}});
    }
    for (const model::Description& flux : model.fluxes) {
        fluxes.push_back({{"name", flux.name}, {"unit", flux.unit}, {"meaning", flux.meaning}});
    }
    for (const WiringTerm& term : wiring.terms) {
        terms.push_back({term.flux, term.species, term.sign});
    }
    return {{"name", model.name}, {"species", species}, {"fluxes", fluxes}, {"terms", terms}};
}

/// Of files that share the first one's model.
void add_explanations(const Files& files, const ManyExplained& explained, json& data)
{
    std::size_t group = 0;
    const ModelEntry* model = nullptr;
    json all = json::array();
    for (std::size_t f = 0; f < files.size(); ++f) {
        for (std::size_t g = 0; g < explained[f].size(); ++g) {
            const Explained& one = explained[f][g];
            const ModelEntry* own = files[f].study->scenario().model;
            if (model != nullptr && model != own) {
                continue;
            }
            if (model == nullptr) {
                model = own;
                data["model"] = model_of(*own, one.wiring);
            }
            json edges = json::array(), species = json::array(), fluxes = json::array();
            for (const WiringEdge& edge : one.wiring.edges) {
                edges.push_back({edge.from, edge.flux, edge.to, rounded(edge.elasticity)});
            }
            for (const auto& course : one.species) {
                species.push_back(rounded(course));
            }
            for (const auto& course : one.fluxes) {
                fluxes.push_back(rounded(course));
            }
            all.push_back({{"group", group + g},
                           {"member", one.member},
                           {"peak", rounded(one.peak_day)},
                           {"days", rounded(one.days)},
                           {"species", std::move(species)},
                           {"fluxes", std::move(fluxes)},
                           {"edges", std::move(edges)}});
        }
        group += files[f].groups.size();
    }
    data["explained"] = std::move(all);
}

} // namespace

std::string picture_data(const Files& files, const ManyExplained& explained)
{
    json data, groups = json::array(), of_files = json::array();
    std::size_t n_numbers = 0; // of one variable
    for (std::size_t f = 0; f < files.size(); ++f) {
        const ReportedFile& reported = files[f];
        for (const Group& group : reported.groups) {
            groups.push_back({{"name", group_name(files, f, group.label)}, {"file", f}, {"n", group.members.size()}});
        }
        json marks = json::array();
        if (reported.file->has("intervention_title")) {
            const auto titles = reported.file->texts("intervention_title");
            const auto from = reported.file->numbers("intervention_from"),
                       until = reported.file->numbers("intervention_until");
            for (std::size_t i = 0; i < titles.size(); ++i) {
                marks.push_back({{"title", titles[i]}, {"from", from[i]}, {"until", until[i]}});
            }
        }
        of_files.push_back({{"name", std::filesystem::path(reported.name).stem().string()},
                            {"days", rounded(reported.times, stride_of(reported))},
                            {"marks", std::move(marks)}});
        for (const Group& group : reported.groups) {
            n_numbers += (group.members.size() > 1 ? 3 : 1) * std::min(reported.times.size(), most_days);
        }
    }
    const auto first = first_courses(*files.front().file);
    auto shown = time_courses(*files.front().file);
    if (shown.size() * n_numbers > most_numbers) {
        shown = first;
    }
    json variables = json::array();
    for (const std::string& name : files.front().times.empty() ? std::vector<std::string>{} : shown) {
        variables.push_back(courses_of(files, name));
    }
    data["groups"] = std::move(groups);
    data["files"] = std::move(of_files);
    data["first"] = first;
    data["variables"] = std::move(variables);
    data["incidence"] = incidences(files);
    data["time"] =
        files.front().times.empty() ? "time" : files.front().file->text_attribute("time", "long_name").value_or("time");
    add_explanations(files, explained, data);
    return data.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace osteoflare::scenarios::reporting
