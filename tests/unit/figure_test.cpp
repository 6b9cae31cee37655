#include "output/figures/axis.hpp"
#include "output/figures/figure.hpp"
#include "output/figures/panel.hpp"
#include "output/text.hpp"

#include "catch.hpp"

#include <cctype>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>

#include <unistd.h>

using namespace osteoflare::output;
namespace fs = std::filesystem;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

int count(const std::string& text, const std::string& part)
{
    int n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++n;
    }
    return n;
}

/// Why a text is not well-formed XML; empty if it is. Knows as much of XML as SVG from gnuplot needs.
std::string xml_fault(const std::string& xml)
{
    std::vector<std::string> open;
    if (!is_utf8(xml)) {
        return "not UTF-8";
    }
    for (std::size_t i = 0; i < xml.size(); ++i) {
        if (static_cast<unsigned char>(xml[i]) < 0x20 && !std::isspace(static_cast<unsigned char>(xml[i]))) {
            return "control character";
        }
        if (xml[i] == '&') {
            const std::string entity = xml.substr(i, xml.find(';', i) - i);
            if (entity != "&amp" && entity != "&lt" && entity != "&gt" && entity != "&quot" && entity != "&#39") {
                return "entity " + entity.substr(0, 20);
            }
        }
        if (xml[i] != '<') {
            continue;
        }
        if (xml.compare(i, 4, "<!--") == 0) {
            i = xml.find("-->", i);
            continue;
        }
        char quote = 0;
        std::size_t end = i + 1;
        for (; end < xml.size() && (quote != 0 || xml[end] != '>'); ++end) {
            if (xml[end] == '<') {
                return "< inside a tag";
            }
            quote = quote == 0 && (xml[end] == '"' || xml[end] == '\'') ? xml[end] : xml[end] == quote ? '\0' : quote;
        }
        const std::string tag = xml.substr(i + 1, end - i - 1);
        const std::string name = tag.substr(0, tag.find_first_of(" \t\n/", 1));
        if (end == xml.size()) {
            return "open tag " + name;
        }
        if (tag[0] == '/') {
            if (open.empty() || '/' + open.back() != name) {
                return "closing " + name;
            }
            open.pop_back();
        } else if (tag[0] != '?' && tag.back() != '/') {
            open.push_back(name);
        }
        i = end;
    }
    return open.empty() ? "" : "unclosed " + open.back();
}

Panel panel_of(const std::vector<double>& x, const std::vector<double>& y)
{
    return {.title = "IL-1β",
            .x_label = "time [d]",
            .y_label = "concentration [pM]",
            .lines = {{.label = "wild_type", .x = x, .y = y}}};
}

Figure example()
{
    Panel panel = panel_of({0, 1, 2, 3}, {1, 2, 1.5, 3});
    panel.bands = {{.x = {0, 1, 2, 3}, .low = {0.5, 1, 1, 2}, .high = {2, 3, 3, 4}}};
    panel.lines.push_back(
        {.label = "cmo_casp1_casp8_null", .x = {0, 2, 3}, .y = {0, 1, 2}, .colour = 1, .steps = true});
    panel.marks = {{"anti-IL-1β", 1, 2}, {"injury", 0.5, 0.5}};
    return {.title = "Title", .subtitle = "Subtitle", .panels = {panel, panel, panel}};
}

std::vector<std::string> labels(const Axis& axis)
{
    std::vector<std::string> texts;
    for (const Tick& tick : axis.ticks) {
        texts.push_back(tick.label);
    }
    return texts;
}

} // namespace

TEST_CASE("a figure is a well-formed picture, the same each time, that names each colour once", "[output]")
{
    const std::string picture = svg(example());
    CHECK(xml_fault(picture).empty());
    CHECK(picture == svg(example()));
    CHECK(count(picture, ">wild_type<") == 1);
    CHECK(count(picture, ">cmo_casp1_casp8_null<") == 1);
    CHECK(count(picture, ">IL-1β<") == 3);
    CHECK(count(picture, ">anti-IL-1β<") == 3);
    CHECK(contains(picture, "<title>Title</title>"));
    CHECK_FALSE(contains(picture, "text-0-end"));
    CHECK_FALSE(contains(picture, "gnuplot_plot"));
    if (const char* kept = std::getenv("OSTEOFLARE_FIGURE")) {
        write_text(kept, picture, true);
    }
}

TEST_CASE("no label breaks a picture or is lost", "[output]")
{
    const std::string hostile = R"(a_{b}^c @x `id` & < > " ' \ %d %s $y &#x3b1; &amp; text-0-end <!-- ]]> ''' β)";
    const std::string shown =
        "a_{b}^c @x `id` &amp; &lt; &gt; &quot; &#39; \\ %d %s $y &amp;#x3b1; &amp;amp; text-0-end &lt;!-- ]]&gt; "
        "&#39;&#39;&#39; β";
    Figure figure = example();
    figure.columns = 3; // wide enough for the text in one line
    figure.title = figure.subtitle = hostile;
    Panel& panel = figure.panels[0];
    panel.title = panel.x_label = hostile;
    panel.lines[0].label = hostile;
    panel.marks[0].label = "\x01 \xff \n\\";
    panel.y_label = "\"\n\nplot sin(x)\n'\n"; // must not become commands
    const std::string picture = svg(figure);
    CHECK(xml_fault(picture).empty());
    CHECK(count(picture, '>' + shown + '<') == 4); // twice as the title, as the subtitle, in the legend
    CHECK(contains(picture, "�"));
    CHECK(contains(picture, "plot sin(x)"));
}

TEST_CASE("the checker of these tests sees XML that is not well-formed", "[output]")
{
    CHECK(xml_fault("<a><b c=\"d\"/>e &amp; f</a>").empty());
    CHECK_FALSE(xml_fault("<a>b & c</a>").empty());
    CHECK_FALSE(xml_fault("<a>b < c</a>").empty());
    CHECK_FALSE(xml_fault("<a><b></a></b>").empty());
    CHECK_FALSE(xml_fault("<a>").empty());
    CHECK_FALSE(xml_fault("<a b=\"c>").empty());
    CHECK_FALSE(xml_fault("\xff").empty());
}

TEST_CASE("what has no finite points is an empty panel, not a failure", "[output]")
{
    CHECK(contains(svg({.title = "nothing", .panels = {}}), ">nothing<"));
    CHECK(contains(svg({.panels = {Panel{}}}), ">no data<"));
    Figure figure{.panels = {panel_of({}, {}), panel_of({0, 1}, {missing, infinite}), panel_of({missing}, {1})},
                  .columns = -3};
    figure.panels[0].marks = {{"dose", 3, 3}, {"never", missing, missing}, {"always", -infinite, infinite}};
    const std::string picture = svg(figure);
    CHECK(xml_fault(picture).empty());
    CHECK(count(picture, ">no data<") == 3);
}

TEST_CASE("ranges of any size can be drawn", "[output]")
{
    for (const auto& [low, high] : std::vector<std::pair<double, double>>{{0, 0},
                                                                          {5, 5},
                                                                          {-5, -5},
                                                                          {1e-320, 2e-320},
                                                                          {1e9, 1e9 + 1e-6},
                                                                          {-1e300, 1e300},
                                                                          {1e308, -1e308},
                                                                          {-3e-7, 1e12},
                                                                          {1e-99, 1e-98}}) {
        INFO(low << " to " << high);
        Panel along_y = panel_of({0, 1}, {low, high}), along_x = panel_of({low, high}, {0, 1});
        along_y.from_zero = false;
        CHECK(xml_fault(svg({.panels = {along_y, along_x}})).empty());
    }
}

TEST_CASE("a gap in the numbers is a gap in the curve, and a point between gaps is a point", "[output]")
{
    const auto picture = [](std::vector<double> y) { return svg({.panels = {panel_of({0, 1, 2, 3, 4}, y)}}); };
    const std::string stroke = "<path stroke='rgb(  0, 114, 178)'";
    const std::string point = "<use xlink:href='#gpPt6'";
    const std::string whole = picture({1, 2, 3, 2, 1}), broken = picture({1, 2, missing, 2, 1});
    CHECK(count(broken, stroke) == count(whole, stroke) + 1);
    CHECK(count(picture({1, 2, missing, 2, infinite}), point) == 1);
    CHECK(count(whole, point) == 0);
}

TEST_CASE("points have intervals where they are given, and rows have names from the top down", "[output]")
{
    const Panel panel = {
        .points = {{.label = "found", .x = {1, 2}, .y = {0, 1}, .x_low = {0.5, missing}, .x_high = {2, 3}}},
        .rows = {"first row", "second row"}};
    const std::string picture = svg({.panels = {panel}});
    CHECK(count(picture, "<use xlink:href='#gpPt6'") == 2);
    CHECK(count(picture, "<path stroke='rgb(  0, 114, 178)'") == 1); // one interval is whole
    const auto place = [&](const std::string& text) {
        const std::string before = picture.substr(0, picture.find(">" + text + "<"));
        const std::string y = before.substr(before.rfind("translate("));
        return std::stod(y.substr(y.find(',') + 1));
    };
    CHECK(place("first row") < place("second row"));
    CHECK(svg({.panels = {Panel{.rows = std::vector<std::string>(30, "row")}}}).size() > 0);
}

TEST_CASE("bars lie in their rows, and each kind of bar and of sign has one name", "[output]")
{
    Panel panel = {.rows = {"first row", "second row"}};
    panel.spans = {{.label = "ill", .row = {0, 1, 1}, .from = {0, 1, missing}, .until = {2, 3, 4}},
                   {.label = "well", .row = {0}, .from = {2}, .until = {3}, .strength = 0.5}};
    panel.points = {{.label = "switched", .x = {1}, .y = {0}, .colour = 3, .sign = Sign::triangle},
                    {.label = "relapse", .x = {2}, .y = {0}, .colour = 3, .sign = Sign::diamond},
                    {.label = "relapse again", .x = {2}, .y = {1}, .colour = 3, .sign = Sign::diamond}};
    const std::string picture = svg({.panels = {panel}});
    CHECK(xml_fault(picture).empty());
    const auto boxes = [&](const std::string& colour) { return count(picture, "fill = 'rgb(" + colour + ")'"); };
    CHECK(boxes("  0, 114, 178") == 2 + 1); // one of three has no beginning; one in the legend
    CHECK(boxes("128, 185, 217") == 1 + 1); // half of that colour, half paper
    for (const char* name : {">ill<", ">well<", ">switched<", ">relapse<"}) {
        CHECK(count(picture, name) == 1);
    }
    CHECK_FALSE(contains(picture, "relapse again"));
}

TEST_CASE("words below an axis stand under its ticks", "[output]")
{
    Panel panel = panel_of({0, 36}, {1, 0});
    panel.x_ticks = {12, 24, 36};
    panel.below_title = "number at risk";
    panel.below = {{.label = "naproxen", .cells = {"n-12", "n-24", "n-36"}}};
    const std::string picture = svg({.panels = {panel}});
    const auto place = [&](const std::string& text) {
        const std::string before = picture.substr(0, picture.find(">" + text + "<"));
        const std::string at = before.substr(before.rfind("translate(") + 10);
        return std::pair(std::stod(at), std::stod(at.substr(at.find(',') + 1)));
    };
    for (const char* tick : {"12", "24", "36"}) {
        INFO(tick);
        const auto [x, y] = place(std::string("n-") + tick);
        CHECK(x == Approx(place(tick).first).margin(0.51));
        CHECK(y > place("number at risk").second);
        CHECK(y == place("naproxen").second);
    }
    CHECK(place("number at risk").second > place("time [d]").second);
    panel.below[0].cells.pop_back();
    CHECK_THROWS_AS(svg({.panels = {panel}}), std::invalid_argument);
}

TEST_CASE("columns that differ in length are refused", "[output]")
{
    CHECK_THROWS_AS(svg({.panels = {Panel{.spans = {{.row = {0, 1}, .from = {0}, .until = {1}}}}}}),
                    std::invalid_argument);
    CHECK_THROWS_AS(svg({.panels = {Panel{.points = {{.x = {0, 1}, .y = {0, 1}, .y_low = {0}, .y_high = {1}}}}}}),
                    std::invalid_argument);
    CHECK_THROWS_AS(svg({.panels = {panel_of({0, 1}, {0})}}), std::invalid_argument);
    Panel panel;
    panel.bands = {{.x = {0, 1}, .low = {0, 1}, .high = {1}}};
    CHECK_THROWS_AS(svg({.panels = {panel}}), std::invalid_argument);
}

TEST_CASE("without gnuplot a figure is an error that says how to get it", "[output]")
{
    const char* path = std::getenv("PATH");
    const std::string before = path == nullptr ? "" : path;
    ::setenv("PATH", "/nowhere", 1);
    CHECK_THROWS_WITH(svg(example()), Catch::StartsWith("gnuplot: cannot be run (No such file or directory); install"));
    ::setenv("PATH", before.c_str(), 1);
}

TEST_CASE("ticks read as a biologist writes numbers", "[output]")
{
    using Texts = std::vector<std::string>;
    CHECK(labels(axis_over({0, 1}, 0, 5)) == Texts{"0", "0.2", "0.4", "0.6", "0.8", "1.0"});
    CHECK(labels(axis_over({0, 9000}, 0, 5)) == Texts{"0", "2000", "4000", "6000", "8000"});
    CHECK(labels(axis_over({0, 10'000}, 0, 4)) == Texts{"0", "2\u2009500", "5\u2009000", "7\u2009500", "10\u2009000"});
    CHECK(labels(axis_over({0, 2e6}, 0, 4)) == Texts{"0", "0.5×10⁶", "1.0×10⁶", "1.5×10⁶", "2.0×10⁶"});
    CHECK(labels(axis_over({-2e-5, 2e-5}, 0, 4)) == Texts{"\u22122×10⁻⁵", "\u22121×10⁻⁵", "0", "1×10⁻⁵", "2×10⁻⁵"});
    CHECK(labels(axis_over({0, 28}, 0, 7, Rounding::days)) == Texts{"0", "7", "14", "21", "28"});
    CHECK(labels(axis_over({0, 180}, 0, 7, Rounding::days)) == Texts{"0", "30", "60", "90", "120", "150", "180"});
    CHECK(labels(axis_over({0, 0.5}, 0, 5, Rounding::days)) == Texts{"0", "0.1", "0.2", "0.3", "0.4", "0.5"});
}

TEST_CASE("an axis reaches over its values, with room only where they do not end at zero", "[output]")
{
    const Axis axis = axis_over({0, 10}, 0.05, 5);
    CHECK(axis.from == 0);
    CHECK(axis.until == Approx(10.5));
    CHECK(axis_over({}, 0.05, 5).until > 1);
    Extent extent;
    for (const double value : {missing, 5.0, infinite, 7.0, -infinite}) {
        extent.include(value);
    }
    CHECK(extent.low == 5);
    CHECK(extent.high == 7);
}

TEST_CASE("words at marks never overlap, and equal words stand once", "[output]")
{
    const Axis axis{.from = 0, .until = 100};
    std::vector<Mark> marks = {{"a long word at the end", 99, infinite}, {"outside", 200, 300}, {"backwards", 5, 4}};
    for (int i = 0; i < 10; ++i) {
        marks.push_back({"dose", 10.0 * i, 10.0 * i});
        marks.push_back({"day " + std::to_string(7 * i), 7.0 * i, 7.0 * i + 3});
    }
    const auto placed = placed_marks(marks, axis, 50, 400);
    CHECK(placed.size() == 21);
    int n_words = 0;
    for (const PlacedMark& one : placed) {
        n_words += one.text.empty() ? 0 : 1;
        CHECK(one.left >= 50);
        CHECK(one.right <= 400);
        const double end = one.text_left + text_width(one.text, {10, false});
        CHECK(end <= Approx(400));
        for (const PlacedMark& other : placed) {
            if (&one != &other && !one.text.empty() && !other.text.empty() && one.row == other.row) {
                const bool apart = end < other.text_left || one.text_left > other.text_left;
                CHECK(apart);
            }
        }
    }
    CHECK(n_words == 12);
    CHECK(placed[0].text == "dose (10×)");
}

TEST_CASE("wrapped text keeps every character and every line fits", "[output]")
{
    const Font font{12, false};
    const std::string text = "Osteoclasts  eat bone; antidisestablishmentarianism_αβγδεζηθικλμνξοπρστυφχψω does not.";
    for (const double width : {1.0, 40.0, 100.0, 1e4}) {
        std::string joined;
        for (const std::string& line : wrapped(text, width, font)) {
            CHECK(is_utf8(line));
            if (width > 20) {
                CHECK(text_width(line, font) <= width);
            }
            joined += line;
        }
        std::string expected = text;
        std::erase(expected, ' ');
        std::erase(joined, ' ');
        CHECK(joined == expected);
    }
    CHECK(wrapped("", 100, font).empty());
    CHECK(text_width(shortened(text, 100, font), font) <= 100);
    CHECK(shortened("short", 100, font) == "short");
}

TEST_CASE("UTF-8 is told from what is not", "[output]")
{
    for (const char* good : {"", "abc", "β", "€", "\U0001F9B4", "\xED\x9F\xBF"}) {
        CHECK(is_utf8(good));
    }
    for (const char* bad :
         {"\x80", "\xC0\x80", "\xC3", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "a\xE9"}) {
        CHECK_FALSE(is_utf8(bad));
        CHECK(is_utf8(printable(bad)));
    }
}

TEST_CASE("a text is written whole, and over nothing that is there", "[output]")
{
    std::string name = (fs::temp_directory_path() / "osteoflare-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    const fs::path folder = name, path = folder / "a.svg";
    const auto content = [&] {
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const std::string text = std::string(100'000, 'x') + '\0' + "end";
    write_text(path, text, false);
    CHECK(content() == text);
    CHECK_THROWS_WITH(write_text(path, "other", false), Catch::Contains("exists already"));
    CHECK(content() == text);
    write_text(path, "other", true);
    CHECK(content() == "other");
    CHECK_THROWS_AS(write_text(folder / "absent" / "a.svg", "", false), FileError);
    CHECK(std::distance(fs::directory_iterator(folder), {}) == 1);
    fs::remove_all(folder);
}
