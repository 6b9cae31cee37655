#include "scenarios/analyses/fitting/prediction.hpp"
#include "scenarios/analyses/sensitivity/local_sensitivity.hpp"
#include "scenarios/analyses/sensitivity/sensitivity_file.hpp"
#include "scenarios/analyses/steady/steady_results.hpp"
#include "scenarios/analyses/steady/steady_words.hpp"
#include "scenarios/analyses/thresholds/thresholds.hpp"
#include "scenarios/python/extension/asked_scenario.hpp"
#include "scenarios/python/extension/bindings.hpp"
#include "scenarios/python/extension/contents.hpp"
#include "scenarios/python/extension/errand.hpp"
#include "scenarios/python/extension/phases.hpp"
#include "scenarios/recording/compute.hpp"
#include "scenarios/words.hpp"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <optional>
#include <stdexcept>
#include <utility>

namespace osteoflare::python {

namespace py = pybind11;

namespace {

scenarios::Study study_of(const AskedScenario& asked, bool is_sweep, bool resume)
{
    scenarios::Scenario scenario = asked.scenario;
    if (is_sweep) {
        scenarios::require_sweep(scenario, asked.name);
    } else {
        scenarios::require_run(scenario, asked.overrides.seed.has_value(), resume);
        scenario.sweep.reset();
    }
    return scenarios::Study(std::move(scenario));
}

py::tuple run(const AskedScenario& asked, bool is_sweep, std::size_t threads, const Listeners& listeners)
{
    const scenarios::Study study = study_of(asked, is_sweep, false);
    auto results = std::make_shared<output::ResultsInMemory>();
    in_background(listeners, [&](Told& told) {
        return scenarios::run_in_memory(study, threads, members_told(told, study.size()), *results);
    });
    return contents_of(results);
}

void record(const AskedScenario& asked, bool is_sweep, const Errand& errand)
{
    const scenarios::Study study = study_of(asked, is_sweep, errand.resume);
    in_background(errand.listeners, [&](Told& told) {
        auto options = errand.record_options(told);
        options.watch = [&](const scenarios::TissueMoment& moment) {
            told.progress(moment.day - moment.begin, moment.end - moment.begin, 0);
        };
        return scenarios::record_study(study, options, members_told(told, study.size()));
    });
}

void record_thresholds(const AskedScenario& asked, const Errand& errand)
{
    scenarios::require_threshold(asked.scenario, asked.name);
    const scenarios::Study study(asked.scenario);
    in_background(errand.listeners, [&](Told&) {
        return scenarios::record_thresholds(study, errand.file, errand.overwrite, errand.threads);
    });
}

void record_sensitivity(const AskedScenario& asked, const std::string& method, std::size_t size,
                        const std::vector<std::string>& of, const Errand& errand)
{
    if (method != "sobol" && method != "morris") {
        throw scenarios::InputError({"method", 1, 1}, {"unknown method '" + method + "'", "it is no global method",
                                                       scenarios::suggest_name(method, {"sobol", "morris"}, "")});
    }
    const auto plan = scenarios::plan_global_sensitivity(
        asked.scenario, method == "sobol" ? scenarios::GlobalMethod::sobol : scenarios::GlobalMethod::morris, size, of);
    in_background(errand.listeners, [&](Told& told) {
        return scenarios::record_global_sensitivity(plan, errand.record_options(told),
                                                    members_told(told, plan.n_rows * plan.points_per_row()));
    });
}

void record_local_sensitivity(const AskedScenario& asked, const std::vector<std::string>& of,
                              const std::vector<double>& at, double relative_error, const Errand& errand)
{
    const auto plan =
        scenarios::plan_local_sensitivity(asked.scenario, {.of = of, .at = at, .relative_error = relative_error});
    in_background(errand.listeners, [&](Told&) {
        const auto analysis = scenarios::analyse(plan);
        scenarios::write_local_sensitivity(errand.file, errand.overwrite, plan, analysis);
    });
}

void record_steady(const AskedScenario& asked, std::size_t starts, const Errand& errand)
{
    in_background(errand.listeners, [&](Told&) {
        return scenarios::record_steady(asked.scenario, {.size = starts}, errand.threads, errand.file,
                                        errand.overwrite);
    });
}

void record_continuation(const AskedScenario& asked, const Errand& errand)
{
    scenarios::require_continuation(asked.scenario, asked.name);
    const auto result = in_background(errand.listeners, [&](Told&) {
        return scenarios::record_continuation(asked.scenario, errand.threads, errand.file, errand.overwrite);
    });
    if (result.branches.empty()) {
        throw std::runtime_error(scenarios::no_branch(asked.scenario, result));
    }
}

void record_prediction(const AskedScenario& asked, const std::string& sample, std::size_t members, const Errand& errand)
{
    const output::ResultsReader draws(sample);
    auto prediction = scenarios::predict_at_draws(draws, sample, asked.scenario, members);
    const scenarios::Study study(std::move(prediction.scenario));
    in_background(errand.listeners, [&](Told& told) {
        return scenarios::record_study(study, errand.record_options(told), members_told(told, study.size()));
    });
}

/// (name, symbol, unit, default, origin, meaning) and the value of each at the start of member 0.
py::tuple settings(const AskedScenario& asked)
{
    const scenarios::Study study(asked.scenario);
    return py::make_tuple(descriptions(asked.scenario.model->settings), study.member(0).settings);
}

std::vector<std::string> schedule(const AskedScenario& asked)
{
    const scenarios::Study study(asked.scenario);
    return scenarios::describe_schedule(study.scenario(), study.member(0));
}

std::vector<std::tuple<double, double, std::vector<double>>> phases(const AskedScenario& asked)
{
    const scenarios::Study study(asked.scenario);
    std::vector<std::tuple<double, double, std::vector<double>>> all;
    for (const Phase& phase : phases_of(study.scenario(), study.member(0))) {
        all.emplace_back(phase.begin, phase.end, phase.settings);
    }
    return all;
}

} // namespace

void add_scenarios(py::module_& module)
{
    py::class_<Errand>(module, "Errand")
        .def(py::init([](const std::string& file, bool overwrite, bool resume, std::size_t threads,
                         const py::object& progress, const py::object& remark) {
                 return Errand{file, overwrite, resume, threads, {progress, remark}};
             }),
             py::arg("file"), py::arg("overwrite"), py::arg("resume"), py::arg("threads"), py::arg("progress"),
             py::arg("remark"));
    py::class_<AskedScenario>(module, "Scenario")
        .def(py::init(&ask), py::arg("source"), py::arg("is_text"), py::arg("library"))
        .def(
            "changed",
            [](const AskedScenario& asked, const std::vector<std::string>& set,
               const std::optional<std::string>& genotype, std::optional<std::int64_t> seed) {
                scenarios::Overrides overrides = asked.overrides;
                overrides.set.insert(overrides.set.end(), set.begin(), set.end());
                overrides.genotype = genotype ? genotype : overrides.genotype;
                overrides.seed = seed ? seed : overrides.seed;
                return ask_again(asked, std::move(overrides));
            },
            py::arg("set"), py::arg("genotype"), py::arg("seed"))
        .def_property_readonly("name", [](const AskedScenario& asked) { return asked.scenario.name; })
        .def_property_readonly("title", [](const AskedScenario& asked) { return asked.scenario.title; })
        .def_property_readonly("question", [](const AskedScenario& asked) { return asked.scenario.question; })
        .def_property_readonly("text", [](const AskedScenario& asked) { return asked.scenario.text; })
        .def_property_readonly("applied", [](const AskedScenario& asked) { return asked.scenario.applied; })
        .def_property_readonly("model", [](const AskedScenario& asked) { return asked.scenario.model->name; })
        .def_property_readonly("is_spatial",
                               [](const AskedScenario& asked) { return asked.scenario.tissue.has_value(); })
        .def_property_readonly("start_state",
                               [](const AskedScenario& asked) { return array_of(asked.scenario.start_state); })
        .def("settings", &settings)
        .def("schedule", &schedule)
        .def("phases", &phases)
        .def("check", [](const AskedScenario& asked) { return scenarios::describe_check(asked.scenario); })
        .def("run",
             [](const AskedScenario& asked, bool is_sweep, std::size_t threads, const py::object& progress,
                const py::object& remark) {
                 return run(asked, is_sweep, threads, {progress, remark});
             })
        .def("record", &record)
        .def("thresholds", &record_thresholds)
        .def("sensitivity", &record_sensitivity)
        .def("local_sensitivity", &record_local_sensitivity)
        .def("steady", &record_steady)
        .def("continuation", &record_continuation)
        .def("predict", &record_prediction);
}

} // namespace osteoflare::python
