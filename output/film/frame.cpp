#include "output/film/frame.hpp"

#include "output/film/canvas.hpp"
#include "output/film/furniture.hpp"
#include "output/film/look.hpp"
#include "output/film/view.hpp"

#include <algorithm>

namespace osteoflare::output::film {
namespace {

constexpr double page_width = 1280, edge = 28, gap = 34; // [px]
constexpr double inner_width = page_width - 2 * edge;
constexpr double footer_height = 34;
constexpr double between_views = 18;
constexpr double square = 640;         // the large view beside the legend
constexpr double highest_strip = 420;  // a view over the whole width
constexpr double courses_height = 270; // at least
constexpr Font title_font{21, true}, text_font{13}, day_font{36, true}, small_font{11};

/// Title and question; returns where they end.
double draw_header(Canvas& canvas, const Film& film, const std::string& day)
{
    const double room = inner_width - (day.empty() ? 0 : canvas.width_of(day, day_font) + gap);
    canvas.text(shortened(film.title, room, title_font), {edge, 42}, title_font, ink);
    canvas.text(day, {page_width - edge, 54}, day_font, ink, Align::right);
    double y = 48;
    auto lines = wrapped(film.subtitle, room, text_font);
    if (lines.size() > 2) {
        lines.resize(2);
        lines[1] += " …";
    }
    for (const std::string& line : lines) {
        y += 17;
        canvas.text(line, {edge, y}, text_font, grey);
    }
    return std::max(y, 65.0) + 12;
}

double header_height(const Film& film, const std::string& day)
{
    Canvas measure(1, 1, 1);
    return draw_header(measure, film, day);
}

void draw_footer(Canvas& canvas, const Film& film, double height)
{
    canvas.text(shortened(film.footer, inner_width, small_font), {edge, height - 13}, small_font, grey);
}

/// Colour bar and legend above the courses, or beside them where the box is wide.
void draw_side(Canvas& canvas, const Film& film, const Moment& moment, const Box& box)
{
    const double bar = draw_colour_bar(canvas, film, {box.left, box.top}, box.width) + 14;
    const double legend = draw_legend(canvas, film, {&moment}, {box.left, box.top + bar}, box.width);
    const double used = bar + legend + 14;
    draw_courses(canvas, film, {&moment}, {box.left, box.top + used, box.width, box.height - used});
}

void draw_below(Canvas& canvas, const Film& film, const std::vector<const Moment*>& moments, const Box& box)
{
    const double left = (box.width - gap) * 0.47;
    const double bar = draw_colour_bar(canvas, film, {box.left, box.top}, left) + 14;
    draw_legend(canvas, film, moments, {box.left, box.top + bar}, left);
    draw_courses(canvas, film, moments, {box.left + left + gap, box.top - 8, box.width - left - gap, box.height + 8});
}

double below_height(const Film& film, std::size_t n_moments)
{
    return std::max(courses_height, colour_bar_height + 14 + legend_height(film, n_moments));
}

} // namespace

std::string frame_png(const Film& film, const Moment& moment, double zoom)
{
    const double top = header_height(film, moment.label);
    const bool has_large_view = moment.views.size() > 1;
    double height = top;
    double large = 0;
    if (has_large_view) {
        large = std::max(view_height(moment.views[0], square, square),
                         colour_bar_height + 14 + legend_height(film, 1) + (film.courses.empty() ? 0 : courses_height));
        height += large + between_views;
    }
    for (std::size_t i = has_large_view ? 1 : 0; i < moment.views.size(); ++i) {
        height += view_height(moment.views[i], inner_width, highest_strip) + between_views;
    }
    height += has_large_view ? 0 : below_height(film, 1);
    height += footer_height;

    Canvas canvas(page_width, height, zoom);
    double y = draw_header(canvas, film, moment.label);
    if (has_large_view) {
        const double own = view_height(moment.views[0], square, square);
        draw_view(canvas, moment.views[0], film, {edge, y, square, own});
        const double left = edge + square + gap;
        draw_side(canvas, film, moment, {left, y + 4, page_width - edge - left, large - 4});
        y += large + between_views;
    }
    for (std::size_t i = has_large_view ? 1 : 0; i < moment.views.size(); ++i) {
        const double own = view_height(moment.views[i], inner_width, highest_strip);
        draw_view(canvas, moment.views[i], film, {edge, y, inner_width, own});
        y += own + between_views;
    }
    if (!has_large_view) {
        draw_below(canvas, film, {&moment}, {edge, y, inner_width, below_height(film, 1)});
    }
    draw_footer(canvas, film, height);
    return canvas.png();
}

std::string still_png(const Film& film, const std::vector<Moment>& moments, double zoom)
{
    constexpr double day_line = 26, between_columns = 18;
    const double n = static_cast<double>(moments.size());
    // Flat views one below the other, others side by side.
    const auto& first = moments.front().views;
    const bool stacked = first.size() == 1 && first[0].width > 2.5 * first[0].height;
    const double column = stacked ? inner_width : (inner_width - between_columns * (n - 1)) / n;
    const double most = stacked ? highest_strip : square;
    const double top = header_height(film, "");
    double cell = day_line;
    for (const View& view : first) {
        cell += view_height(view, column, most) + between_views;
    }
    const double views = stacked ? n * cell : cell;
    const double below = below_height(film, moments.size());
    const double height = top + views + below + footer_height;

    Canvas canvas(page_width, height, zoom);
    draw_header(canvas, film, "");
    std::vector<const Moment*> all;
    for (std::size_t m = 0; m < moments.size(); ++m) {
        const double before = static_cast<double>(m);
        const double left = edge + (stacked ? 0 : before * (column + between_columns));
        double y = top + (stacked ? before * cell : 0);
        canvas.text(moments[m].label, {left, y + 17}, {18, true}, ink);
        y += day_line;
        for (const View& view : moments[m].views) {
            const double own = view_height(view, column, most);
            draw_view(canvas, view, film, {left, y, column, own});
            y += own + between_views;
        }
        all.push_back(&moments[m]);
    }
    draw_below(canvas, film, all, {edge, top + views, inner_width, below});
    draw_footer(canvas, film, height);
    return canvas.png();
}

} // namespace osteoflare::output::film
