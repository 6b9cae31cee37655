#include "output/film/colours.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace osteoflare::output::film {
namespace {

double standard_gamma(double linear)
{
    const double value = std::clamp(linear, 0.0, 1.0);
    return value <= 0.0031308 ? 12.92 * value : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
}

/// CIELAB (D65), in cylindrical coordinates, to sRGB.
Colour from_lab(double lightness, double chroma, double hue_degrees)
{
    const double hue = hue_degrees * std::numbers::pi / 180;
    const double fy = (lightness + 16) / 116;
    const auto decode = [](double f) { return f > 6.0 / 29 ? f * f * f : (f - 4.0 / 29) * 108 / 841; };
    const double x = 0.95047 * decode(fy + chroma * std::cos(hue) / 500);
    const double y = decode(fy);
    const double z = 1.08883 * decode(fy - chroma * std::sin(hue) / 200);
    return {standard_gamma(3.2406 * x - 1.5372 * y - 0.4986 * z), standard_gamma(-0.9689 * x + 1.8758 * y + 0.0415 * z),
            standard_gamma(0.0557 * x - 0.2040 * y + 1.0570 * z)};
}

using Colours = std::array<Colour, 256>;

Colours make_colours()
{
    Colours colours;
    for (std::size_t i = 0; i < colours.size(); ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(colours.size() - 1);
        colours[i] = from_lab(98 - 40 * share, 4 + 64 * share, 98 - 26 * share);
    }
    return colours;
}

double quantile_of(const std::vector<double>& sorted, double q)
{
    return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

} // namespace

Colour field_colour(double share)
{
    static const Colours colours = make_colours();
    const double last = static_cast<double>(colours.size() - 1);
    const double inside = share > 0 ? std::min(share, 1.0) : 0; // 0 for what is no number
    return colours[static_cast<std::size_t>(inside * last + 0.5)];
}

double Scale::share(double value) const
{
    const double inside = std::clamp(value, low, high);
    switch (kind) {
    case Kind::linear: return (inside - low) / (high - low);
    case Kind::root: return std::sqrt((inside - low) / (high - low));
    case Kind::logarithmic: return std::log(inside / low) / std::log(high / low);
    }
    return 0;
}

std::vector<Tick> Scale::ticks(int n) const
{
    std::vector<Tick> ticks;
    const auto take = [&](double from, double until) {
        for (const Tick& tick : axis_over({from, until}, 0, n).ticks) {
            if (tick.at >= low && tick.at <= high) {
                ticks.push_back(tick);
            }
        }
    };
    if (kind == Kind::linear) {
        take(low, high);
        return ticks;
    }
    // 1, 2 and 5 of each power of ten, as far as they stand apart.
    const double nearest = 0.6 / n;
    double last = 2;
    for (double power = std::pow(10.0, std::floor(std::log10(high))); power >= high * 1e-6; power /= 10) {
        for (const double digit : {5.0, 2.0, 1.0}) {
            const double at = digit * power;
            if (at > high || at < low || last - share(at) < nearest || (at > low && share(at) < nearest)) {
                continue;
            }
            last = share(at);
            for (const Tick& tick : axis_over({0, at}, 0, 1).ticks) {
                if (std::abs(tick.at - at) < 1e-9 * at) {
                    ticks.push_back({at, tick.label});
                }
            }
        }
    }
    if (kind == Kind::root) {
        ticks.push_back({low, "0"});
    }
    std::ranges::reverse(ticks);
    return ticks;
}

Scale scale_of(std::vector<double> values)
{
    std::erase_if(values, [](double value) { return !plottable(value); });
    if (values.empty()) {
        return {};
    }
    std::ranges::sort(values);
    const double high = quantile_of(values, 0.995) > 0 ? quantile_of(values, 0.995) : values.back();
    if (high <= 0) {
        return {};
    }
    const double typical = quantile_of(values, 0.5), least = quantile_of(values, 0.02);
    if (least > 0 && high > 100 * typical) {
        return {Scale::Kind::logarithmic, std::max(least, high / 1e4), high};
    }
    return {high > 8 * typical ? Scale::Kind::root : Scale::Kind::linear, 0, high};
}

} // namespace osteoflare::output::film
