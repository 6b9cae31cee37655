#include "scenarios/phenotypes.hpp"

#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace osteoflare::scenarios {
namespace {

double summary(const ModelEntry& model, const Block& block, std::string_view name)
{
    const auto found = std::ranges::find(model.summaries, name, &model::Summary::name);
    return block.summaries.at(static_cast<std::size_t>(found - model.summaries.begin()));
}

/// Runs one scenario; throws std::runtime_error if it fails.
Prediction predict(const Scenario& scenario, bool& reached_end)
{
    const ModelEntry& model = *scenario.model;
    const Block block = run_block(Study(scenario), std::vector<double>{to_days(scenario.end)}, 0, 1);
    reached_end = static_cast<bool>(block.reports.front());
    const auto state = [&](std::string_view name) { return block.last_states.at(index_of(model.species, name)); };
    return {.onset = summary(model, block, "onset"),
            .final_swelling = summary(model, block, "final_swelling"),
            .final_bone = summary(model, block, "final_bone"),
            .reactive_bone = summary(model, block, "final_reactive_bone"),
            .il1b = state("il1b"),
            .pro_il1b = state("pro_il1b")};
}

bool is_firm(const Claim& claim)
{
    return claim.firmness == 'A' || claim.firmness == 'B';
}

Verdict judge(const std::vector<ClaimVerdict>& claims)
{
    const auto firm = [](const ClaimVerdict& verdict) { return is_firm(verdict.claim); };
    if (std::ranges::any_of(claims, [&](const auto& v) { return firm(v) && !v.holds; })) {
        return Verdict::not_as_observed;
    }
    if (std::ranges::any_of(claims, firm)) {
        return Verdict::as_observed;
    }
    const bool inferred = std::ranges::any_of(claims, [](const auto& v) { return v.claim.firmness == 'C'; });
    return inferred ? Verdict::inference_only : Verdict::prediction;
}

/// "28b" after "28a" after "3".
std::pair<int, std::string> row_order(const PhenotypeRow& row)
{
    std::size_t digits = 0;
    while (digits < row.row.size() && row.row[digits] >= '0' && row.row[digits] <= '9') {
        ++digits;
    }
    return {digits > 0 ? std::stoi(row.row.substr(0, digits)) : std::numeric_limits<int>::max(),
            row.row.substr(digits)};
}

} // namespace

bool holds(const Claim& claim, const Prediction& prediction, const Prediction& cmo, const Prediction& wild_type)
{
    const bool diseased = !std::isnan(prediction.onset);
    const double lost_bone = 1 - prediction.final_bone, lost_by_cmo = 1 - cmo.final_bone;
    switch (claim.expect) {
    case Expectation::no_disease: return !diseased;
    case Expectation::diseased: return diseased;
    case Expectation::onset_between: return prediction.onset >= claim.from && prediction.onset <= claim.until;
    case Expectation::as_cmo:
        return std::abs(prediction.onset - cmo.onset) <= 14 && prediction.final_swelling > 0.8 * cmo.final_swelling;
    case Expectation::later: return prediction.onset >= cmo.onset + 5;
    case Expectation::milder: return prediction.final_swelling < cmo.final_swelling;
    case Expectation::ameliorated:
        return prediction.final_swelling < 0.8 * cmo.final_swelling && lost_bone < lost_by_cmo;
    case Expectation::bone_spared: return lost_bone < lost_by_cmo / 3;
    case Expectation::osteopenia: return lost_bone > 0.01;
    case Expectation::cured: return prediction.final_swelling < 0.25;
    case Expectation::pro_il1b_lower: return prediction.pro_il1b < cmo.pro_il1b;
    case Expectation::il1b_as_cmo: return prediction.il1b > 0.8 * cmo.il1b && prediction.il1b < 1.25 * cmo.il1b;
    case Expectation::il1b_raised: return prediction.il1b > wild_type.il1b;
    case Expectation::reactive_bone: return prediction.reactive_bone > wild_type.reactive_bone;
    case Expectation::refused: return false; // decided without a run
    }
    return false;
}

std::vector<PhenotypeRow> compare_phenotypes(const Library& library, std::size_t threads)
{
    std::vector<PhenotypeRow> rows;
    std::vector<Scenario> scenarios;
    const auto add = [&](Scenario scenario, const std::string& name) {
        PhenotypeRow row;
        row.observed = *scenario.observed;
        row.row = row.observed.row;
        row.name = name;
        row.title = scenario.title;
        rows.push_back(row);
        scenarios.push_back(std::move(scenario));
    };
    for (const Genotype& genotype : library.genotypes) {
        if (genotype.observed) {
            add(plain_scenario(genotype, library), genotype.name);
        }
    }
    for (const auto& file : library.scenarios) {
        Scenario scenario = read_scenario(file, library);
        if (scenario.observed) {
            add(std::move(scenario), file.stem().string());
        }
    }

    const auto reference = [&](const char* name) {
        const Genotype* genotype = library.genotype(name);
        bool reached_end = false;
        const Prediction prediction =
            genotype ? predict(plain_scenario(*genotype, library), reached_end) : Prediction{};
        if (!reached_end) {
            throw std::runtime_error(
                fmt::format("no phenotype can be compared: genotype '{}' is missing or fails", name));
        }
        return prediction;
    };
    const Prediction cmo = reference("cmo"), wild_type = reference("wild_type");
    solvers::for_each_member(rows.size(), threads, [&](std::size_t i) {
        PhenotypeRow& row = rows[i];
        bool reached_end = false;
        row.prediction = predict(scenarios[i], reached_end);
        for (const Claim& claim : row.observed.claims) {
            row.claims.push_back({claim, reached_end && holds(claim, row.prediction, cmo, wild_type)});
        }
        row.verdict = reached_end ? judge(row.claims) : Verdict::failed;
    });
    for (const Treatment& treatment : library.treatments) {
        if (treatment.observed) {
            PhenotypeRow row{
                treatment.observed->row, treatment.name, treatment.title, *treatment.observed, true, {}, {}, {}};
            for (const Claim& claim : row.observed.claims) {
                row.claims.push_back({claim, claim.expect == Expectation::refused && !treatment.refused.empty()});
            }
            row.verdict = judge(row.claims);
            rows.push_back(row);
        }
    }
    std::ranges::stable_sort(rows, {}, row_order);
    return rows;
}

std::string words(const PhenotypeRow& row)
{
    std::string result;
    switch (row.verdict) {
    case Verdict::as_observed: result = "as observed"; break;
    case Verdict::not_as_observed: result = "NOT AS OBSERVED"; break;
    case Verdict::inference_only: result = "no firm observation"; break;
    case Verdict::prediction: return "prediction";
    case Verdict::failed: return "RUN FAILED";
    }
    for (const ClaimVerdict& verdict : row.claims) {
        if (!is_firm(verdict.claim)) {
            result += fmt::format("; inferred ({}): {} {}", verdict.claim.firmness, text(verdict.claim.expect),
                                  verdict.holds ? "agrees" : "disagrees");
        } else if (!verdict.holds) {
            result += fmt::format("; {} fails", text(verdict.claim.expect));
        }
    }
    return result;
}

} // namespace osteoflare::scenarios
