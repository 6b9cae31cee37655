#pragma once

// Private to output/: no public header includes this one.

#include "output/checksum.hpp"
#include "output/results_writer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace osteoflare::output {

/// A variable's place in a results file whose values have yet to be written.
struct Stream {
    enum class Kind { values, counted, choices } kind = Kind::values;
    std::size_t variable = 0;      ///< its number for Fill
    std::uint64_t offset = 0;      ///< of the first byte in the file
    std::uint64_t n = 0;           ///< elements
    std::size_t element_bytes = 0; ///< in the file
    /// What stands in the file for each choice of a variable of texts: HDF5's reference to the text.
    std::vector<std::array<std::byte, 16>> references = {};
};

/// Writes all streams into the file, in its own order and each byte once, and returns the digests of the file's pieces
/// (output/seal.hpp). `streams` do not overlap. Several threads share the pieces.
/// Throws hdf5::Error if the file cannot be read or written, and what `fill` throws.
std::vector<Digest> pour(int descriptor, std::uint64_t file_bytes, std::vector<Stream> streams, const Fill& fill,
                         std::size_t threads);

} // namespace osteoflare::output
