#!/usr/bin/python3
"""Checks that the program does what docs/reference/command_line.md says, as people meet it.

    command_line.py PROGRAM
    command_line.py PROGRAM --quick    leaves out the examples that take longest

Runs PROGRAM in temporary folders; ends with 1 if a claim does not hold.
"""

import base64
import hashlib
import json
import os
import pathlib
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree

from claims import check_claims, claim, Complaint, require

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "scenarios" / "library"
WRONG_INPUT, NUMERICAL_FAILURE, PARTLY_FAILED, FILE_TROUBLE = 2, 3, 4, 5
SLOW_EXAMPLES = {"sweep", "merge", "film"}  # a sweep and a run in space take too long for a test
VERBS = ("run", "sweep", "merge", "phenotypes", "list", "show", "check", "plot", "steady", "continue", "film", "fit", "profile",
         "sample", "predict", "sensitivity", "thresholds", "export", "patient")

PLACE_MESSAGE = re.compile(r"(?P<file>[^:]+):(?P<line>[1-9]\d*):(?P<column>[1-9]\d*): \S.* \(\S.*\); \S.*")
FILE_MESSAGE = re.compile(r"(?P<file>[^:]+): \S.* \(\S.*\); \S.*")

SHORT = 'title = "Short"\nend = "12 d"\n[output]\nevery = "1 d"\nvariables = ["il1b", "bone"]\n'
CHILDREN = 'title = "Ten children"\n[children]\nnumber = 10\n'
DRAWN = '[sweep]\nmethod = "random"\nsize = 20\nseed = 1\nvary.cxcl1_half = { lognormal_cv = 0.1 }\n'


class Done:
    """What a finished command left behind."""

    def __init__(self, command, result):
        self.code, self.out, self.error = result.returncode, result.stdout, result.stderr
        self.text = (f"`{command}` ended with {self.code}, printed:\n{self.out or '(nothing)'}"
                     f"\non standard error:\n{self.error or '(nothing)'}")

    def require(self, condition, what):
        require(condition, f"{what}: {self.text}")


class Bench:
    """A temporary folder in which the program runs."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.environment = dict(os.environ, LC_ALL="C.UTF-8")
        self.environment.setdefault("OSTEOFLARE_LIBRARY", str(LIBRARY))

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def files(self):
        return {str(path.relative_to(self.folder)): path.read_bytes() if path.is_file() else None
                for path in sorted(self.folder.rglob("*"))}

    def start(self, *arguments):
        return subprocess.Popen([self.program, *arguments], cwd=self.folder, env=self.environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def run(self, *arguments, expect=0, before=None, **environment):
        result = subprocess.run([self.program, *arguments], cwd=self.folder, env=self.environment | environment,
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, preexec_fn=before,
                                check=False)
        done = Done(shlex.join(["osteoflare", *arguments]), result)
        done.require(done.code == expect, f"the exit code should be {expect}")
        if expect in (WRONG_INPUT, FILE_TROUBLE):
            pattern = PLACE_MESSAGE if expect == WRONG_INPUT else FILE_MESSAGE
            done.require(done.error.count("\n") == 1 and pattern.fullmatch(done.error.rstrip("\n")),
                         "standard error should be one line in the grammar of messages")
            done.require(done.out == "", "standard output should be empty")
        return done

    def refuse(self, *arguments, expect, says, at=None, **options):
        """Runs what must be refused with a message that holds `says`, at "line:column", and leave no trace."""
        before = self.files()
        done = self.run(*arguments, expect=expect, **options)
        done.require(says in done.error, f"the message should say “{says}”")
        if at:
            place = PLACE_MESSAGE.fullmatch(done.error.rstrip("\n"))
            done.require(f"{place['line']}:{place['column']}" == at, f"the message should point at {at}")
        changed = {name for name, content in self.files().items() if before.get(name, b"?") != content}
        changed |= before.keys() - self.files().keys()
        done.require(not changed, f"nothing should be left behind or changed, but: {sorted(changed)}")
        return done


# Wrong input ---------------------------------------------------------------------------------------------------------

# text of a scenario, what the message must say, where it must point
WRONG_SCENARIOS = {
    "not TOML": ('title = "x\n', "this is not TOML", None),
    "a key twice": ('title = "x"\ntitle = "y"\n', "this is not TOML", None),
    "not UTF-8": (b'title = "\xff\xfe"\n', "this is not TOML", None),
    "an unknown key": ('titel = "x"\n', "did you mean 'title'?", "1:1"),
    "an unknown key in a table": ("[output]\nevry = 1\n", "did you mean 'every'?", "2:1"),
    "a text for a number": ('[parameters]\nil10_competence = "much"\n', "'much' is not a number", "2:19"),
    "a number for a text": ("genotype = 3\n", "a text is needed", "1:12"),
    "no number at all": ("[parameters]\nil10_competence = inf\n", "is not a finite number", "2:19"),
    "an unknown unit": ('end = "150 dys"\n', "did you mean 'days'?", "1:7"),
    "a unit of another dimension": ('end = "150 pM"\n', "has the wrong dimension", "1:7"),
    "a value out of range": ("[parameters]\nil10_competence = 200\n", "it must be from 0 to 10", "2:19"),
    "an unknown model": ('model = "nich"\n', "did you mean 'niche'?", "1:9"),
    "an unknown genotype": ('genotype = "cmoo"\n', "did you mean 'cmo'?", "1:12"),
    "an unknown parameter": ("[parameters]\nil1b_clearence = 50\n", "did you mean 'il1b_clearance'?", None),
    "an input among parameters": ("[parameters]\nanakinra = 8000\n", "it is an input of the model niche", None),
    "an unknown variable": ('[output]\nvariables = ["swellin"]\n', "did you mean 'swelling'?", "2:14"),
    "an unknown start": ("[initial]\nneutrophil = 3\n", "did you mean 'neutrophils'?", None),
    "an end before the start": ('start = "30 d"\nend = "20 d"\n', "it starts on day 30", "2:7"),
    "a genotype of a model without": ('model = "lemaire2004"\ngenotype = "cmo"\n', "has none", "2:12"),
    "an unknown event input": ('[[event]]\nat = 70\ninput = "injury"\nvalue = 20\n', "unknown input 'injury'", "3:9"),
    "an event without a value": ('[[event]]\nat = 70\ninput = "sterile_injury"\n', "'event.value' is missing", None),
    "an event after the end": ('[[event]]\nat = 700\ninput = "sterile_injury"\nvalue = 20\n', "outside the run", None),
    "an unknown treatment": ('[[treatment]]\nname = "anakira"\nfrom = 70\n', "did you mean 'anakinra'?", "2:8"),
    "a treatment that is refused": ('[[treatment]]\nname = "denosumab"\nfrom = 70\n',
                                    "denosumab does not bind mouse RANKL); use 'opg_fc'", "2:8"),
    "a treatment without exposure": ('[[treatment]]\nname = "opg_fc"\nfrom = 70\n', "needs an exposure", None),
    "overlapping treatments": ('[[treatment]]\nname = "anakinra"\nfrom = 70\n[[treatment]]\nname = "anakinra"\nfrom = 80\n',
                               "both set anakinra on day 80", "4:1"),
    "an unknown method": ('[numerics]\nmethod = "euler"\n', "unknown method 'euler'", "2:10"),
    "a useless tolerance": ("[numerics]\nrelative_tolerance = 0.1\n", "choose from 1e-13 to 1e-2", "2:22"),
    "too many outputs": ('[output]\nevery = "1 s"\n', "too many output times", "2:9"),
    "an unknown choice of output": ('[output]\nkeep = "summary"\n', "did you mean 'summaries'?", "2:8"),
    "an unknown precision": ('[output]\nprecision = "float23"\n', "did you mean 'float32'?", "2:13"),
    "output times without courses": ('[output]\nkeep = "summaries"\nevery = 2\n', "'every' has no meaning here", "3:9"),
    "precision without courses": ('[output]\nkeep = "summaries"\nprecision = "float32"\n', "has no meaning here", "3:13"),
    "an unknown base": ('[define.genotype.x]\ntitle = "x"\nbased_on = "cmmo"\n', "did you mean 'cmo'?", "3:12"),
    "an unknown claim": ('[observed]\ntext = "x"\nfirmness = "A"\nclaims = [ { expect = "as_cmmo", firmness = "A" } ]\n',
                         "did you mean 'as_cmo'?", "4:23"),
}
WRONG_SWEEPS = {
    "an unknown sweep method": ('[sweep]\nmethod = "gird"\nvary.cxcl1_half = [1, 2]\n', "did you mean 'grid'?", "2:10"),
    "a sweep over nothing": ('[sweep]\nmethod = "grid"\n', "the sweep is empty", None),
    "a sweep without size": ('[sweep]\nmethod = "random"\nvary.cxcl1_half = { from = 1, to = 2 }\n', "has no size", None),
    "lists of two lengths": ('[sweep]\nmethod = "list"\nvary.cxcl1_half = [1, 2]\nvary.ccl2_half = [1, 2, 3]\n',
                             "give lists of one length", "4:18"),
    "a swept value out of range": ('[sweep]\nmethod = "grid"\nvary.pstpip2_il1b = [0, 2]\n', "out of range", "3:25"),
    "an unknown swept name": ('[sweep]\nmethod = "grid"\nvary.cxcl1_haf = [1, 2]\n', "did you mean 'cxcl1_half'?", None),
    "no sweep": ("", "the scenario has no [sweep]", "1:1"),
}


@claim("each kind of wrong scenario is refused in one line with its place, exit code 2, and leaves nothing behind")
def wrong_scenarios(bench):
    for verb, cases in (("run", WRONG_SCENARIOS), ("sweep", WRONG_SWEEPS)):
        for kind, (text, says, at) in cases.items():
            bench.write("wrong.toml", text)
            try:
                done = bench.refuse(verb, "wrong.toml", expect=WRONG_INPUT, says=says, at=at)
                done.require(done.error.startswith("wrong.toml:"), "the message should begin with the file")
                if kind != "no sweep":
                    checked = bench.refuse("check", "wrong.toml", expect=WRONG_INPUT, says=says, at=at)
                    checked.require(checked.error == done.error, f"check should say the same as {verb}")
            except Complaint as complaint:
                raise Complaint(f"{kind}: {complaint}") from None


@claim("wrong input does not touch an existing results file, even with --force")
def wrong_input_and_force(bench):
    bench.write("short.toml", SHORT)
    bench.run("run", "short.toml", "-o", "short.h5")
    bench.write("wrong.toml", SHORT + "[parameters]\nil10_competence = 200\n")
    bench.refuse("run", "wrong.toml", "-o", "short.h5", "--force", expect=WRONG_INPUT, says="out of range")


@claim("each kind of wrong command line is refused in one line, exit code 2, and leaves nothing behind")
def wrong_command_lines(bench):
    bench.write("short.toml", SHORT)
    bench.write("children.toml", CHILDREN)
    for arguments, says in {
        (): "command line:1:1:",
        ("fly",): "command line:1:1:",
        ("run",): "SCENARIO",
        ("run", "short.toml", "--fast"): "--fast",
        ("run", "short.toml", "short.toml"): "short.toml",
        ("run", "short.toml", "--threads", "0"): "--threads",
        ("run", "short.toml", "--threads", "many"): "--threads",
        ("run", "short.toml", "--seed", "3"): "--seed",
        ("sweep", "short.toml", "--seed", "abc"): "--seed",
        ("run", "short.toml", "--set", "il10_competence"): "is no assignment",
        ("run", "short.toml", "--set", "il10_competense=1"): "did you mean 'il10_competence'?",
        ("run", "short.toml", "--set", "il10_competence=200"): "it must be from 0 to 10",
        ("run", "short.toml", "--set", "il10_competence=1 nM"): "has the wrong dimension",
        ("run", "short.toml", "--genotype", "cmoo"): "did you mean 'cmo'?",
        ("run", "injury_threshhold"): "did you mean 'injury_threshold'?",
        ("check", "lemaire_addpth", "--genotype", "cmo"): "has none",
        ("list",): "KIND",
        ("list", "mice"): "mice",
        ("list", "parameters", "--model", "nich"): "did you mean 'niche'?",
        ("list", "parameters", "--json", "--markdown"): "--markdown",
        ("show", "cmoo"): "did you mean 'cmo'?",
        ("sweep", "short.toml", "--part", "1/3"): "the scenario has no [sweep]",
        ("sweep", "cohort", "--part", "17/16"): "'17/16' is no part",
        ("run", "short.toml", "--resume"): "--resume",
        ("merge",): "FILE",
        ("plot",): "FILE",
        ("film",): "FILE",
        ("film", "short.h5", "--days", "soon"): "--days",
        ("film", "short.h5", "--still", "a.png", "-o", "a_film"): "--still",
        ("sensitivity",): "SCENARIO",
        ("sensitivity", "short.toml"): "no [sweep] that varies something",
        ("sensitivity", "cohort", "--method", "morris"): "a list has no direction",
        ("sensitivity", "cohort", "--method", "guess"): "--method",
        ("sensitivity", "cohort", "--size", "100"): "use --size 256",
        ("sensitivity", "what_matters", "--of", "bon"): "did you mean 'bone'?",
        ("sensitivity", "what_matters", "--method", "local", "--size", "512"): "--size with --method local",
        ("sensitivity", "what_matters", "--at", "60"): "--at with --method sobol",
        ("sensitivity", "what_matters", "--method", "local", "--at", "200"): "the run goes from day 7 to 150",
        ("patient",): "TRIAL",
        ("patient", "children.toml", "--child", "10"): "choose one from 0 to 9",
        ("patient", "children.toml", "--child", "one"): "--child",
        ("patient", "no_such_trial"): "no_such_trial",
        ("export", "--sbml"): "NAME",
        ("export", "niche"): "--sbml",
        ("export", "niche", "--sbml", "--latex"): "--sbml",
        ("export", "nich", "--sbml"): "did you mean 'niche'?",
        ("export", "injury_threshhold", "--sbml"): "did you mean 'injury_threshold'?",
        ("export", "niche", "--sbml", "--genotype", "cmoo"): "did you mean 'cmo'?",
        ("export", "lemaire2004", "--latex", "--genotype", "cmo"): "has none",
        ("export", "niche", "--sbml", "--set", "il10_competence=200"): "it must be from 0 to 10",
    }.items():
        bench.refuse(*arguments, expect=WRONG_INPUT, says=says)


@claim("a mistake in the library is refused with the library's file and place")
def wrong_library(bench):
    shutil.copytree(LIBRARY, bench.folder / "library")
    bench.write("library/genotypes/mine.toml", '[genotype.mine]\ntitle = "x"\nbased_on = "cmmo"\n')
    done = bench.refuse("run", "quickstart", expect=WRONG_INPUT, says="did you mean 'cmo'?", at="3:12",
                        OSTEOFLARE_LIBRARY="library")
    done.require(done.error.startswith("library/genotypes/mine.toml:"), "the message should begin with the file")


# File trouble --------------------------------------------------------------------------------------------------------

@claim("trouble with files is told in one line that begins with the file, exit code 5, and leaves nothing behind")
def file_trouble(bench):
    bench.write("short.toml", SHORT)
    bench.write("a_file", "")
    (bench.folder / "a_folder").mkdir()
    os.mkfifo(bench.folder / "a_pipe")
    for arguments, file in {
        ("run", "nothing.toml"): "nothing.toml",
        ("run", "no/folder/nothing"): "no/folder/nothing",
        ("check", "a_folder/"): "a_folder/",
        ("run", "short.toml", "-o", "nowhere/short.h5"): "nowhere/short.h5",
        ("run", "short.toml", "-o", "a_file/short.h5"): "a_file/short.h5",
        ("run", "short.toml", "-o", "a_folder"): "a_folder",
        ("run", "short.toml", "-o", "a_pipe", "--force"): "a_pipe",
        ("merge", "nothing.h5"): "nothing.h5.shards",
        ("plot", "nothing.h5"): "nothing.h5",
        ("plot", "a_folder"): "a_folder",
        ("plot", "short.toml"): "short.toml",
        ("plot", "a_file"): "a_file",
        ("film", "nothing.h5"): "nothing.h5",
        ("film", "a_file"): "a_file",
        ("export", "nothing.toml", "--sbml"): "nothing.toml",
        ("export", "niche", "--sbml", "-o", "nowhere/niche.xml"): "nowhere/niche.xml",
        ("export", "niche", "--latex", "-o", "a_folder"): "a_folder",
    }.items():
        done = bench.refuse(*arguments, expect=FILE_TROUBLE, says=f"{file}: ")
        done.require(done.error.startswith(file), "the message should begin with the file")
    bench.refuse("list", "genotypes", expect=FILE_TROUBLE, says="OSTEOFLARE_LIBRARY", OSTEOFLARE_LIBRARY="nowhere")


@claim("where no results folder can be made, the program says so")
def no_results_folder(bench):
    bench.write("short.toml", SHORT)
    bench.write("results", "a file, not a folder")
    bench.refuse("run", "short.toml", expect=FILE_TROUBLE, says="choose a file with -o")


@claim("a folder that must not be written to is left as it is")
def unwritable_folder(bench):
    bench.write("short.toml", SHORT)
    locked = bench.folder / "locked"
    locked.mkdir(mode=0o555)
    if os.access(locked, os.W_OK):
        return "not tried: this user can write everywhere"
    try:
        bench.refuse("run", "short.toml", "-o", "locked/short.h5", expect=FILE_TROUBLE, says="locked/short.h5")
    finally:
        locked.chmod(0o755)


@claim("a disk that is full ends a run with exit code 5 and without half a file")
def full_disk(bench):
    bench.write("short.toml", SHORT + DRAWN)

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing more then fails as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    bench.refuse("run", "short.toml", "-o", "short.h5", expect=FILE_TROUBLE, says="short.h5", before=limit)


@claim("existing results stay byte-identical without --force and are replaced with it")
def no_overwriting(bench):
    bench.write("short.toml", SHORT)
    bench.run("run", "short.toml")
    bench.refuse("run", "short.toml", "--genotype", "cmo", expect=FILE_TROUBLE, says="exists already")
    bench.refuse("run", "short.toml", "-o", "results/short.h5", expect=FILE_TROUBLE, says="exists already")
    before = (bench.folder / "results/short.h5").read_bytes()
    bench.run("run", "short.toml", "--genotype", "cmo", "--force")
    require((bench.folder / "results/short.h5").read_bytes() != before, "--force should replace the file")
    require(sorted(bench.files()) == ["results", "results/short.h5", "short.toml"], "one file should be left")


def wait_for(path, process):
    for _ in range(3000):
        if path.exists():
            return
        require(process.poll() is None, f"the run ended before {path.name} was there")
        time.sleep(0.01)
    raise Complaint(f"{path.name} did not appear")


@claim("a killed run leaves no file under the results' name and is no obstacle; two runs do not share a file")
def killed_run(bench):
    bench.write("long.toml", SHORT.replace("12 d", "150 d") + DRAWN.replace("20", "100000"))
    bench.write("short.toml", SHORT)
    long = bench.start("sweep", "long.toml", "-o", "same.h5")
    try:
        wait_for(bench.folder / "same.h5.part", long)
        bench.run("run", "short.toml", "-o", "same.h5", expect=FILE_TROUBLE).require(
            long.poll() is None, "the second run should not end the first")
    finally:
        os.killpg(long.pid, signal.SIGKILL)
        long.wait()
    require(not (bench.folder / "same.h5").exists(), "a killed run should leave no file of that name")
    bench.run("run", "short.toml", "-o", "same.h5")
    require(sorted(bench.files()) == ["long.toml", "same.h5", "short.toml"], "no .part should be left")


# Failing members -----------------------------------------------------------------------------------------------------

FAILING = SHORT + '[sweep]\nmethod = "list"\nvary.neutrophil_recruitment = [{}]\n'


@claim("a sweep with a failing member says how many failed, keeps the others and ends with 4; if all fail, with 3")
def failing_members(bench):
    bench.write("some.toml", FAILING.format("59400, 1e308, 59400"))
    bench.write("all.toml", FAILING.format("1e308, 1e308"))
    some = bench.run("sweep", "some.toml", expect=PARTLY_FAILED)
    some.require("1 of 3 members failed" in some.out, "it should say how many failed")
    some.require("wild_type: 0 of 2 fall ill" in some.out, "it should describe the others")
    every = bench.run("sweep", "all.toml", expect=NUMERICAL_FAILURE)
    every.require("2 of 2 members failed" in every.out, "it should say how many failed")
    one = bench.run("run", "all.toml", "--set", "neutrophil_recruitment=1e308", "-o", "one.h5", expect=NUMERICAL_FAILURE)
    one.require("1 of 1 members failed" in one.out, "it should say how many failed")
    for name in ("results/some.h5", "results/all.h5", "one.h5"):
        require((bench.folder / name).exists(), f"{name} should be there: a failed member is data")
    require(not [name for name in bench.files() if name.endswith(".part")], "no .part should be left")


# What is printed -----------------------------------------------------------------------------------------------------

@claim("run and sweep say in words what happened, and where the results are")
def words(bench):
    run = bench.run("run", "anakinra_after_onset", "--set", "il10_competence=0.5", "-o", "mine.h5")
    lines = run.out.splitlines()
    run.require(lines[0] == "Anakinra after onset" and lines[-1] == "results in mine.h5", "title first, file last")
    animal = next((line for line in lines if line.startswith("  cmo: falls ill on day 41.2; ")), "")
    run.require(all(word in animal for word in ("swelling", "osteoclasts", "% ", "bone")), "one line describes the animal")
    run.require(run.error == "", "one animal needs no progress")
    bench.write("few.toml", SHORT + DRAWN)
    few = bench.run("sweep", "few.toml")
    few.require("  wild_type: 0 of 20 fall ill; " in few.out, "one line should describe the animals")
    few.require("20 of 20 members, " in few.error and "0 failed" in few.error, "progress belongs on standard error")


@claim("check prints the expanded schedule with units, what is recorded and the members, and writes nothing")
def check(bench):
    bench.write("mine.toml", 'title = "Mine"\nquestion = "What then?"\ngenotype = "cmo"\nend = "200 d"\n'
                             '[[event]]\nname = "injury"\nat = "10 weeks"\ninput = "sterile_injury"\nvalue = 20\n'
                             'duration = "36 h"\n[[treatment]]\nname = "anakinra"\nexposure = "8 nM"\nfrom = "75 d"\n'
                             'until = "135 d"\n[output]\nevery = "0.5 d"\nvariables = ["il1b"]\n' + DRAWN)
    before = bench.files()
    done = bench.run("check", "mine.toml")
    for line in ("Mine", "question   What then?", "schedule of member 0",
                 "  day       7  start",
                 "  day      21  weaning_tone: 0.15 -> 1  (weaning)",
                 "  day      70  sterile_injury: 0 -> 20 1/d  (injury)",
                 "  day    71.5  sterile_injury: 20 -> 0 1/d  (back to its base)",
                 "  day      75  anakinra: 0 -> 8000 pM  (anakinra (recombinant IL-1Ra))",
                 "  day     135  anakinra: 8000 -> 0 pM  (back to its base)",
                 "  day     200  end",
                 "varies     cxcl1_half [pM]"):
        done.require(line in done.out.splitlines(), f"it should print “{line}”")
    done.require(re.search(r"^members    20, ", done.out, re.MULTILINE), "it should count the members")
    done.require(bench.files() == before, "it should write nothing")
    for scenario in sorted(LIBRARY.glob("scenarios/*.toml")):
        bench.run("check", scenario.stem)


def markdown_names(table):
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


LISTED = {
    "scenarios": {"name", "model", "title", "question"},
    "genotypes": {"name", "title", "parameters", "observed", "firmness", "source"},
    "treatments": {"name", "title", "inputs", "exposure", "source"},
    "models": {"name", "title", "species", "parameters", "source"},
    "parameters": {"name", "symbol", "value", "unit", "range", "origin", "meaning"},
    "inputs": {"name", "symbol", "value", "unit", "range", "origin", "meaning"},
    "species": {"name", "symbol", "value", "unit", "range", "origin", "meaning"},
    "readouts": {"name", "symbol", "unit", "meaning"},
    "fluxes": {"name", "symbol", "unit", "meaning"},
    "intermediates": {"name", "symbol", "unit", "meaning"},
    "problems": {"name", "model", "title", "question"},
    "trials": {"name", "children", "arms", "title", "question"},
    "sites": {"name", "trigger_share", "volume_share", "origin"},
    "population": {"name", "symbol", "value", "unit", "range", "origin", "meaning"},
    "regimens": {"name", "drug", "dose", "route", "every", "length", "title", "sources"},
    "drugs": {"name", "routes", "dose_in", "enters", "infusion", "acts_as"},
}
OF_MODELS = {"parameters", "inputs", "species", "readouts", "fluxes", "intermediates"}
NOT_FOR_CARE = "For research and teaching, never for the care of a person.\n"


@claim("every list is the same in columns, JSON and Markdown, and JSON has its fields; every name in it can be shown")
def lists(bench):
    for kind, fields in LISTED.items():
        for model in ("niche", "lemaire2004", "komarova2003", "patient") if kind in OF_MODELS else ("niche",):
            options = ("list", kind, "--model", model)
            rows = json.loads(bench.run(*options, "--json").out)
            names = [row["name"] for row in rows]
            for row in rows:
                require(fields <= row.keys(), f"list {kind} --json: {row} has not the fields {sorted(fields)}")
                require("value" not in fields or isinstance(row["value"], (int, float)), f"{row}: value is no number")
                require("origin" not in fields or row["origin"], f"{row}: no origin")
                require("unit" not in fields or row["unit"], f"{row}: no unit")
            require(len(set(names)) == len(names), f"list {kind} --model {model}: a name stands twice")
            require(names or (model, kind) != ("niche", kind), f"list {kind} is empty")
            require(markdown_names(bench.run(*options, "--markdown").out) == names, f"list {kind} --markdown: other names")
            plain = [line.split()[0] for line in bench.run(*options).out.removesuffix("\n" + NOT_FOR_CARE).splitlines()[1:]]
            require(plain == names, f"list {kind}: other names than with --json")
            for name in names[:: max(1, len(names) // 4)]:
                shown = bench.run("show", name)
                shown.require(f" {name}\n" in shown.out, "it should show the name")


@claim("whatever is listed or shown of patients says what it is not for, and of mice does not; all of a patient is listed")
def lists_of_patients(bench):
    for kind in sorted(LISTED):
        of_patients = kind in ("trials", "sites", "population", "regimens", "drugs")
        for model in ("niche", "patient") if kind in OF_MODELS else ("niche",):
            for form in ((), ("--markdown",), ("--json",)):
                done = bench.run("list", kind, "--model", model, *form)
                said = (done.error if form == ("--json",) else done.out).endswith(NOT_FOR_CARE)
                done.require(said == (of_patients or model == "patient"), "it should say so of patients alone")
    for name, of_patients in (("sacrum", True), ("naproxen", True), ("trigger_rate", True), ("cmo", False), ("il1b_clearance", False)):
        shown = bench.run("show", name)
        shown.require(shown.out.endswith(NOT_FOR_CARE) == of_patients, "it should say so of patients alone")
    read = lambda *words: json.loads(bench.run("list", *words, "--json").out)
    parameters = {row["name"]: row["value"] for row in read("parameters", "--model", "patient")}
    counted = next(row for row in read("models") if row["name"] == "patient")
    require(len(parameters) == counted["parameters"], "all of its parameters should be listed")
    require(parameters["il10_competence"] < 1 and "naproxen_loss" in parameters, "the parameters should be a child's")
    where = [row["where"] for row in read("species", "--model", "patient")]
    require(where == 14 * ["body"] + 23 * ["each site"], "the state should be that of body and sites")
    sites = read("sites")
    require(len(sites) == 24 and {row["origin"] for row in sites} == {"assumed"}, "24 sites are assumed")
    for share in ("trigger_share", "volume_share"):
        require(abs(sum(row[share] for row in sites) - 1) < 24 * 5e-7, f"{share} should sum to 1")
    drugs = {row["name"]: row for row in read("drugs")}
    require([row["name"] for row in drugs.values() if row["infusion"]] == ["pamidronate"], "only pamidronate runs into a vein")
    require({name: row["acts_as"] for name, row in drugs.items()}
            == {"naproxen": "cox_inhibition", "anakinra": "anakinra", "adalimumab": "anti_tnf", "pamidronate": "pamidronate_held",
                "methotrexate": "nfkb_inhibition", "prednisolone": "nfkb_inhibition"}, "drugs should act as the theory says")
    for row in read("regimens"):
        require(row["drug"] in drugs and {"dose", "every"} <= row["sources"].keys(), f"{row['name']}: where is its dose from?")
        for key, source in row["sources"].items():
            require(source["from"] and source["grade"], f"{row['name']}.{key}: no source")


@claim("--help of every verb ends with an example, the examples work, and --version names the program")
def helps(bench):
    bench.run("sweep", "quickstart")
    bench.write("my_scenario.toml", SHORT)
    main = bench.run("--help")
    for verb in VERBS:
        main.require(re.search(rf"^  {verb} ", main.out, re.MULTILINE), f"the help should name {verb}")
        done = bench.run(verb, "--help")
        example = re.search(r"Example: osteoflare (.*)", done.out)
        done.require(example, "the help should end with an example")
        done.require(example[1].startswith(verb), "the example should be one of this verb")
        if verb == "plot" and not shutil.which("gnuplot"):
            continue
        if verb not in SLOW_EXAMPLES:
            bench.run(*shlex.split(example[1]))
    version = bench.run("--version")
    version.require(re.match(r"osteoflare \d+\.\d+\.\d+ ", version.out), "it should name program and version")


@claim("phenotypes prints every row with its firmness, and calls a row that nobody observed a prediction")
def phenotypes(bench):
    rows = re.findall(r"^ *(\d+[a-z]?)  (\S+) +(\S.*?)  +(?:never|-|\d+\.\d d) .*?  (\S.*)$",
                      bench.run("phenotypes").out, re.MULTILINE)
    numbers = {re.sub("[a-z]", "", number) for number, *_ in rows}
    require(numbers == {str(i) for i in range(1, 30)}, f"rows 1 to 29 should be there, not {sorted(numbers)}")
    for number, name, firmness, verdict in rows:
        require(re.match(r"[ABCD]\b", firmness), f"row {number} {name} has no firmness but “{firmness}”")
        if firmness == "D":
            require(verdict.endswith("prediction"), f"row {number} {name} is D and called “{verdict}”")


@claim("a cross with an observation in a library's file becomes a row, judged by its firmness")
def own_row(bench):
    shutil.copytree(LIBRARY, bench.folder / "library")
    for firmness, expect, verdict, counted in (
        ("C", "as_cmo", "no firm observation; inferred (C): as_cmo agrees", 0),
        ("A", "as_cmo", "as observed", 1),
        ("A", "no_disease", "NOT AS OBSERVED; no_disease fails", 1),
        ("D", None, "prediction", 0),
    ):
        claims = f'{{ expect = "{expect}", firmness = "{firmness}" }}' if expect else ""
        bench.write("library/genotypes/mine.toml",
                    '[genotype.cmo_il6_null]\ntitle = "cmo x Il6-/-"\nbased_on = "cmo"\nparameters = { il6_gene = 0 }\n'
                    f'[genotype.cmo_il6_null.observed]\nrow = "30"\ntext = "x"\nfirmness = "{firmness}"\n'
                    f'claims = [ {claims} ]\n')
        done = bench.run("phenotypes", OSTEOFLARE_LIBRARY="library")
        row = re.search(r"^  30  cmo_il6_null .*$", done.out, re.MULTILINE)
        done.require(row and row[0].endswith("  " + verdict), f"row 30 should end with “{verdict}”")
        firm = re.search(r"(\d+) of (\d+) rows with firm observations", done.out)
        done.require(int(firm[2]) == 28 + counted, "only firm rows should be counted")


# Reproducibility -----------------------------------------------------------------------------------------------------

@claim("the same command gives the same bytes with 1 and 2 threads; another seed gives other members")
def same_bytes(bench):
    def results(name, scenario, *options):
        bench.run("sweep", scenario, "-o", name, *options)
        return (bench.folder / name).read_bytes()

    bench.write("many.toml", SHORT + DRAWN.replace("20", "260"))  # more than are computed before they are written
    require(results("1.h5", "many.toml", "--threads", "1") == results("2.h5", "many.toml", "--threads", "2"),
            "one thread and two threads give other bytes")
    bench.write("few.toml", SHORT + DRAWN)
    few, seven = results("few.h5", "few.toml"), results("7.h5", "few.toml", "--seed", "7")
    require(few == results("few_again.h5", "few.toml"), "the same command gives other bytes the second time")
    require(seven == results("7_again.h5", "few.toml", "--seed", "7"), "the same seed gives other bytes the second time")
    require(few != seven, "another seed gives the same bytes")
    first = re.compile(r"differs    cxcl1_half = (\S+)")
    one = first.search(bench.run("check", "few.toml").out)[1]
    bench.write("few.toml", SHORT + DRAWN.replace("seed = 1", "seed = 7"))
    require(first.search(bench.run("check", "few.toml").out)[1] != one, "another seed draws the same first member")


# Pictures ------------------------------------------------------------------------------------------------------------

def require_svg(path):
    require(path.exists(), f"{path.name} is not there")
    try:
        root = xml.etree.ElementTree.fromstring(path.read_bytes())
    except xml.etree.ElementTree.ParseError as error:
        raise Complaint(f"{path.name} is no well-formed XML: {error}") from None
    require(root.tag == "{http://www.w3.org/2000/svg}svg", f"{path.name} is no SVG but {root.tag}")
    shapes = [element for element in root.iter() if element.tag.endswith(("}path", "}polyline", "}polygon"))]
    require(len(shapes) >= 5, f"{path.name} is an empty picture")


@claim("plot draws, and report explains, a run, a sweep and a cohort; neither overwrites anything without --force")
def pictures(bench):
    if not shutil.which("gnuplot"):
        return "not tried: there is no gnuplot"
    bench.write("cohort.toml", SHORT.replace('"bone"', '"bone", "swelling"') + DRAWN)
    bench.write("strange.toml", SHORT.replace("Short", r"<b> & \"quotes\" {/Bold 5_x^y} @ ~ Ω 'single' \\\\ %s $(ls) `ls`"))
    bench.run("run", "anakinra_after_onset", "-o", "run.h5")
    bench.run("sweep", "quickstart", "-o", "sweep.h5")
    bench.run("sweep", "cohort.toml", "-o", "cohort.h5")
    bench.run("run", "strange.toml", "-o", "strange.h5")
    bench.run("run", "komarova_cycle", "-o", "komarova.h5")
    bench.write("summaries.toml", 'end = "12 d"\n[output]\nkeep = "summaries"\n' + DRAWN)
    bench.write("float32.toml", 'end = "12 d"\n[output]\nprecision = "float32"\n' + DRAWN)
    bench.run("sweep", "summaries.toml", "-o", "summaries.h5")
    bench.run("sweep", "float32.toml", "-o", "float32.h5")
    shutil.copy(ROOT / "tests/validation/data/replicates.toml", bench.folder)
    bench.run("sweep", "replicates.toml", "-o", "replicates.h5")
    for name in ("run", "sweep", "cohort", "strange", "komarova", "summaries", "float32", "replicates"):
        done = bench.run("plot", f"{name}.h5")
        done.require(done.out == f"picture in {name}.svg\n", "it should say where the picture is")
        require_svg(bench.folder / f"{name}.svg")
    replicates = (bench.folder / "replicates.svg").read_text()
    require("12 members; line: median, band: 5\u201395 %" in replicates, "replicates should be drawn as bands")
    bench.run("plot", "run.h5", "--variables", "swelling,bone", "-o", "two.svg")
    require_svg(bench.folder / "two.svg")
    bench.refuse("plot", "run.h5", expect=FILE_TROUBLE, says="exists already")
    bench.run("plot", "run.h5", "--force")
    bench.refuse("plot", "run.h5", "--variables", "swellin", "-o", "x.svg", expect=WRONG_INPUT,
                 says="did you mean 'swelling'?")
    bench.refuse("plot", "run.h5", "-o", "nowhere/x.svg", expect=FILE_TROUBLE, says="nowhere")
    before = (bench.folder / "run.h5").read_bytes()
    for verb in ("plot", "report"):
        bench.refuse(verb, "run.h5", "-o", "./run.h5", "--force", expect=WRONG_INPUT, says="is what is asked about")
    require((bench.folder / "run.h5").read_bytes() == before, "results were overwritten")
    for name in ("run", "sweep", "cohort", "strange", "komarova", "summaries", "float32", "replicates"):
        done = bench.run("report", f"{name}.h5")
        done.require(done.out == f"report in {name}.html\n", "it should say where the page is")
        page = (bench.folder / f"{name}.html").read_text()
        require(len(page) < 3e6 and page.endswith("</html>\n"), f"{name}.html is no page of less than 3 MB")
    require("<b> & " not in (bench.folder / "strange.html").read_text(), "a title is taken for HTML")
    bench.run("report", "run.h5", "sweep.h5", "-o", "both.html")
    bench.refuse("report", "run.h5", expect=FILE_TROUBLE, says="exists already")
    bench.refuse("report", "no.h5", expect=FILE_TROUBLE, says="check its name")
    (bench.folder / "cut.h5").write_bytes(before[:3000])
    bench.refuse("report", "cut.h5", expect=FILE_TROUBLE, says="carries no seal")
    (bench.folder / "flipped.h5").write_bytes(before[:20000] + b"\x55" + before[20001:])
    bench.refuse("report", "flipped.h5", expect=FILE_TROUBLE, says="is damaged")
    (bench.folder / "begun.h5.part").write_bytes(before[:3000])
    bench.refuse("report", "begun.h5", expect=FILE_TROUBLE, says="is not finished")


def write_snapshots(path, n_snapshots):
    """A run in space of 80 by 80 by 60 µm, as small as may be."""
    import h5py
    import numpy
    with h5py.File(path, "w") as file:
        file.attrs["title"] = "<b>Small</b>"
        for name, n in (("x", 4), ("y", 4), ("z", 3)):
            file[name] = numpy.arange(n) * 20 + 10.0
        file["snapshot"] = numpy.arange(n_snapshots) * 5 + 20.0
        file["field/il1b"] = numpy.ones((n_snapshots, 3, 4, 4), "f4")
        file["field/cxcl1"] = numpy.arange(n_snapshots * 48, dtype="f4").reshape(n_snapshots, 3, 4, 4)
        file["surface/bone"] = numpy.full((n_snapshots, 4, 4), 20, "f4")
        file["surface/bone"][-1, 1, 2] = 5
        file["surface/reactive_bone"] = numpy.zeros((n_snapshots, 4, 4), "f4")
        file["agent_end"] = 2 * (numpy.arange(n_snapshots) + 1)
        file["agent/kind"] = numpy.array([1, 4] * n_snapshots, "u1")
        file["agent/kind"].attrs["flag_meanings"] = "stroma neutrophil macrophage osteoclast_precursor osteoclast osteoblast"
        for name, value in (("x", 30), ("y", 79), ("z", 40), ("diameter", 12)):
            file[f"agent/{name}"] = numpy.full(2 * n_snapshots, value, "f4")
    content = path.read_bytes()
    path.write_bytes(content + b"\nosteoflare-seal sha256 " + hashlib.sha256(content).hexdigest().encode() + b"\n")


@claim("patient writes a page that needs nothing else, tells its story, and overwrites nothing without --force")
def patient_pages(bench):
    bench.write("children.toml", CHILDREN)
    done = bench.run("patient", "children.toml", "--child", "0")
    done.require("page in results/children.child_0.html" in done.out, "the page should be named")
    page = (bench.folder / "results/children.child_0.html").read_text()
    sentence = done.out.splitlines()[1].strip()
    done.require(sentence in page, "the page should tell what the program tells")
    done.require("never for the care of a person" in page, "the page should say what it is for")
    require(not re.search(r"(src|href)=\"(?!#)", page) and "@import" not in page, "the page asks for another file")
    bench.refuse("patient", "children.toml", "--child", "0", expect=FILE_TROUBLE, says="results/children.child_0.html")
    bench.run("patient", "children.toml", "--child", "0", "--force")
    again = (bench.folder / "results/children.child_0.html").read_text()
    require(again == page, "the same child should have the same page")


@claim("film writes a frame for each snapshot and a page that needs nothing else, and overwrites nothing without --force")
def films(bench):
    try:
        import h5py  # noqa: F401
    except ImportError:
        return "not tried: there is no h5py"
    write_snapshots(bench.folder / "run.h5", 4)
    done = bench.run("film", "run.h5")
    done.require("4 frames in run_film" in done.out, "it should say where the frames are")
    folder = bench.folder / "run_film"
    names = sorted(path.name for path in folder.iterdir())
    require(names == ["film.html"] + [f"frame_000{i}.png" for i in range(4)], f"other files: {names}")
    html = (folder / "film.html").read_text()
    frames = re.findall(r'"data:image/png;base64,([^"]*)"', html)
    require([base64.b64decode(frame) for frame in frames] == [(folder / name).read_bytes() for name in names[1:]],
            "the page should hold the frames")
    require("<b>" not in html and "http" not in html, "the page should escape the title and fetch nothing")
    bench.refuse("film", "run.h5", expect=FILE_TROUBLE, says="exists already")
    done = bench.run("film", "run.h5", "--days", "21,24,1000", "--field", "cxcl1", "--force")
    done.require("nearest" in done.out, "it should say that there is no such day")
    require(sorted(path.name for path in folder.iterdir()) == names[:4], "frames of the longer film should be gone")
    bench.run("film", "run.h5", "--still", "still.png")
    require((bench.folder / "still.png").read_bytes().startswith(b"\x89PNG"), "the still should be a PNG")
    bench.refuse("film", "run.h5", "--still", "still.png", expect=FILE_TROUBLE, says="exists already")
    bench.run("film", "run.h5", "--still", "still.png", "--force")
    bench.refuse("film", "run.h5", "--field", "cxcl", expect=WRONG_INPUT, says="did you mean 'cxcl1'?")
    bench.write("short.toml", SHORT)
    bench.run("run", "short.toml", "-o", "short.h5")
    bench.refuse("film", "short.h5", expect=FILE_TROUBLE, says="has no snapshots")


# Analyses ------------------------------------------------------------------------------------------------------------

THRESHOLD = """genotype = "cmo"
end = "60 d"
[threshold]
vary.cxcl1_half = { from = 60, to = 120 }
outcome = "onset"
below = "50 d"
"""


@claim("thresholds answers with a bracket, records it for plot and xarray, and says what failed")
def thresholds(bench):
    bench.write("when.toml", THRESHOLD)
    done = bench.run("thresholds", "when.toml", "-o", "when.h5")
    done.require(re.search(r"yes up to 8\d\.\d+ pM, no from 8\d\.\d+ pM on", done.out), "it should say where it turns")
    bench.refuse("thresholds", "when.toml", "-o", "when.h5", expect=FILE_TROUBLE, says="exists already")
    bench.run("thresholds", "when.toml", "-o", "when.h5", "--force", "--threads", "1")
    bench.run("plot", "when.h5")
    xml.etree.ElementTree.fromstring((bench.folder / "when.svg").read_text(encoding="utf-8"))
    checked = bench.run("check", "when.toml")
    checked.require("where does onset come to lie below 50 d?" in checked.out, "check should say what is looked for")
    bench.write("plain.toml", SHORT)
    bench.refuse("thresholds", "plain.toml", expect=WRONG_INPUT, says="the scenario has no [threshold]")
    bench.write("wild.toml", THRESHOLD.replace("cxcl1_half = { from = 60, to = 120 }",
                                               "neutrophil_recruitment = { from = 59400, to = 1e308 }"))
    failed = bench.run("thresholds", "wild.toml", "-o", "wild.h5", expect=PARTLY_FAILED)
    failed.require(re.search(r"\d+ runs, [1-9]\d* failed", failed.out), "it should count what failed")


# Exports -------------------------------------------------------------------------------------------------------------

@claim("export writes models and scenarios as well-formed SBML and as LaTeX, to a file or to standard output")
def exports(bench):
    bench.write("strange.toml", "title = '<b> & \"quotes\" {/Bold} \\\\ 5_x^y ~ # $ 100 % IL-1\u03b2'\n" + DRAWN)
    names = ["niche", "lemaire2004", "komarova2003", "strange.toml"]
    for scenario in sorted(LIBRARY.glob("scenarios/*.toml")):
        if 'model = "agents"' in scenario.read_text(encoding="utf-8"):
            bench.refuse("export", scenario.stem, "--sbml", expect=WRONG_INPUT, says="cells cannot be exported")
        else:
            names.append(scenario.stem)
    for name in names:
        sbml = bench.run("export", name, "--sbml")
        root = xml.etree.ElementTree.fromstring(sbml.out)
        sbml.require(root.tag == "{http://www.sbml.org/sbml/level3/version2/core}sbml", "it should be SBML")
        latex = bench.run("export", name, "--latex")
        latex.require(latex.out.startswith("%") and latex.out.endswith("\\end{document}\n"), "it should be a document")
        latex.require(latex.out.count("{") == latex.out.count("}"), "its braces should match")
    done = bench.run("export", "niche", "--sbml", "-o", "niche.xml")
    done.require(done.out == "SBML in niche.xml\n", "it should say where the file is")
    require((bench.folder / "niche.xml").read_text() == bench.run("export", "niche", "--sbml").out, "the file is another")
    bench.refuse("export", "niche", "--latex", "-o", "niche.xml", expect=FILE_TROUBLE, says="exists already")
    bench.run("export", "niche", "--latex", "-o", "niche.xml", "--force")
    require((bench.folder / "niche.xml").read_text().startswith("%"), "--force should replace the file")
    cmo = bench.run("export", "niche", "--sbml", "--genotype", "cmo", "--set", "anakinra=8 nM").out
    require("genotype cmo; the model&#39;s default is 1 (genotype)" in cmo, "it should say what a genotype changes")
    require('<parameter id="anakinra" name="x_An" value="8000"' in cmo, "--set should set an input")


FIT_DATA = "experiment,time [d],observable,value,detection_limit\nsick,60,paw,2.0,\nsick,100,paw,3.0,\nsick,30,il1b,,0.5\n"
FIT_PROBLEM = """data = "mice.csv"
[[experiment]]
name = "sick"
genotype = "cmo"
[observable.paw]
of = "swelling"
scale = "paw_scale"
noise = "normal"
spread = 0.1
[observable.il1b]
noise = "lognormal"
spread = 0.3
[parameter]
pstpip2_gain = { from = 4, to = 20 }
paw_scale = { from = 0.3, to = 5 }
"""


@claim("a fit and its profiles give the same bytes with any number of threads, say what was found and can be drawn")
def fits(bench):
    bench.write("mice.csv", FIT_DATA)
    bench.write("mine.toml", FIT_PROBLEM)
    done = bench.run("fit", "mine.toml", "--starts", "6", "--threads", "1")
    done.require("of 6 starts end within 0.1 of the best" in done.out and "results in results/mine.fit.h5" in done.out, "it should say what it found")
    bench.run("fit", "mine.toml", "--starts", "6", "--threads", "3", "-o", "again.h5")
    require((bench.folder / "again.h5").read_bytes() == (bench.folder / "results/mine.fit.h5").read_bytes(), "threads matter")
    done = bench.run("profile", "mine.toml", "--fit", "again.h5", "--threads", "1")
    done.require(done.out.count(": identifiable") == 2, "both parameters are identifiable")
    bench.run("profile", "mine.toml", "--fit", "again.h5", "--threads", "2", "-o", "p.h5")
    require((bench.folder / "p.h5").read_bytes() == (bench.folder / "results/mine.profile.h5").read_bytes(), "threads matter")
    if shutil.which("gnuplot"):
        for name in ("again", "p"):
            bench.run("plot", f"{name}.h5")
            require("</svg>" in (bench.folder / f"{name}.svg").read_text(), "a picture should be there")
    bench.refuse("plot", "p.h5", "--variables", "bone", expect=WRONG_INPUT, says="a file of profile has one picture")
    bench.refuse("fit", "mine.toml", "-o", "again.h5", expect=FILE_TROUBLE, says="exists already")
    bench.write("mice.csv", FIT_DATA + "sick,80,paw,2.5,\n")
    bench.refuse("profile", "mine.toml", "--fit", "again.h5", "-o", "q.h5", expect=WRONG_INPUT, says="again.h5 is no fit of mine")


@claim("draws of a posterior say whether they converged, can be drawn and predict; what cannot work is refused in one line")
def samples(bench):
    bench.write("mice.csv", FIT_DATA)
    bench.write("mine.toml", FIT_PROBLEM)
    bench.write("other.toml", 'genotype = "lupo"\nend = "40 d"\n')
    done = bench.run("sample", "mine.toml", "--starts", "4", "--steps", "160", "--warm-up", "40")
    done.require("160 steps after a warm-up of 40; 512 draws" in done.out and "not converged: " in done.out, "it should say what it lacks")
    bench.run("plot", "results/mine.sample.h5")
    done = bench.run("predict", "results/mine.sample.h5", "other.toml", "--members", "20")
    done.require("20 of 20 members reached their end" in done.out and "not in this scenario: paw_scale" in done.out, "it should say what it did")
    bench.run("plot", "results/other.predict.h5")
    for options, says in ((("--walkers", "9"), "an even number of at least 8"), (("--steps", "70"), "at least 8 draws"),
                          (("--warm-up", "x"), "'x' is no number of steps")):
        bench.refuse("sample", "mine.toml", "-o", "x.h5", *options, expect=WRONG_INPUT, says=says)
    bench.refuse("sample", "mine.toml", expect=FILE_TROUBLE, says="exists already")
    bench.refuse("predict", "results/other.predict.h5", "other.toml", "-o", "x.h5", expect=WRONG_INPUT, says="no draws of a posterior")


@claim("ABC says how close simulated data came, can be drawn and predict; cells have no likelihood, and options no second meaning")
def approximate_samples(bench):
    bench.write("mice.csv", FIT_DATA)
    bench.write("mine.toml", FIT_PROBLEM)
    bench.write("other.toml", 'genotype = "lupo"\nend = "40 d"\n')
    done = bench.run("sample", "mine.toml", "--method", "abc", "--particles", "50", "--rounds", "3")
    done.require("ABC-SMC: 3 rounds of 50 particles, " in done.out and "accepted within" in done.out, "it should say how close")
    done.require(done.error.count(" % accepted, ESS ") == 3, "a line for each round")
    bench.run("plot", "results/mine.sample.h5")
    done = bench.run("predict", "results/mine.sample.h5", "other.toml", "--members", "10")
    done.require("10 of 10 members reached their end" in done.out, "it should run at the draws")
    refused = ((("mine.toml", "--particles", "50"), "(sampling is by chains)"),
               (("mine.toml", "--method", "abc", "--walkers", "8"), "(sampling is by ABC-SMC)"),
               (("mine.toml", "--method", "abc", "--particles", "19"), "not known from fewer than 20"),
               (("injured_slice", "--steps", "50"), "cells act by chance"),
               (("injured_slice", "--method", "chains"), "experiment 'injured' has no likelihood"))
    for options, says in refused:
        bench.refuse("sample", *options, "-o", "x.h5", expect=WRONG_INPUT, says=says)
    for verb in ("fit", "profile"):
        bench.refuse(verb, "injured_slice", expect=WRONG_INPUT, says="use osteoflare sample")


@claim("a fit that cannot work is refused in one line before it begins")
def wrong_fits(bench):
    wrong = {"no data": (FIT_DATA.splitlines()[0], FIT_PROBLEM, "there are no data"),
             "an observable": (FIT_DATA.replace("il1b", "il1c"), FIT_PROBLEM, "unknown observable 'il1c'"),
             "a unit": (FIT_DATA.replace("[d]", "[pM]"), FIT_PROBLEM, "wrong dimension"),
             "untouched": (FIT_DATA, FIT_PROBLEM + "reactive_formation = { from = 1e-3, to = 0.1 }\n",
                           "no data depend on 'reactive_formation'"),
             "impossible": (FIT_DATA.replace("30,il1b,,0.5", "30,il1b,2,"),
                            FIT_PROBLEM.replace("[parameter]", "offset = -1000\n[parameter]"), "none of 3 starts can be computed")}
    for data, problem, says in wrong.values():
        bench.write("mice.csv", data + "\n")
        bench.write("mine.toml", problem)
        bench.refuse("fit", "mine.toml", "--starts", "3", "-o", "x.h5", expect=WRONG_INPUT, says=says)
        bench.refuse("profile", "mine.toml", "--starts", "3", "-o", "x.h5", expect=WRONG_INPUT, says=says)
    bench.refuse("fit", "paw_stdy", expect=WRONG_INPUT, says="did you mean 'paw_study'?")
    bench.write("mice.csv", FIT_DATA)
    bench.write("mine.toml", FIT_PROBLEM)
    bench.refuse("fit", "mine.toml", "--at", "paw_scael=1", expect=WRONG_INPUT, says="did you mean 'paw_scale'?")
    bench.refuse("fit", "mine.toml", "--at", "paw_scale=100", expect=WRONG_INPUT, says="its bounds are 0.3 and 5")


@claim("plot refuses a results file that is cut off or has one bit flipped anywhere in its content")
def damaged_files(bench):
    bench.write("short.toml", SHORT)
    bench.run("run", "short.toml", "-o", "whole.h5")
    whole = (bench.folder / "whole.h5").read_bytes()
    content = whole.index(b"\nosteoflare-seal ")
    chance = random.Random(1)
    for size in [1, 100, content // 2, content - 1]:
        bench.write("cut.h5", whole[:size])
        bench.refuse("plot", "cut.h5", expect=FILE_TROUBLE, says="cut.h5: ")
    for _ in range(40):
        damaged, at = bytearray(whole), chance.randrange(content)
        damaged[at] ^= 1 << chance.randrange(8)
        bench.write("flipped.h5", bytes(damaged))
        bench.refuse("plot", "flipped.h5", expect=FILE_TROUBLE, says="is damaged")


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--quick"]):
        print(__doc__, file=sys.stderr)
        return 2
    if sys.argv[2:] == ["--quick"]:
        SLOW_EXAMPLES.update(("continue", "fit", "profile", "sample", "predict"))
    program = str(pathlib.Path(sys.argv[1]).resolve())
    return 1 if check_claims(lambda folder: Bench(program, folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
