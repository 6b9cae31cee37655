#pragma once

#include <cvodes/cvodes.h>
#include <sundials/sundials_context.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>
#include <sundials/sundials_nvector.h>

/// What SUNDIALS allocates, and how it wants it freed.
namespace osteoflare::benchmarks {

template <class Pointer, void (*release)(Pointer)>
struct Owned {
    Pointer pointer = nullptr;
    explicit Owned(Pointer made) : pointer(made) {}
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() { release(pointer); }
    operator Pointer() const { return pointer; }
};

/// Throws std::runtime_error for what SUNDIALS calls a failure.
void require_success(int flag, const char* what);

SUNContext make_context();
void free_context(SUNContext context);
void free_memory(void* memory);
void free_linear(SUNLinearSolver solver);

using OwnedContext = Owned<SUNContext, free_context>;
using OwnedVector = Owned<N_Vector, N_VDestroy>;
using OwnedMatrix = Owned<SUNMatrix, SUNMatDestroy>;
using OwnedLinear = Owned<SUNLinearSolver, free_linear>;
using OwnedMemory = Owned<void*, free_memory>;

} // namespace osteoflare::benchmarks
