#include "scenarios/clinic/findings.hpp"

#include "catch.hpp"

#include <limits>
#include <vector>

using namespace osteoflare::scenarios::clinic;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("symptoms begin at a VAS of 1, and what was not asked is neither", "[clinic]")
{
    CHECK(is_symptom_free(0.999));
    CHECK_FALSE(is_symptom_free(1));
    CHECK(has_symptoms(1));
    CHECK_FALSE(has_symptoms(0.999));
    CHECK_FALSE(is_symptom_free(missing));
    CHECK_FALSE(has_symptoms(missing));
    CHECK(is_crp_raised(5.01));
    CHECK_FALSE(is_crp_raised(5));
    CHECK(is_painful(0.26));
    CHECK_FALSE(is_painful(0.25));
}

TEST_CASE("a lesion is marrow oedema above 0.20, and one lesion is unifocal", "[clinic]")
{
    CHECK(is_lesion(0.201));
    CHECK_FALSE(is_lesion(0.20));
    CHECK(count_lesions(std::vector<double>{0.1, 0.3, missing, 0.2, 0.9}) == 2);
    CHECK(count_lesions({}) == 0);
    CHECK(extent(0) == Extent::none);
    CHECK(extent(1) == Extent::unifocal);
    CHECK(extent(2) == Extent::multifocal);
    CHECK(extent(24) == Extent::multifocal);
}

TEST_CASE("a site scores a point for each line it crosses", "[clinic]")
{
    CHECK(radiological_score(0.2, 0.5, 0.3) == 0); // on each line, and across none
    CHECK(radiological_score(0.21, 0, 0) == 1);
    CHECK(radiological_score(0.8, 0, 0) == 1);
    CHECK(radiological_score(0.81, 0, 0) == 2);
    CHECK(radiological_score(0, 0.51, 0) == 1);
    CHECK(radiological_score(0, 0, 0.31) == 1);
    CHECK(radiological_score(0, 0, 0.8) == 1);
    CHECK(radiological_score(0, 0, 0.81) == 2);
    CHECK(radiological_score(1, 1, 1) == 5);
    CHECK(radiological_score(missing, 1, missing) == 1);
}

TEST_CASE("each site's lesion resolves, persists or appears between two visits", "[clinic]")
{
    //                                 resolved persisting appeared neither not seen
    const std::vector<double> before = {0.50, 0.30, 0.21, 0.20, 0.10, missing, 0.90};
    const std::vector<double> after = {0.20, 0.30, 0.80, 0.21, 0.20, 0.90, missing};
    const LesionChange change = lesion_change(before, after);
    CHECK(change.resolved == 1);
    CHECK(change.persisting == 2);
    CHECK(change.appeared == 1);
    CHECK(change.not_compared == 2);
    CHECK(change.before() == 3);
    CHECK(change.after() == 3);
    CHECK_FALSE(change.is_complete_resolution());
    CHECK(lesion_change(std::vector<double>{0.5, 0.1}, std::vector<double>{0.1, 0.1}).is_complete_resolution());
    // All old ones went, but a new one came; and there was none to resolve.
    CHECK_FALSE(lesion_change(std::vector<double>{0.5, 0.1}, std::vector<double>{0.1, 0.5}).is_complete_resolution());
    CHECK_FALSE(lesion_change(std::vector<double>{0.1}, std::vector<double>{0.1}).is_complete_resolution());
    CHECK(lesion_change({}, {}).before() == 0);
    CHECK_THROWS(lesion_change(std::vector<double>{0.1}, {}));
}

TEST_CASE("three items that are better by 30 % are PedCNO30, if no two are worse", "[clinic]")
{
    const PedCnoItems before = {.esr = 40, .lesions = 10, .pga = 6, .vas = 5, .chaq = 1};
    // ESR, lesions and VAS are better by just 30 %; the physician's view by less, C-HAQ not at all.
    const PedCnoItems just = {.esr = 28, .lesions = 7, .pga = 4.3, .vas = 3.5, .chaq = 1};
    CHECK(is_pedcno_response(before, just, 30));
    CHECK_FALSE(is_pedcno_response(before, just, 50));
    PedCnoItems misses = just;
    misses.esr = 28.1;
    CHECK_FALSE(is_pedcno_response(before, misses, 30));
    // One may be worse by any amount, a second one by no more than 30 %.
    PedCnoItems worse = just;
    worse.pga = 10;
    CHECK(is_pedcno_response(before, worse, 30));
    worse.chaq = 1.3;
    CHECK(is_pedcno_response(before, worse, 30));
    worse.chaq = 1.31;
    CHECK_FALSE(is_pedcno_response(before, worse, 30));
}

TEST_CASE("PedCNO50 and 70 ask for more, and whole numbers meet them exactly", "[clinic]")
{
    const PedCnoItems before = {.esr = 30, .lesions = 10, .pga = 10, .vas = 10, .chaq = 2};
    const PedCnoItems half = {.esr = 15, .lesions = 5, .pga = 5, .vas = 10, .chaq = 2};
    CHECK(is_pedcno_response(before, half, 50));
    CHECK_FALSE(is_pedcno_response(before, half, 51));
    const PedCnoItems third = {.esr = 9, .lesions = 3, .pga = 3, .vas = 10, .chaq = 2};
    CHECK(is_pedcno_response(before, third, 70));
    CHECK_FALSE(is_pedcno_response(before, third, 70.1));
    CHECK_THROWS(is_pedcno_response(before, third, 0));
    CHECK_THROWS(is_pedcno_response(before, third, 101));
    CHECK_THROWS(is_pedcno_response({.esr = -1}, third, 30));
}

TEST_CASE("an item of 0 cannot improve, and from 0 everything is worse", "[clinic]")
{
    const PedCnoItems before = {.esr = 20, .lesions = 4, .pga = 5, .vas = 0, .chaq = 0};
    const PedCnoItems gone = {.esr = 6, .lesions = 0, .pga = 0, .vas = 0, .chaq = 0};
    CHECK(is_pedcno_response(before, gone, 70)); // three of three
    PedCnoItems one = gone;
    one.vas = 0.1;
    CHECK(is_pedcno_response(before, one, 70));
    one.chaq = 0.1;
    CHECK_FALSE(is_pedcno_response(before, one, 70));
    // Of nothing, nothing is better.
    CHECK_FALSE(is_pedcno_response({}, {}, 30));
}

TEST_CASE("a missing item is neither better nor worse", "[clinic]")
{
    const PedCnoItems before = {.esr = 20, .lesions = 4, .pga = 5, .vas = 5, .chaq = 2};
    PedCnoItems after = {.esr = missing, .lesions = missing, .pga = 1, .vas = 1, .chaq = 1};
    CHECK(is_pedcno_response(before, after, 50));
    after.chaq = missing;
    CHECK_FALSE(is_pedcno_response(before, after, 30));
}
