#!/usr/bin/python3
"""Checks that a sampled posterior, by chains or by ABC, survives kills: what is resumed gives the bytes of an unbroken run.

    interrupted_chains.py PROGRAM

Runs PROGRAM in temporary folders; ends with 1 if a claim does not hold.
"""

import pathlib
import random
import signal
import sys
import time

from claims import Bench, check_claims, claim, kill, require

FILE_TROUBLE = 5

PROBLEM = """data = "mice.csv"
[[experiment]]
name = "cmo"
genotype = "cmo"
[[experiment]]
name = "lupo"
genotype = "lupo"
[observable.paw]
of = "swelling"
unit = "mm"
scale = "paw_scale"
noise = "normal"
spread = 0.2
[parameter]
pstpip2_gain = { from = 4, to = 20 }
paw_scale = { from = 0.3, to = 5 }
"""
DATA = """experiment,time [d],observable,value
cmo,60,paw,1.2
cmo,100,paw,3.0
lupo,80,paw,1.5
lupo,120,paw,2.4
"""
SAMPLE = ("sample", "mice.toml", "-o", "it.h5", "--starts", "2", "--steps", "600", "--thin", "5")
ABC = ("sample", "mice.toml", "-o", "it.h5", "--method", "abc", "--particles", "200", "--rounds", "6")
CELLS = ("sample", "injured_slice", "-o", "it.h5", "--particles", "20", "--rounds", "2")


class Chains(Bench):
    def __init__(self, program, folder):
        super().__init__(program, folder, OMP_WAIT_POLICY="passive")
        self.write("mice.toml", PROBLEM)
        self.write("mice.csv", DATA)

    def is_there(self, name):
        return (self.folder / name).exists()

    def unbroken(self, command):
        begin = time.monotonic()
        self.run(*command, "--threads", "1")
        content = self.content("it.h5")
        (self.folder / "it.h5").unlink()
        require(not list(self.folder.glob("it.h5*")), "a run that is over leaves nothing but its results")
        return content, time.monotonic() - begin


def kill_and_resume(bench, command, n_kills=10):
    unbroken, seconds = bench.unbroken(command)
    chance = random.Random(time.time_ns())
    kills = saved = finished = 0
    while kills < n_kills:
        process = bench.start(*command, "--resume", "--checkpoint", chance.choice(("0", "0.02", "0.1")), "--threads",
                              chance.choice(("1", "2")))
        time.sleep(chance.uniform(0, 0.5 * seconds))
        code, error = kill(process)
        require(code in (0, -signal.SIGKILL), f"it ended with {code}: {error}")
        kills += code != 0
        saved += bench.is_there("it.h5.checkpoint")
        if bench.is_there("it.h5"):
            require(bench.content("it.h5") == unbroken, f"other bytes after {kills} kills")
            finished += 1
            for path in bench.folder.glob("it.h5*"):
                path.unlink()
    bench.run(*command, "--resume")
    require(bench.content("it.h5") == unbroken, f"other bytes after {kills} kills")
    left = sorted(path.name for path in bench.folder.glob("it.h5?*"))
    require(not left, f"this is left behind: {left}")
    return f"{saved} of {kills} kills left a checkpoint; {finished} runs ended meanwhile"


@claim("chains killed at ten random moments and resumed, with other threads each time, give the bytes of an unbroken run")
def chains_killed(bench):
    return kill_and_resume(bench, SAMPLE)


@claim("so do rounds of ABC")
def rounds_killed(bench):
    return kill_and_resume(bench, ABC)


@claim("and those of cells")
def cells_killed(bench):
    return kill_and_resume(bench, CELLS, 3)


def keep_and_resume(bench, command, going_on):
    process = bench.start(*command, "--checkpoint", "0")
    for _ in range(5000):
        if bench.is_there("it.h5.checkpoint"):
            break
        time.sleep(0.002)
    code, error = kill(process, signal.SIGINT)
    require(code == 130 and "it.h5.checkpoint" in error and "--resume" in error, f"it should say how to go on: {error}")

    def refuse(*arguments, says):
        bench.refuse(*arguments, says=[says], expect=FILE_TROUBLE)

    refuse(*command, says="it.h5.checkpoint: holds a run that was interrupted")
    refuse(*command, "--resume", "--seed", "2", says="it.h5.checkpoint: is of another run")
    bench.write("mice.csv", DATA + "cmo,110,paw,3.1\n")
    refuse(*command, "--resume", says="it.h5.checkpoint: is of another run")
    bench.write("mice.csv", DATA)
    content = bytearray(bench.content("it.h5.checkpoint"))
    content[len(content) // 2] ^= 4
    (bench.folder / "it.h5.checkpoint").write_bytes(content)
    refuse(*command, "--resume", says="it.h5.checkpoint: is damaged")
    content[len(content) // 2] ^= 4
    (bench.folder / "it.h5.checkpoint").write_bytes(content)
    _, error = bench.run(*command, "--resume")
    require(f"it.h5.checkpoint: going on from {going_on}" in error, f"it should say where it goes on: {error}")
    resumed = bench.content("it.h5")
    bench.run(*command, "--force")
    require(bench.content("it.h5") == resumed, "other bytes")


@claim("Ctrl-C says how to go on; an interrupted chain is lost only with --force, and never taken for another one")
def chains_kept(bench):
    keep_and_resume(bench, SAMPLE, "step")


@claim("nor are interrupted rounds of ABC")
def rounds_kept(bench):
    keep_and_resume(bench, ABC, "simulation")


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    program = str(pathlib.Path(sys.argv[1]).resolve())
    return 1 if check_claims(lambda folder: Chains(program, folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
