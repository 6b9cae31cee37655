#include "output/film/canvas.hpp"

#include "output/file_error.hpp"

#include <cairo.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <new>
#include <numbers>

namespace osteoflare::output::film {
namespace {

constexpr double hatch_distance = 6; // [px]

void must(cairo_status_t status)
{
    if (status == CAIRO_STATUS_NO_MEMORY) {
        throw std::bad_alloc();
    }
    if (status != CAIRO_STATUS_SUCCESS) {
        throw FileError("picture", "cannot be drawn", cairo_status_to_string(status), "choose a smaller one");
    }
}

cairo_status_t append(void* to, const unsigned char* bytes, unsigned n)
{
    try {
        static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), n);
        return CAIRO_STATUS_SUCCESS;
    } catch (const std::bad_alloc&) {
        return CAIRO_STATUS_NO_MEMORY; // through cairo, which is C
    }
}

std::uint32_t packed(const Colour& colour)
{
    const auto part = [](double share) { return static_cast<std::uint32_t>(share * 255 + 0.5); };
    return part(colour.red) << 16U | part(colour.green) << 8U | part(colour.blue);
}

} // namespace

struct Canvas::Cairo {
    cairo_surface_t* surface = nullptr;
    cairo_t* context = nullptr;
    double zoom = 1;

    Cairo() = default;
    Cairo(const Cairo&) = delete;
    Cairo& operator=(const Cairo&) = delete;
    ~Cairo()
    {
        cairo_destroy(context);
        cairo_surface_destroy(surface);
    }

    void use(const Colour& colour) const
    {
        cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, colour.opacity);
    }
    void use(Font font) const
    {
        cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                               font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
        cairo_set_font_size(context, font.size);
    }
    void trace(const Polygons& polygons, bool closed) const
    {
        cairo_new_path(context);
        for (const auto& polygon : polygons) {
            for (std::size_t i = 0; i < polygon.size(); ++i) {
                (i == 0 ? cairo_move_to : cairo_line_to)(context, polygon[i].x, polygon[i].y);
            }
            if (closed) {
                cairo_close_path(context);
            }
        }
    }
};

Canvas::Canvas(double width, double height, double zoom) : cairo_(std::make_unique<Cairo>())
{
    const auto pixels = [zoom](double length) { return static_cast<int>(std::ceil(std::min(length * zoom, 1e6))); };
    cairo_->zoom = zoom;
    cairo_->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels(width), pixels(height));
    must(cairo_surface_status(cairo_->surface));
    cairo_->context = cairo_create(cairo_->surface);
    must(cairo_status(cairo_->context));
    cairo_scale(cairo_->context, zoom, zoom);
    cairo_set_line_join(cairo_->context, CAIRO_LINE_JOIN_ROUND);
    // No hinting: letters then have the same widths at every zoom.
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(cairo_->context, options);
    cairo_font_options_destroy(options);
    fill({0, 0, width + 1, height + 1}, {1, 1, 1});
}

Canvas::~Canvas() = default;

std::vector<Point> Canvas::corners(const Box& box)
{
    return {{box.left, box.top}, {box.right(), box.top}, {box.right(), box.bottom()}, {box.left, box.bottom()}};
}

void Canvas::fill(const Polygons& polygons, Colour colour)
{
    cairo_->trace(polygons, true);
    cairo_->use(colour);
    cairo_fill(cairo_->context);
}

void Canvas::hatch(const Polygons& polygons, Colour colour, Hatching hatching)
{
    const bool rising = hatching == Hatching::rising;
    if (polygons.empty() || hatching == Hatching::none) {
        return;
    }
    cairo_t* context = cairo_->context;
    cairo_save(context);
    cairo_->trace(polygons, true);
    double left = 0, top = 0, right = 0, bottom = 0;
    cairo_path_extents(context, &left, &top, &right, &bottom);
    cairo_clip(context);
    // Lines of one family all over the sheet, so that neighbouring areas fit together.
    const double step = hatch_distance * std::numbers::sqrt2;
    const double height = bottom - top;
    const double offset = rising ? left + top : left - bottom;
    for (double c = std::floor(offset / step) * step; c < offset + right - left + height + step; c += step) {
        if (rising) { // x + y = c
            cairo_move_to(context, c - top, top);
            cairo_line_to(context, c - bottom, bottom);
        } else { // x - y = c
            cairo_move_to(context, c + top, top);
            cairo_line_to(context, c + bottom, bottom);
        }
    }
    cairo_->use(colour);
    cairo_set_line_width(context, 0.8);
    cairo_stroke(context);
    cairo_restore(context);
}

void Canvas::outline(const Box& box, Colour colour, double width)
{
    cairo_->trace({corners(box)}, true);
    cairo_->use(colour);
    cairo_set_line_width(cairo_->context, width);
    cairo_stroke(cairo_->context);
}

void Canvas::stroke(const std::vector<Point>& points, Colour colour, double width, bool dashed)
{
    strokes({points}, colour, width, dashed);
}

void Canvas::strokes(const Polygons& lines, Colour colour, double width, bool dashed)
{
    constexpr std::array<double, 2> dashes = {5, 4};
    cairo_->trace(lines, false);
    cairo_->use(colour);
    cairo_set_line_width(cairo_->context, width);
    cairo_set_dash(cairo_->context, dashes.data(), dashed ? 2 : 0, 0);
    cairo_stroke(cairo_->context);
    cairo_set_dash(cairo_->context, nullptr, 0, 0);
}

void Canvas::ellipse(Point centre, double width, double height, const Category& look)
{
    cairo_t* context = cairo_->context;
    cairo_save(context);
    cairo_translate(context, centre.x, centre.y);
    cairo_scale(context, width / 2, height / 2);
    cairo_new_path(context);
    cairo_arc(context, 0, 0, 1, 0, 2 * std::numbers::pi);
    cairo_restore(context); // the pen stays round
    cairo_->use(look.fill);
    if (look.line <= 0) {
        cairo_fill(context);
        return;
    }
    cairo_fill_preserve(context);
    cairo_->use(look.outline);
    cairo_set_line_width(context, look.line);
    cairo_stroke(context);
}

void Canvas::shade(const Box& box, const std::function<Colour(Point)>& colour)
{
    const auto limit = [&](double at, int most) {
        return std::clamp(static_cast<int>(std::lround(at * cairo_->zoom)), 0, most);
    };
    cairo_surface_flush(cairo_->surface);
    unsigned char* data = cairo_image_surface_get_data(cairo_->surface);
    const int width = cairo_image_surface_get_width(cairo_->surface);
    const int height = cairo_image_surface_get_height(cairo_->surface);
    const int stride = cairo_image_surface_get_stride(cairo_->surface);
    for (int y = limit(box.top, height); y < limit(box.bottom(), height); ++y) {
        auto* row = reinterpret_cast<std::uint32_t*>(data + static_cast<std::ptrdiff_t>(y) * stride);
        for (int x = limit(box.left, width); x < limit(box.right(), width); ++x) {
            row[x] = packed(colour({(x + 0.5) / cairo_->zoom, (y + 0.5) / cairo_->zoom}));
        }
    }
    cairo_surface_mark_dirty(cairo_->surface);
}

double Canvas::width_of(const std::string& text, Font font)
{
    cairo_text_extents_t extents{};
    cairo_->use(font);
    cairo_text_extents(cairo_->context, printable(text).c_str(), &extents);
    return extents.x_advance;
}

void Canvas::text(const std::string& text, Point at, Font font, Colour colour, Align align)
{
    const double width = align == Align::left ? 0 : width_of(text, font);
    cairo_->use(font);
    cairo_->use(colour);
    cairo_move_to(cairo_->context, at.x - (align == Align::right ? width : width / 2), at.y);
    cairo_show_text(cairo_->context, printable(text).c_str());
}

void Canvas::inside(const Box& box, const std::function<void()>& draw)
{
    cairo_save(cairo_->context);
    cairo_->trace({corners(box)}, true);
    cairo_clip(cairo_->context);
    draw();
    cairo_restore(cairo_->context);
}

std::string Canvas::png()
{
    must(cairo_status(cairo_->context));
    std::string bytes;
    must(cairo_surface_write_to_png_stream(cairo_->surface, append, &bytes));
    return bytes;
}

} // namespace osteoflare::output::film

#ifdef __SANITIZE_ADDRESS__
// Beneath cairo, fontconfig keeps what it has read of the machine's fonts, once, until the process ends.
extern "C" const char* __lsan_default_suppressions()
{
    return "leak:libfontconfig";
}
extern "C" const char* __lsan_default_options()
{
    return "print_suppressions=0";
}
#endif
