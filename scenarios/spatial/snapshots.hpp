#pragma once

#include "output/checksum.hpp"
#include "output/descriptor.hpp"
#include "output/results_writer.hpp"
#include "scenarios/spatial/tissue.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace osteoflare::scenarios::spatial {

/// The tissue as it was at one moment, in a file beside the results until these are complete.
struct Snapshot {
    Tick at = 0;
    std::uint64_t n_agents = 0, n_bytes = 0;
    output::Digest digest{};
};

/// Snapshots of a run as they come: fields, cells and the surface of bone. In the results file, whose variables they
/// become, they are (snapshot, z, y, x), (agent_record) and (snapshot, y, x).
class Snapshots {
public:
    /// Opens FILE; `present` are those that a checkpoint knows of, and what stands behind them is cut off.
    /// Throws output::FileError if one of these is missing or damaged.
    Snapshots(std::filesystem::path file, const TissuePlan& plan, std::vector<Snapshot> present);

    const std::vector<Snapshot>& present() const { return present_; }
    void append(const Tissue& tissue, Tick at);
    /// Until then the disk may not have what was appended.
    void sync();

    /// Declares their variables; `tissue` tells where vessels are.
    void declare(output::ResultsWriter& file, const Tissue& tissue) const;
    /// Values of the i-th of these variables, as ResultsWriter asks for them.
    void fill(std::size_t variable, std::uint64_t first, std::span<std::byte> to) const;

private:
    struct Variable {
        std::string name;
        std::vector<std::string> dimensions;
        output::Element element = output::Element::float32;
        output::Labels labels;
    };
    static std::vector<Variable> variables();
    std::uint64_t elements(std::size_t variable, const Snapshot& snapshot) const;
    [[noreturn]] void complain(const std::string& what, int error) const;

    std::filesystem::path file_;
    TissuePlan plan_;
    std::vector<Variable> variables_;
    std::vector<Snapshot> present_;
    output::Descriptor descriptor_;
    std::uint64_t end_ = 0;
};

/// A description of the results' snapshots for ParaView and VisIt, which read `results` beside it.
std::string xdmf(const std::string& results, const TissuePlan& plan, const std::vector<Snapshot>& snapshots);

} // namespace osteoflare::scenarios::spatial
