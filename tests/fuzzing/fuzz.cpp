// For libFuzzer, which has a main of its own: --target=NAME says which reader is attacked.

#include "fuzzing/targets.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

using namespace osteoflare::fuzzing;

namespace {

const Target* target = nullptr;

} // namespace

extern "C" int LLVMFuzzerInitialize(int* n_arguments, char*** arguments)
{
    constexpr std::string_view option = "--target=";
    for (int i = 1; i < *n_arguments; ++i) {
        const std::string_view argument = (*arguments)[i];
        for (const Target& known : targets()) {
            target = argument.starts_with(option) && argument.substr(option.size()) == known.name ? &known : target;
        }
    }
    if (target == nullptr) {
        std::fputs("which reader? (none of the targets was named); add --target=scenario, say\n", stderr);
        std::exit(2);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    target->read({reinterpret_cast<const char*>(data), size});
    return 0;
}
