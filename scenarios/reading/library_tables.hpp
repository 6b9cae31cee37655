#pragma once

#include "scenarios/reading/library.hpp"
#include "scenarios/reading/toml_table.hpp"

/// Pieces of the TOML grammar that library files and scenario files share.
namespace osteoflare::scenarios {

/// The whole text of a file. Throws output::FileError.
std::string read_text(const std::filesystem::path& file);

/// What a scenario, trial or problem in this file is called: the file's name without its ending. Throws InputError for
/// one with control characters, which would tear apart the lines and names that it becomes part of.
std::string name_of_file(const std::string& file);

/// Reads the tables [genotype.NAME] of several files and adds them to `known`. They may build on each other.
void read_genotypes(const std::vector<TomlTable>& tables, std::vector<Genotype>& known);

/// `source` holds where the table names none of its own.
Observed read_observed(TomlTable table, const std::string& source = "");

/// Index of the parameter (or input) called `name`; otherwise complains at `where`, with the nearest known name.
std::size_t require_setting(const ModelEntry& model, const std::string& name, const TomlValue& where, bool input);

/// What to say of a genotype that is not among the known ones.
Problem unknown_genotype(const std::vector<Genotype>& known, const std::string& name);

/// The genotype that `value` names; otherwise complains, with the nearest known name.
const Genotype& require_genotype(const std::vector<Genotype>& known, const TomlValue& value);

/// The value of a setting, converted to its unit and inside its range.
double setting_value(const ModelEntry& model, std::size_t setting, const TomlValue& value);

void check_range(const model::Description& entry, double value, const TomlValue& where);

} // namespace osteoflare::scenarios
