#include "output/streams.hpp"

#include "output/descriptor.hpp"
#include "output/hdf5.hpp"
#include "output/seal.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

namespace osteoflare::output {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 18U; // fits into a core's own cache with room to spare

/// What one thread needs to write pieces.
class Pourer {
public:
    Pourer(int descriptor, const std::vector<Stream>& streams, const Fill& fill)
        : descriptor_(descriptor), streams_(streams), fill_(fill), chunk_(chunk_bytes + 2 * 16)
    {
    }

    /// Writes what streams there are in [begin, end) of the file and returns the digest of this range.
    Digest pour(std::uint64_t begin, std::uint64_t end)
    {
        Checksum sum;
        auto stream = std::ranges::find_if(streams_, [&](const Stream& s) { return end_of(s) > begin; });
        while (begin < end) {
            while (stream != streams_.end() && end_of(*stream) <= begin) {
                ++stream;
            }
            const std::uint64_t until = std::min(end, begin + chunk_bytes);
            if (stream == streams_.end() || stream->offset >= until) {
                begin += keep(begin, until, sum);
            } else if (stream->offset > begin) {
                begin += keep(begin, stream->offset, sum);
            } else {
                begin += write(*stream, begin, std::min(until, end_of(*stream)), sum);
            }
        }
        return sum.digest();
    }

private:
    static std::uint64_t end_of(const Stream& stream) { return stream.offset + stream.n * stream.element_bytes; }

    /// HDF5 has written this range.
    std::uint64_t keep(std::uint64_t begin, std::uint64_t end, Checksum& sum)
    {
        const std::span bytes(chunk_.data(), end - begin);
        if (!read_at(descriptor_, static_cast<off_t>(begin), bytes)) {
            throw hdf5::Error("cannot be read again", errno == 0 ? "it is shorter than it was" : system_reason(errno));
        }
        sum.add(bytes);
        return bytes.size();
    }

    std::uint64_t write(const Stream& stream, std::uint64_t begin, std::uint64_t end, Checksum& sum)
    {
        // A piece may end within an element.
        const std::uint64_t first = (begin - stream.offset) / stream.element_bytes;
        const std::uint64_t last = (end - stream.offset + stream.element_bytes - 1) / stream.element_bytes;
        const std::span elements(chunk_.data(), (last - first) * stream.element_bytes);
        make(stream, first, last, elements);
        const auto bytes = elements.subspan(begin - stream.offset - first * stream.element_bytes, end - begin);
        sum.add(bytes);
        if (!write_at(descriptor_, static_cast<off_t>(begin), bytes)) {
            throw hdf5::Error("cannot be written", system_reason(errno));
        }
        return bytes.size();
    }

    void make(const Stream& stream, std::uint64_t first, std::uint64_t last, std::span<std::byte> to)
    {
        const auto put = [&](std::uint64_t i, const void* element) {
            std::memcpy(to.data() + (i - first) * stream.element_bytes, element, stream.element_bytes);
        };
        if (stream.kind == Stream::Kind::values) {
            fill_(stream.variable, first, to);
        } else if (stream.kind == Stream::Kind::counted) {
            for (std::uint64_t i = first; i < last; ++i) {
                const auto number = static_cast<std::int64_t>(i);
                put(i, &number);
            }
        } else {
            choices_.resize(last - first);
            fill_(stream.variable, first, std::as_writable_bytes(std::span(choices_)));
            for (std::uint64_t i = first; i < last; ++i) {
                put(i, stream.references.at(choices_[i - first]).data());
            }
        }
    }

    int descriptor_;
    const std::vector<Stream>& streams_;
    const Fill& fill_;
    std::vector<std::byte> chunk_;
    std::vector<std::uint32_t> choices_;
};

} // namespace

std::vector<Digest> pour(int descriptor, std::uint64_t file_bytes, std::vector<Stream> streams, const Fill& fill,
                         std::size_t threads)
{
    std::erase_if(streams, [](const Stream& stream) { return stream.n == 0; });
    std::ranges::sort(streams, {}, &Stream::offset);
    std::vector<Digest> digests((file_bytes + seal_piece - 1) / seal_piece);
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr failure;
    const auto work = [&] {
        try {
            Pourer pourer(descriptor, streams, fill);
            for (std::size_t piece = next++; piece < digests.size(); piece = next++) {
                const std::uint64_t begin = piece * seal_piece;
                digests[piece] = pourer.pour(begin, std::min(begin + seal_piece, file_bytes));
            }
        } catch (...) {
            next = digests.size(); // the others need not go on
            const std::scoped_lock lock(mutex);
            failure = failure ? failure : std::current_exception();
        }
    };
    std::vector<std::thread> helpers;
    for (std::size_t i = 1; i < std::min(threads, digests.size()); ++i) {
        helpers.emplace_back(work);
    }
    work();
    for (std::thread& helper : helpers) {
        helper.join();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
    return digests;
}

} // namespace osteoflare::output
