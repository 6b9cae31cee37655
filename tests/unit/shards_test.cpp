#include "output/provenance.hpp"
#include "output/results_reader.hpp"
#include "output/results_writer.hpp"
#include "output/shards/shard_file.hpp"
#include "output/shards/shard_folder.hpp"

#include "catch.hpp"
#include "tests/folder.hpp"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <numeric>

using namespace osteoflare::output;
namespace fs = std::filesystem;
using osteoflare::tests::Folder;

namespace {

std::string content(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put(const fs::path& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary) << bytes;
}

const std::vector<double> values = {1, 2, 3, 4};

ShardHeader header(std::uint64_t block = 3)
{
    return {.study = checksum("study"), .block = block, .first = 10 * block, .n_members = 4, .payload = 32};
}

fs::path make_shard(const fs::path& folder, std::uint64_t block = 3)
{
    OpenShard shard(folder, header(block));
    shard.append(std::as_bytes(std::span(values)));
    shard.close();
    return folder / shard_name(block);
}

template <class Work>
std::string error_of(Work work)
{
    try {
        work();
    } catch (const FileError& error) {
        return error.what();
    }
    return "";
}

} // namespace

TEST_CASE("XXH3-128 agrees with its published test vectors", "[output]")
{
    CHECK(hexadecimal(checksum("")) == "99aa06d3014798d86001c324468d497f");
    Checksum pieces;
    pieces.add("ab");
    pieces.add("c");
    CHECK(pieces.digest() == checksum("abc"));
    CHECK(hexadecimal(checksum("abc")) == "06b05ab6733a618578af5f94892f3950");
}

TEST_CASE("a shard has its name only when it is closed, and is then whole", "[output]")
{
    const Folder folder;
    {
        OpenShard shard(folder.path, header());
        shard.append(std::as_bytes(std::span(values)));
        CHECK(fs::exists(folder.path / "00000003.part"));
        CHECK_FALSE(fs::exists(folder.path / "00000003.shard"));
    }
    CHECK(fs::is_empty(folder.path)); // it was given up
    const fs::path path = make_shard(folder.path);
    CHECK(path.filename() == "00000003.shard");
    CHECK_FALSE(check_shard(path, header()));
    CHECK(content(path).substr(shard_header_bytes, 32)
          == std::string(reinterpret_cast<const char*>(values.data()), 32));
}

TEST_CASE("a bit that flips anywhere in a shard, and a byte that is missing, are damage", "[output]")
{
    const Folder folder;
    const fs::path path = make_shard(folder.path);
    const std::string whole = content(path);
    int unseen = 0;
    for (std::size_t i = 0; i < whole.size(); i += i < 100 || i > shard_header_bytes - 2 ? 1 : 37) {
        std::string bytes = whole;
        bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
        put(path, bytes);
        const auto problem = check_shard(path, header());
        unseen += problem && !problem->foreign ? 0 : 1;
        put(path, whole.substr(0, i));
        unseen += check_shard(path, header()) ? 0 : 1;
    }
    CHECK(unseen == 0);
    put(path, whole + "x");
    CHECK(check_shard(path, header()));
    fs::remove(path);
    CHECK(check_shard(path, header())->why.find("No such file") != std::string::npos);
}

TEST_CASE("a whole shard of another study is foreign, one of another block is not what it should be", "[output]")
{
    const Folder folder;
    const fs::path path = make_shard(folder.path);
    ShardHeader other = header();
    other.study = checksum("another");
    REQUIRE(check_shard(path, other));
    CHECK(check_shard(path, other)->foreign);
    fs::rename(path, folder.path / "00000004.shard");
    const auto problem = check_shard(folder.path / "00000004.shard", header(4));
    REQUIRE(problem);
    CHECK_FALSE(problem->foreign);
    CHECK(problem->why == "it holds block 3, not 4");
}

TEST_CASE("a folder of shards belongs to one study and one process", "[output]")
{
    const Folder folder;
    const fs::path path = folder.path / "a.h5.shards";
    {
        const ShardFolder mine(path, "study", Existing::refuse);
        CHECK(error_of([&] { ShardFolder(path, "study", Existing::resume); }).find("is in use") != std::string::npos);
        CHECK(error_of([&] { ShardFolder(path, "study", Existing::replace); }).find("is in use") != std::string::npos);
        make_shard(path, 2);
        put(path / "00000005.part", "half a shard");
    }
    CHECK(error_of([&] { ShardFolder(path, "study", Existing::refuse); }).find("--resume") != std::string::npos);
    CHECK(error_of([&] { ShardFolder(path, "other", Existing::resume); }).find("another study") != std::string::npos);
    CHECK(fs::exists(path / "00000002.shard"));
    {
        const ShardFolder again(path, "study", Existing::resume);
        CHECK(again.shards().size() == 1);
        CHECK(again.shards().contains(2));
        CHECK_FALSE(fs::exists(path / "00000005.part"));
    }
    const ShardFolder afresh(path, "other", Existing::replace);
    CHECK(afresh.shards().empty());
}

TEST_CASE("a study note that is damaged is told of, keeps no shard from its owner, and is written again", "[output]")
{
    const Folder folder;
    const fs::path path = folder.path / "a.h5.shards", note = path / "study";
    {
        const ShardFolder mine(path, "study", Existing::refuse);
        make_shard(path);
    }
    const std::string whole = content(note);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 4);
        put(note, i % 2 == 0 ? damaged : whole.substr(0, i));
        CHECK(error_of([&] { ShardFolder{path}; }).find("is damaged") != std::string::npos);
        const ShardFolder again(path, "study", Existing::resume);
        CHECK(again.damaged_study() == note);
        CHECK(again.shards().size() == 1);
    }
    {
        ShardFolder again(path, "study", Existing::resume);
        again.mend_study();
        CHECK_FALSE(again.damaged_study());
    }
    CHECK(content(note) == whole);
    CHECK(ShardFolder(path).study() == "study");
}

TEST_CASE("a folder with something else in it is never removed", "[output]")
{
    const Folder folder;
    fs::create_directories(folder.path / "a.h5.shards/thesis");
    put(folder.path / "a.h5.shards/thesis/chapter.txt", "precious");
    for (const Existing existing : {Existing::refuse, Existing::resume, Existing::replace}) {
        CHECK(error_of([&] { ShardFolder(folder.path / "a.h5.shards", "study", existing); }).find("other things")
              != std::string::npos);
    }
    CHECK(content(folder.path / "a.h5.shards/thesis/chapter.txt") == "precious");
}

TEST_CASE("streamed variables are written as they are asked for, with the same bytes for any number of threads",
          "[output]")
{
    const Folder folder;
    constexpr std::size_t n = 9'000'000; // more than a piece of the seal
    const auto write = [&](const fs::path& path, std::size_t threads) {
        ResultsWriter file(path, false);
        file.counted_dimension("member", n, {.units = "1"});
        const std::vector<double> times = {0, 1};
        file.dimension("time", std::span(times), {.units = "d"});
        file.streamed("number", {"member"}, Element::float64, {});
        file.streamed("code", {"member"}, Element::uint8, {});
        file.streamed_choices("name", "member", {"cmo", "β-null", "lupo"}, {});
        file.streamed("course", {"member", "time"}, Element::float32, {});
        file.finish(
            [&](std::size_t variable, std::uint64_t first, std::span<std::byte> to) {
                const auto fill = [&]<class Number>(Number) {
                    for (std::size_t i = 0; i < to.size() / sizeof(Number); ++i) {
                        const auto value = static_cast<Number>((first + i) % (variable == 2 ? 3 : 251));
                        std::memcpy(to.data() + i * sizeof(Number), &value, sizeof(Number));
                    }
                };
                switch (variable) {
                case 0: return fill(double{});
                case 1: return fill(std::uint8_t{});
                case 2: return fill(std::uint32_t{});
                default: return fill(float{});
                }
            },
            threads);
    };
    write(folder.path / "one.h5", 1);
    write(folder.path / "three.h5", 3);
    const bool equal = content(folder.path / "one.h5") == content(folder.path / "three.h5");
    CHECK(equal);
    const ResultsReader file(folder.path / "one.h5");
    for (const std::size_t i : {std::size_t{0}, std::size_t{8'388'607}, n - 1}) {
        CHECK(file.numbers("member", i, 1).front() == static_cast<double>(i));
        CHECK(file.numbers("number", i, 1).front() == static_cast<double>(i % 251));
        CHECK(file.numbers("code", i, 1).front() == static_cast<double>(i % 251));
        CHECK(file.numbers("course", i, 1).back() == static_cast<double>((2 * i + 1) % 251));
    }
}

TEST_CASE("repeated texts read back as texts", "[output]")
{
    const Folder folder;
    {
        ResultsWriter file(folder.path / "a.h5", false);
        file.counted_dimension("member", 5, {.units = "1"});
        file.streamed_choices("name", "member", {"cmo", "β-null"}, {});
        file.finish([](std::size_t, std::uint64_t first, std::span<std::byte> to) {
            for (std::size_t i = 0; i < to.size() / 4; ++i) {
                const auto choice = static_cast<std::uint32_t>((first + i) % 2);
                std::memcpy(to.data() + 4 * i, &choice, 4);
            }
        });
    }
    const ResultsReader file(folder.path / "a.h5");
    CHECK(file.texts("name") == std::vector<std::string>{"cmo", "β-null", "cmo", "β-null", "cmo"});
}

TEST_CASE("a file that version 0.1 sealed with SHA-256 is still read and checked", "[output]")
{
    const Folder folder;
    const fs::path path = folder.path / "a.h5";
    {
        ResultsWriter file(path, false);
        file.dimension("x", std::span(values), {});
        file.finish();
    }
    const std::string whole = content(path);
    CHECK(whole.find("\nosteoflare-seal xxh3-128-64MiB ") != std::string::npos);
    const std::string hdf5 = whole.substr(0, whole.rfind("\nosteoflare-seal "));
    put(path, hdf5 + "\nosteoflare-seal sha256 " + sha256(hdf5) + "\n");
    CHECK(ResultsReader(path).numbers("x") == values);
    put(path, hdf5 + "\nosteoflare-seal sha256 " + sha256(hdf5 + "!") + "\n");
    CHECK(error_of([&] { const ResultsReader file(path); }).find("is damaged") != std::string::npos);
}
