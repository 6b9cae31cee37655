#include "solvers/ensemble.hpp"

#include <omp.h>

#include <utility>

namespace osteoflare::solvers {
namespace {

thread_local const std::atomic<bool>* wish_of_thread = nullptr;

} // namespace

Stoppable::Stoppable(const std::atomic<bool>* wish) : before_(std::exchange(wish_of_thread, wish)) {}

Stoppable::~Stoppable()
{
    wish_of_thread = before_;
}

const std::atomic<bool>* stop_wish()
{
    return wish_of_thread;
}

void stop_if_wished()
{
    if (wish_of_thread != nullptr && *wish_of_thread) {
        throw Stopped();
    }
}

std::size_t thread_count(std::size_t wanted)
{
    return wanted > 0 ? wanted : static_cast<std::size_t>(omp_get_max_threads());
}

void for_each_member(std::size_t size, std::size_t threads, const std::function<void(std::size_t)>& run)
{
    std::exception_ptr failure;
    std::atomic<bool> stop = false;
    const std::atomic<bool>* wish = stop_wish();
    const int n_threads = static_cast<int>(thread_count(threads));
#pragma omp parallel for schedule(dynamic) num_threads(n_threads)
    for (std::size_t i = 0; i < size; ++i) {
        if (stop) {
            continue;
        }
        try {
            const Stoppable same(wish);
            stop_if_wished();
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
