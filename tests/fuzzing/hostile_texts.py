#!/usr/bin/python3
"""Checks that texts from files reach pictures, pages and listings as texts, whatever is in them.

    hostile_texts.py PROGRAM

Puts markup, commands of shells and of gnuplot, formats, foreign scripts and ten thousand letters into every text of
scenarios, trials, problems, tables and a library, makes all that PROGRAM makes of them, and reads it as a browser, an
XML parser and a terminal would. Ends with 1 if a claim does not hold.
"""

import html.parser
import json
import pathlib
import shutil
import sys
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "validation"))

from claims import Bench, check_claims, claim, require, ROOT  # noqa: E402

WRONG_INPUT, PARTLY_FAILED = 2, 4
EVIL = ("<script>alert(1)</script> & \" ' \\ $(touch touched) `touch touched` ]]> \n {} %s %n \"; system('touch touched'); # "
        "@{/Symbol a} <img src=x onerror=alert(1)> </pre></title><svg onload=alert(1)> שלום 中文 🦴")
LONG = "wörter " * 1500
NAME = "<b onclick=alert(1)>&\"'$(touch touched)`touch touched`{}%s]]>"  # no slash: it becomes part of a variable's name


def toml(text):
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


SCENARIO = f"""title = {toml(EVIL)}
question = {toml(EVIL + LONG)}
genotype = {toml(NAME)}
end = "60 d"
[define.genotype.{toml(NAME)}]
title = {toml(EVIL)}
source = {toml(EVIL)}
based_on = "cmo"
parameters = {{ il10_competence = 0.3 }}
observed = {{ row = {toml(EVIL)}, text = {toml(EVIL)}, firmness = "A", source = {toml(EVIL)}, claims = [{{ expect = "diseased", firmness = "A" }}] }}
[[event]]
name = {toml(NAME)}
input = "sterile_injury"
at = "20 d"
duration = "1 d"
value = 2
"""
SWEEP = f"""[sweep]
method = "grid"
vary.{toml(NAME)}.at = ["10 d", "20 d"]
vary.genotype = [{toml(NAME)}, "wild_type"]
"""
THRESHOLD = f"""[threshold]
vary.{toml(NAME)}.duration = {{ from = "1 h", to = "20 d" }}
outcome = "final_swelling"
above = 0.25
"""
SENSITIVITIES = f"""[sensitivities]
of = ["swelling"]
to = [{toml(NAME + ".at")}, "il10_competence"]
"""
CONTINUE = """[continue]
parameter = "il10_competence"
from = 0.1
to = 0.5
"""
TISSUE = f"""model = "agents"
title = {toml(EVIL)}
question = {toml(EVIL)}
start = "7 d"
end = "7.1 d"
[output]
snapshots = "0.05 d"
every = "0.05 d"
[tissue]
width = "200 um"
depth = "200 um"
height = "100 um"
step = "2160 s"
field_step = "1080 s"
"""
TRIAL = f"""title = {toml(EVIL)}
question = {toml(EVIL + LONG)}
[children]
number = 40
weight = "30 kg"
[trial]
follow = "1 y"
[[arm]]
name = {toml(NAME)}
title = {toml(EVIL + LONG)}
[[arm.course]]
name = {toml(NAME)}
regimen = "naproxen"
from = "0 d"
[[arm.rule]]
if = "vas >= 1"
at = "2 months"
stop = [{toml(NAME)}]
[[arm]]
name = "other"
title = {toml(EVIL)}
"""
PROBLEM = f"""title = {toml(EVIL)}
question = {toml(EVIL)}
data = "mice.csv"
[[experiment]]
name = {toml(NAME)}
genotype = "cmo"
end = "30 d"
[observable.{toml(NAME)}]
of = "il1b"
noise = "lognormal"
spread = 0.2
[parameter]
cxcl1_half = {{ from = 0.5, to = 10 }}
"""


def cell(text):
    return '"' + text.replace('"', '""') + '"'


DATA = "# " + EVIL.replace("\n", " ") + "\nexperiment,animal,time [d],observable,value\n" + "".join(
    f"{cell(NAME)},{cell(EVIL.replace(chr(10), ' '))},{day},{cell(NAME)},{value}\n" for day, value in ((10, 1.0), (20, 2.0), (28, 2.5)))


class Page(html.parser.HTMLParser):
    """A page as a browser takes it: which elements there are, and what would run."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.runs, self.texts, self.inside = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.runs += [name for name, _ in attributes if name.startswith("on")]
        self.runs += [value for name, value in attributes if name in ("href", "src") and (value or "").startswith("javascript:")]
        if tag not in ("meta", "link", "img", "br", "input", "circle", "path", "line", "rect", "use"):
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data):
        self.texts.append((self.inside[-1] if self.inside else "", data))

    def text_in(self, tag):
        return "".join(text for inside, text in self.texts if inside == tag)


def require_page(path, file=""):
    """What is wrong with a page, in which the text of this file should stand as it is."""
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    require(not page.runs, f"{path.name} would run {page.runs[:3]}")
    require("img" not in page.elements or "src=x" not in text.replace("&lt;img src=x", ""), f"{path.name} has the image")
    scripts = text.split("<script")
    require(len(scripts) - 1 <= 2, f"{path.name} has {len(scripts) - 1} scripts, not its data and its own")
    for script in scripts[1:]:
        head, body = script.split(">", 1)
        if "application/json" in head:
            json.loads(body.split("</script>")[0])
    require(file in page.text_in("pre"), f"{path.name} does not show the file that it is about, line by line")
    require("<script>alert(1)" in page.text_in("h1"), f"{path.name} does not show its title as it is: {page.text_in('h1')[:80]}")
    require("\x1b" not in text and "\u202e" not in text, f"{path.name} holds control characters")


def require_xml(path):
    root = xml.etree.ElementTree.parse(path).getroot()
    tags = {element.tag.rsplit("}", 1)[-1].lower() for element in root.iter()}
    require("script" not in tags and "img" not in tags, f"{path.name} holds elements from a text")
    for element in root.iter():
        require(not any(name.lower().startswith("on") for name in element.attrib), f"{path.name} holds what would run")


class Attack(Bench):
    def __init__(self, program, folder):
        super().__init__(program, folder)
        for name, text in {"run.toml": SCENARIO, "sweep.toml": SCENARIO + SWEEP, "threshold.toml": SCENARIO + THRESHOLD,
                           "local.toml": SCENARIO + SENSITIVITIES, "continue.toml": SCENARIO + CONTINUE, "tissue.toml": TISSUE,
                           "trial.toml": TRIAL, "problem.toml": PROBLEM, "mice.csv": DATA}.items():
            self.write(name, text)

    def say(self, *arguments, expect=(0,)):
        """Runs the program; what it prints must be harmless for a terminal."""
        process = self.start(*arguments)
        out, error = process.communicate(timeout=300)
        require(process.returncode in expect, f"`{' '.join(arguments)[:200]}` ended with {process.returncode}: {out[-300:]}{error[-600:]}")
        for text in (out, error):
            require(not any(ord(c) < 32 and c not in "\n\t\r" for c in text), f"`{arguments[0]}` sends control characters to the terminal")
        require(not (self.folder / "touched").exists(), f"`{' '.join(arguments)[:200]}` ran a command that a text holds")
        return out

    def drawn(self, results):
        self.say("plot", results, "-o", f"{results}.svg", "--force")
        require_xml(self.folder / f"{results}.svg")

    def explained(self, results, scenario):
        self.say("report", results, "-o", f"{results}.html", "--force")
        require_page(self.folder / f"{results}.html", (self.folder / scenario).read_text())


@claim("a run's and a sweep's texts reach pictures and reports as texts")
def runs_and_sweeps(bench):
    for verb, name in (("run", "run"), ("sweep", "sweep")):
        bench.say("check", f"{name}.toml")
        bench.say(verb, f"{name}.toml", "-o", f"{name}.h5")
        bench.drawn(f"{name}.h5")
        bench.explained(f"{name}.h5", f"{name}.toml")


@claim("so do those of several files in one report, and of files with the same texts in their names")
def file_names(bench):
    name = "<img src=x onerror=alert(1)> & \"'$(touch touched)`touch touched`;touch touched.toml"
    bench.write(name, SCENARIO)
    bench.say("run", f"./{name}")
    results = f"results/{name[:-5]}.h5"
    require((bench.folder / results).exists(), "the results are not where they belong")
    bench.drawn(results)
    bench.say("run", "run.toml", "-o", "run.h5")
    bench.say("report", results, "run.h5", "-o", "both.html")
    text = (bench.folder / "both.html").read_text()
    require(not Page(text).runs, "a report of two files would run something")


@claim("those of thresholds, steady states, continuations and sensitivities reach pictures")
def analyses(bench):
    for verb, name in (("thresholds", "threshold"), ("steady", "run"), ("continue", "continue"), ("run", "local")):
        bench.say(verb, f"{name}.toml", "-o", f"{verb}.h5", "--force")
        bench.drawn(f"{verb}.h5")


@claim("those of a run in space reach films and the description for ParaView")
def tissues(bench):
    bench.say("run", "tissue.toml", "-o", "<&\"'tissue.h5")
    require_xml(bench.folder / "<&\"'tissue.xdmf")
    bench.drawn("<&\"'tissue.h5")
    bench.say("film", "<&\"'tissue.h5", "-o", "film")
    page = Page((bench.folder / "film" / "film.html").read_text())
    require(not page.runs or all("alert(1)" not in run for run in page.runs), "the film would run something")
    bench.say("report", "<&\"'tissue.h5", "-o", "tissue.html")
    require_page(bench.folder / "tissue.html")


@claim("those of trials reach pictures, reports and the page of a child")
def trials(bench):
    bench.say("check", "trial.toml")
    bench.say("trial", "trial.toml", "-o", "trial.h5", expect=(0, PARTLY_FAILED))
    bench.drawn("trial.h5")
    bench.explained("trial.h5", "trial.toml")
    bench.say("patient", "trial.toml", "-o", "child.html")
    require_page(bench.folder / "child.html", TRIAL)


@claim("those of problems and their data reach pictures of fits, samples and profiles")
def fits(bench):
    bench.say("fit", "problem.toml", "--starts", "2", "-o", "fit.h5")
    bench.drawn("fit.h5")
    bench.say("profile", "problem.toml", "--starts", "2", "-o", "profile.h5")
    bench.drawn("profile.h5")
    bench.say("sample", "problem.toml", "--starts", "2", "--steps", "100", "--warm-up", "20", "--chains", "2", "-o", "sample.h5")
    bench.drawn("sample.h5")


@claim("those of a library reach lists, tables and pages")
def libraries(bench):
    shutil.copytree(ROOT / "scenarios" / "library", bench.folder / "library")
    for kind in ("treatments", "genotypes"):
        (bench.folder / "library" / kind / "evil.toml").write_text(
            f"[{kind[:-1]}.{toml(NAME)}]\ntitle = {toml(EVIL)}\nsource = {toml(EVIL)}\n"
            + ("meaning = " + toml(EVIL) + "\nsets = { anakinra = \"exposure\" }\nexposure = \"8 nM\"\n" if kind == "treatments" else ""))
    bench.environment["OSTEOFLARE_LIBRARY"] = str(bench.folder / "library")
    for what in ("genotypes", "treatments"):
        bench.say("list", what)
        rows = json.loads(bench.say("list", what, "--json"))
        require(any(EVIL in row.values() and NAME in row.values() for row in rows), f"the list of {what} lost a text")
        table = [line for line in bench.say("list", what, "--markdown").splitlines() if line]
        require(all(line.startswith("|") and line.endswith("|") for line in table), f"a text breaks the table of {what}")
    bench.write("treated.toml", f"title = \"t\"\ngenotype = {toml(NAME)}\nend = \"60 d\"\n[[treatment]]\nname = {toml(NAME)}\nfrom = \"20 d\"\n")
    bench.say("run", "treated.toml", "-o", "treated.h5")
    bench.drawn("treated.h5")


@claim("control characters, and those that turn the writing round, are refused before any work")
def control_characters(bench):
    for text in ("\\u001b[2J", "\\u0000", "\\u009b2J", "\\u202e", "\\u2066", "\\u0007"):
        for scenario in (f'title = "a{text}b"\n', f'[[event]]\nname = "a{text}b"\ninput = "sterile_injury"\nat = 9\nvalue = 1\n',
                         f'[define.genotype."a{text}b"]\ntitle = "x"\n', f'model = "{text}"\n', f'"{text}" = 1\n'):
            bench.write("control.toml", scenario)
            process = bench.start("run", "control.toml", "-o", "x.h5")
            out, error = process.communicate(timeout=60)
            require(process.returncode == WRONG_INPUT, f"{scenario!r} ended with {process.returncode}: {out}{error}")
            require(error.isprintable() or error.rstrip("\n").isprintable(), f"the message on {scenario!r} is {error!r}")
    for name in ("a/b", "..", "a//b", ""):
        bench.write("slash.toml", SCENARIO.replace(f"name = {toml(NAME)}", f'name = "{name}"', 1)
                    + f'[sweep]\nmethod = "grid"\nvary."{name}".at = ["10 d", "20 d"]\n')
        process = bench.start("sweep", "slash.toml", "-o", "slash.h5")
        _, error = process.communicate(timeout=60)
        require(process.returncode in (0, WRONG_INPUT), f"an event '{name}' cost the whole sweep: {error}")


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    program = str(pathlib.Path(sys.argv[1]).resolve())
    return 1 if check_claims(lambda folder: Attack(program, folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
