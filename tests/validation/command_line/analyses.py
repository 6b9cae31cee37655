"""Analyses, fits and draws."""

import re
import shutil
import xml.etree.ElementTree

from claims import claim, require

from bench import FILE_TROUBLE, PARTLY_FAILED, SHORT, WRONG_INPUT

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
