#include "output/figures/figure.hpp"

#include "output/figures/panel.hpp"
#include "output/figures/picture.hpp"
#include "output/part_file.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace osteoflare::output {
namespace {

constexpr Font title_font{17, true}, text_font{12, false};

// All lengths in pixels.
constexpr double edge = 18, cell_width = 460, right_of_plot = 26;
constexpr double title_line = 23, text_line = 17, legend_line = 21;
constexpr double sample_width = 34, sign_sample_width = 12, sample_gap = 7, entry_gap = 26;

struct LegendEntry {
    int colour = 0;
    std::string label = {};
    enum class Look { line, dots, sign, bars } look = Look::line;
    Sign sign = Sign::dot;
    double strength = 1;
    bool band = false, dotted = false;
    double x = 0; ///< [px]
    int row = 0;
};

double sample_width_of(const LegendEntry& entry)
{
    return entry.look == LegendEntry::Look::sign ? sign_sample_width : sample_width;
}

/// Each colour and each sign once, in the order in which they come, under the first name that they are given.
std::vector<LegendEntry> legend_of(const Figure& figure, double width)
{
    using Look = LegendEntry::Look;
    std::vector<LegendEntry> legend;
    std::set<int> in_bands;
    std::set<std::tuple<int, Sign, bool, double>> named;
    const auto add = [&](const LegendEntry& entry) {
        if (!entry.label.empty()
            && named.emplace(entry.colour, entry.sign, entry.look == Look::bars, entry.strength).second) {
            legend.push_back(entry);
        }
    };
    for (const Panel& panel : figure.panels) {
        for (const Spans& spans : panel.spans) {
            add({.colour = spans.colour,
                 .label = printable(spans.label),
                 .look = Look::bars,
                 .strength = spans.strength});
        }
        for (const Line& line : panel.lines) {
            add({.colour = line.colour, .label = printable(line.label), .dotted = line.dotted});
        }
        for (const Points& points : panel.points) {
            add({.colour = points.colour,
                 .label = printable(points.label),
                 .look = points.sign == Sign::dot ? Look::dots : Look::sign,
                 .sign = points.sign});
        }
        for (const Band& band : panel.bands) {
            in_bands.insert(band.colour);
        }
    }
    double x = 0;
    int row = 0;
    for (LegendEntry& entry : legend) {
        const double before_text = sample_width_of(entry) + sample_gap;
        entry.label = shortened(entry.label, width - before_text, text_font);
        entry.band = (entry.look == Look::line || entry.look == Look::dots) && in_bands.contains(entry.colour);
        const double entry_width = before_text + text_width(entry.label, text_font);
        if (x > 0 && x + entry_width > width) {
            x = 0;
            ++row;
        }
        entry.x = x;
        entry.row = row;
        x += entry_width + entry_gap;
    }
    return legend;
}

void draw_sample(Picture& picture, const LegendEntry& entry, double left, double right, double y)
{
    const double middle = (left + right) / 2;
    if (entry.band) {
        picture.rectangle(picture.at(left, y + 6), picture.at(right, y - 6), band_style(entry.colour));
    }
    switch (entry.look) {
    case LegendEntry::Look::line:
        picture.stroke(picture.at(left, y), picture.at(right, y),
                       entry.dotted ? dotted_style(entry.colour) : line_style(entry.colour));
        break;
    case LegendEntry::Look::dots:
        picture.rectangle(picture.at(middle - 4, y + 4), picture.at(middle + 4, y - 4), marker_fill(entry.colour));
        break;
    case LegendEntry::Look::sign:
        if (entry.sign == Sign::tick) {
            picture.stroke(picture.at(middle, y + 5), picture.at(middle, y - 5), upright_style(entry.colour));
        } else {
            picture.sign(picture.at(middle, y), entry.colour, entry.sign);
        }
        break;
    case LegendEntry::Look::bars:
        picture.rectangle(picture.at(left, y + 5), picture.at(right, y - 5), bar_style(entry.colour, entry.strength));
        break;
    }
}

/// What stands above the panels.
struct Header {
    std::vector<std::string> title, subtitle;
    std::vector<LegendEntry> legend;

    Header(const Figure& figure, double width)
        : title(wrapped(printable(figure.title), width, title_font)),
          subtitle(wrapped(printable(figure.subtitle), width, text_font)),
          legend(legend_of(figure, width))
    {
    }

    double subtitle_top() const { return edge + static_cast<double>(title.size()) * title_line; }
    double legend_top() const
    {
        return subtitle_top() + static_cast<double>(subtitle.size()) * text_line + (subtitle.empty() ? 3 : 6);
    }
    double height() const { return legend_top() + (legend.empty() ? 0 : (legend.back().row + 1) * legend_line); }

    void draw(Picture& picture) const
    {
        picture.text_lines(title, edge, edge + title_line / 2, title_line, title_font, ink);
        picture.text_lines(subtitle, edge, subtitle_top() + text_line / 2, text_line, text_font, grey);
        for (const LegendEntry& entry : legend) {
            const double left = edge + entry.x, right = left + sample_width_of(entry);
            const double y = legend_top() + (entry.row + 0.5) * legend_line;
            draw_sample(picture, entry, left, right, y);
            picture.text(entry.label, picture.at(right + sample_gap, y), text_font, ink);
        }
    }
};

/// The boxes of the panels, row by row below `top`, all of one size, and the height of the picture.
struct Grid {
    std::vector<Box> boxes;
    double height = 0;

    Grid(const std::vector<PreparedPanel>& panels, std::size_t n_columns, double top) : height(top)
    {
        double margin = 0;
        for (const PreparedPanel& panel : panels) {
            margin = std::max(margin, panel.left_margin());
        }
        const double plot_width = cell_width - margin - right_of_plot;
        for (std::size_t begin = 0; begin < panels.size(); begin += n_columns) {
            const std::size_t end = std::min(begin + n_columns, panels.size());
            double words = 0, plot_height = 0, below = 0;
            for (std::size_t i = begin; i < end; ++i) {
                words = std::max(words, panels[i].top_margin(plot_width));
                below = std::max(below, panels[i].bottom_margin());
                plot_height = std::max(plot_height, panels[i].plot_height());
            }
            for (std::size_t i = begin; i < end; ++i) {
                const double left = edge + static_cast<double>(i - begin) * cell_width + margin;
                boxes.push_back({.left = left,
                                 .right = left + plot_width,
                                 .top = height + words,
                                 .bottom = height + words + plot_height});
            }
            height += words + plot_height + below;
        }
    }
};

} // namespace

std::string svg(const Figure& figure)
{
    const std::size_t most_columns = std::max<std::size_t>(figure.panels.size(), 1);
    const std::size_t n_columns =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::max(figure.columns, 1)), 1, most_columns);
    const double width = 2 * edge + static_cast<double>(n_columns) * cell_width;
    const std::vector<PreparedPanel> panels(figure.panels.begin(), figure.panels.end());
    const Header header(figure, width - 2 * edge);
    const Grid grid(panels, n_columns, header.height());

    Picture picture(width, std::max(grid.height, header.height() + edge));
    header.draw(picture);
    for (std::size_t i = 0; i < panels.size(); ++i) {
        panels[i].draw(picture, grid.boxes[i]);
    }
    if (panels.empty()) {
        picture.draw("unset border\nunset tics\nplot [0:1] [0:1] -1 notitle");
    }
    return picture.svg(figure.title);
}

void write_text(const std::filesystem::path& path, const std::string& text, bool overwrite)
{
    PartFile file(path, overwrite);
    file.append(text);
    file.take_name();
}

} // namespace osteoflare::output
