#pragma once

#include <functional>
#include <vector>

/// Time, and what a core can do at most.
namespace osteoflare::benchmarks {

/// CPU time of the calling thread [s].
double thread_seconds();
/// CPU time of the whole process, the kernel's work for it included [s].
double process_seconds();
double wall_seconds();

/// Keeps the calling thread on one core while it lives, if the system allows it.
class Pinned {
public:
    explicit Pinned(int core);
    Pinned(const Pinned&) = delete;
    Pinned& operator=(const Pinned&) = delete;
    ~Pinned();

private:
    std::vector<unsigned char> before_;
};

/// CPU time that `work` takes on this thread [s].
double seconds_of(const std::function<void()>& work);

double median(std::vector<double> values);

/// Whether this processor has what the benchmark's one-lane code is compiled for.
bool machine_suffices();

/// Double-precision operations per second in a loop of independent fused multiply-adds on the widest registers there
/// are; a fused multiply-add counts two.
double fused_multiply_add_rate();

} // namespace osteoflare::benchmarks
