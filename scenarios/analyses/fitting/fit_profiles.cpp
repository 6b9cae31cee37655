#include "scenarios/analyses/fitting/fit_profiles.hpp"

#include "output/results_writer.hpp"
#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/recording/metadata.hpp"
#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

namespace fitting = solvers::fitting;
using output::Element;

/// Simulations are exact to a millionth or so: what changes less is not worth a search.
constexpr double tolerance = 1e-8;

std::uint8_t code(fitting::Verdict verdict)
{
    switch (verdict) {
    case fitting::Verdict::identifiable: return 0;
    case fitting::Verdict::practically_not: return 1;
    case fitting::Verdict::structurally_not: return 2;
    }
    return 2;
}

} // namespace

Profiles profile(const Likelihood& likelihood, const fitting::Maximum& best, const std::vector<std::size_t>& parameters,
                 std::size_t threads, const std::function<void(std::size_t)>& progress)
{
    Profiles result{best, parameters, {}};
    result.profiles.resize(parameters.size());
    const auto problem = likelihood.as_seen_by_solver();
    std::mutex mutex;
    solvers::for_each_member(parameters.size(), threads, [&](std::size_t i) {
        fitting::ProfileOptions options;
        options.search.tolerance = tolerance;
        result.profiles[i] = fitting::profile_of(problem, best, parameters[i], options);
        const std::scoped_lock lock(mutex);
        progress(parameters[i]);
    });
    return result;
}

fitting::Maximum best_of_file(const Likelihood& likelihood, const std::filesystem::path& path)
{
    const output::ResultsReader file(path);
    const FitProblem& problem = likelihood.problem();
    const bool is_fit = file.text_attribute("", "analysis") == "fit";
    const bool same = is_fit && file.text_attribute("", "scenario") == problem.text
                      && file.text_attribute("", "data") == problem.data_text;
    if (!same) {
        throw InputError({"--fit", 1, 1}, {fmt::format("{} is no fit of {}", path.string(), problem.name),
                                           is_fit ? "its problem or its data were others" : "it holds something else",
                                           "fit again, or leave --fit out"});
    }
    const auto start = likelihood.inward(file.numbers("estimate"));
    fitting::Maximum best =
        fitting::maximise(likelihood.as_seen_by_solver(), start, {.fixed = {}, .tolerance = tolerance});
    if (!best.found) {
        (void)evaluation_at(likelihood, start); // says why
    }
    return best;
}

std::string describe(const FitProblem& problem, std::size_t parameter, const fitting::Profile& profile)
{
    if (profile.verdict == fitting::Verdict::identifiable) {
        return "identifiable";
    }
    std::string others;
    constexpr double no_part = 0.1;
    // As powers of the parameter: "score_scale as its power -1".
    const double own = profile.trade_off[parameter];
    for (std::size_t p = 0; p < profile.trade_off.size(); ++p) {
        const double move = own != 0 ? profile.trade_off[p] / own : profile.trade_off[p];
        if (p == parameter || std::abs(move) < no_part) {
            continue;
        }
        const bool are_powers = problem.parameters[p].is_log && problem.parameters[parameter].is_log;
        others += fmt::format("{}{} {}", others.empty() ? "" : ", ", problem.parameters[p].name,
                              are_powers ? fmt::format("as its power {:.1g}", move)
                              : move > 0 ? "rising"
                                         : "falling");
    }
    if (profile.verdict == fitting::Verdict::structurally_not) {
        return fmt::format("structurally not identifiable: the likelihood is flat while {} makes up for it",
                           others.empty() ? "nothing else" : others);
    }
    const bool up = !profile.high, down = !profile.low;
    const std::string side = up && down ? "upwards and downwards" : up ? "upwards" : down ? "downwards" : "";
    return fmt::format("practically not identifiable: {}{}",
                       side.empty() ? "its interval ends where another parameter meets a bound"
                                    : "no end of the interval " + side + " before a bound",
                       others.empty() ? "" : "; with it move " + others);
}

std::vector<std::size_t> parameters_named(const FitProblem& problem, const std::vector<std::string>& names,
                                          const std::string& where)
{
    std::vector<std::size_t> parameters(names.empty() ? problem.parameters.size() : 0);
    std::iota(parameters.begin(), parameters.end(), std::size_t{0});
    for (const std::string& name : names) {
        const auto found = std::ranges::find(problem.parameters, name, &FitParameter::name);
        if (found == problem.parameters.end()) {
            throw InputError({where, 1, 1},
                             {fmt::format("unknown parameter '{}'", name), "the problem has no such parameter",
                              suggest_name(name, names_of(problem.parameters), "name one of the problem's")});
        }
        parameters.push_back(static_cast<std::size_t>(found - problem.parameters.begin()));
    }
    return parameters;
}

Profiles record_profiles(const Likelihood& likelihood, const std::function<solvers::fitting::Maximum()>& find_best,
                         const std::vector<std::size_t>& parameters, std::size_t threads,
                         const std::function<void(std::size_t parameter)>& progress, const std::filesystem::path& path,
                         bool overwrite)
{
    output::ResultsWriter file(path, overwrite); // before minutes are spent
    Profiles made = profile(likelihood, find_best(), parameters, threads, progress);
    write_profiles(likelihood, made, file);
    return made;
}

void write_profiles(const Likelihood& likelihood, const Profiles& profiles, output::ResultsWriter& file)
{
    const FitProblem& problem = likelihood.problem();
    write_provenance(file, provenance_scenario(problem), "profile");
    file.attribute({"analysis", std::string("profile")});
    file.attribute({"data", problem.data_text});
    file.attribute({"negative_log_likelihood", profiles.best.negative_log});
    file.attribute({"threshold", fitting::threshold_95});
    std::vector<std::string> all, names, units, words;
    std::vector<double> estimate, low, high, lower, upper, trade_off, value, rise, at;
    std::vector<std::uint8_t> verdict, is_log, held;
    std::vector<std::int64_t> of;
    for (const FitParameter& parameter : problem.parameters) {
        all.push_back(parameter.name);
    }
    for (std::size_t i = 0; i < profiles.parameters.size(); ++i) {
        const std::size_t p = profiles.parameters[i];
        const FitParameter& parameter = problem.parameters[p];
        const fitting::Profile& profile = profiles.profiles[i];
        const auto end = [&](const std::optional<double>& x) { return x ? parameter.outward(*x) : std::nan(""); };
        names.push_back(parameter.name);
        units.push_back(parameter.unit);
        words.push_back(describe(problem, p, profile));
        estimate.push_back(parameter.outward(profiles.best.x[p]));
        low.push_back(end(profile.low));
        high.push_back(end(profile.high));
        lower.push_back(parameter.lower);
        upper.push_back(parameter.upper);
        is_log.push_back(parameter.is_log ? 1 : 0);
        verdict.push_back(code(profile.verdict));
        auto direction = profile.trade_off;
        direction.resize(problem.parameters.size(), 0);
        trade_off.insert(trade_off.end(), direction.begin(), direction.end());
        for (const fitting::ProfilePoint& point : profile.points) {
            of.push_back(static_cast<std::int64_t>(i));
            value.push_back(parameter.outward(point.value));
            rise.push_back(point.rise);
            held.push_back(point.held ? 1 : 0);
            const auto outward = likelihood.outward(point.x);
            at.insert(at.end(), outward.begin(), outward.end());
        }
    }
    const auto numbers = [&](const std::string& name, const std::vector<std::string>& axes, const char* meaning,
                             const std::vector<double>& values) {
        file.variable(name, axes, Element::float64, {"1", meaning});
        file.write(name, 0, std::span<const double>(values));
    };
    const auto codes = [&](const std::string& name, const char* axis, const char* meaning, const char* meanings,
                           const std::vector<std::uint8_t>& known, const std::vector<std::uint8_t>& values) {
        file.variable(name, {axis}, Element::uint8,
                      {"1", meaning, "", "", {{"flag_values", known}, {"flag_meanings", std::string(meanings)}}});
        file.write(name, 0, std::span<const std::uint8_t>(values));
    };
    file.counted_dimension("fitted", all.size(), {"1", "parameter of the fit"});
    file.texts("fitted_name", "fitted", all, {"", "name of the parameter"});
    file.counted_dimension("parameter", names.size(), {"1", "parameter that is profiled"});
    file.texts("parameter_name", "parameter", names, {"", "name of the parameter"});
    file.texts("parameter_units", "parameter", units, {"", "unit of the parameter"});
    numbers("estimate", {"parameter"}, "best value of the parameter, in its unit", estimate);
    numbers("low", {"parameter"}, "lower end of the 95 % interval, in its unit; NaN without an end", low);
    numbers("high", {"parameter"}, "upper end of the 95 % interval, in its unit; NaN without an end", high);
    numbers("lower", {"parameter"}, "lower bound", lower);
    numbers("upper", {"parameter"}, "upper bound", upper);
    codes("is_log", "parameter", "whether the search is on the scale of logarithms", "linear logarithmic", {0, 1},
          is_log);
    codes("verdict", "parameter", "what the data say of the parameter",
          "identifiable practically_not_identifiable structurally_not_identifiable", {0, 1, 2}, verdict);
    file.texts("verdict_text", "parameter", words, {"", "the verdict in words"});
    numbers("trade_off", {"parameter", "fitted"},
            "direction in which all parameters move, on the scale of the search; 0 for an identifiable one", trade_off);
    file.counted_dimension("point", value.size(), {"1", "point of a profile"});
    file.variable("point_parameter", {"point"}, Element::int64, {"1", "which parameter's profile it belongs to"});
    file.write("point_parameter", 0, std::span<const std::int64_t>(of));
    numbers("point_value", {"point"}, "value of that parameter, in its unit", value);
    numbers("point_rise", {"point"}, "-log likelihood above the lowest of the profile", rise);
    codes("point_held", "point", "whether another parameter stands at a bound there", "free held", {0, 1}, held);
    numbers("point_parameters", {"point", "fitted"}, "all parameters there, in their units", at);
    file.finish();
}

output::Figure profiles_figure(const output::ResultsReader& file)
{
    output::Figure figure;
    figure.title = file.text_attribute("", "title").value_or("profiles");
    figure.subtitle =
        "Rise of −log likelihood when one parameter is moved and all others follow. Dotted: where the 95 % "
        "interval ends. Point: the best value.";
    const auto names = file.texts("parameter_name"), units = file.texts("parameter_units");
    const auto of = file.numbers("point_parameter"), value = file.numbers("point_value");
    const auto rise = file.numbers("point_rise"), verdict = file.numbers("verdict");
    const auto estimate = file.numbers("estimate"), is_log = file.numbers("is_log");
    const double threshold = file.number_attribute("", "threshold").value_or(fitting::threshold_95);
    const std::vector<std::string> words = {"identifiable", "practically not identifiable",
                                            "structurally not identifiable"};
    for (std::size_t p = 0; p < names.size(); ++p) {
        output::Line line{.label = "", .x = {}, .y = {}, .colour = static_cast<int>(verdict[p])};
        for (std::size_t i = 0; i < of.size(); ++i) {
            if (static_cast<std::size_t>(of[i]) == p) {
                line.x.push_back(value[i]);
                line.y.push_back(rise[i]);
            }
        }
        constexpr double wide = 10; // spans that a straight axis would press into a corner
        const bool as_log = is_log[p] == 1 && line.x.back() > wide * line.x.front();
        for (double& x : line.x) {
            x = as_log ? std::log10(x) : x;
        }
        const double best = as_log ? std::log10(estimate[p]) : estimate[p];
        output::Panel panel;
        panel.title = fmt::format("{}: {}", names[p], words[static_cast<std::size_t>(verdict[p])]);
        const std::string unit = units[p] == "1" ? "" : fmt::format(" [{}]", units[p]);
        panel.x_label = fmt::format("{}{}{}", as_log ? "log10 " : "", names[p], unit);
        panel.y_label = "rise of −log L";
        panel.lines.push_back({.label = "",
                               .x = {line.x.front(), line.x.back()},
                               .y = {threshold, threshold},
                               .colour = 3,
                               .dotted = true});
        panel.points.push_back({.label = "", .x = {best}, .y = {0}, .colour = static_cast<int>(verdict[p])});
        panel.lines.push_back(std::move(line));
        figure.panels.push_back(std::move(panel));
    }
    figure.columns = figure.panels.size() > 4 ? 3 : 2;
    return figure;
}

} // namespace osteoflare::scenarios
