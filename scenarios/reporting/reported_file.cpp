#include "scenarios/reporting/reported_file.hpp"

#include "output/descriptor.hpp"
#include "scenarios/reading/input_error.hpp"
#include "scenarios/recording/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace osteoflare::scenarios::reporting {
namespace {

constexpr std::size_t most_days = 200;

/// The study again, from what the file says about it.
void find_study(ReportedFile& reported, const Library& library)
{
    StudyNote note;
    note.scenario_name = reported.text("scenario_name");
    note.text = reported.text("scenario");
    const std::string changes = reported.text("scenario_changes");
    for (std::size_t at = 0; at < changes.size();) {
        const std::size_t end = std::min(changes.find('\n', at), changes.size());
        note.applied.push_back(changes.substr(at, end - at));
        at = end + 1;
    }
    try {
        Scenario scenario = scenario_of(note, library);
        Study study(std::move(scenario));
        if (study.size() != reported.file->shape("member").at(0)) {
            reported.no_study = "its scenario gives another number of members today";
            return;
        }
        reported.study.emplace(std::move(study));
    } catch (const std::runtime_error& error) {
        reported.no_study = error.what();
    }
}

/// What is whole of a sweep that is not finished, through a file that nobody else sees.
void read_unfinished(ReportedFile& reported, const std::filesystem::path& path, const Library& library)
{
    std::string folder = (std::filesystem::temp_directory_path() / "osteoflare-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        throw output::FileError(folder, "cannot be made", output::system_reason(errno), "set TMPDIR to another folder");
    }
    const std::filesystem::path gathered = std::filesystem::path(folder) / "gathered.h5";
    Unfinished unfinished;
    try {
        const Study study(scenario_of_shards(path, library));
        unfinished = gather_unfinished(study, path, {.file = gathered});
        reported.file = std::make_unique<output::ResultsReader>(gathered);
    } catch (...) {
        std::filesystem::remove_all(folder);
        throw;
    }
    std::filesystem::remove_all(folder); // the reader keeps what it has open
    reported.unfinished =
        fmt::format("not finished: {} of {} members have run, and are shown", unfinished.n_run, unfinished.n_members);
    for (const std::string& trouble : unfinished.troubles) {
        reported.unfinished += "; not shown: " + trouble;
    }
}

void read_outcomes(ReportedFile& reported)
{
    const output::ResultsReader& file = *reported.file;
    Outcomes& outcomes = reported.outcomes;
    const auto status = file.numbers("status"), reached = file.numbers("time_reached");
    outcomes.n_members = outcomes.n_described = status.size();
    for (std::size_t i = 0; i < status.size(); ++i) {
        const auto ended = static_cast<solvers::RunStatus>(static_cast<int>(status[i]));
        outcomes.complete.push_back(ended == solvers::RunStatus::reached_end ? 1 : 0);
        const bool failed = ended != solvers::RunStatus::reached_end && ended != solvers::RunStatus::not_run;
        if (failed && outcomes.n_failed++ == 0) {
            outcomes.first_failed = i;
            outcomes.first_failure.status = ended;
            outcomes.first_failure.time = reached[i];
        }
    }
    outcomes.genotypes.assign(status.size(), 0);
    if (file.has("genotype")) {
        const auto names = file.texts("genotype");
        for (std::size_t i = 0; i < names.size(); ++i) {
            auto known = std::ranges::find(outcomes.genotype_names, names[i]);
            if (known == outcomes.genotype_names.end()) {
                outcomes.genotype_names.push_back(names[i]);
                known = outcomes.genotype_names.end() - 1;
            }
            outcomes.genotypes[i] = static_cast<std::uint32_t>(known - outcomes.genotype_names.begin());
        }
    }
    if (reported.study) {
        for (const model::Summary& summary : reported.study->scenario().model->summaries) {
            const auto values = file.numbers(std::string(summary.name));
            outcomes.summaries.insert(outcomes.summaries.end(), values.begin(), values.end());
        }
    }
}

/// The member whose highest swelling is the median of its group; in models without swelling, the first.
std::size_t representative(const output::ResultsReader& file, const Group& group)
{
    if (group.members.size() == 1 || !file.has("peak_swelling")) {
        return group.members.front();
    }
    const auto peaks = file.numbers("peak_swelling");
    auto members = group.members;
    const auto middle = members.begin() + static_cast<std::ptrdiff_t>((members.size() - 1) / 2);
    std::ranges::nth_element(members, middle, [&](std::size_t a, std::size_t b) {
        return peaks[a] != peaks[b] ? peaks[a] < peaks[b] : a < b;
    });
    return *middle;
}

/// Settings just before a time: those under which the state of that time came about.
std::vector<double> settings_at(const Member& member, double day)
{
    std::vector<double> settings = member.settings;
    for (const Change& change : member.changes) {
        if (to_days(change.at) < day) {
            settings[change.setting] = change.value;
        }
    }
    return settings;
}

} // namespace

ReportedFile read_reported(const std::filesystem::path& path, const Library& library)
{
    ReportedFile reported;
    reported.name = path.filename().string();
    if (!std::filesystem::exists(path) && std::filesystem::exists(shards_of(path))) {
        read_unfinished(reported, path, library);
    } else {
        reported.file = std::make_unique<output::ResultsReader>(path);
    }
    reported.analysis = reported.text("analysis");
    if (reported.analysis == "cohort" || reported.analysis == "trial") {
        reported.trial = patients::read_trial_results(*reported.file);
    }
    if (!reported.analysis.empty()) {
        return reported;
    }
    find_study(reported, library);
    read_outcomes(reported);
    if (reported.file->has("time")) {
        reported.times = reported.file->numbers("time");
    }
    reported.groups = groups_of(*reported.file);
    return reported;
}

std::vector<Explained> explain(const ReportedFile& reported, std::size_t most)
{
    std::vector<Explained> all;
    if (!reported.study || reported.study->scenario().model->is_spatial) {
        return all;
    }
    // Everything that the model computes, whatever the scenario kept.
    Scenario scenario = reported.study->scenario();
    const ModelEntry& model = *scenario.model;
    const auto every = [](std::size_t n) {
        std::vector<std::size_t> indices(n);
        std::iota(indices.begin(), indices.end(), std::size_t{0});
        return indices;
    };
    scenario.output = {.every = scenario.output.every,
                       .species = every(model.species.size()),
                       .readouts = every(model.readouts.size()),
                       .fluxes = every(model.fluxes.size())};
    scenario.sensitivities = {};
    const auto days = output_times(scenario);
    const std::size_t stride = (days.size() + most_days - 1) / most_days, n_species = model.species.size(),
                      n_readouts = model.readouts.size();
    const Study study(std::move(scenario));
    for (const Group& group : reported.groups) {
        if (all.size() == most) {
            break;
        }
        Explained one;
        one.label = group.label;
        one.member = representative(*reported.file, group);
        const Block block = run_block(study, days, one.member, one.member + 1);
        const auto column = [&](std::size_t index) {
            const auto begin = block.columns.begin() + static_cast<std::ptrdiff_t>(index * days.size());
            return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(days.size()));
        };
        const auto thinned = [&](const std::vector<double>& values) {
            std::vector<double> some;
            for (std::size_t i = 0; i < values.size(); i += stride) {
                some.push_back(values[i]);
            }
            if ((values.size() - 1) % stride != 0) {
                some.push_back(values.back());
            }
            return some;
        };
        one.days = thinned(days);
        std::vector<std::vector<double>> whole;
        for (std::size_t s = 0; s < n_species; ++s) {
            whole.push_back(column(s));
            one.species.push_back(thinned(whole.back()));
        }
        for (std::size_t v = 0; v < model.fluxes.size(); ++v) {
            one.fluxes.push_back(thinned(column(n_species + n_readouts + v)));
        }
        std::size_t peak = days.size() - 1;
        if (const std::size_t swelling = index_of(model.readouts, "swelling"); swelling < n_readouts) {
            const auto course = column(n_species + swelling);
            peak = static_cast<std::size_t>(std::ranges::max_element(course) - course.begin());
        }
        one.peak_day = days[peak];
        for (const auto& course : whole) {
            one.state_at_peak.push_back(course[peak]);
        }
        one.wiring = wiring_of(model, settings_at(study.member(one.member), one.peak_day), one.state_at_peak);
        const auto kept = time_courses(*reported.file);
        for (std::size_t s = 0; s < n_species + n_readouts; ++s) {
            const std::string name(s < n_species ? model.species[s].name : model.readouts[s - n_species].name);
            if (reported.times.size() == days.size() && std::ranges::find(kept, name) != kept.end()) {
                const auto written = reported.file->numbers(name, one.member, 1), now = column(s);
                double largest = 0, scale = 0;
                for (std::size_t t = 0; t < days.size(); ++t) {
                    // A file may keep them in single precision.
                    const bool is_same = static_cast<double>(static_cast<float>(now[t])) == written[t];
                    largest = is_same ? largest : std::max(largest, std::abs(written[t] - now[t]));
                    scale = std::max(scale, std::abs(written[t]));
                }
                one.difference = std::max(one.difference.value_or(0), scale > 0 ? largest / scale : largest);
            }
        }
        all.push_back(std::move(one));
    }
    return all;
}

} // namespace osteoflare::scenarios::reporting
