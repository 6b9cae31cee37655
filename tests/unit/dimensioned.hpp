#pragma once

#include "scenarios/reading/units.hpp"

#include <array>
#include <cmath>
#include <compare>
#include <stdexcept>
#include <string_view>

/// A number that knows its dimension: sums, differences and comparisons of unlike quantities throw.
/// A plain double is dimensionless, so `1.0 + x` throws unless x is.
namespace osteoflare::tests {

struct WrongDimension : std::logic_error {
    using std::logic_error::logic_error;
};

class Dimensioned {
public:
    /// Exponents of time, amount, molecules, cells, volume and length; real, because pow makes roots.
    using Exponents = std::array<double, 6>;

    Dimensioned(double value = 0) : value_(value) {}
    Dimensioned(double value, const Exponents& exponents) : value_(value), exponents_(exponents) {}
    /// A value with the dimension of a unit's text, such as "cell/uL/d".
    Dimensioned(double value, std::string_view unit) : value_(value)
    {
        const scenarios::Dimension dimension = scenarios::parse_unit(unit).dimension;
        for (std::size_t i = 0; i < exponents_.size(); ++i) {
            exponents_[i] = dimension[i];
        }
    }

    double value() const { return value_; }
    const Exponents& exponents() const { return exponents_; }
    bool has_unit(std::string_view unit) const { return exponents_ == Dimensioned(0, unit).exponents_; }

    friend Dimensioned operator-(const Dimensioned& x) { return {-x.value_, x.exponents_}; }
    friend Dimensioned operator+(const Dimensioned& x, const Dimensioned& y)
    {
        return {x.value_ + y.value_, common(x, y)};
    }
    friend Dimensioned operator-(const Dimensioned& x, const Dimensioned& y)
    {
        return {x.value_ - y.value_, common(x, y)};
    }
    friend Dimensioned operator*(const Dimensioned& x, const Dimensioned& y)
    {
        return {x.value_ * y.value_, combined(x, y, 1)};
    }
    friend Dimensioned operator/(const Dimensioned& x, const Dimensioned& y)
    {
        return {x.value_ / y.value_, combined(x, y, -1)};
    }
    friend Dimensioned pow(const Dimensioned& x, const Dimensioned& power)
    {
        common(power, 1.0);
        return {std::pow(x.value_, power.value_), combined(1.0, x, power.value_)};
    }
    friend Dimensioned max(const Dimensioned& x, const Dimensioned& y)
    {
        return {x.value_ > y.value_ ? x.value_ : y.value_, common(x, y)};
    }
    friend bool operator==(const Dimensioned& x, const Dimensioned& y)
    {
        common(x, y);
        return x.value_ == y.value_;
    }
    friend auto operator<=>(const Dimensioned& x, const Dimensioned& y)
    {
        common(x, y);
        return x.value_ <=> y.value_;
    }

private:
    static Exponents common(const Dimensioned& x, const Dimensioned& y)
    {
        if (x.exponents_ != y.exponents_) {
            throw WrongDimension("quantities of different dimensions are added or compared");
        }
        return x.exponents_;
    }
    static Exponents combined(const Dimensioned& x, const Dimensioned& y, double power)
    {
        Exponents sum = x.exponents_;
        for (std::size_t i = 0; i < sum.size(); ++i) {
            sum[i] += power * y.exponents_[i];
        }
        return sum;
    }

    double value_ = 0;
    Exponents exponents_{};
};

} // namespace osteoflare::tests
