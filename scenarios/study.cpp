#include "scenarios/study.hpp"

#include "solvers/designs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

solvers::Design design_of(SweepMethod method)
{
    switch (method) {
    case SweepMethod::latin_hypercube: return solvers::Design::latin_hypercube;
    case SweepMethod::sobol: return solvers::Design::sobol;
    default: return solvers::Design::random;
    }
}

std::size_t choose(double u, std::size_t n)
{
    return std::min(static_cast<std::size_t>(u * static_cast<double>(n)), n - 1);
}

/// The value at quantile u.
double draw(const Spread& spread, double u, double default_value)
{
    if (const auto* uniform = std::get_if<Uniform>(&spread)) {
        return uniform->from + u * (uniform->to - uniform->from);
    }
    if (const auto* lognormal = std::get_if<Lognormal>(&spread)) {
        const double variance = std::log1p(lognormal->cv * lognormal->cv);
        return default_value * std::exp(std::sqrt(variance) * solvers::normal_quantile(u) - variance / 2);
    }
    const auto& values = std::get<Choices>(spread).values;
    return values[choose(u, values.size())];
}

/// Which value of axis `axis` a grid's member has; the last axis runs fastest.
std::size_t grid_position(const std::vector<Axis>& axes, std::size_t axis, std::size_t member)
{
    for (std::size_t a = axes.size(); a-- > axis + 1;) {
        member /= std::get<Choices>(axes[a].spread).values.size();
    }
    return member % std::get<Choices>(axes[axis].spread).values.size();
}

void set_time(Intervention& intervention, Target::Kind kind, double days)
{
    const Tick tick = to_tick(days);
    if (kind == Target::Kind::from) {
        if (intervention.has_duration) {
            *intervention.until += tick - intervention.from;
        }
        intervention.from = tick;
    } else if (kind == Target::Kind::until) {
        intervention.until = tick;
    } else {
        intervention.until = intervention.from + tick;
        intervention.has_duration = true;
    }
}

} // namespace

Study::Study(Scenario scenario) : scenario_(std::move(scenario))
{
    if (scenario_.sweep) {
        const Sweep& sweep = *scenario_.sweep;
        size_ = sweep.size;
        if (is_drawn(sweep.method)) {
            points_ = solvers::unit_design(design_of(sweep.method), size_, sweep.axes.size(), sweep.seed);
        }
    }
    check_members();
}

const std::vector<Axis>& Study::axes() const
{
    static const std::vector<Axis> none;
    return scenario_.sweep ? scenario_.sweep->axes : none;
}

double Study::axis_value(std::size_t axis, std::size_t member, double default_value) const
{
    const Sweep& sweep = *scenario_.sweep;
    if (is_drawn(sweep.method)) {
        return draw(sweep.axes[axis].spread, points_[member * sweep.axes.size() + axis], default_value);
    }
    const auto& values = std::get<Choices>(sweep.axes[axis].spread).values;
    return values[sweep.method == SweepMethod::grid ? grid_position(sweep.axes, axis, member) : member];
}

Member Study::member(std::size_t index) const
{
    Member member;
    member.interventions = scenario_.interventions;
    member.varied.resize(axes().size());
    // The genotype first: other axes may scale what it sets.
    for (std::size_t a = 0; a < axes().size(); ++a) {
        if (axes()[a].target.kind == Target::Kind::genotype) {
            member.varied[a] = axis_value(a, index, 0);
            member.genotype = static_cast<std::size_t>(member.varied[a]);
        }
    }
    member.settings = scenario_.model->default_settings();
    if (!scenario_.genotypes.empty()) {
        for (const auto& [setting, value] : scenario_.genotypes[member.genotype].settings) {
            member.settings[setting] = value;
        }
    }
    for (const auto& [setting, value] : scenario_.overrides) {
        member.settings[setting] = value;
    }
    for (std::size_t a = 0; a < axes().size(); ++a) {
        const Target& target = axes()[a].target;
        double& varied = member.varied[a];
        switch (target.kind) {
        case Target::Kind::genotype: break;
        case Target::Kind::setting:
            varied = axis_value(a, index, member.settings[target.index]);
            member.settings[target.index] = varied;
            break;
        case Target::Kind::value:
            varied = axis_value(a, index, 0);
            for (Assignment& assignment : member.interventions[target.index].sets) {
                assignment.value = assignment.is_exposure ? varied : assignment.value;
            }
            break;
        default:
            varied = axis_value(a, index, 0);
            set_time(member.interventions[target.index], target.kind, varied);
            break;
        }
    }
    return member;
}

void Study::check_members() const
{
    const auto names = setting_names(*scenario_.model);
    for (std::size_t i = 0; i < size_; ++i) {
        const Member drawn = member(i);
        for (std::size_t a = 0; a < axes().size(); ++a) {
            const Axis& axis = axes()[a];
            if (axis.target.kind != Target::Kind::setting) {
                continue;
            }
            const model::Range range = scenario_.model->settings[axis.target.index].range;
            if (!(drawn.varied[a] >= range.low && drawn.varied[a] <= range.high)) {
                throw InputError(axis.place,
                                 {fmt::format("member {} would have {} = {:g}", i, axis.name, drawn.varied[a]),
                                  fmt::format("it must lie from {:g} to {:g}", range.low, range.high),
                                  "narrow the spread, or use { from, to }"});
            }
        }
        if (const auto problem = find_problem(drawn.interventions, scenario_.start, scenario_.end, names)) {
            Problem described = problem->problem;
            described.what = size_ > 1 ? fmt::format("in member {} {}", i, described.what) : described.what;
            throw InputError(scenario_.interventions[problem->intervention].place, described);
        }
    }
}

} // namespace osteoflare::scenarios
