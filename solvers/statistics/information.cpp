#include "solvers/statistics/information.hpp"

#include <Eigen/SVD>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace osteoflare::solvers {

std::vector<InformationMode> information_modes(std::span<const double> slopes, std::size_t n_parameters,
                                               double tolerance)
{
    if (!std::ranges::all_of(slopes, [](double slope) { return std::isfinite(slope); })) {
        throw std::invalid_argument("information_modes: slopes must be finite");
    }
    using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto columns = static_cast<Eigen::Index>(n_parameters);
    const auto rows = static_cast<Eigen::Index>(slopes.size()) / columns;
    const Eigen::Map<const Matrix> j(slopes.data(), rows, columns);
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(j, Eigen::ComputeFullV);
    std::vector<InformationMode> modes;
    for (Eigen::Index k = columns; k-- > 0;) {
        const double singular = k < svd.singularValues().size() ? svd.singularValues()[k] : 0;
        const bool is_seen = singular > tolerance * svd.singularValues()[0];
        InformationMode mode;
        mode.eigenvalue = is_seen ? singular * singular : 0;
        mode.standard_error = is_seen ? 1 / singular : std::numeric_limits<double>::infinity();
        const Eigen::VectorXd direction = svd.matrixV().col(k);
        Eigen::Index largest = 0;
        direction.cwiseAbs().maxCoeff(&largest);
        const double sign = direction[largest] < 0 ? -1 : 1;
        for (Eigen::Index i = 0; i < columns; ++i) {
            mode.direction.push_back(sign * direction[i]);
        }
        modes.push_back(std::move(mode));
    }
    return modes;
}

} // namespace osteoflare::solvers
