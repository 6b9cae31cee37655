#include "tests/benchmarks/patient_lives.hpp"
#include "tests/benchmarks/patient_system.hpp"

#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>

#include <algorithm>

namespace osteoflare::benchmarks {
namespace {

int form(double, N_Vector y, N_Vector, SUNMatrix matrix, int may_keep, int* is_current, double scale, void* problem,
         N_Vector, N_Vector, N_Vector)
{
    auto& system = *static_cast<PatientSystem*>(problem);
    if (may_keep == 0) {
        system.find_jacobian(N_VGetArrayPointer(y));
    }
    *is_current = may_keep == 0 ? 1 : 0;
    system.write_matrix(scale, SUNSparseMatrix_Data(matrix));
    return 0;
}

} // namespace

bool has_klu()
{
    return true;
}

PatientLinearParts make_patient_klu(const PatientSystem& system, N_Vector like, SUNContext context)
{
    constexpr int by_minimum_degree = 0; // AMD: less fill-in here than by COLAMD, SUNDIALS' default
    constexpr auto n = static_cast<sunindextype>(PatientSystem::n);
    const auto n_entries = static_cast<sunindextype>(system.rows().size());
    SUNMatrix matrix = SUNSparseMatrix(n, n, n_entries, CSC_MAT, context);
    std::ranges::copy(system.starts(), SUNSparseMatrix_IndexPointers(matrix));
    std::ranges::copy(system.rows(), SUNSparseMatrix_IndexValues(matrix));
    SUNLinearSolver solver = SUNLinSol_KLU(like, matrix, context);
    require_success(SUNLinSol_KLUSetOrdering(solver, by_minimum_degree), "SUNLinSol_KLUSetOrdering");
    return {matrix, solver, form};
}

} // namespace osteoflare::benchmarks
