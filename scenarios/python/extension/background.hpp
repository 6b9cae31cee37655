#pragma once

#include "solvers/ensemble.hpp"

#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <vector>

namespace osteoflare::python {

/// Python's callables that hear of a computation, each may be None: progress(done, total, failed) and remark(text).
struct Listeners {
    pybind11::object progress, remark;
};

/// What a computation in the background tells, from any of its threads.
class Told {
public:
    void progress(double done, double total, std::size_t failed);
    void remark(const std::string& text);

private:
    friend class Attendant;
    std::mutex mutex_;
    bool is_new_ = false;
    double done_ = 0, total_ = 0;
    std::size_t failed_ = 0;
    std::vector<std::string> remarks_;
};

/// Sits beside a computation on the thread that asked for it, without the interpreter's lock but for moments: passes on
/// what is told, and hears Ctrl-C.
class Attendant {
public:
    explicit Attendant(const Listeners& listeners) : listeners_(listeners) {}

    Told& told() { return told_; }
    const std::atomic<bool>& stop() const { return stop_; }
    /// Returns when `is_over` does, which waits for so long at most. An exception of Python's, be it
    /// KeyboardInterrupt, stops the computation and is thrown when that is over.
    void attend(const std::function<bool(std::chrono::milliseconds)>& is_over);

private:
    void pass_on();

    const Listeners& listeners_;
    Told told_;
    std::atomic<bool> stop_ = false;
};

/// Runs `work(told)` on another thread and returns what it returns or throws; to be called with the interpreter's lock,
/// which others have meanwhile.
template <class Work>
auto in_background(const Listeners& listeners, const Work& work)
{
    Attendant attendant(listeners);
    const pybind11::gil_scoped_release others_may_run;
    auto result = std::async(std::launch::async, [&] {
        const solvers::Stoppable stoppable(&attendant.stop());
        return work(attendant.told());
    });
    attendant.attend([&](auto moment) { return result.wait_for(moment) == std::future_status::ready; });
    return result.get(); // of work that returns nothing: its exception
}

} // namespace osteoflare::python
