#pragma once

#include "output/checksum.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace osteoflare::output {

/// The state of a file's seal.
enum class Seal {
    intact,
    broken, ///< the content is not what was sealed
    absent, ///< never sealed, cut off, or changed by a program that knows no seals
};

/// The last line of a results file, after the HDF5 content: a checksum of all bytes before it. HDF5 and netCDF ignore
/// what stands behind their content, so any reader opens a sealed file; ours sees a flipped bit anywhere in it, where
/// HDF5 itself would show a wrong number or, in its own structures, crash.
///
/// The line names its algorithm. Ours is `xxh3-128-64MiB`: the XXH3-128 of the XXH3-128 digests of the content's
/// consecutive pieces of 64 MiB, so that several threads can compute it. Files of version 0.1 carry a `sha256`.
inline constexpr std::uint64_t seal_piece = std::uint64_t{64} << 20U;

/// The line over content whose pieces have these digests.
std::string seal_line(std::span<const Digest> pieces);

/// Reads the whole file once: about a second for 4 GB. A file that cannot be read counts as broken.
Seal check_seal(int descriptor);

} // namespace osteoflare::output
