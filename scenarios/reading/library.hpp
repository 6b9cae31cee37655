#pragma once

#include "scenarios/catalogue.hpp"
#include "scenarios/reading/input_error.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace osteoflare::scenarios {

/// What a claim about a phenotype says, by the rules of docs/reference/phenotypes.md.
enum class Expectation {
    no_disease,
    diseased,
    onset_between,
    as_cmo,
    later,
    milder,
    ameliorated,
    bone_spared,
    osteopenia,
    cured,
    pro_il1b_lower,
    il1b_as_cmo,
    il1b_raised,
    reactive_bone,
    refused,
};

std::string text(Expectation expectation);

/// One statement that can be compared with a prediction. Firmness: A read in a primary abstract, B recalled with high
/// confidence, C inferred, D unknown.
struct Claim {
    Expectation expect = Expectation::no_disease;
    char firmness = 'D';
    double from = 0, until = 0; ///< of onset_between [d]
};

/// What was observed in animals, and how firmly it is known.
struct Observed {
    std::string row, text, firmness, source;
    std::vector<Claim> claims;
};

/// A named set of parameter values.
struct Genotype {
    std::string name, title, source;
    std::vector<std::pair<std::size_t, double>> settings; ///< what differs from the wild type
    std::optional<Observed> observed;
    Place place;
};

/// Something given to an animal: which inputs it sets, to a constant or to the exposure.
struct Treatment {
    struct Input {
        std::size_t setting = 0;
        std::optional<double> value; ///< without one: the exposure
    };
    std::string name, title, meaning, source;
    std::vector<Input> inputs;
    std::optional<double> exposure; ///< default, in the unit of the exposure's input
    std::string refused, instead;   ///< not empty: why it cannot be given, and what to use
    std::optional<Observed> observed;
    Place place;
};

/// Genotypes and treatments for the niche model, and the files of known scenarios and problems.
struct Library {
    std::filesystem::path folder;
    std::vector<Genotype> genotypes;
    std::vector<Treatment> treatments;
    std::vector<std::filesystem::path> scenarios; ///< sorted by name
    std::vector<std::filesystem::path> problems;  ///< of fits, likewise; a library may have none
    std::vector<std::filesystem::path> trials;    ///< of patients, likewise

    const Genotype* genotype(const std::string& name) const;
    const Treatment* treatment(const std::string& name) const;
    /// The file of the scenario with this name, if it is in the library.
    std::optional<std::filesystem::path> scenario(const std::string& name) const;
    /// Likewise of a fit's problem.
    std::optional<std::filesystem::path> problem(const std::string& name) const;
};

/// What is asked for by its name among `known` files, or by its path. Nothing if a name is not among them.
std::optional<std::filesystem::path> find_file(const std::string& asked,
                                               const std::vector<std::filesystem::path>& known);

/// The names by which files of the library are asked for.
std::vector<std::string> names_of_files(const std::vector<std::filesystem::path>& files);

/// The folder of the library: $OSTEOFLARE_LIBRARY, or where the program was installed, or the source tree.
std::filesystem::path library_folder();

/// Reads genotypes/*.toml, treatments/*.toml and the lists of scenarios/*.toml, problems/*.toml and trials/*.toml.
/// Throws InputError or output::FileError.
Library read_library(const std::filesystem::path& folder);

} // namespace osteoflare::scenarios
