#pragma once

#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/pack.hpp"

#include <cstddef>
#include <cstdint>

/// What packs compute, for tests: made once per instruction set, and so without anything of the standard library.
namespace pack_operations {

namespace lanes = osteoflare::solvers::lanes;

inline constexpr std::size_t n_elementwise = 21;

/// The operations of one instruction set's widest pack.
struct Operations {
    const char* instruction_set;
    std::size_t width;
    /// All of three numbers per lane: (operation, lane).
    void (*elementwise)(const double* a, const double* b, const double* c, double* results);
    /// (pack, lane) in place.
    void (*transpose)(double* packs);
    void (*reorder)(const std::uint64_t* lanes, const double* from, double* to);
    /// Of a lane whose bit is set the first, else the second; returns the bits of the mask that chose.
    unsigned (*select)(unsigned bits, const double* first, const double* second, double* to);
};

template <class Pack>
void elementwise(const double* first, const double* second, const double* third, double* results)
{
    const Pack a = Pack::load(first), b = Pack::load(second), c = Pack::load(third);
    const Pack all[n_elementwise] = {a + b,
                                     a - b,
                                     a * b,
                                     a / b,
                                     fma(a, b, c),
                                     negative_fma(a, b, c),
                                     negative(a),
                                     magnitude(a),
                                     square_root(a),
                                     maximum(a, b),
                                     minimum(a, b),
                                     choose_greater(a, b, c, a),
                                     select(a < b, a, c),
                                     select(a <= b, a, c),
                                     select((a < b) & (b < c), a, c),
                                     select((a < b) | (b < c), a, c),
                                     select(!(a < b), a, c),
                                     in_register(a),
                                     with_bits(a, 0x000fffffffffffffULL, 0x3ff0000000000000ULL),
                                     bits_shifted_right(a, 52),
                                     bits_shifted_left(a, 11)};
    for (std::size_t i = 0; i < n_elementwise; ++i) {
        all[i].store(results + i * Pack::width);
    }
}

template <class Pack>
void transpose_all(double* numbers)
{
    Pack packs[Pack::width];
    for (std::size_t i = 0; i < Pack::width; ++i) {
        packs[i] = Pack::load(numbers + i * Pack::width);
    }
    transpose(packs);
    for (std::size_t i = 0; i < Pack::width; ++i) {
        packs[i].store(numbers + i * Pack::width);
    }
}

template <class Pack>
void reorder(const std::uint64_t* order, const double* from, double* to)
{
    reordered(Pack::load(from), Pack::order_of(order)).store(to);
}

template <class Pack>
unsigned select_by_bits(unsigned bits, const double* first, const double* second, double* to)
{
    const auto mask = Pack::mask_of(bits);
    select(mask, Pack::load(first), Pack::load(second)).store(to);
    return lanes_of(mask);
}

template <class Pack>
constexpr Operations operations(const char* instruction_set)
{
    return {instruction_set,      Pack::width,    &elementwise<Pack>,
            &transpose_all<Pack>, &reorder<Pack>, &select_by_bits<Pack>};
}

} // namespace pack_operations
