#pragma once

#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/lane_step.hpp"
#include "solvers/lanes/rodas5p.hpp"

#include <cstddef>

/// The pieces of a Rodas5P step that are the same whatever the equations.
namespace osteoflare::solvers::lanes {

/// Where stage `Stage` (from 2 on) stands, `stage_y`, and its sum of earlier stages, `right`, which the second stage
/// leaves out: there it is u_1 times c_21.
template <std::size_t Stage, std::size_t n, class Pack>
inline void combine_stages(const Pack* y, const Pack (*u)[n], Pack* right, Pack* stage_y)
{
    constexpr std::size_t earlier = Stage - 1;
    for (std::size_t k = 0; k < n; ++k) {
        Pack change = in_register(u[0][k]);
        Pack sum = change * Pack(rodas5p::c[Stage - 2][0]);
        Pack position = stage_y[k];
        if constexpr (Stage <= 6) {
            position = fma(change, Pack(rodas5p::a[Stage - 2][0]), y[k]);
        }
#pragma GCC unroll 8
        for (std::size_t j = 1; j < earlier; ++j) {
            change = in_register(u[j][k]);
            sum = fma(change, Pack(rodas5p::c[Stage - 2][j]), sum);
            if constexpr (Stage <= 6) {
                position = fma(change, Pack(rodas5p::a[Stage - 2][j]), position);
            }
        }
        if constexpr (Stage > 2) {
            right[k] = sum;
        }
        stage_y[k] = Stage <= 6 ? position : position + change;
    }
}

/// Completes the new state and measures the error estimate u_8 against the tolerance: the largest of the states'
/// |u| / (absolute + relative max(|y|, |y_new|)), or not a number if one of these is none, of whatever state. Two
/// quotients share a division.
template <std::size_t n, class Pack>
inline Pack complete_step(const Pack* y, const Pack* last_change, double relative_tolerance,
                          const double* absolute_tolerance, Pack* y_new)
{
    const Pack relative(relative_tolerance);
    Pack worst(0.0), poisoned(0.0);
    const auto complete = [&](std::size_t k, Pack& scale) {
        const Pack u = last_change[k];
        const Pack made = y_new[k] + u;
        y_new[k] = made;
        scale = fma(relative, maximum(magnitude(y[k]), magnitude(made)), Pack(absolute_tolerance[k]));
        return magnitude(u);
    };
    for (std::size_t k = 1; k < n; k += 2) {
        Pack scale[2];
        const Pack error[2] = {complete(k - 1, scale[0]), complete(k, scale[1])};
        const Pack most = maximum(error[0] * scale[1], error[1] * scale[0]) / (scale[0] * scale[1]);
        worst = maximum(worst, most);
        poisoned = fma(most, Pack(0.0), poisoned); // 0 unless one is not finite
    }
    if constexpr (n % 2 == 1) {
        Pack scale;
        const Pack error = complete(n - 1, scale);
        worst = maximum(worst, error / scale); // not a number if the second is none
    }
    return worst + poisoned;
}

/// Chooses the length of the next step, in each lane its own. Gustafsson's predictive controller assumes that the error
/// goes on to change as it did over the last two steps: steps that follow a decaying transient grow with it. It is
/// believed by four fifths, which costs fewer steps at equal error than to believe it whole.
template <class Pack>
class StepController {
public:
    /// A lane has no steps behind it.
    void restart(std::size_t lane) { previous_error_.at[lane] = -never; }

    /// `error` is the scaled one of a step of length `h`, which was shortened from `h_wanted` only to land.
    Pack next(Pack error, Pack h, Pack h_wanted, typename Pack::Mask accepted, typename Pack::Mask finite,
              double longest_step)
    {
        constexpr double per_order = 1.0 / 5, belief = 0.8;
        const Pack size = rough_log2(maximum(error, Pack(1e-10)));
        const Pack length = rough_log2(h);
        const Pack previous_size = previous_error_.pack();
        const Pack elementary = size * Pack(-per_order);
        const Pack change = fma(size - previous_size, Pack(-per_order), length - previous_h_.pack());
        const Pack predictive = fma(change, Pack(belief), elementary);
        const auto has_previous = Pack(-never) < previous_size;
        const Pack wish = select(accepted & has_previous, predictive, elementary);
        const Pack factor = maximum(minimum(rough_exp2(wish) * Pack(0.85), Pack(5.0)), Pack(0.2));
        const Pack proposal = h * select(finite, factor, Pack(0.1));
        // A step that was shortened only to land does not lower what is proposed.
        const auto shortened = accepted & (h < h_wanted);
        const Pack next = select(shortened, maximum(proposal, minimum(h_wanted, h * Pack(5.0))), proposal);
        previous_error_.set(select(accepted, size, Pack(-never)));
        previous_h_.set(length);
        return minimum(next, Pack(longest_step));
    }

private:
    Lanes<Pack> previous_error_{}, previous_h_{}; ///< logarithms to base 2; -never for the error of no step
};

/// The first step that would have met the tolerance, from one of length `h` and its scaled error. (A template, so that
/// instruction sets share no function.)
template <class One>
double better_start(double error, double h)
{
    return h * 0.9 * power(One(__builtin_fmax(error, 1e-6)), One(-0.2)).v;
}

} // namespace osteoflare::solvers::lanes
