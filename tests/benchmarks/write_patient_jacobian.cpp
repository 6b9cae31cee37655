// Writes the Jacobian of the whole patient, for stock solvers: write_patient_jacobian FOLDER.
//
// One site, the border and the sums over all sites together are a system whose Jacobian has all parts of the whole
// patient's: site by site, site by border, border by border, border by the sums, and what a site sends by its states.
#include "model/patient/patient.hpp"
#include "scenarios/kernels/record_model.hpp"
#include "solvers/compiler/kernel_writer.hpp"

#include <cstdio>
#include <fstream>
#include <string>

using namespace osteoflare;

namespace {

solvers::compiler::Recording record()
{
    using Number = solvers::compiler::Expression;
    namespace patient = model::patient;

    solvers::compiler::Recording recording;
    recording.name = "patient_jacobian";
    auto& graph = recording.graph;
    std::uint32_t n_symbols = 0;
    const auto site = scenarios::next_symbols<patient::Site<Number>>(graph, n_symbols);
    const auto border = scenarios::next_symbols<patient::Border<Number>>(graph, n_symbols);
    const auto sums = scenarios::next_symbols<patient::Shares<Number>>(graph, n_symbols);
    recording.n_states = n_symbols;
    const auto parameters = scenarios::next_symbols<patient::Parameters<Number>>(graph, n_symbols);
    const auto in = scenarios::next_symbols<patient::Inputs<Number>>(graph, n_symbols);
    recording.n_settings = n_symbols - recording.n_states;
    const auto add = [&](const std::vector<std::uint32_t>& nodes) {
        recording.rates.insert(recording.rates.end(), nodes.begin(), nodes.end());
    };
    add(scenarios::nodes_of(patient::site_rates(border, site, in, parameters), graph));
    add(scenarios::nodes_of(patient::border_rates(border, sums, in, parameters), graph));
    add(scenarios::nodes_of(patient::shares(site, parameters), graph)); // not rates, but the last rows are free
    return recording;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: write_patient_jacobian FOLDER\n");
        return 2;
    }
    const std::string name = std::string(argv[1]) + "/patient_jacobian_kernel.hpp";
    std::ofstream file(name);
    file << solvers::compiler::kernel_header(record());
    file.flush();
    if (!file) {
        std::fprintf(stderr, "write_patient_jacobian: cannot write %s\n", name.c_str());
        return 1;
    }
    return 0;
}
