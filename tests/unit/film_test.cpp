#include "output/film/colours.hpp"
#include "output/film/film_page.hpp"
#include "output/film/frame.hpp"
#include "output/film/view.hpp"
#include "output/results_reader.hpp"
#include "output/results_writer.hpp"
#include "scenarios/filming/snapshots.hpp"
#include "scenarios/reading/input_error.hpp"

#include "catch.hpp"
#include "tests/folder.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <numbers>
#include <optional>
#include <random>
#include <span>

#include <unistd.h>

using namespace osteoflare;
using namespace osteoflare::output;
namespace fs = std::filesystem;
using osteoflare::tests::Folder;

namespace {

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
                    values.push_back(is_bone ? std::numeric_limits<double>::quiet_NaN()
                                             : (is_damage ? 0 : 0.6) + 40 * deep * lesion.illness(x, y, s));
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
    file.variable(
        "agent/kind", {"agent_record"}, Element::uint8,
        {.units = "1",
         .more = {{"flag_values", std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5}},
                  {"flag_meanings", "stroma neutrophil macrophage osteoclast_precursor osteoclast osteoblast"}}});
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

TEST_CASE("a film has one frame for each snapshot, all of one size, and they differ", "[film]")
{
    const Folder folder;
    write_lesion(folder.path / "lesion.h5", {});
    const ResultsReader file(folder.path / "lesion.h5");
    const scenarios::Snapshots snapshots(file, "lesion.h5", "");
    REQUIRE(snapshots.days() == std::vector<double>{20, 30, 40});
    std::vector<std::string> frames;
    for (std::size_t s = 0; s < 3; ++s) {
        frames.push_back(film::frame_png(snapshots.film(), snapshots.moment(s), 1));
        CHECK(png_size(frames.back()).first == 1280);
        CHECK(png_size(frames.back()) == png_size(frames.front()));
        CHECK(snapshots.moment(s).views.size() == 2);
        CHECK(snapshots.label(s) == "day " + std::to_string(20 + 10 * s));
    }
    CHECK((frames[0] != frames[1] && frames[1] != frames[2]));
}

TEST_CASE("equal snapshots give equal bytes, in frames and in a still", "[film]")
{
    const Folder folder;
    write_lesion(folder.path / "a.h5", {});
    write_lesion(folder.path / "b.h5", {});
    const ResultsReader a_file(folder.path / "a.h5"), b_file(folder.path / "b.h5");
    const scenarios::Snapshots a(a_file, "lesion", ""), b(b_file, "lesion", "");
    const bool same_frame = film::frame_png(a.film(), a.moment(2), 1) == film::frame_png(b.film(), b.moment(2), 1);
    CHECK(same_frame);
    const bool same_still = film::still_png(a.film(), {a.moment(0), a.moment(2)}, 1)
                            == film::still_png(b.film(), {b.moment(0), b.moment(2)}, 1);
    CHECK(same_still);
}

TEST_CASE("each cell of a snapshot is counted once under its kind, and drawn again only across an edge", "[film]")
{
    const Folder folder;
    write_lesion(folder.path / "lesion.h5", {});
    const ResultsReader file(folder.path / "lesion.h5");
    const scenarios::Snapshots snapshots(file, "lesion.h5", "");
    const auto moment = snapshots.moment(2);
    const auto& categories = snapshots.film().categories;
    const auto end = file.numbers("agent_end");
    const auto kinds =
        file.numbers("agent/kind", static_cast<std::size_t>(end[1]), static_cast<std::size_t>(end[2] - end[1]));
    REQUIRE(categories.size() == moment.counts.size() + 1); // the vessels
    CHECK(categories[0].label == "neutrophils");
    CHECK(moment.counts[0] == std::to_string(std::ranges::count(kinds, 1.0)));
    CHECK(categories[3].label == "osteoclasts");
    CHECK(moment.counts[3] == std::to_string(std::ranges::count(kinds, 4.0)));
    const auto inside = [](const film::Dot& dot) {
        return dot.centre.x >= 0 && dot.centre.x < 200 && dot.centre.y >= 0 && dot.centre.y < 200;
    };
    CHECK(static_cast<std::size_t>(std::ranges::count_if(moment.views[0].dots, inside)) == kinds.size());
    CHECK(std::ranges::all_of(moment.views[0].dots, [](const film::Dot& dot) {
        const double r = dot.width / 2;
        return dot.centre.x + r > 0 && dot.centre.x - r < 200 && dot.centre.y + r > 0 && dot.centre.y - r < 200;
    }));
}

TEST_CASE("the section goes through the deepest pit of all days, and what is lost there is drawn", "[film]")
{
    const Folder folder;
    const Lesion lesion;
    write_lesion(folder.path / "lesion.h5", lesion);
    const ResultsReader file(folder.path / "lesion.h5");
    const scenarios::Snapshots snapshots(file, "lesion.h5", "");
    double deepest = 0, y_of_it = 0;
    for (double y = 10; y < lesion.depth(); y += 20) {
        for (double x = 10; x < lesion.width(); x += 20) {
            const double ill = lesion.illness(x, y, 2);
            const double lower = lesion.eaten(x, y, 2) - (ill > 0.1 && ill < 0.3 ? 10 : 0);
            if (lower > deepest) {
                deepest = lower;
                y_of_it = y;
            }
        }
    }
    for (const std::size_t s : {0U, 2U}) {
        const auto side = snapshots.moment(s).views[1];
        CHECK(contains(side.caption, "y = " + std::to_string(static_cast<int>(y_of_it)) + " "));
        const auto& lost = side.grounds.front();
        double depth = 0;
        for (std::size_t i = 0; i < lost.lower.size(); ++i) {
            depth = std::max(depth, lost.upper[i] - lost.lower[i]);
        }
        CHECK(depth == Approx(s == 0 ? 0 : deepest).margin(1e-9));
    }
}

TEST_CASE("voxels inside bone do not thin the colours, neither from above nor in the section", "[film]")
{
    const Folder folder;
    write_lesion(folder.path / "lesion.h5", {});
    const ResultsReader file(folder.path / "lesion.h5");
    const scenarios::Snapshots snapshots(file, "lesion.h5", "");
    for (const auto& view : snapshots.moment(0).views) { // nothing is ill yet: 0.6 pM in every open voxel
        CHECK(std::ranges::all_of(view.field.values, [](double value) { return std::abs(value - 0.6) < 1e-6; }));
    }
}

TEST_CASE("a slice is shown from the side alone", "[film]")
{
    const Folder folder;
    write_lesion(folder.path / "slice.h5", {.nx = 20, .ny = 1, .nz = 10});
    const ResultsReader file(folder.path / "slice.h5");
    const scenarios::Snapshots snapshots(file, "slice.h5", "");
    const auto moment = snapshots.moment(2);
    REQUIRE(moment.views.size() == 1);
    CHECK(moment.views[0].width == 400);
    CHECK(moment.views[0].height == 200);
    CHECK(png_size(film::frame_png(snapshots.film(), moment, 1)).first == 1280);
    CHECK(png_size(film::still_png(snapshots.film(), {snapshots.moment(0), moment}, 2)).first == 2560);
}

TEST_CASE("a film of a file without snapshots says how to get some", "[film]")
{
    const Folder folder;
    {
        ResultsWriter file(folder.path / "mouse.h5", false);
        write_courses(file, {});
        file.finish();
    }
    const ResultsReader file(folder.path / "mouse.h5");
    CHECK(message_of<FileError>([&] { scenarios::Snapshots(file, "mouse.h5", ""); })
          == "mouse.h5: has no snapshots (it is no run of the agents, or they were switched off); add snapshots = "
             "\"5 d\" under [output]");
}

TEST_CASE("an unknown field is met with the one that was meant", "[film]")
{
    const Folder folder;
    write_lesion(folder.path / "lesion.h5", {});
    const ResultsReader file(folder.path / "lesion.h5");
    const auto refusal = [&](const std::string& field) {
        return message_of<scenarios::InputError>([&] { scenarios::Snapshots(file, "lesion.h5", field); });
    };
    CHECK(contains(refusal("il1bb"), "unknown field 'il1bb' (lesion.h5 holds no such field); did you mean 'il1b'?"));
    CHECK(contains(refusal("agent/x"), "unknown field 'agent/x'"));
    CHECK(refusal("damage") == "(none)");
}

TEST_CASE("the snapshots nearest to the wanted days are taken, each once", "[film]")
{
    const std::vector<double> days = {20, 30, 40, 50};
    using Chosen = std::vector<std::size_t>;
    CHECK(scenarios::nearest_snapshots(days, {}) == Chosen{0, 1, 2, 3});
    CHECK(scenarios::nearest_snapshots(days, {48, 21, 19, -1e9}) == Chosen{0, 3});
    CHECK(contains(message_of<scenarios::InputError>([&] { (void)scenarios::nearest_snapshots(days, {std::nan("")}); }),
                   "is no day"));
    CHECK(scenarios::spaced_snapshots(4, 3) == Chosen{0, 2, 3});
    CHECK(scenarios::spaced_snapshots(13, 3) == Chosen{0, 6, 12});
    CHECK(scenarios::spaced_snapshots(2, 3) == Chosen{0, 1});
    CHECK(scenarios::spaced_snapshots(1, 3) == Chosen{0});
}

TEST_CASE("the page of a film holds every frame and runs no title", "[film]")
{
    const std::string html = film::film_page("<script>alert(1)</script> & \"{frames}\"",
                                             {{"day 1", "first"}, {"day </script>\\", "second"}});
    CHECK(count(html, "data:image/png;base64,") == 2);
    CHECK(count(html, film::base64("first")) == 1);
    CHECK(count(html, film::base64("second")) == 1);
    CHECK(count(html, "<script>") == 1);
    CHECK(count(html, "</script>") == 1);
    CHECK(contains(html, "<title>&lt;script&gt;alert(1)&lt;/script&gt; &amp; "));
    CHECK(contains(html, "max=\"1\""));
    CHECK_FALSE(contains(html, "http")); // nothing is fetched
}

TEST_CASE("base64 is that of RFC 4648", "[film]")
{
    CHECK(film::base64("") == "");
    CHECK(film::base64("f") == "Zg==");
    CHECK(film::base64("fo") == "Zm8=");
    CHECK(film::base64("foo") == "Zm9v");
    CHECK(film::base64("foobar") == "Zm9vYmFy");
    CHECK(film::base64("\xff\xfe\xfd") == "//79");
}

TEST_CASE("the region above a level has the area and the border of a known hill", "[film]")
{
    // A ridge along y: |x - 50| below 20 is above the level.
    film::Grid grid{10, 4, 10, {}, true, true};
    for (std::size_t i = 0; i < 40; ++i) {
        grid.values.push_back(50 - std::abs(static_cast<double>(i % 10) * 10 + 5 - 50));
    }
    const auto region = film::region_above(grid, 30);
    double area = 0;
    for (const auto& polygon : region.inside) {
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const auto &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
            area += (a.x * b.y - a.y * b.x) / 2;
        }
    }
    CHECK(area == Approx(40.0 * 50)); // the lattice reaches half a square beyond both ends of y
    REQUIRE_FALSE(region.border.empty());
    for (const auto& line : region.border) {
        CHECK(std::abs(line[0].x - 50) == Approx(20));
        CHECK(std::abs(line[1].x - 50) == Approx(20));
    }
}

TEST_CASE("colours darken in equal steps, and scales keep their ends", "[film]")
{
    const auto luminance = [](const film::Colour& c) { return 0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue; };
    for (double share = 0; share < 0.99; share += 0.05) {
        CHECK(luminance(film::field_colour(share)) > luminance(film::field_colour(share + 0.05)));
    }
    const auto linear = film::scale_of({1, 2, 3, 4}), flat = film::scale_of({0, 0}), none = film::scale_of({});
    CHECK(linear.kind == film::Scale::Kind::linear);
    CHECK(linear.share(0) == 0);
    CHECK(linear.share(1e9) == 1);
    CHECK(flat.share(0) == 0);
    CHECK(none.share(0) == 0);
    std::vector<double> rare(1000, 0.0), decades;
    std::fill(rare.begin(), rare.begin() + 50, 7.0);
    for (double value = 1e-3; value < 1e3; value *= 1.05) {
        decades.push_back(value);
    }
    CHECK(film::scale_of(rare).kind == film::Scale::Kind::root);
    const auto logarithmic = film::scale_of(decades);
    CHECK(logarithmic.kind == film::Scale::Kind::logarithmic);
    const auto ticks = logarithmic.ticks(5);
    CHECK(ticks.size() >= 3);
    CHECK(std::ranges::is_sorted(ticks, {}, &Tick::at));
}
