#include "scenarios/record.hpp"

#include "output/shards/shard_folder.hpp"
#include "scenarios/recording/assemble.hpp"
#include "scenarios/recording/compute.hpp"
#include "scenarios/recording/identity.hpp"
#include "scenarios/recording/room.hpp"
#include "scenarios/recording/rows.hpp"
#include "scenarios/recording/team.hpp"
#include "scenarios/spatial/record_tissue.hpp"
#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <numeric>
#include <optional>

namespace osteoflare::scenarios {
namespace {

namespace fs = std::filesystem;
using output::ShardFolder;

void remark(const RecordOptions& options, const std::string& text)
{
    if (options.remark) {
        options.remark(text);
    }
}

fs::path part_folder(const fs::path& file, const Part& part)
{
    const std::size_t digits = fmt::format("{}", part.count).size();
    return shards_of(file) / fmt::format("part-{:0{}}-of-{}", part.number, digits, part.count);
}

/// The blocks of a part: contiguous, and as even as whole blocks allow.
std::vector<std::size_t> blocks_of(const Layout& layout, const Part& part)
{
    const auto bound = [&](std::size_t k) { return layout.n_blocks * k / part.count; };
    std::vector<std::size_t> blocks(bound(part.number) - bound(part.number - 1));
    std::iota(blocks.begin(), blocks.end(), bound(part.number - 1));
    return blocks;
}

/// Those of `blocks` that no whole shard in the folder holds. Damaged shards are told of, and in the way of nobody.
std::vector<std::size_t> missing_blocks(const Layout& layout, const ShardFolder& folder,
                                        const std::vector<std::size_t>& blocks, const RecordOptions& options)
{
    const auto shards = folder.shards();
    for (const auto& [number, path] : shards) {
        if (!std::ranges::binary_search(blocks, number)) {
            throw output::FileError(path, "does not belong here", "this computation has no block of that number",
                                    "move it away");
        }
    }
    std::vector<std::optional<output::ShardProblem>> problems(blocks.size(), output::ShardProblem{});
    solvers::for_each_member(blocks.size(), options.threads, [&](std::size_t i) {
        if (const auto shard = shards.find(blocks[i]); shard != shards.end()) {
            problems[i] = output::check_shard(shard->second, layout.header(blocks[i]));
        }
    });
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (!problems[i]) {
            continue;
        }
        missing.push_back(blocks[i]);
        const auto shard = shards.find(blocks[i]);
        if (shard != shards.end() && problems[i]->foreign) {
            throw output::FileError(shard->second, "cannot be used", problems[i]->why,
                                    "move it away, or start afresh with --force");
        }
        if (shard != shards.end()) {
            remark(options, fmt::format("{}: is damaged ({}); its {} members are computed again",
                                        shard->second.string(), problems[i]->why, layout.header(blocks[i]).n_members));
        }
    }
    return missing;
}

std::size_t members_of(const Layout& layout, const std::vector<std::size_t>& blocks)
{
    return std::accumulate(blocks.begin(), blocks.end(), std::size_t{0},
                           [&](std::size_t sum, std::size_t b) { return sum + layout.last(b) - layout.first(b); });
}

/// Failed members of these blocks, from their shards.
std::size_t failed_in(const Layout& layout, const ClosedBlocks& shards, const std::vector<std::size_t>& blocks)
{
    const auto status = std::ranges::find(layout.columns, Column::From::status, &Column::from);
    std::size_t failed = 0;
    std::vector<std::uint8_t> codes;
    for (const std::size_t block : blocks) {
        codes.resize(layout.last(block) - layout.first(block));
        shards.fill(static_cast<std::size_t>(status - layout.columns.begin()), layout.first(block),
                    std::as_writable_bytes(std::span(codes)));
        failed += static_cast<std::size_t>(std::ranges::count_if(codes, [](std::uint8_t code) { return code != 0; }));
    }
    return failed;
}

/// Throws if the members that are computed at once do not fit into memory: in the solver, as values and as bytes.
void check_memory(const Study& study, const Layout& layout, std::size_t threads)
{
    const std::size_t at_once = std::min(layout.n_blocks, solvers::thread_count(threads));
    const std::size_t members = std::min(at_once * layout.block_members, layout.n_members);
    require_memory(3.0 * static_cast<double>(members) * static_cast<double>(layout.member_bytes),
                   fmt::format("{} member(s) at once, each three times {} bytes: {} columns at {} times", members,
                               layout.member_bytes, layout.columns.size(), layout.times.size()),
                   {study.scenario().name, 1, 1}, "choose a longer output.every, fewer variables or fewer threads");
}

/// Bytes of the files in a folder; 0 if there is none.
double bytes_in(const fs::path& folder)
{
    double bytes = 0;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        bytes += entry->is_regular_file() ? static_cast<double>(entry->file_size(error)) : 0;
    }
    return bytes;
}

/// Throws if results do not fit on the disk, and with them, on the way, their shards in `folder`, of which some may be
/// there. Of a part, only shards.
void check_disk(const Layout& layout, std::size_t n_members, const fs::path& folder, const RecordOptions& options)
{
    const bool is_whole = n_members == layout.n_members, has_shards = layout.n_blocks > 1;
    const double times = (is_whole ? 1 : 0) + (has_shards ? 1 : 0);
    const double there = has_shards && options.resume ? bytes_in(folder) : 0;
    require_disk(times * static_cast<double>(n_members) * static_cast<double>(layout.member_bytes) - there,
                 fmt::format("{} member(s) of {} bytes{}", n_members, layout.member_bytes,
                             times > 1 ? ", once as shards and once as results" : ""),
                 options.file, "choose fewer members, output.keep = \"summaries\", or another disk with -o");
}

/// Computes what is missing of `blocks` in the folder, together with the team. Returns the number of failed members.
std::size_t complete_shards(const Study& study, const Layout& layout, ShardFolder& folder,
                            const std::vector<std::size_t>& blocks, const RecordOptions& options,
                            const Progress& progress, Team* team)
{
    const auto missing = missing_blocks(layout, folder, blocks, options);
    mend_study(folder, options);
    std::vector<std::size_t> there;
    std::ranges::set_difference(blocks, missing, std::back_inserter(there));
    const std::size_t failed = failed_in(layout, ClosedBlocks(layout, folder.shards()), there);
    if (!there.empty()) {
        remark(options, fmt::format("{}: {} of {} members are there (their shards are whole); going on with the others",
                                    folder.path().string(), members_of(layout, there), members_of(layout, blocks)));
    }
    BlockQueue queue(missing);
    Tally tally(progress, members_of(layout, there), failed);
    const auto next = [&] { return queue.next(); };
    auto own = std::async(std::launch::async, [&, wish = solvers::stop_wish()] {
        const solvers::Stoppable stoppable(wish);
        compute_shards(study, layout, folder.path(), options.threads, next,
                       [&](const Block& block) { tally.add(block.size, count_failed(block)); });
    });
    if (team) {
        team->serve(
            next, [&](std::size_t done, std::size_t failed_members) { tally.add(done, failed_members); },
            [&] { return own.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
    }
    own.get();
    return tally.failed();
}

/// The only block of a small study, in memory.
ClosedBlocks compute_in_memory(const Study& study, const Layout& layout, const Progress& progress)
{
    Tally tally(progress, 0, 0);
    const Block block = run_block(study, layout.times, 0, layout.n_members);
    std::vector<std::byte> bytes;
    bytes.reserve(layout.n_members * layout.member_bytes);
    encode(study, layout, block,
           [&](std::span<const std::byte> values) { bytes.insert(bytes.end(), values.begin(), values.end()); });
    tally.add(block.size, count_failed(block));
    return {layout, std::move(bytes)};
}

Outcomes record(const Study& study, const RecordOptions& options, const Progress& progress, Team* team)
{
    if (study.scenario().tissue && !study.scenario().sweep) {
        return spatial::record_tissue(study, options);
    }
    const Layout layout = layout_of(study);
    check_memory(study, layout, options.threads);
    check_disk(layout, layout.n_members, shards_of(options.file), options);
    output::ResultsWriter file(options.file, options.overwrite); // and nobody else makes it meanwhile
    if (layout.n_blocks == 1) {
        output::clear_shards(shards_of(options.file), options.overwrite);
        return assemble(study, layout, compute_in_memory(study, layout, progress), file, options.threads);
    }
    ShardFolder folder(shards_of(options.file), write_note(study, layout.study), existing_shards(options));
    const auto blocks = blocks_of(layout, Part{});
    complete_shards(study, layout, folder, blocks, options, progress, team);
    if (team && team->size() > 1 && !missing_blocks(layout, folder, blocks, options).empty()) {
        // A process trusts what it wrote itself; what others wrote, it has looked at.
        throw output::FileError(folder.path(), "is not complete", "some shards do not arrive here as they were written",
                                "see that all processes share this folder, then run again with --resume");
    }
    const Outcomes outcomes = assemble(study, layout, ClosedBlocks(layout, folder.shards()), file, options.threads);
    output::drop_shards(folder.path(), options.remark);
    return outcomes;
}

} // namespace

void require_run(const Scenario& scenario, bool is_seeded, bool resume)
{
    if (!scenario.tissue && (resume || is_seeded)) {
        throw InputError({resume ? "--resume" : "--seed", 1, 1},
                         {resume ? "nothing to go on with" : "a seed",
                          fmt::format("a run of the model {} {}", scenario.model->name,
                                      resume ? "is over before it could be interrupted" : "leaves nothing to chance"),
                          "leave it out"});
    }
}

void require_sweep(const Scenario& scenario, const std::string& asked)
{
    if (!scenario.sweep) {
        throw InputError({asked, 1, 1},
                         {"the scenario has no [sweep]", "there is nothing to vary", "add one, or use osteoflare run"});
    }
}

Outcomes run_study(const Study& study, std::size_t threads, const Progress& progress)
{
    const Layout layout = layout_of(study);
    check_memory(study, layout, threads);
    Outcomes outcomes;
    outcomes.n_members = study.size();
    outcomes.n_described = std::min(study.size(), Outcomes::most_described);
    outcomes.genotype_names = layout.choices;
    outcomes.genotypes.resize(outcomes.n_described);
    outcomes.complete.resize(outcomes.n_described);
    const std::size_t n_summaries = study.scenario().model->summaries.size();
    outcomes.summaries.resize(n_summaries * outcomes.n_described);
    std::vector<std::size_t> first_failed(layout.n_blocks, study.size());
    std::mutex mutex;
    Tally tally(progress, 0, 0);
    solvers::for_each_member(layout.n_blocks, threads, [&](std::size_t b) {
        const Block block = run_block(study, layout.times, layout.first(b), layout.last(b));
        for (std::size_t i = 0; i < block.size; ++i) {
            const std::size_t member = block.first + i;
            if (!block.reports[i]) {
                const std::scoped_lock lock(mutex);
                if (outcomes.n_failed++ == 0 || member < outcomes.first_failed) {
                    outcomes.first_failed = member;
                    outcomes.first_failure = block.reports[i];
                }
            }
            if (member < outcomes.n_described) {
                outcomes.complete[member] = block.reports[i] ? 1 : 0;
                outcomes.genotypes[member] =
                    layout.choice_of.empty() ? 0 : layout.choice_of[study.member(member).genotype];
                for (std::size_t s = 0; s < n_summaries; ++s) {
                    outcomes.summaries[s * outcomes.n_described + member] = block.summaries[s * block.size + i];
                }
            }
        }
        tally.add(block.size, count_failed(block));
    });
    return outcomes;
}

bool leaves_shards(const Study& study)
{
    return layout_of(study).n_blocks > 1;
}

Outcomes record_study(const Study& study, const RecordOptions& options, const Progress& progress)
{
    return record(study, options, progress, nullptr);
}

Outcomes record_study(const Study& study, const RecordOptions& options, const Progress& progress, Team& team)
{
    return record(study, options, progress, &team);
}

void help_record(const Study& study, const RecordOptions& options, Team& team)
{
    const Layout layout = layout_of(study);
    if (layout.n_blocks == 1) {
        return;
    }
    std::atomic<std::size_t> done = 0, failed = 0;
    compute_shards(
        study, layout, shards_of(options.file), options.threads,
        [&] { return team.ask(done.exchange(0), failed.exchange(0)); },
        [&](const Block& block) {
            failed += count_failed(block);
            done += block.size;
        });
    team.go_home(done, failed);
}

std::size_t members_of(const Study& study, const Part& part)
{
    const Layout layout = layout_of(study);
    return members_of(layout, blocks_of(layout, part));
}

PartOutcome record_part(const Study& study, const Part& part, const RecordOptions& options, const Progress& progress)
{
    const Layout layout = layout_of(study);
    const fs::path whole = shards_of(options.file);
    if (fs::exists(whole / "study")) {
        throw output::FileError(whole, "cannot take a part", "it holds shards of the whole sweep",
                                "continue that with --resume and without --part, or choose another name with -o");
    }
    const auto blocks = blocks_of(layout, part);
    check_memory(study, layout, options.threads);
    check_disk(layout, members_of(layout, blocks), part_folder(options.file, part), options);
    ShardFolder folder(part_folder(options.file, part), write_note(study, layout.study), existing_shards(options));
    PartOutcome outcome{.folder = folder.path()};
    if (!blocks.empty()) {
        outcome.first = layout.first(blocks.front());
        outcome.last = layout.last(blocks.back());
    }
    outcome.n_failed = complete_shards(study, layout, folder, blocks, options, progress, nullptr);
    return outcome;
}

} // namespace osteoflare::scenarios
