// Writes the kernels of the test problems when the tests are built: write_test_kernels FOLDER.
#include "convergence/exact_problems.hpp"
#include "convergence/stiff_problems.hpp"
#include "solvers/compiler/kernel_writer.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

using namespace osteoflare::solvers::compiler;

namespace {

/// Runs a problem once on the recording number. A state's rate is also a flux, its square a read-out.
template <class Problem>
Recording record_problem()
{
    Recording recording;
    recording.name = Problem::name;
    recording.n_states = Problem::start.size();
    recording.n_settings = Problem::parameters.size();
    std::vector<Expression> states, parameters, rates(recording.n_states);
    std::uint32_t n_symbols = 0;
    for (std::size_t i = 0; i < recording.n_states; ++i) {
        states.push_back(Expression::symbol(recording.graph, n_symbols++));
    }
    for (std::size_t i = 0; i < recording.n_settings; ++i) {
        parameters.push_back(Expression::symbol(recording.graph, n_symbols++));
    }
    Problem::rates(states.data(), parameters, rates.data());
    for (const Expression& rate : rates) {
        recording.rates.push_back(rate.in(recording.graph));
        recording.fluxes.push_back(rate.in(recording.graph));
    }
    for (const Expression& state : states) {
        recording.readouts.push_back((state * state).in(recording.graph));
    }
    return recording;
}

template <class... Problem>
bool write(const std::filesystem::path& folder)
{
    const auto one = [&](const Recording& recording) {
        std::ofstream file(folder / (recording.name + "_kernel.hpp"));
        file << kernel_header(recording);
        file.flush();
        return file.good();
    };
    return (one(record_problem<Problem>()) && ...);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: write_test_kernels FOLDER\n");
        return 2;
    }
    if (!write<stiff::Hires, stiff::Rober, stiff::Orego, stiff::Vdpol, exact::Coupled, exact::Functions, exact::Powers,
               exact::Tank, exact::Circle, exact::BlowUp>(argv[1])) {
        std::fprintf(stderr, "write_test_kernels: cannot write into %s\n", argv[1]);
        return 1;
    }
    return 0;
}
