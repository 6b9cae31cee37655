#pragma once

#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>

namespace osteoflare::benchmarks {

/// A linear solver of our own for SUNDIALS, whose matrix holds everything: `Content` has factor(), 0 if it succeeded,
/// and solve(x, b).
template <class Content>
struct CustomLinear {
    static Content& content_of(SUNMatrix matrix) { return *static_cast<Content*>(matrix->content); }

    static SUNMatrix make_matrix(SUNContext context)
    {
        SUNMatrix matrix = SUNMatNewEmpty(context);
        matrix->content = new Content;
        matrix->ops->getid = [](SUNMatrix) { return SUNMATRIX_CUSTOM; };
        matrix->ops->clone = [](SUNMatrix like) { return make_matrix(like->sunctx); };
        matrix->ops->destroy = [](SUNMatrix self) {
            delete static_cast<Content*>(self->content);
            self->content = nullptr;
            SUNMatFreeEmpty(self);
        };
        matrix->ops->zero = [](SUNMatrix) { return 0; }; // it is formed as a whole
        return matrix;
    }

    static SUNLinearSolver make_solver(SUNContext context)
    {
        SUNLinearSolver solver = SUNLinSolNewEmpty(context);
        solver->ops->gettype = [](SUNLinearSolver) { return SUNLINEARSOLVER_DIRECT; };
        solver->ops->initialize = [](SUNLinearSolver) { return 0; };
        solver->ops->setup = [](SUNLinearSolver, SUNMatrix matrix) { return content_of(matrix).factor(); };
        solver->ops->solve = [](SUNLinearSolver, SUNMatrix matrix, N_Vector x, N_Vector b, double) {
            content_of(matrix).solve(x, b);
            return 0;
        };
        solver->ops->free = [](SUNLinearSolver self) {
            SUNLinSolFreeEmpty(self);
            return 0;
        };
        return solver;
    }
};

} // namespace osteoflare::benchmarks
