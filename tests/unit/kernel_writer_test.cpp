#include "solvers/compiler/block_kernel_writer.hpp"
#include "solvers/compiler/elimination.hpp"
#include "solvers/compiler/kernel_writer.hpp"
#include "unit/grown.hpp"
#include "unit/read_lines.hpp"

#include "catch.hpp"

#include <cmath>
#include <regex>
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

TEST_CASE("a quantity that all rates share stands in a step's matrix once, and the step's system is solved through it",
          "[compiler]")
{
    // y_i' = S y_i with S = k y0 y1 y2 + log(y3 + y4 y5): every rate moves with every state.
    constexpr std::size_t n = 6;
    Recording recording;
    recording.name = "shared";
    recording.n_states = n;
    recording.n_settings = 1;
    std::vector<Expression> y;
    for (std::uint32_t i = 0; i <= n; ++i) {
        y.push_back(Expression::symbol(recording.graph, i));
    }
    const Expression shared = y[n] * y[0] * y[1] * y[2] + log(y[3] + y[4] * y[5]);
    for (std::size_t i = 0; i < n; ++i) {
        recording.rates.push_back((shared * y[i]).in(recording.graph));
    }
    const std::string header = kernel_header(recording);
    INFO(header);
    CHECK(std::stoul(between(header, "n_factors", " = ", ";")) < n * n);

    constexpr double shift = 11;
    double v[n + 1];
    read_lines::Reader reader([](std::size_t i) { return grown::number_of(static_cast<std::uint32_t>(i)); });
    for (std::uint32_t i = 0; i <= n; ++i) {
        v[i] = grown::number_of(i);
        reader.set(at("r", i), 1.0 + i);
    }
    reader.run(body(header, "prepare"));
    reader.run(std::regex_replace(body(header, "factor"), std::regex("\\bshift\\b"), "Pack(11.0)"));
    reader.run(std::regex_replace(body(header, "solve"), std::regex("right\\((\\d)\\)"), "r[$1]"));
    const double inside = v[3] + v[4] * v[5], value = v[n] * v[0] * v[1] * v[2] + std::log(inside);
    const double slopes[n] = {v[n] * v[1] * v[2], v[n] * v[0] * v[2], v[n] * v[0] * v[1],
                              1 / inside,         v[5] / inside,      v[4] / inside};
    double along = 0;
    for (std::size_t j = 0; j < n; ++j) {
        along += slopes[j] * reader.atom(at("x", j));
    }
    for (std::size_t i = 0; i < n; ++i) {
        CHECK(reader.atom(at("f", i)) == Approx(value * v[i]).epsilon(1e-14));
        const double left = (shift - value) * reader.atom(at("x", i)) - v[i] * along;
        CHECK(left == Approx(1.0 + static_cast<double>(i)).epsilon(1e-12));
    }
    auto rates = reader;
    rates.run(body(header, "rates"));
    for (std::size_t i = 0; i < n; ++i) {
        CHECK(rates.atom(at("f", i)) == Approx(value * v[i]).epsilon(1e-14));
    }
}

namespace {

/// A part of one state, y' = offered by the other part or nothing, less y; it offers what is said.
PartRecording part(const std::string& name, bool listens, std::size_t n_given, const auto& offer)
{
    PartRecording one;
    one.name = name;
    one.n_states = 1;
    one.n_given = n_given;
    const auto y = Expression::symbol(one.graph, 0), given = Expression::symbol(one.graph, 1);
    one.rates = {(listens ? given - y : -y).in(one.graph)};
    one.offered = {Expression(offer(y, given)).in(one.graph)};
    return one;
}
const auto itself = [](const Expression& y, const Expression&) { return y; };

} // namespace

TEST_CASE("a block that does not feel its border, and a border that gives what stays, tell the step nothing",
          "[compiler]")
{
    const auto fixed = [](const Expression&, const Expression&) { return 0.5; };
    const auto deaf = block_kernel_headers(part("one", false, 1, itself), part("all", true, 1, fixed));
    CHECK_THAT(deaf.block, Catch::Contains("m[0] = Pack(0.0);"));
    CHECK_THAT(deaf.border, Catch::Contains("z[0] = Pack(0.0);"));
    const auto joined = block_kernel_headers(part("one", true, 1, itself), part("all", true, 1, itself));
    CHECK_THAT(joined.block, !Catch::Contains("m[0] = Pack(0.0);"));
    CHECK_THAT(joined.border, !Catch::Contains("z[0] = Pack(0.0);"));
}

TEST_CASE("parts that do not fit, and offers that echo what is given, are refused", "[compiler]")
{
    const auto good = [&] { return part("one", true, 1, itself); };
    const std::string too_few = "one and all do not offer as much as the other is given";
    CHECK_THROWS_WITH(block_kernel_headers(part("one", true, 2, itself), part("all", true, 1, itself)),
                      Catch::Contains(too_few));
    CHECK_THROWS_WITH(block_kernel_headers(good(), part("all", true, 2, itself)), Catch::Contains(too_few));
    const auto echo = [](const Expression& y, const Expression& given) { return y * given; };
    CHECK_THROWS_WITH(block_kernel_headers(good(), part("all", true, 1, echo)),
                      Catch::Contains("what all offers depends on what it is given"));
}
