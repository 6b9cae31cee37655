#include "scenarios/spatial/bytes.hpp"
#include "scenarios/spatial/tissue.hpp"

namespace osteoflare::scenarios::spatial {

void Tissue::save(ByteWriter& writer) const
{
    const auto put = [&](const auto& values) { writer.put(values); };
    put(std::array<std::uint64_t, 2>{step_number_, population_.next_id()});
    put(std::array{blood_});
    solvers::agents::Columns::visit(population_.agents(), put);
    put(fields_.lowest_open());
    for (std::size_t f = 0; f < n_fields; ++f) {
        put(fields_.values(f));
    }
    BoneSurface::visit(surface_, put);
    put(shed_);
    put(stroma_state_);
}

void Tissue::load(ByteReader& reader)
{
    std::array<std::uint64_t, 2> numbers{};
    reader.fill(numbers);
    step_number_ = static_cast<std::uint32_t>(numbers[0]);
    reader.fill(std::span(&blood_, 1));
    solvers::agents::Columns agents;
    solvers::agents::Columns::visit(
        agents, [&](auto& column) { column = reader.get<std::remove_cvref_t<decltype(column[0])>>(); });
    population_.restore(std::move(agents), numbers[1]);
    std::vector<std::uint32_t> lowest(surface_.n_columns());
    reader.fill(lowest);
    fields_.set_lowest_open(std::move(lowest));
    for (std::size_t f = 0; f < n_fields; ++f) {
        reader.fill(fields_.values(f));
    }
    BoneSurface::visit(surface_, [&](std::vector<double>& column) { reader.fill(column); });
    reader.fill(shed_);
    reader.fill(stroma_state_);
    find_nearest_stroma();
}

} // namespace osteoflare::scenarios::spatial
