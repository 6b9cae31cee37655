#include "convergence/lane_runs.hpp"
#include "tests/kernels/pack_operations.hpp"

#include "catch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

using namespace osteoflare::solvers;
using pack_operations::Operations;

namespace {

/// Calls claim(operations) for the widest pack of each instruction set of this machine, and for a single lane.
void with_every_pack(const auto& claim)
{
    claim(pack_operations::operations<lanes::Pack1>("one lane"));
    lane_runs::with_every_instruction_set(pack_operations::all, claim);
}

/// An operation, and what it makes of three numbers.
struct Exact {
    const char* name;
    double (*of)(double a, double b, double c);
};
using Bits = std::uint64_t;
constexpr Exact elementwise[] = {
    {"a + b", [](double a, double b, double) { return a + b; }},
    {"a - b", [](double a, double b, double) { return a - b; }},
    {"a * b", [](double a, double b, double) { return a * b; }},
    {"a / b", [](double a, double b, double) { return a / b; }},
    {"fma", [](double a, double b, double c) { return std::fma(a, b, c); }},
    {"negative_fma", [](double a, double b, double c) { return std::fma(-a, b, c); }},
    {"negative", [](double a, double, double) { return -a; }},
    {"magnitude", [](double a, double, double) { return std::abs(a); }},
    {"square_root", [](double a, double, double) { return std::sqrt(a); }},
    {"maximum", [](double a, double b, double) { return a > b ? a : b; }},
    {"minimum", [](double a, double b, double) { return a < b ? a : b; }},
    {"choose_greater", [](double a, double b, double c) { return a > b ? c : a; }},
    {"a < b", [](double a, double b, double c) { return a < b ? a : c; }},
    {"a <= b", [](double a, double b, double c) { return a <= b ? a : c; }},
    {"and", [](double a, double b, double c) { return a < b && b < c ? a : c; }},
    {"or", [](double a, double b, double c) { return a < b || b < c ? a : c; }},
    {"not", [](double a, double b, double c) { return a < b ? c : a; }},
    {"in_register", [](double a, double, double) { return a; }},
    {"with_bits",
     [](double a, double, double) {
         return std::bit_cast<double>((std::bit_cast<Bits>(a) & 0xfffffffffffff) | 0x3ff0000000000000);
     }},
    {"bits_shifted_right",
     [](double a, double, double) { return std::bit_cast<double>(std::bit_cast<Bits>(a) >> 52); }},
    {"bits_shifted_left", [](double a, double, double) { return std::bit_cast<double>(std::bit_cast<Bits>(a) << 11); }},
};
static_assert(std::size(elementwise) == pack_operations::n_elementwise);

bool is_same(double a, double b)
{
    return std::bit_cast<Bits>(a) == std::bit_cast<Bits>(b) || (std::isnan(a) && std::isnan(b));
}

} // namespace

TEST_CASE("each lane of each pack does what a plain number does, to the bit", "[solvers][lanes]")
{
    const double infinity = std::numeric_limits<double>::infinity();
    const std::vector<double> numbers = {0,     -0.0,     1,         -1,       1.0 / 3,   -2.5,        1e300,
                                         1e-40, 0x1p1023, 0x1p-1070, infinity, -infinity, std::nan("")};
    std::vector<double> a, b, c;
    for (const double x : numbers) {
        for (const double y : numbers) {
            for (const double z : numbers) {
                a.push_back(x);
                b.push_back(y);
                c.push_back(z);
            }
        }
    }
    with_every_pack([&](const Operations& operations) {
        const std::size_t width = operations.width;
        std::vector<double> found(pack_operations::n_elementwise * width);
        for (std::size_t at = 0; at + width <= a.size(); ++at) {
            operations.elementwise(&a[at], &b[at], &c[at], found.data());
            for (std::size_t i = 0; i < found.size(); ++i) {
                const std::size_t here = at + i % width;
                const double exact = elementwise[i / width].of(a[here], b[here], c[here]);
                if (!is_same(found[i], exact)) {
                    INFO(elementwise[i / width].name << " of " << a[here] << ", " << b[here] << ", " << c[here]);
                    FAIL(found[i] << " instead of " << exact);
                }
            }
        }
    });
}

TEST_CASE("packs turn rows into columns, reorder their lanes and choose lane by lane", "[solvers][lanes]")
{
    with_every_pack([&](const Operations& operations) {
        const std::size_t width = operations.width;
        std::vector<double> square(width * width), lanes(width), others(width), found(width);
        std::iota(square.begin(), square.end(), 0.0);
        std::iota(lanes.begin(), lanes.end(), 1.0);
        std::iota(others.begin(), others.end(), 101.0);
        operations.transpose(square.data());
        for (std::size_t i = 0; i < square.size(); ++i) {
            CHECK(square[i] == static_cast<double>(i % width * width + i / width));
        }
        for (std::size_t shift = 0; shift < width; ++shift) {
            std::vector<std::uint64_t> order(width);
            for (std::size_t i = 0; i < width; ++i) {
                order[i] = (3 * i + shift) % width;
            }
            operations.reorder(order.data(), lanes.data(), found.data());
            for (std::size_t i = 0; i < width; ++i) {
                CHECK(found[i] == lanes[order[i]]);
            }
        }
        for (unsigned bits = 0; bits < 1U << width; ++bits) {
            CHECK(operations.select(bits, lanes.data(), others.data(), found.data()) == bits);
            for (std::size_t i = 0; i < width; ++i) {
                REQUIRE(found[i] == ((bits >> i & 1U) != 0 ? lanes[i] : others[i]));
            }
        }
    });
}
