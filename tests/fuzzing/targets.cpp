#include "fuzzing/targets.hpp"

#include <sys/mman.h>

#include <array>

namespace osteoflare::fuzzing {

std::span<const Target> targets()
{
    static constexpr std::array<Target, 10> all{{
        {"scenario", read_scenario},
        {"trial", read_trial},
        {"problem", read_problem},
        {"event_table", read_event_table},
        {"data_table", read_data_table},
        {"units", read_units},
        {"results", read_results},
        {"shard", read_shard},
        {"study_note", read_study_note},
        {"checkpoint", read_checkpoint},
    }};
    return all;
}

const scenarios::Library& library()
{
    static const scenarios::Library read = scenarios::read_library(scenarios::library_folder());
    return read;
}

FileOf::FileOf(Bytes input) : descriptor_(::memfd_create("input", MFD_CLOEXEC))
{
    if (!output::write_at(descriptor_.number(), 0, std::as_bytes(std::span(input)))) {
        throw std::runtime_error("there is no memory for a file");
    }
}

std::filesystem::path FileOf::path() const
{
    return "/proc/self/fd/" + std::to_string(descriptor_.number());
}

} // namespace osteoflare::fuzzing
