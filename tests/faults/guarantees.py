#!/usr/bin/python3
"""Checks what processes promise each other: writers, readers, and whoever reads what they say.

    guarantees.py PROGRAM PRELOAD [--rounds N]

Runs PROGRAM in temporary folders; ends with 1 if a claim does not hold. --rounds: of the races; 6 if left out.
"""

import argparse
import fcntl
import os
import pathlib
import random
import signal
import struct
import subprocess
import sys
import threading
import time

# First: it knows where claims are.
from trial import command_of, contents, FILE_TROUBLE, FINE, Fault, Laboratory, Reference
from claims import check_claims, claim, Complaint, FILE_MESSAGE, require
from damage import left_by_a_kill
from verbs import VERBS

OPTIONS = argparse.Namespace(rounds=6)


class Claimed(Laboratory):
    def __init__(self, program, preload, folder):
        super().__init__(program, preload, folder)
        self.work = folder / "out"
        self.work.mkdir()

    def verb(self, name):
        return next(verb for verb in VERBS if verb.name == name)

    def end(self, process):
        try:
            out, error = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        return process.returncode, out, error

    def stopped(self, verb, call):
        """A first process, stopped at a call."""
        process = self.start(command_of(verb), self.work, Fault("", f"{call}:stop"))
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        require(os.WIFSTOPPED(status), f"{verb.name}: it ended before it was stopped")
        return process

    def begun(self, command):
        """A process that computes for minutes and holds its output."""
        process = self.start(command, self.work)
        for _ in range(2000):
            if self.is_locked() or process.poll() is not None:
                break
            time.sleep(0.005)
        if process.poll() is not None or not self.is_locked():
            os.killpg(process.pid, signal.SIGKILL)
            raise Complaint(f"{command[0]}: it computes and does not hold its output: {process.communicate()[1]}")
        return process

    def is_locked(self):
        """Whether a process holds the results that it is about to write."""
        try:
            with open(self.work / "it.h5.part", "r+b") as file:
                whole = struct.pack("hhqqhh", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0, 0)
                fcntl.fcntl(file, fcntl.F_OFD_SETLK, whole)
        except FileNotFoundError:
            return False
        except (BlockingIOError, PermissionError):
            return True
        return False

    def clear(self):
        for path in sorted(self.work.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()


@claim("a second process on the same output is refused before it computes anything, and the first does not notice")
def refused(bench):
    tried = 0
    for verb in VERBS:
        if not verb.is_long or verb.is_slow:
            continue
        reference = Reference(bench, verb)
        for before in verb.before:
            bench.undisturbed(before, bench.work)
        first = bench.stopped(verb, "open:3" if "part" in verb.name else "write:4")
        log = bench.folder / "second.log"
        for options in ((), ("--force",), *((("--resume",), ("--resume", "--force")) if verb.resumes else ())):
            log.unlink(missing_ok=True)
            present = contents(bench.work)
            code, _, error = bench.end(bench.start(command_of(verb, *options), bench.work, log=log))
            require(code == FILE_TROUBLE and FILE_MESSAGE.fullmatch(error.strip()) and "another run is" in error,
                    f"{verb.name} {' '.join(options)}: it should be refused, not end with {code}: {error}")
            wrote = [line for line in log.read_text().splitlines() if line.startswith(("write", "rename", "unlink"))]
            require(not wrote, f"{verb.name}: refused, it should write nothing, but: {wrote[:3]}")
            require(contents(bench.work) == present, f"{verb.name}: refused, it should change nothing")
            tried += 1
        os.killpg(first.pid, signal.SIGCONT)
        code, out, error = bench.end(first)
        require(code == FINE and out == reference.out, f"{verb.name}: the first ended with {code}: {error}")
        require(contents(bench.work) == reference.files, f"{verb.name}: the first leaves something else")
        bench.clear()
    return f"{tried} seconds"


# Minutes of computing.
ENDLESS = (("fit", "@mice.toml", "--starts", "100000"), ("profile", "@mice.toml", "--starts", "100000"),
           ("sample", "@mice.toml", "--starts", "100000"), ("steady", "quickstart", "--starts", "100000"),
           ("continue", "il10_il1b_map"), ("sensitivity", "what_matters", "--size", "65536", "--of", "final_bone"),
           ("predict", "@mice.sample.h5", "quickstart", "--members", "100000"),
           ("cohort", "untreated_child", "--children", "1000000"), ("sweep", "@endless.toml"), ("run", "tissue_cmo"))


@claim("whoever computes holds its output from the beginning; when it is killed, nothing stale holds it")
def held(bench):
    for words in ENDLESS:
        command = (*words, "-o", "it.h5")
        first = bench.begun(command)
        os.killpg(first.pid, signal.SIGSTOP)
        try:
            code, _, error = bench.end(bench.start(command, bench.work))
            require(code == FILE_TROUBLE and "another run is writing" in error,
                    f"{words[0]}: the second should be refused, not end with {code}: {error}")
        finally:
            os.killpg(first.pid, signal.SIGKILL)
            first.communicate()
        third = bench.begun((*command, "--force"))
        os.killpg(third.pid, signal.SIGTERM)
        code, _, error = bench.end(third)
        require(code == 128 + signal.SIGTERM and "is not complete (interrupted)" in error,
                f"{words[0]}: interrupted, it should say so, not end with {code}: {error}")
        bench.clear()


@claim("processes that begin at the same moment never disturb each other: each ends whole or is refused")
def races(bench):
    chance = random.Random(1)
    won = lost = 0
    for name in ("sweep, cells", "sweep, a part", "run, cells", "sample, chains"):
        verb = bench.verb(name)
        reference = Reference(bench, verb)
        for _ in range(OPTIONS.rounds):
            options = [chance.choice((("--force",), ("--resume",), ("--resume", "--force"))) for _ in range(3)]
            processes = []
            for option in options:
                processes.append(bench.start(command_of(verb, *option), bench.work))
                time.sleep(chance.choice((0, 0.002, 0.01)))
            for process in processes:
                code, out, error = bench.end(process)
                if code == FINE:
                    require(out == reference.out, f"{name}: a winner says something else: {out}")
                    won += 1
                else:
                    require(code == FILE_TROUBLE and FILE_MESSAGE.fullmatch(error.splitlines()[-1]),
                            f"{name} {options}: it ended with {code}: {error}")
                    lost += 1
            require(contents(bench.work) == reference.files,
                    f"{name} {options}: this is left: {sorted(contents(bench.work))}")
            bench.clear()
    require(won > 0 and lost > 0, "there was no race")
    return f"{won} ended whole, {lost} were refused"


READ_ALL = """import sys, hashlib, h5py, xarray
def digest(open_file):
    total = hashlib.sha256()
    with open_file("it.h5") as file:
        names = sorted(file.variables if hasattr(file, "variables") else (k for k in file if hasattr(file[k], "shape")))
        for name in names:
            total.update(str(file[name][()] if hasattr(file[name], "id") else file[name].values).encode())
    return total.hexdigest()
for _ in range(int(sys.argv[1])):
    print(digest(lambda name: h5py.File(name, "r")), digest(xarray.open_dataset))
"""


@claim("whoever reads results while they are replaced sees the old file or the new one, never a mixture")
def readers(bench):
    pages, digests = set(), set()
    plain = ("run", "quickstart", "-o", "it.h5", "--force")
    changed = (*plain, "--set", "il10_competence=0.1")

    def read(n):
        done = subprocess.run([sys.executable, "-c", READ_ALL, str(n)], cwd=bench.work, capture_output=True, text=True,
                              check=False)
        require(done.returncode == 0, f"a reader failed: {done.stderr}")
        return done.stdout.splitlines()

    def draw():
        seen = []
        for verb, to in (("report", "it.html"), ("plot", "it.svg")):
            bench.undisturbed((verb, "it.h5", "-o", to, "--force"), bench.work)
            seen.append((bench.work / to).read_bytes())
        return tuple(seen)

    for command in (plain, changed):
        bench.undisturbed(command, bench.work)
        pages.add(draw())
        digests.update(column for line in read(1) for column in line.split())
    require(len(digests) == 4 and len(pages) == 2, "the two files should differ")
    is_over, trouble, n_replaced = threading.Event(), [], [0]

    def replace():
        while not is_over.is_set():
            for command in (plain, changed):
                try:
                    bench.undisturbed(command, bench.work)
                    n_replaced[0] += 1
                except Complaint as complaint:
                    trouble.append(complaint)

    writer = threading.Thread(target=replace)
    writer.start()
    try:
        drawn = {picture for _ in range(2 * OPTIONS.rounds) for picture in draw()}
        seen = {column for line in read(10 * OPTIONS.rounds) for column in line.split()}
    finally:
        is_over.set()
        writer.join()
    require(not trouble, f"the writer failed: {trouble[:1]}")
    require(drawn <= {picture for both in pages for picture in both}, "a picture shows neither file")
    require(seen <= digests, "a reader saw neither file")
    return f"replaced {n_replaced[0]} times, read {4 * OPTIONS.rounds + 20 * OPTIONS.rounds} times"


@claim("what is printed never gets into results, and where nobody can hear it, results are whole all the same")
def streams(bench):
    verb = bench.verb("trial")  # it tells of its progress
    reference = Reference(bench, verb)
    for redirection in ("2>&-", ">&-", "<&-", "<&- >&- 2>&-", "2>/dev/full", "2>&- >/dev/null"):
        shell = ("sh", "-c", f'exec "$@" {redirection}', "sh")
        code, out, error = bench.end(bench.start(command_of(verb), bench.work, Fault("", launcher=shell)))
        require(code == FINE, f"{redirection}: it ended with {code}: {out}{error}")
        require(contents(bench.work) == reference.files, f"{redirection}: other results")
        bench.clear()
    for command in (command_of(verb), ("export", "niche", "--sbml"), ("list", "scenarios"), ("--help",)):
        shell = ("sh", "-c", 'exec "$@" >/dev/full', "sh")
        code, _, error = bench.end(bench.start(command, bench.work, Fault("", launcher=shell)))
        require(code == FILE_TROUBLE and FILE_MESSAGE.fullmatch(error.splitlines()[-1])
                and "standard output: cannot be written (No space left" in error,
                f"{' '.join(command)}: what cannot be printed is a failure, not {code}: {error}")
    require(contents(bench.work) == reference.files, "results are whole when nothing can be printed")


@claim("whoever is interrupted while the results take their name says whether they have it")
def at_the_end(bench):
    for name in ("run, cells", "sweep, cells", "trial", "fit", "steady"):
        verb = bench.verb(name)
        reference = Reference(bench, verb)
        last = max(i for i, call in enumerate(reference.calls, 1) if call == "rename")
        for number, words in ((last, "is not complete (interrupted)"), (last + 1, "is complete (interrupted when")):
            code, _, error = bench.end(bench.start(command_of(verb), bench.work, Fault("", f"any:{number}:term")))
            require(code == 128 + signal.SIGTERM and words in error, f"{name}: it should say “{words}”, not: {error}")
            require(((bench.work / "it.h5").exists()) == (number > last), f"{name}: it does not say what there is")
            bench.clear()


@claim("shards that cannot be looked at are not taken for none: a run that is not told to drop them leaves them alone")
def unseen(bench):
    verb = bench.verb("sweep, cells")
    left = left_by_a_kill(bench, Reference(bench, verb))
    closed = {name for name in left if name.endswith(".shard")}
    require(closed, "there should be shards")
    tried = 0
    for call in ("open_read", "stat", "read"):
        for number in range(1, 9):
            for name, content in left.items():
                (bench.work / name).parent.mkdir(exist_ok=True)
                (bench.work / name).write_bytes(content)
            code, _, error = bench.end(bench.start(command_of(verb), bench.work, Fault("", f"{call}:{number}:EIO")))
            require(code == FILE_TROUBLE and FILE_MESSAGE.fullmatch(error.splitlines()[-1]),
                    f"{call} {number} fails: it should be refused, not end with {code}: {error}")
            require(closed <= set(contents(bench.work)), f"{call} {number} fails: shards are lost: {error}")
            tried += 1
            bench.clear()
    return f"{tried} calls"


@claim("whatever takes its name is on the disk before, and its name is soon after: nothing is removed in between")
def on_the_disk(bench):
    names = 0
    for verb in VERBS:
        if verb.is_slow:
            continue
        for before in verb.before:
            bench.undisturbed(before, bench.work)
        log = bench.folder / "log"
        log.unlink(missing_ok=True)
        bench.undisturbed(command_of(verb), bench.work, log)
        synced, written, waiting = set(), set(), None
        for line in log.read_text().splitlines():
            call, path = line.split(" ", 1)
            if call in ("write", "ftruncate"):
                written.add(path)
                synced.discard(path)
            elif call == "fsync":
                synced.add(path)
                waiting = None if waiting == path else waiting
            elif call == "rename":
                part = next((p for p in (f"{path}.part", str(pathlib.Path(path).with_suffix(".part"))) if p in written),
                            None)
                require(part in synced, f"{verb.name}: {path} takes its name before it is on the disk")
                written.discard(part)
                waiting, names = str(pathlib.Path(path).parent), names + 1
            elif call in ("unlink", "remove", "rmdir"):
                require(waiting is None,
                        f"{verb.name}: {path} is removed before the name of what replaces it is on the disk")
        require(waiting is None, f"{verb.name}: the last name is not on the disk")
        bench.clear()
    return f"{names} names"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("preload")
    parser.add_argument("--rounds", type=int, default=6)
    parser.parse_args(namespace=OPTIONS)
    program, preload = (str(pathlib.Path(path).resolve()) for path in (OPTIONS.program, OPTIONS.preload))
    return 1 if check_claims(lambda folder: Claimed(program, preload, folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
