#include "scenarios/exporting/names.hpp"

#include "catch.hpp"

using osteoflare::scenarios::latex_symbol;

TEST_CASE("symbols of the lists become LaTeX", "[notation]")
{
    CHECK(latex_symbol("N") == "N");
    CHECK(latex_symbol("N_b0") == "N_{b0}");
    CHECK(latex_symbol("tau_T") == "\\tau_T");
    CHECK(latex_symbol("o_pi") == "o_{\\pi}");
    CHECK(latex_symbol("mol") == "\\mathrm{mol}");
    CHECK(latex_symbol("x_F'") == "x_F'");
    CHECK(latex_symbol("F'") == "F'");
    CHECK(latex_symbol("E*") == "E^*");
    CHECK(latex_symbol("Dhat") == "\\hat{D}");
    CHECK(latex_symbol("pibar_1") == "\\bar{\\pi}_1");
    CHECK(latex_symbol("v_N+") == "v_{N+}");
    CHECK(latex_symbol("v_Omega") == "v_{\\Omega}");
    CHECK(latex_symbol("phi_ef") == "\\varphi_{ef}");
    CHECK(latex_symbol("epsilon") == "\\varepsilon");
}
