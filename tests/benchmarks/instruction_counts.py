#!/usr/bin/python3
"""Notices a slow-down on any machine, however busy: counts the instructions of three engines, which no other program disturbs.

    instruction_counts.py PROGRAM BUILD
    instruction_counts.py PROGRAM BUILD --record    writes what is counted into instruction_counts.json

BUILD says by what PROGRAM was made ("GNU 12.2.0"). Each engine runs twice under valgrind, the second time with more to do; the
difference is its own work, without start and end. The instruction set is AVX2 everywhere: valgrind knows no wider one. A count that
differs from the recorded one by more than 3 % is a failure, upwards or downwards: who makes an engine faster records it. Ends with 77 where
nothing can be compared: no valgrind, no AVX2, or a BUILD that has not been recorded.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
RECORD = HERE / "instruction_counts.json"
TOLERANCE = 0.03
CANNOT_COMPARE = 77
MICE = """genotype = "cmo"
[output]
keep = "summaries"
[sweep]
method = "random"
size = {}
vary.cxcl1_half = {{ lognormal_cv = 0.1 }}
"""
TISSUE = """model = "agents"
genotype = "cmo"
start = "60 d"
end = "{} d"
[initial]
neutrophils = 30000
macrophages = 3000
osteoclasts = 1000
[tissue]
width = "240 um"
depth = "60 um"
height = "120 um"
step = "300 s"
field_step = "30 s"
[output]
every = "0.25 d"
"""
# Engine: its command, what is written into study.toml, and little and more to do.
ENGINES = {
    "lanes: mice of 143 days": (("sweep",), MICE, 8, 40),
    "blocks: children of the patient model": (("cohort",), "[children]\nnumber = {}\n", 1, 3),
    "agents: a tissue's fields and cells": (("run",), TISSUE, 60.25, 60.5),
}


def count(program, folder, command, study):
    """Instructions of one run."""
    (folder / "study.toml").write_text(study)
    environment = dict(os.environ, OSTEOFLARE_INSTRUCTION_SET="avx2", OSTEOFLARE_LIBRARY=str(HERE.parents[1] / "scenarios" / "library"))
    done = subprocess.run(["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", program, *command,
                           "study.toml", "--threads", "1", "--force", "-o", "study.h5"],
                          cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return int(re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)[1].replace(",", ""))


def counts(program):
    found = {}
    with tempfile.TemporaryDirectory(prefix="osteoflare_counts_") as folder:
        for engine, (command, study, little, more) in ENGINES.items():
            runs = [count(program, pathlib.Path(folder), command, study.format(n)) for n in (little, more)]
            found[engine] = runs[1] - runs[0]
    return found


def cannot_compare(why):
    print(f"not compared: {why}")
    sys.exit(CANNOT_COMPARE)


def main(program, build, *options):
    records = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if not shutil.which("valgrind"):
        cannot_compare("valgrind is not installed")
    if " avx2 " not in pathlib.Path("/proc/cpuinfo").read_text():
        cannot_compare("this machine has no AVX2")
    if options == ("--record",):
        records[build] = counts(program)
        RECORD.write_text(json.dumps(records, indent=2, sort_keys=True) + "\n")
        return 0
    if build not in records:
        cannot_compare(f"nothing is recorded for {build}, only for {', '.join(records)}; record it anew with {sys.argv[0]} {program} "
                       f"'{build}' --record")
    failed = 0
    for engine, now in counts(program).items():
        before = records[build][engine]
        change = now / before - 1
        failed += abs(change) > TOLERANCE
        print(f"{'FAILS' if abs(change) > TOLERANCE else 'holds'}: {engine}: {now / 1e6:.1f} million instructions, {100 * change:+.2f} % of {before / 1e6:.1f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), *sys.argv[2:]))
