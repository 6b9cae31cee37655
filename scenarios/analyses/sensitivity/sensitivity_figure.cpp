#include "scenarios/analyses/sensitivity/sensitivity_figure.hpp"

#include "scenarios/reading/input_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

using output::Figure;
using output::Line;
using output::Panel;
using output::Points;
using output::ResultsReader;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Of the seven colours: the first two are for kinds of indices, the others for factors.
constexpr int first_colour = 0, total_colour = 1, factor_colour = 2;
constexpr std::size_t most_lines = 5, most_names = 6;
/// Indices that are not even known to this are noise to the eye.
constexpr double widest_drawn = 0.25;

class Drawing {
public:
    Drawing(const ResultsReader& file, std::string group) : file_(file), group_(std::move(group))
    {
        factors_ = file.texts("factor_name");
    }

    std::size_t n_factors() const { return factors_.size(); }

    /// What was analysed, by name, in the order of the file.
    std::vector<std::string> analysed() const
    {
        std::vector<std::string> names;
        for (const std::string& name : file_.variables()) {
            if (name.starts_with(group_ + "/")) {
                names.push_back(name.substr(group_.size() + 1));
            }
        }
        return names;
    }

    bool is_course(const std::string& name) const { return file_.shape(group_ + "/" + name).size() == 2; }

    bool varies(const std::string& name) const
    {
        return std::ranges::any_of(file_.numbers(group_ + "/" + name), [](double v) { return std::isfinite(v); });
    }

    std::string unit(const std::string& name) const
    {
        return file_.text_attribute(group_ + "/" + name, "units").value_or("1");
    }

    /// Factors in falling order of a list.
    std::vector<std::size_t> falling(const std::vector<double>& of) const
    {
        std::vector<std::size_t> order(n_factors());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t a) { return of[a]; });
        return order;
    }

    Panel index_panel(const std::string& name) const
    {
        const auto total = file_.numbers("total/" + name);
        const auto order = falling(total);
        Panel panel;
        panel.title = name;
        panel.x_label = "share of the variance";
        for (const std::size_t a : order) {
            panel.rows.push_back(factors_[a]);
        }
        panel.points.push_back(points("first_order", name, "first-order index: by itself", order, -0.16, first_colour));
        panel.points.push_back(points("total", name, "total index: with interactions", order, 0.16, total_colour));
        panel.lines.push_back({"", {0, 0}, {-0.5, static_cast<double>(order.size()) - 0.5}, 6, false, true});
        return panel;
    }

    Panel course_panel(const std::string& name, const std::vector<std::size_t>& important) const
    {
        const auto times = file_.numbers("time");
        const auto total = file_.numbers("total/" + name), low = file_.numbers("total_low/" + name),
                   high = file_.numbers("total_high/" + name);
        Panel panel;
        panel.title = name + ", over time";
        panel.x_label = fmt::format("{} [d]", file_.text_attribute("time", "long_name").value_or("time"));
        panel.y_label = "total index";
        for (std::size_t i = 0; i < important.size(); ++i) {
            const int colour = factor_colour + static_cast<int>(i);
            Line line{factors_[important[i]], times, {}, colour};
            output::Band band{times, {}, {}, colour};
            for (std::size_t t = 0; t < times.size(); ++t) {
                const std::size_t at = important[i] * times.size() + t;
                const bool is_known = high[at] - low[at] <= 2 * widest_drawn;
                line.y.push_back(is_known ? total[at] : nothing);
                band.low.push_back(is_known ? low[at] : nothing);
                band.high.push_back(is_known ? high[at] : nothing);
            }
            panel.lines.push_back(std::move(line));
            panel.bands.push_back(std::move(band));
        }
        return panel;
    }

    /// The factors whose indices at the last time are largest in any of these courses.
    std::vector<std::size_t> important(const std::vector<std::string>& courses) const
    {
        std::vector<double> largest(n_factors(), -1);
        for (const std::string& name : courses) {
            const auto total = file_.numbers("total/" + name);
            const std::size_t n = total.size() / n_factors();
            for (std::size_t a = 0; a < n_factors(); ++a) {
                const double last = total[a * n + n - 1];
                largest[a] = std::isfinite(last) ? std::max(largest[a], last) : largest[a];
            }
        }
        auto order = falling(largest);
        order.resize(std::min(order.size(), most_lines));
        return order;
    }

    /// The factors with the largest mu* of any number, relative to the largest of that number.
    std::vector<std::size_t> named(const std::vector<std::string>& names) const
    {
        std::vector<double> largest(n_factors(), -1);
        for (const std::string& name : names) {
            const auto mu_star = last("mu_star", name);
            const double most = std::ranges::max(mu_star);
            for (std::size_t a = 0; a < n_factors() && most > 0; ++a) {
                largest[a] = std::max(largest[a], mu_star[a] / most);
            }
        }
        auto order = falling(largest);
        order.resize(std::min(order.size(), most_names));
        return order;
    }

    Panel effect_panel(const std::string& name, const std::vector<std::size_t>& named) const
    {
        const auto mu_star = last("mu_star", name), low = last("mu_star_low", name), high = last("mu_star_high", name),
                   sigma = last("sigma", name), sigma_low = last("sigma_low", name),
                   sigma_high = last("sigma_high", name);
        const std::string unit_words = unit(name) == "1" ? "" : fmt::format(" [{}]", unit(name));
        Panel panel;
        panel.title = is_course(name) ? name + " at the end" : name;
        panel.x_label = "mu*: how much it moves" + unit_words;
        panel.y_label = "sigma: depending on the others" + unit_words;
        Points others{.label = "the others", .colour = static_cast<int>(most_names)};
        for (std::size_t a = 0; a < n_factors(); ++a) {
            const auto at = std::ranges::find(named, a);
            Points own{.label = factors_[a], .colour = static_cast<int>(at - named.begin())};
            Points& into = at == named.end() ? others : own;
            into.x.push_back(mu_star[a]);
            into.x_low.push_back(low[a]);
            into.x_high.push_back(high[a]);
            into.y.push_back(sigma[a]);
            into.y_low.push_back(sigma_low[a]);
            into.y_high.push_back(sigma_high[a]);
            if (at != named.end()) {
                panel.points.push_back(std::move(own));
            }
        }
        std::ranges::sort(panel.points, {}, &Points::colour); // the legend begins with what matters most
        if (!others.x.empty()) {
            panel.points.push_back(std::move(others));
        }
        return panel;
    }

private:
    Points points(const std::string& group, const std::string& name, const std::string& label,
                  const std::vector<std::size_t>& order, double offset, int colour) const
    {
        const auto value = file_.numbers(group + "/" + name), low = file_.numbers(group + "_low/" + name),
                   high = file_.numbers(group + "_high/" + name);
        Points points{.label = label, .colour = colour};
        for (std::size_t row = 0; row < order.size(); ++row) {
            points.x.push_back(value[order[row]]);
            points.x_low.push_back(low[order[row]]);
            points.x_high.push_back(high[order[row]]);
            points.y.push_back(static_cast<double>(row) + offset);
        }
        return points;
    }

    /// (factor): at the last time of a course.
    std::vector<double> last(const std::string& group, const std::string& name) const
    {
        const auto all = file_.numbers(group + "/" + name);
        const std::size_t n = all.size() / n_factors();
        std::vector<double> values;
        for (std::size_t a = 0; a < n_factors(); ++a) {
            values.push_back(all[a * n + n - 1]);
        }
        return values;
    }

    const ResultsReader& file_;
    std::string group_;
    std::vector<std::string> factors_;
};

/// What a reader wants to see first; else the first few.
std::vector<std::string> chosen(const Drawing& drawing, const std::string& file_name,
                                const std::vector<std::string>& wanted)
{
    const auto known = drawing.analysed();
    for (const std::string& name : wanted) {
        if (std::ranges::find(known, name) == known.end()) {
            throw InputError({"--variables", 1, 1}, {fmt::format("unknown variable '{}'", name),
                                                     fmt::format("nothing of that name was analysed in {}", file_name),
                                                     suggest_name(name, known, "see the file's group run")});
        }
    }
    if (!wanted.empty()) {
        return wanted;
    }
    std::vector<std::string> names;
    for (const char* favourite : {"onset", "final_swelling", "final_bone", "swelling", "bone"}) {
        if (std::ranges::find(known, favourite) != known.end() && drawing.varies(favourite)) {
            names.emplace_back(favourite);
        }
    }
    for (const std::string& name : known) {
        if (names.size() < 4 && drawing.varies(name) && std::ranges::find(names, name) == names.end()) {
            names.push_back(name);
        }
    }
    return names;
}

} // namespace

Figure sensitivity_figure(const ResultsReader& file, const std::string& file_name,
                          const std::vector<std::string>& variables)
{
    if (file.text_attribute("", "method") == "local") {
        return local_sensitivity_figure(file, file_name, variables);
    }
    const bool is_sobol = file.text_attribute("", "method") == "sobol";
    const Drawing drawing(file, is_sobol ? "total" : "mu_star");
    const auto names = chosen(drawing, file_name, variables);
    if (names.empty()) {
        throw output::FileError(file_name, "has nothing to draw", "nothing that was analysed varies",
                                "vary more, or analyse something else with --of");
    }
    Figure figure;
    figure.title = file.text_attribute("", "title").value_or(file_name);
    const auto shape = file.shape("status");
    figure.subtitle = fmt::format("{} {} rows of {} runs; bars and bands: 95 % intervals.",
                                  file.text_attribute("", "question").value_or(""), shape.at(0), shape.at(1));
    std::vector<std::string> courses;
    std::ranges::copy_if(names, std::back_inserter(courses), [&](const auto& n) { return drawing.is_course(n); });
    if (is_sobol) {
        for (const std::string& name : names) {
            if (!drawing.is_course(name)) {
                figure.panels.push_back(drawing.index_panel(name));
            }
        }
        const auto important = drawing.important(courses);
        for (const std::string& name : courses) {
            figure.panels.push_back(drawing.course_panel(name, important));
        }
        if (!courses.empty()) {
            figure.subtitle += " Gaps: not known to ±0.25.";
        }
    } else {
        const auto named = drawing.named(names);
        for (const std::string& name : names) {
            figure.panels.push_back(drawing.effect_panel(name, named));
        }
    }
    const std::size_t n = figure.panels.size();
    figure.columns = n > 4 ? 3 : static_cast<int>(std::min<std::size_t>(n, 2));
    return figure;
}

} // namespace osteoflare::scenarios
