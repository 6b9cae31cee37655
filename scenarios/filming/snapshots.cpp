#include "scenarios/filming/snapshots.hpp"

#include "scenarios/filming/looks.hpp"
#include "scenarios/reading/input_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

namespace osteoflare::scenarios {
namespace {

namespace film = output::film;
using namespace filming;

std::string with_unit(const output::ResultsReader& file, const std::string& variable)
{
    std::string text = file.text_attribute(variable, "long_name").value_or(variable);
    std::string unit = file.text_attribute(variable, "units").value_or("1");
    if (const auto micro = unit.find("/uL"); micro != std::string::npos) {
        unit.replace(micro, 3, "/µL");
    }
    return unit.empty() || unit == "1" ? text : fmt::format("{} [{}]", text, unit);
}

std::vector<std::string> fields_of(const output::ResultsReader& file)
{
    const std::string folder = "field/";
    std::vector<std::string> names;
    for (const std::string& variable : file.variables()) {
        if (variable.starts_with(folder)) {
            names.push_back(variable.substr(folder.size()));
        }
    }
    return names;
}

} // namespace

Snapshots::Snapshots(const output::ResultsReader& file, std::string file_name, const std::string& field)
    : file_(file), file_name_(std::move(file_name)), field_(field)
{
    const auto fields = fields_of(file);
    const bool complete = file.has("snapshot") && file.has("agent/kind") && file.has("surface/bone") && !fields.empty();
    days_ = complete ? file.numbers("snapshot") : std::vector<double>{};
    if (days_.empty()) {
        throw output::FileError(file_name_, "has no snapshots", "it is no run of the agents, or they were switched off",
                                "add snapshots = \"5 d\" under [output]");
    }
    if (field_.empty()) {
        field_ = std::ranges::find(fields, "il1b") == fields.end() ? fields.front() : "il1b";
    }
    if (std::ranges::find(fields, field_) == fields.end()) {
        throw InputError({"--field", 1, 1},
                         {fmt::format("unknown field '{}'", field_), fmt::format("{} holds no such field", file_name_),
                          suggest_name(field_, fields, fmt::format("choose one of {}", fmt::join(fields, ", ")))});
    }
    const auto shape = file.shape("field/" + field_);
    const auto x = file.numbers("x"), z = file.numbers("z");
    if (shape.size() != 4 || shape[0] != days_.size() || shape[1] == 0 || shape[2] == 0 || shape[3] == 0
        || shape[3] != x.size() || shape[1] != z.size()) {
        throw output::FileError(file_name_, "has snapshots that cannot be drawn",
                                fmt::format("field/{} does not lie over snapshot, z, y and x", field_),
                                "run the scenario again");
    }
    nz_ = shape[1], ny_ = shape[2], nx_ = shape[3];
    voxel_ = nx_ > 1 ? x[1] - x[0] : 2 * x[0];
    if (!(voxel_ > 0)) {
        throw output::FileError(file_name_, "has snapshots that cannot be drawn", "its voxels have no size",
                                "run the scenario again");
    }
    vessel_x_ = file.has("vessel_x") ? file.numbers("vessel_x") : std::vector<double>{};
    vessel_z_ = file.has("vessel_z") ? file.numbers("vessel_z") : std::vector<double>{};
    vessel_diameter_ = file.number_attribute("", "vessel_diameter").value_or(vessel_diameter_);
    start_ = surface(0);

    film_.title = file.text_attribute("", "title").value_or(file_name_);
    film_.subtitle = file.text_attribute("", "question").value_or("");
    film_.field_label = with_unit(file, "field/" + field_);
    film_.field_note = ny_ > 1 ? "from above: mean over depth" : "";
    film_.footer =
        fmt::format("A simulation ({}), no micrograph: each dot is a cell of the model at its true diameter, "
                    "those on bone flattened in the section.",
                    file.text_attribute("", "source").value_or("Osteoflare"));
    choose_section();
    choose_scale();
    describe_kinds();
    add_courses();
}

std::vector<double> Snapshots::rows(const std::string& variable, std::size_t snapshot) const
{
    return file_.numbers(variable, snapshot, 1);
}

std::vector<double> Snapshots::surface(std::size_t snapshot) const
{
    auto height = rows("surface/bone", snapshot);
    const auto on_top = rows("surface/reactive_bone", snapshot);
    if (height.size() != nx_ * ny_ || on_top.size() != height.size()) {
        throw output::FileError(file_name_, "has snapshots that cannot be drawn",
                                "the bone surface and the fields differ in size", "run the scenario again");
    }
    std::transform(height.begin(), height.end(), on_top.begin(), height.begin(), std::plus<>());
    return height;
}

/// Through the deepest pit of all snapshots, so that it lies still while the film plays.
void Snapshots::choose_section()
{
    double deepest = shallowest;
    section_row_ = ny_ / 2;
    deepest_column_ = nx_ / 2;
    for (std::size_t s = 0; s < days_.size(); ++s) {
        const auto height = surface(s);
        for (std::size_t i = 0; i < height.size(); ++i) {
            if (start_[i] - height[i] > deepest) {
                deepest = start_[i] - height[i];
                section_row_ = i / nx_;
                deepest_column_ = i % nx_;
            }
        }
    }
}

void Snapshots::choose_scale()
{
    std::vector<double> shown;
    for (std::size_t s = 0; s < days_.size(); ++s) {
        const auto field = rows("field/" + field_, s);
        for (const film::Grid& grid : {from_above(field), section(field)}) {
            shown.insert(shown.end(), grid.values.begin(), grid.values.end());
        }
    }
    film_.scale = film::scale_of(std::move(shown));
}

void Snapshots::describe_kinds()
{
    for (const Look& look : looks) {
        film_.categories.push_back(
            {std::string(look.label), colour_of(look.fill, look.opacity), colour_of(look.outline), look.line});
    }
    std::istringstream kinds(file_.text_attribute("agent/kind", "flag_meanings").value_or(""));
    for (std::string kind; kinds >> kind;) {
        const auto look = std::ranges::find(looks, kind, &Look::kind);
        look_of_kind_.push_back(static_cast<std::size_t>(look - std::begin(looks)));
        if (look == std::end(looks)) {
            look_of_kind_.back() = film_.categories.size();
            film_.categories.push_back({kind, colour_of(unknown_look.fill, unknown_look.opacity), {}, 0});
        }
    }
    if (look_of_kind_.empty()) {
        throw output::FileError(file_name_, "has snapshots that cannot be drawn",
                                "its variable agent/kind has no flag_meanings", "run the scenario again");
    }
    using Shape = film::Sign::Shape;
    using film::Hatching;
    n_kinds_ = film_.categories.size();
    if (!vessel_x_.empty()) {
        film_.categories.push_back(
            {ny_ > 1 ? "blood vessel (from above: a line)" : "blood vessel", colour_of(0xffffff), blood, 2});
    }
    film_.signs = {
        {Shape::patch, fmt::format("bone lost, more than {:g} µm{}", shallowest, ny_ > 1 ? "; a line each 10 µm" : ""),
         nothing, lost, Hatching::rising},
        {Shape::patch, "woven (reactive) bone", woven, woven_line, Hatching::falling},
        {Shape::patch, "mineralised bone", bone, bone_line, Hatching::none},
    };
    if (ny_ > 1) {
        film_.signs.push_back({Shape::dashes, "where the section is", nothing, cut, Hatching::none});
    }
}

void Snapshots::add_courses()
{
    film_.time_label =
        fmt::format("{} [d]", file_.has("time") ? file_.text_attribute("time", "long_name").value_or("time") : "time");
    const auto drawable = [&](const std::string& name) {
        return file_.has("time") && file_.has(name) && file_.shape(name).size() == 2
               && file_.shape(name)[1] == file_.shape("time").at(0) && file_.shape(name)[0] > 0;
    };
    if (drawable("neutrophils")) {
        film_.courses.push_back({with_unit(file_, "neutrophils"), file_.numbers("time"),
                                 file_.numbers("neutrophils", 0, 1), colour_of(0x0072b2), true});
    }
    if (drawable("bone")) {
        auto left = file_.numbers("bone", 0, 1);
        const double start = left.empty() ? 0 : left.front();
        std::ranges::transform(left, left.begin(), [&](double value) { return 100 * value / start; });
        film_.courses.push_back({"mineralised bone [% of start]", file_.numbers("time"), left, lost, false});
    }
}

/// The mean over the open voxels of each column; bone holds nothing.
film::Grid Snapshots::from_above(const std::vector<double>& field) const
{
    film::Grid grid{nx_, ny_, voxel_, std::vector<double>(nx_ * ny_, 0.0)};
    for (std::size_t i = 0; i < nx_ * ny_; ++i) {
        double sum = 0;
        std::size_t n = 0;
        for (std::size_t k = 0; k < nz_; ++k) {
            const double value = field[k * nx_ * ny_ + i];
            sum += std::isnan(value) ? 0 : value;
            n += std::isnan(value) ? 0 : 1;
        }
        grid.values[i] = n > 0 ? sum / static_cast<double>(n) : 0;
    }
    return grid;
}

/// One row of voxels. What the bone hides takes the value above it, so that nothing fades towards the bone.
film::Grid Snapshots::section(const std::vector<double>& field) const
{
    film::Grid grid{nx_, nz_, voxel_, std::vector<double>(nx_ * nz_, 0.0), true, false};
    for (std::size_t i = 0; i < nx_; ++i) {
        double above = 0;
        for (std::size_t k = nz_; k-- > 0;) {
            const double value = field[(k * ny_ + section_row_) * nx_ + i];
            above = std::isnan(value) ? above : value;
            grid.values[k * nx_ + i] = above;
        }
    }
    return grid;
}

std::string Snapshots::label(std::size_t snapshot) const
{
    return fmt::format("day {:g}", std::round(days_[snapshot] * 10) / 10);
}

std::vector<std::size_t> nearest_snapshots(const std::vector<double>& days, const std::vector<double>& wanted)
{
    std::vector<std::size_t> chosen;
    for (const double day : wanted) {
        if (!std::isfinite(day)) {
            throw InputError({"--days", 1, 1}, {fmt::format("'{}' is no day", day), "a day is a finite number",
                                                "write for example --days 20,40,60"});
        }
        const auto nearest = std::ranges::min_element(days, {}, [day](double d) { return std::abs(d - day); });
        chosen.push_back(static_cast<std::size_t>(nearest - days.begin()));
    }
    if (wanted.empty()) {
        chosen.resize(days.size());
        std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    }
    std::ranges::sort(chosen);
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    return chosen;
}

std::vector<std::size_t> spaced_snapshots(std::size_t n_snapshots, std::size_t n)
{
    const std::size_t last = n_snapshots - 1, n_chosen = std::min(n, n_snapshots);
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < n_chosen; ++i) {
        chosen.push_back(n_chosen == 1 ? last : (2 * i * last + n_chosen - 1) / (2 * (n_chosen - 1)));
    }
    return chosen;
}

} // namespace osteoflare::scenarios
