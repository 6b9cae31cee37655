#pragma once

#include <string>
#include <vector>

namespace osteoflare::output {

/// A number that a picture can show; all others are gaps. Larger ones than 1e300 overflow when ranges are computed.
bool plottable(double value);

/// The extent of the plottable values it has met.
struct Extent {
    double low = 1, high = 0; ///< low > high: none yet

    bool empty() const { return low > high; }
    void include(double value);
};

struct Tick {
    double at = 0;
    std::string label;
};

struct Axis {
    double from = 0, until = 1; ///< from < until, and far enough apart to be told apart
    std::vector<Tick> ticks = {};
};

/// Which distances of ticks are round: 1, 2, 2.5 and 5 times a power of ten, or for days also weeks and months.
enum class Rounding { decimal, days };

/// An axis over the extent with at most about `n_ticks` round ticks; over [0, 1] for an empty extent. Where the extent
/// is one value, the axis shows a range around it. `room` is the share of the range added at each end that is not zero.
///
/// Labels read as a biologist writes them: 0.25, 2500, 25 000; 2.5×10⁶ from a million on and 2.5×10⁻⁴ below a
/// thousandth.
Axis axis_over(Extent extent, double room, int n_ticks, Rounding rounding = Rounding::decimal);

} // namespace osteoflare::output
