#include "tests/benchmarks/report.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <fstream>

namespace osteoflare::benchmarks {

std::string Report::json() const
{
    std::string text = "{";
    for (const auto& [key, value] : numbers) {
        text += fmt::format("{}\n  \"{}\": ", text.size() > 1 ? "," : "", key);
        text += std::isfinite(value) ? fmt::format("{:.6g}", value) : std::string("null");
    }
    return text + "\n}\n";
}

std::string circumstances()
{
    std::string processor = "processor unknown", line;
    std::ifstream file("/proc/cpuinfo");
    std::string family, model;
    while (std::getline(file, line) && !line.empty()) { // the first core is described up to an empty line
        const auto value = [&] { return line.substr(std::min(line.find(':') + 2, line.size())); };
        if (line.starts_with("model name")) {
            processor = value();
        } else if (line.starts_with("cpu family")) {
            family = value();
        } else if (line.starts_with("model\t")) {
            model = value();
        }
    }
#if defined(__clang__)
    const std::string compiler = "clang " __clang_version__;
#else
    const std::string compiler = "gcc " __VERSION__;
#endif
    return fmt::format("{} (family {}, model {}); {}; {:%Y-%m-%d}", processor, family, model, compiler,
                       fmt::gmtime(std::time(nullptr)));
}

} // namespace osteoflare::benchmarks
