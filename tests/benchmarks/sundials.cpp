#include "tests/benchmarks/sundials.hpp"

#include <stdexcept>
#include <string>

namespace osteoflare::benchmarks {

void require_success(int flag, const char* what)
{
    if (flag < 0) {
        throw std::runtime_error(std::string(what).append(" of SUNDIALS failed with ").append(std::to_string(flag)));
    }
}

SUNContext make_context()
{
    SUNContext context = nullptr;
    require_success(SUNContext_Create(nullptr, &context), "SUNContext_Create");
    return context;
}

void free_context(SUNContext context)
{
    (void)SUNContext_Free(&context);
}

void free_memory(void* memory)
{
    CVodeFree(&memory);
}

void free_linear(SUNLinearSolver solver)
{
    (void)SUNLinSolFree(solver);
}

} // namespace osteoflare::benchmarks
