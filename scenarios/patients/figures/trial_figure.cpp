#include "scenarios/patients/figures/trial_figure.hpp"

#include "scenarios/patients/figures/panels.hpp"
#include "scenarios/reading/input_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace osteoflare::scenarios::patients {
namespace {

constexpr const char* purpose = "For research and teaching, never for the care of a person.";

std::string drawn_children(const TrialResults& results)
{
    const auto n_diagnosed =
        std::ranges::count(results.children, clinic::Presentation::Kind::diagnosed, &Presented::kind);
    return fmt::format("{} children drawn, {} diagnosed.", results.children.size(), n_diagnosed);
}

/// Panels of one picture, and what must be known to read them.
struct PictureOf {
    std::vector<output::Panel> panels;
    std::string words;
    int columns = 2;
};

/// Of panels with many rows: three at most, and four as a square.
int columns_of(std::size_t n_panels)
{
    return n_panels == 4 ? 2 : static_cast<int>(std::clamp<std::size_t>(n_panels, 1, 3));
}

/// Bands of many arms would hide each other.
bool have_bands(const TrialResults& results)
{
    return results.arms.size() <= 3;
}

std::vector<output::Panel> readable(const TrialResults& results, std::vector<output::Panel> panels)
{
    for (output::Panel& panel : panels) {
        if (!have_bands(results)) {
            panel.bands.clear();
        }
    }
    return panels;
}

PictureOf picture_of(const TrialResults& results, const std::string& name)
{
    if (name == "survival") {
        return {
            readable(results, survival_panels(results)),
            fmt::format("Curves of Kaplan and Meier{}. Relapse is told of who was symptom-free, and these need not be "
                        "the same children in each arm.",
                        have_bands(results) ? " with 95 % bands" : ""),
            2};
    }
    if (name == "courses") {
        return {readable(results, course_panels(results)),
                fmt::format("Courses: {}; line: median{}.", in_words(results, compared_groups(results)),
                            have_bands(results) ? ", band: their middle half" : ""),
                2};
    }
    if (name == "swimmers") {
        return {swimmer_panels(results), swimmers_in_words(results), columns_of(results.arms.size())};
    }
    return {children_panels(results), "", 2};
}

} // namespace

std::vector<std::string> known_pictures(const TrialResults& results)
{
    return results.is_trial() ? std::vector<std::string>{"survival", "courses", "swimmers", "children"}
                              : std::vector<std::string>{"children"};
}

output::Figure trial_figure(const TrialResults& results, const std::vector<std::string>& pictures)
{
    const auto known = known_pictures(results);
    for (const std::string& name : pictures) {
        if (std::ranges::find(known, name) == known.end()) {
            throw InputError({"--variables", 1, 1},
                             {fmt::format("unknown picture '{}'", name),
                              results.is_trial() ? "a trial has none of this name" : "a cohort has none of this name",
                              suggest_name(name, known, fmt::format("use one of {}", fmt::join(known, ", ")))});
        }
    }
    const std::vector<std::string> usual = results.is_trial() ? std::vector<std::string>{"survival", "courses"} : known;
    output::Figure figure;
    figure.title = results.title.empty() ? results.name : results.title;
    figure.columns = 1;
    std::vector<std::string> sentences = {results.question, drawn_children(results)};
    for (const std::string& name : pictures.empty() ? usual : pictures) {
        PictureOf picture = picture_of(results, name);
        std::ranges::move(picture.panels, std::back_inserter(figure.panels));
        sentences.push_back(picture.words);
        figure.columns = std::max(figure.columns, picture.columns);
    }
    sentences.emplace_back(purpose);
    std::erase(sentences, "");
    figure.subtitle = fmt::format("{}", fmt::join(sentences, " "));
    return figure;
}

} // namespace osteoflare::scenarios::patients
