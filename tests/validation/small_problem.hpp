#pragma once

#include "scenarios/analyses/fitting/fit_problem.hpp"
#include "tests/library.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

namespace osteoflare::tests {

/// Two parameters of Komarova's two equations and one kind of datum: quick.
inline scenarios::FitProblem small_problem(const std::array<double, 4>& values)
{
    std::string data = "experiment,time [d],observable,value\n";
    for (std::size_t i = 0; i < values.size(); ++i) {
        data += fmt::format("it,{},osteoclasts,{}\n", 5 + 10 * i, values[i]);
    }
    return scenarios::parse_problem(R"(
data = "cells.csv"
[[experiment]]
name = "it"
model = "komarova2003"
end = "50 d"
[experiment.initial]
osteoclasts = 10.06066
[observable.osteoclasts]
noise = "lognormal"
spread = 0.2
[parameter]
osteoclast_production = { from = 1, to = 9 }
osteoclast_removal = { from = 0.05, to = 0.8, prior = { lognormal = [0.2, 0.3] } }
)",
                                    "p.toml", data, "cells.csv", library());
}

} // namespace osteoflare::tests
