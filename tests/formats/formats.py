#!/usr/bin/python3
"""Checks that today's program does with files of every format what it does with its own.

    formats.py PROGRAM

Runs PROGRAM on the collections beside this script; ends with 1 if a claim does not hold. That their numbers are read as they
were written is the claim of formats_test.cpp.
"""

import pathlib
import re
import shutil
import sys
import xml.etree.ElementTree

import collect

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "validation"))
from claims import Bench, check_claims, claim, require  # noqa: E402

FORMATS = sorted((folder for folder in HERE.iterdir() if folder.name.isdigit()), key=lambda folder: int(folder.name))
FILES = [file for folder in FORMATS for file in sorted(folder.glob("*.h5"))]
WRONG_INPUT, FILE_TROUBLE = 2, 5
NOT_REPORTED = {"sobol", "morris", "local", "thresholds", "steady", "continue", "map", "fit", "profile", "sample", "abc", "cohort"}


def name_of(file):
    return f"{file.parent.name}/{file.name}"


def numbers_of(file, variable):
    """What the text beside a file says of a variable."""
    lines = file.with_suffix(".txt").read_text().splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith(f"{variable}:"))
    n = 1
    for size in lines[begin].split()[1:]:
        n *= int(size)
    values = " ".join(lines[begin + 1:begin + 1 + (n + 7) // 8]).split()
    return [float(value) for value in values]


@claim("every file is drawn")
def drawn(bench):
    for file in FILES:
        bench.run("plot", str(file), "-o", "picture.svg", "--force")
        picture = xml.etree.ElementTree.fromstring(bench.content("picture.svg"))
        require(len(list(picture.iter("{http://www.w3.org/2000/svg}path"))) > 3, f"{name_of(file)}: the picture is empty")
    return f"{len(FILES)} files"


@claim("runs, sweeps and trials have their pages, with the numbers that the text beside them has")
def reported(bench):
    for file in FILES:
        if file.stem.split("_")[-1] in NOT_REPORTED:
            continue
        bench.run("report", str(file), "-o", "page.html", "--force")
        page = bench.content("page.html").decode()
        require("</html>" in page, f"{name_of(file)}: the page has no end")
        if file.stem.endswith("run"):
            bone = numbers_of(file, "final_bone")[0]
            require(f"{100 * bone:.0f} % of bone is left" in page, f"{name_of(file)}: the page should tell of its bone, {bone}")


@claim("snapshots are filmed")
def filmed(bench):
    for folder in FORMATS:
        bench.run("film", str(folder / "agents.h5"), "--still", "still.png", "--force")
        require(bench.content("still.png").startswith(b"\x89PNG"), f"{folder.name}: a still should be a PNG")


@claim("profiles, predictions and trials go on from a fit and a sample")
def gone_on(bench):
    for name, text in collect.INPUTS.items():
        bench.write(name, text)
    for folder in FORMATS:
        bench.run("profile", "mice.toml", "--fit", str(folder / "fit.h5"), "-o", "profile.h5", "--force")
        bench.run("predict", str(folder / "sample.h5"), "run.toml", "--members", "3", "-o", "predict.h5", "--force")


@claim("shards of another program are left alone, with a word")
def shards(bench):
    bench.write("sweep.toml", collect.INPUTS["sweep.toml"])
    version, _ = bench.run("--version")
    for folder in FORMATS:
        commit = re.search("^@osteoflare_commit (.*)$", (folder / "run.txt").read_text(), re.MULTILINE)[1]
        if commit in version:  # the program that made them goes on from them
            continue
        there = bench.folder / "parts.h5.shards"
        shutil.rmtree(there, ignore_errors=True)
        shutil.copytree(folder / "parts.h5.shards", there)
        before = {file: file.read_bytes() for file in there.rglob("*") if file.is_file()}
        require(any(file.suffix == ".shard" for file in before), "the collection should have a shard")
        bench.refuse("sweep", "sweep.toml", "--part", "2/2", "--resume", "-o", "parts.h5", expect=FILE_TROUBLE,
                     says=["another study", "program differ"])
        after = {file: file.read_bytes() for file in there.rglob("*") if file.is_file()}
        require(before == after, f"{folder.name}: shards should be as they were")


@claim("scenarios, trials and problems may say their format; a later one is refused before anything else is read")
def written(bench):
    bench.write("mice.csv", collect.DATA)
    for name, kind, check in (("run.toml", "a scenario", ("check",)), ("trial.toml", "a trial", ("check",)),
                              ("mice.toml", "a problem", ("fit", "--likelihood"))):
        bench.write(name, "format = 1\n" + collect.INPUTS[name])
        bench.run(*check, name)
        bench.write(name, 'format = 2\nunheard_of = "yes"\n' + collect.INPUTS[name])
        _, error = bench.run(*check, name, expect=WRONG_INPUT)
        refusal = f"{name}:1:10: {kind} of format 2 (this Osteoflare knows formats up to 1); update Osteoflare\n"
        require(error == refusal, f"{name} should be refused in one line, not:\n{error}")


if __name__ == "__main__":
    sys.exit(1 if check_claims(lambda folder: Bench(sys.argv[1], folder)) else 0)
