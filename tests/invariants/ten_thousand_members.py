#!/usr/bin/python3
"""Compares a sweep's results, bit by bit, between all the ways in which it can be computed.

    ten_thousand_members.py PROGRAM [--members N] [--kills N] [--days N] [--other PROGRAM]... [--mpi PROGRAM MPIRUN]

The niche model, cmo, 15 parameters that differ, 20 changes of exposure, all states, read-outs and fluxes day by day.
Computed by PROGRAM with 1 and 2 threads, with every instruction set, killed (kill -9) at random moments and resumed, from
a list of the same members, and from that list in another order; by each OTHER, built otherwise; and by MPI's PROGRAM with 1,
2 and 3 processes. Prints a table and ends with 1 if one bit differs. Files lie in a temporary folder, 160 kB a member.
"""

import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import netCDF4
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
VARIED = ("cxcl1_half", "neutrophil_recruitment", "il1_neutrophil_survival", "damage_basal", "damage_neutrophil",
          "pstpip2_gain", "pro_il1b_neutrophil", "casp1_processing", "casp8_processing", "il10_macrophage", "tnf_macrophage",
          "priming_il1", "rankl_il1", "coupling", "marrow_adaptation_time")
WITHIN = {"il1_neutrophil_survival": "{ from = 0.2, to = 0.4 }"}  # a share: a lognormal could leave its range


def scenario(days, sweep):
    text = f'genotype = "cmo"\nstart = "7 d"\nend = "{7 + days} d"\n[output]\nevery = "1 d"\nfluxes = true\n'
    for dose in range(10):
        begin = 75 + 8 * dose
        if begin + 4 <= 7 + days:
            text += (f'[[event]]\nname = "dose_{dose}"\ninput = "anakinra"\nat = "{begin} d"\nvalue = 8000\n'
                     'duration = "4 d"\n')
    return text + "[sweep]\n" + sweep


def drawn(members):
    lines = [f"vary.{name} = {WITHIN.get(name, '{ lognormal_cv = 0.2 }')}" for name in VARIED]
    return "\n".join(['method = "random"', f"size = {members}", "seed = 7", *lines]) + "\n"


def listed(values, order):
    lines = [f"vary.{name} = [{', '.join(repr(float(x)) for x in values[name][order])}]" for name in VARIED]
    return "\n".join(['method = "list"', *lines]) + "\n"


def variables(group, prefix=""):
    for name, variable in group.variables.items():
        yield prefix + name, variable
    for name, inner in group.groups.items():
        yield from variables(inner, f"{prefix}{name}/")


def numbers(variable):
    variable.set_auto_maskandscale(False)
    return numpy.asarray(variable[...])


def bits_that_differ(reference, other, order=None):
    """How many numbers were compared and how many of their bits differ; `order` says which member of `reference` each
    member of `other` is."""
    compared = differing = 0
    with netCDF4.Dataset(reference) as left, netCDF4.Dataset(other) as right:
        theirs = dict(variables(right))
        for name, variable in variables(left):
            a, b = numbers(variable), numbers(theirs.pop(name))
            if order is not None and name != "member" and variable.dimensions[:1] == ("member",):
                a = a[order]
            if a.shape != b.shape or a.dtype != b.dtype:
                raise SystemExit(f"{other}: {name} is another kind of variable")
            compared += a.size
            if a.dtype == object:
                differing += int(numpy.count_nonzero(a != b))
            else:
                bits = numpy.frombuffer(a.tobytes(), numpy.uint8) ^ numpy.frombuffer(b.tobytes(), numpy.uint8)
                differing += int(numpy.unpackbits(bits[bits != 0]).sum())
        if theirs:
            raise SystemExit(f"{other}: has more variables: {', '.join(theirs)}")
    return compared, differing


def same_bytes(first, second):
    with open(first, "rb") as left, open(second, "rb") as right:
        while True:
            a, b = left.read(1 << 22), right.read(1 << 22)
            if a != b:
                return False
            if not a:
                return True


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder, self.failed, self.reference = program, folder, False, None
        self.environment = dict(os.environ, LC_ALL="C.UTF-8", OMPI_ALLOW_RUN_AS_ROOT="1",
                                OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        self.environment.setdefault("OSTEOFLARE_LIBRARY", str(ROOT / "scenarios" / "library"))
        self.environment.pop("OSTEOFLARE_INSTRUCTION_SET", None)
        print(f"{'computed':44} {'seconds':>8} {'numbers':>13} {'bits that differ':>17}  whole file", flush=True)

    def start(self, *arguments, program=None, launcher=(), instruction_set=None):
        environment = dict(self.environment)
        if instruction_set:
            environment["OSTEOFLARE_INSTRUCTION_SET"] = instruction_set
        return subprocess.Popen([*launcher, program or self.program, *arguments], cwd=self.folder, env=environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                start_new_session=True)

    def run(self, text, *arguments, output="other.h5", **how):
        """Runs a sweep to its end; its results file and the seconds that it took, or None where it cannot run."""
        begin = time.monotonic()
        process = self.start("sweep", text, "-o", output, *arguments, **how)
        out, error = process.communicate()
        if process.returncode == 2 and "cannot run here" in error:
            return None, 0
        if process.returncode != 0:
            raise SystemExit(f"{text} {arguments} {how} ended with {process.returncode}:\n{out}{error}")
        return self.folder / output, time.monotonic() - begin

    def row(self, what, file, seconds, reference=None, order=None):
        reference = reference or self.reference
        if file is None:
            print(f"{what:44} not on this machine", flush=True)
            return
        compared, differing = bits_that_differ(reference, file, order)
        whole = "equal" if same_bytes(reference, file) else "differs (provenance)" if order is None else "another order"
        print(f"{what:44} {seconds:8.1f} {compared:13} {differing:17}  {whole}", flush=True)
        self.failed = self.failed or differing > 0
        file.unlink()

    def killed_and_resumed(self, text, kills, usual):
        chance = random.Random()
        begin = time.monotonic()
        finished = held = 0
        for _ in range(kills):
            process = self.start("sweep", text, "-o", "other.h5", "--threads", "2", "--resume")
            time.sleep(chance.uniform(0, min(1.2 * usual, 3 * usual / kills)))
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            held += any((self.folder / "other.h5.shards").glob("*.shard"))
            if (self.folder / "other.h5").exists():  # it was finished before: once more from the beginning
                finished += 1
                (self.folder / "other.h5").unlink()
                shutil.rmtree(self.folder / "other.h5.shards", ignore_errors=True)
        file, _ = self.run(text, "--resume")
        left = f"{held} left shards" + (f", {finished} came too late" if finished else "")
        return f"killed {kills} times ({left})", file, time.monotonic() - begin


def compare(bench, options):
    (bench.folder / "drawn.toml").write_text(scenario(options.days, drawn(options.members)))
    bench.reference, seconds = bench.run("drawn.toml", "--threads", "2", output="reference.h5")
    with netCDF4.Dataset(bench.reference) as file:
        done = int(numpy.count_nonzero(numbers(file["status"]) == 0))
    print(f"{'2 threads (the reference)':44} {seconds:8.1f}   {options.members} members, {done} complete", flush=True)
    usual = seconds

    bench.row("1 thread", *bench.run("drawn.toml", "--threads", "1"))
    for instruction_set in ("avx512", "avx2", "portable"):
        bench.row(instruction_set, *bench.run("drawn.toml", "--threads", "2", instruction_set=instruction_set))
    bench.row(*bench.killed_and_resumed("drawn.toml", options.kills, usual))

    with netCDF4.Dataset(bench.reference) as file:
        values = {name: numbers(file["parameter"][name]) for name in VARIED}
    order = numpy.arange(options.members)
    (bench.folder / "drawn_listed.toml").write_text(scenario(options.days, listed(values, order)))
    bench.row("a list of the same members", *bench.run("drawn_listed.toml"))
    numpy.random.default_rng().shuffle(order)
    (bench.folder / "reordered.toml").write_text(scenario(options.days, listed(values, order)))
    bench.row("the list in another order", *bench.run("reordered.toml"), order=order)

    for other in options.other:
        bench.row(f"by {other}", *bench.run("drawn.toml", program=str(pathlib.Path(other).resolve())))
    if options.mpi:
        program, mpirun = options.mpi
        for count in ("1", "2", "3"):
            bench.row(f"{count} processes under mpirun",
                      *bench.run("drawn.toml", "--threads", "1", program=str(pathlib.Path(program).resolve()),
                                 launcher=(mpirun, "--oversubscribe", "-n", count)))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--days", type=int, default=200)
    parser.add_argument("--other", action="append", default=[])
    parser.add_argument("--mpi", nargs=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="osteoflare_members_") as folder:
        bench = Bench(str(pathlib.Path(options.program).resolve()), pathlib.Path(folder))
        compare(bench, options)
    print("bits differ" if bench.failed else "0 bits differ")
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
