#include "solvers/compiler/kernel_writer.hpp"
#include "unit/grown.hpp"
#include "unit/read_lines.hpp"

#include "catch.hpp"

#include <sstream>
#include <string>
#include <vector>

using namespace osteoflare::solvers::compiler;

namespace {

/// x' = k x / (h + x) - (x y) (k y), y' = (x y) - y, whose parts are recorded from left to right or the other way, as
/// compilers may.
Recording recorded(bool left_first)
{
    Recording recording;
    recording.name = "pair";
    recording.n_states = 2;
    recording.n_settings = 2;
    Graph& graph = recording.graph;
    Expression symbols[4];
    for (std::uint32_t i = 0; i < 4; ++i) {
        const std::uint32_t number = left_first ? i : 3 - i;
        symbols[number] = Expression::symbol(graph, number);
    }
    const auto& [x, y, k, h] = symbols;
    Expression up, met, eaten;
    if (left_first) {
        up = k * x;
        met = x * y;
        eaten = k * y;
    } else {
        eaten = k * y;
        met = x * y;
        up = k * x;
    }
    const Expression growth = up / (h + x), loss = met * eaten;
    recording.rates = {(growth - loss).in(graph), (met - y).in(graph)};
    return recording;
}

/// Three rates of three states and three settings, by chance, which are read-outs and fluxes as well; what they are
/// worth, with the slopes in a direction.
struct Grown {
    Recording recording;
    std::vector<Traced> rates;

    Grown(std::uint64_t seed, std::size_t direction)
    {
        recording.name = "grown";
        recording.n_states = grown::n_moving;
        recording.n_settings = grown::n_symbols - grown::n_moving;
        const auto all = grown::expressions(recording.graph, seed, direction);
        for (std::size_t i = all.size() - 3; i < all.size(); ++i) {
            rates.push_back(all[i].number);
            recording.rates.push_back(all[i].expression.in(recording.graph));
        }
        recording.readouts = recording.fluxes = recording.rates;
    }
};

std::string between(const std::string& text, const std::string& from, const std::string& begin, const std::string& end)
{
    const std::size_t at = text.find(begin, text.find(from)) + begin.size();
    return text.substr(at, text.find(end, at) - at);
}

/// The statements of a kernel's function.
std::string body(const std::string& header, const std::string& function)
{
    return between(header, "void " + function + "(", function == "prepare" ? "};\n" : "{\n", "    }\n");
}

std::vector<std::size_t> list(const std::string& header, const std::string& name)
{
    std::istringstream text(between(header, name, "{", "}"));
    std::vector<std::size_t> numbers;
    for (std::string number; std::getline(text, number, ',') && number != " ";) {
        numbers.push_back(std::stoul(number));
    }
    return numbers;
}

} // namespace

TEST_CASE("a kernel does not depend on which of two operands was recorded first", "[compiler]")
{
    CHECK(kernel_header(recorded(true)) == kernel_header(recorded(false)));
}

TEST_CASE("a kernel, read back, has the recorded rates and their exact derivatives", "[compiler]")
{
    constexpr std::size_t n = grown::n_moving;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const std::size_t direction = seed % n;
        const Grown grown(seed, direction);
        const std::string header = kernel_header(grown.recording);
        INFO("seed " << seed << ":\n" << header);
        read_lines::Reader prepared([](std::size_t i) { return grown::number_of(static_cast<std::uint32_t>(i)); });
        prepared.run(body(header, "prepare"));
        const auto result = [&](const std::string& function, char output, std::size_t number) {
            auto reader = prepared;
            reader.run(body(header, function));
            return reader.atom(std::string(1, output) + "[" + std::to_string(number) + "]");
        };
        const auto rows = list(header, "jacobian_rows"), columns = list(header, "jacobian_columns");
        REQUIRE(rows.size() == columns.size());
        std::vector<double> slopes(n); // what is not listed is 0
        for (std::size_t e = 0; e < rows.size(); ++e) {
            const double entry = result("jacobian", 'j', e);
            slopes.at(rows[e]) = columns[e] == direction ? entry : slopes.at(rows[e]);
        }
        const auto close = [](double exact) { return Approx(exact).epsilon(1e-10).margin(1e-10); };
        for (std::size_t i = 0; i < n; ++i) {
            const Traced& exact = grown.rates[i];
            REQUIRE(result("rates", 'f', i) == close(exact.value));
            REQUIRE(result("readouts", 'o', i) == close(exact.value));
            REQUIRE(result("fluxes", 'o', i) == close(exact.value));
            REQUIRE(slopes[i] == close(exact.slope));
        }
    }
}
