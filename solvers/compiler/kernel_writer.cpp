#include "solvers/compiler/kernel_writer.hpp"

#include "solvers/compiler/elimination.hpp"
#include "solvers/compiler/kernel_text.hpp"
#include "solvers/compiler/straight_line.hpp"

#include <algorithm>
#include <set>

namespace osteoflare::solvers::compiler {
namespace {

/// Writes the functions of one kernel.
class KernelWriter {
public:
    KernelWriter(const Recording& recording, const std::set<std::uint32_t>& aliases)
        : recording_(recording), n_(recording.n_states), algebra_(recording.n_states)
    {
        std::vector<std::uint32_t> roots = recording.rates;
        roots.insert(roots.end(), recording.readouts.begin(), recording.readouts.end());
        roots.insert(roots.end(), recording.fluxes.begin(), recording.fluxes.end());
        const auto forms = algebra_.normal_forms(recording.graph, roots, aliases);
        const auto first_readout = forms.begin() + static_cast<std::ptrdiff_t>(n_);
        const auto first_flux = first_readout + static_cast<std::ptrdiff_t>(recording.readouts.size());
        rates_.assign(forms.begin(), first_readout);
        readouts_.assign(first_readout, first_flux);
        fluxes_.assign(first_flux, forms.end());
        for (std::size_t i = 0; i < n_; ++i) {
            for (std::size_t j = 0; j < n_; ++j) {
                jacobian_.push_back(algebra_.derivative(rates_[i], state(j), false));
                n_entries_ += algebra_.is_constant(jacobian_.back(), 0) ? 0 : 1;
            }
        }
        extend();
    }

    /// Statements of a step: those of the factorisation and of eight stages.
    std::size_t cost()
    {
        const std::size_t once = n_statements(factor()); // first: the stages need to know what was factored
        return once + 8 * n_statements(stage());
    }

    std::string header()
    {
        // One after the other: the coefficients that the steps need get the lowest numbers.
        std::string functions = rates();
        functions += factor();
        functions += solve();
        functions += stage();
        n_rate_coefficients_ = coefficients_.terms().size();
        functions += jacobian();
        functions += quantities_text(algebra_, coefficients_, "readouts", readouts_);
        functions += quantities_text(algebra_, coefficients_, "fluxes", fluxes_);
        functions += by_setting("rates", rates_);
        functions += by_setting("readouts", readouts_);
        const std::string prepared =
            prepare_text(algebra_, "prepare", coefficients_.terms(), "n_states"); // last: by now all are known
        std::string text = "// Made from the model's equations when Osteoflare is built.\n#pragma once\n\n"
                           "#include <array>\n#include <cstddef>\n\nnamespace osteoflare::kernels {\n\nstruct ";
        text += recording_.name + " {\n";
        const auto constant = [&](const std::string& name, std::size_t value) {
            text += "    static constexpr std::size_t " + name + " = " + std::to_string(value) + ";\n";
        };
        constant("n_states", n_);
        constant("n_settings", recording_.n_settings);
        constant("n_readouts", readouts_.size());
        constant("n_fluxes", fluxes_.size());
        constant("n_coefficients", coefficients_.terms().size());
        constant("n_rate_coefficients", n_rate_coefficients_);
        constant("n_factors", elimination_.n_factors());
        constant("n_jacobian", n_entries_);
        text += pattern_text();
        text += "    /// Outputs that depend on a setting; a type for each pack, so that instruction sets share no "
                "functions.\n"
                "    template <class Pack>\n    struct Rows {\n        const unsigned short* first = nullptr;\n"
                "        std::size_t size = 0;\n        const unsigned short* begin() const { return first; }\n"
                "        const unsigned short* end() const { return first + size; }\n    };\n";
        return text + "\n" + prepared + functions + "};\n\n} // namespace osteoflare::kernels\n";
    }

private:
    using Lines = StraightLine;

    Term state(std::size_t number) { return algebra_.symbol(static_cast<std::uint32_t>(number)); }

    /// The linear systems of a step, with the aliases' changes as unknowns beside the states': what many rates share
    /// then stands in the matrix once, instead of once in each of their rows.
    void extend()
    {
        const std::vector<Term> aliases = algebra_.aliases();
        n_unknowns_ = n_ + aliases.size();
        std::vector<Term> unknowns, rows = rates_;
        for (std::size_t i = 0; i < n_; ++i) {
            unknowns.push_back(state(i));
        }
        for (const Term alias : aliases) {
            unknowns.push_back(alias);
            rows.push_back(algebra_[alias].operands[0]);
        }
        std::vector<std::vector<bool>> entries(n_unknowns_, std::vector<bool>(n_unknowns_));
        for (std::size_t i = 0; i < n_unknowns_; ++i) {
            for (std::size_t j = 0; j < n_unknowns_; ++j) {
                matrix_.push_back(algebra_.derivative(rows[i], unknowns[j], true));
                entries[i][j] = !algebra_.is_constant(matrix_.back(), 0);
            }
        }
        elimination_ = Elimination(n_, entries);
    }

    std::string rates()
    {
        Lines lines(algebra_, Algebra::moving, coefficients_, rates_);
        for (const LuPattern::Row& row : elimination_.rows()) {
            if (row.unknown < n_) {
                const std::string value = lines.value(rates_[row.unknown]);
                lines.line(at("f", row.unknown) + " = " + value + ";");
            }
        }
        return function_text("void rates(const Pack* __restrict y, [[maybe_unused]] const Fixed* __restrict c, Pack* "
                             "__restrict f)",
                             lines.body(), "class Pack, class Fixed");
    }

    std::string jacobian()
    {
        std::vector<Term> outputs;
        std::ranges::copy_if(jacobian_, std::back_inserter(outputs),
                             [&](Term term) { return !algebra_.is_constant(term, 0); });
        Lines lines(algebra_, Algebra::moving, coefficients_, outputs);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            const std::string value = lines.value(outputs[i]);
            lines.line(at("j", i) + " = " + value + ";");
        }
        return function_text(
            "void jacobian([[maybe_unused]] const Pack* __restrict y, [[maybe_unused]] const Pack* __restrict "
            "c, Pack* __restrict j)",
            lines.body());
    }

    /// Factors J - I/(h gamma), with -1 on the diagonal for the aliases; f(y) comes with it.
    std::string factor()
    {
        std::vector<Term> outputs = rates_;
        outputs.insert(outputs.end(), matrix_.begin(), matrix_.end());
        Lines lines(algebra_, Algebra::moving, coefficients_, outputs);
        elimination_.factor(
            lines,
            [&](std::size_t i) {
                std::vector<std::string> entry(n_unknowns_);
                for (std::size_t j = 0; j < n_unknowns_; ++j) {
                    if (!algebra_.is_constant(matrix_[i * n_unknowns_ + j], 0)) {
                        entry[j] = lines.value(matrix_[i * n_unknowns_ + j]);
                    }
                }
                return entry;
            },
            [&](std::size_t i) {
                if (i < n_) {
                    const std::string rate = lines.value(rates_[i]);
                    lines.line(at("f", i) + " = " + rate + ";");
                }
            });
        return function_text("void factor(const Pack* __restrict y, const Pack* __restrict c, const Pack shift, Pack* "
                             "__restrict f, Pack* __restrict lu)",
                             lines.body());
    }

    /// Back substitution, of which the states are kept.
    void substitute_back(Lines& lines, std::vector<std::string> z) const
    {
        std::vector<bool> states(n_unknowns_);
        std::fill_n(states.begin(), n_, true);
        elimination_.substitute_back(
            lines, std::move(z), std::move(states),
            [&](std::size_t state, const std::string& value) { lines.line(at("x", state) + " = " + value + ";"); });
    }

    /// `right` gives the elements of the right-hand side when they are needed, so that they need not be stored first.
    std::string solve()
    {
        Lines lines(algebra_, Algebra::moving, coefficients_, {});
        std::vector<std::string> z(n_unknowns_);
        for (const LuPattern::Row& row : elimination_.rows()) {
            const std::string right =
                row.unknown < n_ ? lines.statement("right(" + std::to_string(row.unknown) + ")") : std::string();
            z[row.unknown] = elimination_.eliminated(lines, row, right, z);
        }
        substitute_back(lines, z);
        return function_text("void solve(const Pack* __restrict lu, const Right& right, Pack* __restrict x)",
                             lines.body(), "class Pack, class Right");
    }

    std::string stage()
    {
        Lines lines(algebra_, Algebra::moving, coefficients_, rates_);
        std::vector<std::string> z(n_unknowns_);
        for (const LuPattern::Row& row : elimination_.rows()) {
            const std::size_t i = row.unknown;
            std::string right;
            if (i < n_) {
                const std::string rate = lines.value(rates_[i]);
                right = lines.statement("fma(" + at("r", i) + ", r_scale, " + rate + ")");
            }
            z[i] = elimination_.eliminated(lines, row, right, z);
        }
        substitute_back(lines, z);
        return function_text(
            "void stage(const Pack* __restrict y, const Pack* __restrict c, const Pack* __restrict lu, const "
            "Pack* __restrict r, const Pack r_scale, Pack* __restrict x)",
            lines.body());
    }

    /// The derivatives of `terms` by a setting that is chosen when the program runs: for every setting a function that
    /// fills the outputs depending on it, a list of these, and coefficients of its own, which depend on settings alone.
    std::string by_setting(const std::string& name, const std::vector<Term>& terms)
    {
        std::string functions, cases, row_cases, prepare_cases, count_cases;
        std::size_t most = 0;
        for (std::size_t k = 0; k < recording_.n_settings; ++k) {
            const Term setting = algebra_.symbol(static_cast<std::uint32_t>(n_ + k));
            std::vector<Term> slopes;
            std::vector<std::size_t> rows;
            for (std::size_t i = 0; i < terms.size(); ++i) {
                const Term slope = algebra_.derivative(terms[i], setting, false);
                if (!algebra_.is_constant(slope, 0)) {
                    slopes.push_back(slope);
                    rows.push_back(i);
                }
            }
            if (rows.empty()) {
                continue;
            }
            Coefficients coefficients;
            Lines lines(algebra_, Algebra::moving, coefficients, slopes);
            std::string list;
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const std::string value = lines.value(slopes[i]);
                lines.line(at("o", rows[i]) + " = " + value + ";");
                list += (i == 0 ? "" : ", ") + std::to_string(rows[i]);
            }
            const std::string number = std::to_string(k), one = name + "_by_" + number;
            functions += "    template <class Pack>\n    [[gnu::noinline]] static void " + one
                         + "([[maybe_unused]] const Pack* y, [[maybe_unused]] const Pack* c, Pack* o)\n    {\n"
                         + lines.body() + "    }\n"
                         + prepare_text(algebra_, "prepare_" + one, coefficients.terms(), "n_states");
            const std::string found = "        case " + number + ": ";
            cases += found + one + "(y, c, o); break;\n";
            prepare_cases += found + "prepare_" + one + "(settings, c); break;\n";
            count_cases += found + "return " + std::to_string(coefficients.terms().size()) + ";\n";
            row_cases += found + "{\n            static constexpr unsigned short rows[] = {" + list
                         + "};\n            return {rows, " + std::to_string(rows.size()) + "};\n        }\n";
            most = std::max(most, coefficients.terms().size());
        }
        const auto choice = [](const std::string& signature, const std::string& all, const std::string& otherwise) {
            return "    template <class Pack>\n    static " + signature + "\n    {\n        switch (setting) {\n" + all
                   + "        default: " + otherwise + ";\n        }\n    }\n\n";
        };
        const std::string by = name + "_by_setting";
        return functions + "    static constexpr std::size_t most_" + by + "_coefficients = " + std::to_string(most)
               + ";\n\n" + choice("std::size_t " + by + "_coefficients(std::size_t setting)", count_cases, "return 0")
               + choice(
                   "void prepare_" + by
                       + "(std::size_t setting, [[maybe_unused]] const double* settings, [[maybe_unused]] Pack* c)",
                   prepare_cases, "break")
               + choice("void " + by
                            + "(std::size_t setting, [[maybe_unused]] const Pack* y, [[maybe_unused]] const Pack* c, "
                              "[[maybe_unused]] Pack* o)",
                        cases, "break")
               + choice("Rows<Pack> " + name + "_rows(std::size_t setting)", row_cases, "return {}");
    }

    /// Where the entries of the Jacobian stand, row by row.
    std::string pattern_text()
    {
        std::string rows, columns;
        for (std::size_t i = 0; i < n_; ++i) {
            for (std::size_t j = 0; j < n_; ++j) {
                if (!algebra_.is_constant(jacobian_[i * n_ + j], 0)) {
                    rows += std::to_string(i) + ", ";
                    columns += std::to_string(j) + ", ";
                }
            }
        }
        return "    static constexpr std::array<unsigned short, n_jacobian> jacobian_rows = {" + rows
               + "};\n    static constexpr std::array<unsigned short, n_jacobian> jacobian_columns = {" + columns
               + "};\n" + readout_states_text();
    }

    /// The states that read-outs depend on.
    std::string readout_states_text()
    {
        std::string states;
        std::size_t count = 0;
        for (std::size_t k = 0; k < n_; ++k) {
            if (std::ranges::any_of(readouts_, [&](Term readout) {
                    return !algebra_.is_constant(algebra_.derivative(readout, state(k), false), 0);
                })) {
                states += std::to_string(k) + ", ";
                ++count;
            }
        }
        return "    static constexpr std::array<unsigned short, " + std::to_string(count) + "> readout_states = {"
               + states + "};\n";
    }

    const Recording& recording_;
    std::size_t n_;
    Algebra algebra_;
    Coefficients coefficients_;
    std::vector<Term> rates_, readouts_, fluxes_, jacobian_, matrix_;
    std::size_t n_unknowns_ = 0;
    std::size_t n_entries_ = 0, n_rate_coefficients_ = 0;
    Elimination elimination_;
};

} // namespace

std::string kernel_header(Recording recording)
{
    put_in_reading_order(recording.graph, {&recording.rates, &recording.readouts, &recording.fluxes});
    const auto aliases = worthwhile_aliases(
        recording.graph, [&](const std::set<std::uint32_t>& tried) { return KernelWriter(recording, tried).cost(); });
    return KernelWriter(recording, aliases).header();
}

} // namespace osteoflare::solvers::compiler
