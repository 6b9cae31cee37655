#!/usr/bin/python3
"""Counts which lines and branches of model/ and solvers/ the quick tests run.

    coverage.py [--jobs N] [--only-report] [--list]

Builds the preset `coverage`, runs the tests by unit, limits, convergence, invariants and regression (not those of
validation, which take long and compare whole results), and prints a table by folder, then the lines that none of them
ran; with --list also the branches that none of them took. --only-report counts what ran before.

Clang counts, in the text as it is written: a branch is a condition that was true, or false, once at least. What a
compiler makes of it (copies of a template, unrolled loops, ways out by an exception) does not count; a condition that
is known when it is compiled is none. Of code that is compiled several times, for types or for instruction sets, a
branch counts as taken if it was in one of them. The model compiler, which runs when others are built, runs once for the
kernels of the tests. The kernels, which the build writes, are not counted. Needs Debian's llvm. Ends with 1 if less runs
than LEAST says.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/coverage"
COUNTS = BUILD / "counts"
PROGRAMS = ["test_limits", "test_unit", "test_convergence", "test_regression", "test_invariants"]
WRITERS = ["write_test_kernels", "write_block_kernels"]  # the model compiler at work, for the tests' own problems
LEAST = {"model": 100.0, "solvers": 95.0}  # [%], of lines and of branches


def run(*command, **how):
    return subprocess.run(list(map(str, command)), cwd=ROOT, check=True, **how)


def build(jobs):
    run("cmake", "--preset", "coverage", "-D", "OSTEOFLARE_TESTS=ON", stdout=subprocess.DEVNULL)
    run("ninja", "-C", BUILD, f"-j{jobs}", *PROGRAMS)


def run_tests(jobs):
    COUNTS.mkdir(exist_ok=True)
    for counts in COUNTS.iterdir():
        counts.unlink()
    environment = os.environ | {"OSTEOFLARE_LIBRARY": str(ROOT / "scenarios/library"), "LLVM_PROFILE_FILE": f"{COUNTS}/%m_%p.profraw"}
    with tempfile.TemporaryDirectory() as folder:
        for writer in WRITERS:
            run(BUILD / writer, folder, env=environment)

    def run_program(program):
        return subprocess.run([BUILD / program, "~[.]"], cwd=BUILD, capture_output=True, text=True, errors="replace", env=environment)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for program, done in zip(PROGRAMS, pool.map(run_program, PROGRAMS)):
            print(f"{program}: {done.stdout.strip().splitlines()[-1]}", flush=True)


def exported(format):
    programs = [argument for program in [*PROGRAMS, *WRITERS] for argument in ("-object", BUILD / program)][1:]
    return run("llvm-cov", "export", f"-format={format}", f"-instr-profile={COUNTS}/all", *programs, ROOT / "model", ROOT / "solvers",
               stdout=subprocess.PIPE, text=True).stdout


def lines_of():
    """For each file: how often each of its lines ran."""
    lines, file = collections.defaultdict(collections.Counter), None
    for record in exported("lcov").splitlines():
        name, _, rest = record.partition(":")
        if name == "SF":
            file = str(pathlib.Path(rest).relative_to(ROOT))
        elif name == "DA":
            line, count = map(int, rest.split(",")[:2])
            lines[file][line] += count
    return lines


def branches_of():
    """For each file: how often each condition was true and false, by its (line, column)."""
    branches = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0]))
    for file in json.loads(exported("text"))["data"][0]["files"]:
        ran = [(line, column) for line, column, count, has_count, *_ in file["segments"] if has_count and count > 0]
        here = branches[str(pathlib.Path(file["filename"]).relative_to(ROOT))]
        for line, column, _, _, was_true, was_false, *_ in file["branches"]:
            here[line, column][0] += was_true
            here[line, column][1] += was_false
        for place in [place for place, ways in here.items() if ways == [0, 0] and place in ran]:
            del here[place]  # it ran and was neither: known when it was compiled
    return branches


def ranges(numbers):
    """"3-5, 8" of 3, 4, 5, 8."""
    words = []
    for number in sorted(numbers):
        if words and number == words[-1][1] + 1:
            words[-1][1] = number
        else:
            words.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in words)


def share(part, whole):
    return 100 * part / max(whole, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only-report", action="store_true")
    parser.add_argument("--list", action="store_true", help="the branches that were not taken, as well")
    options = parser.parse_args()
    if not options.only_report:
        build(options.jobs)
        run_tests(options.jobs)
    run("llvm-profdata", "merge", "-sparse", f"-output={COUNTS}/all", *COUNTS.glob("*.profraw"))

    totals = collections.defaultdict(lambda: [0, 0, 0, 0])
    missing = []
    lines, branches = lines_of(), branches_of()
    for file in sorted(lines):
        ways = [count for both in branches[file].values() for count in both]
        numbers = [len(lines[file]), sum(count > 0 for count in lines[file].values()), len(ways), sum(count > 0 for count in ways)]
        for name in {file.split("/")[0], str(pathlib.PurePath(file).parent)}:
            totals[name] = [a + b for a, b in zip(totals[name], numbers)]
        if dead := [line for line, count in lines[file].items() if count == 0]:
            missing.append(f"{file}: {ranges(dead)}")
        never = [f"{line}:{column} {'true' if not both[0] else 'false'}" for (line, column), both in sorted(branches[file].items())
                 if not all(both) and lines[file][line] > 0]
        if options.list and never:
            missing.append(f"{file}: never {', '.join(never)}")
    print("\n| folder | lines | run [%] | branches | taken [%] |\n|---|---|---|---|---|")
    for name, (n_lines, ran, n_branches, taken) in sorted(totals.items()):
        print(f"| {name} | {n_lines} | {share(ran, n_lines):.2f} | {n_branches} | {share(taken, n_branches):.2f} |")
    print("\nnot run:" if missing else "", *missing, sep="\n")
    return int(any(share(ran, n_lines) < LEAST[name] or share(taken, n_branches) < LEAST[name]
                   for name, (n_lines, ran, n_branches, taken) in totals.items() if name in LEAST))


if __name__ == "__main__":
    raise SystemExit(main())
