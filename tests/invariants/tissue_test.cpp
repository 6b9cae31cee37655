#include "scenarios/spatial/bytes.hpp"
#include "tests/limits/tissue_fixture.hpp"

#include <algorithm>

using namespace osteoflare;
using namespace osteoflare::tests;
using scenarios::spatial::ByteReader;
using scenarios::spatial::ByteWriter;

namespace {

std::vector<std::byte> bytes(const Tissue& tissue)
{
    ByteWriter writer;
    tissue.save(writer);
    return writer.bytes;
}

/// Inflamed from the start, so that everything happens that can: arrivals, deaths, fusion, pits, voxels that open.
TissueSettings inflamed()
{
    TissueSettings cells;
    for (const char* gene : {"pstpip2_il1b", "pstpip2_ros", "pstpip2_progenitor"}) {
        cells.set(gene, 0);
    }
    cells.begin_with("neutrophils", 50'000).begin_with("osteoclasts", 2000).begin_with("cxcl1", 100);
    return cells.begin_with("il1b", 20).begin_with("rankl_ratio", 2);
}

TissuePlan box(double depth)
{
    return {.width = 200,
            .depth = depth,
            .height = 120,
            .voxel = 20,
            .bone_height = 40,
            .step = 300,
            .field_step = 30,
            .seed = 1};
}

} // namespace

TEST_CASE("a tissue is the same, bit for bit, with 1, 2 and 3 threads", "[invariants][tissue]")
{
    for (const double depth : {200.0, 20.0}) {
        std::vector<std::vector<std::byte>> ends;
        for (const std::size_t n_threads : {1U, 2U, 3U}) {
            Tissue tissue = inflamed().make(box(depth));
            for (int step = 0; step < 400; ++step) {
                tissue.step(n_threads);
            }
            ends.push_back(bytes(tissue));
            const auto lowest = tissue.fields().lowest_open();
            CHECK(std::ranges::min(lowest) < 2); // voxels have opened meanwhile
        }
        CHECK(ends[0] == ends[1]);
        CHECK(ends[0] == ends[2]);
    }
}

TEST_CASE("a tissue that was saved and loaded goes on as if nothing had happened", "[invariants][tissue]")
{
    Tissue unbroken = inflamed().make(box(200));
    std::vector<std::vector<std::byte>> saved;
    for (int step = 0; step < 300; ++step) {
        if (step % 100 == 50) {
            saved.push_back(bytes(unbroken));
        }
        unbroken.step(1);
    }
    for (std::size_t i = 0; i < saved.size(); ++i) {
        Tissue resumed = inflamed().make(box(200));
        ByteReader reader(saved[i]);
        resumed.load(reader);
        CHECK(reader.is_at_end());
        CHECK(bytes(resumed) == saved[i]);
        for (std::size_t step = 50 + 100 * i; step < 300; ++step) {
            resumed.step(2);
        }
        CHECK(bytes(resumed) == bytes(unbroken));
    }
}

TEST_CASE("bytes that are no such tissue are refused", "[invariants][tissue]")
{
    Tissue tissue = inflamed().make(box(200));
    std::vector<std::byte> saved = bytes(tissue);
    Tissue other = inflamed().make(box(100));
    ByteReader whole(saved);
    CHECK_THROWS_AS(other.load(whole), std::invalid_argument);
    for (const std::size_t size : {std::size_t{0}, std::size_t{7}, saved.size() / 2, saved.size() - 1}) {
        ByteReader cut({saved.data(), size});
        CHECK_THROWS_AS(tissue.load(cut), std::invalid_argument);
    }
}

TEST_CASE("another seed is another tissue", "[invariants][tissue]")
{
    Tissue one = inflamed().make(box(200), 1), other = inflamed().make(box(200), 2);
    CHECK(bytes(one) != bytes(other));
}
