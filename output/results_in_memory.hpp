#pragma once

#include "output/results.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace osteoflare::output {

/// What a results file would hold, as arrays in memory, for programs that go on with it without a file.
class ResultsInMemory : public Results {
public:
    struct Variable {
        std::string name; ///< "group/name" of one in a group
        std::vector<std::string> dimensions;
        std::vector<std::size_t> shape;
        std::vector<Attribute> attributes;
        bool is_text = false;             ///< its values are then uint32 indices into `choices`
        Element element = Element::int64; ///< of one that is no text
        std::vector<std::string> choices;
        std::size_t n_bytes = 0;
        std::unique_ptr<std::byte[]> values; ///< row-major; of a streamed one, unknown until they are written here
    };
    struct GroupAttribute {
        std::string group; ///< empty: of the whole
        Attribute attribute;
    };

    void attribute(const Attribute& attribute) override;
    void attribute(const std::string& group, const Attribute& attribute) override;
    void dimension(const std::string& name, std::span<const double> values, const Labels& labels) override;
    void dimension(const std::string& name, std::span<const std::int64_t> values, const Labels& labels) override;
    void counted_dimension(const std::string& name, std::uint64_t size, const Labels& labels) override;
    void variable(const std::string& name, const std::vector<std::string>& dimensions, Element element,
                  const Labels& labels) override;
    void texts(const std::string& name, const std::string& dimension, const std::vector<std::string>& values,
               const Labels& labels) override;
    std::size_t streamed(const std::string& name, const std::vector<std::string>& dimensions, Element element,
                         const Labels& labels) override;
    std::size_t streamed_choices(const std::string& name, const std::string& dimension,
                                 const std::vector<std::string>& choices, const Labels& labels) override;
    void write(const std::string& name, std::size_t first, std::span<const double> values) override;
    void write(const std::string& name, std::size_t first, std::span<const std::int64_t> values) override;
    void write(const std::string& name, std::size_t first, std::span<const std::uint8_t> values) override;

    /// Where the values of a streamed variable belong: the whole of it.
    std::span<std::byte> values_of(std::size_t streamed);
    const std::vector<Variable>& variables() const { return variables_; }
    const std::vector<GroupAttribute>& attributes() const { return attributes_; }

private:
    Variable& add(const std::string& name, std::vector<std::string> dimensions, std::size_t element_bytes,
                  const Labels& labels);
    Variable& add_dimension(const std::string& name, std::size_t size, Element element, const Labels& labels);
    void write_bytes(const std::string& name, std::size_t first, Element element, std::span<const std::byte> values);

    std::vector<Variable> variables_;
    std::vector<std::size_t> streamed_; ///< indices into variables_
    std::vector<GroupAttribute> attributes_;
};

} // namespace osteoflare::output
