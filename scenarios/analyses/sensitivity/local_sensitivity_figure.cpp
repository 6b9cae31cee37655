#include "scenarios/analyses/sensitivity/sensitivity_figure.hpp"
#include "scenarios/reading/input_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

constexpr int slope_colour = 0, combination_colour = 1, zero_colour = 6;
constexpr std::size_t most_panels = 5;

/// A row for each factor, the largest magnitude first, and a line at zero.
output::Panel row_panel(const std::string& title, const std::string& x_label, const std::vector<std::string>& factors,
                        const std::vector<double>& values, int colour)
{
    std::vector<std::size_t> order(factors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t a) { return std::abs(values[a]); });
    output::Panel panel;
    panel.title = title;
    panel.x_label = x_label;
    output::Points points{.colour = colour};
    for (const std::size_t a : order) {
        points.y.push_back(static_cast<double>(panel.rows.size()));
        points.x.push_back(values[a]);
        panel.rows.push_back(factors[a]);
    }
    panel.points.push_back(std::move(points));
    panel.lines.push_back({"", {0, 0}, {-0.5, static_cast<double>(factors.size()) - 0.5}, zero_colour, false, true});
    return panel;
}

/// What is drawn: what was asked for, or all.
std::vector<std::string> chosen(const output::ResultsReader& file, const std::string& file_name,
                                const std::vector<std::string>& wanted)
{
    constexpr std::string_view group = "slope/";
    std::vector<std::string> known;
    for (const std::string& name : file.variables()) {
        if (name.starts_with(group)) {
            known.push_back(name.substr(group.size()));
        }
    }
    for (const std::string& name : wanted) {
        if (std::ranges::find(known, name) == known.end()) {
            throw InputError({"--variables", 1, 1}, {fmt::format("unknown variable '{}'", name),
                                                     fmt::format("nothing of that name was analysed in {}", file_name),
                                                     suggest_name(name, known, "see the file's group run")});
        }
    }
    return wanted.empty() ? known : wanted;
}

} // namespace

output::Figure local_sensitivity_figure(const output::ResultsReader& file, const std::string& file_name,
                                        const std::vector<std::string>& variables)
{
    const auto factors = file.texts("factor_name");
    const auto times = file.numbers("time");
    output::Figure figure;
    figure.title = file.text_attribute("", "title").value_or(file_name);
    figure.subtitle = file.text_attribute("", "question").value_or("");
    for (const std::string& name : chosen(file, file_name, variables)) {
        const auto slopes = file.numbers("slope/" + name, times.size() - 1, 1);
        const bool is_known = std::ranges::all_of(slopes, [](double slope) { return std::isfinite(slope); });
        if (is_known && figure.panels.size() < most_panels) {
            figure.panels.push_back(row_panel(fmt::format("{} on day {:g}", name, times.back()),
                                              "change [%] if the factor is 1 % higher", factors, slopes, slope_colour));
        }
    }
    if (file.has("mode_direction")) {
        const double error = file.numbers("mode_error").front();
        figure.panels.push_back(row_panel(error > 1 ? "a combination that the data do not see"
                                                    : fmt::format("what the data know least: to {:.2g} %", 100 * error),
                                          "exponent in the combination", factors, file.numbers("mode_direction", 0, 1),
                                          combination_colour));
    }
    if (figure.panels.empty()) {
        throw output::FileError(file_name, "has nothing to draw", "the run failed, or all it gave is 0",
                                "see osteoflare sensitivity");
    }
    figure.columns = figure.panels.size() == 4 ? 2 : static_cast<int>(std::min<std::size_t>(figure.panels.size(), 3));
    return figure;
}

} // namespace osteoflare::scenarios
