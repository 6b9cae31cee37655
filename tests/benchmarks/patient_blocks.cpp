#include "tests/benchmarks/patient_lives.hpp"

#include "scenarios/kernels/osteoflare_patient_kernels.hpp"

#include <algorithm>
#include <stdexcept>

namespace osteoflare::benchmarks {
namespace {

namespace blocks = solvers::blocks;

/// Goes on to a day, with all rows that are asked for on the way.
void advance(blocks::BlockRun& run, double until, std::span<const double>& due, double*& rows, Effort& effort)
{
    const auto count = static_cast<std::size_t>(std::ranges::upper_bound(due, until) - due.begin());
    const blocks::BlockReport report = run.advance(until, due.first(count), rows);
    if (report.status != solvers::lanes::LaneStatus::reached_end) {
        throw std::runtime_error("blocks: a child was given up");
    }
    effort.steps += report.steps;
    effort.rejected += report.rejected;
    rows += count * run.n_row();
    due = due.subspan(count);
}

void follow(blocks::BlockRun& run, const Life& life, double days, std::span<const double> due, double* rows,
            Effort& effort)
{
    run.set_state(life.start.day, life.start.border, life.start.sites);
    run.set_border(life.border_settings);
    for (const Moment& moment : life.moments) {
        if (moment.day > life.start.day) {
            advance(run, moment.day, due, rows, effort);
        }
        for (const SiteChange& change : moment.changes) {
            run.set_block(change.site, change.settings);
        }
        if (moment.naproxen != 0) {
            run.add_to_border(naproxen_state(), moment.naproxen);
        }
    }
    advance(run, life.start.day + days, due, rows, effort);
}

blocks::BlockRun make_run(std::size_t n_sites, double relative_tolerance)
{
    return {blocks::best_engine(kernels::patient_engines), patients::tolerance_of(relative_tolerance), n_sites};
}

std::vector<double> days_of_rows(const Lives& lives, const Life& life)
{
    std::vector<double> days = lives.rows;
    for (double& day : days) {
        day += life.start.day;
    }
    return days;
}

} // namespace

Effort run_blocks(const Lives& lives, double relative_tolerance, std::size_t count, const Take& take)
{
    Effort effort;
    std::vector<double> rows(lives.rows.size() * lives.n_states());
    for (std::size_t i = 0; i < count; ++i) {
        const Life& life = lives.children[i];
        blocks::BlockRun run = make_run(lives.n_sites(), relative_tolerance);
        follow(run, life, lives.days, days_of_rows(lives, life), rows.data(), effort);
        if (take) {
            take(i, {rows.data(), lives.n_states()});
        }
    }
    return effort;
}

bool agrees_with_patient_run(const Lives& lives, double relative_tolerance)
{
    const Life& life = lives.children.front();
    Effort effort;
    std::vector<double> border(life.start.border.size()), sites(life.start.sites.size());
    blocks::BlockRun run = make_run(lives.n_sites(), relative_tolerance);
    follow(run, life, lives.days, {}, nullptr, effort);
    run.get_state(border, sites);

    patients::PatientRun whole(life.child, relative_tolerance);
    patients::ClinicalCourse seen;
    whole.expect(life.injuries, lives.injury_days);
    (void)whole.live(lives.days, {}, seen);
    const patients::PatientState state = whole.state();
    return state.border == border && state.sites == sites;
}

} // namespace osteoflare::benchmarks
