#include "output/film/colours.hpp"
#include "output/film/film_page.hpp"
#include "output/film/frame.hpp"
#include "output/film/view.hpp"
#include "output/results_reader.hpp"
#include "output/results_writer.hpp"
#include "scenarios/film.hpp"
#include "scenarios/reading/input_error.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <optional>
#include <random>
#include <span>

#include <unistd.h>

using namespace osteoflare;
using namespace osteoflare::output;
namespace fs = std::filesystem;

namespace {

/// A folder of its own for one test, gone after it.
struct Folder {
    fs::path path;
    Folder()
    {
        std::string name = (fs::temp_directory_path() / "osteoflare-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

/// A lesion that grows from day 20 on: a disc full of neutrophils around pits in the bone, with woven bone at its edge.
struct Lesion {
    std::size_t nx = 10, ny = 10, nz = 5;
    std::size_t n_snapshots = 3;
    std::size_t neutrophils = 60; ///< in the last snapshot
    std::string title = "A lesion";
    double voxel = 20;

    double width() const { return static_cast<double>(nx) * voxel; }
    double depth() const { return static_cast<double>(ny) * voxel; }
    double day(std::size_t s) const { return 20 + 10 * static_cast<double>(s); }
    double growth(std::size_t s) const
    {
        return n_snapshots > 1 ? static_cast<double>(s) / static_cast<double>(n_snapshots - 1) : 0;
    }
    /// 1 in the middle of the lesion, 0 far from it.
    double illness(double x, double y, std::size_t s) const
    {
        const double dx = x - 0.45 * width(), dy = ny > 1 ? y - 0.6 * depth() : 0;
        const double radius = (0.06 + 0.22 * growth(s)) * width();
        return growth(s) * std::exp(-(dx * dx + dy * dy) / (radius * radius));
    }
    double eaten(double x, double y, std::size_t s) const
    {
        const double wave = std::sin(x / 37) * (ny > 1 ? std::cos(y / 29) : 1);
        return std::min(34.0, 30 * illness(x, y, s) * (0.75 + 0.45 * wave));
    }
};

struct Agents {
    std::vector<std::int64_t> id, end;
    std::vector<std::uint8_t> kind;
    std::vector<double> x, y, z, diameter;
};

Agents agents_of(const Lesion& lesion)
{
    std::mt19937_64 random(7);
    const auto uniform = [&] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
    Agents agents;
    const auto add = [&](std::uint8_t kind, double x, double y, double z, double diameter) {
        agents.id.push_back(static_cast<std::int64_t>(agents.id.size()));
        agents.kind.push_back(kind);
        agents.x.push_back(x);
        agents.y.push_back(y);
        agents.z.push_back(z);
        agents.diameter.push_back(diameter);
    };
    for (std::size_t s = 0; s < lesion.n_snapshots; ++s) {
        const double share = 0.08 + 0.92 * lesion.growth(s);
        const auto scatter = [&](std::uint8_t kind, double n, double diameter, double clustering, bool on_bone) {
            for (std::size_t i = 0; i < static_cast<std::size_t>(n);) {
                const double x = uniform() * lesion.width(), y = uniform() * lesion.depth();
                if (uniform() > 1 - clustering + clustering * lesion.illness(x, y, s)) {
                    if (uniform() < 0.9 || lesion.growth(s) > 0) {
                        continue;
                    }
                }
                const double top = static_cast<double>(lesion.nz) * lesion.voxel;
                add(kind, x, y, on_bone ? 40 - lesion.eaten(x, y, s) : 42 + uniform() * (top - 44), diameter);
                ++i;
            }
        };
        const double n = static_cast<double>(lesion.neutrophils);
        scatter(0, 0.2 * n, 15, 0, false);
        scatter(1, n * share, 8, 0.8, false);
        scatter(2, 0.06 * n * share + 3, 20, 0.7, false);
        scatter(3, 0.02 * n * share + 1, 11, 0.8, false);
        scatter(4, 0.004 * n * share + 1, 45, 0.95, true);
        scatter(5, 0.01 * n, 18, 0, true);
        agents.end.push_back(static_cast<std::int64_t>(agents.id.size()));
    }
    return agents;
}

void write_fields(ResultsWriter& file, const Lesion& lesion)
{
    for (const char* name : {"il1b", "damage"}) {
        const bool is_damage = std::string(name) == "damage";
        file.variable(std::string("field/") + name, {"snapshot", "z", "y", "x"}, Element::float64,
                      {.units = is_damage ? "1" : "pM", .long_name = is_damage ? "damage" : "IL-1β in the niche"});
        for (std::size_t s = 0; s < lesion.n_snapshots; ++s) {
            std::vector<double> values;
            for (std::size_t k = 0; k < lesion.nz; ++k) {
                for (std::size_t i = 0; i < lesion.nx * lesion.ny; ++i) {
                    const double x = (static_cast<double>(i % lesion.nx) + 0.5) * lesion.voxel;
                    const double y = (static_cast<double>(i / lesion.nx) + 0.5) * lesion.voxel;
                    const bool is_bone = (static_cast<double>(k) + 0.5) * lesion.voxel <= 40 - lesion.eaten(x, y, s);
                    const double deep = 1 - 0.08 * static_cast<double>(k);
                    values.push_back(is_bone ? 0 : (is_damage ? 0 : 0.6) + 40 * deep * lesion.illness(x, y, s));
                }
            }
            file.write(std::string("field/") + name, s, std::span<const double>(values));
        }
    }
}

void write_surface(ResultsWriter& file, const Lesion& lesion)
{
    for (const char* name : {"surface/bone", "surface/reactive_bone"}) {
        file.variable(name, {"snapshot", "y", "x"}, Element::float64, {.units = "um", .long_name = name});
    }
    for (std::size_t s = 0; s < lesion.n_snapshots; ++s) {
        std::vector<double> bone, reactive;
        for (std::size_t i = 0; i < lesion.nx * lesion.ny; ++i) {
            const double x = (static_cast<double>(i % lesion.nx) + 0.5) * lesion.voxel;
            const double y = (static_cast<double>(i / lesion.nx) + 0.5) * lesion.voxel;
            const double ill = lesion.illness(x, y, s);
            bone.push_back(40 - lesion.eaten(x, y, s));
            reactive.push_back(ill > 0.1 && ill < 0.3 ? 10 * lesion.growth(s) : 0);
        }
        file.write("surface/bone", s, std::span<const double>(bone));
        file.write("surface/reactive_bone", s, std::span<const double>(reactive));
    }
}

void write_agents(ResultsWriter& file, const Lesion& lesion)
{
    const Agents agents = agents_of(lesion);
    file.counted_dimension("agent_record", agents.id.size(), {.long_name = "one cell in one snapshot"});
    file.variable("agent_end", {"snapshot"}, Element::int64, {.units = "1"});
    file.write("agent_end", 0, std::span<const std::int64_t>(agents.end));
    file.variable("agent/id", {"agent_record"}, Element::int64, {.units = "1"});
    file.write("agent/id", 0, std::span<const std::int64_t>(agents.id));
    file.variable("agent/kind", {"agent_record"}, Element::uint8,
                  {.units = "1",
                   .more = {{"flag_values", std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5}},
                            {"flag_meanings",
                             "stroma neutrophil macrophage osteoclast_precursor osteoclast osteoblast"}}});
    file.write("agent/kind", 0, std::span<const std::uint8_t>(agents.kind));
    const auto column = [&](const std::string& name, const std::vector<double>& values) {
        file.variable("agent/" + name, {"agent_record"}, Element::float64, {.units = "um"});
        file.write("agent/" + name, 0, std::span<const double>(values));
    };
    column("x", agents.x);
    column("y", agents.y);
    column("z", agents.z);
    column("diameter", agents.diameter);
}

void write_courses(ResultsWriter& file, const Lesion& lesion)
{
    std::vector<double> times, neutrophils, bone;
    const double last = lesion.day(lesion.n_snapshots - 1);
    for (double time = 20; time <= last; time += 0.5) {
        const double growth = last > 20 ? (time - 20) / (last - 20) : 0;
        times.push_back(time);
        neutrophils.push_back(8000 * std::pow(growth, 1.5) + 600 + 100 * std::sin(time));
        bone.push_back(1 - 0.09 * growth * growth);
    }
    const std::vector<std::int64_t> members = {0};
    file.dimension("member", std::span<const std::int64_t>(members), {.units = "1"});
    file.dimension("time", std::span<const double>(times), {.units = "d", .long_name = "age"});
    file.variable("neutrophils", {"member", "time"}, Element::float64,
                  {.units = "cell/uL", .long_name = "neutrophils at the site"});
    file.variable("bone", {"member", "time"}, Element::float64, {.units = "1", .long_name = "bone"});
    file.write("neutrophils", 0, std::span<const double>(neutrophils));
    file.write("bone", 0, std::span<const double>(bone));
}

void write_lesion(const fs::path& path, const Lesion& lesion)
{
    ResultsWriter file(path, true);
    file.attribute({"title", lesion.title});
    file.attribute({"question", "Where does the bone give way first, and how far does the lesion spread?"});
    file.attribute({"source", "Osteoflare test"});
    const auto axis = [&](const std::string& name, std::size_t n) {
        std::vector<double> centres;
        for (std::size_t i = 0; i < n; ++i) {
            centres.push_back((static_cast<double>(i) + 0.5) * lesion.voxel);
        }
        file.dimension(name, std::span<const double>(centres), {.units = "um"});
    };
    axis("x", lesion.nx);
    axis("y", lesion.ny);
    axis("z", lesion.nz);
    std::vector<double> days, vessel_x, vessel_z;
    for (std::size_t s = 0; s < lesion.n_snapshots; ++s) {
        days.push_back(lesion.day(s));
    }
    for (double x = 50; x < lesion.width(); x += 100) {
        vessel_x.push_back(x);
        vessel_z.push_back(70);
    }
    file.dimension("snapshot", std::span<const double>(days), {.units = "d"});
    file.counted_dimension("vessel", vessel_x.size(), {.long_name = "vessel"});
    file.variable("vessel_x", {"vessel"}, Element::float64, {.units = "um"});
    file.variable("vessel_z", {"vessel"}, Element::float64, {.units = "um"});
    file.write("vessel_x", 0, std::span<const double>(vessel_x));
    file.write("vessel_z", 0, std::span<const double>(vessel_z));
    write_fields(file, lesion);
    write_surface(file, lesion);
    write_agents(file, lesion);
    write_courses(file, lesion);
    file.finish();
}

template <class Error, class Work>
std::string message_of(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "(none)";
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part)
{
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++n;
    }
    return n;
}

/// Width and height that a PNG file declares; {0, 0} if it is none.
std::pair<unsigned, unsigned> png_size(const std::string& bytes)
{
    if (bytes.size() < 24 || bytes.substr(0, 8) != "\x89PNG\r\n\x1a\n") {
        return {0, 0};
    }
    const auto number = [&](std::size_t at) {
        unsigned value = 0;
        for (std::size_t i = at; i < at + 4; ++i) {
            value = value << 8U | static_cast<unsigned char>(bytes[i]);
        }
        return value;
    };
    return {number(16), number(20)};
}

} // namespace

TEST_CASE("a file for looking at films", "[.example]")
{
    const char* folder = std::getenv("OSTEOFLARE_EXAMPLE");
    REQUIRE(folder != nullptr);
    write_lesion(fs::path(folder) / "lesion.h5",
                 {.nx = 50, .ny = 50, .n_snapshots = 13, .neutrophils = 8000, .title = "A lesion grows in the bone"});
    write_lesion(fs::path(folder) / "slice.h5",
                 {.nx = 50, .ny = 1, .nz = 10, .n_snapshots = 7, .neutrophils = 300, .title = "A slice for the class"});
}
