#include "scenarios/spatial/snapshots.hpp"

#include "output/file_error.hpp"
#include "scenarios/exporting/xml.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

namespace osteoflare::scenarios::spatial {
namespace {

using output::Element;
using output::Labels;

/// Elements of different types, one after the other.
class Packed {
public:
    template <class Value, class ValueOf>
    void put(std::size_t n, ValueOf value_of)
    {
        const std::size_t end = bytes.size();
        bytes.resize(end + n * sizeof(Value));
        for (std::size_t i = 0; i < n; ++i) {
            const auto value = static_cast<Value>(value_of(i));
            std::memcpy(bytes.data() + end + i * sizeof(Value), &value, sizeof(Value));
        }
    }
    std::vector<std::byte> bytes;
};

/// Where voxels or columns lie.
std::vector<double> centres(std::size_t n, double spacing)
{
    std::vector<double> at(n);
    for (std::size_t i = 0; i < n; ++i) {
        at[i] = (static_cast<double>(i) + 0.5) * spacing;
    }
    return at;
}

} // namespace

std::vector<Snapshots::Variable> Snapshots::variables()
{
    std::vector<Variable> all;
    for (const model::Description& entry : mediator_descriptions()) {
        all.push_back({fmt::format("field/{}", entry.name),
                       {"snapshot", "z", "y", "x"},
                       Element::float32,
                       {std::string(entry.unit), std::string(entry.meaning), std::string(entry.symbol), "computed"}});
    }
    all.push_back({"surface/bone",
                   {"snapshot", "y", "x"},
                   Element::float32,
                   {"um", "height of mineralised bone", "", "computed"}});
    all.push_back({"surface/reactive_bone",
                   {"snapshot", "y", "x"},
                   Element::float32,
                   {"um", "thickness of woven bone on top of it", "", "computed"}});
    std::vector<std::uint8_t> flags;
    for (std::uint8_t kind = 0; kind < model::agents::n_cell_kinds; ++kind) {
        flags.push_back(kind);
    }
    const auto agent = [&](const char* name, Element element, const Labels& labels) {
        all.push_back({fmt::format("agent/{}", name), {"agent_record"}, element, labels});
    };
    agent("id", Element::int64, {"1", "number of the cell, which it keeps"});
    agent("kind", Element::uint8,
          {"1",
           "kind of the cell",
           "",
           "",
           {{"flag_values", flags}, {"flag_meanings", fmt::format("{}", fmt::join(model::agents::cell_names, " "))}}});
    agent("x", Element::float32, {"um", "position along x"});
    agent("y", Element::float32, {"um", "position along y"});
    agent("z", Element::float32, {"um", "position above the bottom of the box"});
    agent("diameter", Element::float32, {"um", "diameter"});
    return all;
}

Snapshots::Snapshots(std::filesystem::path file, const TissuePlan& plan, std::vector<Snapshot> present)
    : file_(std::move(file)),
      plan_(plan),
      variables_(variables()),
      present_(std::move(present)),
      descriptor_(
          ::open(file_.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | (present_.empty() ? O_CREAT | O_TRUNC : 0), 0666))
{
    if (descriptor_.number() < 0 && !present_.empty()) {
        throw output::FileError(file_, "cannot be opened, and the checkpoint needs it", output::system_reason(errno),
                                "start afresh with --force");
    }
    if (descriptor_.number() < 0) {
        complain("cannot be opened", errno);
    }
    for (const Snapshot& snapshot : present_) {
        std::vector<std::byte> bytes(snapshot.n_bytes);
        if (!output::read_at(descriptor_.number(), static_cast<off_t>(end_), bytes)
            || output::checksum(bytes) != snapshot.digest) {
            throw output::FileError(file_, fmt::format("the snapshot of day {:g} is damaged", to_days(snapshot.at)),
                                    "it is not what the checkpoint says", "start afresh with --force");
        }
        end_ += snapshot.n_bytes;
    }
    if (::ftruncate(descriptor_.number(), static_cast<off_t>(end_)) != 0) {
        complain("cannot be cut off", errno);
    }
}

void Snapshots::complain(const std::string& what, int error) const
{
    const std::string reason = error == 0 ? "it is cut off" : output::system_reason(error);
    throw output::FileError(file_, what, reason, output::write_advice(reason));
}

std::uint64_t Snapshots::elements(std::size_t variable, const Snapshot& snapshot) const
{
    const auto grid = plan_.grid();
    const std::string& name = variables_[variable].name;
    return name.starts_with("field/")     ? grid.n_voxels()
           : name.starts_with("surface/") ? grid.nx * grid.ny
                                          : snapshot.n_agents;
}

void Snapshots::append(const Tissue& tissue, Tick at)
{
    const auto grid = plan_.grid();
    const TissueFields& fields = tissue.fields();
    const auto& agents = tissue.population().agents();
    Packed packed;
    for (std::size_t f = 0; f < n_mediators; ++f) {
        packed.put<float>(grid.n_voxels(), [&](std::size_t v) {
            const std::size_t x = v % grid.nx, y = v / grid.nx % grid.ny, z = v / grid.nx / grid.ny;
            return fields.is_open(x, y, z) ? fields.value(static_cast<Field>(f), fields.offset(x, y, z))
                                           : std::numeric_limits<double>::quiet_NaN();
        });
    }
    packed.put<float>(grid.nx * grid.ny, [&](std::size_t c) { return tissue.surface().bone()[c]; });
    packed.put<float>(grid.nx * grid.ny, [&](std::size_t c) { return tissue.surface().woven()[c]; });
    packed.put<std::int64_t>(agents.size(), [&](std::size_t i) { return agents.id[i]; });
    packed.put<std::uint8_t>(agents.size(), [&](std::size_t i) { return agents.kind[i]; });
    for (const auto* column : {&agents.x, &agents.y, &agents.z}) {
        packed.put<float>(agents.size(), [&](std::size_t i) { return (*column)[i]; });
    }
    packed.put<float>(agents.size(), [&](std::size_t i) { return tissue.diameter(i); });
    if (!output::write_at(descriptor_.number(), static_cast<off_t>(end_), packed.bytes)) {
        complain("cannot be written", errno);
    }
    present_.push_back({at, agents.size(), packed.bytes.size(), output::checksum(packed.bytes)});
    end_ += packed.bytes.size();
}

void Snapshots::sync()
{
    if (::fdatasync(descriptor_.number()) != 0) {
        complain("cannot be written", errno);
    }
}

void Snapshots::declare(output::ResultsWriter& file, const Tissue& tissue) const
{
    const auto grid = plan_.grid();
    std::vector<double> days;
    std::vector<std::int64_t> ends;
    for (const Snapshot& snapshot : present_) {
        days.push_back(to_days(snapshot.at));
        ends.push_back((ends.empty() ? 0 : ends.back()) + static_cast<std::int64_t>(snapshot.n_agents));
    }
    const auto dimension = [&](const char* name, const std::vector<double>& values, const Labels& labels) {
        file.dimension(name, std::span<const double>(values), labels);
    };
    dimension("snapshot", days, {"d", "age of the animal at a snapshot"});
    dimension("x", centres(grid.nx, grid.spacing), {"um", "middle of a voxel along x"});
    dimension("y", centres(grid.ny, grid.spacing), {"um", "middle of a voxel along y, the direction of the vessels"});
    dimension("z", centres(grid.nz, grid.spacing), {"um", "middle of a voxel above the bottom of the box"});
    file.counted_dimension("agent_record", static_cast<std::uint64_t>(ends.back()), {"1", "a cell in a snapshot"});
    file.variable("agent_end", {"snapshot"}, Element::int64,
                  {"1", "end of a snapshot's agent records; they begin where those of the one before end"});
    file.write("agent_end", 0, std::span<const std::int64_t>(ends));
    std::vector<double> x, z;
    for (const auto& vessel : tissue.vessels()) {
        x.push_back(vessel[0]);
        z.push_back(vessel[1]);
    }
    file.counted_dimension("vessel", x.size(), {"1", "a vessel, which runs along y"});
    file.variable("vessel_x", {"vessel"}, Element::float64, {"um", "position of a vessel along x"});
    file.write("vessel_x", 0, std::span<const double>(x));
    file.variable("vessel_z", {"vessel"}, Element::float64, {"um", "height of a vessel above the bottom of the box"});
    file.write("vessel_z", 0, std::span<const double>(z));
    for (const Variable& variable : variables_) {
        file.streamed(variable.name, variable.dimensions, variable.element, variable.labels);
    }
}

void Snapshots::fill(std::size_t variable, std::uint64_t first, std::span<std::byte> to) const
{
    const auto bytes_of = [&](std::size_t v, const Snapshot& snapshot) {
        return elements(v, snapshot) * output::bytes_of(variables_[v].element);
    };
    const std::uint64_t element = output::bytes_of(variables_[variable].element);
    std::uint64_t begin = 0, skip = first * element; // of the snapshot in the file; bytes of the variable before `to`
    for (const Snapshot& snapshot : present_) {
        const std::uint64_t own = bytes_of(variable, snapshot);
        if (skip < own && !to.empty()) {
            std::uint64_t offset = begin + skip;
            for (std::size_t v = 0; v < variable; ++v) {
                offset += bytes_of(v, snapshot);
            }
            const std::size_t n = std::min<std::size_t>(to.size(), own - skip);
            if (!output::read_at(descriptor_.number(), static_cast<off_t>(offset), to.first(n))) {
                complain("cannot be read", errno);
            }
            to = to.subspan(n);
            skip = 0;
        } else {
            skip -= std::min(skip, own);
        }
        begin += snapshot.n_bytes;
    }
}

std::string xdmf(const std::string& results, const TissuePlan& plan, const std::vector<Snapshot>& snapshots)
{
    const auto grid = plan.grid();
    XmlWriter xml;
    xml.open("Xdmf", {{"Version", "3.0"}});
    xml.open("Domain");
    const auto slab = [&](const std::string& name, const std::string& type, const std::string& size,
                          const std::string& start, const std::string& count, const std::string& shape,
                          const std::string& whole) {
        const std::size_t rank = static_cast<std::size_t>(std::ranges::count(start, ' ')) + 1;
        std::string stride;
        for (std::size_t i = 0; i < rank; ++i) {
            stride += i == 0 ? "1" : " 1";
        }
        xml.open("DataItem", {{"ItemType", "HyperSlab"}, {"Dimensions", shape}});
        xml.element("DataItem", {{"Dimensions", fmt::format("3 {}", rank)}, {"Format", "XML"}},
                    fmt::format("{} {} {}", start, stride, count));
        xml.element("DataItem", {{"Format", "HDF"}, {"NumberType", type}, {"Precision", size}, {"Dimensions", whole}},
                    fmt::format("{}:/{}", results, name));
        xml.close();
    };
    const auto collection = [&](const char* name, auto grid_of) {
        xml.open("Grid", {{"Name", name}, {"GridType", "Collection"}, {"CollectionType", "Temporal"}});
        std::uint64_t first_agent = 0;
        for (std::size_t s = 0; s < snapshots.size(); ++s) {
            xml.open("Grid", {{"Name", fmt::format("{} on day {:g}", name, to_days(snapshots[s].at))},
                              {"GridType", "Uniform"}});
            xml.empty("Time", {{"Value", fmt::format("{}", to_days(snapshots[s].at))}});
            grid_of(s, first_agent);
            xml.close();
            first_agent += snapshots[s].n_agents;
        }
        xml.close();
    };
    const std::string cells = fmt::format("{} {} {}", grid.nz, grid.ny, grid.nx);
    collection("fields", [&](std::size_t s, std::uint64_t) {
        xml.empty("Topology", {{"TopologyType", "3DCoRectMesh"},
                               {"Dimensions", fmt::format("{} {} {}", grid.nz + 1, grid.ny + 1, grid.nx + 1)}});
        xml.open("Geometry", {{"GeometryType", "ORIGIN_DXDYDZ"}});
        xml.element("DataItem", {{"Dimensions", "3"}, {"Format", "XML"}}, "0 0 0");
        xml.element("DataItem", {{"Dimensions", "3"}, {"Format", "XML"}}, fmt::format("{0} {0} {0}", grid.spacing));
        xml.close();
        for (const model::Description& entry : mediator_descriptions()) {
            xml.open("Attribute", {{"Name", fmt::format("{} [{}]", entry.name, entry.unit)},
                                   {"AttributeType", "Scalar"},
                                   {"Center", "Cell"}});
            slab(fmt::format("field/{}", entry.name), "Float", "4", fmt::format("{} 0 0 0", s), "1 " + cells, cells,
                 fmt::format("{} {}", snapshots.size(), cells));
            xml.close();
        }
    });
    std::uint64_t n_records = 0;
    for (const Snapshot& snapshot : snapshots) {
        n_records += snapshot.n_agents;
    }
    collection("cells", [&](std::size_t s, std::uint64_t first) {
        const std::string n = fmt::format("{}", snapshots[s].n_agents), from = fmt::format("{}", first),
                          all = fmt::format("{}", n_records);
        xml.empty("Topology", {{"TopologyType", "Polyvertex"}, {"NumberOfElements", n}});
        xml.open("Geometry", {{"GeometryType", "X_Y_Z"}});
        for (const char* axis : {"x", "y", "z"}) {
            slab(fmt::format("agent/{}", axis), "Float", "4", from, n, n, all);
        }
        xml.close();
        xml.open("Attribute", {{"Name", "kind"}, {"AttributeType", "Scalar"}, {"Center", "Node"}});
        slab("agent/kind", "UChar", "1", from, n, n, all);
        xml.close();
        xml.open("Attribute", {{"Name", "diameter [um]"}, {"AttributeType", "Scalar"}, {"Center", "Node"}});
        slab("agent/diameter", "Float", "4", from, n, n, all);
        xml.close();
    });
    xml.close();
    xml.close();
    return xml.text();
}

} // namespace osteoflare::scenarios::spatial
