#!/usr/bin/python3
"""Checks that runs of agents, and sweeps of their replicates, survive what happens to long computations: kills, Ctrl-C,
damaged files, full disks, two at once.

    interrupted_runs.py PROGRAM

Runs PROGRAM in temporary folders; ends with 1 if a claim does not hold.
"""

import os
import pathlib
import random
import re
import resource
import signal
import sys
import tempfile
import time

from claims import Bench, check_claims, claim, Complaint, FILE_MESSAGE, kill, require

WRONG_INPUT, FILE_TROUBLE = 2, 5

# An inflamed piece of bone, with an event on the way. Snapshots at the start and twenty times later.
TISSUE = """model = "agents"
genotype = "cmo"
start = "60 d"
end = "70 d"
[initial]
neutrophils = 30000
macrophages = 3000
osteoclasts = 1000
[[event]]
at = "66.3 d"
input = "anakinra"
value = "8 nM"
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
KNOWN = 100_000
# Shorter, in voxels so many that two threads share them.
FINE = TISSUE.replace("70 d", "63 d").replace("66.3 d", "61.3 d").replace('step = "300 s"', 'voxel = "10 um"\nstep = "300 s"', 1)
REPLICATES = TISSUE.replace("70 d", "64 d").replace("66.3 d", "61.3 d") + """[sweep]
method = "grid"
replicates = 3
vary.genotype = ["wild_type", "cmo"]
"""


def at_most(n_bytes):
    """Files of this process may not become longer: writing more fails, as on a full disk."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))
    return limit


class Tissues(Bench):
    def __init__(self, program, folder):
        # Threads that wait do not spin: on a busy machine that would take minutes.
        super().__init__(program, folder, OMP_WAIT_POLICY="passive")
        self.write("tissue.toml", TISSUE)
        self.write("replicates.toml", REPLICATES)

    def refuse(self, *arguments, says, expect=FILE_TROUBLE, **how):
        """The same, and it must change nothing."""
        def present():  # without what a killed run left and nobody could go on with
            return {name: content for name, content in self.files().items() if not name.endswith(".part")}

        before_it = present()
        super().refuse(*arguments, says=says, expect=expect, **how)
        changed = {name for name, _ in before_it.items() ^ present().items()}
        require(not changed, f"`{' '.join(arguments)}` should change nothing, but: {sorted(changed)}")

    def files(self):
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}

    def begin(self, *options, before=None):
        return self.start("run", "tissue.toml", "-o", "it.h5", *options, before=before)

    def wait_for(self, process, is_there):
        for _ in range(5000):
            if is_there() or process.poll() is not None:
                break
            time.sleep(0.002)
        if process.poll() is not None:
            raise Complaint(f"the run ended before it was interrupted: {process.communicate()}")
        require(is_there(), "it takes too long")

    def until_checkpoint(self, process, after=0):
        """Waits for a checkpoint that is newer than `after`; when that was."""
        self.wait_for(process, lambda: self.saved() > after)
        return self.saved()

    def saved(self):
        try:
            return (self.folder / "it.h5.checkpoint").stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def interrupted(self):
        """Leaves a run whose checkpoint knows of KNOWN bytes of snapshots."""
        process = self.begin("--checkpoint", "0.02")
        size = 0
        while size < KNOWN:
            self.wait_for(process, (self.folder / "it.h5.snapshots").exists)
            size = (self.folder / "it.h5.snapshots").stat().st_size
        self.until_checkpoint(process, self.until_checkpoint(process, self.saved()))
        kill(process, signal.SIGKILL)

    def unbroken(self):
        """What a run of the scenario leaves that nobody disturbs, by ending, and the seconds that it takes."""
        text = (self.folder / "tissue.toml").read_text()
        if text not in UNBROKEN:
            with tempfile.TemporaryDirectory(prefix="osteoflare_unbroken_") as folder:
                bench = Tissues(self.program, pathlib.Path(folder))
                bench.write("tissue.toml", text)
                begin = time.monotonic()
                bench.run("run", "tissue.toml", "-o", "it.h5", "--threads", "1")
                seconds = time.monotonic() - begin
                files = {name: content for name, content in bench.files().items() if name.startswith("it.")}
                require(sorted(files) == ["it.h5", "it.xdmf"], f"a run should leave results and XDMF, not {sorted(files)}")
                UNBROKEN[text] = {"h5": files["it.h5"], "xdmf": files["it.xdmf"], "seconds": seconds}
        return UNBROKEN[text]

    def require_unbroken(self, when):
        """The results are those of an unbroken run, and nothing else is left."""
        for ending in ("h5", "xdmf"):
            path = self.folder / f"it.{ending}"
            require(path.exists(), f"{when}: {path.name} is not there")
            require(path.read_bytes() == self.unbroken()[ending], f"{when}: other bytes in {path.name}")
        left = sorted(path.name for path in self.folder.glob("it.*") if path.suffix not in (".h5", ".xdmf"))
        require(not left, f"{when}: this is left behind: {left}")

    def clear(self):
        for path in self.folder.glob("it.*"):
            path.unlink()


UNBROKEN = {}  # by scenario
@claim("a run killed at random moments and resumed, with other threads each time, gives the bytes of an unbroken one")
def killed(bench):
    bench.write("tissue.toml", FINE)
    usual = bench.unbroken()["seconds"]
    chance = random.Random(time.time_ns())
    kills = finished = saved = 0
    while kills < 12:
        process = bench.begin("--resume", "--checkpoint", chance.choice(("0.02", "0.1")), "--threads",
                              chance.choice(("1", "2")))
        time.sleep(chance.uniform(0, 0.7 * usual))
        code, error = kill(process, signal.SIGKILL)
        require(code in (0, -signal.SIGKILL), f"it ended with {code}: {error}")
        kills += code != 0
        saved += bool(bench.saved())
        if (bench.folder / "it.h5").exists() and (bench.folder / "it.xdmf").exists() and not bench.saved():
            finished += 1
            bench.require_unbroken(f"after {kills} kills")
            bench.clear()
        elif (bench.folder / "it.h5").exists():
            bench.clear()  # killed when all was there and its checkpoint not yet gone
    bench.run("run", "tissue.toml", "-o", "it.h5", "--resume")
    bench.require_unbroken(f"after {kills} kills")
    return f"{saved} of {kills} kills left a checkpoint; {finished} runs ended meanwhile"


@claim("Ctrl-C and SIGTERM say how to go on and end with 130 and 143, and the run goes on from its checkpoint")
def interrupted(bench):
    for number, threads in ((signal.SIGINT, "2"), (signal.SIGTERM, "1")):
        process = bench.begin("--checkpoint", "0.02")
        bench.until_checkpoint(process, bench.until_checkpoint(process))
        code, error = kill(process, number)
        require(code == 128 + number, f"the exit code should be {128 + number}, not {code}: {error}")
        require(FILE_MESSAGE.fullmatch(error.strip()) and "it.h5: is not complete (interrupted)" in error
                and "it.h5.checkpoint" in error and "--resume" in error, f"it should say how to go on: {error}")
        require(not (bench.folder / "it.h5").exists(), "there should be no results yet")
        _, error = bench.run("run", "tissue.toml", "-o", "it.h5", "--resume", "--threads", threads)
        require(re.fullmatch(r"it\.h5\.checkpoint: going on from day [67]\d\.\d\d\n", error), f"it should say so: {error}")
        bench.require_unbroken(f"after signal {number}")
        bench.clear()


@claim("an interrupted run is lost only with --force; another scenario, seed or setting is not taken for it")
def kept(bench):
    bench.interrupted()
    bench.refuse("run", "tissue.toml", "-o", "it.h5", says=["it.h5.checkpoint: ", "--resume", "--force"])
    for other in (("--seed", "2"), ("--set", "il10_competence=0.5"), ("--genotype", "wild_type")):
        bench.refuse("run", "tissue.toml", "-o", "it.h5", "--resume", *other, says=["it.h5.checkpoint: is of another run"])
    bench.write("tissue.toml", TISSUE.replace('snapshots = "0.5 d"', 'snapshots = "0.25 d"'))
    bench.refuse("run", "tissue.toml", "-o", "it.h5", "--resume", says=["it.h5.checkpoint: is of another run"])
    bench.write("tissue.toml", TISSUE)
    process = bench.begin("--force", "--checkpoint", "1000")
    bench.wait_for(process, lambda: (bench.folder / "it.h5.snapshots").exists() and not bench.saved())
    kill(process, signal.SIGKILL)
    _, error = bench.run("run", "tissue.toml", "-o", "it.h5", "--resume")
    require(error == "", f"after --force there is nothing to go on with: {error}")
    bench.require_unbroken("after --force")


@claim("a checkpoint or snapshot that is damaged, cut off or gone is named and never used")
def damaged(bench):
    bench.interrupted()
    present = bench.files()
    chance = random.Random(time.time_ns())
    resume = ("run", "tissue.toml", "-o", "it.h5", "--resume")
    for name, says in (("it.h5.checkpoint", "it.h5.checkpoint: is damaged"),
                       ("it.h5.snapshots", "it.h5.snapshots: the snapshot of day 6")):
        path, content = bench.folder / name, present[name]
        # Snapshots behind those that the checkpoint knows of are nobody's business.
        end = len(content) if name.endswith("checkpoint") else KNOWN
        for cut in (0, 1, 30, end // 2, end - 1):
            path.write_bytes(content[:cut])
            bench.refuse(*resume, says=[says, "--force"])
        for _ in range(10):
            harmed = bytearray(content)
            harmed[chance.randrange(end)] ^= 1 << chance.randrange(8)
            path.write_bytes(harmed)
            bench.refuse(*resume, says=[says, "--force"])
        path.write_bytes(content)
    (bench.folder / "it.h5.checkpoint").write_bytes(present["it.h5.checkpoint"] + b"x")
    bench.refuse(*resume, says=["it.h5.checkpoint: is damaged"])
    (bench.folder / "it.h5.checkpoint").write_bytes(present["it.h5.checkpoint"])
    (bench.folder / "it.h5.snapshots").unlink()
    bench.refuse(*resume, says=["it.h5.snapshots: ", "No such file", "--force"])
    # What was written after the checkpoint does not count.
    (bench.folder / "it.h5.snapshots").write_bytes(present["it.h5.snapshots"] + b"later")
    bench.run(*resume)
    bench.require_unbroken("after damages were undone")


@claim("two runs do not share a results file, whatever they are told")
def locked(bench):
    process = bench.begin("--checkpoint", "0.02")
    bench.until_checkpoint(process)
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        for option in ((), ("--resume",), ("--force",), ("--resume", "--force")):
            bench.refuse("run", "tissue.toml", "-o", "it.h5", *option, says=["it.h5: ", "another run is writing"])
    finally:
        os.killpg(process.pid, signal.SIGCONT)
        process.communicate(timeout=300)
    require(process.returncode == 0, "the first run should not be disturbed")
    bench.require_unbroken("the first run")


@claim("existing results and descriptions stay as they are without --force, and results may have any name")
def names(bench):
    short = TISSUE.replace("70 d", "60.5 d").replace('at = "66.3 d"', 'at = "60.3 d"')
    bench.write("tissue.toml", short)
    bench.write("it.xdmf", "precious")
    bench.refuse("run", "tissue.toml", "-o", "it.h5", says=["it.xdmf: exists already", "--force"])
    bench.run("run", "tissue.toml", "-o", "it.h5", "--force")
    for option in ((), ("--resume",)):
        bench.refuse("run", "tissue.toml", "-o", "it.h5", "--seed", "2", *option, says=["it.h5: exists already"])
    results, description = bench.files()["it.h5"], bench.files()["it.xdmf"]
    for name in ("odd.xdmf", "odd.v1"):
        bench.run("run", "tissue.toml", "-o", name)
        require(bench.files()[name] == results, f"{name}: other bytes")
        beside = bench.files()[f"{name}.xdmf"]
        require(beside == description.replace(b"it.h5", name.encode()), f"{name}.xdmf: other bytes")
    bench.write("tissue.toml", short.replace('"0.5 d"\n', '"none"\n'))
    bench.run("run", "tissue.toml", "-o", "without.h5")
    require(not list(bench.folder.glob("without.[!h]*")), "without snapshots there is nothing to describe")


@claim("a disk that is full ends a run with 5 and a clear message; what was saved is whole, and the run can go on")
def full_disk(bench):
    chance = random.Random(time.time_ns())
    sizes = {ending: len(bench.unbroken()[ending]) for ending in ("h5", "xdmf")}
    bench.refuse("run", "tissue.toml", "-o", "it.h5", says=["File too large", "free some disk space"],
                 before=at_most(sizes["h5"] // 8))  # before anything was saved: nothing is left
    bench.interrupted()
    checkpoint = len(bench.files()["it.h5.checkpoint"])
    bench.clear()
    trouble = set()
    limits = [checkpoint // 2, sizes["h5"] - 1] + [chance.randrange(checkpoint // 2, sizes["h5"]) for _ in range(4)]
    for limit in limits:
        _, error = bench.run("run", "tissue.toml", "-o", "it.h5", "--resume", "--checkpoint", "0.02", expect=FILE_TROUBLE,
                             before=at_most(limit))
        message = error.splitlines()[-1]
        require(FILE_MESSAGE.fullmatch(message) and "(File too large); free some disk space" in message,
                f"at most {limit} bytes: it should say what is wrong, not:\n{error}")
        trouble.add(message.partition(":")[0])
        left = {name for name in bench.files() if name.startswith("it.")}
        require(left in (set(), {"it.h5.checkpoint", "it.h5.snapshots"}), f"at most {limit} bytes: this is left: {left}")
    bench.run("run", "tissue.toml", "-o", "it.h5", "--resume")
    bench.require_unbroken("with space again")
    return f"trouble with {', '.join(sorted(trouble))}"


@claim("a sweep of replicates writes the same bytes with 1 and 2 threads, and when it is killed and resumed")
def replicates(bench):
    bench.run("sweep", "replicates.toml", "-o", "one.h5", "--threads", "1")
    process = bench.start("sweep", "replicates.toml", "-o", "it.h5", "--threads", "2")
    bench.wait_for(process, lambda: list(bench.folder.glob("it.h5.shards/*.shard")))
    kill(process, signal.SIGKILL)
    _, error = bench.run("sweep", "replicates.toml", "-o", "it.h5", "--threads", "2", "--resume")
    require(re.search(r"[1-5] of 6 members are there", error), f"it should go on with the others: {error}")
    require(bench.files()["it.h5"] == bench.files()["one.h5"], "other bytes")
    require(not list(bench.folder.glob("it.h5.*")), "nothing should be left beside the file")


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    program = str(pathlib.Path(sys.argv[1]).resolve())
    return 1 if check_claims(lambda folder: Tissues(program, folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
