#include "fuzzing/targets.hpp"
#include "scenarios/recording/checkpoint_file.hpp"

#include <cstring>

namespace osteoflare::fuzzing {

/// The input is whose checkpoint is expected, and a checkpoint.
void read_checkpoint(Bytes input)
{
    output::Digest study{};
    const std::size_t n = std::min(sizeof study, input.size());
    std::memcpy(study.data(), input.data(), n);
    const FileOf file(input.substr(n));
    may_refuse([&] { (void)scenarios::read_checkpoint(file.path(), study); });
}

} // namespace osteoflare::fuzzing
