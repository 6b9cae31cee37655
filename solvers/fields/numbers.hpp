#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace osteoflare::solvers::fields {

/// Doubles that begin at a cache line, all zero at first. Many of them lie in large pages where the system has such:
/// lines along z touch a page for each position, more than the processor remembers the places of.
class Numbers {
public:
    Numbers() = default;
    explicit Numbers(std::size_t size) : size_(size)
    {
        const std::size_t bytes = size * sizeof(double);
        const auto alignment = std::align_val_t(bytes < large_page ? cache_line : large_page);
        first_ = {static_cast<double*>(operator new(bytes, alignment)), Release{alignment}};
#ifdef MADV_HUGEPAGE
        if (bytes >= large_page) {
            (void)madvise(first_.get(), bytes, MADV_HUGEPAGE); // only advice: nothing is lost if it is not taken
        }
#endif
        std::fill_n(first_.get(), size, 0.0);
    }
    double* data() const
    {
        return first_.get();
    }
    std::size_t size() const
    {
        return size_;
    }

private:
    static constexpr std::size_t cache_line = 64, large_page = std::size_t{1} << 21;
    struct Release {
        std::align_val_t alignment; ///< as they were made with
        void operator()(double* numbers) const { operator delete(numbers, alignment); }
    };
    std::size_t size_ = 0;
    std::unique_ptr<double, Release> first_{nullptr, Release{std::align_val_t{cache_line}}};
};

} // namespace osteoflare::solvers::fields
