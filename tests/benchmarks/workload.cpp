#include "tests/benchmarks/workload.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::benchmarks {
namespace {

Animal animal_of(const scenarios::Study& study, std::size_t index)
{
    const scenarios::Scenario& scenario = study.scenario();
    scenarios::Member member;
    study.member(index, member);
    Animal animal;
    animal.settings.reserve(member.changes.size() + 1); // phases point into it
    std::size_t next = 0;
    for (scenarios::Tick at = scenario.start;; at = member.changes[next].at) {
        while (next < member.changes.size() && member.changes[next].at == at) {
            member.settings[member.changes[next].setting] = member.changes[next].value;
            ++next;
        }
        animal.phase_begins.push_back(scenarios::to_days(at));
        auto known = std::ranges::find(animal.settings, member.settings);
        if (known == animal.settings.end()) {
            animal.settings.push_back(member.settings);
            known = animal.settings.end() - 1;
        }
        animal.phases.push_back(known->data());
        if (next == member.changes.size()) {
            return animal;
        }
    }
}

} // namespace

const std::vector<std::string>& varied_parameters()
{
    static const std::vector<std::string> names = {"neutrophil_recruitment",
                                                   "cxcl1_half",
                                                   "macrophage_recruitment",
                                                   "ccl2_half",
                                                   "damage_neutrophil",
                                                   "damage_clearance",
                                                   "nfkb_damage",
                                                   "nfkb_il1",
                                                   "pro_il1b_neutrophil",
                                                   "pstpip2_gain",
                                                   "casp1_processing",
                                                   "casp8_processing",
                                                   "il10_macrophage",
                                                   "tnf_macrophage",
                                                   "cxcl1_stroma"};
    return names;
}

std::string scenario_text(bool dosed, std::size_t size)
{
    std::string text = "title = \"benchmark\"\nmodel = \"niche\"\ngenotype = \"cmo\"\nstart = 7\nend = 207\n";
    const std::vector<scenarios::ModelEntry>& models = scenarios::models();
    const auto niche = std::ranges::find(models, "niche", &scenarios::ModelEntry::name);
    text += "[output]\nevery = 1\nvariables = [";
    for (const auto& species : niche->species) {
        text += fmt::format("\"{}\", ", species.name);
    }
    text += fmt::format("]\n[sweep]\nmethod = \"random\"\nsize = {}\nseed = 1\n", size);
    for (const std::string& name : varied_parameters()) {
        text += fmt::format("vary.{} = {{ lognormal_cv = 0.2 }}\n", name);
    }
    for (int day = 75; dosed && day < 155; day += 8) {
        text += fmt::format(
            "[[event]]\nname = \"dose_{0}\"\ninput = \"anakinra\"\nvalue = 8000\nat = {0}\nduration = 4\n", day);
    }
    return text;
}

Workload make_workload(bool dosed, std::size_t size)
{
    const scenarios::Library library = scenarios::read_library(scenarios::library_folder());
    Workload workload{
        .name = dosed ? "dosed" : "undosed",
        .study = scenarios::Study(scenarios::parse_scenario(scenario_text(dosed, size), "benchmark.toml", library)),
        .times = {},
        .animals = {}};
    workload.times = scenarios::output_times(workload.scenario());
    for (std::size_t i = 0; i < size; ++i) {
        workload.animals.push_back(animal_of(workload.study, i));
    }
    return workload;
}

std::vector<double> Workload::absolute_tolerance(double relative_tolerance) const
{
    const solvers::Options& numerics = scenario().numerics;
    std::vector<double> tolerance = numerics.absolute_tolerance;
    for (double& value : tolerance) {
        value *= relative_tolerance / numerics.relative_tolerance;
    }
    return tolerance;
}

} // namespace osteoflare::benchmarks
