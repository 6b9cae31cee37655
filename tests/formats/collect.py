#!/usr/bin/python3
"""Makes the collection of files of one format: small ones of every kind, and beside each what it holds, as text.

    collect.py PROGRAM FOLDER

PROGRAM is an osteoflare that writes the format, FOLDER the collection's, tests/formats/FORMAT. Format 0 has also two files of
release 0.1.0, which knew no more kinds, and a fit from before counts of animals had a first day. Once made, a collection is never made
again: its files stand for those that people have. The texts are h5py's reading, not Osteoflare's.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import h5py

HEAD = 'genotype = "cmo"\nend = "16 d"\n'
SHORT = HEAD + '[output]\nevery = "2 d"\nvariables = ["il1b", "swelling", "bone"]\n'
TREATED = SHORT + 'fluxes = true\n' + '[[treatment]]\nname = "anakinra"\nfrom = "12 d"\nuntil = "14 d"\n'
DRAWN = '[sweep]\nmethod = "{}"\nsize = 4\nvary.cxcl1_half = {{ lognormal_cv = 0.1 }}\nvary.il10_competence = {{ from = 0.2, to = 1 }}\n'
TISSUE = """model = "agents"
genotype = "cmo"
start = "60 d"
end = "60.5 d"
[initial]
neutrophils = 30000
macrophages = 3000
osteoclasts = 1000
[tissue]
width = "120 um"
depth = "20 um"
height = "80 um"
bone_height = "40 um"
step = "300 s"
field_step = "30 s"
[output]
every = "0.25 d"
snapshots = "0.25 d"
"""
INJURED = """genotype = "il1b_hypomethylated"
end = "300 d"
[[event]]
name = "injury"
at = "70 d"
input = "sterile_injury"
value = 20
duration = "14 d"
[threshold]
vary.injury.duration = { from = "1 d", to = "60 d" }
outcome = "final_swelling"
above = 0.25
[sweep]
method = "grid"
vary.il10_competence = [0.1, 0.2]
"""
BRANCH = 'genotype = "il1b_hypomethylated"\n[continue]\nparameter = "il10_competence"\nfrom = 0.15\nto = 0.25\n'
PROBLEM = """data = "mice.csv"
[[experiment]]
name = "sick"
genotype = "cmo"
end = "20 d"
[observable.il1b]
noise = "lognormal"
spread = 0.2
[parameter]
il1b_clearance = { from = 10, to = 250 }
"""
DATA = "experiment,animal,time [d],observable,value\nsick,a,10,il1b,0.4\nsick,a,14,il1b,0.5\nsick,b,18,il1b,0.6\n"
TRIAL = """[children]
number = 80
weight = "30 kg"
[trial]
follow = "8 weeks"
[[arm]]
name = "naproxen"
[[arm.course]]
regimen = "naproxen"
from = "0 d"
duration = "7 weeks"
[[arm]]
name = "weaker"
[arm.inputs]
nfkb_inhibition = 0.3
"""
INPUTS = {
    "run.toml": TREATED,
    "sweep.toml": SHORT + DRAWN.format("latin_hypercube") + 'vary.genotype = ["wild_type", "cmo"]\n',
    "summaries.toml": HEAD + '[output]\nkeep = "summaries"\n' + DRAWN.format("random"),
    "float32.toml": SHORT.replace("[output]", '[output]\nprecision = "float32"') + DRAWN.format("random"),
    "derivatives.toml": SHORT + '[sensitivities]\nto = ["il1b_clearance"]\nof = ["il1b"]\n',
    "agents.toml": TISSUE,
    "replicates.toml": TISSUE.replace('snapshots = "0.25 d"\n', "") + '[sweep]\nmethod = "grid"\nreplicates = 2\nvary.genotype = ["wild_type", "cmo"]\n',
    "sobol.toml": SHORT + DRAWN.format("sobol"),
    "thresholds.toml": INJURED,
    "branch.toml": BRANCH,
    "map.toml": BRANCH + 'second = "il1b_gene"\nsecond_from = 2\nsecond_to = 4\n',
    "mice.toml": PROBLEM,
    "mice.csv": DATA,
    "trial.toml": TRIAL,
}
FILES = {
    "run": ("run", "run.toml"),
    "sweep": ("sweep", "sweep.toml"),
    "summaries": ("sweep", "summaries.toml"),
    "float32": ("sweep", "float32.toml"),
    "derivatives": ("run", "derivatives.toml"),
    "agents": ("run", "agents.toml"),
    "replicates": ("sweep", "replicates.toml"),
    "sobol": ("sensitivity", "sobol.toml", "--size", "256", "--of", "final_bone"),
    "morris": ("sensitivity", "sobol.toml", "--method", "morris", "--size", "16", "--of", "final_bone"),
    "local": ("sensitivity", "sobol.toml", "--method", "local"),
    "thresholds": ("thresholds", "thresholds.toml"),
    "steady": ("steady", "branch.toml", "--starts", "8"),
    "continue": ("continue", "branch.toml"),
    "map": ("continue", "map.toml"),
    "fit": ("fit", "mice.toml", "--starts", "2"),
    "profile": ("profile", "mice.toml", "--fit", "fit.h5"),
    "sample": ("sample", "mice.toml", "--fit", "fit.h5", "--chains", "2", "--walkers", "8", "--steps", "80", "--warm-up", "20"),
    "abc": ("sample", "mice.toml", "--method", "abc", "--particles", "20", "--rounds", "2"),
    "predict": ("predict", "sample.h5", "run.toml", "--members", "3"),
    "cohort": ("cohort", "trial.toml"),
    "trial": ("trial", "trial.toml"),
}


def as_text(value):
    """A number or a text as one line, as formats_test.cpp writes it."""
    if isinstance(value, bytes):
        value = value.decode()
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("\n", "\\n")
    return "nan" if value != value else f"{float(value):.17g}"


def describe(file):
    """The file's own texts and numbers, then each variable with its shape and its values, in alphabetic order."""
    lines = []
    for name, value in sorted(file.attrs.items()):
        if isinstance(value, str) or getattr(value, "shape", None) == ():
            lines.append(f"@{name} {as_text(value)}")
    datasets = {}
    file.visititems(lambda name, item: datasets.update({name: item}) if isinstance(item, h5py.Dataset) else None)
    for name, data in sorted(datasets.items(), key=lambda entry: entry[0].encode()):
        lines.append(" ".join([f"{name}:", *map(str, data.shape)]))
        values = [as_text(value) for value in data[()].ravel()]
        if data.dtype == object:
            lines += values
        else:
            lines += [" ".join(values[i:i + 8]) for i in range(0, len(values), 8)]
    return "\n".join(lines) + "\n"


def collect(program, folder):
    with tempfile.TemporaryDirectory(prefix="osteoflare_formats_") as work:
        bench = pathlib.Path(work)
        for name, text in INPUTS.items():
            (bench / name).write_text(text)
        for name, command in FILES.items():
            subprocess.run([program, *command, "-o", f"{name}.h5"], cwd=bench, check=True,
                           stdout=subprocess.DEVNULL)
            with h5py.File(bench / f"{name}.h5") as file:
                (folder / f"{name}.txt").write_text(describe(file))
            shutil.copy(bench / f"{name}.h5", folder)
        # Shards, as a part of a sweep leaves them.
        subprocess.run([program, "sweep", "sweep.toml", "--part", "2/2", "-o", "parts.h5"], cwd=bench, check=True,
                       stdout=subprocess.DEVNULL)
        shutil.copytree(bench / "parts.h5.shards", folder / "parts.h5.shards")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[2])
    target.mkdir(parents=True)
    collect(str(pathlib.Path(sys.argv[1]).resolve()), target)
