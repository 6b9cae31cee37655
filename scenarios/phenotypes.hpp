#pragma once

#include "scenarios/record.hpp"

#include <string>
#include <vector>

/// The model held against what was seen in animals, by the rules of docs/reference/phenotypes.md.
namespace osteoflare::scenarios {

/// What the model says about one animal.
struct Prediction {
    double onset = 0;              ///< [d], NaN for never
    double final_swelling = 0;     ///< [1]
    double final_bone = 0;         ///< fold of healthy
    double reactive_bone = 0;      ///< at the end [1]
    double il1b = 0, pro_il1b = 0; ///< at the end [pM]
};

struct ClaimVerdict {
    Claim claim;
    bool holds = false;
};

enum class Verdict {
    as_observed,     ///< every firm claim (A or B) holds
    not_as_observed, ///< some firm claim fails
    inference_only,  ///< there are only inferred claims (C)
    prediction,      ///< nobody looked (D)
    failed,          ///< the run did not reach its end
};

/// One row of the table.
struct PhenotypeRow {
    std::string row, name, title;
    Observed observed;
    bool refused = false; ///< a treatment that is refused: nothing was run
    Prediction prediction;
    std::vector<ClaimVerdict> claims;
    Verdict verdict = Verdict::prediction;
};

/// Runs everything in the library that carries an observed phenotype. Sorted by row.
std::vector<PhenotypeRow> compare_phenotypes(const Library& library, std::size_t threads);

/// Whether a claim holds for a prediction, given those of cmo and of the wild type.
bool holds(const Claim& claim, const Prediction& prediction, const Prediction& cmo, const Prediction& wild_type);

/// The verdict in words, the inferred claims (C) kept apart from the firm ones.
std::string words(const PhenotypeRow& row);

} // namespace osteoflare::scenarios
