#pragma once

#include <cstddef>
#include <functional>

namespace osteoflare::solvers {

/// `wanted` threads, or as many as the machine has if that is 0.
std::size_t thread_count(std::size_t wanted);

/// Calls `run(i)` for every i in [0, size), each once, on `threads` threads (0: as many as the machine has), in no
/// particular order. `run` must depend on i alone. The first exception is rethrown when all threads have stopped.
void for_each_member(std::size_t size, std::size_t threads, const std::function<void(std::size_t)>& run);

} // namespace osteoflare::solvers
