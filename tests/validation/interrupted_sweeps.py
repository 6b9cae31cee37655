#!/usr/bin/python3
"""Checks that sweeps survive what happens to long computations: kills, damaged disks, parts, several processes.

    interrupted_sweeps.py PROGRAM [MPIRUN]

With MPIRUN, also that processes share a sweep; PROGRAM must then be built with MPI. Runs PROGRAM in temporary folders;
ends with 1 if a claim does not hold.
"""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

from claims import Bench, check_claims, claim, FILE_MESSAGE, require

WRONG_INPUT, FILE_TROUBLE = 2, 5

# A quick model and long courses: 6 blocks of 512 members.
SWEEP = """model = "lemaire2004"
end = "100 d"
[output]
every = "0.2 d"
fluxes = true
[sweep]
method = "latin_hypercube"
size = 2900
vary.progenitor_differentiation = { lognormal_cv = 0.05 }
"""


class Sweeps(Bench):
    def __init__(self, program, mpirun, folder):
        super().__init__(program, folder, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        self.mpirun = mpirun
        self.write("sweep.toml", SWEEP)

    def refuse(self, *arguments, says, expect=FILE_TROUBLE):
        super().refuse(*arguments, says=says, expect=expect)

    def unbroken(self):
        self.run("sweep", "sweep.toml", "-o", "unbroken.h5")
        require(not (self.folder / "unbroken.h5.shards").exists(), "no shards should be left of a finished sweep")
        return self.content("unbroken.h5")

    def shards(self, name="it.h5"):
        return sorted((self.folder / f"{name}.shards").rglob("*.shard"))

    def interrupt(self, with_signal, wait, launcher=()):
        """Starts the sweep and sends a signal; how it ended, and what it said."""
        process = self.start("sweep", "sweep.toml", "-o", "it.h5", "--threads", "1", "--resume", launcher=launcher)
        wait(process)
        require(process.returncode is None, "the sweep ended before it was interrupted")
        os.killpg(process.pid, with_signal)
        _, error = process.communicate(timeout=60)
        return process.returncode, error

    def until_shards(self, n):
        def wait(process):
            for _ in range(3000):
                if len(self.shards()) >= n or process.poll() is not None:
                    return
                time.sleep(0.002)
        return wait


@claim("a sweep killed at ten random moments and resumed gives the bytes of an unbroken one")
def killed(bench):
    unbroken = bench.unbroken()
    begin = time.monotonic()
    bench.run("sweep", "sweep.toml", "-o", "timed.h5", "--threads", "1")
    usual = time.monotonic() - begin
    chance = random.Random(time.time_ns())
    with_shards = 0
    for _ in range(10):
        moment = chance.uniform(0, 1.1 * usual)
        bench.interrupt(signal.SIGKILL, lambda process: time.sleep(moment))
        with_shards += bool(bench.shards())
        if (bench.folder / "it.h5").exists():  # it was finished before
            require(bench.content("it.h5") == unbroken, f"killed after {moment:.3f} s: other bytes")
            (bench.folder / "it.h5").unlink()
            shutil.rmtree(bench.folder / "it.h5.shards", ignore_errors=True)
    bench.run("sweep", "sweep.toml", "-o", "it.h5", "--resume")
    require(bench.content("it.h5") == unbroken, "other bytes after --resume")
    require(not list(bench.folder.glob("it.h5.*")), "nothing should be left beside the file")
    return f"{with_shards} of 10 kills left shards"


@claim("closed shards survive a kill and are not computed again; without --resume they are refused, and --force drops them")
def resumed(bench):
    unbroken = bench.unbroken()
    bench.interrupt(signal.SIGKILL, bench.until_shards(3))
    kept = {path: path.stat().st_mtime_ns for path in bench.shards()}
    require(len(kept) >= 3, "three shards should have been closed")
    bench.refuse("sweep", "sweep.toml", "-o", "it.h5", says=["it.h5.shards: ", "--resume", "--force"])
    bench.refuse("run", "sweep.toml", "-o", "it.h5", says=["it.h5.shards: "])
    _, error = bench.run("sweep", "sweep.toml", "-o", "it.h5", "--resume")
    require(f"{512 * len(kept)} of 2900 members are there" in error, f"it should say what is there: {error}")
    require(bench.content("it.h5") == unbroken, "other bytes after --resume")
    (bench.folder / "it.h5").unlink()
    bench.interrupt(signal.SIGKILL, bench.until_shards(2))
    _, error = bench.run("sweep", "sweep.toml", "-o", "it.h5", "--force")
    require("are there" not in error, "--force should start afresh")
    require(bench.content("it.h5") == unbroken, "other bytes after --force")


@claim("Ctrl-C and SIGTERM leave closed shards, say how to go on, and end with 130 and 143")
def interrupted(bench):
    unbroken = bench.unbroken()
    for number in (signal.SIGINT, signal.SIGTERM):
        code, error = bench.interrupt(number, bench.until_shards(2))
        require(code == 128 + number, f"the exit code should be {128 + number}, not {code}: {error}")
        require("--resume" in error, f"it should say how to go on: {error}")
        require(len(bench.shards()) >= 2, "closed shards should be left")
        bench.run("sweep", "sweep.toml", "-o", "it.h5", "--resume")
        require(bench.content("it.h5") == unbroken, "other bytes after --resume")
        (bench.folder / "it.h5").unlink()


@claim("a shard that is damaged is named and computed again; one of another study, and another study, are refused")
def damaged(bench):
    unbroken = bench.unbroken()
    chance = random.Random(1)
    for harm in ("a bit flipped", "cut off", "another block's"):
        bench.interrupt(signal.SIGKILL, bench.until_shards(3))
        victim, other = bench.shards()[1], bench.shards()[0]
        content = bytearray(victim.read_bytes())
        if harm == "a bit flipped":
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        elif harm == "cut off":
            del content[chance.randrange(len(content)):]
        else:
            content = other.read_bytes()
        victim.write_bytes(content)
        _, error = bench.run("sweep", "sweep.toml", "-o", "it.h5", "--resume")
        require(f"it.h5.shards/{victim.name}: is damaged" in error, f"{harm}: it should be named: {error}")
        require(bench.content("it.h5") == unbroken, f"{harm}: other bytes after --resume")
        (bench.folder / "it.h5").unlink()
    bench.interrupt(signal.SIGKILL, bench.until_shards(2))
    before = {path: path.read_bytes() for path in bench.shards()}
    bench.refuse("sweep", "sweep.toml", "-o", "it.h5", "--resume", "--seed", "2", says=["it.h5.shards: ", "another study"])
    require(before == {path: path.read_bytes() for path in bench.shards()}, "a refusal should leave the shards alone")
    shutil.copytree(bench.folder / "it.h5.shards", bench.folder / "kept")
    shutil.rmtree(bench.folder / "it.h5.shards")
    bench.run("sweep", "sweep.toml", "-o", "it.h5", "--part", "1/1", "--seed", "2")
    foreign = bench.shards()[0]
    content = foreign.read_bytes()
    shutil.rmtree(bench.folder / "it.h5.shards")
    shutil.copytree(bench.folder / "kept", bench.folder / "it.h5.shards")
    (bench.folder / "it.h5.shards" / foreign.name).write_bytes(content)
    bench.refuse("sweep", "sweep.toml", "-o", "it.h5", "--resume", says=[foreign.name, "another study"])


@claim("two processes do not share a results file or a part, and a stranger's folder is left alone")
def locked(bench):
    process = bench.start("sweep", "sweep.toml", "-o", "it.h5", "--threads", "1")
    bench.until_shards(1)(process)
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        for option in ((), ("--resume",), ("--force",)):
            bench.refuse("sweep", "sweep.toml", "-o", "it.h5", *option, says=["another run is writing"])
        bench.refuse("merge", "it.h5", says=["another run"])
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    part = bench.start("sweep", "sweep.toml", "-o", "part.h5", "--part", "1/2", "--threads", "1")
    for _ in range(3000):
        if bench.shards("part.h5"):
            break
        time.sleep(0.002)
    os.killpg(part.pid, signal.SIGSTOP)
    try:
        bench.refuse("sweep", "sweep.toml", "-o", "part.h5", "--part", "1/2", "--resume", says=["is in use"])
        bench.refuse("merge", "part.h5", says=["is in use"])
    finally:
        os.killpg(part.pid, signal.SIGKILL)
        part.communicate()
    (bench.folder / "mine.h5.shards").mkdir()
    (bench.folder / "mine.h5.shards/thesis.txt").write_text("precious")
    for option in ((), ("--resume",), ("--force",)):
        bench.refuse("sweep", "sweep.toml", "-o", "mine.h5", *option, says=["holds other things than shards"])
    require((bench.folder / "mine.h5.shards/thesis.txt").read_text() == "precious", "it should be left alone")


@claim("parts computed in any order, even interrupted, merge to the bytes of an unbroken sweep")
def parts(bench):
    unbroken = bench.unbroken()
    for count in (1, 3, 9):  # nine parts of six blocks: some have nothing to do
        numbers = list(range(1, count + 1))
        random.Random(count).shuffle(numbers)
        for number in numbers:
            bench.run("sweep", "sweep.toml", "-o", "it.h5", "--part", f"{number}/{count}")
        out, _ = bench.run("merge", "it.h5")
        require("results in it.h5" in out, "merge should say what sweep says")
        require(bench.content("it.h5") == unbroken, f"{count} parts: other bytes")
        require(not (bench.folder / "it.h5.shards").exists(), "no shards should be left")
        (bench.folder / "it.h5").unlink()
    for text in ("0/3", "4/3", "1", "1/", "/3", "a/b", "1/3/5"):
        bench.run("sweep", "sweep.toml", "-o", "it.h5", "--part", text, expect=WRONG_INPUT)


@claim("merge refuses shards that are missing, there twice, damaged or of another study, and names each")
def merging(bench):
    bench.refuse("merge", "it.h5", says=["there are no shards"])
    for number in (1, 2, 3):
        bench.run("sweep", "sweep.toml", "-o", "it.h5", "--part", f"{number}/3")
    first, last = bench.shards()[0], bench.shards()[-1]
    content = last.read_bytes()
    last.unlink()
    bench.refuse("merge", "it.h5", says=["missing: 00000005.shard (members 2560 to 2899)"])
    last.write_bytes(content)
    copy = last.parent / first.name
    shutil.copy(first, copy)
    bench.refuse("merge", "it.h5", says=["there twice", str(first.relative_to(bench.folder)),
                                         str(copy.relative_to(bench.folder))])
    copy.unlink()
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 4
    last.write_bytes(flipped)
    bench.refuse("merge", "it.h5", says=["damaged", str(last.relative_to(bench.folder)), "checksum"])
    bench.run("sweep", "sweep.toml", "-o", "other.h5", "--part", "3/3", "--seed", "9")
    last.write_bytes(bench.shards("other.h5")[-1].read_bytes())
    bench.refuse("merge", "it.h5", says=["foreign", str(last.relative_to(bench.folder)), "another study"])
    last.unlink()
    bench.run("sweep", "sweep.toml", "-o", "it.h5", "--part", "3/3", "--resume")
    bench.run("merge", "it.h5")
    require(bench.content("it.h5") == bench.unbroken(), "other bytes")


@claim("a sweep of 100 000 members stays under 300 MB of memory")
def memory(bench):
    text = SWEEP.replace('every = "0.2 d"\nfluxes = true\n', 'keep = "summaries"\n').replace("2900", "100000")
    (bench.folder / "many.toml").write_text(text.replace("100 d", "10 d"))
    # From a fresh process: a child's peak begins with that of the process that makes it.
    measure = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, capture_output=True); " \
              "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    out, _ = bench.run("sweep", "many.toml", "-o", "many.h5", launcher=(sys.executable, "-c", measure))
    most = int(out) / 1024
    require(most < 300, f"it took {most:.0f} MB")
    return f"{most:.0f} MB"


@claim("a program without MPI refuses to be started several times at once")
def alone(bench):
    if bench.mpirun:
        return "not tried: this program has MPI"
    bench.environment["OMPI_COMM_WORLD_SIZE"] = "2"
    _, error = bench.run("sweep", "sweep.toml", "-o", "it.h5", expect=WRONG_INPUT)
    require("built without MPI" in error, f"it should say why: {error}")
    return None


@claim("1, 2 and 3 processes under mpirun give the bytes of one; killed, they leave shards to go on from")
def processes(bench):
    if not bench.mpirun:
        return "not tried: this program has no MPI"
    unbroken = bench.unbroken()
    for count in (1, 2, 3):
        bench.run("sweep", "sweep.toml", "-o", f"{count}.h5", launcher=(bench.mpirun, "--oversubscribe", "-n", str(count)))
        require(bench.content(f"{count}.h5") == unbroken, f"{count} processes: other bytes")
    bench.interrupt(signal.SIGKILL, bench.until_shards(2), launcher=(bench.mpirun, "--oversubscribe", "-n", "2"))
    require(bench.shards(), "closed shards should be left")
    time.sleep(1)  # the processes notice that mpirun is gone
    bench.run("sweep", "sweep.toml", "-o", "it.h5", "--resume", launcher=(bench.mpirun, "--oversubscribe", "-n", "3"))
    require(bench.content("it.h5") == unbroken, "other bytes after --resume")
    return None


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    program = str(pathlib.Path(sys.argv[1]).resolve())
    return 1 if check_claims(lambda folder: Sweeps(program, sys.argv[2] if sys.argv[2:] else None, folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
