#!/usr/bin/python3
"""Plants six faults that are known to be noticed, and a change that changes nothing, and looks whether they are.

    sample.py COMPILER CATCH_MAIN SOLVERS

COMPILER is that of the build, CATCH_MAIN an object file with Catch2's main, SOLVERS the library of the solvers. So the
harness itself is tested in half a minute; what it is for is done by mutants.py, which see.
"""

import pathlib
import subprocess
import sys
import tempfile

import plant
import sites

FAULTS = {  # (line's words, what, instead): of each file
    "model/niche/il10.hpp": [
        ("trained_gene =", "sign", "-"),
        ("trained_gene =", "term", "only the first term"),
        (".il10_driven =", "swap", "p.il10_efferocytosis"),
        (".il10_efferocytic_secretion =", "product", "only the first factor"),
    ],
    "solvers/statistics/proportions.cpp": [
        ("return {share, with == 0", "comparison", "!="),
        ("const double middle =", "sign", "-"),
    ],
}
TESTS = ("tests/limits/il10_limits_test.cpp", "tests/unit/proportions_test.cpp")
NOTHING = "Il10Secretion<Real> secretion = il10_secretion(site, sig, neutrophil_death, p);"


def chosen():
    """For each file, its sites and the numbers of the faults."""
    near, number, found, numbers = plant.neighbours(), 1, {}, []
    for path, faults in FAULTS.items():
        text = (plant.ROOT / path).read_text()
        lines = text.splitlines()
        all_sites = sites.Finder(path, text, near).all()
        for words, kind, instead in faults:
            site = next(s for s in all_sites if words in lines[s.line - 1] and (kind, instead) in s.faults)
            if site.id == 0:
                site.id = number
                number += len(site.faults)
                found.setdefault(path, []).append(site)
            numbers.append((site.id + site.faults.index((kind, instead)), f"{path}:{site.line} {site.what} -> {instead}"))
    return found, numbers, number


def build(folder, compiler, catch_main, solvers, found, nothing):
    include = ["-I", folder, "-I", plant.ROOT, "-I", plant.ROOT / "tests", "-include", plant.HERE / "mutation.hpp"]
    for path, its in found.items():
        text = sites.planted((plant.ROOT / path).read_text(), its)
        plain = NOTHING.removesuffix(";")
        changed = f"{plain.split(' = ')[0]} = ::mutation::chosen<{nothing}>() ? {plain.split(' = ')[1]} : {plain.split(' = ')[1]};"
        plant.write(folder / path, text.replace(NOTHING, changed))
    plant.write(folder / "model/vanishing.hpp", plant.without_marks((plant.ROOT / "model/vanishing.hpp").read_text()))
    sources = [*(plant.ROOT / test for test in TESTS), *(folder / path for path in found if path.endswith(".cpp"))]
    objects = []
    for source in sources:
        objects.append(folder / f"{source.stem}.o")
        subprocess.run([compiler, "-std=c++20", "-O0", "-w", *include, "-c", source, "-o", objects[-1]], check=True)
    program = folder / "sample"
    subprocess.run([compiler, *objects, catch_main, solvers, "-fopenmp", "-o", program], check=True)
    return program


def main():
    compiler, catch_main, solvers = sys.argv[1:]
    found, numbers, nothing = chosen()
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        program = build(pathlib.Path(name), compiler, catch_main, solvers, found, nothing)
        passes = lambda number: subprocess.run([program, "--abort"], env={"OSTEOFLARE_MUTANT": str(number)}, capture_output=True).returncode == 0
        for number, words in [(0, "nothing planted"), (nothing, "a change that changes nothing")]:
            if not passes(number):
                failures += 1
                print(f"{words}: tests fail")
        for number, words in numbers:
            if passes(number):
                failures += 1
                print(f"not noticed: {words}")
    print(f"{len(numbers)} faults planted, {failures} surprises")
    return int(failures > 0)


if __name__ == "__main__":
    raise SystemExit(main())
