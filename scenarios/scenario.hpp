#pragma once

#include "scenarios/catalogue.hpp"
#include "scenarios/reading/library.hpp"
#include "scenarios/schedule.hpp"
#include "scenarios/spatial/tissue_plan.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace osteoflare::scenarios {

/// What is written to the file: which quantities, and when.
struct OutputPlan {
    Tick every = ticks_per_day;
    std::vector<std::size_t> species, readouts, fluxes; ///< indices into the model's lists; none without courses
    bool courses = true;                                ///< time courses, or only what is one number per member
    bool single_precision = false;                      ///< of the time courses
    Tick snapshots = 0; ///< how often cells, fields and bone are kept as they are; 0 for never
};

/// What runs the members: generated code over the lanes of a register, the reference, or agents, who take their own
/// steps.
enum class Solver { lanes, odeint, agents };

struct Uniform {
    double from = 0, to = 0;
};
/// Times the default; mean 1, coefficient of variation cv.
struct Lognormal {
    double cv = 0;
};
/// One after the other on a grid, or drawn with equal chance. Genotypes are indices into Scenario::genotypes.
struct Choices {
    std::vector<double> values;
};
using Spread = std::variant<Uniform, Lognormal, Choices>;

/// What an axis of a sweep changes, or what results are differentiated by.
struct Target {
    enum class Kind { setting, genotype, value, from, until, duration, initial } kind = Kind::setting;
    std::size_t index = 0; ///< of the setting, of the intervention, or of the species that starts elsewhere
};

/// A quantity that results are differentiated by.
struct Sensitivity {
    std::string name, unit;
    Target target;    ///< no genotype
    double scale = 1; ///< its usual size, in its unit
};

/// Derivatives of time courses: of each species and read-out by each quantity.
struct SensitivityPlan {
    std::vector<Sensitivity> to;
    std::vector<std::size_t> species, readouts; ///< indices into the model's lists
};

/// A parameter or input that steady states are followed in.
struct Moved {
    std::string name, unit;
    std::size_t setting = 0;
    double from = 0, to = 0;
};

/// How steady states are continued: along one, or on the map of two.
struct ContinuationPlan {
    Moved first;
    std::optional<Moved> second;
};

struct Axis {
    std::string name, unit;
    Target target;
    Spread spread;
    Place place;
};

enum class SweepMethod { grid, list, random, latin_hypercube, sobol };

/// Whether members are drawn, rather than enumerated.
constexpr bool is_drawn(SweepMethod method)
{
    return method != SweepMethod::grid && method != SweepMethod::list;
}

struct Sweep {
    SweepMethod method = SweepMethod::grid;
    std::size_t size = 0;             ///< members that differ
    std::size_t replicates = 1;       ///< of each, which differ by chance alone
    bool each_has_its_chance = false; ///< members that differ do so by chance as well; otherwise replicates alone do
    std::uint64_t seed = 1;
    std::vector<Axis> axes;
};

/// What is asked of the end of a run: whether a number lies above, or below, a level.
struct Outcome {
    enum class Of { summary, species, readout } of = Of::summary;
    std::size_t index = 0;  ///< in the model's list; of a species or read-out, its value at the end
    std::string name, unit; ///< of that number
    double level = 0;
    bool above = true;
};

/// Where an outcome turns when one quantity is moved.
struct ThresholdPlan {
    Axis axis; ///< its spread is Uniform: where is looked
    Outcome outcome;
    double resolution = 0; ///< of the place that is found, in the axis' unit
};

/// A question, checked and with all units converted: nothing downstream looks anything up by name.
struct Scenario {
    std::string name; ///< the file's name without its ending
    std::string text; ///< the file, verbatim
    std::string title, question;
    const ModelEntry* model = nullptr;
    std::vector<Genotype> genotypes; ///< those that members may have; the first is the scenario's own
    std::vector<std::pair<std::size_t, double>> overrides; ///< settings that the scenario fixes on top of its genotype
    std::vector<double> start_state;
    Tick start = 0, end = 0;
    std::vector<Intervention> interventions; ///< of normal life first
    OutputPlan output;
    SensitivityPlan sensitivities;
    Solver solver = Solver::lanes;
    solvers::Options numerics;                 ///< absolute tolerances filled in; the method is Odeint's
    std::optional<spatial::TissuePlan> tissue; ///< of a spatial model
    std::optional<Sweep> sweep;
    std::optional<ThresholdPlan> threshold;
    std::optional<ContinuationPlan> continuation;
    std::optional<Observed> observed;
    std::vector<std::string> applied; ///< changes from the command line, as written
};

/// Changes from the command line, applied on top of a file.
struct Overrides {
    std::vector<std::string> set; ///< "name=value"
    std::optional<std::string> genotype;
    std::optional<std::int64_t> seed; ///< 0 or more
};

/// The file that a name means: a file, or a scenario in the library; nothing if it is neither.
std::optional<std::filesystem::path> find_scenario(const std::string& name, const Library& library);
/// What to say of a name that is neither.
Problem unknown_scenario(const std::string& name, const Library& library);

/// Reads and checks a scenario. Throws InputError with the place of the first problem, or output::FileError.
Scenario read_scenario(const std::filesystem::path& file, const Library& library, const Overrides& overrides = {});

/// The same from text; `file` is used in messages only.
Scenario parse_scenario(const std::string& text, const std::string& file, const Library& library,
                        const Overrides& overrides = {});

/// The scenario that a genotype's observed phenotype refers to: the model's usual run without any intervention.
Scenario plain_scenario(const Genotype& genotype, const Library& library);

/// Days of output: from start to end, the end always among them.
std::vector<double> output_times(const Scenario& scenario);

/// Names of a model's settings, for messages and headings.
std::vector<std::string> setting_names(const ModelEntry& model);

} // namespace osteoflare::scenarios
