#include "output/figures/panel.hpp"

#include "output/figures/curves.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace osteoflare::output {
namespace {

constexpr Font title_font{13, true}, label_font{12, false}, tick_font{11, false}, mark_font{10, false};

// All lengths in pixels.
constexpr double title_line = 18, label_line = 15, mark_line = 13, longest_y_label = 230;
constexpr double above_title = 14, above_plot = 8, below_plot = 52, left_of_label = 2, around_ticks = 9;
constexpr double narrowest_plot = 320, least_plot_height = 205, row_height = 17, longest_row_name = 170;
constexpr double below_line = 16, below_swatch = 13, right_of_names = 22, longest_name_below = 120;

std::string name_below(const RowBelow& row)
{
    return shortened(printable(row.label), longest_name_below, tick_font);
}

/// The x axis with as many ticks as have room for their labels.
Axis readable_x_axis(Extent extent, Rounding rounding)
{
    Axis axis;
    for (int n_ticks = 7; n_ticks > 0; --n_ticks) {
        axis = axis_over(extent, 0, n_ticks, rounding);
        double widths = 0;
        for (const Tick& tick : axis.ticks) {
            widths += text_width(tick.label, tick_font) + 14;
        }
        if (widths < narrowest_plot) {
            break;
        }
    }
    return axis;
}

std::vector<Tick> ticks_at(const std::vector<double>& places, const Axis& axis)
{
    std::vector<Tick> ticks;
    for (const double place : places) {
        if (axis.from <= place && place <= axis.until) {
            ticks.push_back({.at = place, .label = script_number(place)});
        }
    }
    return ticks;
}

std::string tick_commands(const std::string& axis, const std::vector<Tick>& ticks)
{
    std::string list;
    for (const Tick& tick : ticks) {
        list += (list.empty() ? "'" : ", '") + tick.label + "' " + script_number(tick.at);
    }
    return "set " + axis + "tics nomirror out scale 0.5 " + (axis == "x" ? "offset 0,0.35 " : "") + "tc rgb '" + ink
           + "' (" + list + ")\n";
}

double text_right(const PlacedMark& mark)
{
    return mark.text_left + text_width(mark.text, mark_font);
}

std::string range_command(const std::string& axis, const Axis& range)
{
    return "set " + axis + "range [" + script_number(range.from) + ":" + script_number(range.until) + "]\n";
}

} // namespace

std::vector<PlacedMark> placed_marks(const std::vector<Mark>& marks, const Axis& axis, double left, double right)
{
    std::vector<Mark> seen;
    for (const Mark& mark : marks) {
        if (mark.from <= axis.until && mark.until >= axis.from && mark.from <= mark.until) {
            seen.push_back(mark);
        }
    }
    std::stable_sort(seen.begin(), seen.end(), [](const Mark& a, const Mark& b) { return a.from < b.from; });
    std::map<std::string, int> times;
    for (const Mark& mark : seen) {
        ++times[mark.label];
    }
    const auto pixels = [&](double x) {
        return left + (right - left) * (std::clamp(x, axis.from, axis.until) - axis.from) / (axis.until - axis.from);
    };
    std::vector<PlacedMark> placed;
    for (const Mark& mark : seen) {
        PlacedMark place{.left = pixels(mark.from), .right = pixels(mark.until)};
        const int n = std::exchange(times[mark.label], 0);
        if (n > 0 && !mark.label.empty()) {
            const std::string count = n > 1 ? " (" + std::to_string(n) + "×)" : "";
            const double room = right - left - text_width(count, mark_font);
            place.text = shortened(printable(mark.label), room, mark_font) + count;
            place.text_left = std::min(place.left, right - text_width(place.text, mark_font));
        }
        placed.push_back(std::move(place));
    }
    // From the right: words go above those that they would run into, so a row's words never cross a later mark's line.
    for (std::size_t i = placed.size(); i-- > 0;) {
        const double end = text_right(placed[i]) + 8;
        for (std::size_t later = i + 1; later < placed.size() && !placed[i].text.empty(); ++later) {
            if (!placed[later].text.empty() && placed[later].text_left < end) {
                placed[i].row = std::max(placed[i].row, placed[later].row + 1);
            }
        }
    }
    return placed;
}

PreparedPanel::PreparedPanel(const Panel& panel)
    : panel_(panel), y_label_(wrapped(printable(panel.y_label), longest_y_label, label_font))
{
    check_columns(panel);
    auto [x, y] = extents_of(panel);
    empty_ = x.empty();
    for (const double value : panel.x_shown) {
        x.include(value);
    }
    for (const double value : panel.y_shown) {
        y.include(value);
    }
    for (const Mark& mark : panel.marks) {
        if (empty_ && mark.from <= mark.until) {
            x.include(mark.from);
            x.include(mark.until);
        }
    }
    if (panel.from_zero) {
        y.include(0);
    }
    x_ = readable_x_axis(x, panel.x_label.ends_with("[d]") ? Rounding::days : Rounding::decimal);
    if (!panel.x_ticks.empty()) {
        x_.ticks = ticks_at(panel.x_ticks, x_);
    }
    y_ = axis_over(y, 0.05, 6);
    if (!panel.rows.empty()) {
        // From the top down.
        y_ = {.from = static_cast<double>(panel.rows.size()) - 0.5, .until = -0.5};
        for (std::size_t row = 0; row < panel.rows.size(); ++row) {
            y_.ticks.push_back(
                {static_cast<double>(row), shortened(printable(panel.rows[row]), longest_row_name, tick_font)});
        }
    }
}

std::vector<std::string> PreparedPanel::title(double plot_width) const
{
    return wrapped(printable(panel_.title), plot_width, title_font);
}

double PreparedPanel::axis_margin() const
{
    double ticks = 0;
    for (const Tick& tick : y_.ticks) {
        ticks = std::max(ticks, text_width(tick.label, tick_font));
    }
    return left_of_label + static_cast<double>(y_label_.size()) * label_line + 2 * around_ticks + ticks;
}

double PreparedPanel::left_margin() const
{
    double names = 0;
    for (const RowBelow& row : panel_.below) {
        names = std::max(names, below_swatch + text_width(name_below(row), tick_font) + right_of_names);
    }
    return std::max(axis_margin(), names);
}

double PreparedPanel::top_margin(double plot_width) const
{
    int n_mark_rows = 0;
    for (const PlacedMark& mark : placed_marks(panel_.marks, x_, 0, plot_width)) {
        n_mark_rows = std::max(n_mark_rows, mark.text.empty() ? 0 : mark.row + 1);
    }
    return above_title + static_cast<double>(title(plot_width).size()) * title_line + n_mark_rows * mark_line
           + above_plot;
}

double PreparedPanel::bottom_margin() const
{
    const double title = panel_.below.empty() ? 0 : below_line;
    return below_plot + title + static_cast<double>(panel_.below.size()) * below_line;
}

double PreparedPanel::plot_height() const
{
    return std::max(least_plot_height, row_height * static_cast<double>(panel_.rows.size()));
}

void PreparedPanel::draw(Picture& picture, const Box& box) const
{
    draw_axes(picture, box);
    draw_words(picture, box);
    draw_below(picture, box);
    draw_marks(picture, box);
    picture.draw("plot " + curves_of(panel_, y_, box.bottom - box.top, picture));
}

void PreparedPanel::draw_axes(Picture& picture, const Box& box) const
{
    picture.add(
        "set lmargin at " + picture.x(box.left) + "\nset rmargin at " + picture.x(box.right) + "\nset tmargin at "
        + picture.y(box.top) + "\nset bmargin at " + picture.y(box.bottom)
        + "\nset border 3 lw 1 lc rgb '#555555'\nset grid xtics ytics back lt 1 lw 0.7 dt solid lc rgb '#e4e4e4'\n");
    picture.add(range_command("x", x_) + range_command("y", y_) + tick_commands("x", x_.ticks));
    picture.add(empty_ ? "unset ytics\n" : tick_commands("y", y_.ticks));
}

void PreparedPanel::draw_words(Picture& picture, const Box& box) const
{
    const double middle = (box.left + box.right) / 2;
    const double title_top = box.top - top_margin(box.right - box.left) + above_title;
    picture.text_lines(title(box.right - box.left), box.left, title_top + title_line / 2, title_line, title_font, ink);
    const std::string x_label = shortened(printable(panel_.x_label), box.right - box.left, label_font);
    picture.text(x_label, picture.at(middle, box.bottom + 34), label_font, ink, "center");
    double x = box.left - axis_margin() + left_of_label + label_line / 2;
    for (const std::string& line : y_label_) {
        picture.text(line, picture.at(x, (box.top + box.bottom) / 2), label_font, ink, "center rotate by 90");
        x += label_line;
    }
    if (empty_) {
        picture.text("no data", picture.at(middle, (box.top + box.bottom) / 2), label_font, grey, "center");
    }
}

void PreparedPanel::draw_below(Picture& picture, const Box& box) const
{
    if (panel_.below.empty()) {
        return;
    }
    const double left = box.left - left_margin();
    double y = box.bottom + below_plot;
    picture.text(printable(panel_.below_title), picture.at(left, y), tick_font, grey);
    for (const RowBelow& row : panel_.below) {
        y += below_line;
        picture.rectangle(picture.at(left, y + 2), picture.at(left + 8, y - 2), marker_fill(row.colour));
        picture.text(name_below(row), picture.at(left + below_swatch, y), tick_font, ink);
        for (std::size_t tick = 0; tick < row.cells.size() && tick < panel_.x_ticks.size(); ++tick) {
            const double share = (panel_.x_ticks[tick] - x_.from) / (x_.until - x_.from);
            if (share >= 0 && share <= 1) {
                picture.text(row.cells[tick], picture.at(box.left + share * (box.right - box.left), y), tick_font, ink,
                             "center");
            }
        }
    }
}

void PreparedPanel::draw_marks(Picture& picture, const Box& box) const
{
    const std::vector<PlacedMark> marks = placed_marks(panel_.marks, x_, box.left, box.right);
    for (const PlacedMark& mark : marks) {
        if (mark.right - mark.left < 1.5) {
            picture.stroke(picture.at(mark.left, box.bottom), picture.at(mark.left, box.top),
                           "back lw 1.2 dt (4,3) lc rgb '#888888'");
        } else {
            picture.rectangle(picture.at(mark.left, box.bottom), picture.at(mark.right, box.top),
                              "behind fs transparent solid 0.07 noborder fc rgb '#000000'");
        }
        if (!mark.text.empty()) {
            const double y = box.top - above_plot / 2 - (mark.row + 0.5) * mark_line;
            picture.text(mark.text, picture.at(mark.text_left, y), mark_font, grey);
            for (int row = 0; row < mark.row; ++row) { // a thin line up to the words, behind no other words
                const bool words = std::any_of(marks.begin(), marks.end(), [&](const PlacedMark& other) {
                    return other.row == row && other.text_left < mark.left + 2 && mark.left < text_right(other) + 2;
                });
                if (!words) {
                    const double bottom = box.top - (row == 0 ? 0 : above_plot / 2 + row * mark_line);
                    picture.stroke(picture.at(mark.left, bottom),
                                   picture.at(mark.left, box.top - above_plot / 2 - (row + 1) * mark_line),
                                   "back lw 0.8 dt solid lc rgb '#bbbbbb'");
                }
            }
        }
    }
}

} // namespace osteoflare::output
