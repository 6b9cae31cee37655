#include "scenarios/reading/units.hpp"
#include "scenarios/recording/layout.hpp"
#include "scenarios/spatial/record_tissue.hpp"
#include "scenarios/words.hpp"

#include <fmt/format.h>

#include <utility>

namespace osteoflare::scenarios {

std::vector<std::string> describe_check(const Scenario& scenario)
{
    std::vector<std::string> lines;
    const auto add = [&]<class... Parts>(fmt::format_string<Parts...> words, Parts&&... parts) {
        lines.push_back(fmt::format(words, std::forward<Parts>(parts)...));
    };
    const Study study(scenario);
    add("{}", scenario.title);
    if (!scenario.question.empty()) {
        add("question   {}", scenario.question);
    }
    add("model      {}: {}", scenario.model->name, scenario.model->title);
    const auto member = study.member(0);
    if (!scenario.genotypes.empty()) {
        const auto& genotype = scenario.genotypes[member.genotype];
        add("genotype   {}: {}{}", genotype.name, genotype.title, study.size() > 1 ? " (member 0)" : "");
    }
    for (std::size_t i = 0; i < member.settings.size(); ++i) {
        const auto& entry = scenario.model->settings[i];
        if (member.settings[i] != entry.value) {
            add("differs    {} = {:g}{} (default {:g}, {})", entry.name, member.settings[i], unit_suffix(entry.unit),
                entry.value, text(entry.origin));
        }
    }
    if (scenario.tissue) {
        const auto& plan = *scenario.tissue;
        const auto grid = plan.grid();
        add("box        {:g} x {:g} x {:g} um, {} x {} x {} voxels of {:g} um, bone {:g} um high", plan.width,
            plan.depth, plan.height, grid.nx, grid.ny, grid.nz, plan.voxel, plan.bone_height);
        add("steps      {} s for cells, {} s for fields; seed {}", plan.step, plan.field_step,
            scenario.sweep ? scenario.sweep->seed : plan.seed);
        if (scenario.output.snapshots > 0) {
            const Tick n = spatial::n_snapshots(scenario);
            add("snapshots  {}, every {:g} d, about {:.1f} MB and the cells, of a run (a sweep keeps none)", n,
                to_days(scenario.output.snapshots), 1e-6 * spatial::snapshot_bytes(plan) * static_cast<double>(n));
        }
    }
    add("schedule{}", study.size() > 1 ? " of member 0" : "");
    for (const std::string& line : describe_schedule(scenario, member)) {
        add("  {}", line);
    }
    const auto columns = column_descriptions(scenario);
    const Layout layout = layout_of(study);
    if (scenario.output.courses) {
        add("output     {} variable(s) at {} times, every {:g} d{}", columns.size(), layout.times.size(),
            to_days(scenario.output.every), scenario.output.single_precision ? ", in single precision" : "");
    } else {
        add("output     summaries only");
    }
    if (const auto& plan = scenario.sensitivities; !plan.to.empty()) {
        add("with       derivatives of {} variable(s) by {} quantities", plan.species.size() + plan.readouts.size(),
            plan.to.size());
    }
    if (const auto& plan = scenario.continuation) {
        add("continues  {} from {:g} to {:g}{}", plan->first.name, plan->first.from, plan->first.to,
            plan->second
                ? fmt::format(", by {} from {:g} to {:g}", plan->second->name, plan->second->from, plan->second->to)
                : "");
    }
    for (const auto& axis : study.axes()) {
        add("varies     {}{}", axis.name, axis.unit.empty() || axis.unit == "1" ? "" : fmt::format(" [{}]", axis.unit));
    }
    if (const auto& plan = scenario.threshold) {
        const auto& range = std::get<Uniform>(plan->axis.spread);
        add("threshold  {} from {:g} to {:g}{}: where does {} come to lie {} {:g}{}?", plan->axis.name, range.from,
            range.to, unit_suffix(plan->axis.unit), plan->outcome.name, plan->outcome.above ? "above" : "below",
            plan->outcome.level, unit_suffix(plan->outcome.unit));
    }
    add("members    {}, about {:.1f} MB of results", study.size(),
        1e-6 * static_cast<double>(study.size()) * static_cast<double>(layout.member_bytes));
    if (layout.n_blocks > 1) {
        add("shards     {} of {} members", layout.n_blocks, layout.block_members);
    }
    add("The scenario is fine.");
    return lines;
}

} // namespace osteoflare::scenarios
