#pragma once

#include "output/results_writer.hpp"
#include "scenarios/recording/closed_blocks.hpp"

namespace osteoflare::scenarios {

/// Variables beside those of the members, from elsewhere.
struct Attachment {
    std::function<void(output::ResultsWriter& file)> declare = nullptr; ///< declares streamed ones, numbered from 0
    output::Fill fill = nullptr;                                        ///< gives their values
    std::function<void()> before_name = nullptr;                        ///< see output::ResultsWriter::finish
};

/// Writes the results file from the finished blocks of a study, on so many threads (0: all of the machine's), and
/// returns what is told of it. Throws output::FileError.
Outcomes assemble(const Study& study, const Layout& layout, const ClosedBlocks& blocks, output::ResultsWriter& file,
                  std::size_t threads, const Attachment& attachment = {});

} // namespace osteoflare::scenarios
