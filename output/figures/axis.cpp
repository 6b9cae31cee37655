#include "output/figures/axis.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace osteoflare::output {
namespace {

constexpr double largest = 1e300;
constexpr double smallest = 1e-100;   // what is smaller counts as zero on an axis
constexpr double finest_share = 1e-9; // of the larger end: a finer range has no readable ticks
const std::string minus = "\u2212", thin_space = "\u2009";

struct Step {
    double size = 1;
    int exponent = 0;     ///< of its first digit
    bool quarter = false; ///< 2.5, with one digit more than 1, 2 and 5
};

Step round_step(double at_least, Rounding rounding)
{
    if (rounding == Rounding::days) {
        for (const double days : {1.0, 2.0, 7.0, 14.0, 30.0, 60.0, 90.0, 180.0, 365.0}) {
            if (at_least > 0.5 && days >= at_least) {
                return {days, 0, false};
            }
        }
    }
    const int exponent = static_cast<int>(std::floor(std::log10(at_least)));
    const double unit = std::pow(10.0, exponent);
    for (const double digit : {1.0, 2.0, 2.5, 5.0}) {
        if (digit * unit >= at_least) {
            return {digit * unit, exponent, digit == 2.5};
        }
    }
    return {10 * unit, exponent + 1, false};
}

/// Digits in groups of three if `grouped`: 25 000, but 2500 on an axis without five digits.
std::string fixed(double value, int decimals, bool grouped = false)
{
    std::array<char, 400> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), std::abs(value),
                                   std::chars_format::fixed, decimals);
    std::string text(digits.data(), end.ptr);
    const auto point = std::min(text.find('.'), text.size());
    for (std::size_t at = point; grouped && at > 3;) {
        at -= 3;
        text.insert(at, thin_space);
    }
    return (value < 0 ? minus : "") + text;
}

std::string power_of_ten(int exponent)
{
    static const std::array<std::string, 10> raised = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string text = exponent < 0 ? "×10⁻" : "×10";
    for (const char digit : std::to_string(std::abs(exponent))) {
        text += raised[static_cast<std::size_t>(digit - '0')];
    }
    return text;
}

std::string label_of(double value, const Step& step, int exponent)
{
    if (value == 0) {
        return "0";
    }
    const bool scientific = exponent >= 6 || exponent < -3;
    const int decimals = std::max(0, (scientific ? exponent : 0) - step.exponent + (step.quarter ? 1 : 0));
    return scientific ? fixed(value / std::pow(10.0, exponent), decimals) + power_of_ten(exponent)
                      : fixed(value, decimals, exponent >= 4);
}

/// A range that can be drawn: not empty, not a single value.
Axis drawable(Extent extent)
{
    if (extent.empty()) {
        return {};
    }
    const double size = std::max(std::abs(extent.low), std::abs(extent.high));
    if (size < smallest) {
        return {.from = 0, .until = 1};
    }
    if (extent.high - extent.low < finest_share * size) {
        const double middle = extent.low + (extent.high - extent.low) / 2;
        return {.from = middle - size / 2, .until = middle + size / 2};
    }
    return {.from = extent.low, .until = extent.high};
}

} // namespace

bool plottable(double value)
{
    return std::abs(value) <= largest;
}

void Extent::include(double value)
{
    if (!plottable(value)) {
        return;
    }
    const bool first = empty();
    low = first ? value : std::min(low, value);
    high = first ? value : std::max(high, value);
}

Axis axis_over(Extent extent, double room, int n_ticks, Rounding rounding)
{
    Axis axis = drawable(extent);
    const double gap = room * (axis.until - axis.from);
    axis.from -= axis.from == 0 ? 0 : gap;
    axis.until += axis.until == 0 ? 0 : gap;
    const Step step = round_step((axis.until - axis.from) / n_ticks, rounding);
    const double tolerance = 1e-6;
    const double first = std::ceil(axis.from / step.size - tolerance);
    const double last = std::floor(axis.until / step.size + tolerance);
    const double size = std::max(std::abs(first), std::abs(last)) * step.size;
    const int exponent = size > 0 ? static_cast<int>(std::floor(std::log10(size) + tolerance)) : 0;
    for (double i = first; i <= last; ++i) {
        axis.ticks.push_back({.at = i * step.size, .label = label_of(i * step.size, step, exponent)});
    }
    return axis;
}

} // namespace osteoflare::output
