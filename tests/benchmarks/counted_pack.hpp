#pragma once

#include "solvers/lanes/pack.hpp"

namespace osteoflare::solvers::lanes {

/// A pack of one lane that counts the floating-point operations done with it. It stands in the packs' namespace so that
/// kernels find their elementary functions through it.
struct CountedPack {
    static constexpr std::size_t width = 1;
    using Mask = Pack1::Mask;
    inline static double operations = 0;
    Pack1 p;

    CountedPack() = default;
    explicit CountedPack(double value) : p(value) {}
    explicit CountedPack(Pack1 value) : p(value) {}
    static CountedPack load(const double* from) { return CountedPack(*from); }
    static Mask mask_of(unsigned lanes) { return Pack1::mask_of(lanes); }
    void store(double* to) const { p.store(to); }
    static CountedPack counted(Pack1 result, double count)
    {
        operations += count;
        return CountedPack(result);
    }
    friend double& lane_in(CountedPack& pack, std::size_t /*lane*/) { return pack.p.v; }
    friend double lane_in(const CountedPack& pack, std::size_t /*lane*/) { return pack.p.v; }

    friend CountedPack operator+(CountedPack a, CountedPack b) { return counted(a.p + b.p, 1); }
    friend CountedPack operator-(CountedPack a, CountedPack b) { return counted(a.p - b.p, 1); }
    friend CountedPack operator*(CountedPack a, CountedPack b) { return counted(a.p * b.p, 1); }
    friend CountedPack operator/(CountedPack a, CountedPack b) { return counted(a.p / b.p, 1); }
    friend CountedPack fma(CountedPack a, CountedPack b, CountedPack c) { return counted(fma(a.p, b.p, c.p), 2); }
    friend CountedPack negative_fma(CountedPack a, CountedPack b, CountedPack c)
    {
        return counted(negative_fma(a.p, b.p, c.p), 2);
    }
    friend CountedPack negative(CountedPack a) { return CountedPack(negative(a.p)); }
    friend CountedPack magnitude(CountedPack a) { return CountedPack(magnitude(a.p)); }
    friend Mask operator<(CountedPack a, CountedPack b) { return a.p < b.p; }
    friend Mask operator<=(CountedPack a, CountedPack b) { return a.p <= b.p; }
    friend CountedPack select(Mask mask, CountedPack a, CountedPack b) { return CountedPack(select(mask, a.p, b.p)); }
    friend CountedPack in_register(CountedPack a) { return a; }
    using Order = Pack1::Order;
    static Order order_of(const std::uint64_t* lanes) { return Pack1::order_of(lanes); }
    friend CountedPack reordered(CountedPack a, Order /*order*/) { return a; }
    friend CountedPack with_bits(CountedPack a, std::uint64_t keep, std::uint64_t put)
    {
        return CountedPack(with_bits(a.p, keep, put));
    }
    friend CountedPack bits_shifted_right(CountedPack a, int by) { return CountedPack(bits_shifted_right(a.p, by)); }
    friend CountedPack bits_shifted_left(CountedPack a, int by) { return CountedPack(bits_shifted_left(a.p, by)); }
};

inline void transpose(CountedPack* /*packs*/) {}

} // namespace osteoflare::solvers::lanes
