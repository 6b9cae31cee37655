#!/usr/bin/python3
"""Plants faults into the model and the solvers, one at a time, and says which of them no test notices.

    mutants.py FOLDER [--per-file N] [--seed N] [--nightly] [--only NUMBER...] [--list] [--jobs N]

FOLDER is made if need be, holds the copy and its build, and can be used again. Every place in model/ and solvers/ where
a sign can flip, a term or factor can be lost, a parameter can be taken for its neighbour of the same unit, a step or an
index can be one off, a comparison can point the other way, a limit can be loosened or a statement be missing is a
candidate; `--per-file` of each file are drawn (`--nightly`: all), with a seed that is printed. All that are drawn are
compiled into one program, once, and chosen by an environment variable when it runs.

First every test runs once and says in which of the faults it computes anything else than without. Then each fault
meets the tests in which it does, the quick ones first, until one fails; the few that take long meet the faults of
solvers/sampling alone, which they are about, but for --nightly. Who takes ten times as long counts as noticed, too.
Faults of the model compiler are those of a program that runs when others are built: kernels are written with them, and
if these differ from the right ones, they are compiled and tested. All with one instruction set, of four lanes.

A fault that does not compile does not count. Those that no test can notice stand in equivalent.txt, each with the
reason. Prints tables and the survivors; ends with 1 if more than a twentieth of the others survives. A third of an hour
on two quiet cores for the default, of which building takes most; results are kept in FOLDER/results.json, by fault.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import re
import subprocess
import time

import kernels
import plant

HERE = pathlib.Path(__file__).resolve().parent
ENOUGH = 0.95
LONG = 6.0  # [s], with all faults compiled in
PARTS = ("~[sampling]~[abc]", "[sampling]", "[abc]")  # of all tests, such as take equally long


def equivalents():
    """What stands there and what instead: (file, what, instead)."""
    lines = (HERE / "equivalent.txt").read_text().splitlines() if (HERE / "equivalent.txt").exists() else []
    return {tuple(part.strip() for part in line.split(" | ")[:3]) for line in lines if line.count(" | ") == 3}


def draw(candidates, per_file, seed):
    """The numbers of so many faults of each file, and their sites: of each kind in turn. No word is rewritten twice."""
    by_path = collections.defaultdict(list)
    for site in candidates:
        by_path[site.path].append(site)
    wanted, planted = set(), []
    for path, its in by_path.items():
        faults = [(site, site.id + i, kind) for site in its for i, (kind, _) in enumerate(site.faults)]
        random.Random(f"{seed} {path}").shuffle(faults)
        turn, count = collections.Counter(), 0  # each kind in turn
        order = []
        for site, number, kind in faults:
            order.append((turn[kind], number, site))
            turn[kind] += 1
        here = []
        for _, number, site in sorted(order, key=lambda entry: entry[0]):
            if count == per_file:
                break
            if site not in here and plant.overlaps(site, here):
                continue
            if site not in here:
                here.append(site)
            wanted.add(number)
            count += 1
        planted += here
    return wanted, planted


def environment(**more):
    return os.environ | {"OMP_WAIT_POLICY": "passive", "OMP_NUM_THREADS": "2"} | more


def trace(folder, jobs):
    """For each test: its duration, and the faults that are made, that run and that change a value in it."""
    def run(part):
        number, tests = part
        file = folder / f"trace_{number}.txt"
        file.unlink(missing_ok=True)
        subprocess.run([str(folder / "build/test_leaves"), tests], cwd=folder, env=environment(OSTEOFLARE_TRACE=str(file)), capture_output=True)
        return file.read_text().splitlines()

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        lines = [line for part in pool.map(run, enumerate(PARTS)) for line in part]
    tests, made, ran, changes = {}, set(), set(), collections.defaultdict(list)
    for line in lines:
        passed, seconds, name, bits = line.split("\t")
        if passed != "1":
            print(f"not used, as it fails without any fault: {name}")
            continue
        tests[name] = float(seconds)
        for number, seen in (map(int, pair.split(":")) for pair in bits.split()):
            made.add(number)
            if seen & 2:
                ran.add(number)
            if seen & 4:
                changes[number].append(name)
    for names in changes.values():
        names.sort(key=tests.get)
    return tests, made, ran, changes


def spec(names):
    return ",".join(re.sub(r"([\\,\[\]*\"])", r"\\\1", name) for name in names)


def failing(program, names, tests, **variables):
    """The first of the tests that fails, or None. The quick ones share a start of the program."""
    at = 0
    while at < len(names):
        until, seconds = at + 1, tests[names[at]]
        while until < len(names) and seconds + tests[names[until]] < 1.0:
            seconds += tests[names[until]]
            until += 1
        try:
            done = subprocess.run([str(program), "--abort", spec(names[at:until])], cwd=program.parent, env=environment(**variables),
                                  capture_output=True, text=True, errors="replace", timeout=30 + 12 * seconds)
        except subprocess.TimeoutExpired:
            return f"{names[at]} (too slow)"
        if done.returncode != 0:
            cases = re.findall(r"^-{70,}\n(.+?)\n(?:  .*\n)*-{70,}", done.stdout, re.M)
            return cases[-1].strip() if cases else names[at]
        at = until
    return None


def verdict(folder, site, number, measured, kernel_tests, patient=False):
    """(state, by whom) of one fault: killed or survived. Who is not patient leaves long tests to what they are about."""
    tests, made, ran, changes = measured
    names = [name for name in changes[number] if patient or tests[name] < LONG or site.path.startswith("solvers/sampling/")]
    by = failing(folder / "build/test_leaves", names, tests, OSTEOFLARE_MUTANT=str(number))
    if by is None and kernels.concerns(site.path):
        by = kernels.failing(folder, number, kernel_tests, lambda program: failing(program, kernel_tests, tests))
    if by is not None:
        return "killed", by
    if number in ran or kernels.concerns(site.path):
        return "survived", "it changes no value in any test" if not changes[number] and not kernels.concerns(site.path) else ""
    return "survived", "no test runs it"


def table(rows, key, name):
    counts = collections.Counter((key(row), row["state"]) for row in rows)
    lines = [f"| {name} | faults | killed | survived | equivalent |", "|---|---|---|---|---|"]
    for value in sorted({key(row) for row in rows}):
        killed, survived, same = (counts[value, state] for state in ("killed", "survived", "equivalent"))
        lines.append(f"| {value} | {killed + survived + same} | {killed} | {survived} | {same} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--per-file", type=int, default=5, metavar="N")
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--nightly", action="store_true", help="every candidate")
    parser.add_argument("--only", type=int, nargs="+", metavar="NUMBER", help="of the drawn ones, these; tried again")
    parser.add_argument("--again", action="store_true", help="try once more what survived, with long tests, too")
    parser.add_argument("--list", action="store_true", help="name the drawn ones, and end")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    say = lambda text: print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)

    candidates = plant.candidates()
    wanted, planted = draw(candidates, 10**9 if options.nightly else options.per_file, options.seed)
    say(f"seed {options.seed}: {len(wanted)} of {sum(len(site.faults) for site in candidates)} candidates drawn")
    if options.list:
        for site in planted:
            for i, (kind, instead) in enumerate(site.faults):
                if site.id + i in wanted:
                    print(f"{site.id + i} {site.path}:{site.line} [{kind}] {site.what}  ->  {instead}")
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    folder = options.folder.resolve()
    planted = plant.build(folder, planted, options.jobs, say)
    say("built; every test runs once")
    measured = trace(folder, options.jobs)
    tests, made, ran, changes = measured
    kernel_tests = kernels.tests(tests)
    made |= kernels.prepare(folder)
    say(f"{len(tests)} tests take {sum(tests.values()):.0f} s")

    same = equivalents()
    store = folder / "results.json"
    known = json.loads(store.read_text()) if store.exists() else {}
    rows, queue = [], []
    for site in planted:
        for i, (kind, instead) in enumerate(site.faults):
            number = site.id + i
            if number not in wanted or number not in made:
                continue  # the types do not allow it
            row = {"number": number, "path": site.path, "line": site.line, "kind": kind, "what": site.what, "instead": instead}
            key = f"{site.path}:{site.what}:{instead}:{number}"
            old = known.get(key)
            again = options.again and old and old["state"] == "survived" or options.only and number in options.only
            rows.append(old if old and not again else row)
            if rows[-1] is row:
                queue.append((site, number, row, key))
    queue.sort(key=lambda entry: kernels.concerns(entry[0].path))  # what takes longest comes last
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        waiting = {pool.submit(verdict, folder, site, number, measured, kernel_tests, options.nightly or options.again): (row, key) for site, number, row, key in queue
                   if not options.only or number in options.only}
        for done in concurrent.futures.as_completed(waiting):
            row, key = waiting[done]
            row["state"], row["by"] = done.result()
            known[key] = row
            store.write_text(json.dumps(known, indent=1))
            if row["state"] == "survived":
                say(f"survived: {row['number']} {row['path']}:{row['line']} {row['what']} -> {row['instead']}  {row['by']}")
    rows = [row for row in rows if "state" in row]
    for row in rows:
        if (row["path"], row["what"], row["instead"]) in same:
            if row["state"] == "killed":
                say(f"not equivalent: {row['path']}: {row['what']} -> {row['instead']}, by {row['by']}")
            else:
                row["state"] = "equivalent"
    report(rows)
    count = collections.Counter(row["state"] for row in rows)
    share = count["killed"] / max(1, count["killed"] + count["survived"])
    print(f"\n{len(rows)} faults: {count['killed']} killed, {count['survived']} survived, {count['equivalent']} equivalent: "
          f"{100 * share:.1f} % of those that can be noticed are (seed {options.seed})")
    return 0 if share > ENOUGH else 1


def report(rows):
    print(table(rows, lambda row: row["kind"], "kind"), "\n")
    print(table(rows, lambda row: "/".join(row["path"].split("/")[:-1]), "folder"), "\n")
    for state in ("survived", "equivalent"):
        for row in rows:
            if row["state"] == state:
                print(f"{state}: {row['path']}:{row['line']} [{row['kind']}] {row['what']} -> {row['instead']}  {row['by']}")


if __name__ == "__main__":
    raise SystemExit(main())
