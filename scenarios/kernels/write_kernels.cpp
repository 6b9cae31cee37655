// Writes the kernels of all models when Osteoflare is built: write_kernels FOLDER.
#include "model/classic/komarova2003.hpp"
#include "model/classic/lemaire2004.hpp"
#include "model/niche/niche.hpp"
#include "scenarios/kernels/record_model.hpp"
#include "solvers/compiler/kernel_writer.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace osteoflare;

namespace {

template <class Model>
void write(const std::filesystem::path& folder)
{
    std::ofstream file(folder / (std::string(Model::name) + "_kernel.hpp"));
    file << solvers::compiler::kernel_header(scenarios::record_model<Model>());
    file.flush();
    if (!file) {
        std::fprintf(stderr, "write_kernels: cannot write into %s\n", folder.c_str());
        std::exit(1);
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: write_kernels FOLDER\n");
        return 2;
    }
    write<model::niche::Model>(argv[1]);
    write<model::lemaire2004::Model>(argv[1]);
    write<model::komarova2003::Model>(argv[1]);
    return 0;
}
