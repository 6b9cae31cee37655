#pragma once

#include "output/figures/figure.hpp"
#include "output/text.hpp"

#include <string>
#include <vector>

namespace osteoflare::output {

/// A number for a gnuplot script.
std::string script_number(double value);

/// The look of colour number `n`, any whole number: colour and dashes of its lines, and the fill of its bands. The
/// colours can be told apart with any colour vision, the dashes on a grey print; 35 pairs come before one returns. A
/// line's colour is mixed with the paper's where its strength is below 1.
std::string line_style(int n, double strength = 1);
std::string band_style(int n);
std::string point_style(int n);
std::string dotted_style(int n);
/// Of a point that stands for itself, and of the intervals around it.
std::string marker_style(int n, Sign sign = Sign::dot);
/// Of the paper's colour, behind a sign that stands upon bars.
std::string halo_style(Sign sign);
std::string interval_style(int n);
std::string marker_fill(int n);
/// Of a short upright line.
std::string upright_style(int n);
std::string bar_style(int n, double strength);

/// A picture being made: a gnuplot script that grows. Positions are in pixels from the left and from the top.
///
/// No text of the user's ever enters the script: gnuplot draws `text-N-end` in its place, and the finished SVG gets the
/// texts, escaped. So nothing in a text can be a command or break the SVG, and nothing of it is lost.
class Picture {
public:
    Picture(double width, double height);

    void add(const std::string& commands) { script_ += commands; }

    std::string x(double pixels) const { return "screen " + script_number(pixels / width_); }
    std::string y(double pixels) const { return "screen " + script_number(1 - pixels / height_); }
    std::string at(double x_pixels, double y_pixels) const { return x(x_pixels) + ", " + y(y_pixels); }

    /// A text with its middle height at `place`; `more` says how gnuplot should align or turn it.
    void text(const std::string& text, const std::string& place, Font font, const std::string& colour,
              const std::string& more = "left");
    /// Lines of text, `distance` apart.
    void text_lines(const std::vector<std::string>& lines, double x_pixels, double y_pixels, double distance, Font font,
                    const std::string& colour);
    void stroke(const std::string& from, const std::string& to, const std::string& style);
    /// A single sign that is no tick, as in a legend.
    void sign(const std::string& place, int colour, Sign sign);
    void rectangle(const std::string& from, const std::string& to, const std::string& style);
    /// Draws what stands in the script so far around this `plot` command, and clears it for the next one.
    void draw(const std::string& plot);

    /// The SVG. `title` is for screen readers and tooltips.
    std::string svg(const std::string& title) const;

private:
    double width_, height_;
    std::string script_;
    std::vector<std::string> texts_;
};

} // namespace osteoflare::output
