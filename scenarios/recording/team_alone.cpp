#include "scenarios/reading/input_error.hpp"
#include "scenarios/recording/team.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

namespace osteoflare::scenarios {

struct Team::State {};

Team::Team()
{
    // How many processes the usual launchers say they have started.
    for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"}) {
        const char* value = std::getenv(name);
        if (value && std::atoi(value) > 1) {
            throw InputError({"command line", 1, 1},
                             {fmt::format("started {} times at once", value),
                              "this osteoflare is built without MPI, and each process would compute the whole sweep",
                              "build it with the preset mpi, or share the sweep out with --part"});
        }
    }
}

Team::~Team() = default;

std::size_t Team::rank() const
{
    return 0;
}

std::size_t Team::size() const
{
    return 1;
}

void Team::serve(const Next& /*next*/, const Tell& /*tell*/, const std::function<bool()>& /*finished*/) {}

std::optional<std::size_t> Team::ask(std::size_t /*done*/, std::size_t /*failed*/)
{
    return std::nullopt;
}

void Team::go_home(std::size_t /*done*/, std::size_t /*failed*/) {}

void Team::give_up(int exit_code)
{
    std::exit(exit_code);
}

} // namespace osteoflare::scenarios
