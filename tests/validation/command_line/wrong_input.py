"""What is refused before work begins."""

import shutil

from claims import claim, Complaint

from bench import CHILDREN, LIBRARY, SHORT, WRONG_INPUT

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
