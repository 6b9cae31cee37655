#include "solvers/lanes/engines.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace osteoflare::solvers::lanes {
namespace {

bool is_usable(std::string_view instruction_set)
{
#if defined(__x86_64__)
    if (instruction_set == "avx512") {
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
               && __builtin_cpu_supports("avx512vl");
    }
    if (instruction_set == "avx2") {
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    }
#endif
    return instruction_set == "portable";
}

} // namespace

std::vector<std::string_view> instruction_sets()
{
#if defined(__x86_64__)
    return {"avx512", "avx2", "portable"};
#else
    return {"portable"};
#endif
}

std::vector<std::string_view> usable_instruction_sets()
{
    auto usable = instruction_sets();
    std::erase_if(usable, [](std::string_view name) { return !is_usable(name); });
    return usable;
}

std::string_view chosen_instruction_set()
{
    const auto usable = usable_instruction_sets();
    const char* named = std::getenv("OSTEOFLARE_INSTRUCTION_SET");
    const std::string_view wanted = named && *named ? std::string_view(named) : usable.front();
    const auto chosen = std::ranges::find(usable, wanted);
    if (chosen == usable.end()) {
        std::string list;
        for (const std::string_view name : usable) {
            list.append(list.empty() ? "" : ", ").append(name);
        }
        throw std::invalid_argument("OSTEOFLARE_INSTRUCTION_SET: '" + std::string(wanted)
                                    + "' cannot run here (this machine has " + list
                                    + "); name one of them, or leave the variable out");
    }
    return *chosen;
}

const LaneEngine& best_engine(std::span<const LaneEngine* const> engines)
{
    const std::string_view wanted = chosen_instruction_set();
    for (const LaneEngine* engine : engines) {
        if (engine->instruction_set == wanted) {
            return *engine;
        }
    }
    throw std::invalid_argument("best_engine: no engine for " + std::string(wanted));
}

} // namespace osteoflare::solvers::lanes
