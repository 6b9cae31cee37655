#include "tests/benchmarks/cvode_problem.hpp"

#include <nvector/nvector_serial.h>

#include <algorithm>
#include <cmath>

/// SUNDIALS' serial vector with its arithmetic compiled here. Debian compiles SUNDIALS without optimisation, which
/// makes CVODE two to three times slower than it is; a comparison must not profit from that.
namespace osteoflare::benchmarks {
namespace {

constexpr std::size_t n = CvodeProblem::Kernel::n_states;

double* values(N_Vector vector)
{
    return static_cast<N_VectorContent_Serial>(vector->content)->data;
}

void linear_sum(double a, N_Vector x, double b, N_Vector y, N_Vector z)
{
    const double *from_x = values(x), *from_y = values(y);
    double* to = values(z);
    for (std::size_t i = 0; i < n; ++i) {
        to[i] = a * from_x[i] + b * from_y[i];
    }
}

void constant(double c, N_Vector z)
{
    std::fill_n(values(z), n, c);
}

/// z = f(x)
template <class Function>
void map(N_Vector x, N_Vector z, Function f)
{
    const double* from = values(x);
    double* to = values(z);
    for (std::size_t i = 0; i < n; ++i) {
        to[i] = f(from[i]);
    }
}

/// z = f(x, y)
template <class Function>
void map(N_Vector x, N_Vector y, N_Vector z, Function f)
{
    const double *from_x = values(x), *from_y = values(y);
    double* to = values(z);
    for (std::size_t i = 0; i < n; ++i) {
        to[i] = f(from_x[i], from_y[i]);
    }
}

double weighted_norm(N_Vector x, N_Vector weights)
{
    const double *from = values(x), *weight = values(weights);
    double sums[4] = {}; // side by side
    for (std::size_t i = 0; i < n; ++i) {
        const double part = from[i] * weight[i];
        sums[i % 4] += part * part;
    }
    return std::sqrt((sums[0] + sums[1] + sums[2] + sums[3]) / n);
}

double largest(N_Vector x)
{
    double most = 0;
    for (std::size_t i = 0; i < n; ++i) {
        most = std::max(most, std::abs(values(x)[i]));
    }
    return most;
}

double least(N_Vector x)
{
    return *std::min_element(values(x), values(x) + n);
}

int linear_combination(int count, double* factors, N_Vector* vectors, N_Vector z)
{
    double sum[n] = {}; // z may be among them
    for (int v = 0; v < count; ++v) {
        const double* from = values(vectors[v]);
        for (std::size_t i = 0; i < n; ++i) {
            sum[i] += factors[v] * from[i];
        }
    }
    std::copy_n(sum, n, values(z));
    return 0;
}

int scale_add_multi(int count, double* factors, N_Vector x, N_Vector* y, N_Vector* z)
{
    for (int v = 0; v < count; ++v) {
        linear_sum(factors[v], x, 1, y[v], z[v]);
    }
    return 0;
}

} // namespace

N_Vector make_vector(SUNContext context)
{
    N_Vector vector = N_VNew_Serial(n, context);
    auto& operations = *vector->ops; // clones inherit them
    operations.nvlinearsum = linear_sum;
    operations.nvconst = constant;
    operations.nvprod = [](N_Vector x, N_Vector y, N_Vector z) {
        map(x, y, z, [](double a, double b) { return a * b; });
    };
    operations.nvdiv = [](N_Vector x, N_Vector y, N_Vector z) {
        map(x, y, z, [](double a, double b) { return a / b; });
    };
    operations.nvscale = [](double c, N_Vector x, N_Vector z) { map(x, z, [c](double a) { return c * a; }); };
    operations.nvabs = [](N_Vector x, N_Vector z) { map(x, z, [](double a) { return std::abs(a); }); };
    operations.nvinv = [](N_Vector x, N_Vector z) { map(x, z, [](double a) { return 1 / a; }); };
    operations.nvaddconst = [](N_Vector x, double b, N_Vector z) { map(x, z, [b](double a) { return a + b; }); };
    operations.nvwrmsnorm = weighted_norm;
    operations.nvmaxnorm = largest;
    operations.nvmin = least;
    operations.nvlinearcombination = linear_combination;
    operations.nvscaleaddmulti = scale_add_multi;
    return vector;
}

} // namespace osteoflare::benchmarks
