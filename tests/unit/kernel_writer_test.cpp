#include "solvers/compiler/kernel_writer.hpp"

#include "catch.hpp"

using namespace osteoflare::solvers::compiler;

namespace {

/// x' = k x / (h + x) - (x y) (k y), y' = (x y) - y, whose parts are recorded from left to right or the other way, as
/// compilers may.
Recording recorded(bool left_first)
{
    Recording recording;
    recording.name = "pair";
    recording.n_states = 2;
    recording.n_settings = 2;
    Graph& graph = recording.graph;
    Expression symbols[4];
    for (std::uint32_t i = 0; i < 4; ++i) {
        const std::uint32_t number = left_first ? i : 3 - i;
        symbols[number] = Expression::symbol(graph, number);
    }
    const auto& [x, y, k, h] = symbols;
    Expression up, met, eaten;
    if (left_first) {
        up = k * x;
        met = x * y;
        eaten = k * y;
    } else {
        eaten = k * y;
        met = x * y;
        up = k * x;
    }
    const Expression growth = up / (h + x), loss = met * eaten;
    recording.rates = {(growth - loss).in(graph), (met - y).in(graph)};
    return recording;
}

} // namespace

TEST_CASE("a kernel does not depend on which of two operands was recorded first", "[compiler]")
{
    CHECK(kernel_header(recorded(true)) == kernel_header(recorded(false)));
}
