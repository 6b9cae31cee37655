#pragma once

#include "output/file_error.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>

/// Files say in which format they are written. What an earlier Osteoflare wrote is read; what a later one wrote is
/// refused, because what this one does not know of it could matter.
namespace osteoflare::output {

/// The format of results files, in their attribute `osteoflare_format`. Files without it were written before formats
/// were numbered, and count as 0. It grows when a file changes in a way that an earlier reader would misunderstand.
inline constexpr std::int64_t results_format = 1;

/// What to say of a file in a later format than the `known` one.
FileError later_format(const std::filesystem::path& file, std::int64_t format, std::int64_t known);

/// Throws later_format if `content` begins as `opening` does, a line "WORDS N", but with a greater number.
void refuse_later(const std::filesystem::path& file, std::string_view content, std::string_view opening);

} // namespace osteoflare::output
