#!/usr/bin/python3
"""Checks how the Python package behaves: its errors, other threads, Ctrl-C, progress, types, and installing it.

    python_manners.py PROGRAM BUILD

PROGRAM is the command line, BUILD the build folder in whose `python` the package stands. Runs in temporary folders.
"""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

from claims import ROOT, check_claims, claim, require
from python_bench import BUILD, COHORT, bench_in, osteoflare

ENDLESS = """genotype = "cmo"
end = "3000 d"
[output]
keep = "summaries"
[sweep]
method = "random"
size = 200000
vary.cxcl1_half = { lognormal_cv = 0.2 }
"""


@claim("what is wrong raises the words of the command line")
def words(bench):
    bench.write("bad.toml", 'genotype = "cmo"\nend = "10 m"\n')
    bench.run("run", "quickstart", "-o", "there.h5")
    broken = bytearray(bench.content("there.h5"))
    broken[len(broken) // 2] ^= 1
    (bench.folder / "broken.h5").write_bytes(broken)
    scenario = osteoflare.Scenario.from_toml("quickstart")
    from_toml, wrong, file = osteoflare.Scenario.from_toml, osteoflare.InputError, osteoflare.FileError
    for command, error, call in (
            (["run", "quickstart", "--set", "tnf_clearence=3"], wrong, lambda: scenario.set(tnf_clearence=3.0)),
            (["run", "quickstart", "--set", "tnf_clearance=3 pM"], wrong, lambda: scenario.set("tnf_clearance", "3 pM")),
            (["run", "quickstart", "--genotype", "cmoo"], wrong, lambda: scenario.genotype("cmoo")),
            (["run", "bad.toml"], wrong, lambda: from_toml("bad.toml")),
            (["run", "none.toml"], file, lambda: from_toml("none.toml")),
            (["run", "quickstart", "--seed", "1"], wrong, lambda: scenario.seed(1).run()),
            (["run", "quickstart", "-o", "there.h5"], file, lambda: scenario.run(file="there.h5")),
            (["sweep", "anakinra_after_onset"], wrong, lambda: from_toml("anakinra_after_onset").sweep()),
            (["thresholds", "quickstart"], wrong, scenario.thresholds),
            (["sensitivity", "quickstart"], wrong, scenario.sensitivity),
            (["continue", "quickstart"], wrong, scenario.continuation),
            (["fit", "paw_studdy"], wrong, lambda: osteoflare.Problem.from_toml("paw_studdy")),
            (["plot", "broken.h5"], file, lambda: osteoflare.open("broken.h5")),
            (["plot", "nowhere.h5"], file, lambda: osteoflare.open("nowhere.h5"))):
        _, said = bench.run(*command, expect=5 if error is file else 2)
        try:
            call()
        except error as raised:
            require(str(raised) == said.strip(), f"Python says\n{raised}\nand the command line\n{said}")
        else:
            require(False, f"no {error.__name__} where `{' '.join(command)}` fails")
    paw_study = osteoflare.Problem.from_toml("paw_study")
    for call in (lambda: scenario.seed(-1), lambda: paw_study.sample(thin=0), lambda: paw_study.fit(starts=0),
                 lambda: paw_study.sample_abc(particles=0), lambda: paw_study.sample(steps=10), lambda: osteoflare.model("nich"),
                 lambda: osteoflare.model("niche").rates(tnf=1.0), lambda: osteoflare.model("agents").rates(),
                 lambda: osteoflare.model("niche").rates(tnf_clearance="3 pM"), lambda: scenario.phases[0].rates(0, [1.0]),
                 lambda: scenario.sensitivity("sobel"), lambda: scenario.predict(scenario.run())):
        try:
            call()
        except wrong as raised:
            require(str(raised).count("(") >= 1 and ";" in str(raised), f"no suggestion: {raised}")
        else:
            require(False, "nonsense was not refused")
    try:
        from_toml("quickstat")
    except ValueError as raised:
        require("did you mean 'quickstart'" in str(raised), str(raised))
    require(issubclass(wrong, ValueError) and issubclass(file, OSError), "they are other exceptions")


@claim("another thread of Python goes on during a sweep")
def lock(_):
    counted, over = [0], threading.Event()

    def count():
        while not over.is_set():
            counted[0] += 1
            time.sleep(0.0005)

    beside = threading.Thread(target=count)
    beside.start()
    before = counted[0]
    osteoflare.Scenario.from_toml(COHORT).sweep(threads=1)
    during = counted[0] - before
    over.set()
    beside.join()
    require(during > 20, f"it counted to {during}")


@claim("Ctrl-C and an exception in progress end a computation, and the next one works")
def interrupt(bench):
    endless = osteoflare.Scenario.from_toml(ENDLESS)
    problem = osteoflare.Problem.from_toml("paw_study")
    for call in (lambda: endless.sweep(threads=2), lambda: endless.sweep(threads=1, file=bench.folder / "endless.h5"),
                 lambda: problem.fit(starts=100_000)):
        timer = threading.Timer(0.4, lambda: os.kill(os.getpid(), signal.SIGINT))
        timer.start()
        try:
            call()
        except KeyboardInterrupt:
            timer.join()
        else:
            require(False, "nothing was raised")
    require(not (bench.folder / "endless.h5").exists(), "a file was left that is not complete")

    def enough(done, total, failed):
        if done > 0:
            raise RuntimeError("enough")

    try:
        endless.sweep(progress=enough)
    except RuntimeError as raised:
        require(str(raised) == "enough", str(raised))
    else:
        require(False, "an exception in progress was lost")
    require((osteoflare.Scenario.from_toml("quickstart").sweep().status == 0).all(), "the next sweep fails")


@claim("progress=True shows a line for each tenth where lines cannot be written over")
def progress(bench):
    bench.write("show.py", f"import osteoflare\nosteoflare.Scenario.from_toml({COHORT!r}).sweep(progress=True)\n")
    said = subprocess.run([sys.executable, "show.py"], cwd=bench.folder, capture_output=True, text=True, check=True,
                          env=os.environ | {"PYTHONPATH": str(BUILD / "python")}).stderr.splitlines()
    require(said and said[-1] == "700 of 700 members" and len(said) <= 11, f"{said}")


@claim("the package's types hold (mypy --strict)")
def types(bench):
    environment = {**os.environ, "MYPYPATH": str(ROOT / "scenarios" / "python")}
    result = subprocess.run([sys.executable, "-m", "mypy", "--version"], capture_output=True, check=False)
    if result.returncode != 0:
        return "not tried: there is no mypy"
    checked = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports", "-p", "osteoflare",
                              "--cache-dir", BUILD / "mypy_cache"],
                             cwd=bench.folder, env=environment, capture_output=True, text=True, check=False)
    require(checked.returncode == 0, checked.stdout)
    return None


@claim("pip installs it into an environment, where it finds its own library")
def pip(bench):
    place = bench.folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", place], check=True)
    copy = bench.folder / "house"  # pip leaves a build folder beside the sources
    (copy / "scenarios").mkdir(parents=True)
    (copy / "CMakeLists.txt").write_bytes((ROOT / "CMakeLists.txt").read_bytes())
    subprocess.run(["cp", "-r", ROOT / "scenarios" / "python", copy / "scenarios"], check=True)
    environment = {name: value for name, value in os.environ.items() if name not in ("OSTEOFLARE_LIBRARY", "PYTHONPATH")}
    result = subprocess.run([place / "bin" / "python", "-m", "pip", "install", "--no-build-isolation", "--no-deps",
                             "--no-index", copy / "scenarios" / "python"], env=environment | {"OSTEOFLARE_BUILD": str(BUILD)},
                            capture_output=True, text=True, check=False)
    require(result.returncode == 0, result.stdout + result.stderr)
    code = ("import osteoflare, osteoflare._library as own; print(osteoflare.__file__); print(own.library_folder());"
            "print(osteoflare.Scenario.from_toml('quickstart').sweep().attrs['status'])")
    said = subprocess.run([place / "bin" / "python", "-c", code], env=environment, cwd=bench.folder, capture_output=True,
                          text=True, check=True).stdout.split("\n")
    inside = all(pathlib.Path(path).resolve().is_relative_to(place.resolve()) for path in said[:2])
    require(inside and said[2] == "complete", f"{said}")


if __name__ == "__main__":
    sys.exit(1 if check_claims(bench_in) else 0)
