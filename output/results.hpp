#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace osteoflare::output {

/// The value of an attribute: text, a number, a whole number, or a list of small codes (flag_values).
using AttributeValue = std::variant<std::string, double, std::int64_t, std::vector<std::uint8_t>>;

struct Attribute {
    std::string name;
    AttributeValue value;
};

/// What stands beside a variable. Empty texts are left out.
struct Labels {
    std::string units = {};     ///< UDUNITS text; "d" for days, never "days"
    std::string long_name = {}; ///< in words
    std::string symbol = {};    ///< as on paper
    std::string source = {};    ///< origin or citation
    std::vector<Attribute> more = {};
};

/// Element type of a variable. Missing floating values are NaN and declared as such (`_FillValue`).
enum class Element { float64, float32, int64, uint8 };

std::size_t bytes_of(Element element);

/// What results are made of, wherever they come to stand: in a file (ResultsWriter) or in memory (ResultsInMemory).
class Results {
public:
    Results() = default;
    virtual ~Results() = default;
    Results(const Results&) = delete;
    Results& operator=(const Results&) = delete;

    /// An attribute of the whole.
    virtual void attribute(const Attribute& attribute) = 0;
    /// An attribute of a group, which is made if it does not exist.
    virtual void attribute(const std::string& group, const Attribute& attribute) = 0;

    /// A dimension with coordinate values (in a file, a dimension scale at the root).
    virtual void dimension(const std::string& name, std::span<const double> values, const Labels& labels) = 0;
    virtual void dimension(const std::string& name, std::span<const std::int64_t> values, const Labels& labels) = 0;

    /// A dimension of `size` members, counted from 0.
    virtual void counted_dimension(const std::string& name, std::uint64_t size, const Labels& labels) = 0;

    /// Declares a variable over `dimensions`, which must exist; `name` may be "group/name". Every value starts missing
    /// (NaN; 0 for integers).
    virtual void variable(const std::string& name, const std::vector<std::string>& dimensions, Element element,
                          const Labels& labels) = 0;
    /// A variable of texts (variable-length UTF-8).
    virtual void texts(const std::string& name, const std::string& dimension, const std::vector<std::string>& values,
                       const Labels& labels) = 0;

    /// Declares a variable whose values come later; returns its number, from 0.
    virtual std::size_t streamed(const std::string& name, const std::vector<std::string>& dimensions, Element element,
                                 const Labels& labels) = 0;
    /// The same for a variable of texts, of which there are few: each value is a uint32 index into `choices`, which are
    /// no more than the dimension has values.
    virtual std::size_t streamed_choices(const std::string& name, const std::string& dimension,
                                         const std::vector<std::string>& choices, const Labels& labels) = 0;

    /// Writes rows [first, first + n) along the first dimension, where n = values.size() / (size of one row).
    virtual void write(const std::string& name, std::size_t first, std::span<const double> values) = 0;
    virtual void write(const std::string& name, std::size_t first, std::span<const std::int64_t> values) = 0;
    virtual void write(const std::string& name, std::size_t first, std::span<const std::uint8_t> values) = 0;
};

} // namespace osteoflare::output
