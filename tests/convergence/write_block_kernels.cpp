// Writes the kernels of the coupled blocks of the tests: write_block_kernels FOLDER.
#include "convergence/block_problem.hpp"
#include "solvers/compiler/block_kernel_writer.hpp"

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

using namespace osteoflare::solvers::compiler;
using namespace coupled_blocks;

namespace {

std::vector<Expression> symbols(Graph& graph, std::uint32_t& next, std::size_t count)
{
    std::vector<Expression> all;
    for (std::size_t i = 0; i < count; ++i) {
        all.push_back(Expression::symbol(graph, next++));
    }
    return all;
}

std::vector<std::uint32_t> nodes(Graph& graph, const std::vector<Expression>& all)
{
    std::vector<std::uint32_t> found;
    for (const Expression& one : all) {
        found.push_back(one.in(graph));
    }
    return found;
}

PartRecording block()
{
    PartRecording part;
    part.name = "joined_block";
    part.n_states = n_block_states;
    part.n_given = n_given;
    part.n_settings = n_block_settings;
    std::uint32_t next = 0;
    const auto y = symbols(part.graph, next, n_block_states), given = symbols(part.graph, next, n_given),
               settings = symbols(part.graph, next, n_block_settings);
    std::vector<Expression> rates(n_block_states), offered(n_offered);
    block_rates(y.data(), given.data(), settings.data(), rates.data());
    block_offers(y.data(), settings.data(), offered.data());
    part.rates = nodes(part.graph, rates);
    part.offered = nodes(part.graph, offered);
    return part;
}

PartRecording border()
{
    PartRecording part;
    part.name = "joined_border";
    part.n_states = n_border_states;
    part.n_given = n_offered;
    part.n_settings = n_border_settings;
    std::uint32_t next = 0;
    const auto y = symbols(part.graph, next, n_border_states), sums = symbols(part.graph, next, n_offered),
               settings = symbols(part.graph, next, n_border_settings);
    std::vector<Expression> rates(n_border_states), given(n_given);
    border_rates(y.data(), sums.data(), settings.data(), rates.data());
    border_gives(y.data(), given.data());
    part.rates = nodes(part.graph, rates);
    part.offered = nodes(part.graph, given);
    return part;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: write_block_kernels FOLDER\n");
        return 2;
    }
    const BlockHeaders headers = block_kernel_headers(block(), border());
    for (const auto& [name, text] :
         {std::pair("joined_block", headers.block), std::pair("joined_border", headers.border)}) {
        std::ofstream file(std::string(argv[1]) + "/" + name + "_kernel.hpp");
        file << text;
        file.flush();
        if (!file) {
            std::fprintf(stderr, "write_block_kernels: cannot write into %s\n", argv[1]);
            return 1;
        }
    }
    return 0;
}
