#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

/// Sets the instruction set for as long as it lives.
struct InstructionSet {
    explicit InstructionSet(std::string_view name)
    {
        ::setenv("OSTEOFLARE_INSTRUCTION_SET", std::string(name).c_str(), 1);
    }
    ~InstructionSet() { ::unsetenv("OSTEOFLARE_INSTRUCTION_SET"); }
};

inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::ranges::equal(a, b, [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}
