#!/usr/bin/python3
"""Checks that a build computes the very bits that are on record, whatever compiler, optimisation and instruction set made it.

    same_numbers.py PROGRAM [--write] [--any-instruction-set]

Runs every kind of computation once, small, and compares a digest of each array in the results with the record
(same_numbers.txt). --write records anew, after a change of the model or of a method. --any-instruction-set runs what has
kernels for several once with each. Ends with 1 and the names of the arrays that differ, if any do.
"""

import argparse
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORD = pathlib.Path(__file__).with_suffix(".txt")
INSTRUCTION_SETS = ("portable", "avx2", "avx512")

MICE = """genotype = "cmo"
end = "120 d"
{numerics}
[[event]]
at = "40 d"
input = "sterile_injury"
value = 20
duration = "1 d"
[[treatment]]
name = "anakinra"
from = "75 d"
until = "100 d"
[output]
every = "10 d"
"""
DRAWN = """[sweep]
method = "sobol"
size = 24
vary.genotype = ["wild_type", "cmo", "cmo_il10_null"]
vary.il10_competence = { lognormal_cv = 0.5 }
vary.il1b_clearance = { lognormal_cv = 0.5 }
"""
TISSUE = """model = "agents"
genotype = "cmo"
start = "60 d"
end = "61 d"
[initial]
neutrophils = 30000
macrophages = 3000
osteoclasts = 1000
[tissue]
width = "200 um"
depth = "200 um"
height = "120 um"
step = "300 s"
field_step = "30 s"
[output]
every = "0.25 d"
snapshots = "0.5 d"
"""
SENSITIVE = """[sensitivities]
of = ["bone", "il1b"]
to = ["il1b_clearance", "anakinra.exposure"]
"""
SMALL = ("--threads", "2")

# (what is computed, the files it needs, the verb with its arguments, whether its kernels exist for several instruction sets)
CASES = [
    ("mice in lanes", MICE.format(numerics="") + DRAWN, ("sweep", *SMALL), True),
    ("sensitivities in lanes", MICE.format(numerics="") + SENSITIVE, ("run",), True),
    ("a mouse by rosenbrock4", MICE.format(numerics='[numerics]\nmethod = "rosenbrock4"'), ("run",), False),
    ("a mouse by dopri5", MICE.format(numerics='[numerics]\nmethod = "dopri5"'), ("run",), False),
    ("a tissue", TISSUE, ("run", *SMALL), True),
    ("steady states", MICE.format(numerics=""), ("steady", "--starts", "16", *SMALL), False),
    ("elementary effects", MICE.format(numerics="") + DRAWN.replace('vary.genotype = ["wild_type", "cmo", "cmo_il10_null"]\n', ""),
     ("sensitivity", "--method", "morris", "--size", "16", *SMALL), True),
    ("a remodelling cycle", "komarova_cycle", ("run",), False),
    ("a fit", "paw_study", ("fit", "--starts", "1", *SMALL), True),
    ("children under two arms", "first_line", ("trial", "--children", "60", *SMALL), True),
]


def digests_of(file):
    """(name, digest) of each array of numbers; texts say who made the file, and when."""
    found = []

    def see(name, entry):
        if isinstance(entry, h5py.Dataset) and entry.dtype.kind in "fiub" and entry.size:
            found.append((name, hashlib.sha256(numpy.ascontiguousarray(entry[()]).tobytes()).hexdigest()[:16]))

    with h5py.File(file) as opened:
        opened.visititems(see)
    return found


def compute(program, folder, text, arguments, instruction_set):
    """The digests of what the verb writes."""
    name = text
    if "\n" in text:
        name = "case.toml"
        (folder / name).write_text(text)
    environment = dict(os.environ, LC_ALL="C.UTF-8", OSTEOFLARE_LIBRARY=str(ROOT / "scenarios" / "library"))
    if instruction_set:
        environment["OSTEOFLARE_INSTRUCTION_SET"] = instruction_set
    results = folder / "case.h5"
    verb, *rest = arguments
    done = subprocess.run([program, verb, name, *rest, "-o", results, "--force"], cwd=folder, env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{verb} {name} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return digests_of(results)


def usable(instruction_set):
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    return {"portable": True, "avx2": " avx2 " in flags and " fma " in flags, "avx512": " avx512dq " in flags}[instruction_set]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("--write", action="store_true", help="record anew")
    parser.add_argument("--any-instruction-set", action="store_true", help="with each instruction set of this machine")
    wanted = parser.parse_args()
    recorded = {} if wanted.write else {
        tuple(line.split("\t")[:2]): line.split("\t")[2] for line in RECORD.read_text().splitlines() if not line.startswith("#")}
    lines, different, n_compared = [], [], 0
    for what, text, arguments, several in CASES:
        sets = [name for name in INSTRUCTION_SETS if usable(name)] if several and wanted.any_instruction_set else [None]
        for instruction_set in sets:
            with tempfile.TemporaryDirectory() as folder:
                found = compute(wanted.program, pathlib.Path(folder), text, arguments, instruction_set)
            lines += [f"{what}\t{name}\t{digest}" for name, digest in found]
            n_compared += len(found)
            missing = {key[1] for key in recorded if key[0] == what} - {name for name, _ in found}
            with_set = f" with {instruction_set}" if instruction_set else ""
            different += [f"{what}{with_set}: {name} is missing" for name in sorted(missing)]
            different += [f"{what}{with_set}: {name} has other bits" for name, digest in found
                          if not wanted.write and recorded.get((what, name)) != digest]
    if wanted.write:
        RECORD.write_text("# What was computed, array, digest of its bits: made by same_numbers.py --write\n" + "\n".join(lines) + "\n")
    for line in different:
        print(line)
    print(f"{n_compared} arrays, {len(different)} differences")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
