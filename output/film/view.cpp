#include "output/film/view.hpp"

#include "output/film/look.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace osteoflare::output::film {
namespace {

constexpr double caption_height = 22; // [px]
constexpr double thin_strip = 60;     // lower than this [px], a view shows a part of itself

struct Corner {
    Point at;
    double value;
};

Point crossing(const Corner& a, const Corner& b, double level)
{
    const double share = (level - a.value) / (b.value - a.value);
    return {a.at.x + share * (b.at.x - a.at.x), a.at.y + share * (b.at.y - a.at.y)};
}

void add_triangle(Region& region, const std::array<Corner, 3>& triangle, double level)
{
    std::vector<Point> inside, border;
    for (std::size_t i = 0; i < 3; ++i) {
        const Corner &here = triangle[i], &next = triangle[(i + 1) % 3];
        if (here.value >= level) {
            inside.push_back(here.at);
        }
        if ((here.value >= level) != (next.value >= level)) {
            inside.push_back(crossing(here, next, level));
            border.push_back(inside.back());
        }
    }
    if (!inside.empty()) {
        region.inside.push_back(std::move(inside));
    }
    if (border.size() == 2) {
        region.border.push_back(std::move(border));
    }
}

/// The window of a view, and its place on the sheet.
struct Window {
    Box box;
    double left = 0, scale = 1, height = 0; ///< of the world, and [px] per unit of it

    Point at(Point world) const { return {box.left + (world.x - left) * scale, box.top + (height - world.y) * scale}; }
    Point world(Point pixel) const
    {
        return {left + (pixel.x - box.left) / scale, height - (pixel.y - box.top) / scale};
    }
    std::vector<Point> at(const std::vector<Point>& points) const
    {
        std::vector<Point> placed;
        for (const Point& point : points) {
            placed.push_back(at(point));
        }
        return placed;
    }
    Polygons at(const Polygons& polygons) const
    {
        Polygons placed;
        for (const auto& polygon : polygons) {
            placed.push_back(at(polygon));
        }
        return placed;
    }
};

/// Share of the width that is shown.
double shown_share(const View& view, double width)
{
    return width * view.height / view.width < thin_strip ? 0.5 : 1;
}

void draw_hatching(Canvas& canvas, const Relief& relief, const Window& window)
{
    const Region region = region_above(relief.grid, relief.levels.front());
    Colour pale = relief.colour;
    pale.opacity *= 0.6;
    canvas.hatch(window.at(region.inside), pale, relief.hatching);
}

void draw_contours(Canvas& canvas, const Relief& relief, const Window& window)
{
    for (std::size_t i = 0; i < relief.levels.size(); ++i) {
        const Region region = region_above(relief.grid, relief.levels[i]);
        canvas.strokes(window.at(region.border), relief.colour, i == 0 ? 1.6 : 1);
    }
}

void draw_ground(Canvas& canvas, const Ground& ground, const Window& window)
{
    // From edge to edge: the outermost columns reach half a column beyond their centres.
    const std::size_t n = ground.upper.size();
    if (n == 0) {
        return;
    }
    std::vector<Point> upper, lower;
    const auto add = [&](double x, std::size_t i) {
        upper.push_back({x, ground.upper[i]});
        lower.push_back({x, ground.lower[i]});
    };
    add(0, 0);
    for (std::size_t i = 0; i < n; ++i) {
        add((static_cast<double>(i) + 0.5) * ground.spacing, i);
    }
    add(static_cast<double>(n) * ground.spacing, n - 1);
    const auto top = window.at(upper);
    upper.insert(upper.end(), lower.rbegin(), lower.rend());
    canvas.fill({window.at(upper)}, ground.fill);
    canvas.hatch({window.at(upper)}, ground.line, ground.hatching);
    canvas.stroke(top, ground.line, 1.1);
}

/// At the right above the box; returns where it begins.
double draw_scale_bar(Canvas& canvas, const Film& film, const Box& box, double scale)
{
    const Font font{12};
    const double length = film.scale_bar * scale > 0.15 * box.width ? film.scale_bar / 2 : film.scale_bar;
    const std::string label = plain_number(length) + "\u2009" + film.length_unit;
    const double y = box.top - 7, right = box.right() - canvas.width_of(label, font) - 6;
    const double left = right - length * scale;
    canvas.strokes({{{left, y - 4}, {right, y - 4}}}, ink, 2.5);
    canvas.text(label, {box.right(), y}, font, ink, Align::right);
    return left;
}

} // namespace

double Grid::at(Point where) const
{
    const auto place = [this](double along, std::size_t n, bool wraps, std::array<std::size_t, 2>& index) {
        const double position = along / spacing - 0.5, below = std::floor(position);
        const auto count = static_cast<std::ptrdiff_t>(n);
        const auto first = static_cast<std::ptrdiff_t>(below);
        for (std::ptrdiff_t side = 0; side < 2; ++side) {
            const std::ptrdiff_t i = first + side;
            index[static_cast<std::size_t>(side)] = static_cast<std::size_t>(
                wraps ? (i % count + count) % count : std::clamp<std::ptrdiff_t>(i, 0, count - 1));
        }
        return position - below;
    };
    std::array<std::size_t, 2> i{}, j{};
    const double right = place(where.x, nx, wraps_x, i), up = place(where.y, ny, wraps_y, j);
    const auto row = [&](std::size_t y) { return (1 - right) * values[y * nx + i[0]] + right * values[y * nx + i[1]]; };
    return (1 - up) * row(j[0]) + up * row(j[1]);
}

Region region_above(const Grid& grid, double level)
{
    Region region;
    // Squares between neighbouring centres, and the halves beyond the outermost ones; each in four triangles, which
    // leaves no doubt about saddles.
    for (std::size_t j = 0; j <= grid.ny; ++j) {
        for (std::size_t i = 0; i <= grid.nx; ++i) {
            const double h = grid.spacing;
            const double left = (static_cast<double>(i) - 0.5) * h, low = (static_cast<double>(j) - 0.5) * h;
            const auto corner = [&](double x, double y) { return Corner{{x, y}, grid.at({x, y})}; };
            const std::array corners = {corner(left, low), corner(left + h, low), corner(left + h, low + h),
                                        corner(left, low + h)};
            const bool none = std::ranges::all_of(corners, [&](const Corner& c) { return c.value < level; });
            if (none) {
                continue;
            }
            const Corner middle = corner(left + h / 2, low + h / 2);
            for (std::size_t side = 0; side < 4; ++side) {
                add_triangle(region, {middle, corners[side], corners[(side + 1) % 4]}, level);
            }
        }
    }
    return region;
}

double view_height(const View& view, double width, double most)
{
    const double share = shown_share(view, width);
    return caption_height + std::min(most, width / share * view.height / view.width);
}

void draw_view(Canvas& canvas, const View& view, const Film& film, const Box& box)
{
    const double height = box.height - caption_height;
    const double share = shown_share(view, box.width);
    Window window;
    window.scale = std::min(box.width / (share * view.width), height / view.height);
    window.height = view.height;
    window.box = {box.left, box.top + caption_height, std::min(box.width, window.scale * view.width),
                  window.scale * view.height};
    const double shown = window.box.width / window.scale;
    window.left = std::clamp(view.focus - shown / 2, 0.0, std::max(view.width - shown, 0.0));

    canvas.inside(window.box, [&] {
        if (!view.field.values.empty()) {
            canvas.shade(window.box, [&](Point pixel) {
                return field_colour(film.scale.share(view.field.at(window.world(pixel))));
            });
        }
        for (const Relief& relief : view.reliefs) {
            draw_hatching(canvas, relief, window);
        }
        for (const Ground& ground : view.grounds) {
            draw_ground(canvas, ground, window);
        }
        const auto draw_strokes = [&](bool above_dots) {
            for (const Stroke& stroke : view.strokes) {
                if (stroke.above_dots == above_dots) {
                    canvas.stroke(window.at(stroke.points), stroke.colour, stroke.width, stroke.dashed);
                }
            }
        };
        draw_strokes(false);
        for (const Dot& dot : view.dots) {
            canvas.ellipse(window.at(dot.centre), dot.width * window.scale, dot.height * window.scale,
                           film.categories[dot.category]);
        }
        // Above the cells, which would hide them where they crowd.
        for (const Relief& relief : view.reliefs) {
            draw_contours(canvas, relief, window);
        }
        draw_strokes(true);
    });
    canvas.outline(window.box, ink, 1);
    const Font font{12.5};
    const double room = draw_scale_bar(canvas, film, window.box, window.scale) - window.box.left - 10;
    const std::string caption = view.caption + (shown < 0.99 * view.width ? " (part)" : "");
    canvas.text(shortened(caption, room, font), {window.box.left, window.box.top - 7}, font, ink);
}

} // namespace osteoflare::output::film
