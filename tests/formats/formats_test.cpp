#include "catch.hpp"
#include "folder.hpp"
#include "output/format_version.hpp"
#include "output/results_reader.hpp"
#include "output/results_writer.hpp"
#include "scenarios/recording/checkpoint_file.hpp"
#include "scenarios/recording/identity.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <sstream>

using namespace osteoflare;
namespace fs = std::filesystem;

namespace {

const fs::path collections = OSTEOFLARE_FORMATS;

std::string as_text(double value)
{
    return std::isnan(value) ? "nan" : fmt::format("{:.17g}", value);
}

std::string as_text(const std::string& value)
{
    std::string escaped;
    for (const char c : value) {
        escaped += c == '\\' ? "\\\\" : c == '\n' ? "\\n" : std::string(1, c);
    }
    return escaped;
}

/// Values of a variable, one text or eight numbers a line.
void describe_values(const output::ResultsReader& file, const std::string& variable, std::ostream& to)
{
    try {
        const auto numbers = file.numbers(variable);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            to << as_text(numbers[i]) << (i % 8 == 7 || i + 1 == numbers.size() ? '\n' : ' ');
        }
    } catch (const output::FileError&) { // texts, or damage, of which the next line tells
        for (const std::string& text : file.texts(variable)) {
            to << as_text(text) << '\n';
        }
    }
}

/// What a file holds, as collect.py writes it. Names of the file's own attributes are taken from `expected`: the
/// reader does not list them.
std::string describe(const output::ResultsReader& file, std::istream& expected)
{
    std::ostringstream text;
    for (std::string line; std::getline(expected, line) && line.starts_with('@');) {
        const std::string name = line.substr(1, line.find(' ') - 1);
        const auto words = file.text_attribute("", name);
        text << '@' << name << ' ' << (words ? as_text(*words) : as_text(file.number_attribute("", name).value()))
             << '\n';
    }
    for (const std::string& variable : file.variables()) {
        text << variable << ':';
        for (const std::size_t n : file.shape(variable)) {
            text << ' ' << n;
        }
        text << '\n';
        describe_values(file, variable, text);
    }
    return text.str();
}

std::string content(const fs::path& file)
{
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

/// A whole file of this format.
void write_file(const fs::path& path, std::int64_t format)
{
    output::ResultsWriter file(path, false);
    file.attribute({"osteoflare_format", format});
    file.finish();
}

template <class Work>
std::string file_error(Work work)
{
    try {
        work();
    } catch (const output::FileError& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

TEST_CASE("files of every format so far hold today what they held when they were written", "[formats]")
{
    std::int64_t formats = 0;
    for (; fs::exists(collections / std::to_string(formats)); ++formats) {
        std::size_t files = 0;
        for (const auto& entry : fs::directory_iterator(collections / std::to_string(formats))) {
            if (entry.path().extension() == ".h5") {
                INFO(entry.path());
                const output::ResultsReader file(entry.path());
                const std::string expected = content(fs::path(entry.path()).replace_extension(".txt"));
                std::istringstream lines(expected);
                CHECK((describe(file, lines) == expected)); // thousands of lines: which file is enough
                CHECK(file.number_attribute("", "osteoflare_format").value_or(0) == static_cast<double>(formats));
                ++files;
            }
        }
        CHECK(files >= 21);
    }
    // Whoever raises the format makes a collection of it.
    CHECK(formats == output::results_format + 1);
}

TEST_CASE("a results file of a later format is refused, with both numbers and what to do", "[formats]")
{
    const tests::Folder folder;
    write_file(folder.path / "now.h5", output::results_format);
    CHECK_NOTHROW(output::ResultsReader(folder.path / "now.h5"));
    const fs::path later = folder.path / "later.h5";
    write_file(later, output::results_format + 1);
    CHECK(file_error([&] { output::ResultsReader{later}; })
          == fmt::format("{}: has the format {} (a later Osteoflare wrote it; this one knows formats up to {}); update "
                         "Osteoflare",
                         later.string(), output::results_format + 1, output::results_format));
}

TEST_CASE("shards and checkpoints of a later format are refused as such, not as damaged", "[formats]")
{
    const tests::Folder folder;
    const std::string refusal = "has the format 2 (a later Osteoflare wrote it; this one knows formats up to 1)";
    const fs::path checkpoint = folder.path / "a.checkpoint";
    std::ofstream(checkpoint, std::ios::binary) << "osteoflare checkpoint 2\n" << std::string(100, '?');
    CHECK_THAT(file_error([&] { scenarios::read_checkpoint(checkpoint, {}); }), Catch::Contains(refusal));
    CHECK_THAT(file_error([&] { scenarios::read_note("osteoflare study 2\n", folder.path / "study"); }),
               Catch::Contains(refusal));
    CHECK_THAT(file_error([&] { scenarios::read_note("osteoflare study one\n", folder.path / "study"); }),
               Catch::Contains("cannot be understood"));
}
