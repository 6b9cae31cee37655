#include "output/film/furniture.hpp"

#include "output/figures/axis.hpp"
#include "output/film/look.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace osteoflare::output::film {
namespace {

constexpr Font small{11.5}, normal{12.5}, strong{12.5, true};
constexpr double legend_line = 21; // [px]

void draw_sign(Canvas& canvas, const Sign& sign, Point middle)
{
    const Box patch{middle.x - 13, middle.y - 6.5, 26, 13};
    if (sign.shape == Sign::Shape::dashes) {
        canvas.stroke({{patch.left, middle.y}, {patch.right(), middle.y}}, sign.line, 1.4, true);
        return;
    }
    canvas.fill(patch, sign.fill);
    canvas.hatch({Canvas::corners(patch)}, sign.line, sign.hatching);
    canvas.outline(patch, sign.line, 1.1);
}

void draw_line(Canvas& canvas, const Course& course, const Axis& x, const Axis& y, const Box& box, double width)
{
    Polygons pieces(1);
    for (std::size_t i = 0; i < std::min(course.x.size(), course.y.size()); ++i) {
        if (!plottable(course.x[i]) || !plottable(course.y[i])) {
            pieces.emplace_back();
            continue;
        }
        pieces.back().push_back({box.left + (course.x[i] - x.from) / (x.until - x.from) * box.width,
                                 box.bottom() - (course.y[i] - y.from) / (y.until - y.from) * box.height});
    }
    canvas.strokes(pieces, course.colour, width);
}

double value_at(const Course& course, double x)
{
    const std::size_t n = std::min(course.x.size(), course.y.size());
    for (std::size_t i = 1; i < n; ++i) {
        if (x >= course.x[i - 1] && x <= course.x[i] && course.x[i] > course.x[i - 1]) {
            const double share = (x - course.x[i - 1]) / (course.x[i] - course.x[i - 1]);
            return course.y[i - 1] + share * (course.y[i] - course.y[i - 1]);
        }
    }
    return std::nan("");
}

void draw_course(Canvas& canvas, const Course& course, const std::vector<const Moment*>& moments, const Axis& x,
                 const Box& box, bool with_days)
{
    Extent extent;
    for (const double value : course.y) {
        if (plottable(value)) {
            extent.include(value);
        }
    }
    if (course.from_zero) {
        extent.include(0);
    }
    const Axis y = axis_over(extent, 0.06, 4);
    const auto across = [&](double value) { return box.left + (value - x.from) / (x.until - x.from) * box.width; };
    const auto up = [&](double value) { return box.bottom() - (value - y.from) / (y.until - y.from) * box.height; };
    for (const Tick& tick : y.ticks) {
        canvas.stroke({{box.left, up(tick.at)}, {box.right(), up(tick.at)}}, faint, 1);
        canvas.text(tick.label, {box.left - 7, up(tick.at) + 4}, small, grey, Align::right);
    }
    for (const Tick& tick : x.ticks) {
        canvas.stroke({{across(tick.at), box.bottom()}, {across(tick.at), box.bottom() + 4}}, grey, 1);
        if (with_days) {
            canvas.text(tick.label, {across(tick.at), box.bottom() + 17}, small, grey, Align::centre);
        }
    }
    canvas.stroke({{box.left, box.bottom()}, {box.right(), box.bottom()}}, grey, 1);
    for (const Moment* moment : moments) {
        canvas.stroke({{across(moment->time), box.top}, {across(moment->time), box.bottom()}}, ink, 1.2, true);
    }
    canvas.inside({box.left - 1, box.top - 2, box.width + 2, box.height + 4},
                  [&] { draw_line(canvas, course, x, y, box, 2); });
    for (const Moment* moment : moments) {
        const double value = value_at(course, moment->time);
        if (plottable(value)) {
            canvas.ellipse({across(moment->time), up(value)}, 9, 9, {{}, course.colour, {1, 1, 1}, 1.5});
        }
    }
    canvas.text(shortened(course.label, box.width, strong), {box.left, box.top - 8}, strong, course.colour);
}

} // namespace

std::string plain_number(double value)
{
    const long tenths = std::lround(std::clamp(value, -1e15, 1e15) * 10);
    const std::string whole = (tenths < 0 ? "\u2212" : "") + std::to_string(std::labs(tenths) / 10);
    return tenths % 10 == 0 ? whole : whole + '.' + std::to_string(std::labs(tenths) % 10);
}

double draw_colour_bar(Canvas& canvas, const Film& film, Point corner, double width)
{
    constexpr double arrow = 14;
    const Box bar{corner.x, corner.y + 40, width - arrow, 16};
    std::string note = film.scale.kind == Scale::Kind::root          ? "square-root scale"
                       : film.scale.kind == Scale::Kind::logarithmic ? "logarithmic scale"
                                                                     : "linear scale";
    note += film.field_note.empty() ? "" : "; " + film.field_note;
    canvas.text(shortened(film.field_label, width, strong), {corner.x, corner.y + 13}, strong, ink);
    canvas.text(shortened(note, width, small), {corner.x, corner.y + 31}, small, grey);
    canvas.shade(bar, [&](Point pixel) { return field_colour((pixel.x - bar.left) / bar.width); });
    const Point tip{bar.right() + arrow, bar.top + bar.height / 2};
    canvas.fill({{{bar.right(), bar.top}, tip, {bar.right(), bar.bottom()}}}, field_colour(1));
    canvas.stroke({{bar.right(), bar.top},
                   {bar.left, bar.top},
                   {bar.left, bar.bottom()},
                   {bar.right(), bar.bottom()},
                   tip,
                   {bar.right(), bar.top}},
                  ink, 1);
    for (const Tick& tick : film.scale.ticks(5)) {
        const double x = bar.left + film.scale.share(tick.at) * bar.width;
        canvas.stroke({{x, bar.bottom()}, {x, bar.bottom() + 4}}, ink, 1);
        canvas.text(tick.label, {x, bar.bottom() + 17}, small, ink, Align::centre);
    }
    return colour_bar_height;
}

double legend_height(const Film& film, std::size_t n_moments)
{
    const std::size_t lines = film.categories.size() + film.signs.size() + (n_moments > 1 ? 1 : 0);
    return static_cast<double>(lines) * legend_line + 10;
}

double draw_legend(Canvas& canvas, const Film& film, const std::vector<const Moment*>& moments, Point corner,
                   double width)
{
    constexpr double words = 38, longest_words = 215; // [px]
    const double n = static_cast<double>(moments.size());
    const double first = std::min(longest_words, width * 0.6), column = std::min(90.0, (width - first) / n);
    double y = corner.y + legend_line / 2;
    const auto right_of = [&](std::size_t m) { return corner.x + first + column * static_cast<double>(m + 1); };
    for (std::size_t m = 0; moments.size() > 1 && m < moments.size(); ++m) {
        canvas.text(moments[m]->label, {right_of(m), y + 4}, strong, ink, Align::right);
    }
    y += moments.size() > 1 ? legend_line : 0;
    for (std::size_t c = 0; c < film.categories.size(); ++c) {
        const Category& category = film.categories[c];
        canvas.ellipse({corner.x + 13, y}, 13, 13, category);
        canvas.text(category.label, {corner.x + words, y + 4.5}, normal, ink);
        for (std::size_t m = 0; m < moments.size(); ++m) {
            const std::string count = c < moments[m]->counts.size() ? moments[m]->counts[c] : "";
            canvas.text(count, {right_of(m), y + 4.5}, normal, ink, Align::right);
        }
        y += legend_line;
    }
    y += 10;
    for (const Sign& sign : film.signs) {
        draw_sign(canvas, sign, {corner.x + 13, y});
        canvas.text(shortened(sign.label, width - words, normal), {corner.x + words, y + 4.5}, normal, ink);
        y += legend_line;
    }
    return legend_height(film, moments.size());
}

void draw_courses(Canvas& canvas, const Film& film, const std::vector<const Moment*>& moments, const Box& box)
{
    constexpr double above = 26, below = 40, labels = 52;
    if (film.courses.empty()) {
        return;
    }
    Extent extent;
    for (const Course& course : film.courses) {
        for (const double x : course.x) {
            if (plottable(x)) {
                extent.include(x);
            }
        }
    }
    for (const Moment* moment : moments) {
        extent.include(moment->time);
    }
    const Axis x = axis_over(extent, 0, 7, Rounding::days);
    const double n = static_cast<double>(film.courses.size());
    const double height = (box.height - below) / n;
    for (std::size_t c = 0; c < film.courses.size(); ++c) {
        const double top = box.top + height * static_cast<double>(c) + above;
        const bool last = c + 1 == film.courses.size();
        const Box panel{box.left + labels, top, box.width - labels - 8, height - above - 6};
        draw_course(canvas, film.courses[c], moments, x, panel, last);
        if (last) {
            canvas.text(film.time_label, {panel.left + panel.width / 2, panel.bottom() + 34}, small, grey,
                        Align::centre);
        }
    }
}

} // namespace osteoflare::output::film
