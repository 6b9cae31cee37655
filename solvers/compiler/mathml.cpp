#include "solvers/compiler/notation.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace osteoflare::solvers::compiler {
namespace {

std::string_view element(Operation operation)
{
    switch (operation) {
    case Operation::add: return "plus";
    case Operation::subtract:
    case Operation::negate: return "minus";
    case Operation::multiply: return "times";
    case Operation::divide: return "divide";
    case Operation::power: return "power";
    case Operation::maximum: return "max";
    case Operation::exponential: return "exp";
    case Operation::logarithm: return "ln";
    case Operation::constant:
    case Operation::symbol: break;
    }
    throw std::logic_error("mathml: a symbol has no name");
}

class Writer {
public:
    Writer(const Notation& notation, int indent) : notation_(notation), indent_(static_cast<std::size_t>(indent)) {}

    void write(std::uint32_t node, bool by_name)
    {
        const Node& entry = notation_.graph[node];
        const auto name = notation_.names.find(node);
        if (name != notation_.names.end() && (by_name || entry.operation == Operation::symbol)) {
            line(std::string("<ci> ").append(name->second).append(" </ci>"));
            return;
        }
        if (entry.operation == Operation::constant) {
            line(mathml_number(entry.value, "dimensionless"));
            return;
        }
        line("<apply>");
        indent_ += 2;
        line(std::string("<").append(element(entry.operation)).append("/>"));
        for (const std::uint32_t operand : operands(node)) {
            write(operand, true);
        }
        indent_ -= 2;
        line("</apply>");
    }

    const std::string& text() const { return text_; }

private:
    void line(const std::string& content) { text_.append(indent_, ' ').append(content).append("\n"); }

    /// Those of a sum of sums on its left are those of one sum, and likewise of products.
    std::vector<std::uint32_t> operands(std::uint32_t node) const
    {
        const Node& entry = notation_.graph[node];
        const bool is_chain = entry.operation == Operation::add || entry.operation == Operation::multiply;
        std::vector<std::uint32_t> list;
        if (is_chain && notation_.graph[entry.a].operation == entry.operation && !notation_.names.contains(entry.a)) {
            list = operands(entry.a);
        } else {
            list.push_back(entry.a);
        }
        const bool is_unary = entry.operation == Operation::negate || entry.operation == Operation::exponential
                              || entry.operation == Operation::logarithm;
        if (!is_unary) {
            list.push_back(entry.b);
        }
        return list;
    }

    const Notation& notation_;
    std::size_t indent_;
    std::string text_;
};

} // namespace

std::string decimal(double value)
{
    std::array<char, 40> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), end};
}

std::string mathml_number(double value, std::string_view unit)
{
    const std::string digits = decimal(value);
    const std::size_t e = digits.find('e');
    std::string text = e == digits.npos ? "<cn sbml:units=\"" : "<cn type=\"e-notation\" sbml:units=\"";
    text.append(unit).append("\"> ").append(digits, 0, e);
    if (e != digits.npos) {
        text.append(" <sep/> ").append(std::to_string(std::stoi(digits.substr(e + 1))));
    }
    return text.append(" </cn>");
}

std::string mathml(const Notation& notation, std::uint32_t node, int indent)
{
    Writer writer(notation, indent);
    writer.write(node, false);
    return writer.text();
}

} // namespace osteoflare::solvers::compiler
