#pragma once

#include "scenarios/analyses/fitting/fit_problem.hpp"
#include "tests/library.hpp"

#include <fmt/format.h>

#include <string>

namespace osteoflare::tests {

/// All kinds of noise, a treatment, parameters of all kinds, and priors; three experiments in two groups. `numerics` is
/// a line of each experiment.
inline scenarios::FitProblem mixed_problem(const std::string& numerics)
{
    const std::string problem = fmt::format(R"(
data = "mice.csv"
[[experiment]]
name = "cmo"
genotype = "cmo"
{0}
[[experiment]]
name = "lupo"
genotype = "lupo"
{0}
[[experiment]]
name = "treated"
genotype = "cmo"
{0}
[[experiment.treatment]]
name = "anakinra"
from = "60 d"
until = "100 d"
[observable.paw]
of = "swelling"
unit = "mm"
scale = "paw_scale"
offset = "paw_offset"
noise = "normal"
spread = "paw_spread"
[observable.il1b]
noise = "lognormal"
spread = 0.3
[observable.ill]
of = "swelling"
above = 0.25
noise = "incidence"
spread = "animals_differ"
[parameter]
pstpip2_gain = {{ from = 4, to = 20 }}
"anakinra.exposure" = {{ from = "1 nM", to = "50 nM" }}
il10_half = {{ from = 2, to = 12, experiments = ["lupo"], prior = {{ lognormal = [6, 0.2] }} }}
paw_scale = {{ from = 0.1, to = 10, prior = {{ normal = [1, 0.5] }} }}
paw_offset = {{ from = -1, to = 1, log = false, start = 0.1 }}
paw_spread = {{ from = 0.01, to = 1 }}
animals_differ = {{ from = 0.1, to = 3 }}
)",
                                            numerics);
    const std::string data = R"(experiment,time [d],observable,value,n,detection_limit,since [d]
cmo,50,paw,0.4,,,
cmo,90,paw,2.1,3,,
lupo,90,paw,1.4,,,
treated,90,paw,1.5,,,
cmo,30,il1b,,,0.5,
cmo,100,il1b,20,4,,
treated,80,il1b,8,,,
lupo,48,ill,2,10,,
lupo,52,ill,3,7,,48
cmo,52,ill,7,12,,
cmo,56,ill,4,5,,52
)";
    return scenarios::parse_problem(problem, "p.toml", data, "mice.csv", library());
}

} // namespace osteoflare::tests
