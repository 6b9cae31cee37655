#pragma once

#include <cstddef>
#include <span>

/// How far draws of several ensembles can be trusted.
namespace osteoflare::solvers::sampling {

/// Draws of one quantity, (draw, ensemble, walker): a view.
struct Draws {
    std::span<const double> values;
    std::size_t n_ensembles = 1, n_walkers = 1;

    std::size_t n_draws() const { return values.size() / (n_ensembles * n_walkers); }
};

struct Diagnosis {
    double r_hat = 0;    ///< the larger one of bulk and tails; near 1 if all ensembles say the same
    double ess_bulk = 0; ///< independent draws that would tell the middle as exactly
    double ess_tail = 0; ///< the same of the 5 % and 95 % quantiles, the smaller one
};

/// Rank-normalised split R-hat and effective sample sizes (Vehtari et al. 2021, Bayesian Anal 16:667).
///
/// The walkers of one ensemble look at each other: they are no independent chains, and one of them alone is no Markov
/// chain. What is a Markov chain is the ensemble. So each ensemble, cut in two halves, is one chain here. R-hat
/// compares the averages of whole ensembles with the variance of all draws within them, as the nested R-hat of
/// Margossian et al. (2024, Bayesian Anal) does. The effective sample size follows from the autocorrelation of the
/// averages over walkers (Goodman & Weare 2010), and is the variance of the draws divided by that of their mean:
/// correlation between walkers is paid for. With one walker in each ensemble, both are those of Vehtari et al.
///
/// NaN where all draws are equal, or fewer than eight. Where ensembles stand still at different places, R-hat is
/// infinite, or as large as rounding allows.
Diagnosis diagnose(const Draws& draws);

} // namespace osteoflare::solvers::sampling
