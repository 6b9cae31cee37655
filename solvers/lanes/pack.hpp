#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__AVX2__) || defined(__AVX512F__)
#include <immintrin.h>
#endif

/// Packs: as many doubles as one register holds, each a lane of its own. Every operation is elementwise and rounds
/// once, so a lane's numbers do not depend on the width of the pack or on its neighbours.
///
/// Which pack a source gets is decided by the instruction set it is compiled for. The types differ, the single lane's
/// too, so that one program can hold code for all of them: were a function of one name made in several sources, the
/// linker would keep any of them, and a machine might meet instructions that it does not have.
#if defined(__AVX512F__) && defined(__AVX512DQ__)
#define OSTEOFLARE_PACKS avx512_packs
#elif defined(__AVX2__) && defined(__FMA__)
#define OSTEOFLARE_PACKS avx2_packs
#else
#define OSTEOFLARE_PACKS portable_packs
#endif
namespace osteoflare::solvers::lanes {
inline namespace OSTEOFLARE_PACKS {

/// One lane, for any machine. Fused multiply-adds are the C library's where the machine has none.
struct Pack1 {
    static constexpr std::size_t width = 1;
    struct Mask {
        bool set = false;
    };
    double v = 0;

    Pack1() = default;
    explicit Pack1(double value) : v(value) {}
    static Pack1 load(const double* from) { return Pack1(*from); }
    /// One lane of a pack in memory.
    friend double& lane_in(Pack1& pack, std::size_t /*lane*/) { return pack.v; }
    friend double lane_in(const Pack1& pack, std::size_t /*lane*/) { return pack.v; }
    void store(double* to) const { *to = v; }

    friend Pack1 operator+(Pack1 a, Pack1 b) { return Pack1(a.v + b.v); }
    friend Pack1 operator-(Pack1 a, Pack1 b) { return Pack1(a.v - b.v); }
    friend Pack1 operator*(Pack1 a, Pack1 b) { return Pack1(a.v * b.v); }
    friend Pack1 operator/(Pack1 a, Pack1 b) { return Pack1(a.v / b.v); }
    /// a*b + c, rounded once.
    friend Pack1 fma(Pack1 a, Pack1 b, Pack1 c) { return Pack1(__builtin_fma(a.v, b.v, c.v)); }
    /// c - a*b, rounded once.
    friend Pack1 negative_fma(Pack1 a, Pack1 b, Pack1 c) { return Pack1(__builtin_fma(-a.v, b.v, c.v)); }
    friend Pack1 negative(Pack1 a) { return Pack1(-a.v); }
    friend Pack1 magnitude(Pack1 a) { return Pack1(__builtin_fabs(a.v)); }
    friend Pack1 square_root(Pack1 a) { return Pack1(__builtin_sqrt(a.v)); }

    friend Mask operator<(Pack1 a, Pack1 b) { return {a.v < b.v}; }
    friend Mask operator<=(Pack1 a, Pack1 b) { return {a.v <= b.v}; }
    friend Mask operator&(Mask a, Mask b) { return {a.set && b.set}; }
    friend Mask operator|(Mask a, Mask b) { return {a.set || b.set}; }
    friend Mask operator!(Mask a) { return {!a.set}; }
    friend unsigned lanes_of(Mask a) { return a.set ? 1U : 0U; }
    static Mask mask_of(unsigned lanes) { return {(lanes & 1U) != 0}; }
    friend Pack1 select(Mask mask, Pack1 a, Pack1 b) { return mask.set ? a : b; }

    /// The same number, of which the compiler knows nothing: it stays in its register instead of being loaded again.
    friend Pack1 in_register(Pack1 a) { return a; }

    /// From which lane each lane takes its number.
    struct Order {};
    static Order order_of(const std::uint64_t* /*lanes*/) { return {}; }
    friend Pack1 reordered(Pack1 a, Order /*order*/) { return a; }

    // Bits of the numbers, for the elementary functions.
    friend Pack1 with_bits(Pack1 a, std::uint64_t keep, std::uint64_t put)
    {
        return Pack1(__builtin_bit_cast(double, (__builtin_bit_cast(std::uint64_t, a.v) & keep) | put));
    }
    friend Pack1 bits_shifted_right(Pack1 a, int by)
    {
        return Pack1(__builtin_bit_cast(double, __builtin_bit_cast(std::uint64_t, a.v) >> by));
    }
    friend Pack1 bits_shifted_left(Pack1 a, int by)
    {
        return Pack1(__builtin_bit_cast(double, __builtin_bit_cast(std::uint64_t, a.v) << by));
    }
};

/// Lane i of pack j becomes lane j of pack i.
inline void transpose(Pack1* /*packs*/) {}

#if defined(__AVX2__) && defined(__FMA__)
/// Four lanes in a 256-bit register.
struct Pack4 {
    static constexpr std::size_t width = 4;
    struct Mask {
        __m256d m;
    };
    __m256d v;

    Pack4() = default;
    explicit Pack4(double value) : v(_mm256_set1_pd(value)) {}
    Pack4(__m256d value) : v(value) {}
    friend double& lane_in(Pack4& pack, std::size_t lane) { return reinterpret_cast<double*>(&pack)[lane]; }
    friend double lane_in(const Pack4& pack, std::size_t lane) { return reinterpret_cast<const double*>(&pack)[lane]; }
    static Pack4 load(const double* from) { return {_mm256_loadu_pd(from)}; }
    void store(double* to) const { _mm256_storeu_pd(to, v); }

    friend Pack4 operator+(Pack4 a, Pack4 b) { return {_mm256_add_pd(a.v, b.v)}; }
    friend Pack4 operator-(Pack4 a, Pack4 b) { return {_mm256_sub_pd(a.v, b.v)}; }
    friend Pack4 operator*(Pack4 a, Pack4 b) { return {_mm256_mul_pd(a.v, b.v)}; }
    friend Pack4 operator/(Pack4 a, Pack4 b) { return {_mm256_div_pd(a.v, b.v)}; }
    friend Pack4 fma(Pack4 a, Pack4 b, Pack4 c) { return {_mm256_fmadd_pd(a.v, b.v, c.v)}; }
    friend Pack4 negative_fma(Pack4 a, Pack4 b, Pack4 c) { return {_mm256_fnmadd_pd(a.v, b.v, c.v)}; }
    friend Pack4 negative(Pack4 a) { return {_mm256_xor_pd(a.v, _mm256_set1_pd(-0.0))}; }
    friend Pack4 magnitude(Pack4 a) { return {_mm256_andnot_pd(_mm256_set1_pd(-0.0), a.v)}; }
    friend Pack4 square_root(Pack4 a) { return {_mm256_sqrt_pd(a.v)}; }

    friend Mask operator<(Pack4 a, Pack4 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_LT_OQ)}; }
    friend Mask operator<=(Pack4 a, Pack4 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_LE_OQ)}; }
    friend Mask operator&(Mask a, Mask b) { return {_mm256_and_pd(a.m, b.m)}; }
    friend Mask operator|(Mask a, Mask b) { return {_mm256_or_pd(a.m, b.m)}; }
    friend Mask operator!(Mask a) { return {_mm256_xor_pd(a.m, _mm256_castsi256_pd(_mm256_set1_epi64x(-1)))}; }
    friend unsigned lanes_of(Mask a) { return static_cast<unsigned>(_mm256_movemask_pd(a.m)); }
    static Mask mask_of(unsigned lanes)
    {
        const auto lane = [lanes](unsigned i) { return (lanes >> i & 1U) != 0 ? -1LL : 0LL; };
        return {_mm256_castsi256_pd(_mm256_set_epi64x(lane(3), lane(2), lane(1), lane(0)))};
    }
    friend Pack4 select(Mask mask, Pack4 a, Pack4 b) { return {_mm256_blendv_pd(b.v, a.v, mask.m)}; }

    // The same as functions.hpp has it for all packs, in one instruction.
    friend Pack4 maximum(Pack4 a, Pack4 b) { return {_mm256_max_pd(a.v, b.v)}; }
    friend Pack4 minimum(Pack4 a, Pack4 b) { return {_mm256_min_pd(a.v, b.v)}; }

    friend Pack4 in_register(Pack4 a)
    {
        asm("" : "+x"(a.v));
        return a;
    }
    struct Order {
        __m256i halves; ///< of lanes: there is no instruction for doubles
    };
    static Order order_of(const std::uint64_t* lanes)
    {
        const auto half = [lanes](unsigned i) { return static_cast<int>(2 * lanes[i / 2] + i % 2); };
        return {_mm256_set_epi32(half(7), half(6), half(5), half(4), half(3), half(2), half(1), half(0))};
    }
    friend Pack4 reordered(Pack4 a, Order order)
    {
        return {_mm256_castps_pd(_mm256_permutevar8x32_ps(_mm256_castpd_ps(a.v), order.halves))};
    }
    friend Pack4 with_bits(Pack4 a, std::uint64_t keep, std::uint64_t put)
    {
        const __m256i kept =
            _mm256_and_si256(_mm256_castpd_si256(a.v), _mm256_set1_epi64x(static_cast<long long>(keep)));
        return {_mm256_castsi256_pd(_mm256_or_si256(kept, _mm256_set1_epi64x(static_cast<long long>(put))))};
    }
    friend Pack4 bits_shifted_right(Pack4 a, int by)
    {
        return {_mm256_castsi256_pd(_mm256_srli_epi64(_mm256_castpd_si256(a.v), by))};
    }
    friend Pack4 bits_shifted_left(Pack4 a, int by)
    {
        return {_mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(a.v), by))};
    }
};

inline void transpose(Pack4* p)
{
    const __m256d a = _mm256_unpacklo_pd(p[0].v, p[1].v), b = _mm256_unpackhi_pd(p[0].v, p[1].v);
    const __m256d c = _mm256_unpacklo_pd(p[2].v, p[3].v), d = _mm256_unpackhi_pd(p[2].v, p[3].v);
    p[0].v = _mm256_permute2f128_pd(a, c, 0x20);
    p[1].v = _mm256_permute2f128_pd(b, d, 0x20);
    p[2].v = _mm256_permute2f128_pd(a, c, 0x31);
    p[3].v = _mm256_permute2f128_pd(b, d, 0x31);
}
#endif

#if defined(__AVX512F__) && defined(__AVX512DQ__)
/// Eight lanes in a 512-bit register.
struct Pack8 {
    static constexpr std::size_t width = 8;
    struct Mask {
        __mmask8 m;
    };
    __m512d v;

    Pack8() = default;
    explicit Pack8(double value) : v(_mm512_set1_pd(value)) {}
    Pack8(__m512d value) : v(value) {}
    friend double& lane_in(Pack8& pack, std::size_t lane) { return reinterpret_cast<double*>(&pack)[lane]; }
    friend double lane_in(const Pack8& pack, std::size_t lane) { return reinterpret_cast<const double*>(&pack)[lane]; }
    static Pack8 load(const double* from) { return {_mm512_loadu_pd(from)}; }
    void store(double* to) const { _mm512_storeu_pd(to, v); }

    friend Pack8 operator+(Pack8 a, Pack8 b) { return {_mm512_add_pd(a.v, b.v)}; }
    friend Pack8 operator-(Pack8 a, Pack8 b) { return {_mm512_sub_pd(a.v, b.v)}; }
    friend Pack8 operator*(Pack8 a, Pack8 b) { return {_mm512_mul_pd(a.v, b.v)}; }
    friend Pack8 operator/(Pack8 a, Pack8 b) { return {_mm512_div_pd(a.v, b.v)}; }
    friend Pack8 fma(Pack8 a, Pack8 b, Pack8 c) { return {_mm512_fmadd_pd(a.v, b.v, c.v)}; }
    friend Pack8 negative_fma(Pack8 a, Pack8 b, Pack8 c) { return {_mm512_fnmadd_pd(a.v, b.v, c.v)}; }
    friend Pack8 negative(Pack8 a) { return {_mm512_xor_pd(a.v, _mm512_set1_pd(-0.0))}; }
    friend Pack8 magnitude(Pack8 a) { return {_mm512_andnot_pd(_mm512_set1_pd(-0.0), a.v)}; }
    friend Pack8 square_root(Pack8 a) { return {_mm512_sqrt_pd(a.v)}; }

    friend Mask operator<(Pack8 a, Pack8 b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_LT_OQ)}; }
    friend Mask operator<=(Pack8 a, Pack8 b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_LE_OQ)}; }
    friend Mask operator&(Mask a, Mask b) { return {static_cast<__mmask8>(a.m & b.m)}; }
    friend Mask operator|(Mask a, Mask b) { return {static_cast<__mmask8>(a.m | b.m)}; }
    friend Mask operator!(Mask a) { return {static_cast<__mmask8>(~a.m)}; }
    friend unsigned lanes_of(Mask a) { return a.m; }
    static Mask mask_of(unsigned lanes) { return {static_cast<__mmask8>(lanes)}; }
    friend Pack8 select(Mask mask, Pack8 a, Pack8 b) { return {_mm512_mask_blend_pd(mask.m, b.v, a.v)}; }

    // The same as functions.hpp has it for all packs, in one instruction.
    friend Pack8 maximum(Pack8 a, Pack8 b) { return {_mm512_max_pd(a.v, b.v)}; }
    friend Pack8 minimum(Pack8 a, Pack8 b) { return {_mm512_min_pd(a.v, b.v)}; }

    friend Pack8 in_register(Pack8 a)
    {
        asm("" : "+v"(a.v));
        return a;
    }
    struct Order {
        __m512i lanes;
    };
    static Order order_of(const std::uint64_t* lanes) { return {_mm512_loadu_si512(lanes)}; }
    friend Pack8 reordered(Pack8 a, Order order) { return {_mm512_permutexvar_pd(order.lanes, a.v)}; }
    friend Pack8 with_bits(Pack8 a, std::uint64_t keep, std::uint64_t put)
    {
        const __m512i kept =
            _mm512_and_si512(_mm512_castpd_si512(a.v), _mm512_set1_epi64(static_cast<long long>(keep)));
        return {_mm512_castsi512_pd(_mm512_or_si512(kept, _mm512_set1_epi64(static_cast<long long>(put))))};
    }
    friend Pack8 bits_shifted_right(Pack8 a, int by)
    {
        return {_mm512_castsi512_pd(_mm512_srli_epi64(_mm512_castpd_si512(a.v), static_cast<unsigned>(by)))};
    }
    friend Pack8 bits_shifted_left(Pack8 a, int by)
    {
        return {_mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(a.v), static_cast<unsigned>(by)))};
    }
};

inline void transpose(Pack8* p)
{
    __m512d pairs[8], quads[8];
    for (int i = 0; i < 8; i += 2) {
        pairs[i] = _mm512_unpacklo_pd(p[i].v, p[i + 1].v);
        pairs[i + 1] = _mm512_unpackhi_pd(p[i].v, p[i + 1].v);
    }
    for (int i = 0; i < 8; i += 4) {
        for (int j = 0; j < 2; ++j) {
            quads[i + j] = _mm512_shuffle_f64x2(pairs[i + j], pairs[i + j + 2], 0x88);
            quads[i + j + 2] = _mm512_shuffle_f64x2(pairs[i + j], pairs[i + j + 2], 0xdd);
        }
    }
    for (int j = 0; j < 2; ++j) {
        p[j].v = _mm512_shuffle_f64x2(quads[j], quads[j + 4], 0x88);
        p[j + 4].v = _mm512_shuffle_f64x2(quads[j], quads[j + 4], 0xdd);
        p[j + 2].v = _mm512_shuffle_f64x2(quads[j + 2], quads[j + 6], 0x88);
        p[j + 6].v = _mm512_shuffle_f64x2(quads[j + 2], quads[j + 6], 0xdd);
    }
}
#endif

/// The widest pack of this source's instruction set. Each set has types of its own, so what templates make of them has
/// names of its own and the linker never mixes them.
#if defined(__AVX512F__) && defined(__AVX512DQ__)
using WidestPack = Pack8;
#elif defined(__AVX2__) && defined(__FMA__)
using WidestPack = Pack4;
#else
using WidestPack = Pack1;
#endif

} // namespace OSTEOFLARE_PACKS
} // namespace osteoflare::solvers::lanes
#undef OSTEOFLARE_PACKS
