#include "output/figures/picture.hpp"

#include "output/figures/gnuplot.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace osteoflare::output {
namespace {

constexpr std::string_view family = "DejaVu Sans, Verdana, Arial, sans-serif";

// Okabe & Ito's colours (2008) without their yellow, which is too faint for lines on paper.
constexpr std::array<const char*, 7> colours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                "#E69F00", "#56B4E9", "#000000"};
constexpr std::array<const char*, 5> dashes = {"solid", "(8,3)", "(2,2.5)", "(9,3,2,3)", "(5,2)"};

template <std::size_t Size>
const char* in_turn(const std::array<const char*, Size>& list, int n)
{
    const int size = static_cast<int>(Size);
    return list[static_cast<std::size_t>((n % size + size) % size)];
}

/// "#rrggbb" with so much of itself and the rest white.
std::string mixed_with_white(std::string_view colour, double strength)
{
    constexpr int white = 255, base = 16;
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string mixed = "#";
    for (std::size_t i = 1; i < colour.size(); i += 2) {
        int part = 0;
        std::from_chars(colour.data() + i, colour.data() + i + 2, part, base);
        part = static_cast<int>(white - strength * (white - part) + 0.5);
        mixed += {digits[static_cast<std::size_t>(part / base)], digits[static_cast<std::size_t>(part % base)]};
    }
    return mixed;
}

/// gnuplot's type and size of points.
std::string shape(Sign sign, double scale)
{
    const auto sized = [scale](const char* type, double size) { return type + script_number(scale * size); };
    switch (sign) {
    case Sign::tick:
    case Sign::dot: break;
    case Sign::triangle: return sized("pt 9 ps ", 0.75);
    case Sign::diamond: return sized("pt 13 ps ", 0.8);
    case Sign::cross: return sized("lw 2 pt 2 ps ", 0.8);
    }
    return sized("pt 7 ps ", 0.6);
}

bool take(std::string_view& rest, std::string_view start)
{
    const bool found = rest.substr(0, start.size()) == start;
    rest.remove_prefix(found ? start.size() : 0);
    return found;
}

/// Takes `text-N-end` from the start of `rest`.
bool take_text(std::string_view& rest, const std::vector<std::string>& texts, std::string& result)
{
    std::string_view ahead = rest;
    std::size_t n = 0;
    if (!take(ahead, "text-")) {
        return false;
    }
    const auto digits = std::from_chars(ahead.data(), ahead.data() + ahead.size(), n);
    ahead.remove_prefix(static_cast<std::size_t>(digits.ptr - ahead.data()));
    if (digits.ec != std::errc() || n >= texts.size() || !take(ahead, "-end")) {
        return false;
    }
    result += xml_escaped(texts[n]);
    rest = ahead;
    return true;
}

/// Takes what gnuplot says of itself: its title, and the names of plots, which come again in every panel and would
/// pop up as tooltips.
bool take_gnuplot_names(std::string_view& rest, const std::string& title, std::string& result)
{
    constexpr std::string_view end = "</title>";
    const bool plot = rest.starts_with("<g id=\"gnuplot_plot_");
    if (!plot && !rest.starts_with("<title>")) {
        return false;
    }
    rest.remove_prefix(std::min(rest.size(), rest.find(end) + end.size()));
    result += plot ? "<g>" : "<title>" + xml_escaped(printable(title)) + "</title>";
    return true;
}

} // namespace

std::string script_number(double value)
{
    std::array<char, 32> digits{};
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

std::string line_style(int n, double strength)
{
    return std::string("lw 1.8 dt ") + in_turn(dashes, n) + " lc rgb '"
           + mixed_with_white(in_turn(colours, n), strength) + "'";
}

std::string band_style(int n)
{
    return std::string("fs transparent solid 0.2 noborder fc rgb '") + in_turn(colours, n) + "'";
}

std::string point_style(int n)
{
    return std::string("points pt 7 ps 0.4 lc rgb '") + in_turn(colours, n) + "'";
}

std::string dotted_style(int n)
{
    return std::string("lw 1.4 dt (1.5,3) lc rgb '") + in_turn(colours, n) + "'";
}

std::string marker_style(int n, Sign sign)
{
    return "points " + shape(sign, 1) + " lc rgb '" + in_turn(colours, n) + "'";
}

std::string halo_style(Sign sign)
{
    constexpr double larger = 1.7;
    return "points " + shape(sign, larger) + " lc rgb '#ffffff'";
}

std::string upright_style(int n)
{
    return std::string("lw 1.3 dt solid lc rgb '") + in_turn(colours, n) + "'";
}

std::string bar_style(int n, double strength)
{
    return "fs solid 1 noborder fc rgb '" + mixed_with_white(in_turn(colours, n), strength) + "'";
}

std::string interval_style(int n)
{
    return std::string("lines lw 1.4 dt solid lc rgb '") + in_turn(colours, n) + "'";
}

std::string marker_fill(int n)
{
    return std::string("fs solid 1 noborder fc rgb '") + in_turn(colours, n) + "'";
}

Picture::Picture(double width, double height) : width_(width), height_(height)
{
    add("set encoding utf8\nset decimalsign '.'\nset terminal svg size " + script_number(width) + ","
        + script_number(height) + " fixed noenhanced rounded font 'sans,11' background 'white'\n"
        + "set multiplot\nunset key\n");
}

void Picture::text(const std::string& text, const std::string& place, Font font, const std::string& colour,
                   const std::string& more)
{
    texts_.push_back(printable(text));
    add("set label 'text-" + std::to_string(texts_.size() - 1) + "-end' at " + place + " " + more + " front font '"
        + (font.bold ? "sans-bold," : "sans,") + script_number(font.size) + "' tc rgb '" + colour + "'\n");
}

void Picture::text_lines(const std::vector<std::string>& lines, double x_pixels, double y_pixels, double distance,
                         Font font, const std::string& colour)
{
    for (const std::string& line : lines) {
        text(line, at(x_pixels, y_pixels), font, colour);
        y_pixels += distance;
    }
}

void Picture::stroke(const std::string& from, const std::string& to, const std::string& style)
{
    add("set arrow from " + from + " to " + to + " nohead " + style + "\n");
}

void Picture::sign(const std::string& place, int colour, Sign sign)
{
    const std::string look = marker_style(colour, sign).substr(std::string("points ").size());
    add("set label '' at " + place + " point " + look + " front\n");
}

void Picture::rectangle(const std::string& from, const std::string& to, const std::string& style)
{
    add("set object rectangle from " + from + " to " + to + " " + style + "\n");
}

void Picture::draw(const std::string& plot)
{
    add(plot + "\nunset label\nunset arrow\nunset object\n");
}

std::string Picture::svg(const std::string& title) const
{
    const std::string drawn = run_gnuplot(script_ + "unset multiplot\n");
    std::string result;
    std::string_view rest = drawn;
    while (!rest.empty()) {
        if (take(rest, "font-family=\"sans-bold\"")) {
            result += "font-family=\"" + std::string(family) + "\" font-weight=\"bold\"";
        } else if (take(rest, "font-family=\"sans\"")) {
            result += "font-family=\"" + std::string(family) + '"';
        } else if (!take_text(rest, texts_, result) && !take_gnuplot_names(rest, title, result)) {
            result += rest.front();
            rest.remove_prefix(1);
        }
    }
    if (result.find("</svg>") == std::string::npos) {
        throw FileError("gnuplot", "failed", "it drew no complete picture", "install gnuplot 5 (Debian: gnuplot-nox)");
    }
    return result;
}

} // namespace osteoflare::output
