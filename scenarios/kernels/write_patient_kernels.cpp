// Writes the kernels of the patient when Osteoflare is built: write_patient_kernels FOLDER.
#include "scenarios/kernels/record_patient.hpp"

#include <cstdio>
#include <fstream>
#include <string>

using namespace osteoflare;

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: write_patient_kernels FOLDER\n");
        return 2;
    }
    const auto block = scenarios::record_patient_site(), border = scenarios::record_patient_border();
    const auto headers = solvers::compiler::block_kernel_headers(block, border);
    const auto write = [&](const std::string& name, const std::string& text) {
        std::ofstream file(std::string(argv[1]) + "/" + name + "_kernel.hpp");
        file << text;
        file.flush();
        return file.good();
    };
    if (!write(block.name, headers.block) || !write(border.name, headers.border)) {
        std::fprintf(stderr, "write_patient_kernels: cannot write into %s\n", argv[1]);
        return 1;
    }
    return 0;
}
