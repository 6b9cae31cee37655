#pragma once

#include <Eigen/Dense>

#include <cstddef>
#include <span>

/// Eigen's names for plain numbers; for sources only, never for a header that others read.
namespace osteoflare::solvers::steady {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

inline Eigen::Map<const Vector> as_vector(std::span<const double> values)
{
    return {values.data(), static_cast<Eigen::Index>(values.size())};
}

inline std::span<double> span_of(Vector& values)
{
    return {values.data(), static_cast<std::size_t>(values.size())};
}

inline std::span<const double> span_of(const Vector& values)
{
    return {values.data(), static_cast<std::size_t>(values.size())};
}

inline std::span<double> span_of(Matrix& values)
{
    return {values.data(), static_cast<std::size_t>(values.size())};
}

inline Eigen::Index index(std::size_t i)
{
    return static_cast<Eigen::Index>(i);
}

} // namespace osteoflare::solvers::steady
