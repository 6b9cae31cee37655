#include "scenarios/reading/tissue_reader.hpp"

#include "model/agents/behaviours.hpp"
#include "scenarios/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace osteoflare::scenarios {
namespace {

using spatial::TissuePlan;

constexpr double most_voxels = 2e7, most_cells = 2e7; // about 6 and 5 GB

/// A length in whole voxels.
void check_division(const TomlValue& where, const char* what, double length, double voxel)
{
    const double n = length / voxel;
    if (std::abs(n - std::round(n)) < 1e-9 * n && n >= 1) {
        return;
    }
    const double more = std::max(1.0, std::ceil(n - 1e-9));
    where.fail({fmt::format("voxels of {:g} um do not divide the {} of {:g} um", voxel, what, length),
                fmt::format("it would be {:.2f} voxels", n),
                fmt::format("write {} = \"{:g} um\", or another voxel", what, more * voxel)});
}

Tick read_seconds(const TomlValue& value)
{
    constexpr auto longest = static_cast<double>(ticks_per_day);
    const double seconds = value.quantity("d") * static_cast<double>(ticks_per_day);
    if (!(seconds >= 1 && seconds <= longest) || std::abs(seconds - std::round(seconds)) > 1e-6) {
        value.fail({fmt::format("a step of {:g} s", seconds), "steps are whole seconds, from one to a day of them",
                    "write for example \"60 s\""});
    }
    return std::llround(seconds);
}

void read_box(TomlTable& table, TissuePlan& plan)
{
    const auto length = [&](const char* key, double& to) {
        const auto value = table.find(key);
        if (value) {
            to = value->quantity("um");
            if (!(to > 0)) {
                value->fail(
                    {fmt::format("{} = {:g} um", key, to), "a length is more than 0", "write for example 20 um"});
            }
        }
        return value;
    };
    const auto width = length("width", plan.width), depth = length("depth", plan.depth),
               height = length("height", plan.height), voxel = length("voxel", plan.voxel),
               bone = length("bone_height", plan.bone_height);
    constexpr double smallest_voxel = 5;
    if (plan.voxel < smallest_voxel) {
        voxel->fail({fmt::format("voxels of {:g} um", plan.voxel), "that is smaller than any cell",
                     fmt::format("choose {:g} um or more", smallest_voxel)});
    }
    const auto blame = [&](const auto& own) -> const TomlValue& { return own ? *own : voxel ? *voxel : *width; };
    struct Side {
        const std::optional<TomlValue>& value;
        const char* name;
        double length;
    };
    for (const Side& side :
         {Side{width, "width", plan.width}, Side{depth, "depth", plan.depth}, Side{height, "height", plan.height}}) {
        if (side.value || voxel) {
            check_division(blame(side.value), side.name, side.length, plan.voxel);
        }
    }
    if (plan.width / plan.voxel * (plan.depth / plan.voxel) * (plan.height / plan.voxel) > most_voxels) {
        table.fail({"the box is too large", fmt::format("there is room for {:g} voxels", most_voxels),
                    "choose a smaller box or larger voxels"});
    }
    const auto grid = plan.grid();
    if (grid.nx < 3 || (grid.ny < 3 && grid.ny != 1)) {
        table.fail({fmt::format("the box is {} x {} x {} voxels", grid.nx, grid.ny, grid.nz),
                    "at least three are needed along the width and the depth, or one along the depth of a slice",
                    "make it larger, or the voxels smaller"});
    }
    if (plan.bone_height > plan.height - 2 * plan.voxel + 1e-9) {
        const auto& where = bone ? *bone : blame(height);
        const double least = (std::ceil(plan.bone_height / plan.voxel - 1e-9) + 2) * plan.voxel;
        where.fail({fmt::format("bone of {:g} um in a box {:g} um high", plan.bone_height, plan.height),
                    "at least two voxels of marrow must lie above it",
                    fmt::format("write height = \"{:g} um\" or more", least)});
    }
}

void read_steps(TomlTable& table, TissuePlan& plan)
{
    const auto step = table.find("step"), field_step = table.find("field_step");
    if (step) {
        plan.step = read_seconds(*step);
    }
    if (field_step) {
        plan.field_step = read_seconds(*field_step);
    }
    if (plan.step % (2 * plan.field_step) != 0) {
        // The longest that divides the step evenly, of those that are no longer than a twentieth of it.
        Tick fits = std::max<Tick>(1, plan.step / 20);
        while (plan.step % (2 * fits) != 0 && fits > 1) {
            --fits;
        }
        const bool is_possible = plan.step % 2 == 0;
        (is_possible && field_step ? *field_step
         : step                    ? *step
                                   : table.require("field_step"))
            .fail({fmt::format("{:.4g} steps of {} s for the fields in one of {} s",
                               static_cast<double>(plan.step) / static_cast<double>(plan.field_step), plan.field_step,
                               plan.step),
                   "their number must be even, because they go back and forth through the directions",
                   is_possible ? fmt::format("write for example field_step = \"{} s\"", fits)
                               : "choose an even step, such as \"60 s\""});
    }
}

/// What the tissue begins with.
struct Beginning {
    double crowding = 0; ///< share of the marrow that cells fill
    double cells = 0;    ///< how many there are
    double bone = 0;     ///< height of bone, woven bone included [um]
};

Beginning beginning_of(const Scenario& scenario)
{
    std::vector<double> settings = scenario.model->default_settings();
    for (const auto& [setting, value] : scenario.genotypes.front().settings) {
        settings[setting] = value;
    }
    for (const auto& [setting, value] : scenario.overrides) {
        settings[setting] = value;
    }
    model::agents::World world{};
    take(std::span<const double>(settings), world.niche, world.inputs, world.space);
    model::niche::State<double> start{};
    take(std::span<const double>(scenario.start_state), start);
    const auto& space = world.space;
    const auto& site = start.site;
    const TissuePlan& plan = *scenario.tissue;
    Beginning beginning;
    beginning.bone = plan.bone_height * (site.bone + site.reactive_bone);
    const double marrow = plan.width * plan.depth * std::max(0.0, plan.height - beginning.bone) * 1e-9; // uL
    const auto add = [&](double density, double diameter) {
        beginning.crowding += density * 1e-9 * std::numbers::pi / 6 * diameter * diameter * diameter;
        beginning.cells += density * marrow;
    };
    add(world.niche.stroma, space.stroma_diameter);
    add(site.neutrophils, space.neutrophil_diameter);
    add(site.macrophages, space.macrophage_diameter);
    add(site.osteoclast_precursors * space.precursors_healthy, space.precursor_diameter);
    // Those on bone lie flat.
    beginning.cells += (site.osteoclasts + site.osteoblasts * space.osteoblasts_healthy) * marrow;
    return beginning;
}

/// Where a key of a section stands; the section, if it has no such key.
Place place_in(TomlTable& root, const char* section, const char* key)
{
    const auto found = root.find(section);
    return found ? found->table().place_of(key) : root.place();
}

/// What would be found out only when memory is spent.
void check_beginning(TomlTable& root, const Scenario& scenario)
{
    const TissuePlan& plan = *scenario.tissue;
    const Beginning beginning = beginning_of(scenario);
    constexpr double most_crowded = 0.5;
    if (beginning.bone > plan.height - 2 * plan.voxel + 1e-9) {
        throw InputError(
            place_in(root, "initial", "bone"),
            {fmt::format("the run starts with {:g} um of bone in a box {:g} um high", beginning.bone, plan.height),
             "at least two voxels of marrow must lie above it",
             "start with less (bone and reactive_bone under [initial]), or make the box higher"});
    }
    if (beginning.crowding > most_crowded) {
        throw InputError(root.place_of("initial"),
                         {"the box cannot hold its cells",
                          fmt::format("at the start they fill {:.0f} % of the marrow, and cells do not overlap",
                                      100 * beginning.crowding),
                          "start with fewer (densities under [initial], stroma under [parameters])"});
    }
    if (beginning.cells > most_cells) {
        throw InputError(root.place_of("tissue"),
                         {fmt::format("the box would begin with {:.2g} cells", beginning.cells),
                          fmt::format("there is room for {:g}", most_cells),
                          "choose a smaller box, or start with fewer (densities under [initial])"});
    }
}

} // namespace

void read_tissue(TomlTable& root, Scenario& scenario)
{
    const auto section = root.find("tissue");
    if (!scenario.model->is_spatial) {
        if (section) {
            section->fail({"a tissue", fmt::format("the model {} has no space", scenario.model->name),
                           "write model = \"agents\", or remove it"});
        }
        return;
    }
    scenario.tissue.emplace();
    if (section) {
        TomlTable table = section->table();
        read_box(table, *scenario.tissue);
        read_steps(table, *scenario.tissue);
        if (const auto seed = table.find("seed")) {
            scenario.tissue->seed =
                static_cast<std::uint64_t>(seed->whole_number(0, std::numeric_limits<std::int64_t>::max()));
        }
        table.done();
    }
}

void check_tissue(TomlTable& root, const Scenario& scenario)
{
    const TissuePlan& plan = *scenario.tissue;
    const auto falls_on_a_step = [&](Tick time) { return time % plan.step == 0; };
    const auto complain = [&](const Place& place, const std::string& what, Tick time) {
        throw InputError(place, {fmt::format("{} of {:g} d", what, to_days(time)),
                                 fmt::format("it is no multiple of the step of {} s", plan.step),
                                 "choose another, or another step under [tissue]"});
    };
    if (!falls_on_a_step(scenario.end - scenario.start)) {
        complain(root.place_of("end"), "a run", scenario.end - scenario.start);
    }
    if (scenario.output.courses && !falls_on_a_step(scenario.output.every)) {
        complain(place_in(root, "output", "every"), "an output interval", scenario.output.every);
    }
    if (const Tick snapshots = scenario.output.snapshots; snapshots > 0) {
        const Place place = place_in(root, "output", "snapshots");
        if (snapshots < plan.step) {
            throw InputError(place, {fmt::format("a snapshot every {} s", snapshots),
                                     fmt::format("cells move in steps of {} s", plan.step),
                                     "choose a longer interval, or a shorter step under [tissue]"});
        }
        if (!falls_on_a_step(snapshots)) {
            complain(place, "a snapshot interval", snapshots);
        }
    }
    check_beginning(root, scenario);
}

} // namespace osteoflare::scenarios
