#!/usr/bin/python3
"""Injects faults into every long verb, and checks that nothing is lost and nothing wrong is let in.

    faults.py PROGRAM PRELOAD [--nightly] [--verb NAME] [--minutes N] [--seed N] [--jobs N] [--only VERB/NUMBER]
              [--mpirun MPIRUN]

PRELOAD is the library that makes calls to the system fail (preload.hpp). A quick run draws one fault of each kind for
each verb; --nightly takes every call that a verb makes, 50 000 trials in an order drawn by the seed: hours, or as many
as --minutes has room for. In a trial a run meets one fault, and is gone on with. It must

- end with a documented exit code and a message, never with a signal that nobody sent;
- leave results that are whole or none, and what was there before;
- when it is gone on with, keep what was closed or saved, and give the bytes and words of a run that nobody disturbed.

With MPIRUN, two processes share each sweep, and a fault meets whichever comes to it, or both; PROGRAM must be built
with MPI.

Prints tables, and each trial that failed with the options that repeat it; ends with 1 if there is one.
"""

import argparse
import collections
import concurrent.futures
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from damage import Damaged, damages
from kinds import all_faults, some_faults
from trial import Complaint, Laboratory, Reference, Trial
from verbs import VERBS

NOT_TRIED = object()
COLUMNS = ("injected", "survived", "went on", "lost or wrong")


def trials_of(laboratory, verb, options):
    """A verb's trials, the same for the same seed."""
    chance = random.Random(f"{options.seed} {verb.name}")
    reference = Reference(laboratory, verb)
    draw, n = (all_faults, options.n or 40) if options.nightly else (some_faults, options.n or 1)
    trials = [Trial(laboratory, reference, fault, chance.random() < 1 / 3) for fault in draw(reference, chance, n)]
    if options.mpirun:
        return trials
    return trials + [Damaged(laboratory, reference, fault) for fault in damages(laboratory, reference, chance, 4 * n)]


def attempt(trial, end):
    """The complaint about a trial, or nothing."""
    if time.monotonic() > end:
        return NOT_TRIED
    try:
        trial.run()
    except (Complaint, OSError, LookupError, ValueError, subprocess.SubprocessError) as complaint:
        return f"{type(complaint).__name__}: {complaint}"
    return None


def table_of(rows):
    width = max(len(name) for name in rows)
    lines = [f"{'':<{width}}" + "".join(f"  {title:>13}" for title in COLUMNS)]
    for name, row in rows.items():
        lines.append(f"{name:<{width}}" + "".join(f"  {row[title]:>13}" for title in COLUMNS))
    return "\n".join(lines)


def count(rows, name, trial, complaint):
    for row in (rows[name], rows["all"]):
        row["injected"] += 1
        row["survived"] += trial.survived
        row["went on"] += trial.was_gone_on_with
        row["lost or wrong"] += complaint is not None


def chosen_trials(laboratory, options):
    """All that are to be made, in an order drawn by chance: so any share of them is a fair one."""
    verbs = [verb for verb in VERBS if (options.nightly or options.verb or not verb.is_slow)
             and (not options.verb or verb.name in options.verb)
             and (not options.mpirun or verb.is_shared)]
    if options.only:
        name, number = options.only.rsplit("/", 1)
        verb = next(verb for verb in VERBS if verb.name == name)
        return [(verb, int(number), trials_of(laboratory, verb, options)[int(number)])]
    trials = [(verb, *numbered) for verb in verbs for numbered in enumerate(trials_of(laboratory, verb, options))]
    random.Random(options.seed).shuffle(trials)
    return trials


def examine(laboratory, options):
    """Makes the trials; prints tables by kind and by verb, and returns how many failed."""
    by_kind, by_verb = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    trials = chosen_trials(laboratory, options)
    end = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        complaints = pool.map(lambda row: attempt(row[2], end), trials)
        for (verb, number, trial), complaint in zip(trials, complaints):
            if complaint is NOT_TRIED:
                continue
            count(by_kind, trial.fault.kind, trial, complaint)
            count(by_verb, verb.name, trial, complaint)
            if complaint:
                failures += 1
                print(f"FAILS: {options.repeat} --only '{verb.name}/{number}': {trial.fault}"
                      f"{' over earlier results' if trial.replaces else ''}\n    {complaint}", flush=True)
    for rows in (by_kind, by_verb):
        rows["all"] = rows.pop("all")  # below the others
        print("\n" + table_of(dict(sorted(rows.items(), key=lambda row: (row[0] == "all", row[0])))))
    return failures, by_kind["all"]["injected"], len(trials)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("preload")
    parser.add_argument("--nightly", action="store_true", help="every call of every verb")
    parser.add_argument("--verb", action="append", help="only this verb, as verbs.py calls it (repeatable)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--n", type=int, default=0, help="of each kind that is drawn by chance")
    parser.add_argument("--jobs", type=int, default=1, help="trials at the same time")
    parser.add_argument("--minutes", type=float, default=0, help="as many of the trials as there is time for")
    parser.add_argument("--only", help="one trial, as a complaint names it")
    parser.add_argument("--mpirun", help="starts every sweep twice, to be shared")
    options = parser.parse_args()
    options.repeat = (f"--seed {options.seed}{' --nightly' if options.nightly else ''}"
                      f"{f' --n {options.n}' if options.n else ''}"
                      f"{f' --mpirun {options.mpirun}' if options.mpirun else ''}")
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="osteoflare_faults_") as folder:
        laboratory = Laboratory(str(pathlib.Path(options.program).resolve()),
                                str(pathlib.Path(options.preload).resolve()), pathlib.Path(folder),
                                options.mpirun)
        failures, n_tried, n = examine(laboratory, options)
    print(f"\n{n_tried} of {n} faults, seed {options.seed}, {time.monotonic() - begin:.0f} s: "
          + (f"{failures} trials failed" if failures else "nothing lost, nothing wrong"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
