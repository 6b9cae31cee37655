#include "scenarios/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

solvers::UnitDesign design_of(const Scenario& scenario)
{
    const Sweep sweep = scenario.sweep.value_or(Sweep{});
    const std::size_t dimensions = is_drawn(sweep.method) ? sweep.axes.size() : 0;
    switch (sweep.method) {
    case SweepMethod::latin_hypercube: return {solvers::Design::latin_hypercube, sweep.size, dimensions, sweep.seed};
    case SweepMethod::sobol: return {solvers::Design::sobol, sweep.size, dimensions, sweep.seed};
    default: return {solvers::Design::random, sweep.size, dimensions, sweep.seed};
    }
}

std::size_t choose(double u, std::size_t n)
{
    return std::min(static_cast<std::size_t>(u * static_cast<double>(n)), n - 1);
}

/// The value at quantile u; it rises or falls with u.
double draw(const Spread& spread, double u, double default_value)
{
    if (const auto* uniform = std::get_if<Uniform>(&spread)) {
        // Rounding may not lead beyond the end, which was checked.
        return std::min(uniform->from + u * (uniform->to - uniform->from), uniform->to);
    }
    if (const auto* lognormal = std::get_if<Lognormal>(&spread)) {
        const double variance = std::log1p(lognormal->cv * lognormal->cv);
        return default_value * std::exp(std::sqrt(variance) * solvers::normal_quantile(u) - variance / 2);
    }
    const auto& values = std::get<Choices>(spread).values;
    return values[choose(u, values.size())];
}

/// The least and the greatest value that can be drawn.
std::pair<double, double> extremes(const Spread& spread, double default_value)
{
    if (const auto* choices = std::get_if<Choices>(&spread)) {
        const auto [least, greatest] = std::ranges::minmax(choices->values);
        return {least, greatest};
    }
    return std::minmax({draw(spread, 0x1p-53, default_value), draw(spread, 1 - 0x1p-53, default_value)});
}

bool is_within(double value, const model::Range& range)
{
    return value >= range.low && value <= range.high;
}

/// Which value of axis `axis` a grid's member has; the last axis runs fastest.
std::size_t grid_position(const std::vector<Axis>& axes, std::size_t axis, std::size_t member)
{
    for (std::size_t a = axes.size(); a-- > axis + 1;) {
        member /= std::get<Choices>(axes[a].spread).values.size();
    }
    return member % std::get<Choices>(axes[axis].spread).values.size();
}

bool is_time(Target::Kind kind)
{
    return kind == Target::Kind::from || kind == Target::Kind::until || kind == Target::Kind::duration;
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

/// Whether the user's interventions begin one after the other, pair by pair.
std::vector<bool> order_of(const std::vector<Intervention>& interventions)
{
    std::vector<bool> order;
    for (const Intervention& one : interventions) {
        for (const Intervention& other : interventions) {
            order.push_back(!one.of_life && !other.of_life && one.from < other.from);
        }
    }
    return order;
}

} // namespace

Scenario at_points(Scenario scenario, std::vector<Axis> axes, std::vector<std::vector<double>> values)
{
    Sweep sweep;
    sweep.method = SweepMethod::list;
    sweep.size = values.front().size();
    for (std::size_t a = 0; a < axes.size(); ++a) {
        axes[a].spread = Choices{std::move(values[a])};
    }
    sweep.axes = std::move(axes);
    scenario.sweep = std::move(sweep);
    return scenario;
}

Study::Study(Scenario scenario) : scenario_(std::move(scenario)), design_(design_of(scenario_))
{
    if (scenario_.sweep) {
        size_ = scenario_.sweep->size * scenario_.sweep->replicates;
    }
    const auto with = [](std::vector<double> settings, const std::vector<std::pair<std::size_t, double>>& changes) {
        for (const auto& [setting, value] : changes) {
            settings[setting] = value;
        }
        return settings;
    };
    const auto defaults = scenario_.model->default_settings();
    for (const Genotype& genotype : scenario_.genotypes) {
        base_settings_.push_back(with(with(defaults, genotype.settings), scenario_.overrides));
    }
    if (base_settings_.empty()) {
        base_settings_.push_back(with(defaults, scenario_.overrides));
    }
    for (const Axis& axis : axes()) {
        times_vary_ = times_vary_ || is_time(axis.target.kind);
        interventions_vary_ =
            interventions_vary_ || is_time(axis.target.kind) || axis.target.kind == Target::Kind::value;
    }
    turns_ = turns_of(scenario_.interventions, scenario_.start, scenario_.end);
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
        return draw(sweep.axes[axis].spread, design_(member, axis), default_value);
    }
    const auto& values = std::get<Choices>(sweep.axes[axis].spread).values;
    return values[sweep.method == SweepMethod::grid ? grid_position(sweep.axes, axis, member) : member];
}

void Study::fill_genotype(std::size_t index, Member& member) const
{
    member.genotype = 0;
    for (std::size_t a = 0; a < axes().size(); ++a) {
        if (axes()[a].target.kind == Target::Kind::genotype) {
            member.varied[a] = axis_value(a, index, 0);
            member.genotype = static_cast<std::size_t>(member.varied[a]);
        }
    }
}

void Study::fill_interventions(std::size_t index, Member& member) const
{
    member.interventions = scenario_.interventions;
    for (std::size_t a = 0; a < axes().size(); ++a) {
        const Target& target = axes()[a].target;
        if (target.kind == Target::Kind::genotype || target.kind == Target::Kind::setting) {
            continue;
        }
        member.varied[a] = axis_value(a, index, 0);
        Intervention& intervention = member.interventions[target.index];
        if (is_time(target.kind)) {
            set_time(intervention, target.kind, member.varied[a]);
        } else {
            for (Assignment& assignment : intervention.sets) {
                assignment.value = assignment.is_exposure ? member.varied[a] : assignment.value;
            }
        }
    }
}

void Study::member(std::size_t number, Member& member) const
{
    const std::size_t n_replicates = scenario_.sweep ? scenario_.sweep->replicates : 1;
    const std::size_t index = number / n_replicates;
    member.replicate = scenario_.sweep && scenario_.sweep->each_has_its_chance ? number : number % n_replicates;
    member.varied.resize(axes().size());
    fill_genotype(index, member); // first: other axes may scale what it sets
    member.settings = base_settings_[member.genotype];
    for (std::size_t a = 0; a < axes().size(); ++a) {
        const Target& target = axes()[a].target;
        if (target.kind == Target::Kind::setting) {
            member.varied[a] = axis_value(a, index, member.settings[target.index]);
            member.settings[target.index] = member.varied[a];
        }
    }
    if (interventions_vary_) {
        fill_interventions(index, member);
    } else {
        member.interventions.clear();
    }
    // Settings that keep their value still follow somebody else from then on.
    const bool every_turn = !scenario_.sensitivities.to.empty();
    if (times_vary_) {
        resolve(turns_of(member.interventions, scenario_.start, scenario_.end), member.interventions, member.settings,
                member.changes, every_turn);
    } else {
        resolve(turns_, interventions(member), member.settings, member.changes, every_turn);
    }
}

Member Study::member(std::size_t index) const
{
    Member drawn;
    member(index, drawn);
    return drawn;
}

std::vector<double> Study::values_at(std::span<const double> point) const
{
    std::vector<double> values(point.size());
    std::size_t genotype = 0; // first: other axes may scale what it sets
    for (std::size_t a = 0; a < axes().size(); ++a) {
        if (axes()[a].target.kind == Target::Kind::genotype) {
            genotype = static_cast<std::size_t>(draw(axes()[a].spread, point[a], 0));
        }
    }
    for (std::size_t a = 0; a < axes().size(); ++a) {
        const Target& target = axes()[a].target;
        const bool is_setting = target.kind == Target::Kind::setting;
        values[a] = draw(axes()[a].spread, point[a], is_setting ? base_settings_[genotype][target.index] : 0);
    }
    return values;
}

std::span<const Intervention> Study::interventions(const Member& member) const
{
    return member.interventions.empty() ? scenario_.interventions : member.interventions;
}

/// Every member is checked, but only for what could be wrong in it: a spread whose ends are fine needs no look at what
/// lies between them.
void Study::check_members() const
{
    std::vector<std::size_t> doubtful;
    for (std::size_t a = 0; a < axes().size(); ++a) {
        if (axes()[a].target.kind == Target::Kind::setting && !settings_stay_in_range(a)) {
            doubtful.push_back(a);
        }
    }
    const bool doubtful_schedule = times_vary_ && !schedule_stays_possible();
    if (doubtful.empty() && !doubtful_schedule) {
        return;
    }
    const auto names = setting_names(*scenario_.model);
    Member member;
    member.varied.resize(axes().size());
    for (std::size_t i = 0; i < scenario_.sweep->size; ++i) {
        check_settings(i, doubtful, member);
        if (doubtful_schedule) {
            check_schedule(i, names, member);
        }
    }
}

bool Study::settings_stay_in_range(std::size_t axis) const
{
    const std::size_t setting = axes()[axis].target.index;
    const model::Range range = scenario_.model->settings[setting].range;
    return std::ranges::all_of(base_settings_, [&](const std::vector<double>& base) {
        const auto [least, greatest] = extremes(axes()[axis].spread, base[setting]);
        return is_within(least, range) && is_within(greatest, range);
    });
}

/// True if no choice of times can be wrong. What may be wrong are inequalities between sums of times: if they hold at
/// all corners of the box of times, they hold in it. That two interventions do not overlap is one of two inequalities;
/// it must be the same one at all corners.
bool Study::schedule_stays_possible() const
{
    constexpr std::size_t most_times = 10;
    std::vector<std::size_t> times;
    for (std::size_t a = 0; a < axes().size(); ++a) {
        if (is_time(axes()[a].target.kind)) {
            times.push_back(a);
        }
    }
    if (times.size() > most_times) {
        return false; // too many corners: looking at each member is as quick
    }
    const auto names = setting_names(*scenario_.model);
    std::vector<bool> first_order;
    for (std::size_t corner = 0; corner < std::size_t{1} << times.size(); ++corner) {
        auto interventions = scenario_.interventions;
        for (std::size_t t = 0; t < times.size(); ++t) {
            const auto [least, greatest] = extremes(axes()[times[t]].spread, 0);
            const Target& target = axes()[times[t]].target;
            set_time(interventions[target.index], target.kind, (corner >> t & 1U) == 0 ? least : greatest);
        }
        const auto order = order_of(interventions);
        first_order = corner == 0 ? order : first_order;
        if (order != first_order || find_problem(interventions, scenario_.start, scenario_.end, names)) {
            return false;
        }
    }
    return true;
}

void Study::check_settings(std::size_t index, const std::vector<std::size_t>& doubtful, Member& member) const
{
    if (!doubtful.empty()) {
        fill_genotype(index, member);
    }
    for (const std::size_t a : doubtful) {
        const Axis& axis = axes()[a];
        const model::Range range = scenario_.model->settings[axis.target.index].range;
        const double value = axis_value(a, index, base_settings_[member.genotype][axis.target.index]);
        if (!is_within(value, range)) {
            throw InputError(axis.place, {fmt::format("member {} would have {} = {:g}",
                                                      index * scenario_.sweep->replicates, axis.name, value),
                                          fmt::format("it must lie from {:g} to {:g}", range.low, range.high),
                                          "narrow the spread, or use { from, to }"});
        }
    }
}

void Study::check_schedule(std::size_t index, const std::vector<std::string>& names, Member& member) const
{
    fill_interventions(index, member);
    if (const auto problem = find_problem(member.interventions, scenario_.start, scenario_.end, names)) {
        Problem described = problem->problem;
        described.what = size_ > 1 ? fmt::format("in member {} {}", index * scenario_.sweep->replicates, described.what)
                                   : described.what;
        throw InputError(scenario_.interventions[problem->intervention].place, described);
    }
}

} // namespace osteoflare::scenarios
