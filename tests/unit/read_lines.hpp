#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

/// Runs the straight lines that the model compiler writes: for tests of what they are worth.
namespace read_lines {

/// Statements that do one thing each, an operation or a call: `const Pack NAME = ...;`, or without the type for an
/// output. A name that is used before it is computed throws.
class Reader {
public:
    /// `number_of` gives the states, y[i], and the settings, s(i).
    explicit Reader(std::function<double(std::size_t)> number_of) : number_of_(std::move(number_of)) {}

    /// Coefficients, c[i], may be given, or computed by the statements themselves.
    void set(const std::string& name, double value) { names_[name] = value; }

    void run(const std::string& body)
    {
        const std::string type = "const Pack ";
        for (std::size_t at = 0, end = 0; (end = body.find(";\n", at)) != std::string::npos; at = end + 2) {
            std::string line = body.substr(at, end - at);
            line.erase(0, line.find_first_not_of(' '));
            line.erase(0, line.starts_with(type) ? type.size() : 0);
            const std::size_t equals = line.find(" = ");
            set(line.substr(0, equals), expression(line.substr(equals + 3)));
        }
    }

    double atom(const std::string& text) const
    {
        const auto inside = [&] { return text.substr(text.find_first_of("([") + 1); };
        switch (text.at(0)) {
        case 'y':
        case 's': return number_of_(std::stoul(inside()));
        case 'P': return std::stod(inside());
        default: return names_.at(text);
        }
    }

private:
    double expression(const std::string& text) const
    {
        for (const char operation : {'+', '-', '*', '/'}) {
            const std::size_t at = text.find(std::string(" ") + operation + " ");
            if (at != std::string::npos) {
                const double a = atom(text.substr(0, at)), b = atom(text.substr(at + 3));
                return operation == '+' ? a + b : operation == '-' ? a - b : operation == '*' ? a * b : a / b;
            }
        }
        const std::size_t open = text.find('(');
        const std::string function = text.substr(0, open);
        if (open == std::string::npos || function == "s" || function == "Pack") {
            return atom(text);
        }
        std::vector<double> of;
        for (std::size_t at = open + 1; at < text.size();) {
            // Pack(1.0) has a bracket of its own.
            std::size_t end = text.find(", ", at);
            end = end == std::string::npos ? text.size() - 1 : end;
            of.push_back(atom(text.substr(at, end - at)));
            at = end + 2;
        }
        if (function == "fma") {
            return of.at(0) * of.at(1) + of.at(2);
        }
        if (function == "negative_fma") {
            return of.at(2) - of.at(0) * of.at(1);
        }
        if (function == "choose_greater") {
            return of.at(0) > of.at(1) ? of.at(2) : of.at(3);
        }
        const std::map<std::string, double> one = {{"negative", -of.at(0)},
                                                   {"exponential", std::exp(of[0])},
                                                   {"logarithm", std::log(of[0])},
                                                   {"power", of.size() > 1 ? std::pow(of[0], of[1]) : 0},
                                                   {"maximum", of.size() > 1 ? std::max(of[0], of[1]) : 0}};
        return one.at(function);
    }

    std::function<double(std::size_t)> number_of_;
    std::map<std::string, double> names_;
};

} // namespace read_lines
