#!/usr/bin/python3
"""Checks that the Python package gives what the command line gives.

    python_package.py PROGRAM BUILD

PROGRAM is the command line, BUILD the build folder in whose `python` the package stands. Runs in temporary folders.
"""

import gc
import os
import sys

import numpy
import xarray

from claims import ROOT, check_claims, claim, require
from python_bench import COHORT, bench_in, osteoflare

DATA = ROOT / "tests" / "validation" / "data"
HASTY = COHORT.replace("700", "64") + "[numerics]\nmost_steps = 160\n"  # steps that suffice for some


def same_as_file(ours, file):
    """Whether a Dataset is, variable by variable and attribute by attribute, what xarray reads from the file."""
    known = {name for name in (*ours.variables, *ours.attrs)}
    for group in ("", "parameter", "last_state", "sensitivity"):
        try:
            theirs = xarray.load_dataset(file, engine="h5netcdf", group=group or None)
        except OSError:
            require(not any(name.startswith(f"{group}/") for name in known), f"{group} is not in the file")
            continue
        prefix = f"{group}/" if group else ""
        names = {name for name in ours.variables if name.rpartition("/")[0] == group}
        require(names == {prefix + name for name in theirs.variables if not group or name in theirs.data_vars},
                f"other variables: {names} and {list(theirs.variables)}")
        for name in names:
            own, other = ours[name].variable, theirs[name.removeprefix(prefix)].variable
            require(own.dims == other.dims and own.dtype == other.dtype, f"{name}: {own.dims} {own.dtype}, not {other}")
            equal = own.values.tobytes() == other.values.tobytes() if own.dtype != object else (own.values == other.values).all()
            require(equal, f"{name} has other values")
            require(xarray.core.utils.dict_equiv(own.attrs, other.attrs), f"{name}: {own.attrs}, not {other.attrs}")
        attributes = {name: value for name, value in ours.attrs.items() if name.rpartition("/")[0] == group}
        require(xarray.core.utils.dict_equiv(attributes, {prefix + name: value for name, value in theirs.attrs.items()}),
                f"attributes of '{group}' differ")


TRIAL = """
[children]
number = 40
seed = 3
weight = "30 kg"
[population]
trigger_rate = 1
first_age = 8
last_age = 12
[trial]
follow = "60 d"
[[arm]]
name = "none"
[[arm]]
name = "naproxen"
[[arm.course]]
regimen = "naproxen"
from = 0
duration = "30 d"
"""


@claim("a trial gives, bit for bit, what the command line writes; changes, fits and what is wrong included")
def trial(bench):
    bench.write("two.toml", TRIAL)
    bench.run("trial", "two.toml", "--children", "50", "--set", "il1b_gene=3", "-o", "trial.h5")
    asked = osteoflare.Trial.from_toml("two.toml", children=50, set={"il1b_gene": 3})
    require(asked.arms == ("none", "naproxen"), asked.arms)
    require("naproxen 15 mg/kg (450 mg) by mouth" in asked.check(), asked.check())
    told = []
    same_as_file(asked.run(progress=lambda done, total, failed: told.append((done, total, failed))), "trial.h5")
    require(told and told[-1][2] == 0, told)
    bench.run("cohort", "two.toml", "-o", "cohort.h5")
    same_as_file(osteoflare.Trial.from_toml("two.toml").cohort(), "cohort.h5")
    for wrong, words in (({"set": {"il1b_gen": 1}}, "did you mean 'il1b_gene'?"), ({"children": 0}, "out of range"),
                         ({"parameters": "cohort.h5"}, "holds no fitted parameters")):
        try:
            osteoflare.Trial.from_toml("two.toml", **wrong)
            require(False, f"{wrong} was accepted")
        except osteoflare.InputError as error:
            require(words in str(error), str(error))


@claim("run() gives, bit for bit, the variables, units and attributes of the file that the command line writes")
def run(bench):
    bench.run("run", "anakinra_after_onset", "--set", "il10_competence=0.3", "-o", "run.h5")
    scenario = osteoflare.Scenario.from_toml("anakinra_after_onset").set(il10_competence=0.3)
    same_as_file(scenario.run(), bench.folder / "run.h5")
    bench.run("run", "what_moves_bone", "-o", "slopes.h5")
    same_as_file(osteoflare.Scenario.from_toml("what_moves_bone").run(), bench.folder / "slopes.h5")


@claim("a sweep has the bits of the command line's file, with one thread and with two")
def sweep(bench):
    bench.write("cohort.toml", COHORT)
    bench.run("sweep", "cohort.toml", "-o", "cohort.h5")
    scenario = osteoflare.Scenario.from_toml(bench.folder / "cohort.toml")
    for threads in (1, 2):
        same_as_file(scenario.sweep(threads=threads), bench.folder / "cohort.h5")
    for name in ("float32", "summaries"):
        bench.run("sweep", str(DATA / f"{name}.toml"), "-o", f"{name}.h5")
        same_as_file(osteoflare.Scenario.from_toml(DATA / f"{name}.toml").sweep(threads=2), bench.folder / f"{name}.h5")
    bench.write("hasty.toml", HASTY)
    bench.run("sweep", "hasty.toml", "-o", "hasty.h5", expect=4)
    hasty = osteoflare.Scenario.from_toml(bench.folder / "hasty.toml").sweep(threads=2)
    same_as_file(hasty, bench.folder / "hasty.h5")
    failed = int((hasty.status != 0).sum())
    require(0 < failed < 64 and hasty.attrs["status"] == f"{failed} of 64 members failed", f"{hasty.attrs['status']}")
    text = osteoflare.Scenario.from_toml(COHORT).sweep()
    require(text.attrs["scenario"] == COHORT and text.sizes["member"] == 700, "a text is not the scenario of its file")


@claim("agents run, alone and in sweeps, with the bytes of the command line")
def agents(bench):
    bench.run("run", str(DATA / "agents.toml"), "--seed", "3", "-o", "agents.h5")
    days = []
    scenario = osteoflare.Scenario.from_toml(DATA / "agents.toml").seed(3)
    tissue = scenario.run(file=bench.folder / "ours.h5", progress=lambda done, total, failed: days.append((done, total)))
    require(bench.content("agents.h5") == bench.content("ours.h5"), "the files differ")
    require(tissue.sizes["snapshot"] == 7 and tissue["field/il1b"].dims == ("snapshot", "z", "y", "x"), "no snapshots")
    require(days and days[-1] == (3.0, 3.0), f"progress ends at {days[-1:]}")
    require(scenario.run().identical(tissue), "without a file it is another tissue")

    def enough(done, total, failed):
        if done > 1.5:
            raise RuntimeError("enough")

    try:
        scenario.run(file=bench.folder / "resumed.h5", progress=enough)
    except RuntimeError:
        require(not (bench.folder / "resumed.h5").exists(), "half a run has its name")
    scenario.run(file=bench.folder / "resumed.h5", resume=True)
    require(bench.content("agents.h5") == bench.content("resumed.h5"), "broken off and resumed, it is another tissue")
    bench.run("sweep", str(DATA / "replicates.toml"), "-o", "replicates.h5")
    same_as_file(osteoflare.Scenario.from_toml(DATA / "replicates.toml").sweep(threads=2), bench.folder / "replicates.h5")


@claim("with file=, every verb writes the bytes of the command line, and returns what is in them")
def verbs(bench):
    bench.write("threshold.toml", 'genotype = "il1b_hypomethylated"\nend = "200 d"\n[[event]]\nname = "injury"\nat = "70 d"\n'
                'input = "sterile_injury"\nvalue = 20\nduration = "14 d"\n[threshold]\n'
                'vary.injury.duration = { from = "1 h", to = "60 d" }\noutcome = "final_swelling"\nabove = 0.25\n'
                '[sweep]\nmethod = "grid"\nvary.il10_competence = [0.05, 0.15]\n')
    bench.write("mice.toml", COHORT.replace("700", "16").replace(', "lupo", "wild_type"', "").replace("vary.genotype", "#"))
    bench.write("branches.toml", 'genotype = "il1b_hypomethylated"\n[continue]\nparameter = "il10_competence"\nfrom = 0.05\nto = 0.3\n')
    threshold = osteoflare.Scenario.from_toml(bench.folder / "threshold.toml")
    mice = osteoflare.Scenario.from_toml(bench.folder / "mice.toml")
    problem = osteoflare.Problem.from_toml("paw_study")
    anakinra = osteoflare.Scenario.from_toml("anakinra_after_onset")

    def compare(command, ours):
        bench.run(*command, "-o", "theirs.h5", "--force")
        made = ours(file="ours.h5", overwrite=True)
        require(bench.content("theirs.h5") == bench.content("ours.h5"), f"{' '.join(command)}: other bytes")
        require(made.identical(osteoflare.open("ours.h5")), f"{' '.join(command)}: another Dataset")
        require(made.attrs.get("analysis", command[0]) in (command[0], "abc"), f"{command[0]}: {made.attrs.get('analysis')}")
        return made

    compare(["run", "anakinra_after_onset"], anakinra.run)
    compare(["sweep", "mice.toml"], mice.sweep)
    turns = compare(["thresholds", "threshold.toml"], threshold.thresholds)
    require(turns.sizes["turning"] > 0, "it turns nowhere")
    compare(["sensitivity", "mice.toml", "--method", "morris"], lambda **how: mice.sensitivity("morris", **how))
    slopes = compare(["sensitivity", "mice.toml", "--method", "local", "--of", "bone,swelling", "--at", "30,60", "--error", "5"],
                     lambda **how: mice.local_sensitivity(of=["bone", "swelling"], at=[30, 60], error=5, **how))
    require(slopes["slope/bone"].shape == (2, 2), "slopes have another shape")
    states = compare(["steady", "injury_with_weak_il10", "--starts", "16"],
                     lambda **how: osteoflare.Scenario.from_toml("injury_with_weak_il10").steady(starts=16, **how))
    require(set(states.stable.values) == {0, 1}, "no unstable state")
    branches = compare(["continue", "branches.toml"], osteoflare.Scenario.from_toml("branches.toml").continuation)
    require(branches["special/kind"].values.tolist() == [0], "the fold is missing")
    cells = osteoflare.Problem.from_toml("injured_slice")
    compare(["sample", "injured_slice", "--particles", "20", "--rounds", "1", "--seed", "4"],
            lambda **how: cells.sample_abc(particles=20, rounds=1, seed=4, **how))
    fitted = compare(["fit", "paw_study", "--starts", "2"], lambda **how: problem.fit(starts=2, **how))
    os.rename("ours.h5", "fit.h5")
    compare(["profile", "paw_study", "--fit", "fit.h5", "--parameters", "paw_scale"],
            lambda **how: problem.profile(["paw_scale"], fit="fit.h5", **how))
    compare(["sample", "paw_study", "--fit", "fit.h5", "--steps", "80", "--warm-up", "0"],
            lambda **how: problem.sample(fit="fit.h5", steps=80, warm_up=0, **how))
    os.rename("ours.h5", "sample.h5")
    compare(["predict", "sample.h5", "cmo_anti_tnf", "--members", "20"],
            lambda **how: osteoflare.Scenario.from_toml("cmo_anti_tnf").predict("sample.h5", members=20, **how))
    require(list(problem.parameters)[0].name in fitted.parameter_name.values, "parameters are named otherwise")
    again = problem.sample(fit=problem.fit(starts=2), steps=80, warm_up=0)  # files of their own, handed on
    require(again.identical(osteoflare.open("sample.h5")), "a Dataset as fit= is another fit")


@claim("arrays are handed over without a copy, and outlive the Dataset that held them")
def no_copy(_):
    data = osteoflare.Scenario.from_toml("quickstart").sweep()
    values = data["swelling"].variable._data
    require(not values.flags.owndata and type(values.base).__name__ == "PyCapsule", f"it is a copy: {type(values.base)}")
    require(numpy.shares_memory(values, data["swelling"].values), "xarray has copied it")
    before = values.copy()
    del data
    gc.collect()
    osteoflare.Scenario.from_toml("quickstart").sweep()
    require((values == before).all(), "its memory was taken away")


def radau(rates, span, state, jac):
    """Radau IIA of order 5 in steps that begin small and come to 0.05 d: a method that is none of Osteoflare's."""
    root = numpy.sqrt(6)
    a = numpy.array([[88 - 7 * root, (296 - 169 * root) / 5, (-16 + 24 * root) / 5],
                     [(296 + 169 * root) / 5, 88 + 7 * root, (-16 - 24 * root) / 5],
                     [(160 - 10 * root) / 5 * 2, (160 + 10 * root) / 5 * 2, 40]]) / 360
    a[2] = [(16 - root) / 36, (16 + root) / 36, 1 / 9]
    n, (t, end) = len(state), span
    h = 1e-4
    while t < end - 1e-12:
        h = min(1.2 * h, 0.05, end - t)
        stages = numpy.tile(rates(t, state), 3)
        jacobian = jac(t, state)
        matrix = numpy.eye(3 * n) - h * numpy.kron(a, jacobian)
        for _ in range(12):
            at = state + h * (a @ stages.reshape(3, n))
            step = numpy.linalg.solve(matrix, numpy.concatenate([rates(t, y) for y in at]) - stages)
            stages = stages + step
            if numpy.max(abs(step)) < 1e-12 * (1 + numpy.max(abs(stages))):
                break
        state, t = state + h * (a[2] @ stages.reshape(3, n)), t + h
    return state


@claim("another integrator, given a scenario's phases and their rates, comes to the same state to 1e-6")
def rates_of_phases(_):
    scenario = osteoflare.Scenario.from_toml("""genotype = "cmo"
end = "90 d"
[[treatment]]
name = "anakinra"
from = "65 d"
until = "80 d"
[numerics]
relative_tolerance = 1e-9
""")
    require(len(scenario.phases) > 3 and scenario.phases[-1].end == 90, f"phases: {scenario.phases}")
    state = scenario.start_state
    for phase in scenario.phases:
        state = radau(phase.rates, (phase.begin, phase.end), state, phase.rates.jacobian)
    data = scenario.run()
    names = [entry.name for entry in scenario.model.species]
    ours = numpy.array([data[f"last_state/{name}"].item() for name in names])
    difference = numpy.max(abs(state - ours) / (abs(ours) + 1e-3))
    require(difference < 1e-6, f"it differs by {difference}")
    swelling = scenario.phases[-1].rates.observables(state)["swelling"]
    require(abs(swelling / data.swelling.values[0, -1] - 1) < 1e-6, "read-outs differ")
    rates = osteoflare.model("niche").rates(il10_competence=0.3, tnf_clearance="1 1/h")
    y = osteoflare.model("niche").start_state
    slope = (rates(0, y + 1e-6 * y) - rates(0, y - 1e-6 * y)) / 2e-6
    require(numpy.allclose(rates.jacobian(0, y) @ y, slope, rtol=1e-6, atol=1e-6), "the Jacobian is none")
    return f"by {difference:.1e}"


@claim("units of text are converted, numbers are in the quantity's own, and a scenario never changes")
def units(_):
    scenario = osteoflare.Scenario.from_toml("quickstart")
    changed = scenario.set("tnf_clearance", "1 1/h").set(il10_competence=0.25)
    require(changed.settings["tnf_clearance"].value == 24 and changed.settings["il10_competence"].value == 0.25,
            f"{changed.settings['tnf_clearance']}")
    require(scenario.settings["tnf_clearance"].value == scenario.settings["tnf_clearance"].default, "the first one changed")
    require(changed.genotype("lupo").settings["tnf_clearance"].value == 24, "a change is forgotten")
    require(osteoflare.Scenario.from_toml("cohort").seed(7).sweep().attrs["seed"] == 7, "another seed")
    require(scenario.settings["tnf_clearance"].unit == "1/d", "another unit")


if __name__ == "__main__":
    sys.exit(1 if check_claims(bench_in) else 0)
