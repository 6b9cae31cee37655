#!/usr/bin/python3
"""The study of docs/tutorials/paw_study.md in a short form, from screening to the prediction of a fifth genotype.

    worked_study.py PROGRAM

The data were made at known values (scenarios/library/problems/generate_paw_study.py), so each step has a right answer.
Ends with 1 at the first claim that does not hold.
"""

import sys

import h5py
import numpy
import xarray

from claims import Bench, check_claims, claim, require

# As in generate_paw_study.py.
TRUTH = {"pstpip2_gain": 9.5, "cxcl1_half": 80, "il10_macrophage": 0.22, "bone_turnover": 0.0045,
         "ros_neutrophil": 1.7e-5, "reactive_formation": 0.005}
FIFTH = """genotype = "cmo_casp1_null"
end = "140 d"
[output]
every = "7 d"
variables = ["swelling", "bone"]
"""


@claim("screening, a fit, profiles, a posterior and the prediction of a fifth genotype find what the data were made from")
def study(bench):
    out, _ = bench.run("sensitivity", "paw_screening", "--method", "morris", "--size", "16", "--of",
                       "swelling,il1b,bone,reactive_bone")
    moved = {}  # observable -> factors that move it
    for line in out.splitlines():
        if " on day " in line:
            moved[now := line.split()[0]] = set()
        elif line.startswith("  ") and "(" in line and "does nothing" not in line:
            moved[now].add(line.split()[0])
    require("bone_turnover" in moved["bone"] and "bone_turnover" not in moved["swelling"] | moved["il1b"],
            f"bone_turnover should move bone, and neither paws nor IL-1beta: {moved}")
    for observable, factors in moved.items():
        require(("reactive_formation" in factors) == (observable == "reactive_bone"),
                f"reactive_formation should move reactive bone alone: {moved}")

    bench.run("fit", "paw_study", "--starts", "4")
    with h5py.File(bench.folder / "results" / "paw_study.fit.h5") as file:
        names = list(file["parameter_name"].asstr())
        for name, value in TRUTH.items():
            low, high = (file[f"approximate_{end}"][names.index(name)] for end in ("low", "high"))
            require(not low > value and not high < value, f"the interval of {name} from {low} to {high} misses {value}")

    out, _ = bench.run("profile", "paw_study", "--fit", "results/paw_study.fit.h5", "--parameters",
                       "pstpip2_gain,reactive_formation")
    require("reactive_formation [1/d]: structurally not identifiable: the likelihood is flat while score_scale" in out,
            f"the planted pair should be called so:\n{out}")
    require(": identifiable" in next(line for line in out.splitlines() if "pstpip2_gain" in line), out)

    bench.run("sample", "paw_study", "--fit", "results/paw_study.fit.h5", "--steps", "150", "--warm-up", "100")
    bench.write("fifth.toml", FIFTH)
    bench.run("predict", "results/paw_study.sample.h5", "fifth.toml")
    bench.run("run", "fifth.toml", "-o", "truth.h5", *(f"--set={name}={value}" for name, value in TRUTH.items()))
    bench.run("run", "fifth.toml", "-o", "model.h5")
    with h5py.File(bench.folder / "results" / "fifth.predict.h5") as draws, h5py.File(bench.folder / "truth.h5") as true, \
            h5py.File(bench.folder / "model.h5") as model:
        for name in ("swelling", "bone"):
            low, high = numpy.quantile(draws[name][:], [0.005, 0.995], axis=0)
            late = true["time"][:] > 49  # before, nothing has happened
            inside = (low <= true[name][0]) & (true[name][0] <= high)
            require(inside[late].all(), f"the true {name} leaves the band of 99 % of the draws")
            elsewhere = (model[name][0] < low) | (model[name][0] > high)
            require(elsewhere[late].all(), f"without the data, {name} should lie outside the band")

    files = sorted((bench.folder / "results").glob("*.h5"))
    require(len(files) == 5, f"each verb should have left a file: {files}")
    for file in files:
        with xarray.open_dataset(file) as data:
            for name, variable in data.variables.items():
                require("long_name" in variable.attrs and ("units" in variable.attrs or variable.dtype == object),
                        f"{file.name}: {name} lacks a unit or a long_name")


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    return 1 if check_claims(lambda folder: Bench(sys.argv[1], folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
