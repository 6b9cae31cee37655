#include "scenarios/filming/looks.hpp"
#include "scenarios/filming/snapshots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

namespace film = output::film;
using namespace filming;

double drawn_diameter(std::size_t category, double diameter)
{
    return look_of(category).kind == "stroma" ? stroma_dot : diameter;
}

std::string grouped(std::size_t count)
{
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); digits.size() > 4 && at > 3;) {
        at -= 3;
        digits.insert(at, "\u2009");
    }
    return digits;
}

/// Positions at which a disc appears in a box that is periodic in x, and once more across each edge that it touches.
template <class Draw>
void repeat(double x, double radius, double width, Draw draw)
{
    draw(x);
    if (x < radius) {
        draw(x + width);
    }
    if (x > width - radius) {
        draw(x - width);
    }
}

double distance_around(double a, double b, double length)
{
    const double direct = std::abs(a - b);
    return std::min(direct, length - direct);
}

} // namespace

/// The agents of one snapshot, as columns.
struct Snapshots::Agents {
    std::vector<double> kind, x, y, z, diameter;
    std::vector<std::size_t> order; ///< in which they are drawn from above

    std::size_t category(const Snapshots& of, std::size_t i) const
    {
        return of.look_of_kind_[std::min(static_cast<std::size_t>(kind[i]), of.look_of_kind_.size() - 1)];
    }
};

Snapshots::Agents Snapshots::agents(std::size_t snapshot) const
{
    const auto ends = file_.numbers("agent_end");
    const std::size_t n_records = file_.shape("agent/kind").at(0);
    const auto end_of = [&](std::size_t s) {
        return std::min(static_cast<std::size_t>(std::max(ends.at(s), 0.0)), n_records);
    };
    const std::size_t first = snapshot == 0 ? 0 : end_of(snapshot - 1);
    const std::size_t n = std::max(end_of(snapshot), first) - first;
    const auto column = [&](const std::string& name) { return file_.numbers("agent/" + name, first, n); };
    Agents agents{column("kind"), column("x"), column("y"), column("z"), column("diameter"), {}};
    agents.order.resize(n);
    std::iota(agents.order.begin(), agents.order.end(), std::size_t{0});
    std::erase_if(agents.order, [&](std::size_t i) { // nowhere: what a broken run may leave
        return !std::isfinite(agents.x[i] + agents.y[i] + agents.z[i] + agents.diameter[i]);
    });
    std::ranges::stable_sort(agents.order, [&](std::size_t a, std::size_t b) {
        const int layer_a = look_of(agents.category(*this, a)).layer,
                  layer_b = look_of(agents.category(*this, b)).layer;
        return layer_a != layer_b ? layer_a < layer_b : agents.z[a] < agents.z[b];
    });
    return agents;
}

film::View Snapshots::top_view(std::size_t snapshot, const Agents& agents) const
{
    film::View view;
    view.caption = "from above";
    const double width = static_cast<double>(nx_) * voxel_, depth = static_cast<double>(ny_) * voxel_;
    view.width = width;
    view.height = depth;
    const auto height = surface(snapshot);
    view.field = from_above(rows("field/" + field_, snapshot));
    film::Grid pits{nx_, ny_, voxel_, start_}, on_top{nx_, ny_, voxel_, rows("surface/reactive_bone", snapshot)};
    std::transform(start_.begin(), start_.end(), height.begin(), pits.values.begin(), std::minus<>());
    view.reliefs.push_back({on_top, {shallowest}, woven_line, film::Hatching::falling});
    view.reliefs.push_back({pits, {shallowest}, lost, film::Hatching::rising});
    for (double level = 10; level <= *std::ranges::max_element(pits.values); level += 10) {
        view.reliefs.back().levels.push_back(level);
    }
    for (const double x : vessel_x_) {
        view.strokes.push_back({{{x, 0}, {x, depth}}, {blood.red, blood.green, blood.blue, 0.3}, 1.5, false});
    }
    const double y = (static_cast<double>(section_row_) + 0.5) * voxel_;
    view.strokes.push_back({{{0, y}, {width, y}}, cut, 1, true, true});
    view.focus = (static_cast<double>(deepest_column_) + 0.5) * voxel_;
    for (const std::size_t i : agents.order) {
        const std::size_t category = agents.category(*this, i);
        const double d = drawn_diameter(category, agents.diameter[i]);
        repeat(agents.x[i], d / 2, width, [&](double at_x) {
            repeat(agents.y[i], d / 2, depth, [&](double at_y) {
                view.dots.push_back({{at_x, at_y}, d, d, category});
            });
        });
    }
    return view;
}

film::View Snapshots::side_view(std::size_t snapshot, const Agents& agents) const
{
    film::View view;
    const double width = static_cast<double>(nx_) * voxel_, depth = static_cast<double>(ny_) * voxel_;
    const double y = (static_cast<double>(section_row_) + 0.5) * voxel_;
    view.caption = ny_ > 1 ? fmt::format("section, y = {:g} ± {:g} µm", y, section_reach)
                           : fmt::format("slice of {:g} µm, from the side", voxel_);
    view.width = width;
    view.height = static_cast<double>(nz_) * voxel_;
    view.focus = (static_cast<double>(deepest_column_) + 0.5) * voxel_;
    const auto height = surface(snapshot);
    view.field = section(rows("field/" + field_, snapshot));

    const auto row = [&](const std::vector<double>& all) {
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(section_row_ * nx_);
        return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(nx_));
    };
    const auto now = row(height), mineral = row(rows("surface/bone", snapshot));
    auto before = row(start_);
    std::transform(before.begin(), before.end(), now.begin(), before.begin(),
                   [](double a, double b) { return a - b > shallowest ? a : b; });
    view.grounds.push_back({voxel_, now, before, nothing, lost, film::Hatching::rising});
    view.grounds.push_back({voxel_, mineral, now, woven, woven_line, film::Hatching::falling});
    view.grounds.push_back({voxel_, std::vector<double>(nx_, 0.0), mineral, bone, bone_line, film::Hatching::none});

    const std::size_t vessels = n_kinds_;
    for (std::size_t i = 0; i < std::min(vessel_x_.size(), vessel_z_.size()); ++i) {
        view.dots.push_back({{vessel_x_[i], vessel_z_[i]}, vessel_diameter_, vessel_diameter_, vessels});
    }
    for (const std::size_t i : agents.order) {
        if (ny_ > 1 && distance_around(agents.y[i], y, depth) > section_reach) {
            continue;
        }
        const std::size_t category = agents.category(*this, i);
        const Look& look = look_of(category);
        const double d = drawn_diameter(category, agents.diameter[i]);
        const double tall = look.flatness > 0 ? d * look.flatness : d;
        // What lies on bone lies on the bone of the section, whatever the height some micrometres before it.
        const double column = std::clamp(agents.x[i] / voxel_, 0.0, static_cast<double>(nx_ - 1));
        const double floor = now[static_cast<std::size_t>(column)];
        const double z = look.flatness > 0 ? floor + 0.35 * tall : agents.z[i];
        repeat(agents.x[i], d / 2, width, [&](double x) { view.dots.push_back({{x, z}, d, tall, category}); });
    }
    return view;
}

film::Moment Snapshots::moment(std::size_t snapshot) const
{
    const Agents all = agents(snapshot);
    film::Moment moment{label(snapshot), days_[snapshot], {}, {}};
    if (ny_ > 1) {
        moment.views.push_back(top_view(snapshot, all));
    }
    moment.views.push_back(side_view(snapshot, all));
    std::vector<std::size_t> counts(n_kinds_, 0);
    for (const std::size_t i : all.order) {
        ++counts[all.category(*this, i)];
    }
    for (const std::size_t count : counts) {
        moment.counts.push_back(grouped(count));
    }
    return moment;
}

} // namespace osteoflare::scenarios
