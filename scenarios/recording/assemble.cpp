#include "scenarios/recording/assemble.hpp"

#include "scenarios/recording/compute.hpp"
#include "scenarios/recording/metadata.hpp"
#include "solvers/ensemble.hpp"

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

std::size_t column_from(const Layout& layout, Column::From from)
{
    const auto found = std::ranges::find(layout.columns, from, &Column::from);
    return static_cast<std::size_t>(found - layout.columns.begin());
}

/// What is told of a study, read from its blocks.
Outcomes outcomes_of(const Study& study, const Layout& layout, const ClosedBlocks& blocks)
{
    Outcomes outcomes;
    outcomes.n_members = layout.n_members;
    outcomes.n_described = std::min(layout.n_members, Outcomes::most_described);
    const std::size_t n = outcomes.n_described;

    const std::size_t status = column_from(layout, Column::From::status);
    std::vector<std::uint8_t> codes(std::min(layout.n_members, std::size_t{1} << 20U));
    for (std::size_t first = 0; first < layout.n_members; first += codes.size()) {
        codes.resize(std::min(codes.size(), layout.n_members - first));
        blocks.fill(status, first, std::as_writable_bytes(std::span(codes)));
        for (std::size_t i = 0; i < codes.size(); ++i) {
            const bool complete = codes[i] == 0;
            if (!complete && outcomes.n_failed++ == 0) {
                outcomes.first_failed = first + i;
                outcomes.first_failure.status = static_cast<solvers::RunStatus>(codes[i]);
                blocks.fill(column_from(layout, Column::From::time_reached), first + i,
                            std::as_writable_bytes(std::span(&outcomes.first_failure.time, 1)));
            }
            if (first + i < n) {
                outcomes.complete.push_back(complete ? 1 : 0);
            }
        }
    }
    outcomes.genotypes.resize(n);
    outcomes.genotype_names = layout.choices;
    if (const std::size_t genotype = column_from(layout, Column::From::genotype); genotype < layout.columns.size()) {
        blocks.fill(genotype, 0, std::as_writable_bytes(std::span(outcomes.genotypes)));
    }
    outcomes.summaries.resize(study.scenario().model->summaries.size() * n);
    for (std::size_t c = 0; c < layout.columns.size(); ++c) {
        const Column& column = layout.columns[c];
        if (column.from == Column::From::summary) {
            blocks.fill(c, 0, std::as_writable_bytes(std::span(outcomes.summaries).subspan(column.index * n, n)));
        }
    }
    return outcomes;
}

} // namespace

Outcomes assemble(const Study& study, const Layout& layout, const ClosedBlocks& blocks, output::ResultsWriter& file,
                  std::size_t threads, const Attachment& attachment)
{
    const Outcomes outcomes = outcomes_of(study, layout, blocks);
    write_metadata(file, study, layout);
    file.attribute({"status", status_of(outcomes.n_failed, outcomes.n_members)});
    if (attachment.declare) {
        attachment.declare(file);
    }
    file.finish(
        [&](std::size_t column, std::uint64_t first, std::span<std::byte> to) {
            if (column < layout.columns.size()) {
                blocks.fill(column, first, to);
            } else {
                attachment.fill(column - layout.columns.size(), first, to);
            }
        },
        solvers::thread_count(threads), attachment.before_name);
    return outcomes;
}

} // namespace osteoflare::scenarios
