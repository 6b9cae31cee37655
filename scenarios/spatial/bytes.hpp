#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

/// How the state of a run becomes the bytes of a checkpoint, and the way back.
namespace osteoflare::scenarios::spatial {

/// Columns of plain numbers, one after the other, each behind its size.
class ByteWriter {
public:
    template <class Values>
    void put(const Values& numbers)
    {
        const std::span values(numbers);
        static_assert(std::is_trivially_copyable_v<std::remove_cvref_t<decltype(values[0])>>);
        const std::uint64_t n = values.size();
        append(&n, sizeof n);
        append(values.data(), values.size_bytes());
    }
    std::vector<std::byte> bytes;

private:
    void append(const void* from, std::size_t n)
    {
        const std::size_t end = bytes.size();
        bytes.resize(end + n);
        if (n > 0) {
            std::memcpy(bytes.data() + end, from, n);
        }
    }
};

/// Throws std::invalid_argument where bytes are missing or columns have another size than expected.
class ByteReader {
public:
    explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <class Value>
    std::vector<Value> get()
    {
        std::uint64_t n = 0;
        copy(&n, sizeof n);
        if (n > bytes_.size() / sizeof(Value)) {
            throw std::invalid_argument("a checkpoint that is cut off");
        }
        std::vector<Value> values(n);
        copy(values.data(), n * sizeof(Value));
        return values;
    }
    /// Into a column that has its size already.
    template <class Values>
    void fill(Values&& to)
    {
        const std::span column(to);
        const auto values = get<std::remove_cvref_t<decltype(column[0])>>();
        if (values.size() != column.size()) {
            throw std::invalid_argument("a checkpoint of another run");
        }
        std::memcpy(column.data(), values.data(), column.size_bytes());
    }
    bool is_at_end() const { return bytes_.empty(); }

private:
    void copy(void* to, std::size_t n)
    {
        if (n > bytes_.size()) {
            throw std::invalid_argument("a checkpoint that is cut off");
        }
        if (n > 0) {
            std::memcpy(to, bytes_.data(), n);
        }
        bytes_ = bytes_.subspan(n);
    }
    std::span<const std::byte> bytes_;
};

} // namespace osteoflare::scenarios::spatial
