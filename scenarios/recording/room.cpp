#include "scenarios/recording/room.hpp"

#include "output/file_error.hpp"
#include "output/room.hpp"

#include <fmt/format.h>

namespace osteoflare::scenarios {
namespace {

std::string size(double bytes)
{
    return bytes < 1e9 ? fmt::format("{:.0f} MB", 1e-6 * bytes) : fmt::format("{:.1f} GB", 1e-9 * bytes);
}

} // namespace

void require_memory(double bytes, const std::string& sum, const Place& place, const std::string& suggestion)
{
    if (const double free = output::free_memory(); bytes > free) {
        throw InputError(place, {fmt::format("this takes {} of memory", size(bytes)),
                                 fmt::format("{}; {} are free", sum, size(free)), suggestion});
    }
}

void require_disk(double bytes, const std::string& sum, const std::filesystem::path& file,
                  const std::string& suggestion)
{
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (const double free = output::free_disk(folder); bytes > free) {
        throw output::FileError(file, fmt::format("takes {} of disk", size(bytes)),
                                fmt::format("{}; {} are free", sum, size(free)), suggestion);
    }
}

} // namespace osteoflare::scenarios
