#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>

namespace osteoflare::solvers {

/// `wanted` threads, or as many as the machine has if that is 0.
std::size_t thread_count(std::size_t wanted);

/// Calls `run(i)` for every i in [0, size), each once, on `threads` threads (0: as many as the machine has), in no
/// particular order. `run` must depend on i alone. The first exception is rethrown when all threads have stopped.
void for_each_member(std::size_t size, std::size_t threads, const std::function<void(std::size_t)>& run);

/// A computation was told to stop.
struct Stopped : std::exception {
    const char* what() const noexcept override { return "stopped"; }
};

/// While this lives, what its thread computes, with all threads that for_each_member starts for it, ends with Stopped
/// soon after `wish` has become true. Whoever starts a computation that a person may break off makes one; those who
/// compute need not know. A null pointer: nobody will.
class Stoppable {
public:
    explicit Stoppable(const std::atomic<bool>* wish);
    ~Stoppable();
    Stoppable(const Stoppable&) = delete;
    Stoppable& operator=(const Stoppable&) = delete;

private:
    const std::atomic<bool>* before_;
};

/// Of the calling thread, for threads that are started by other means; may be null.
const std::atomic<bool>* stop_wish();
/// Throws Stopped if somebody wishes that. For those who compute long between members.
void stop_if_wished();

} // namespace osteoflare::solvers
