#pragma once

namespace osteoflare::output {

/// The state of a file's seal.
enum class Seal {
    intact,
    broken, ///< the content is not what was sealed
    absent, ///< never sealed, cut off, or changed by a program that knows no seals
};

/// The last line of a results file, after the HDF5 content: the SHA-256 of all bytes before it. HDF5 and netCDF ignore
/// what stands behind their content, so any reader opens a sealed file; ours sees a flipped bit anywhere in it, where
/// HDF5 itself would show a wrong number or, in its own structures, crash.
/// Works on an open file; false if it cannot be read or written (errno says why).
bool add_seal(int descriptor);

/// Reads the whole file once: about a second for 2 GB. A file that cannot be read counts as broken.
Seal check_seal(int descriptor);

} // namespace osteoflare::output
