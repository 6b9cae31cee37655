#pragma once

#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>

/// Faults that are compiled in and chosen when the program runs: the environment variable OSTEOFLARE_MUTANT names one,
/// none without it. `mutants.py` plants them into a copy of the sources, which includes this file everywhere.
///
/// `a + b` becomes `a + m<17>{} + b`, which computes a + b, or a - b as mutant 17, or a as mutant 18: the mark between
/// has the operator's own precedence, so that no bracket moves. A fault that the types do not allow is not made.
namespace mutation {

inline constexpr unsigned most = 30000, tracing = ~0U;
inline unsigned active = 0; ///< 0: none
enum Seen : unsigned char { made = 1, ran = 2, changed = 4 };
inline unsigned char seen[most] = {};

__attribute__((constructor(101))) static void read_choice()
{
    if (const char* number = std::getenv("OSTEOFLARE_MUTANT")) {
        active = static_cast<unsigned>(std::strtoul(number, nullptr, 10));
    } else if (std::getenv("OSTEOFLARE_TRACE") != nullptr) {
        active = tracing;
    }
}

template <unsigned Id>
inline const bool registered = ((seen[Id] |= made), true);

template <class T>
bool same_bits(const T& a, const T& b)
{
    if constexpr (std::is_trivially_copyable_v<T>) {
        return std::memcmp(static_cast<const void*>(&a), static_cast<const void*>(&b), sizeof(T)) == 0;
    }
    return false;
}

/// Replaces `out` by what fault `Id` makes of it.
template <unsigned Id, class Wrong, class R, class... A>
void consider(R& out, const A&... a)
{
    if constexpr (std::is_copy_assignable_v<R> && requires { requires std::is_same_v<decltype(Wrong{}(a...)), R>; }) {
        (void)registered<Id>;
        if (active == Id) {
            out = Wrong{}(a...);
        } else if (active == tracing && (seen[Id] & changed) == 0) {
            seen[Id] |= ran;
            if (!same_bits(out, Wrong{}(a...))) {
                seen[Id] |= changed;
            }
        }
    }
}

template <class... Wrong>
struct Faults {
    template <unsigned Id, class Right, class... A>
    static constexpr auto choose(const A&... a)
    {
        using R = std::remove_cvref_t<decltype(Right{}(a...))>;
        if (!std::is_constant_evaluated() && active != 0) {
            return [&]<std::size_t... I>(std::index_sequence<I...>)
            {
                R out = Right{}(a...);
                (consider<Id + I, Wrong>(out, a...), ...);
                return out;
            }
            (std::index_sequence_for<Wrong...>{});
        }
        return R(Right{}(a...));
    }
};

#define MUTATION_FUNCTION(name, condition, expression)                                                                 \
    struct name {                                                                                                      \
        constexpr auto operator()(const auto& a, const auto& b) const -> decltype(expression) requires(condition)      \
        {                                                                                                              \
            return expression;                                                                                         \
        }                                                                                                              \
    }
template <class A, class B>
inline constexpr bool integers =
    std::is_integral_v<std::remove_cvref_t<A>>&& std::is_integral_v<std::remove_cvref_t<B>>;
#define MUTATION_INTEGERS (integers<decltype(a), decltype(b)>)
MUTATION_FUNCTION(Plus, true, a + b);
MUTATION_FUNCTION(Minus, true, a - b);
MUTATION_FUNCTION(Times, true, a* b);
MUTATION_FUNCTION(Over, true, a / b);
MUTATION_FUNCTION(OverOfReals, !MUTATION_INTEGERS, a / b);
MUTATION_FUNCTION(Less, true, a < b);
MUTATION_FUNCTION(Greater, true, a > b);
MUTATION_FUNCTION(LessOrEqual, true, a <= b);
MUTATION_FUNCTION(GreaterOrEqual, true, a >= b);
MUTATION_FUNCTION(LessOfIntegers, MUTATION_INTEGERS, a < b);
MUTATION_FUNCTION(GreaterOfIntegers, MUTATION_INTEGERS, a > b);
MUTATION_FUNCTION(LessOrEqualOfIntegers, MUTATION_INTEGERS, a <= b);
MUTATION_FUNCTION(GreaterOrEqualOfIntegers, MUTATION_INTEGERS, a >= b);
MUTATION_FUNCTION(Equal, true, a == b);
MUTATION_FUNCTION(Unequal, true, a != b);
struct First {
    constexpr auto
    operator()(const auto& a,
               const auto& b) const requires std::is_convertible_v<decltype(a), std::remove_cvref_t<decltype(a + b)>>
    {
        return std::remove_cvref_t<decltype(a + b)>(a);
    }
};
struct FirstFactor {
    constexpr auto
    operator()(const auto& a,
               const auto& b) const requires std::is_convertible_v<decltype(a), std::remove_cvref_t<decltype(a * b)>>
    {
        return std::remove_cvref_t<decltype(a * b)>(a);
    }
};
struct Negated {
    constexpr auto operator()(const auto& a) const -> decltype(-a) { return -a; }
};
struct Plain {
    constexpr auto operator()(const auto& a) const -> std::remove_cvref_t<decltype(a)> { return a; }
};
struct Nothing {
    constexpr auto operator()(const auto& a) const -> decltype(a - a) { return a - a; }
};
struct Unity {
    constexpr auto operator()(const auto& a) const -> decltype(a / a) { return a / a; }
};
struct Inverse {
    constexpr auto operator()(const auto& a) const -> decltype(a / a / a) { return a / a / a; }
};

template <unsigned Id>
struct m {
};
template <char Operator, unsigned Id, class A>
struct Left {
    const A& a;
};
template <class T>
inline constexpr bool is_mark = false;
template <unsigned Id>
inline constexpr bool is_mark<m<Id>> = true;
template <char Operator, unsigned Id, class A>
inline constexpr bool is_mark<Left<Operator, Id, A>> = true;

#define MUTATION_OPERATOR(op, key, Right, ...)                                                                         \
    template <unsigned Id, class A>                                                                                    \
    constexpr Left<key, Id, A> operator op(const A& a, m<Id>)                                                          \
    {                                                                                                                  \
        return {a};                                                                                                    \
    }                                                                                                                  \
    template <unsigned Id, class A, class B>                                                                           \
    constexpr auto operator op(Left<key, Id, A> left, const B& b)                                                      \
    {                                                                                                                  \
        return Faults<__VA_ARGS__>::template choose<Id, Right>(left.a, b);                                             \
    }
MUTATION_OPERATOR(+, '+', Plus, Minus, First)
MUTATION_OPERATOR(-, '-', Minus, Plus, First)
MUTATION_OPERATOR(*, '*', Times, OverOfReals, FirstFactor)
MUTATION_OPERATOR(/, '/', Over, Times, FirstFactor)
MUTATION_OPERATOR(<, '<', Less, Greater, LessOrEqualOfIntegers)
MUTATION_OPERATOR(>, '>', Greater, Less, GreaterOrEqualOfIntegers)
MUTATION_OPERATOR(<=, 'l', LessOrEqual, GreaterOrEqual, LessOfIntegers)
MUTATION_OPERATOR(>=, 'g', GreaterOrEqual, LessOrEqual, GreaterOfIntegers)
MUTATION_OPERATOR(==, '=', Equal, Unequal)
MUTATION_OPERATOR(!=, '!', Unequal, Equal)

/// `-a` is written `m<17>{} - a`.
template <unsigned Id, class A>
constexpr auto operator-(m<Id>, const A& a)
{
    return Faults<Plain>::template choose<Id, Negated>(a);
}

/// What is added to a sum, or taken from it: with the other sign, or not at all.
template <unsigned Id, class A>
constexpr auto added(const A& a)
{
    return Faults<Negated, Nothing>::template choose<Id, Plain>(a);
}

/// What multiplies or divides: the other way, or not at all.
template <unsigned Id, class A>
constexpr auto scaled(const A& a)
{
    return Faults<Inverse, Unity>::template choose<Id, Plain>(a);
}

/// The fault as a condition: drops a statement or a condition where it is true.
template <unsigned Id>
constexpr bool chosen()
{
    if (std::is_constant_evaluated()) {
        return false;
    }
    (void)registered<Id>;
    if (active == tracing) {
        seen[Id] |= ran | changed;
    }
    return active == Id;
}

/// A number that is not itself: limits and tolerances a thousandfold, other reals a tenth more, integers one more.
struct Other {
    constexpr double operator()(const double& a) const { return a == 0 ? 1 : a < 2e-3 ? a * 1000 : a * 1.1; }
    constexpr int operator()(const int& a) const { return a + 1; }
    constexpr unsigned operator()(const unsigned& a) const { return a + 1; }
};
template <unsigned Id, class T>
constexpr T number(T a)
{
    return Faults<Other>::template choose<Id, Plain>(a);
}
/// The same for what is initialised before main: not constexpr, so that it waits for the choice.
template <unsigned Id, class T>
T late_number(T a)
{
    return number<Id>(a);
}

/// The first, or the second as mutant `Id`, where both have one type.
template <unsigned Id, class A, class B>
constexpr decltype(auto) either(A&& a, B&& b)
{
    if constexpr (std::is_same_v<std::remove_cvref_t<A>, std::remove_cvref_t<B>>) {
        const auto &first = a, &second = b;
        const auto* taken = &first;
        if (!std::is_constant_evaluated()) {
            (void)registered<Id>;
            if (active == tracing && (seen[Id] & changed) == 0) {
                seen[Id] |= same_bits(first, second) ? ran : ran | changed;
            }
            taken = active == Id ? &second : &first;
        }
        return *taken;
    } else {
        return static_cast<A&&>(a);
    }
}

} // namespace mutation
