#include "scenarios/recording/layout.hpp"

#include "scenarios/recording/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace osteoflare::scenarios {
namespace {

using output::Element;
using output::Labels;
using From = Column::From;

// A shard is large enough for disks to be quick and small enough to be lost; blocks are large enough for the lanes of
// the solver and small enough to be shared out.
constexpr std::size_t shard_bytes = 16'000'000, most_shard_bytes = 64'000'000;
constexpr std::size_t fewest_members = 512, most_members = 65'536, granule = 16;

std::size_t block_members(std::size_t member_bytes)
{
    const std::size_t wanted = std::clamp(shard_bytes / member_bytes, fewest_members, most_members);
    // Very long courses: memory goes before the lanes.
    const std::size_t affordable = std::max(std::min(wanted, most_shard_bytes / member_bytes), granule);
    return affordable / granule * granule;
}

Labels labels_of(const model::Description& entry)
{
    return {std::string(entry.unit), std::string(entry.meaning), std::string(entry.symbol),
            std::string(text(entry.origin))};
}

void add_results(const Scenario& scenario, std::size_t n_times, std::vector<Column>& columns)
{
    const Element course = scenario.output.single_precision ? Element::float32 : Element::float64;
    for (const model::Description& described : column_descriptions(scenario)) {
        Labels about = labels_of(described);
        about.source = "computed"; // the origin in a species' description is that of its start
        columns.push_back({std::string(described.name), From::course, columns.size(), course, n_times, about});
    }
    for (const SensitivityColumn& derivative : sensitivity_columns(scenario)) {
        columns.push_back({derivative.name,
                           From::course,
                           columns.size(),
                           course,
                           n_times,
                           {derivative.unit, derivative.meaning, "", "computed"}});
    }
    for (std::size_t s = 0; s < scenario.model->summaries.size(); ++s) {
        const model::Summary& summary = scenario.model->summaries[s];
        columns.push_back({std::string(summary.name),
                           From::summary,
                           s,
                           Element::float64,
                           1,
                           {std::string(summary.unit), std::string(summary.meaning), "", "computed"}});
    }
    for (std::size_t s = 0; s < scenario.model->species.size(); ++s) {
        Labels about = labels_of(scenario.model->species[s]);
        about.long_name = fmt::format("{}, at time_reached", scenario.model->species[s].meaning);
        about.source = "computed";
        columns.push_back({"last_state/" + std::string(scenario.model->species[s].name), From::last_state, s,
                           Element::float64, 1, about});
    }
    const std::vector<std::uint8_t> flags = {0, 1, 2, 3, 4, 5};
    columns.push_back(
        {"status",
         From::status,
         0,
         Element::uint8,
         1,
         {"1",
          "how the run of this member ended",
          "",
          "",
          {{"flag_values", flags},
           {"flag_meanings", std::string("complete step_limit step_too_small not_finite overcrowded not_run")}}}});
    columns.push_back({"steps", From::steps, 0, Element::int64, 1, {"1", "accepted steps"}});
    columns.push_back({"rejected_steps", From::rejected, 0, Element::int64, 1, {"1", "rejected steps"}});
    columns.push_back({"time_reached", From::time_reached, 0, Element::float64, 1, {"d", "last time reached"}});
    if (!scenario.genotypes.empty()) {
        columns.push_back({"genotype", From::genotype, 0, Element::int64, 1, {"", "genotype of this member"}});
    }
}

/// What differs between members: one variable per axis, and per setting in which genotypes differ.
void add_varied(const Study& study, std::vector<Column>& columns)
{
    const Scenario& scenario = study.scenario();
    std::vector<std::size_t> written;
    bool many_genotypes = false;
    if (scenario.sweep && scenario.sweep->replicates > 1) {
        columns.push_back({"replicate",
                           From::replicate,
                           0,
                           Element::int64,
                           1,
                           {"1", "which of the members that differ by chance alone"}});
    }
    for (std::size_t a = 0; a < study.axes().size(); ++a) {
        const Axis& axis = study.axes()[a];
        if (axis.target.kind == Target::Kind::genotype) {
            many_genotypes = true;
            continue;
        }
        Labels about{axis.unit, fmt::format("{} of this member", axis.name), "", "varied by the sweep"};
        if (axis.target.kind == Target::Kind::setting) {
            about = labels_of(scenario.model->settings[axis.target.index]);
            written.push_back(axis.target.index);
        }
        columns.push_back({"parameter/" + axis.name, From::axis, a, Element::float64, 1, about});
    }
    for (std::size_t g = 0; many_genotypes && g < scenario.genotypes.size(); ++g) {
        for (const auto& [setting, value] : scenario.genotypes[g].settings) {
            if (std::ranges::find(written, setting) == written.end()) {
                written.push_back(setting);
                const model::Description& entry = scenario.model->settings[setting];
                columns.push_back({"parameter/" + std::string(entry.name), From::setting, setting, Element::float64, 1,
                                   labels_of(entry)});
            }
        }
    }
}

/// The names that members' genotypes may have; of a study with fewer members than genotypes, those that occur.
void add_choices(const Study& study, Layout& layout)
{
    const auto& genotypes = study.scenario().genotypes;
    std::vector<bool> occurs(genotypes.size(), study.size() >= genotypes.size());
    for (std::size_t i = 0; i < study.size() && study.size() < genotypes.size(); ++i) {
        occurs[study.member(i).genotype] = true;
    }
    for (std::size_t g = 0; g < genotypes.size(); ++g) {
        const auto known = std::ranges::find(layout.choices, genotypes[g].name);
        layout.choice_of.push_back(static_cast<std::uint32_t>(known - layout.choices.begin()));
        if (occurs[g] && known == layout.choices.end()) {
            layout.choices.push_back(genotypes[g].name);
        }
    }
}

/// Collects values of one type and hands them over.
class Pieces {
public:
    explicit Pieces(const std::function<void(std::span<const std::byte>)>& take) : take_(take) {}

    /// `n` values, the i-th from `value_of(i)`, as this type.
    template <class Value, class ValueOf>
    void put(std::size_t n, ValueOf value_of)
    {
        constexpr std::size_t most = 32'768;
        std::vector<Value> piece;
        for (std::size_t begin = 0; begin < n; begin += most) {
            piece.resize(std::min(most, n - begin));
            for (std::size_t i = 0; i < piece.size(); ++i) {
                piece[i] = static_cast<Value>(value_of(begin + i));
            }
            take_(std::as_bytes(std::span(piece)));
        }
    }

    /// Values that are already as they should be.
    void put(std::span<const double> values) { take_(std::as_bytes(values)); }

private:
    const std::function<void(std::span<const std::byte>)>& take_;
};

} // namespace

std::size_t Column::element_bytes() const
{
    return from == From::genotype ? sizeof(std::uint32_t) : output::bytes_of(element);
}

output::ShardHeader Layout::header(std::size_t block) const
{
    const std::size_t n = last(block) - first(block);
    return {.study = study, .block = block, .first = first(block), .n_members = n, .payload = n * member_bytes};
}

Layout layout_of(const Study& study)
{
    Layout layout;
    const Scenario& scenario = study.scenario();
    if (scenario.output.courses) {
        layout.times = output_times(scenario);
    }
    add_results(scenario, layout.times.size(), layout.columns);
    add_varied(study, layout.columns);
    for (const Column& column : layout.columns) {
        layout.member_bytes += column.member_bytes();
    }
    add_choices(study, layout);
    layout.n_members = study.size();
    // Cell by cell, one member is work enough.
    layout.block_members = scenario.tissue ? 1 : block_members(layout.member_bytes);
    layout.n_blocks = (layout.n_members + layout.block_members - 1) / layout.block_members;
    layout.study = identity_of(study, layout);
    return layout;
}

void encode(const Study& study, const Layout& layout, const Block& block,
            const std::function<void(std::span<const std::byte>)>& take)
{
    // Members are drawn again rather than kept: they cost a microsecond, and blocks stay free of them.
    std::vector<std::uint32_t> genotypes(block.size);
    std::vector<std::size_t> replicates(block.size);
    std::vector<std::vector<double>> drawn(layout.columns.size());
    Member member;
    for (std::size_t i = 0; i < block.size; ++i) {
        study.member(block.first + i, member);
        replicates[i] = member.replicate;
        genotypes[i] = layout.choice_of.empty() ? 0 : layout.choice_of[member.genotype];
        for (std::size_t c = 0; c < layout.columns.size(); ++c) {
            const Column& column = layout.columns[c];
            if (column.from == From::axis) {
                drawn[c].push_back(member.varied[column.index]);
            } else if (column.from == From::setting) {
                drawn[c].push_back(member.settings[column.index]);
            }
        }
    }
    Pieces pieces(take);
    for (std::size_t c = 0; c < layout.columns.size(); ++c) {
        const Column& column = layout.columns[c];
        const std::size_t n = column.row * block.size;
        const auto values = [&](const std::vector<double>& all) { return std::span(all).subspan(column.index * n, n); };
        const auto reports = [&](auto value_of) {
            return [&, value_of](std::size_t i) { return value_of(block.reports[i]); };
        };
        using Report = solvers::RunReport;
        switch (column.from) {
        case From::course:
            if (column.element == Element::float32) {
                pieces.put<float>(n, [source = values(block.columns)](std::size_t i) { return source[i]; });
            } else {
                pieces.put(values(block.columns));
            }
            break;
        case From::summary: pieces.put(values(block.summaries)); break;
        case From::last_state: pieces.put(values(block.last_states)); break;
        case From::status: pieces.put<std::uint8_t>(n, reports([](const Report& r) { return r.status; })); break;
        case From::steps: pieces.put<std::int64_t>(n, reports([](const Report& r) { return r.steps; })); break;
        case From::rejected: pieces.put<std::int64_t>(n, reports([](const Report& r) { return r.rejected; })); break;
        case From::time_reached: pieces.put<double>(n, reports([](const Report& r) { return r.time; })); break;
        case From::replicate: pieces.put<std::int64_t>(n, [&](std::size_t i) { return replicates[i]; }); break;
        case From::genotype: take(std::as_bytes(std::span(genotypes))); break;
        default: pieces.put(drawn[c]); break;
        }
    }
}

} // namespace osteoflare::scenarios
