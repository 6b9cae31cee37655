#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

/// What a model says about each of its quantities: one entry per parameter, species, input, flux and read-out.
namespace osteoflare::model {

/// Where a number comes from. Nobody may mistake a calibrated number for a measurement, so every list shows it.
enum class Origin {
    literature_range, ///< the order of magnitude is textbook or published, the digit is not
    calibrated,       ///< tuned once against the phenotypes, never measured
    assumed,          ///< a share or convention that was never tuned
    genotype,         ///< a switch: 1 intact, 0 null, between for hypomorphs and heterozygotes
    life_course,      ///< changed by an event of normal life
    published,        ///< the digit stands in the model's publication
    definition,       ///< a conversion of units
    input,            ///< set from outside: an injury, a drug
    computed,         ///< follows from the others: a flux, a read-out
};

constexpr std::string_view text(Origin origin)
{
    switch (origin) {
    case Origin::literature_range: return "literature range";
    case Origin::calibrated: return "calibrated";
    case Origin::assumed: return "assumed";
    case Origin::genotype: return "genotype";
    case Origin::life_course: return "life course";
    case Origin::published: return "published";
    case Origin::definition: return "definition";
    case Origin::input: return "input";
    case Origin::computed: return "computed";
    }
    return "";
}

/// The values that make sense at all, ends included; not a statement about what is likely.
struct Range {
    double low = 0, high = 0;
};

inline constexpr Range share{0, 1};
inline constexpr Range gene_dose{0, 10}; ///< 1 is the wild type; more stands for promoter hypomethylation or transgenes
inline constexpr Range non_negative{0, std::numeric_limits<double>::max()};
inline constexpr Range positive{std::numeric_limits<double>::min(), std::numeric_limits<double>::max()};
inline constexpr Range any_number{std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max()};

/// One quantity of a model. `value` is the default (a species' start) in `unit`.
struct Description {
    std::string_view name, symbol, unit;
    double value = 0;
    Range range;
    Origin origin = Origin::computed;
    std::string_view meaning;
    std::string_view equation = {}; ///< its number on the theory page: of what is computed, or of a species' balance
};

/// Describes something computed, which has neither a default nor a range.
constexpr Description computed(std::string_view name, std::string_view symbol, std::string_view unit,
                               std::string_view meaning, std::string_view equation)
{
    return {name, symbol, unit, 0, any_number, Origin::computed, meaning, equation};
}

/// A change that comes with life itself, in every run: `parameter` becomes `value` on `day`.
struct LifeEvent {
    std::string_view name;
    double day = 0;
    std::string_view parameter;
    double value = 0;
    std::string_view meaning;
};

/// How a whole course is condensed into one number.
enum class SummaryKind { first_above, maximum, minimum, final };

/// One number per run, made from the course of a species or read-out `of`; `level` names the parameter that holds the
/// threshold of `first_above` and is empty otherwise.
struct Summary {
    std::string_view name;
    SummaryKind kind = SummaryKind::final;
    std::string_view of, level;
    std::string_view unit;
    std::string_view meaning;
};

/// Every quantity of a set at its default.
template <class Set>
Set defaults()
{
    Set set{};
    Set::visit(set, [](auto& field, const Description& entry) { field = entry.value; });
    return set;
}

/// Number of quantities in a set.
template <class Set>
constexpr std::size_t count_of()
{
    std::size_t count = 0;
    Set set{};
    Set::visit(set, [&](auto&, const Description&) { ++count; });
    return count;
}

} // namespace osteoflare::model
