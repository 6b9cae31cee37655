"""What is printed, and that it is the same every time."""

import json
import re
import shlex
import shutil

from claims import claim, require

from bench import DRAWN, LIBRARY, NUMERICAL_FAILURE, PARTLY_FAILED, SHORT

SLOW_EXAMPLES = {"sweep", "merge", "film"}  # a sweep and a run in space take too long for a test
VERBS = ("run", "sweep", "merge", "phenotypes", "list", "show", "check", "plot", "steady", "continue", "film", "fit", "profile",
         "sample", "predict", "sensitivity", "thresholds", "export", "patient")


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
