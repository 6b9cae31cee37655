#include "solvers/ensemble.hpp"

#include <omp.h>

#include <atomic>
#include <exception>

namespace osteoflare::solvers {

std::size_t thread_count(std::size_t wanted)
{
    return wanted > 0 ? wanted : static_cast<std::size_t>(omp_get_max_threads());
}

void for_each_member(std::size_t size, std::size_t threads, const std::function<void(std::size_t)>& run)
{
    std::exception_ptr failure;
    std::atomic<bool> stop = false;
    const int n_threads = static_cast<int>(thread_count(threads));
#pragma omp parallel for schedule(dynamic) num_threads(n_threads)
    for (std::size_t i = 0; i < size; ++i) {
        if (stop) {
            continue;
        }
        try {
            run(i);
        } catch (...) {
#pragma omp critical
            if (!stop.exchange(true)) {
                failure = std::current_exception();
            }
        }
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

} // namespace osteoflare::solvers
