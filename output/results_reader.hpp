#pragma once

#include "output/file_error.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace osteoflare::output {

/// Reads a results file back, for plots and comparisons. Every failure is a FileError, also for a file that is not
/// HDF5, is damaged, or was not written by Osteoflare.
class ResultsReader {
public:
    explicit ResultsReader(const std::filesystem::path& path);
    ~ResultsReader();
    ResultsReader(const ResultsReader&) = delete;
    ResultsReader& operator=(const ResultsReader&) = delete;

    /// Names of all variables, coordinates included, groups written as "group/name"; in alphabetic order.
    std::vector<std::string> variables() const;
    bool has(const std::string& variable) const;
    std::vector<std::size_t> shape(const std::string& variable) const;

    /// All values, row-major, integers converted to double.
    std::vector<double> numbers(const std::string& variable) const;
    /// Rows [first, first + n) along the first dimension.
    std::vector<double> numbers(const std::string& variable, std::size_t first, std::size_t n) const;

    /// All values of a variable of texts, row-major.
    std::vector<std::string> texts(const std::string& variable) const;

    /// A text attribute of a variable, or of the file if `variable` is empty; nothing if it is absent or no text.
    std::optional<std::string> text_attribute(const std::string& variable, const std::string& name) const;
    /// Likewise a single number.
    std::optional<double> number_attribute(const std::string& variable, const std::string& name) const;

private:
    struct File;
    std::unique_ptr<File> file_;
};

} // namespace osteoflare::output
