#pragma once

#include "solvers/compiler/expression.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace osteoflare::solvers::compiler {

/// One part of a system of many equal blocks that meet only in a border: the equations of a block, or those of the
/// border. Its symbols are its states, then what the other part gives it, then its settings.
struct PartRecording {
    std::string name; ///< of the kernel, a valid identifier
    Graph graph;
    std::size_t n_states = 0, n_given = 0, n_settings = 0;
    std::vector<std::uint32_t> rates;   ///< dy/dt: the node of each state's derivative
    std::vector<std::uint32_t> offered; ///< what the other part gets; of blocks, the sum over all. Of states alone.
};

/// C++ text of two headers: `block.name` and `border.name`, structs in namespace osteoflare::kernels whose static
/// functions are straight-line code over any pack of numbers.
///
/// A step's matrix is an arrow: a block on the diagonal for each block, and a border. Its Schur complement is the
/// border's matrix, in which the blocks appear as `m`, the change of what they offer by what they are given; so a step
/// costs as much per block as a step of the block alone, and a few rows more. Throws std::invalid_argument if the parts
/// do not fit, or offer what depends on what they are given.
struct BlockHeaders {
    std::string block, border;
};
BlockHeaders block_kernel_headers(PartRecording block, PartRecording border);

} // namespace osteoflare::solvers::compiler
