#include "scenarios/exporting/latex.hpp"

#include "scenarios/build_info.hpp"
#include "scenarios/exporting/names.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace osteoflare::scenarios {
namespace {

namespace compiler = solvers::compiler;

constexpr std::string_view preamble = R"(\documentclass[a4paper,10pt]{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath}
\usepackage{longtable}
\usepackage[margin=2cm]{geometry}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\tabcolsep}{3pt}
% Greek letters in the text of titles.
\ifdefined\DeclareUnicodeCharacter
\DeclareUnicodeCharacter{03B1}{\ensuremath{\alpha}}
\DeclareUnicodeCharacter{03B2}{\ensuremath{\beta}}
\DeclareUnicodeCharacter{03B3}{\ensuremath{\gamma}}
\DeclareUnicodeCharacter{03B4}{\ensuremath{\delta}}
\DeclareUnicodeCharacter{03BA}{\ensuremath{\kappa}}
\DeclareUnicodeCharacter{03BC}{\ensuremath{\mu}}
\fi
)";

/// Text outside of mathematics.
std::string plain(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '\\': result += "\\textbackslash{}"; break;
        case '^': result += "\\textasciicircum{}"; break;
        case '~': result += "\\textasciitilde{}"; break;
        case '{':
        case '}':
        case '$':
        case '&':
        case '#':
        case '%':
        case '_': result += '\\'; [[fallthrough]];
        default: result += c;
        }
    }
    return result;
}

/// Numbers in the order of a page: "2" before "10", "K6" before "L1".
auto page_order(const std::string& number)
{
    const std::size_t digits = std::min(number.find_first_of("0123456789"), number.size());
    return std::tuple(number.empty(), number.substr(0, digits), number.size(), number);
}

struct PageOrder {
    bool operator()(const std::string& a, const std::string& b) const { return page_order(a) < page_order(b); }
};

std::string symbol_of(const model::Description& entry)
{
    return latex_symbol(entry.symbol);
}

/// The flux that a balance is nothing but, if it stands under the same number.
std::optional<std::size_t> only_flux(const ModelEntry& model, const Equations& equations, std::size_t species)
{
    const auto fluxes = equations.symbols.end() - static_cast<std::ptrdiff_t>(model.fluxes.size());
    const auto found = std::find(fluxes, equations.symbols.end(), equations.balances[species]);
    const auto flux = static_cast<std::size_t>(found - fluxes);
    const bool is_one =
        found != equations.symbols.end() && model.fluxes[flux].equation == model.species[species].equation;
    return is_one ? std::optional(flux) : std::nullopt;
}

std::string equation(const EquationBlock& block)
{
    std::string lines;
    const bool is_one = block.lines.size() == 1;
    for (const EquationBlock::Line& line : block.lines) {
        lines += fmt::format("{}{} {}= {}", lines.empty() ? "" : " \\\\\n", line.left, is_one ? "" : "&", line.right);
    }
    if (!is_one) {
        lines = fmt::format("\\begin{{aligned}}\n{}\n\\end{{aligned}}", lines);
    }
    return block.number.empty()
               ? fmt::format("\\begin{{equation*}}\n{}\n\\end{{equation*}}\n", lines)
               : fmt::format("\\begin{{equation}}\n{} \\tag{{{}}}\n\\end{{equation}}\n", lines, block.number);
}

std::string table(std::string_view title, std::string_view columns, const std::vector<std::string>& head,
                  const std::vector<std::string>& rows)
{
    return rows.empty()
               ? ""
               : fmt::format("\n\\section*{{{}}}\n\\begin{{longtable}}{{{}}}\n\\hline\n{} \\\\\n\\hline\n\\endhead\n"
                             "{} \\\\\n\\hline\n\\end{{longtable}}\n",
                             title, columns, fmt::join(head, " & "), fmt::join(rows, " \\\\\n"));
}

std::string value_table(std::string_view title, std::span<const Valued> values)
{
    std::vector<std::string> rows;
    for (const Valued& each : values) {
        const model::Description& entry = *each.quantity;
        rows.push_back(fmt::format("${}$ & {} & {} & {} & {} & {}", symbol_of(entry), plain(entry.name),
                                   compiler::decimal(each.value), plain(entry.unit), plain(entry.meaning),
                                   plain(each.origin)));
    }
    return table(title, "llllp{4.6cm}p{2.3cm}", {"symbol", "name", "value", "unit", "meaning", "origin"}, rows);
}

std::string computed_table(std::string_view title, const std::vector<model::Description>& entries, bool with_symbol)
{
    std::vector<std::string> rows;
    for (const model::Description& entry : entries) {
        const std::string symbol = with_symbol ? fmt::format("${}$", symbol_of(entry)) : "";
        rows.push_back(fmt::format("{} & {} & {} & {} & {}", symbol, plain(entry.name), plain(entry.unit),
                                   plain(entry.meaning),
                                   entry.equation.empty() ? "" : fmt::format("({})", entry.equation)));
    }
    return table(title, "lllp{7cm}l", {"symbol", "name", "unit", "meaning", "equation"}, rows);
}

std::string schedule_table(const Subject& subject)
{
    std::vector<std::string> rows;
    for (const Moment& moment : subject.moments) {
        for (const Moment::Assigned& assigned : moment.assigned) {
            const model::Description& entry = *subject.settings[assigned.setting].quantity;
            rows.push_back(fmt::format("{} & ${}$ & {} & {}{} & {}", moment.day, symbol_of(entry), plain(entry.name),
                                       assigned.value, plain(unit_suffix(entry.unit)), plain(assigned.reason)));
        }
    }
    return table("Events", "rlllp{6cm}", {"day", "symbol", "name", "becomes", "because of"}, rows);
}

} // namespace

std::vector<EquationBlock> equation_blocks(const ModelEntry& model)
{
    const Equations equations = model.equations();
    const compiler::Notation notation = notation_of(model, equations, symbol_of);
    std::map<std::string, EquationBlock, PageOrder> blocks;
    std::vector<EquationBlock> unnumbered;
    const auto add = [&](const model::Description& entry, const std::string& left, const std::string& right) {
        if (entry.equation.empty()) {
            unnumbered.push_back({"", {{left, right}}});
        } else {
            const std::string number(entry.equation);
            blocks.try_emplace(number, EquationBlock{number, {}}).first->second.lines.push_back({left, right});
        }
    };

    std::vector<bool> is_told(model.fluxes.size());
    for (std::size_t i = 0; i < model.species.size(); ++i) {
        std::string rate = compiler::latex(notation, equations.balances[i]);
        if (const auto flux = only_flux(model, equations, i)) {
            is_told[*flux] = true;
            rate += " = " + compiler::latex(notation, equations.fluxes[*flux]);
        }
        add(model.species[i], fmt::format("\\frac{{d{}}}{{dt}}", symbol_of(model.species[i])), rate);
    }
    for (std::size_t i = 0; i < model.fluxes.size(); ++i) {
        if (!is_told[i]) {
            add(model.fluxes[i], symbol_of(model.fluxes[i]), compiler::latex(notation, equations.fluxes[i]));
        }
    }
    for (std::size_t i = 0; i < model.intermediates.size(); ++i) {
        add(model.intermediates[i], symbol_of(model.intermediates[i]),
            compiler::latex(notation, equations.intermediates[i]));
    }
    for (std::size_t i = 0; i < model.readouts.size(); ++i) {
        add(model.readouts[i], fmt::format("\\mathrm{{{}}}", plain(model.readouts[i].name)),
            compiler::latex(notation, equations.readouts[i]));
    }

    std::vector<EquationBlock> all;
    for (const auto& [number, block] : blocks) {
        all.push_back(block);
    }
    all.insert(all.end(), unnumbered.begin(), unnumbered.end());
    return all;
}

std::string latex_document(const Subject& subject)
{
    const ModelEntry& model = *subject.model;
    std::string text = fmt::format("% Written by osteoflare {}.\n{}\\title{{{}}}\n\\date{{}}\n\\begin{{document}}\n"
                                   "\\maketitle\n\n",
                                   build::version, preamble, plain(subject.title));
    if (!subject.question.empty()) {
        text += plain(subject.question) + "\n\n";
    }
    text += fmt::format("{}: {} ({}). ", model.name, model.title, plain(model.source));
    if (!subject.genotype.empty()) {
        text += fmt::format("Genotype {}. ", plain(subject.genotype));
    }
    text +=
        fmt::format("Time is in days, from day {} to day {}. Calibrated numbers are not measurements: each number has "
                    "its origin beside it. For research and teaching, never for the care of a person.\n\n"
                    "\\section*{{Equations}}\n",
                    subject.start_day, subject.end_day);
    for (const EquationBlock& block : equation_blocks(model)) {
        text += equation(block);
    }
    const auto settings = std::span(subject.settings);
    text += "\n\\footnotesize\n";
    text += value_table("Species at the start", subject.species);
    text += value_table("Parameters", settings.first(model.n_parameters));
    text += value_table("Inputs", settings.subspan(model.n_parameters));
    text += schedule_table(subject);
    text += computed_table("Intermediates", model.intermediates, true);
    text += computed_table("Fluxes", model.fluxes, true);
    text += computed_table("Read-outs", model.readouts, false);
    return text + "\\end{document}\n";
}

} // namespace osteoflare::scenarios
