#include "output/figures/figure.hpp"
#include "output/film/film_page.hpp"
#include "output/film/frame.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/filming/snapshots.hpp"
#include "scenarios/reading/input_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string_view>

namespace osteoflare::cli {
namespace {

namespace fs = std::filesystem;

struct FilmOptions {
    std::string file, folder, field, still;
    std::vector<double> days;
    bool force = false;
};

constexpr std::size_t most_in_a_still = 4;

/// Says which days there are where a wanted one is not among them.
void tell_days(const scenarios::Snapshots& snapshots, const std::vector<double>& wanted)
{
    for (const double day : wanted) {
        const std::size_t nearest = scenarios::nearest_snapshots(snapshots.days(), {day}).front();
        if (std::abs(snapshots.days()[nearest] - day) > 0.05) {
            fmt::print("there is no snapshot of day {:g}; the nearest one is that of {}\n", day,
                       snapshots.label(nearest));
        }
    }
}

output::FileError taken(const fs::path& path)
{
    return {path, "exists already", "nothing is overwritten unless that is asked for",
            "choose another name, or overwrite it with --force"};
}

fs::path default_folder(fs::path file)
{
    if (file.extension() == ".h5") {
        file.replace_extension();
    }
    return file.string() + "_film";
}

/// frame_0000.png, and with more digits.
bool is_frame_name(std::string_view name)
{
    constexpr std::string_view begin = "frame_", end = ".png";
    if (!name.starts_with(begin) || !name.ends_with(end) || name.size() < begin.size() + 4 + end.size()) {
        return false;
    }
    const auto digits = name.substr(begin.size(), name.size() - begin.size() - end.size());
    return std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

/// Makes the folder; removes the frames of an earlier film, or refuses if that was not asked for.
void prepare_folder(const fs::path& folder, bool force)
{
    std::vector<fs::path> old_frames;
    try {
        fs::create_directories(folder);
        for (const auto& entry : fs::directory_iterator(folder)) {
            const std::string name = entry.path().filename().string();
            const bool is_frame = is_frame_name(name) && entry.is_regular_file();
            if ((is_frame || name == "film.html") && !force) {
                throw taken(entry.path());
            }
            if (is_frame) {
                old_frames.push_back(entry.path());
            }
        }
        for (const fs::path& path : old_frames) {
            fs::remove(path); // a shorter film would end with frames of the longer one
        }
    } catch (const fs::filesystem_error& error) {
        throw output::FileError(folder, "cannot be used for the film", error.code().message(),
                                "choose another folder with -o");
    }
}

void write_still(const FilmOptions& options, const scenarios::Snapshots& snapshots)
{
    const auto chosen = options.days.empty() ? scenarios::spaced_snapshots(snapshots.days().size(), 3)
                                             : scenarios::nearest_snapshots(snapshots.days(), options.days);
    if (chosen.size() > most_in_a_still) {
        throw scenarios::InputError({"--days", 1, 1}, {fmt::format("{} days for one picture", chosen.size()),
                                                       fmt::format("it has room for {}", most_in_a_still),
                                                       "choose fewer, or leave --still out"});
    }
    if (!options.force && fs::exists(options.still)) {
        throw taken(options.still);
    }
    std::vector<output::film::Moment> moments;
    for (const std::size_t snapshot : chosen) {
        moments.push_back(snapshots.moment(snapshot));
    }
    constexpr double zoom = 2; // for print
    output::write_text(options.still, output::film::still_png(snapshots.film(), moments, zoom), options.force);
    tell_days(snapshots, options.days);
    fmt::print("picture in {}\n", options.still);
}

void write_film(const FilmOptions& options, const scenarios::Snapshots& snapshots)
{
    const auto chosen = scenarios::nearest_snapshots(snapshots.days(), options.days);
    const fs::path folder = options.folder.empty() ? default_folder(options.file) : fs::path(options.folder);
    prepare_folder(folder, options.force);
    constexpr double zoom = 1.25; // sharp where a page is shown larger, without doubling the files
    std::vector<output::film::PageFrame> frames;
    for (const std::size_t snapshot : chosen) {
        frames.push_back(
            {snapshots.label(snapshot), output::film::frame_png(snapshots.film(), snapshots.moment(snapshot), zoom)});
        output::write_text(folder / fmt::format("frame_{:04}.png", frames.size() - 1), frames.back().png,
                           options.force);
    }
    const auto page = folder / "film.html";
    output::write_text(page, output::film::film_page(snapshots.film().title, frames), options.force);
    tell_days(snapshots, options.days);
    fmt::print("{} frame{} in {}\nfilm in {}; open it in a browser\n", frames.size(), frames.size() == 1 ? "" : "s",
               folder.string(), page.string());
}

} // namespace

void add_film(CLI::App& program, int& /*exit_code*/)
{
    auto options = std::make_shared<FilmOptions>();
    CLI::App* verb = program.add_subcommand("film", "show the snapshots of a run in space as a film");
    verb->add_option("FILE", options->file, "a results file with snapshots")->required();
    auto* folder = verb->add_option("-o,--output", options->folder,
                                    "folder of frames and page; FILE without .h5 and with _film if left out")
                       ->type_name("FOLDER");
    verb->add_option("--field", options->field, "the substance shown as colour; il1b if left out")->type_name("NAME");
    verb->add_option("--days", options->days, "only the snapshots nearest to these days, separated by commas")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("DAYS");
    verb->add_option("--still", options->still,
                     "instead of a film one picture of some days; of three if none are named")
        ->type_name("PICTURE.png")
        ->excludes(folder);
    verb->add_flag("--force", options->force, "overwrite an existing film or picture");
    verb->footer("film.html plays the frames in any browser; it needs no network and no other file.\n"
                 "Example: osteoflare film results/my_lesion.h5 --field cxcl1");
    verb->callback([options] {
        const fs::path file = options->file;
        const output::ResultsReader reader(file);
        const scenarios::Snapshots snapshots(reader, file.string(), options->field);
        options->still.empty() ? write_film(*options, snapshots) : write_still(*options, snapshots);
    });
}

} // namespace osteoflare::cli
