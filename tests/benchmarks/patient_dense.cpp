#define EIGEN_DONT_PARALLELIZE // one core is measured
#include "tests/benchmarks/custom_linear.hpp"
#include "tests/benchmarks/patient_system.hpp"

#include <Eigen/LU>

namespace osteoflare::benchmarks {
namespace {

/// Eigen's LU with partial pivoting in place of SUNDIALS' own, which neither works in blocks nor is optimised in
/// Debian.
struct EigenLu {
    static constexpr auto n = static_cast<Eigen::Index>(PatientSystem::n);
    Eigen::MatrixXd matrix{n, n};
    Eigen::PartialPivLU<Eigen::MatrixXd> lu{n};
    std::vector<double> entries;

    int factor()
    {
        lu.compute(matrix);
        return lu.matrixLU().diagonal().array().isFinite().all() ? 0 : 1; // else CVODE tries a shorter step
    }
    void solve(N_Vector x, N_Vector b) const
    {
        const Eigen::Map<const Eigen::VectorXd> right(N_VGetArrayPointer(b), n);
        Eigen::Map<Eigen::VectorXd> found(N_VGetArrayPointer(x), n);
        found = lu.solve(right);
    }
};

int form(double, N_Vector y, N_Vector, SUNMatrix into, int may_keep, int* is_current, double scale, void* problem,
         N_Vector, N_Vector, N_Vector)
{
    auto& system = *static_cast<PatientSystem*>(problem);
    if (may_keep == 0) {
        system.find_jacobian(N_VGetArrayPointer(y));
    }
    *is_current = may_keep == 0 ? 1 : 0;
    EigenLu& dense = CustomLinear<EigenLu>::content_of(into);
    dense.entries.resize(system.rows().size());
    system.write_matrix(scale, dense.entries.data());
    dense.matrix.setZero();
    for (std::size_t column = 0; column < PatientSystem::n; ++column) {
        for (std::size_t e = system.starts()[column]; e < system.starts()[column + 1]; ++e) {
            dense.matrix(static_cast<Eigen::Index>(system.rows()[e]), static_cast<Eigen::Index>(column)) =
                dense.entries[e];
        }
    }
    return 0;
}

} // namespace

PatientLinearParts make_patient_dense(SUNContext context)
{
    return {CustomLinear<EigenLu>::make_matrix(context), CustomLinear<EigenLu>::make_solver(context), form};
}

} // namespace osteoflare::benchmarks
