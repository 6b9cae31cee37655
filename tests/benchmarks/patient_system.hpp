#pragma once

#include "patient_block_kernel.hpp"
#include "patient_border_kernel.hpp"
#include "patient_jacobian_kernel.hpp"
#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/pack.hpp"
#include "tests/benchmarks/sundials.hpp"

#include <cvodes/cvodes_ls.h>

#include <array>
#include <cstddef>
#include <vector>

/// The whole patient as one system for SUNDIALS, by the generated kernels on packs of sites. Only for sources that are
/// compiled for one and the same instruction set.
namespace osteoflare::benchmarks {

class PatientSystem {
public:
    using Block = kernels::patient_block;
    using Border = kernels::patient_border;
    static constexpr std::size_t n_sites = 24, n_site = Block::n_states, n_border = Border::n_states,
                                 n = n_sites * n_site + n_border;

    PatientSystem();

    void set_site(std::size_t site, const double* settings);
    void set_border(const double* settings) { Border::prepare(settings, border_c_.data()); }

    /// Where a site's state stands: sites lie side by side in packs, the border behind them all.
    static std::size_t place(std::size_t site, std::size_t state)
    {
        return site / width * (n_site * width) + state * width + site % width;
    }
    static std::size_t place(std::size_t border_state) { return n_sites * n_site + border_state; }

    void rates(const double* y, double* f) const;
    /// Computes all entries of the Jacobian that can be other than zero.
    void find_jacobian(const double* y);

    // Columns, compressed: entry e of the Jacobian stands in row rows()[e].
    const std::vector<std::size_t>& starts() const { return starts_; } ///< (column), and the end
    const std::vector<std::size_t>& rows() const { return rows_; }     ///< (entry)
    /// I - scale J, (entry).
    void write_matrix(double scale, double* entries) const
    {
        for (std::size_t e = 0; e < rows_.size(); ++e) {
            entries[e] = identity_[e] - scale * jacobian_[e];
        }
    }

private:
    using Pack = solvers::lanes::WidestPack;
    using One = solvers::lanes::Pack1;
    using Jacobian = kernels::patient_jacobian;
    static constexpr std::size_t width = Pack::width, n_packs = n_sites / width, n_sums = Block::n_offered;
    static_assert(n_sites % width == 0);
    static_assert(Jacobian::n_states == n_site + n_border + n_sums);

    /// What the sites send together, (sum).
    std::array<One, n_sums> sums(const double* y) const;
    std::size_t number_of(std::size_t row, std::size_t column) const;

    /// An entry of a border's row in a site's column: how the row depends on a sum, and the sum on the site.
    struct ThroughSum {
        std::size_t by_sum, of_share;            ///< entries of the kernel's Jacobian
        std::array<std::size_t, n_sites> number; ///< of our entries, (site)
    };

    std::vector<std::array<Pack, Block::n_coefficients>> block_c_;       ///< (pack)
    std::vector<std::array<Pack, Jacobian::n_coefficients>> jacobian_c_; ///< (pack)
    std::array<One, Border::n_coefficients> border_c_;
    std::vector<std::size_t> starts_, rows_;
    std::vector<double> jacobian_, identity_;
    /// (entry of the kernel's Jacobian, site); for rows of the border only the first.
    std::array<std::array<std::size_t, n_sites>, Jacobian::n_jacobian> numbers_{};
    std::vector<ThroughSum> through_sums_;
};

/// A matrix, what forms I - scale J in it from a PatientSystem, and what solves with it.
struct PatientLinearParts {
    SUNMatrix matrix = nullptr;
    SUNLinearSolver solver = nullptr;
    CVLsLinSysFn form = nullptr;
};
PatientLinearParts make_patient_dense(SUNContext context);
/// Throws std::invalid_argument where KLU is not there.
PatientLinearParts make_patient_klu(const PatientSystem& system, N_Vector like, SUNContext context);

} // namespace osteoflare::benchmarks
