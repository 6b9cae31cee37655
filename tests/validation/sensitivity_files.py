#!/usr/bin/python3
"""Checks files of `osteoflare sensitivity`: they open in xarray, and their indices are what their runs say.

    sensitivity_files.py PROGRAM

Runs PROGRAM in a temporary folder. Indices, intervals and effects are computed once more from the file's design and runs
with numpy, by the published formulas.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
import xarray

from claims import check_claims, claim, require

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENARIO = """
genotype = "cmo"
end = "90 d"
[output]
every = "20 d"
variables = ["bone"]
[sweep]
method = "sobol"
size = 256
vary.cxcl1_half = { lognormal_cv = 0.2 }
vary.pstpip2_gain = { from = 6, to = 10 }
"""
STUDENT_15 = 2.131449545559323  # 97.5 % quantile, 15 degrees of freedom (tables)


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        (folder / "mice.toml").write_text(SCENARIO)

    def run(self, *arguments):
        """Groups of the results file, opened by both netCDF engines."""
        file = self.folder / "mice.h5"
        environment = os.environ | {"OSTEOFLARE_LIBRARY": str(ROOT / "scenarios" / "library")}
        subprocess.run([self.program, "sensitivity", "mice.toml", "--force", "-o", file, *arguments], cwd=self.folder,
                       env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return lambda group=None, engine="h5netcdf": xarray.open_dataset(file, group=group, engine=engine)


def near(name, ours, theirs):
    difference = numpy.max(numpy.abs(numpy.asarray(ours) - numpy.asarray(theirs)))
    require(difference < 1e-9 * max(1, numpy.max(numpy.abs(theirs))), f"{name} differs by {difference}")


@claim("a file of sensitivity opens with both netCDF engines, and every number in it has a unit and a meaning")
def opens(bench):
    for method, groups in (("sobol", ("design", "run", "first_order", "total_low", "interactions")),
                           ("morris", ("design", "run", "mu", "mu_star_high", "sigma")), ("local", ("run", "slope"))):
        file = bench.run("--method", method)
        for engine in ("h5netcdf", "netcdf4"):
            root = file(engine=engine)
            require(root.attrs["analysis"] == "sensitivity" and root.attrs["method"] == method, "attributes are wrong")
            require(root.factor_name.values.tolist() == ["cxcl1_half", "pstpip2_gain"], "factors are not named")
            for group in (None, *groups):
                for name, variable in file(group, engine).data_vars.items():
                    require(isinstance(variable.attrs.get("long_name"), str), f"{group}/{name} has no long_name")
                    require(variable.dtype == object or isinstance(variable.attrs.get("units"), str),
                            f"{group}/{name} has no unit")


@claim("Sobol' indices and their intervals are what numpy makes of the file's runs")
def sobol(bench):
    file = bench.run()
    runs, first, total = file("run"), file("first_order"), file("total")

    def indices(rows):
        a, b, mixed = rows[:, 0], rows[:, 1], rows[:, 2:]
        variance = numpy.var(rows[:, :2])
        centre = numpy.mean(bone[:, :2])  # of all rows: the same function whatever is left out
        return numpy.concatenate([numpy.mean((b - centre)[:, None] * (mixed - a[:, None]), axis=0) / variance,
                                  numpy.mean((a[:, None] - mixed) ** 2, axis=0) / 2 / variance])

    for time in range(1, runs.sizes["time"]):
        bone = runs.bone.values[:, :, time]
        near("index", numpy.concatenate([first.bone[:, time], total.bone[:, time]]), indices(bone))
        scramble = numpy.arange(len(bone)) % 16
        without = numpy.array([indices(bone[scramble != k]) for k in range(16)])
        half_width = STUDENT_15 * numpy.sqrt(15 / 16 * numpy.sum((without - without.mean(axis=0)) ** 2, axis=0))
        low = numpy.concatenate([file("first_order_low").bone[:, time], file("total_low").bone[:, time]])
        near("interval", low, indices(bone) - half_width)
    return f"{runs.sizes['time'] - 1} times"


@claim("each point of a row of Saltelli's design is A with one factor of B")
def design(bench):
    designs = bench.run()("design")
    for number, values in enumerate(designs.data_vars.values()):
        a, b, mixed = values.values[:, 0], values.values[:, 1], values.values[:, 2:]
        for factor in range(mixed.shape[1]):
            require((mixed[:, factor] == (b if factor == number else a)).all(), f"{values.name} is wrong in point {factor + 2}")


@claim("Morris' effects are what numpy makes of the file's runs")
def morris(bench):
    file = bench.run("--method", "morris", "--size", "40")
    bone = file("run").bone.values[:, :, -1]
    for number, values in enumerate(file("design").data_vars.values()):
        steps = numpy.diff(values.values, axis=1)
        row, point = numpy.nonzero(steps)
        require(len(row) == 40, f"{values.name} should be moved once in each row")
        effects = (bone[row, point + 1] - bone[row, point]) / (0.5 * numpy.sign(steps[row, point]))
        near("mu", file("mu").bone[number, -1], numpy.mean(effects))
        near("mu*", file("mu_star").bone[number, -1], numpy.mean(numpy.abs(effects)))
        near("sigma", file("sigma").bone[number, -1], numpy.std(effects, ddof=1))


@claim("what data cannot tell apart is what numpy's eigenvectors of the Fisher information say")
def local(bench):
    file = bench.run("--method", "local", "--at", "30,60,90", "--error", "5")
    slopes = file("slope").bone.values / 0.05
    values, vectors = numpy.linalg.eigh(slopes.T @ slopes)
    near("error", file().mode_error, 1 / numpy.sqrt(values))
    near("direction", numpy.abs(file().mode_direction), numpy.abs(vectors.T))


if __name__ == "__main__":
    sys.exit(1 if check_claims(lambda folder: Bench(str(pathlib.Path(sys.argv[1]).resolve()), folder)) else 0)
