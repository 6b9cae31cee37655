#pragma once

#include "solvers/compiler/recording.hpp"

#include <string>

namespace osteoflare::solvers::compiler {

/// C++ text of a header with the kernel of a recorded model: a struct `NAME` in namespace osteoflare::kernels, whose
/// static functions are straight-line code over any pack of numbers (solvers/lanes/pack.hpp says what a pack can do).
std::string kernel_header(Recording recording);

} // namespace osteoflare::solvers::compiler
