#!/usr/bin/python3
"""Computes the likelihood of a fit's problem a second time, in Python, and compares.

    likelihood.py PROGRAM

The courses come from `osteoflare run` with the reference solver (Odeint), which shares no code with the lanes in which a
fit runs; all of statistics is written here once more, from docs/reference/problem_format.md. Three parameter sets must
give the same value to 1e-8. Ends with 1 at the first thing that does not hold.
"""

import csv
import math
import pathlib
import subprocess
import sys
import tempfile

import h5py

NUMERICS = "relative_tolerance = 1e-11\nmost_steps = 100000000\n"
DATA = """experiment,group,time [weeks],observable,value,error,n,detection_limit,since [d]
cmo,a,7,paw,0.41,,,,
cmo,b,13,paw,3.4,,3,,
lupo,,13,paw,2.6,,2,,
treated,,12,paw,2.9,,,,
cmo,,4,il1b,,,,0.5,
cmo,,14,il1b,0.021,,4,,
treated,,11,il1b,0.004,,,0.006,
lupo,,14,il1b,0.018,,4,,
cmo,,10,bone,0.71,0.05,,,
lupo,,20,bone,0.44,0.07,3,,
lupo,,7,ill,2,,10,,
lupo,,8,ill,3,,7,,49
lupo,,10,ill,4,,4,,56
cmo,,8,ill,11,,12,,
treated,,6,ill,0,,5,,
treated,,8,ill,2,,5,,42
"""
TREATED = '{0}[[{1}treatment]]\nname = "anakinra"\nfrom = "60 d"\nuntil = "100 d"\n{2}'
PROBLEM = """data = "data.csv"
[[experiment]]
name = "cmo"
genotype = "cmo"
[experiment.numerics]
""" + NUMERICS + """[[experiment]]
name = "lupo"
genotype = "lupo"
[experiment.numerics]
""" + NUMERICS + TREATED.format('[[experiment]]\nname = "treated"\ngenotype = "cmo"\n', "experiment.", "") + """
[experiment.numerics]
""" + NUMERICS + """[observable.paw]
of = "swelling"
unit = "mm"
scale = "paw_scale"
offset = "paw_offset"
noise = "normal"
spread = "paw_spread"
[observable.il1b]
unit = "nM"
noise = "lognormal"
spread = 0.3
[observable.bone]
noise = "lognormal"
spread = "error"
[observable.ill]
of = "swelling"
above = 0.25
noise = "incidence"
spread = "animals_differ"
[parameter]
pstpip2_gain = { from = 4, to = 20 }
"anakinra.exposure" = { from = "1 nM", to = "50 nM" }
il10_half = { from = 2, to = 12, experiments = ["lupo"], prior = { lognormal = [6, 0.2] } }
paw_scale = { from = 0.1, to = 10 }
paw_offset = { from = -1, to = 1, log = false, prior = { normal = [0, 0.3] } }
paw_spread = { from = 0.01, to = 1 }
animals_differ = { from = 0.1, to = 3 }
"""
SETS = [
    {"pstpip2_gain": 8.33, "anakinra.exposure": 8000, "il10_half": 5.75, "paw_scale": 1.5, "paw_offset": 0.0,
     "paw_spread": 0.2, "animals_differ": 0.6},
    {"pstpip2_gain": 9.1, "anakinra.exposure": 20000, "il10_half": 4.0, "paw_scale": 1.2, "paw_offset": 0.15,
     "paw_spread": 0.4, "animals_differ": 1.3},
    {"pstpip2_gain": 7.2, "anakinra.exposure": 3000, "il10_half": 8.5, "paw_scale": 2.2, "paw_offset": -0.3,
     "paw_spread": 0.11, "animals_differ": 0.35},
]


def phi(z):
    """The normal distribution function."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def courses(program, folder, values):
    """Swelling, IL-1beta [pM] and bone of each experiment, by day."""
    found = {}
    for name, genotype in (("cmo", "cmo"), ("lupo", "lupo"), ("treated", "cmo")):
        parameters = f"pstpip2_gain = {values['pstpip2_gain']!r}\n"
        if name == "lupo":
            parameters += f"il10_half = {values['il10_half']!r}\n"
        text = f'genotype = "{genotype}"\nsolver = "odeint"\n[parameters]\n{parameters}'
        if name == "treated":
            text = TREATED.format(text, "", f"exposure = {values['anakinra.exposure']!r}\n")
        text += f'[output]\nevery = "7 d"\nvariables = ["swelling", "il1b", "bone"]\n[numerics]\n{NUMERICS}'
        scenario, result = folder / f"{name}.toml", folder / f"{name}.h5"
        scenario.write_text(text)
        subprocess.run([program, "run", scenario, "-o", result, "--force"], check=True, stdout=subprocess.DEVNULL)
        with h5py.File(result) as file:
            for i, day in enumerate(file["time"][:]):
                found[name, round(day)] = {v: file[v][0, i] for v in ("swelling", "il1b", "bone")}
    return found


def negative_log(values, at):
    total = 0.0
    for row in csv.DictReader(DATA.splitlines()):
        model = at[row["experiment"], 7 * int(row["time [weeks]"])]
        n = float(row["n"] or 1)
        limit = float(row["detection_limit"] or "nan")
        value = float(row["value"] or "nan")
        below = not value >= limit and not math.isnan(limit)
        if row["observable"] == "paw":
            m, s = values["paw_scale"] * model["swelling"] + values["paw_offset"], values["paw_spread"] / math.sqrt(n)
            density = math.exp(-((value - m) / s) ** 2 / 2) / (s * math.sqrt(2 * math.pi))
            total -= math.log(density)
        elif row["observable"] in ("il1b", "bone"):
            m = model["il1b"] / 1000 if row["observable"] == "il1b" else model["bone"]
            s = 0.3 / math.sqrt(n) if row["observable"] == "il1b" else float(row["error"]) / value
            if below:
                total -= math.log(phi((math.log(limit) - math.log(m)) / s))
            else:
                z = (math.log(value) - math.log(m)) / s
                total += z * z / 2 + math.log(value * s * math.sqrt(2 * math.pi))
        else:
            p = phi(math.log(model["swelling"] / 0.25) / values["animals_differ"])
            if row["since [d]"]:  # of those that were not ill then
                earlier = at[row["experiment"], int(row["since [d]"])]["swelling"]
                before = phi(math.log(earlier / 0.25) / values["animals_differ"])
                p = (p - before) / (1 - before)
            ill = int(value)
            total -= math.log(math.comb(int(n), ill) * p ** ill * (1 - p) ** (int(n) - ill))
    # Priors: a measurement of 6 for il10_half, one of 0 for paw_offset.
    z = math.log(6 / values["il10_half"]) / 0.2
    total += z * z / 2 + math.log(6 * 0.2 * math.sqrt(2 * math.pi))
    z = values["paw_offset"] / 0.3
    return total + z * z / 2 + math.log(0.3 * math.sqrt(2 * math.pi))


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "data.csv").write_text(DATA)
        (folder / "problem.toml").write_text(PROBLEM)
        for values in SETS:
            options = [f"--at={key}={value!r}" for key, value in values.items()]
            said = subprocess.run([program, "fit", folder / "problem.toml", *options], check=True, capture_output=True,
                                  text=True).stdout
            theirs, ours = float(said.split()[-1]), negative_log(values, courses(program, folder, values))
            print(f"-log likelihood {theirs:.12g}, here {ours:.12g}, difference {theirs - ours:.1e}")
            if not abs(theirs - ours) < 1e-8:
                sys.exit("they differ by more than 1e-8")


main()
