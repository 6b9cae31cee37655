#include "tests/benchmarks/custom_linear.hpp"
#include "tests/benchmarks/cvode_problem.hpp"

#include <cmath>
#include <utility>

/// Linear solvers for CVODE. A matrix here holds everything: CVODE asks for I - scale J with one call, and each solver
/// forms it in the way it likes best.
namespace osteoflare::benchmarks {
namespace {

using Kernel = CvodeProblem::Kernel;
constexpr std::size_t n = Kernel::n_states;

/// The generated LU, kept with the scale at which it was made.
struct GeneratedLu {
    Pack1 lu[Kernel::n_factors];
    double scale = 0;

    void form(N_Vector y, CvodeProblem& problem, double at_scale, bool /*may_keep*/)
    {
        scale = at_scale;
        // J - I/scale is factored, so that a solve has one generated solve to do. The Jacobian comes with it.
        Kernel::factor(lanes_in(y), problem.coefficients, Pack1(1 / scale), problem.rates, lu);
    }
    static constexpr bool keeps_jacobian = false;
    int factor() { return 0; }
    void solve(N_Vector x, N_Vector b)
    {
        const Pack1* right = lanes_in(b);
        Kernel::solve(
            lu, [right](std::size_t i) { return right[i]; }, lanes_in(x)); // (I/scale - J) x = b
        double* values = N_VGetArrayPointer(x);
        for (std::size_t i = 0; i < n; ++i) {
            values[i] /= scale; // (I - scale J) x = b
        }
    }
};

/// LU with partial pivoting by columns, as SUNDIALS' own dense solver does it; the Jacobian's values are kept for when
/// CVODE only changes the scale.
struct DenseLu {
    Pack1 jacobian[Kernel::n_jacobian];
    double columns[n][n];
    std::size_t pivots[n];

    void form(N_Vector y, CvodeProblem& problem, double scale, bool may_keep)
    {
        if (!may_keep) {
            Kernel::jacobian(lanes_in(y), problem.coefficients, jacobian);
        }
        for (std::size_t j = 0; j < n; ++j) {
            for (std::size_t i = 0; i < n; ++i) {
                columns[j][i] = i == j ? 1 : 0;
            }
        }
        for (std::size_t e = 0; e < Kernel::n_jacobian; ++e) {
            columns[Kernel::jacobian_columns[e]][Kernel::jacobian_rows[e]] -= scale * jacobian[e].v;
        }
    }
    static constexpr bool keeps_jacobian = true;
    int factor()
    {
        for (std::size_t k = 0; k < n; ++k) {
            double* pivot_column = columns[k];
            std::size_t pivot = k;
            for (std::size_t i = k + 1; i < n; ++i) {
                pivot = std::abs(pivot_column[i]) > std::abs(pivot_column[pivot]) ? i : pivot;
            }
            pivots[k] = pivot;
            if (pivot_column[pivot] == 0) {
                return 1; // singular: CVODE tries a shorter step
            }
            if (pivot != k) {
                for (auto& column : columns) {
                    std::swap(column[pivot], column[k]);
                }
            }
            const double inverse = 1 / pivot_column[k];
            for (std::size_t i = k + 1; i < n; ++i) {
                pivot_column[i] *= inverse;
            }
            for (std::size_t j = k + 1; j < n; ++j) {
                const double factor = columns[j][k];
                if (factor != 0) {
                    for (std::size_t i = k + 1; i < n; ++i) {
                        columns[j][i] -= factor * pivot_column[i];
                    }
                }
            }
        }
        return 0;
    }
    void solve(N_Vector x, N_Vector b) const
    {
        double* values = N_VGetArrayPointer(x);
        const double* right = N_VGetArrayPointer(b);
        double z[n]; // on the stack, so that the compiler sees that it overlaps with nothing
        for (std::size_t i = 0; i < n; ++i) {
            z[i] = right[i];
        }
        for (std::size_t k = 0; k < n; ++k) {
            std::swap(z[k], z[pivots[k]]);
        }
        for (std::size_t k = 0; k + 1 < n; ++k) {
            for (std::size_t i = k + 1; i < n; ++i) {
                z[i] -= z[k] * columns[k][i];
            }
        }
        for (std::size_t k = n; k-- > 0;) {
            z[k] /= columns[k][k];
            for (std::size_t i = 0; i < k; ++i) {
                z[i] -= z[k] * columns[k][i];
            }
        }
        for (std::size_t i = 0; i < n; ++i) {
            values[i] = z[i];
        }
    }
};

template <class Content>
int form(double, N_Vector y, N_Vector, SUNMatrix matrix, int may_keep, int* is_current, double scale, void* problem,
         N_Vector, N_Vector, N_Vector)
{
    const bool keep = Content::keeps_jacobian && may_keep != 0;
    CustomLinear<Content>::content_of(matrix).form(y, *static_cast<CvodeProblem*>(problem), scale, keep);
    *is_current = keep ? 0 : 1;
    return 0;
}

template <class Content>
CvodeLinearParts parts(SUNContext context)
{
    return {CustomLinear<Content>::make_matrix(context), CustomLinear<Content>::make_solver(context), form<Content>};
}

} // namespace

CvodeLinearParts make_linear(CvodeLinear kind, SUNContext context)
{
    return kind == CvodeLinear::dense ? parts<DenseLu>(context) : parts<GeneratedLu>(context);
}

} // namespace osteoflare::benchmarks
