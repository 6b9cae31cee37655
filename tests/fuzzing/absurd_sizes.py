#!/usr/bin/python3
"""Checks that what is too large is refused in plain words, with the sum that led to it, before memory or disk is touched.

    absurd_sizes.py PROGRAM

Asks PROGRAM for what no machine can do, with a limit on its memory that is soon reached. Ends with 1 if a claim does
not hold.
"""

import os
import pathlib
import re
import resource
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "validation"))

from claims import Bench, check_claims, claim, PLACE_OR_FILE_MESSAGE, require  # noqa: E402

WRONG_INPUT, FILE_TROUBLE = 2, 5
LITTLE = 700 << 20  # bytes of address space: enough for the program, its library and its threads
SWEEP = '[sweep]\nmethod = "random"\nsize = {}\nvary.cxcl1_half = {{ lognormal_cv = 0.1 }}\n'
TISSUE = 'model = "agents"\nend = "8 d"\nstart = "7 d"\n[tissue]\nwidth = "{0}"\ndepth = "{0}"\nheight = "{1}"\nvoxel = "5 um"\n'


SMALL = 4 << 20  # bytes of a file: a program that does begin must not fill the disk


def little_memory():
    resource.setrlimit(resource.RLIMIT_AS, (LITTLE, LITTLE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))


class Limits(Bench):
    message = PLACE_OR_FILE_MESSAGE

    def refuse_in(self, name, text, *arguments, says, expect=WRONG_INPUT):
        """`arguments` on a file with this text: one line, at once, and nothing left behind."""
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        before = set(self.folder.rglob("*"))
        self.refuse(*arguments, says=says, expect=expect, before=little_memory)
        left = set(self.folder.rglob("*")) - before - {self.folder / "results"}
        require(not left, f"{name} left {sorted(map(str, left))}")


@claim("a thousand million members are refused for the disk that they would fill, with the sum")
def members(bench):
    bench.refuse_in("a.toml", SWEEP.format(10**9), "sweep", "a.toml", "--threads", "1", expect=FILE_TROUBLE,
                    says=["GB of disk", "1000000000 member(s) of", "once as shards and once as results", "B are free"])
    bench.refuse_in("a.toml", SWEEP.format(10**9), "sweep", "a.toml", "--threads", "1", "--part", "1/3", expect=FILE_TROUBLE,
                    says=["GB of disk", "B are free"])
    bench.refuse_in("a.toml", SWEEP.format(10**12), "sweep", "a.toml", says=["from 1 to 1000000000"])
    bench.refuse_in("a.toml", SWEEP.format(10**30), "sweep", "a.toml", says=["not representable in 64 bits"])
    axes = "".join(f"vary.{name} = {{ from = 0.1, to = 0.9, count = 1000000 }}\n" for name in ("il10_competence", "cxcl1_half"))
    bench.refuse_in("a.toml", f'[sweep]\nmethod = "grid"\n{axes}', "check", "a.toml", says=["the grid is too large"])
    bench.refuse_in("a.toml", 'model = "agents"\n[sweep]\nmethod = "random"\nsize = 1000000000\nreplicates = 1000000\nvary.cxcl1_half = { lognormal_cv = 0.1 }\n',
                    "check", "a.toml", says=["the sweep is too large"])


@claim("a thousand million days, and output every minute, are refused")
def days(bench):
    bench.refuse_in("a.toml", 'end = "1e9 d"\n', "run", "a.toml", says=["times go up to 100000 d"])
    bench.refuse_in("a.toml", 'end = "90000 d"\noutput = { every = "1 min" }\n', "run", "a.toml", says=["too many output times"])
    bench.refuse_in("a.toml", 'end = "10000 d"\noutput = { every = "15 min", fluxes = true }\n', "run", "a.toml",
                    says=["of memory", "1 member(s) at once", "columns at", "are free"])


@claim("boxes of cells that do not fit into memory are refused, with the sum")
def voxels(bench):
    bench.refuse_in("a.toml", TISSUE.format("100 m", "100 m"), "run", "a.toml", says=["room for 2e+07 voxels"])
    bench.refuse_in("a.toml", TISSUE.format("2000 um", "500 um"), "run", "a.toml", says=["of memory", "1.6e+07 voxels of"])


@claim("children are refused where they do not fit into memory")
def children(bench):
    few = "[children]\nnumber = {}\n"
    bench.refuse_in("a.toml", few.format(10**9), "cohort", "a.toml", says=["from 1 to 10000000"])
    bench.refuse_in("a.toml", few.format(10**7), "cohort", "a.toml", says=["of memory", "10000000 children of"])
    bench.refuse_in("a.toml", few.format(5), "cohort", "a.toml", "--children", "1000000000", says=["10000000"])
    rules = "".join(f'[[arm.rule]]\nif = "vas >= 1"\nat = {i}\nstop = ["n"]\n' for i in range(1, 34))
    bench.refuse_in("a.toml", '[children]\nnumber = 5\nweight = 30\n[trial]\nfollow = "1 y"\n[[arm]]\nname = "a"\n'
                    '[[arm.course]]\nname = "n"\nregimen = "naproxen"\nfrom = 0\n' + rules, "check", "a.toml",
                    says=["33 rules", "room for 32"])


@claim("draws of a sample are refused where they do not fit into memory")
def draws(bench):
    (bench.folder / "d.csv").write_text("experiment,time [d],observable,value\nit,5,osteoclasts,1\n")
    bench.refuse_in("a.toml", 'data = "d.csv"\n[[experiment]]\nname = "it"\nmodel = "komarova2003"\nend = "50 d"\n[observable.osteoclasts]\n'
                    'noise = "lognormal"\nspread = 0.2\n[parameter]\nosteoclast_production = { from = 1, to = 9 }\n',
                    "sample", "a.toml", "--starts", "1", "--steps", "1000000000", "--thin", "1", says=["of memory", "draws of 2 numbers"])


@claim("TOML that is nested deeply, or whose names are endless, is refused at once")
def depths(bench):
    for text in ("a = " + "[" * 10**5, "a = " + "{a=" * 10**5, "a." * 10**5 + "b = 1", "[" + "a." * 10**5 + "b]",
                 "[[" + "a." * 10**5 + "b]]", "a = { " + "b . " * 10**5 + "c = 1 }", "'a'." * 10**5 + "b = 1"):
        bench.refuse_in("a.toml", text, "check", "a.toml", says=["a.toml:1:"])
    for text in ("k" * 10**6 + " = 1", "model = '" + "k" * 10**6 + "'", "[parameters]\n" + "k" * 10**6 + " = 1"):
        bench.refuse_in("a.toml", text, "check", "a.toml", says=["…"])
        error = bench.run("check", "a.toml", expect=WRONG_INPUT, before=little_memory)[1]
        require(len(error) < 4000, f"the message has {len(error)} letters")
    bench.refuse_in("a.toml", "".join(f'[[event]]\ninput = "sterile_injury"\nat = {8 + i * 1e-3}\nduration = "60 s"\nvalue = 1\n'
                                      for i in range(10**4)), "check", "a.toml", says=["10000 events", "room for 2000"])


@claim("texts without end are refused after 64 MB: a long line, a device, a pipe")
def endless(bench):
    long = bench.folder / "a.toml"
    with open(long, "wb") as file:
        file.truncate(5 << 30)  # a line of 5 GB, all of it holes
    bench.refuse("check", "a.toml", says=["64 MB"], expect=FILE_TROUBLE, before=little_memory)
    bench.refuse("check", "/dev/zero", says=["64 MB"], expect=FILE_TROUBLE, before=little_memory)
    os.remove(long)
    bench.refuse_in("a.toml", 'data = "/dev/zero"\n', "fit", "a.toml", says=["64 MB"], expect=FILE_TROUBLE)
    bench.refuse_in("a.toml", '[children]\nnumber = 5\nweight = 30\n[trial]\nfollow = "1 y"\n[[arm]]\nname = "a"\nevents = "/dev/zero"\n',
                    "check", "a.toml", says=["64 MB"], expect=FILE_TROUBLE)


@claim("tables of millions of cells are refused: in a line, and in lines")
def tables(bench):
    bench.write("a.toml", 'data = "a.csv"\n[[experiment]]\nname = "it"\nmodel = "komarova2003"\nend = "50 d"\n[observable.osteoclasts]\n'
                'noise = "lognormal"\nspread = 0.2\n[parameter]\nosteoclast_production = { from = 1, to = 9 }\n')
    for text in ("," * 10**7, "a\n" * 10**7):
        (bench.folder / "a.csv").write_text(text)
        bench.refuse("fit", "a.toml", says=["a.csv:", "room for 2 million cells"], expect=WRONG_INPUT)


@claim("what fits is still done in little memory")
def what_fits(bench):
    bench.write("a.toml", SWEEP.format(600).replace("[sweep]", 'output = { keep = "summaries" }\nend = "30 d"\n[sweep]'))
    bench.run("sweep", "a.toml", "--threads", "1", before=little_memory)
    require(re.search(r"The scenario is fine", bench.run("check", "a.toml", before=little_memory)[0]), "it is fine")


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    program = str(pathlib.Path(sys.argv[1]).resolve())
    return 1 if check_claims(lambda folder: Limits(program, folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
