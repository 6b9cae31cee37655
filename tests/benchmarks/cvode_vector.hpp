#pragma once

#include <nvector/nvector_serial.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace osteoflare::benchmarks {

/// SUNDIALS' serial vector of n numbers with its arithmetic compiled here. Debian compiles SUNDIALS without
/// optimisation, which makes CVODE two to three times slower than it is; a comparison must not profit from that.
template <std::size_t n>
struct FastVector {
    static double* values(N_Vector vector) { return static_cast<N_VectorContent_Serial>(vector->content)->data; }

    static void linear_sum(double a, N_Vector x, double b, N_Vector y, N_Vector z)
    {
        const double *from_x = values(x), *from_y = values(y);
        double* to = values(z);
        for (std::size_t i = 0; i < n; ++i) {
            to[i] = a * from_x[i] + b * from_y[i];
        }
    }

    static void constant(double c, N_Vector z) { std::fill_n(values(z), n, c); }

    /// z = f(x)
    template <class Function>
    static void map(N_Vector x, N_Vector z, Function f)
    {
        const double* from = values(x);
        double* to = values(z);
        for (std::size_t i = 0; i < n; ++i) {
            to[i] = f(from[i]);
        }
    }

    /// z = f(x, y)
    template <class Function>
    static void map(N_Vector x, N_Vector y, N_Vector z, Function f)
    {
        const double *from_x = values(x), *from_y = values(y);
        double* to = values(z);
        for (std::size_t i = 0; i < n; ++i) {
            to[i] = f(from_x[i], from_y[i]);
        }
    }

    static double weighted_norm(N_Vector x, N_Vector weights)
    {
        const double *from = values(x), *weight = values(weights);
        constexpr std::size_t n_sums = 8; // side by side
        double sums[n_sums] = {};
        for (std::size_t first = 0; first < n; first += n_sums) {
            for (std::size_t j = 0; j < std::min(n_sums, n - first); ++j) {
                const double part = from[first + j] * weight[first + j];
                sums[j] += part * part;
            }
        }
        double sum = 0;
        for (const double one : sums) {
            sum += one;
        }
        return std::sqrt(sum / n);
    }

    static double largest(N_Vector x)
    {
        double most = 0;
        for (std::size_t i = 0; i < n; ++i) {
            most = std::max(most, std::abs(values(x)[i]));
        }
        return most;
    }

    static double least(N_Vector x) { return *std::min_element(values(x), values(x) + n); }

    static int linear_combination(int count, double* factors, N_Vector* vectors, N_Vector z)
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

    static int scale_add_multi(int count, double* factors, N_Vector x, N_Vector* y, N_Vector* z)
    {
        for (int v = 0; v < count; ++v) {
            linear_sum(factors[v], x, 1, y[v], z[v]);
        }
        return 0;
    }

    static N_Vector make(SUNContext context)
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
};

} // namespace osteoflare::benchmarks
