#!/usr/bin/python3
"""Counts which lines and branches of model/ and solvers/ the quick tests run.

    coverage.py [--jobs N] [--only-report] [--list]

Builds the preset `coverage`, runs the tests by unit, limits, convergence, invariants and regression (not those of
validation, which take long and compare whole results), and prints a table by folder, then the lines that none of them
ran; with --list the branches as well. --only-report counts what ran before. Branches are those that the sources have:
the ways out of a call by an exception, which a compiler adds to nearly every line, are left out
(gcovr --exclude-throw-branches), and so is what it made on lines without code (--exclude-unreachable-branches). The
model compiler, which runs when others are built, runs once for the kernels of the tests. Of code
that is compiled once per instruction set, a line counts as run if it ran in one of them. The kernels, which the build
writes, are not counted. Needs gcovr. Ends with 1 if less runs than LEAST says.
"""

import argparse
import collections
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/coverage"
PROGRAMS = ["test_limits", "test_unit", "test_convergence", "test_regression", "test_invariants"]
WRITERS = ["write_test_kernels", "write_block_kernels"]  # the model compiler at work, for the tests' own problems
LEAST = {"model": 100.0, "solvers": 95.0}  # [% of lines]


def run(*command, **how):
    subprocess.run(list(map(str, command)), cwd=ROOT, check=True, **how)


def build(jobs):
    run("cmake", "--preset", "coverage", "-D", "OSTEOFLARE_TESTS=ON", stdout=subprocess.DEVNULL)
    run("ninja", "-C", BUILD, f"-j{jobs}", *PROGRAMS)


def run_tests():
    for counts in BUILD.rglob("*.gcda"):
        counts.unlink()
    with tempfile.TemporaryDirectory() as folder:
        for writer in WRITERS:
            run(BUILD / writer, folder)
    for program in PROGRAMS:
        done = subprocess.run([BUILD / program, "~[.]"], cwd=BUILD, capture_output=True, text=True, errors="replace",
                              env=os.environ | {"OSTEOFLARE_LIBRARY": str(ROOT / "scenarios/library")})
        print(f"{program}: {done.stdout.strip().splitlines()[-1]}", flush=True)


def count(jobs):
    """For each file: its lines, as gcovr gives them."""
    report = BUILD / "coverage.json"
    run("gcovr", "--root", ROOT, "--object-directory", BUILD, "--filter", f"{ROOT}/model/", "--filter", f"{ROOT}/solvers/",
        "--exclude-throw-branches", "--exclude-unreachable-branches", "-j", jobs, "--json", report, BUILD)
    return {entry["file"]: entry["lines"] for entry in json.loads(report.read_text())["files"]}


def ranges(numbers):
    """"3-5, 8" of 3, 4, 5, 8."""
    words = []
    for number in sorted(numbers):
        if words and number == words[-1][1] + 1:
            words[-1][1] = number
        else:
            words.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in words)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only-report", action="store_true")
    parser.add_argument("--list", action="store_true", help="the branches that did not run, as well")
    options = parser.parse_args()
    if not options.only_report:
        build(options.jobs)
        run_tests()

    totals = collections.defaultdict(lambda: [0, 0, 0, 0])
    missing = []
    for file, lines in sorted(count(options.jobs).items()):
        lines = [line for line in lines if not line["gcovr/noncode"]]
        branches = [branch for line in lines for branch in line["branches"]]
        numbers = [len(lines), sum(line["count"] > 0 for line in lines), len(branches), sum(b["count"] > 0 for b in branches)]
        for name in {file.split("/")[0], str(pathlib.PurePath(file).parent)}:
            totals[name] = [a + b for a, b in zip(totals[name], numbers)]
        dead = {line["line_number"] for line in lines if line["count"] == 0}
        if dead:
            missing.append(f"{file}: {ranges(dead)}")
        half = {line["line_number"] for line in lines if line["count"] > 0 and any(b["count"] == 0 for b in line["branches"])}
        if options.list and half:
            missing.append(f"{file}: branches at {ranges(half)}")
    print("\n| folder | lines | run [%] | branches | run [%] |\n|---|---|---|---|---|")
    for name, (lines, run_lines, branches, run_branches) in sorted(totals.items()):
        print(f"| {name} | {lines} | {100 * run_lines / max(lines, 1):.2f} | {branches} | {100 * run_branches / max(branches, 1):.2f} |")
    print("\nnot run:" if missing else "", *missing, sep="\n")
    return int(any(100 * totals[name][1] / totals[name][0] < least for name, least in LEAST.items()))


if __name__ == "__main__":
    raise SystemExit(main())
