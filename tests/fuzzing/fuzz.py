#!/usr/bin/python3
"""Lets libFuzzer attack every reader, and says how often and how far it got.

    fuzz.py BUILD [--seconds N] [--targets NAME ...] [--keep]

BUILD is a build with the preset `fuzz`, in which osteoflare-fuzz was built. Each reader is attacked for N seconds (60 if left out), beginning with
its folder in tests/fuzzing/corpus, with files of the library, and with what earlier attacks found, which stays in
BUILD/fuzzing/NAME/corpus. What breaks a reader is made as small as possible and left in BUILD/fuzzing/NAME/crashes: it
belongs into tests/fuzzing/corpus/NAME once it is mended. With --keep that is done at once, for inputs of at most 20 kB.
Ends with 1 if a reader broke.
"""

import argparse
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
LIBRARY = HERE.parents[1] / "scenarios" / "library"
TARGETS = ["scenario", "trial", "problem", "event_table", "data_table", "units", "results", "shard", "study_note",
           "checkpoint"]
FROM_LIBRARY = {"scenario": "scenarios/*.toml", "trial": "trials/*.toml", "problem": "problems/*.toml",
                "study_note": "scenarios/*.toml", "data_table": "problems/*.csv"}
# libhdf5 asks for as much memory as a forged file says, and copes when it gets none.
ENVIRONMENT = {"ASAN_OPTIONS": "allocator_may_return_null=1",
               "LSAN_OPTIONS": f"suppressions={HERE / 'leaks_of_others.txt'}:print_suppressions=0",
               "OSTEOFLARE_LIBRARY": str(LIBRARY)}
BINARY = {"results", "shard", "checkpoint"}
MOST_BREAKS = 3  # of one reader: then it is known, and others are to be attacked, too
LONGEST = {"units": 200, "results": 40000, "shard": 6000, "checkpoint": 2000}


@dataclasses.dataclass
class Attack:
    """What came of the attack on one reader."""
    target: str
    executions: int = 0
    seconds: float = 0
    branches: int = 0
    all_branches: int = 0
    inputs: int = 0
    slow: int = 0
    crashes: list = dataclasses.field(default_factory=list)


def write_dictionary(target, seeds, path):
    """The words of the seeds: a fuzzer would need days to guess one."""
    words = set()
    for seed in seeds:
        words.update(re.findall(rb"[A-Za-z_][A-Za-z_0-9]{2,30}", seed.read_bytes()))
    path.write_text("".join(f'"{word.decode()}"\n' for word in sorted(words)[:2000]))


def run(program, target, arguments, limit):
    command = [program, f"--target={target}", *map(str, arguments)]  # it leaves files where it runs
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          timeout=limit, env=dict(os.environ, **ENVIRONMENT), cwd=tempfile.gettempdir())


def last(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def make_smaller(program, target, crash):
    small = crash.with_name(crash.name + ".small")
    run(program, target, ["-minimize_crash=1", "-runs=20000", "-max_total_time=30", f"-exact_artifact_path={small}",
                          crash], 120)
    if small.exists():
        small.replace(crash)


def attack(program, target, folder, seconds):
    corpus, crashes, made = folder / "corpus", folder / "crashes", folder / "seeds"
    shutil.rmtree(crashes, ignore_errors=True)
    for place in (corpus, crashes, made):
        place.mkdir(parents=True, exist_ok=True)
    own = sorted((HERE / "corpus" / target).iterdir())
    for file in LIBRARY.glob(FROM_LIBRARY.get(target, "none")):
        shutil.copy(file, made)
    options = [corpus, made, HERE / "corpus" / target, f"-max_len={LONGEST.get(target, 4096)}", "-timeout=10", "-report_slow_units=1",
               "-rss_limit_mb=3000", f"-malloc_limit_mb={0 if target == 'results' else 1000}", "-print_final_stats=1", f"-artifact_prefix={crashes}/"]
    if target not in BINARY:
        write_dictionary(target, [*own, *made.iterdir()], folder / "words.txt")
        options.append(f"-dict={folder / 'words.txt'}")
    result = Attack(target)
    begin = time.monotonic()
    while (left := seconds - (time.monotonic() - begin)) >= 1 and len(result.crashes) < MOST_BREAKS:
        ended = run(program, target, [*options, f"-max_total_time={int(left)}"], seconds + 300)
        (folder / "log.txt").write_text(ended.stdout)
        result.executions += last(r"stat::number_of_executed_units: *(\d+)", ended.stdout)
        result.branches = max(result.branches, last(r" cov: (\d+)", ended.stdout))
        result.all_branches = last(r"Loaded 1 modules +\((\d+)", ended.stdout)
        broken_by = re.search(r"Test unit written to (.*/(?:crash|oom|timeout|leak)-.*)", ended.stdout)
        if ended.returncode != 0 and not broken_by:
            raise RuntimeError(f"{target}: the fuzzer ended with {ended.returncode}\n{ended.stdout[-3000:]}")
        if broken_by and pathlib.Path(broken_by[1]) in result.crashes:
            break  # it does not get past this one
        if broken_by:
            result.crashes.append(pathlib.Path(broken_by[1]))
    result.seconds = time.monotonic() - begin
    result.slow = sum(1 for _ in crashes.glob("slow-unit-*"))
    for crash in result.crashes:
        make_smaller(program, target, crash)
    result.inputs = distil(program, target, corpus)
    return result


def distil(program, target, corpus):
    """Keeps of the corpus what is needed to get as far; the number of inputs."""
    kept = corpus.with_name("kept")
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    run(program, target, ["-merge=1", kept, corpus], 600)
    if any(kept.iterdir()):
        shutil.rmtree(corpus)
        kept.rename(corpus)
    return sum(1 for _ in corpus.iterdir())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=TARGETS)
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    program = str((arguments.build / "osteoflare-fuzz").resolve())
    attacks = []
    print(f"{'reader':<12} {'executions':>12} {'seconds':>8} {'inputs':>7} {'branches':>9} {'slow':>5} {'broken':>7}", flush=True)
    for target in arguments.targets:
        done = attack(program, target, arguments.build.resolve() / "fuzzing" / target, arguments.seconds)
        attacks.append(done)
        print(f"{target:<12} {done.executions:>12} {done.seconds:>8.0f} {done.inputs:>7} {done.branches:>9} {done.slow:>5} "
              f"{len(done.crashes):>7}", flush=True)
        for crash in done.crashes:
            print(f"  {crash}", flush=True)
            if arguments.keep and crash.exists() and crash.stat().st_size <= 20000:
                shutil.copy(crash, HERE / "corpus" / target / crash.name[:24])
    broken = sum(len(done.crashes) for done in attacks)
    print(f"{sum(done.executions for done in attacks)} executions in {sum(done.seconds for done in attacks) / 3600:.2f} hours; "
          f"{attacks[0].all_branches} branches in the program; {broken} inputs broke a reader")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
