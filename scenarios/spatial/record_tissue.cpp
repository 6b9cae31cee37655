#include "scenarios/spatial/record_tissue.hpp"

#include "output/part_file.hpp"
#include "output/shards/shard_folder.hpp"
#include "scenarios/recording/assemble.hpp"
#include "scenarios/recording/checkpoint_file.hpp"
#include "scenarios/recording/room.hpp"
#include "scenarios/spatial/bytes.hpp"
#include "scenarios/spatial/snapshots.hpp"
#include "scenarios/spatial/tissue_run.hpp"
#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace osteoflare::scenarios::spatial {
namespace {

namespace fs = std::filesystem;

fs::path beside(const fs::path& file, const char* ending)
{
    return fs::path(file.string() + ending);
}

void save(const fs::path& path, const output::Digest& study, const TissueRun& run, Snapshots& snapshots)
{
    snapshots.sync();
    ByteWriter writer;
    writer.put(snapshots.present());
    writer.put(run.save());
    write_checkpoint(path, study, writer.bytes);
}

/// Brings `run` to where it was saved; the snapshots that had been taken.
std::vector<Snapshot> go_on(const fs::path& path, const output::Digest& study, TissueRun& run)
{
    const auto state = read_checkpoint(path, study);
    try {
        ByteReader reader(state);
        auto snapshots = reader.get<Snapshot>();
        run.load(reader.get<std::byte>());
        return snapshots;
    } catch (const std::invalid_argument& error) {
        refuse_checkpoint(path, error.what());
    }
}

/// Removes snapshots that no checkpoint knows of: nobody could go on with them.
class Leftovers {
public:
    Leftovers(fs::path checkpoint, fs::path snapshots)
        : checkpoint_(std::move(checkpoint)), snapshots_(std::move(snapshots))
    {
    }
    Leftovers(const Leftovers&) = delete;
    Leftovers& operator=(const Leftovers&) = delete;
    ~Leftovers()
    {
        std::error_code ignored;
        if (!fs::exists(checkpoint_, ignored)) {
            fs::remove(snapshots_, ignored);
        }
    }
    void drop_checkpoint() const
    {
        std::error_code ignored;
        fs::remove(checkpoint_, ignored);
    }

private:
    fs::path checkpoint_, snapshots_;
};

/// The description for ParaView. Its own ending is added where that of the results is their own: so it cannot be called
/// as they are.
fs::path description_of(const fs::path& file)
{
    return file.extension() == ".h5" ? fs::path(file).replace_extension(".xdmf") : beside(file, ".xdmf");
}

/// Throws if the box does not fit into memory, or its snapshots not on the disk.
void require_room(const Scenario& scenario, const fs::path& file)
{
    constexpr double voxel_bytes = 300; // measured: fields, their steps, and the places of cells
    const auto n_voxels = static_cast<double>(scenario.tissue->grid().n_voxels());
    require_memory(voxel_bytes * n_voxels, fmt::format("{:g} voxels of {:g} bytes", n_voxels, voxel_bytes),
                   {scenario.name, 1, 1}, "choose a smaller box or larger voxels");
    const double one = snapshot_bytes(*scenario.tissue);
    const auto n = static_cast<double>(n_snapshots(scenario));
    require_disk(2 * n * one, fmt::format("{:g} snapshots of {:g} bytes, once on the way and once as results", n, one),
                 file, "choose a longer output.snapshots, or another disk with -o");
}

} // namespace

Tick n_snapshots(const Scenario& scenario)
{
    const Tick span = scenario.end - scenario.start, every = scenario.output.snapshots;
    return every > 0 ? 1 + (span + every - 1) / every : 0; // the end is always among them
}

double snapshot_bytes(const TissuePlan& plan)
{
    const auto grid = plan.grid();
    return 4.0 * static_cast<double>(10 * grid.n_voxels() + 2 * grid.nx * grid.ny); // ten fields and two surfaces
}

Outcomes record_tissue(const Study& study, const RecordOptions& options)
{
    const Scenario& scenario = study.scenario();
    const Layout layout = layout_of(study);
    require_room(scenario, options.file);
    output::ResultsWriter file(options.file, options.overwrite); // and nobody else makes it meanwhile
    output::clear_shards(shards_of(options.file), options.overwrite);
    const fs::path checkpoint = checkpoint_of(options.file), snapshot_file = beside(options.file, ".snapshots");
    const bool goes_on = goes_on_from(checkpoint, options.resume, options.overwrite);
    std::optional<output::PartFile> description;
    if (scenario.output.snapshots > 0) {
        // A run that is gone on with may have been killed between the two names: then the description is its own.
        description.emplace(description_of(options.file), options.overwrite || goes_on);
    }
    TissueRun run(scenario, study.member(0), layout.times);
    const Leftovers leftovers(checkpoint, snapshot_file);
    std::vector<Snapshot> taken;
    if (goes_on) {
        taken = go_on(checkpoint, layout.study, run);
    } else {
        leftovers.drop_checkpoint(); // its snapshots are about to be
    }
    Snapshots snapshots(snapshot_file, *scenario.tissue, std::move(taken));
    if (goes_on && options.remark) {
        options.remark(fmt::format("{}: going on from day {:.2f}", checkpoint.string(), to_days(run.now())));
    }
    // A small tissue is done before a second thread has woken up.
    constexpr std::size_t voxels_per_thread = 2000;
    const std::size_t n_threads = std::clamp<std::size_t>(scenario.tissue->grid().n_voxels() / voxels_per_thread, 1,
                                                          solvers::thread_count(options.threads));
    using Clock = std::chrono::steady_clock;
    auto last_saved = Clock::now();
    const Tick begin = run.now();
    const auto snapshot_due = [&] {
        const Tick every = scenario.output.snapshots;
        const bool is_taken = !snapshots.present().empty() && snapshots.present().back().at >= run.now();
        return every > 0 && !is_taken && ((run.now() - scenario.start) % every == 0 || run.is_over());
    };
    while (true) {
        if (snapshot_due()) {
            snapshots.append(run.tissue(), run.now());
        }
        if (options.watch) {
            options.watch({to_days(run.now()), to_days(begin), to_days(scenario.end), run.tissue().counts()});
        }
        if (run.is_over()) {
            break;
        }
        run.step(n_threads);
        const bool can_go_on = static_cast<bool>(run.course().report);
        if (can_go_on
            && std::chrono::duration<double>(Clock::now() - last_saved).count()
                   >= options.seconds_between_checkpoints) {
            save(checkpoint, layout.study, run, snapshots);
            last_saved = Clock::now();
        }
    }
    Block block = empty_block(scenario, layout.times.size(), 0, 1);
    store(run.course(), layout.times.size(), 0, block);
    std::vector<std::byte> bytes;
    encode(study, layout, block,
           [&](std::span<const std::byte> values) { bytes.insert(bytes.end(), values.begin(), values.end()); });
    Attachment attachment;
    if (!snapshots.present().empty()) {
        attachment = {[&](output::ResultsWriter& results) { snapshots.declare(results, run.tissue()); },
                      [&](std::size_t variable, std::uint64_t first, std::span<std::byte> to) {
                          snapshots.fill(variable, first, to);
                      },
                      [&] { description->take_name(); }};
        description->append(xdmf(options.file.filename().string(), *scenario.tissue, snapshots.present()));
    }
    const Outcomes outcomes =
        assemble(study, layout, ClosedBlocks(layout, std::move(bytes)), file, options.threads, attachment);
    leftovers.drop_checkpoint();
    return outcomes;
}

} // namespace osteoflare::scenarios::spatial
