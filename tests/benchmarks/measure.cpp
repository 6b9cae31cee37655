#include "tests/benchmarks/measure.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>

#include <sched.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace osteoflare::benchmarks {
namespace {

double seconds_on(clockid_t clock)
{
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

constexpr long n_rounds = 1'000'000;
// Enough chains to fill two units of four cycles.
constexpr int n_chains = 12;
// What the compiler cannot know, so that it neither merges the chains nor leaves them out.
volatile double start = 1, finish = 0;

#if defined(__x86_64__)
__attribute__((target("avx512f"))) void chains_of_8()
{
    __m512d sums[n_chains];
    for (auto& sum : sums) {
        sum = _mm512_set1_pd(start);
    }
    const __m512d a = _mm512_set1_pd(0.999), b = _mm512_set1_pd(0.001);
    for (long i = 0; i < n_rounds; ++i) {
#pragma GCC unroll 16
        for (int j = 0; j < n_chains; ++j) {
            sums[j] = _mm512_fmadd_pd(sums[j], a, b);
        }
    }
    double total = 0;
    for (const auto& sum : sums) {
        total += sum[0];
    }
    finish = total;
}

__attribute__((target("avx2,fma"))) void chains_of_4()
{
    __m256d sums[n_chains];
    for (auto& sum : sums) {
        sum = _mm256_set1_pd(start);
    }
    const __m256d a = _mm256_set1_pd(0.999), b = _mm256_set1_pd(0.001);
    for (long i = 0; i < n_rounds; ++i) {
#pragma GCC unroll 16
        for (int j = 0; j < n_chains; ++j) {
            sums[j] = _mm256_fmadd_pd(sums[j], a, b);
        }
    }
    double total = 0;
    for (const auto& sum : sums) {
        total += sum[0];
    }
    finish = total;
}
#endif

void chains_of_1()
{
    double sums[n_chains];
    for (double& sum : sums) {
        sum = start;
    }
    for (long i = 0; i < n_rounds; ++i) {
#pragma GCC unroll 16
        for (int j = 0; j < n_chains; ++j) {
            sums[j] = std::fma(sums[j], 0.999, 0.001);
        }
    }
    double total = 0;
    for (const double sum : sums) {
        total += sum;
    }
    finish = total;
}

} // namespace

double thread_seconds()
{
    return seconds_on(CLOCK_THREAD_CPUTIME_ID);
}

double process_seconds()
{
    return seconds_on(CLOCK_PROCESS_CPUTIME_ID);
}

double wall_seconds()
{
    return seconds_on(CLOCK_MONOTONIC);
}

Pinned::Pinned(int core) : before_(sizeof(cpu_set_t))
{
    cpu_set_t set;
    CPU_ZERO(&set);
    (void)::sched_getaffinity(0, sizeof(set), &set);
    std::memcpy(before_.data(), &set, sizeof(set));
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(core), &set);
    (void)::sched_setaffinity(0, sizeof(set), &set);
}

Pinned::~Pinned()
{
    cpu_set_t set;
    std::memcpy(&set, before_.data(), sizeof(set));
    (void)::sched_setaffinity(0, sizeof(set), &set);
}

double seconds_of(const std::function<void()>& work)
{
    const double begin = thread_seconds();
    work();
    return thread_seconds() - begin;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

bool machine_suffices()
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return true;
#endif
}

double fused_multiply_add_rate()
{
    void (*chains)() = chains_of_1;
    double width = 1;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        chains = chains_of_8;
        width = 8;
    } else if (machine_suffices()) {
        chains = chains_of_4;
        width = 4;
    }
#endif
    return 2 * width * n_chains * n_rounds / seconds_of(chains);
}

} // namespace osteoflare::benchmarks
