#include "scenarios/analyses/sensitivity/sensitivity_file.hpp"

#include "output/results_reader.hpp"
#include "output/results_writer.hpp"
#include "scenarios/recording/identity.hpp"
#include "scenarios/recording/layout.hpp"
#include "scenarios/recording/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace osteoflare::scenarios {
namespace {

using output::Element;
using output::Labels;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// What the numbers of a design's rows depend on, but not how many rows there are.
std::string study_of(const GlobalPlan& plan)
{
    Scenario scenario = plan.scenario;
    scenario.sweep->size = 1;
    const Study study(std::move(scenario));
    std::string name =
        fmt::format("{} {}", text(plan.method), output::hexadecimal(identity_of(study, layout_of(study))));
    for (const Response& response : plan.responses) {
        name += " " + response.name;
    }
    return name;
}

class SensitivityFile {
public:
    SensitivityFile(output::ResultsWriter& file, const GlobalPlan& plan) : file_(file), plan_(plan) {}

    void dimensions(std::size_t n_rows)
    {
        std::vector<std::string> names, units;
        for (const Axis& axis : plan_.factors()) {
            names.push_back(axis.name);
            units.push_back(axis.unit);
        }
        file_.counted_dimension("factor", names.size(), {"1", "what varies"});
        file_.texts("factor_name", "factor", names, {"", "name of what varies"});
        file_.texts("factor_units", "factor", units, {"", "its unit"});
        file_.counted_dimension("row", n_rows, {"1", "row of the design"});
        file_.counted_dimension("point", plan_.points_per_row(),
                                {"1", plan_.method == GlobalMethod::sobol
                                          ? "point of the row: A, B, then A with one factor of B"
                                          : "point of the row: before the first step, after it, after the next…"});
        if (!plan_.times.empty()) {
            const bool ages = !plan_.scenario.genotypes.empty();
            file_.dimension("time", plan_.times, {"d", ages ? "age of the animal" : "time", "t"});
        }
    }

    void runs(const GlobalRuns& runs)
    {
        const std::vector<std::uint8_t> flags = {0, 1, 2, 3, 4};
        file_.variable("status", {"row", "point"}, Element::uint8,
                       {"1",
                        "how the run ended",
                        "",
                        "",
                        {{"flag_values", flags},
                         {"flag_meanings", std::string("complete step_limit step_too_small not_finite overcrowded")}}});
        file_.write("status", 0, std::span<const std::uint8_t>(runs.status));
        for (std::size_t a = 0; a < plan_.factors().size(); ++a) {
            const Axis& axis = plan_.factors()[a];
            write("design/" + axis.name, {"row", "point"}, axis.unit.empty() ? "1" : axis.unit,
                  "what was varied: " + axis.name, runs.factors[a]);
        }
        for (std::size_t r = 0; r < plan_.responses.size(); ++r) {
            const Response& response = plan_.responses[r];
            if (response.kind != Response::Kind::reached) { // it follows from the moment
                write("run/" + response.name, over({"row", "point"}, response), response.unit, response.meaning,
                      runs.values[r]);
            }
        }
    }

    void analysis(const Response& response, const ResponseAnalysis& analysis)
    {
        if (plan_.method == GlobalMethod::sobol) {
            sobol(response, analysis.sobol);
        } else {
            effects(response, analysis.effects);
        }
    }

private:
    void write(const std::string& name, const std::vector<std::string>& axes, const std::string& unit,
               const std::string& meaning, const std::vector<double>& values)
    {
        file_.variable(name, axes, Element::float64, {unit, meaning, "", "computed"});
        file_.write(name, 0, std::span<const double>(values));
    }

    static std::vector<std::string> over(std::vector<std::string> axes, const Response& response)
    {
        if (response.kind == Response::Kind::course) {
            axes.emplace_back("time");
        }
        return axes;
    }

    /// A number for each factor (and time), which `of` takes from what was found at one time.
    template <class Found, class Of>
    void by_factor(const std::string& group, const Response& response, const std::string& unit,
                   const std::string& meaning, const std::vector<Found>& found, Of of)
    {
        std::vector<double> values;
        for (std::size_t a = 0; a < plan_.factors().size(); ++a) {
            for (const Found& now : found) {
                values.push_back(now.varies ? of(now, a) : nothing);
            }
        }
        write(group + "/" + response.name, over({"factor"}, response), unit, meaning, values);
    }

    template <class Found, class Of>
    void estimate(const std::string& group, const Response& response, const std::string& unit,
                  const std::string& meaning, const std::vector<Found>& found, Of of)
    {
        by_factor(group, response, unit, meaning, found, [&](const Found& f, std::size_t a) { return of(f)[a].value; });
        by_factor(group + "_low", response, unit, "lower end of the 95 % interval of it", found,
                  [&](const Found& f, std::size_t a) { return of(f)[a].low; });
        by_factor(group + "_high", response, unit, "upper end of the 95 % interval of it", found,
                  [&](const Found& f, std::size_t a) { return of(f)[a].high; });
    }

    template <class Found, class Of>
    void overall(const std::string& group, const Response& response, const std::string& unit,
                 const std::string& meaning, const std::vector<Found>& found, Of of)
    {
        std::vector<double> values;
        for (const Found& now : found) {
            values.push_back(of(now));
        }
        const std::string name = group + "/" + response.name;
        if (response.kind == Response::Kind::course) {
            write(name, {"time"}, unit, meaning, values);
        } else {
            file_.attribute(group, {response.name, values.front()});
        }
    }

    void sobol(const Response& response, const std::vector<solvers::SobolIndices>& found)
    {
        using Found = solvers::SobolIndices;
        estimate("first_order", response, "1", fmt::format("first-order index of {}", response.name), found,
                 [](const Found& f) { return f.first; });
        estimate("total", response, "1", fmt::format("total index of {}", response.name), found,
                 [](const Found& f) { return f.total; });
        overall("rows_used", response, "1", "rows without a failed run", found,
                [](const Found& f) { return static_cast<double>(f.n_rows); });
        overall("mean", response, response.unit, "mean over A and B", found, [](const Found& f) { return f.mean; });
        overall("standard_deviation", response, response.unit, "standard deviation over A and B", found,
                [](const Found& f) { return std::sqrt(f.variance); });
        overall("interactions", response, "1", "1 - the sum of the first-order indices", found,
                [](const Found& f) { return f.varies ? f.interactions.value : nothing; });
    }

    void effects(const Response& response, const std::vector<solvers::ElementaryEffects>& found)
    {
        using Found = solvers::ElementaryEffects;
        by_factor("mu", response, response.unit, fmt::format("mean effect on {}", response.name), found,
                  [](const Found& f, std::size_t a) { return f.mean[a]; });
        estimate("mu_star", response, response.unit, fmt::format("mean magnitude of the effect on {}", response.name),
                 found, [](const Found& f) { return f.mu_star; });
        estimate("sigma", response, response.unit, fmt::format("standard deviation of the effect on {}", response.name),
                 found, [](const Found& f) { return f.sigma; });
        overall("rows_used", response, "1", "rows without a failed run", found,
                [](const Found& f) { return static_cast<double>(f.n_rows); });
    }

    output::ResultsWriter& file_;
    const GlobalPlan& plan_;
};

} // namespace

void write_global_sensitivity(output::ResultsWriter& file, const GlobalPlan& plan, const GlobalRuns& runs,
                              const std::vector<ResponseAnalysis>& analyses)
{
    write_provenance(file, plan.scenario,
                     fmt::format("sensitivity --method {} --size {}", text(plan.method), plan.n_rows));
    file.attribute({"analysis", std::string("sensitivity")});
    file.attribute({"method", std::string(text(plan.method))});
    file.attribute({"study", study_of(plan)});
    SensitivityFile content(file, plan);
    content.dimensions(runs.n_rows);
    content.runs(runs);
    for (std::size_t r = 0; r < analyses.size(); ++r) {
        content.analysis(plan.responses[r], analyses[r]);
    }
    file.finish();
}

GlobalRuns read_global_runs(const std::filesystem::path& path, const GlobalPlan& plan)
{
    const output::ResultsReader file(path);
    if (file.text_attribute("", "study") != study_of(plan)) {
        throw output::FileError(path, "cannot be gone on with",
                                "it is of another scenario, seed, method, choice of outputs or program",
                                "choose another name with -o, or begin anew with --force");
    }
    GlobalRuns runs;
    runs.n_rows = file.shape("row").at(0);
    if (runs.n_rows > plan.n_rows) {
        throw output::FileError(path, fmt::format("has {} rows already", runs.n_rows),
                                fmt::format("{} are wanted", plan.n_rows),
                                fmt::format("use --size {} or more", runs.n_rows));
    }
    for (const double code : file.numbers("status")) {
        runs.status.push_back(static_cast<std::uint8_t>(code));
    }
    for (const Axis& axis : plan.factors()) {
        runs.factors.push_back(file.numbers("design/" + axis.name));
    }
    for (const Response& response : plan.responses) {
        const bool is_reached = response.kind == Response::Kind::reached;
        const std::string name(is_reached ? plan.scenario.model->summaries[response.index].name : response.name);
        runs.values.push_back(file.numbers("run/" + name));
    }
    return runs;
}

RecordedSensitivity record_global_sensitivity(const GlobalPlan& plan, const RecordOptions& options,
                                              const Progress& progress)
{
    const bool exists = std::filesystem::exists(options.file);
    if (exists && !options.overwrite && !options.resume) {
        throw output::FileError(options.file, "exists already", "nothing is overwritten unless that is asked for",
                                "go on with it with --resume, overwrite it with --force, or choose another with -o");
    }
    output::ResultsWriter file(options.file, exists); // and nobody else makes it larger meanwhile
    RecordedSensitivity made;
    GlobalRuns earlier = exists && options.resume ? read_global_runs(options.file, plan) : GlobalRuns{};
    made.n_earlier = earlier.status.size();
    made.runs = run_global_sensitivity(plan, std::move(earlier), options.threads, progress);
    made.analyses = analyse(plan, made.runs);
    write_global_sensitivity(file, plan, made.runs, made.analyses);
    return made;
}

} // namespace osteoflare::scenarios
