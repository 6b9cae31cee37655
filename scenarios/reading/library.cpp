#include "scenarios/reading/library.hpp"

#include "output/file_error.hpp"
#include "output/text.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <sys/auxv.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

namespace osteoflare::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, Expectation>, 15> expectations{{
    {"no_disease", Expectation::no_disease},
    {"diseased", Expectation::diseased},
    {"onset_between", Expectation::onset_between},
    {"as_cmo", Expectation::as_cmo},
    {"later", Expectation::later},
    {"milder", Expectation::milder},
    {"ameliorated", Expectation::ameliorated},
    {"bone_spared", Expectation::bone_spared},
    {"osteopenia", Expectation::osteopenia},
    {"cured", Expectation::cured},
    {"pro_il1b_lower", Expectation::pro_il1b_lower},
    {"il1b_as_cmo", Expectation::il1b_as_cmo},
    {"il1b_raised", Expectation::il1b_raised},
    {"reactive_bone", Expectation::reactive_bone},
    {"refused", Expectation::refused},
}};

Claim read_claim(TomlTable table)
{
    Claim claim;
    const TomlValue expect = table.require("expect");
    const auto found = std::ranges::find(expectations, expect.text(), &decltype(expectations)::value_type::first);
    if (found == expectations.end()) {
        expect.fail({fmt::format("unknown expectation '{}'", expect.text()), "no rule compares it with a prediction",
                     suggest_name(expect.text(), keys_of(expectations), "see docs/reference/phenotypes.md")});
    }
    claim.expect = found->second;
    const TomlValue firmness = table.require("firmness");
    if (firmness.text().size() != 1 || std::string_view("ABCD").find(firmness.text()) == std::string_view::npos) {
        firmness.fail({fmt::format("firmness '{}'", firmness.text()), "it must be A, B, C or D",
                       "see docs/reference/phenotypes.md"});
    }
    claim.firmness = firmness.text()[0];
    if (claim.expect == Expectation::onset_between) {
        claim.from = table.require("from").quantity("d");
        claim.until = table.require("until").quantity("d");
    }
    table.done();
    return claim;
}

Genotype read_genotype(const std::string& name, TomlTable table, const std::vector<Genotype>& known)
{
    const ModelEntry& niche = models().front();
    Genotype genotype;
    genotype.name = name;
    genotype.place = table.place();
    genotype.title = table.require("title").text();
    genotype.source = table.text("source").value_or("");
    if (const auto base = table.find("based_on")) {
        const auto found = std::ranges::find(known, base->text(), &Genotype::name);
        if (found == known.end()) {
            base->fail({fmt::format("unknown genotype '{}'", base->text()), "there is nothing to build on",
                        suggest_name(base->text(), names_of(known), "define it first")});
        }
        genotype.settings = found->settings;
    }
    if (const auto parameters = table.find("parameters")) {
        for (const auto& [key, value] : parameters->table().entries()) {
            const std::size_t setting = require_setting(niche, key, value, false);
            const double number = setting_value(niche, setting, value);
            std::erase_if(genotype.settings, [&](const auto& pair) { return pair.first == setting; });
            genotype.settings.emplace_back(setting, number);
        }
    }
    if (const auto observed = table.find("observed")) {
        genotype.observed = read_observed(observed->table(), genotype.source);
    }
    table.done();
    return genotype;
}

Treatment read_treatment(const std::string& name, TomlTable table)
{
    const ModelEntry& niche = models().front();
    Treatment treatment;
    treatment.name = name;
    treatment.place = table.place();
    treatment.title = table.text("title").value_or(name);
    treatment.meaning = table.text("meaning").value_or("");
    treatment.source = table.text("source").value_or("");
    treatment.refused = table.text("refused").value_or("");
    treatment.instead = table.text("instead").value_or("");
    std::string_view unit;
    if (const auto sets = table.find("sets")) {
        for (const auto& [key, value] : sets->table().entries()) {
            Treatment::Input input{.setting = require_setting(niche, key, value, true), .value = std::nullopt};
            if (value.is_text() && value.text() == "exposure") {
                unit = unit.empty() ? niche.settings[input.setting].unit : unit;
            } else {
                input.value = setting_value(niche, input.setting, value);
            }
            treatment.inputs.push_back(input);
        }
    }
    if (const auto exposure = table.find("exposure")) {
        treatment.exposure = exposure->quantity(unit);
    }
    if (const auto observed = table.find("observed")) {
        treatment.observed = read_observed(observed->table(), treatment.source);
    }
    if (treatment.inputs.empty() && treatment.refused.empty()) {
        table.fail({fmt::format("treatment '{}' does nothing", name), "it sets no input", "add sets = { … }"});
    }
    table.done();
    return treatment;
}

std::optional<fs::path> named(const std::vector<fs::path>& files, const std::string& name)
{
    const auto found = std::ranges::find(files, name, [](const fs::path& path) { return path.stem().string(); });
    return found == files.end() ? std::nullopt : std::optional(*found);
}

std::vector<fs::path> toml_files(const fs::path& folder)
{
    std::error_code error;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".toml") {
            files.push_back(entry.path());
        }
    }
    if (error) {
        throw output::FileError(folder, "cannot read the library", error.message(),
                                "set OSTEOFLARE_LIBRARY to its folder");
    }
    std::ranges::sort(files);
    return files;
}

} // namespace

std::string text(Expectation expectation)
{
    const auto found = std::ranges::find(expectations, expectation, &decltype(expectations)::value_type::second);
    return std::string(found->first);
}

Observed read_observed(TomlTable table, const std::string& source)
{
    Observed observed;
    observed.row = table.text("row").value_or("");
    observed.text = table.require("text").text();
    observed.firmness = table.require("firmness").text();
    observed.source = table.text("source").value_or(source);
    for (TomlTable& claim : table.tables("claims")) {
        observed.claims.push_back(read_claim(claim));
    }
    table.done();
    return observed;
}

std::size_t require_setting(const ModelEntry& model, const std::string& name, const TomlValue& where, bool input)
{
    const std::size_t index = index_of(model.settings, name);
    if (index < model.settings.size() && model.is_input(index) == input) {
        return index;
    }
    std::vector<std::string> known;
    for (std::size_t i = 0; i < model.settings.size(); ++i) {
        if (model.is_input(i) == input) {
            known.emplace_back(model.settings[i].name);
        }
    }
    const std::string_view kind = input ? "input" : "parameter";
    const std::string why =
        index < model.settings.size()
            ? fmt::format("it is {} of the model {}", input ? "a parameter" : "an input", model.name)
            : fmt::format("the model {} has no such {}", model.name, kind);
    where.fail({fmt::format("unknown {} '{}'", kind, name), why,
                suggest_name(name, known, fmt::format("see osteoflare list {}s", input ? "input" : "parameter"))});
}

Problem unknown_genotype(const std::vector<Genotype>& known, const std::string& name)
{
    return {fmt::format("unknown genotype '{}'", name), "neither the library nor this file defines it",
            suggest_name(name, names_of(known), "see osteoflare list genotypes")};
}

const Genotype& require_genotype(const std::vector<Genotype>& known, const TomlValue& value)
{
    const auto found = std::ranges::find(known, value.text(), &Genotype::name);
    if (found == known.end()) {
        value.fail(unknown_genotype(known, value.text()));
    }
    return *found;
}

void check_range(const model::Description& entry, double value, const TomlValue& where)
{
    if (value < entry.range.low || value > entry.range.high) {
        const auto end = [](double x) { return fmt::format("{:g}", x); };
        std::string allowed;
        if (entry.range.high >= model::non_negative.high) {
            allowed = entry.range.low > 0 ? "above 0" : fmt::format("{} or more", end(entry.range.low));
        } else {
            allowed = fmt::format("from {} to {}", end(entry.range.low), end(entry.range.high));
        }
        where.fail({fmt::format("{} = {:g}{} is out of range", entry.name, value, unit_suffix(entry.unit)),
                    fmt::format("it must be {}", allowed), fmt::format("its default is {:g}", entry.value)});
    }
}

double setting_value(const ModelEntry& model, std::size_t setting, const TomlValue& value)
{
    const model::Description& entry = model.settings[setting];
    const double number = value.quantity(entry.unit);
    check_range(entry, number, value);
    return number;
}

void read_genotypes(const std::vector<TomlTable>& tables, std::vector<Genotype>& known)
{
    std::vector<std::pair<std::string, TomlValue>> pending;
    for (TomlTable table : tables) {
        for (const auto& entry : table.entries()) {
            const auto same = [&](const auto& other) { return other.first == entry.first; };
            if (std::ranges::any_of(pending, same)
                || std::ranges::find(known, entry.first, &Genotype::name) != known.end()) {
                entry.second.fail(
                    {fmt::format("genotype '{}' is defined twice", entry.first), "names must be unique", "rename it"});
            }
            pending.push_back(entry);
        }
    }
    constexpr std::size_t most = 2000; // each is held against each
    if (pending.size() > most) {
        pending[most].second.fail({fmt::format("{} genotypes", pending.size()),
                                   fmt::format("there is room for {}", most), "vary parameters in a sweep instead"});
    }
    // A genotype may stand before the one that it builds on, also in another file.
    while (!pending.empty()) {
        const auto waits = [&](const auto& entry) {
            TomlTable table = entry.second.table();
            const auto base = table.text("based_on");
            return base && std::ranges::find(known, *base, &Genotype::name) == known.end();
        };
        auto ready = std::ranges::find_if_not(pending, waits);
        ready = ready == pending.end() ? pending.begin() : ready; // none: reading the first one says what it lacks
        known.push_back(read_genotype(ready->first, ready->second.table(), known));
        pending.erase(ready);
    }
}

const Genotype* Library::genotype(const std::string& name) const
{
    const auto found = std::ranges::find(genotypes, name, &Genotype::name);
    return found == genotypes.end() ? nullptr : &*found;
}

const Treatment* Library::treatment(const std::string& name) const
{
    const auto found = std::ranges::find(treatments, name, &Treatment::name);
    return found == treatments.end() ? nullptr : &*found;
}

std::optional<fs::path> Library::scenario(const std::string& name) const
{
    return named(scenarios, name);
}

std::optional<fs::path> Library::problem(const std::string& name) const
{
    return named(problems, name);
}

std::optional<fs::path> find_file(const std::string& asked, const std::vector<fs::path>& known)
{
    // A plain word is a name first, so that a file or folder that happens to be called so does not get in the way.
    const bool is_path = asked.find('/') != std::string::npos || asked.ends_with(".toml");
    if (const auto file = is_path ? std::nullopt : named(known, asked)) {
        return file;
    }
    std::error_code error;
    const bool is_there = is_path || fs::is_regular_file(asked, error);
    return is_there ? std::optional<fs::path>(asked) : std::nullopt;
}

std::vector<std::string> names_of_files(const std::vector<fs::path>& files)
{
    std::vector<std::string> names;
    std::ranges::transform(files, std::back_inserter(names), [](const fs::path& file) { return file.stem().string(); });
    return names;
}

fs::path library_folder()
{
    if (const char* chosen = std::getenv("OSTEOFLARE_LIBRARY")) {
        return chosen;
    }
    // As the system started the program: /proc is not mounted everywhere.
    std::error_code error;
    const auto* started = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
    const fs::path program = fs::canonical(started == nullptr ? "" : started, error);
    const fs::path installed = program.parent_path().parent_path() / "share/osteoflare/library";
    return !error && fs::is_directory(installed, error) ? installed : fs::path(OSTEOFLARE_SOURCE_LIBRARY);
}

std::string name_of_file(const std::string& file)
{
    const std::string name = fs::path(file).stem().string();
    if (name != output::printable(name)) {
        throw InputError({file, 1, 1}, {"a file name that cannot be written down", "there is a control character in it",
                                        "rename the file"});
    }
    return name;
}

std::string read_text(const fs::path& file)
{
    constexpr std::size_t most_bytes = std::size_t{64} << 20U; // of a text that a person or a script wrote
    std::ifstream stream(file, std::ios::binary);
    std::error_code error;
    if (!stream || fs::is_directory(file, error)) {
        throw output::FileError(file, "cannot be read",
                                fs::exists(file, error) ? "it is no readable file" : "there is no such file",
                                "check the name and its permissions");
    }
    // Piece by piece: what it is read from may have no size, and no end.
    std::string text;
    std::vector<char> piece(std::size_t{1} << 16U);
    while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) || stream.gcount() > 0) {
        text.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
        if (text.size() > most_bytes) {
            throw output::FileError(file, "cannot be read", "a text has at most 64 MB, and this one goes on",
                                    "see that it is the file you mean");
        }
    }
    if (stream.bad()) {
        throw output::FileError(file, "cannot be read", "it is no readable file", "check the name and its permissions");
    }
    return text;
}

Library read_library(const fs::path& folder)
{
    Library library;
    library.folder = folder;
    std::vector<toml::table> parsed_files;
    std::vector<TomlTable> genotypes;
    const auto genotype_files = toml_files(folder / "genotypes");
    parsed_files.reserve(genotype_files.size());
    for (const fs::path& file : genotype_files) {
        parsed_files.push_back(parse_toml(read_text(file), file.string()));
        TomlTable table(parsed_files.back(), file.string());
        if (const auto tables = table.find("genotype")) {
            genotypes.push_back(tables->table());
        }
        table.done();
    }
    read_genotypes(genotypes, library.genotypes);
    for (const fs::path& file : toml_files(folder / "treatments")) {
        const toml::table parsed = parse_toml(read_text(file), file.string());
        TomlTable table(parsed, file.string());
        if (const auto treatments = table.find("treatment")) {
            for (const auto& [name, value] : treatments->table().entries()) {
                library.treatments.push_back(read_treatment(name, value.table()));
            }
        }
        (void)table.find("regimen"); // doses for patients, which scenarios/dosing reads
        table.done();
    }
    library.scenarios = toml_files(folder / "scenarios");
    if (fs::is_directory(folder / "problems")) {
        library.problems = toml_files(folder / "problems");
    }
    if (fs::is_directory(folder / "trials")) {
        library.trials = toml_files(folder / "trials");
    }
    return library;
}

} // namespace osteoflare::scenarios
