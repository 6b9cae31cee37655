#pragma once

#include "scenarios/record.hpp"

namespace osteoflare::scenarios::spatial {

/// Runs the one member of a spatial study and records it with its snapshots; an XDMF file that describes these comes to
/// stand beside the results. While the run goes on, FILE.checkpoint and FILE.snapshots hold what is needed to go on
/// with it: the result of a run that was killed and resumed equals that of an unbroken one, byte for byte.
/// Throws output::FileError, before any work if the file cannot be made.
Outcomes record_tissue(const Study& study, const RecordOptions& options);

/// How often the tissue of a run is kept as it is, and how much of a disk each time takes, cells left aside: they are
/// few in comparison.
Tick n_snapshots(const Scenario& scenario);
double snapshot_bytes(const TissuePlan& plan);

} // namespace osteoflare::scenarios::spatial
