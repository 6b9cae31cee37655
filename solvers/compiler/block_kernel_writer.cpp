#include "solvers/compiler/block_kernel_writer.hpp"

#include "solvers/compiler/elimination.hpp"
#include "solvers/compiler/kernel_text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace osteoflare::solvers::compiler {
namespace {

using Lines = StraightLine;
using Texts = std::vector<std::string>;

/// What the kernels of both parts have.
class PartWriter {
public:
    PartWriter(const PartRecording& part, const std::set<std::uint32_t>& aliases)
        : part_(part), n_(part.n_states), algebra_(part.n_states + part.n_given)
    {
        std::vector<std::uint32_t> roots = part.rates;
        roots.insert(roots.end(), part.offered.begin(), part.offered.end());
        const auto forms = algebra_.normal_forms(part.graph, roots, aliases);
        rates_.assign(forms.begin(), forms.begin() + static_cast<std::ptrdiff_t>(n_));
        offered_.assign(forms.begin() + static_cast<std::ptrdiff_t>(n_), forms.end());
        for (std::size_t i = 0; i < n_; ++i) {
            unknowns_.push_back(algebra_.symbol(static_cast<std::uint32_t>(i)));
        }
        rows_ = rates_;
        for (const Term alias : algebra_.aliases()) {
            unknowns_.push_back(alias);
            rows_.push_back(algebra_[alias].operands[0]);
        }
        for (std::size_t j = 0; j < part.n_given; ++j) {
            given_.push_back(algebra_.symbol(static_cast<std::uint32_t>(n_ + j)));
        }
        for (const Term offer : offered_) {
            for (const Term given : given_) {
                if (!is_zero(algebra_.derivative(offer, given, false))) {
                    throw std::invalid_argument("block_kernel_headers: what " + part.name
                                                + " offers depends on what it is given");
                }
            }
        }
    }

protected:
    bool is_zero(Term term) const { return algebra_.is_constant(term, 0); }

    std::vector<Term> derivatives(const std::vector<Term>& of, const std::vector<Term>& by)
    {
        std::vector<Term> all;
        for (const Term term : of) {
            for (const Term symbol : by) {
                all.push_back(algebra_.derivative(term, symbol, true));
            }
        }
        return all;
    }

    std::string rates()
    {
        std::string functions = quantities_text(algebra_, coefficients_, "rates", rates_);
        functions += quantities_text(algebra_, coefficients_, "offers", offered_);
        return functions;
    }

    std::string header(const std::string& functions, const std::vector<std::pair<std::string, std::size_t>>& more)
    {
        const std::string prepared = prepare_text(algebra_, "prepare", coefficients_.terms(), "n_moving");
        std::string text = "// Made from the model's equations when Osteoflare is built.\n#pragma once\n\n"
                           "#include <cstddef>\n\nnamespace osteoflare::kernels {\n\nstruct ";
        text += part_.name + " {\n";
        std::vector<std::pair<std::string, std::size_t>> constants = {{"n_states", n_},
                                                                      {"n_given", given_.size()},
                                                                      {"n_moving", n_ + given_.size()},
                                                                      {"n_settings", part_.n_settings},
                                                                      {"n_offered", offered_.size()},
                                                                      {"n_coefficients", coefficients_.terms().size()},
                                                                      {"n_factors", elimination_.n_factors()}};
        constants.insert(constants.end(), more.begin(), more.end());
        for (const auto& [name, value] : constants) {
            text += "    static constexpr std::size_t " + name + " = " + std::to_string(value) + ";\n";
        }
        return text + "\n" + prepared + functions + "};\n\n} // namespace osteoflare::kernels\n";
    }

    const PartRecording& part_;
    std::size_t n_;
    Algebra algebra_;
    Coefficients coefficients_;
    std::vector<Term> rates_, offered_, given_;
    std::vector<Term> unknowns_, rows_; ///< states and aliases; rates and what the aliases stand for
    Elimination elimination_;
};

class BlockWriter : PartWriter {
public:
    BlockWriter(const PartRecording& part, const std::set<std::uint32_t>& aliases) : PartWriter(part, aliases)
    {
        matrix_ = derivatives(rows_, unknowns_);
        by_given_ = derivatives(rows_, given_);
        by_unknowns_ = derivatives(offered_, unknowns_);
        const std::size_t n_unknowns = unknowns_.size();
        std::vector<std::vector<bool>> entries(n_unknowns, std::vector<bool>(n_unknowns));
        for (std::size_t i = 0; i < n_unknowns; ++i) {
            for (std::size_t j = 0; j < n_unknowns; ++j) {
                entries[i][j] = !is_zero(matrix_[i * n_unknowns + j]);
            }
        }
        elimination_ = Elimination(n_, entries);
        for (std::size_t entry = 0; entry < by_given_.size(); ++entry) {
            coupling_.push_back(n_couplings_);
            n_couplings_ += is_zero(by_given_[entry]) ? 0 : 1;
        }
    }

    std::size_t cost()
    {
        const std::size_t once = n_statements(factor());
        const std::size_t begin = n_statements(begin_stage()), finish = n_statements(finish_stage());
        return once + 8 * (begin + finish);
    }

    std::string header()
    {
        // One after the other: the stages need to know what was factored.
        std::string functions = rates();
        functions += factor();
        functions += begin_stage();
        functions += finish_stage();
        return PartWriter::header(functions, {{"n_couplings", n_couplings_}});
    }

private:
    /// Besides the factors: `e`, how what is given moves the rows; `v`, how a right-hand side moves what is offered;
    /// and `m`, how what is given moves what is offered.
    std::string factor()
    {
        const std::size_t n_unknowns = unknowns_.size(), n_given = given_.size();
        std::vector<Term> outputs = rates_;
        for (const auto& terms : {matrix_, by_given_, by_unknowns_}) {
            outputs.insert(outputs.end(), terms.begin(), terms.end());
        }
        Lines lines(algebra_, Algebra::moving, coefficients_, outputs);
        const auto texts = [&](const std::vector<Term>& terms, std::size_t row, std::size_t width) {
            Texts found(width);
            for (std::size_t j = 0; j < width; ++j) {
                if (!is_zero(terms[row * width + j])) {
                    found[j] = lines.value(terms[row * width + j]);
                }
            }
            return found;
        };
        std::vector<Texts> couplings(n_unknowns);
        elimination_.factor(
            lines, [&](std::size_t i) { return texts(matrix_, i, n_unknowns); },
            [&](std::size_t i) {
                couplings[i] = texts(by_given_, i, n_given);
                for (std::size_t j = 0; j < n_given; ++j) {
                    if (!couplings[i][j].empty()) {
                        lines.line(at("e", coupling_[i * n_given + j]) + " = " + couplings[i][j] + ";");
                    }
                }
                if (i < n_) {
                    const std::string rate = lines.value(rates_[i]);
                    lines.line(at("f", i) + " = " + rate + ";");
                }
            });
        for (std::size_t k = 0; k < offered_.size(); ++k) {
            const Texts v = elimination_.adjoint(lines, texts(by_unknowns_, k, n_unknowns));
            for (std::size_t i = 0; i < n_; ++i) {
                lines.line(at("v", k * n_ + i) + " = " + (v[i].empty() ? "Pack(0.0)" : v[i]) + ";");
            }
            for (std::size_t j = 0; j < n_given; ++j) {
                std::string sum;
                for (std::size_t i = 0; i < n_unknowns; ++i) {
                    if (!v[i].empty() && !couplings[i][j].empty()) {
                        sum = lines.statement(sum.empty() ? v[i] + " * " + couplings[i][j]
                                                          : "fma(" + v[i] + ", " + couplings[i][j] + ", " + sum + ")");
                    }
                }
                lines.line(at("m", k * n_given + j) + " = " + (sum.empty() ? "Pack(0.0)" : sum) + ";");
            }
        }
        return function_text(
            "void factor(const Pack* __restrict y, const Pack* __restrict c, const Pack shift, Pack* "
            "__restrict f, Pack* __restrict lu, Pack* __restrict e, Pack* __restrict v, Pack* __restrict m)",
            lines.body());
    }

    /// The right-hand side of a stage, as far as the block alone decides it, and what the block offers there.
    std::string begin_stage()
    {
        std::vector<Term> outputs = rates_;
        outputs.insert(outputs.end(), offered_.begin(), offered_.end());
        Lines lines(algebra_, Algebra::moving, coefficients_, outputs);
        for (std::size_t i = 0; i < n_; ++i) {
            const std::string rate = lines.value(rates_[i]);
            lines.line(at("right", i) + " = fma(" + at("r", i) + ", r_scale, " + rate + ");");
        }
        for (std::size_t k = 0; k < offered_.size(); ++k) {
            const std::string offer = lines.value(offered_[k]);
            lines.line(at("o", k) + " = " + offer + ";");
        }
        return function_text(
            "void begin_stage(const Pack* __restrict y, [[maybe_unused]] const Pack* __restrict c, const "
            "Pack* __restrict r, const Pack r_scale, Pack* __restrict right, Pack* __restrict o)",
            lines.body());
    }

    /// Solves for the block's change, with that of what it is given, `z`, known.
    std::string finish_stage()
    {
        Lines lines(algebra_, Algebra::moving, coefficients_, {});
        Texts z(unknowns_.size());
        for (const LuPattern::Row& row : elimination_.rows()) {
            const std::size_t i = row.unknown;
            std::string value = i < n_ ? at("right", i) : std::string();
            for (std::size_t j = 0; j < given_.size(); ++j) {
                if (!is_zero(by_given_[i * given_.size() + j])) {
                    const std::string factors =
                        at("e", coupling_[i * given_.size() + j]) + (value.empty() ? " * " : ", ") + at("z", j);
                    value = lines.statement(value.empty() ? factors : "fma(" + factors + ", " + value + ")");
                }
            }
            z[i] = elimination_.eliminated(lines, row, value, z);
        }
        std::vector<bool> states(unknowns_.size());
        std::fill_n(states.begin(), n_, true);
        elimination_.substitute_back(lines, z, std::move(states), [&](std::size_t state, const std::string& value) {
            lines.line(at("x", state) + " = " + value + ";");
        });
        return function_text(
            "void finish_stage(const Pack* __restrict lu, [[maybe_unused]] const Pack* __restrict e, "
            "[[maybe_unused]] const Pack* __restrict z, const Pack* __restrict right, Pack* __restrict x)",
            lines.body());
    }

    std::vector<Term> matrix_, by_given_, by_unknowns_;
    std::vector<std::size_t> coupling_; ///< numbers of the entries of by_given_
    std::size_t n_couplings_ = 0;
};

/// Its unknowns are states and aliases, the changes of what it offers, the changes of what it is given.
class BorderWriter : PartWriter {
public:
    BorderWriter(const PartRecording& part, const std::set<std::uint32_t>& aliases) : PartWriter(part, aliases)
    {
        n_own_ = unknowns_.size();
        first_given_ = n_own_ + offered_.size();
        n_unknowns_ = first_given_ + given_.size();
        rows_.insert(rows_.end(), offered_.begin(), offered_.end());
        unknowns_.insert(unknowns_.end(), given_.begin(), given_.end());
        matrix_ = derivatives(rows_, unknowns_);
        std::vector<std::vector<bool>> entries(n_unknowns_, std::vector<bool>(n_unknowns_));
        for (std::size_t i = 0; i < n_unknowns_; ++i) {
            for (std::size_t j = 0; j < n_unknowns_; ++j) {
                entries[i][j] = i < first_given_ ? has_entry(i, j) : j >= n_own_ && j < first_given_;
            }
        }
        elimination_ = Elimination(n_, entries);
    }

    std::size_t cost()
    {
        const std::size_t once = n_statements(factor());
        return once + 8 * n_statements(stage());
    }

    std::string header()
    {
        std::string functions = rates();
        functions += factor();
        functions += stage();
        return PartWriter::header(functions, {});
    }

private:
    /// The term of an entry in a row that is not of what is given.
    Term entry(std::size_t row, std::size_t column) const
    {
        return matrix_[row * unknowns_.size() + (column < n_own_ ? column : column - offered_.size())];
    }
    bool has_entry(std::size_t row, std::size_t column) const
    {
        return (column < n_own_ || column >= first_given_) && !is_zero(entry(row, column));
    }

    std::string factor()
    {
        std::vector<Term> outputs = rates_;
        outputs.insert(outputs.end(), matrix_.begin(), matrix_.end());
        Lines lines(algebra_, Algebra::moving, coefficients_, outputs);
        elimination_.factor(
            lines,
            [&](std::size_t i) {
                Texts texts(n_unknowns_);
                for (std::size_t j = 0; j < n_unknowns_; ++j) {
                    if (i >= first_given_ && j >= n_own_ && j < first_given_) {
                        texts[j] = at("m", (i - first_given_) * offered_.size() + j - n_own_);
                    } else if (i < first_given_ && has_entry(i, j)) {
                        texts[j] = lines.value(entry(i, j));
                    }
                }
                return texts;
            },
            [](std::size_t) {});
        return function_text(
            "void factor([[maybe_unused]] const Pack* __restrict y, const Pack* __restrict c, const Pack "
            "shift, [[maybe_unused]] const Pack* __restrict m, Pack* __restrict lu)",
            lines.body());
    }

    /// Solves for the changes of the states, `x`, and of what is offered, `z`, if the blocks alone would change what
    /// they offer by `sigma`.
    std::string stage()
    {
        Lines lines(algebra_, Algebra::moving, coefficients_, rates_);
        Texts z(n_unknowns_);
        for (const LuPattern::Row& row : elimination_.rows()) {
            const std::size_t i = row.unknown;
            std::string right;
            if (i < n_) {
                const std::string rate = lines.value(rates_[i]);
                right = lines.statement("fma(" + at("r", i) + ", r_scale, " + rate + ")");
            } else if (i >= first_given_) {
                right = at("sigma", i - first_given_);
            }
            z[i] = elimination_.eliminated(lines, row, right, z);
        }
        std::vector<bool> wanted(n_unknowns_);
        for (std::size_t i = 0; i < first_given_; ++i) {
            wanted[i] = i < n_ || i >= n_own_;
        }
        elimination_.substitute_back(lines, z, std::move(wanted), [&](std::size_t unknown, const std::string& value) {
            const std::string to = unknown < n_ ? at("x", unknown) : at("z", unknown - n_own_);
            lines.line(to + " = " + (value.empty() ? "Pack(0.0)" : value) + ";");
        });
        return function_text(
            "void stage(const Pack* __restrict y, const Pack* __restrict c, const Pack* __restrict lu, const "
            "Pack* __restrict r, const Pack r_scale, [[maybe_unused]] const Pack* __restrict sigma, Pack* "
            "__restrict x, Pack* __restrict z)",
            lines.body());
    }

    std::size_t n_own_ = 0, first_given_ = 0, n_unknowns_ = 0;
    std::vector<Term> matrix_; ///< rows of all but what is given, by states, aliases and what is given
};

template <class Writer>
std::string best_header(const PartRecording& part)
{
    const auto aliases = worthwhile_aliases(
        part.graph, [&](const std::set<std::uint32_t>& tried) { return Writer(part, tried).cost(); });
    return Writer(part, aliases).header();
}

} // namespace

BlockHeaders block_kernel_headers(PartRecording block, PartRecording border)
{
    for (PartRecording* part : {&block, &border}) {
        put_in_reading_order(part->graph, {&part->rates, &part->offered});
    }
    if (block.n_given != border.offered.size() || border.n_given != block.offered.size()) {
        throw std::invalid_argument("block_kernel_headers: " + block.name + " and " + border.name
                                    + " do not offer as much as the other is given");
    }
    return {best_header<BlockWriter>(block), best_header<BorderWriter>(border)};
}

} // namespace osteoflare::solvers::compiler
