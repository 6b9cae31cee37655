#include "output/provenance.hpp"
#include "output/results_reader.hpp"
#include "output/results_writer.hpp"

#include "catch.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

#include <unistd.h>

using namespace osteoflare::output;
namespace fs = std::filesystem;

namespace {

std::string numbered(const char* name, std::size_t i)
{
    return std::string(name).append(std::to_string(i));
}

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// A folder of its own for one test, gone after it.
struct Folder {
    fs::path path;
    Folder()
    {
        std::string name = (fs::temp_directory_path() / "osteoflare-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    fs::path operator/(const std::string& name) const { return path / name; }
    std::vector<std::string> files() const
    {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(path)) {
            names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }
};

std::string content(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put(const fs::path& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary) << bytes;
}

/// The message of the FileError that `work` throws; nothing if it throws none.
template <class Work>
std::optional<std::string> file_error(Work work)
{
    try {
        work();
    } catch (const FileError& error) {
        return error.what();
    }
    return std::nullopt;
}

bool says(const std::optional<std::string>& message, const std::string& words)
{
    INFO("message: " << message.value_or("(none)"));
    const bool found = message && message->find(words) != std::string::npos;
    CHECK(found);
    return found;
}

const std::vector<double> times = {0, 0.5, 1};
const std::vector<double> il1b = {1.5, 2.5, 3.5, 0, missing, 1e-300};
const std::vector<std::string> genotypes = {"wild_type", "cmo β-null"};
const std::string scenario = "title = \"example\"\n";

/// What a sweep of two members writes, small. With OSTEOFLARE_EXAMPLE it is left there for results_open_in_xarray.py.
void write_example(ResultsWriter& file)
{
    file.attribute({"Conventions", "CF-1.10"});
    file.attribute({"title", "example"});
    file.attribute({"source", "Osteoflare test"});
    file.attribute({"scenario", scenario});
    file.attribute({"scenario_sha256", sha256(scenario)});
    file.attribute({"seed", std::int64_t{-7}});
    file.attribute({"relative_tolerance", 1e-6});
    file.attribute("parameter", {"il10_half", 3.0});
    const std::vector<std::int64_t> members = {0, 1};
    file.dimension("member", std::span(members), {.units = "1", .long_name = "member of the ensemble"});
    file.dimension("time", std::span(times), {.units = "d", .long_name = "time"});
    file.variable("il1b", {"member", "time"}, Element::float64,
                  {.units = "pM", .long_name = "IL-1β in the niche", .symbol = "I", .source = "theory, eq. 14"});
    file.variable(
        "status", {"member"}, Element::uint8,
        {.units = "1",
         .long_name = "how the run ended",
         .more = {{"flag_values", std::vector<std::uint8_t>{0, 1}}, {"flag_meanings", "complete step_limit"}}});
    file.variable("steps", {"member"}, Element::int64, {.units = "1", .long_name = "steps taken"});
    file.texts("genotype", "member", genotypes, {.units = "1", .long_name = "genotype"});
    file.variable("parameter/cxcl1_half", {"member"}, Element::float64,
                  {.units = "pM", .long_name = "CXCL1 at half effect"});
    file.write("il1b", 1, std::span(il1b).subspan(3));
    file.write("il1b", 0, std::span(il1b).first(3));
    file.write("status", 0, std::span<const std::uint8_t>(std::array<std::uint8_t, 2>{0, 1}));
    file.write("steps", 1, std::span<const std::int64_t>(std::array<std::int64_t, 1>{42}));
    file.write("parameter/cxcl1_half", 0, std::span<const double>(std::array<double, 2>{10, 20}));
}

void make_example(const fs::path& path, bool overwrite = false)
{
    ResultsWriter file(path, overwrite);
    write_example(file);
    file.finish();
}

bool same(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

/// True if everything that make_example wrote is read back.
bool holds_example(const fs::path& path)
{
    const ResultsReader file(path);
    return file.variables() == std::vector<std::string>{"genotype", "il1b",  "member", "parameter/cxcl1_half",
                                                        "status",   "steps", "time"}
           && same(file.numbers("time"), times) && same(file.numbers("il1b"), il1b)
           && same(file.numbers("member"), {0, 1}) && same(file.numbers("status"), {0, 1})
           && same(file.numbers("steps"), {0, 42}) && same(file.numbers("parameter/cxcl1_half"), {10, 20})
           && file.texts("genotype") == genotypes && file.text_attribute("", "scenario") == scenario
           && file.text_attribute("il1b", "units") == "pM";
}

} // namespace

TEST_CASE("a results file reads back as it was written", "[output]")
{
    const Folder folder;
    make_example(folder / "a.h5");
    CHECK(folder.files() == std::vector<std::string>{"a.h5"});
    CHECK(holds_example(folder / "a.h5"));

    const ResultsReader file(folder / "a.h5");
    CHECK(file.shape("il1b") == std::vector<std::size_t>{2, 3});
    CHECK(same(file.numbers("il1b", 1, 1), {0, missing, 1e-300}));
    CHECK(file.numbers("il1b", 2, 0).empty());
    CHECK(file.has("parameter/cxcl1_half"));
    CHECK_FALSE(file.has("cxcl1_half"));
    CHECK(file.text_attribute("il1b", "long_name") == "IL-1β in the niche");
    CHECK(file.text_attribute("il1b", "colour") == std::nullopt);
    CHECK(file.text_attribute("", "seed") == std::nullopt);
    if (const char* kept = std::getenv("OSTEOFLARE_EXAMPLE")) {
        make_example(kept, true);
    }
}

TEST_CASE("equal calls write equal bytes, whatever the name and the hour", "[output]")
{
    const Folder folder;
    make_example(folder / "a.h5");
    ::sleep(1); // HDF5 keeps times in seconds
    make_example(folder / "another, longer name.h5");
    const bool equal = content(folder / "a.h5") == content(folder / "another, longer name.h5");
    CHECK(equal); // without printing the bytes
}

TEST_CASE("values that nobody wrote are missing, not what the disk held", "[output]")
{
    const Folder folder;
    {
        ResultsWriter file(folder / "a.h5", false);
        file.dimension("time", std::span(times), {.units = "d"});
        for (const char* name : {"untouched", "touched"}) {
            file.variable(name, {"time"}, Element::float64, {});
            file.variable(std::string(name) + "_count", {"time"}, Element::int64, {});
        }
        file.write("touched", 1, std::span(times).first(1));
        file.write("touched_count", 2, std::span<const std::int64_t>(std::array<std::int64_t, 1>{9}));
        file.finish();
    }
    const ResultsReader file(folder / "a.h5");
    CHECK(same(file.numbers("untouched"), {missing, missing, missing}));
    CHECK(same(file.numbers("touched"), {missing, 0, missing}));
    CHECK(same(file.numbers("untouched_count"), {0, 0, 0}));
    CHECK(same(file.numbers("touched_count"), {0, 0, 9}));
}

TEST_CASE("a results file that was not finished leaves nothing behind", "[output]")
{
    const Folder folder;
    {
        ResultsWriter file(folder / "a.h5", false);
        write_example(file);
        CHECK(folder.files() == std::vector<std::string>{"a.h5.part"});
    }
    CHECK(folder.files().empty());
}

TEST_CASE("an existing file is replaced only if that is asked for, and only by a finished one", "[output]")
{
    const Folder folder;
    put(folder / "a.h5", "precious");
    says(file_error([&] { ResultsWriter(folder / "a.h5", false); }), "exists already (nothing is overwritten");
    CHECK(folder.files() == std::vector<std::string>{"a.h5"});

    {
        ResultsWriter file(folder / "a.h5", true);
        write_example(file);
    }
    CHECK(content(folder / "a.h5") == "precious");
    make_example(folder / "a.h5", true);
    CHECK(holds_example(folder / "a.h5"));
}

TEST_CASE("a file that appears during the run is kept, and so is the result", "[output]")
{
    const Folder folder;
    {
        ResultsWriter file(folder / "a.h5", false);
        write_example(file);
        put(folder / "a.h5", "precious");
        says(file_error([&] { file.finish(); }), "stands in " + (folder / "a.h5.part").string());
    }
    CHECK(content(folder / "a.h5") == "precious");
    CHECK(holds_example(folder / "a.h5.part"));
}

TEST_CASE("what a killed run left is replaced, what a living run writes is not", "[output]")
{
    const Folder folder;
    put(folder / "a.h5.part", "half a file");
    ResultsWriter file(folder / "a.h5", false);
    says(file_error([&] { ResultsWriter(folder / "a.h5", false); }), "another run is writing");
    write_example(file);
    file.finish();
    CHECK(folder.files() == std::vector<std::string>{"a.h5"});
    CHECK(holds_example(folder / "a.h5"));
}

TEST_CASE("a name that cannot be written is refused with its reason", "[output]")
{
    const Folder folder;
    const auto refusal = [](const fs::path& path) { return file_error([&] { ResultsWriter(path, true); }); };
    put(folder / "file", "");
    says(refusal(folder / "absent" / "a.h5"), "does not exist");
    says(refusal(folder / "file" / "a.h5"), "is not a folder");
    says(refusal(folder.path), "this is a folder");
    says(refusal(folder.path / ""), "not the name of a file");
    says(refusal(""), "not the name of a file");
    says(refusal("/dev/null"), "not a regular file");
    says(refusal(folder / std::string(300, 'x')), "File name too long");
    says(refusal("/proc/self/a.h5"), "cannot be written"); // nobody, not even root, makes files there
    fs::create_directory(folder / "b.h5.part");
    says(refusal(folder / "b.h5"), "b.h5.part: File exists");
    if (::geteuid() != 0) {
        fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
        says(refusal(folder / "a.h5"), "Permission denied");
        fs::permissions(folder.path, fs::perms::owner_all);
    }
    CHECK(folder.files() == std::vector<std::string>{"b.h5.part", "file"});
}

TEST_CASE("a full disk is an error with its reason, and leaves nothing behind", "[output]")
{
    const Folder folder;
    const auto quiet = std::signal(SIGXFSZ, SIG_IGN); // writes beyond the limit then fail as on a full disk
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const std::vector<double> values(50'000, 1.0); // more than HDF5 keeps in its buffers
    for (const rlim_t limit : {0U, 100U, 2000U, 400'000U, 500'000U, 790'000U, 810'000U}) {
        const rlimit little{limit, before.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &little) == 0);
        bool first_values_written = false;
        const auto message = file_error([&] {
            ResultsWriter file(folder / "a.h5", false);
            file.dimension("x", std::span(values), {});
            first_values_written = true;
            file.variable("y", {"x"}, Element::float64, {});
            file.write("y", 0, std::span(values));
            for (std::size_t i = 0; i < 200; ++i) {
                file.attribute({numbered("note", i), std::string(100, 'n')});
            }
            file.finish();
        });
        ::setrlimit(RLIMIT_FSIZE, &before);
        INFO("limit " << limit);
        says(message, "(File too large); free some disk space");
        CHECK(first_values_written == (limit > 8 * values.size())); // told at once, not at the end of a long run
        CHECK(folder.files().empty());
    }
    std::signal(SIGXFSZ, quiet);
    make_example(folder / "a.h5"); // HDF5 has survived
    CHECK(holds_example(folder / "a.h5"));
}

TEST_CASE("texts of any length and many attributes are kept", "[output]")
{
    const Folder folder;
    const std::vector<std::size_t> lengths = {0, 1, 65'535, 65'536, 1'000'000};
    const std::vector<std::string> values = {"", std::string(70'000, 'v'), "μ"};
    {
        ResultsWriter file(folder / "a.h5", false);
        file.dimension("time", std::span(times), {.units = "d"});
        file.texts("words", "time", values, {.long_name = std::string(100'000, 'l')});
        for (const std::size_t length : lengths) {
            file.attribute({numbered("text_", length), std::string(length, 't')});
        }
        for (std::size_t i = 0; i < 500; ++i) {
            file.attribute("parameter", {numbered("p", i), numbered("value ", i)});
            file.attribute({numbered("q", i), static_cast<double>(i)});
        }
        for (std::size_t i = 0; i < 500; ++i) {
            file.variable(numbered("v", i), {"time"}, Element::float64, {.units = "1"});
        }
        file.finish();
    }
    const ResultsReader file(folder / "a.h5");
    CHECK(file.texts("words") == values);
    CHECK(file.text_attribute("words", "long_name") == std::string(100'000, 'l'));
    for (const std::size_t length : lengths) {
        CHECK(file.text_attribute("", numbered("text_", length)) == std::string(length, 't'));
    }
    CHECK(file.variables().size() == 502);
}

TEST_CASE("a writer refuses what would be no valid file", "[output]")
{
    const Folder folder;
    ResultsWriter file(folder / "a.h5", false);
    write_example(file);
    const std::vector<double> four(4, 1.0);
    const auto refusal = [&](auto work) { return file_error([&] { work(); }); };
    says(refusal([&] { file.variable("il1b", {"time"}, Element::float64, {}); }), "the name is taken");
    says(refusal([&] { file.dimension("parameter", std::span(times), {}); }), "the name is taken");
    says(refusal([&] { file.dimension("a/b", std::span(times), {}); }), "dimensions stand at the root");
    says(refusal([&] { file.variable("x", {"space"}, Element::float64, {}); }), "there is no dimension \"space\"");
    says(refusal([&] { file.variable("y", {}, Element::float64, {}); }), "a variable needs a dimension");
    says(refusal([&] { file.variable("a//b", {"time"}, Element::float64, {}); }), "cannot be a name");
    says(refusal([&] { file.variable("", {"time"}, Element::float64, {}); }), "cannot be a name");
    says(refusal([&] { file.texts("words", "member", {"one"}, {}); }), "1 texts for 2");
    says(refusal([&] { file.write("nothing", 0, std::span(times)); }), "there is no such variable");
    says(refusal([&] { file.write("genotype", 0, std::span(times)); }), "there is no such variable");
    says(refusal([&] { file.write("status", 0, std::span(times)); }), "another type of number");
    says(refusal([&] { file.write("il1b", 0, std::span(four)); }), "no whole rows of 3");
    says(refusal([&] { file.write("il1b", 2, std::span(times)); }), "do not exist");
    says(refusal([&] { file.write("il1b", std::size_t(-1), std::span(times)); }), "do not exist");
    says(refusal([&] { file.attribute({"title", "again"}); }), "attribute \"title\" cannot be written");
    says(refusal([&] { file.attribute({"bytes", "\xff"}); }), "not UTF-8");
    says(refusal([&] { file.attribute({"zero", std::string(1, '\0')}); }), "NUL");
    says(refusal([&] { file.attribute("il1b", {"a", 1.0}); }), "is no group");
    file.finish();
    CHECK(holds_example(folder / "a.h5")); // and none of it has harmed the file
    says(refusal([&] { file.attribute({"late", 1.0}); }), "it is finished");
    says(refusal([&] { file.finish(); }), "it is finished");
}

TEST_CASE("a damaged results file is an error or reads right, never a crash", "[output]")
{
    const Folder folder;
    make_example(folder / "a.h5");
    const std::string whole = content(folder / "a.h5");
    const fs::path damaged = folder / "b.h5";
    const auto error_or_right = [&] {
        bool right = false;
        const auto message = file_error([&] { right = holds_example(damaged); });
        return right || (message && message->starts_with(damaged.string() + ": "));
    };
    int failures = 0;
    for (std::size_t length = 0; length < whole.size(); length += length < 200 ? 1 : 401) {
        put(damaged, whole.substr(0, length));
        failures += error_or_right() ? 0 : 1;
    }
    CHECK(failures == 0);
    // A bit in every hundredth byte; the stride shares no factor with the sizes of HDF5's structures.
    for (std::size_t i = 0; i < whole.size(); i += 101) {
        std::string bytes = whole;
        bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
        put(damaged, bytes);
        failures += error_or_right() ? 0 : 1;
    }
    CHECK(failures == 0);

    std::string bytes = whole;
    const auto value = bytes.find(std::string(reinterpret_cast<const char*>(il1b.data()), sizeof(double)));
    REQUIRE(value != std::string::npos);
    bytes[value] ^= 1; // HDF5 alone would read a wrong number here
    put(damaged, bytes);
    says(file_error([&] { const ResultsReader file(damaged); }), "does not match the checksum at its end");
}

TEST_CASE("a file without its seal is refused, for nobody knows what has changed in it", "[output]")
{
    const Folder folder;
    make_example(folder / "a.h5");
    const std::string whole = content(folder / "a.h5");
    put(folder / "bare.h5", whole.substr(0, whole.rfind("\nosteoflare-seal ")));
    says(file_error([&] { const ResultsReader file(folder / "bare.h5"); }), "carries no seal");
}

TEST_CASE("a file that is no results file is refused with its reason", "[output]")
{
    const Folder folder;
    const auto refusal = [](const fs::path& path) { return file_error([&] { const ResultsReader file(path); }); };
    put(folder / "empty", "");
    put(folder / "text", std::string(10'000, 'x'));
    says(refusal(folder / "absent"), "No such file");
    says(refusal(folder.path), "this is not a file");
    says(refusal(folder / "empty"), "does not begin as HDF5 does");
    says(refusal(folder / "text"), "does not begin as HDF5 does");
}

TEST_CASE("a reader names what the file does not have", "[output]")
{
    const Folder folder;
    make_example(folder / "a.h5");
    const ResultsReader file(folder / "a.h5");
    says(file_error([&] { (void)file.numbers("tnf"); }), "choose one of: genotype, il1b, member");
    says(file_error([&] { (void)file.shape("parameter"); }), "no such variable");
    says(file_error([&] { (void)file.numbers("genotype"); }), "it holds no numbers");
    says(file_error([&] { (void)file.texts("il1b"); }), "it holds no texts");
    says(file_error([&] { (void)file.numbers("il1b", 1, 2); }), "it has only 2 rows");
    says(file_error([&] { (void)file.text_attribute("tnf", "units"); }), "no such variable");
}

TEST_CASE("SHA-256 agrees with the standard's examples", "[output]")
{
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    REQUIRE(output_libraries().size() >= 2);
    CHECK(output_libraries()[0].name == "HDF5");
}
