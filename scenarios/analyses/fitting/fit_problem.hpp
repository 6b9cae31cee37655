#pragma once

#include "scenarios/reading/data_table.hpp"
#include "scenarios/scenario.hpp"
#include "solvers/fitting/datum.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// A fit as a question: data, how they come about, and what is to be found.
namespace osteoflare::scenarios {

/// A number that is given, or a parameter of the fit.
struct Factor {
    double value = 0;
    std::optional<std::size_t> parameter; ///< index into FitProblem::parameters
};

/// What is measured of a model: scale × quantity + offset, under noise.
struct Observable {
    std::string name, unit;   ///< the unit of the data; that of the quantity if none is named
    std::size_t quantity = 0; ///< index into the model's species, then read-outs
    Factor scale{1, {}}, offset{0, {}};
    solvers::fitting::Noise noise = solvers::fitting::Noise::normal;
    std::optional<Factor> spread; ///< of the noise; none where the column `error` says it
    /// Of animals that fell ill (binomial noise): each one's quantity is the model's times a lognormal factor of median
    /// 1 and this spread of logarithms, and it counts as ill where that exceeds `above`.
    double above = 0;
    double unit_factor = 1; ///< from the unit of the data to the quantity's own
};

/// What is to be found.
struct FitParameter {
    std::string name, unit = "1";
    std::vector<std::optional<Target>> targets; ///< what it sets in each experiment; none of a scale, offset or spread
    bool is_free = false;                       ///< a scale, offset or spread: no quantity of the model
    double lower = 0, upper = 0, start = 0;
    bool is_log = true; ///< searched on the scale of logarithms
    /// A measurement of the parameter itself: normal or lognormal with this middle and spread.
    struct Prior {
        solvers::fitting::Noise noise = solvers::fitting::Noise::normal;
        double value = 0, spread = 0;
    };
    std::optional<Prior> prior;
    Place place;

    /// From the value to the scale of the search, and back.
    double inward(double value) const;
    double outward(double x) const;
};

struct Experiment {
    std::string name;
    Scenario scenario;
    Place place;
};

/// One measurement, ready to be compared: values in the observable's own unit.
struct FitDatum {
    std::size_t experiment = 0, observable = 0;
    double time = 0; ///< [d]
    /// [d], of a survival curve: `trials` animals were not ill then, of which `value` are at `time`.
    std::optional<double> since;
    std::string group;
    solvers::fitting::Datum datum;
    double spread = 0;                     ///< given by the column `error`; 0 where the observable says it
    double replicates = 1;                 ///< the noise of a mean of n is smaller by their root
    std::optional<double> detection_limit; ///< whether or not the value lies below
};

struct FitProblem {
    std::string name, title, question;
    std::string file, text, data_file, data_text; ///< texts verbatim
    std::vector<Experiment> experiments;
    std::vector<Observable> observables;
    std::vector<FitParameter> parameters;
    std::vector<FitDatum> data;

    const ModelEntry& model() const { return *experiments.front().scenario.model; }
    /// The description of an observable's quantity.
    const model::Description& quantity(const Observable& observable) const;
};

/// The file that a name on the command line means: a file, or a problem in the library. Throws InputError.
std::filesystem::path file_of_problem(const std::string& name, const Library& library);

/// What a parameter's name moves in a scenario: a parameter or input, or the value or exposure of what is done; nothing
/// if there is no such thing.
std::optional<Target> target_of(const Scenario& scenario, const std::string& name);

/// Reads and checks a problem file and its data table, which stands beside it. Throws InputError or output::FileError.
FitProblem read_problem(const std::filesystem::path& file, const Library& library);

/// The same from texts; the files are used in messages only.
FitProblem parse_problem(const std::string& text, const std::string& file, const std::string& data,
                         const std::string& data_file, const Library& library);

} // namespace osteoflare::scenarios
