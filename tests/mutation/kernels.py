"""Faults of the model compiler: kernels are written with them, and compiled and tested where they differ."""

import pathlib
import re
import shutil
import subprocess
import threading

import plant

READ_ELSEWHERE = {"solvers/compiler/latex.cpp", "solvers/compiler/mathml.cpp", "solvers/compiler/notation.hpp"}
FILES = ("convergence/lanes_order_test.cpp", "unit/lane_solver_test.cpp", "unit/lane_output_test.cpp", "convergence/stiff_problems_test.cpp",
         "convergence/sensitivities_order_test.cpp", "convergence/blocks_test.cpp")
WRITERS = {"write_test_kernels": "test_kernels", "write_block_kernels": "block_kernels"}


def concerns(path):
    return path.startswith("solvers/compiler/") and path not in READ_ELSEWHERE


def tests(durations):
    """Those that run kernels, the quick ones first."""
    names = []
    for file in FILES:
        names += re.findall(r'TEST_CASE\("((?:[^"\\]|\\.)*)"', (plant.ROOT / "tests" / file).read_text())
    return sorted((name for name in names if name in durations), key=durations.get)


def write_kernels(folder, target, number, **variables):
    """The kernels as fault `number` (0: none) has them written; None if that fails."""
    for writer in WRITERS:
        (target / WRITERS[writer]).mkdir(parents=True, exist_ok=True)
        try:
            done = subprocess.run([str(folder / "build" / writer), str(target / WRITERS[writer])], capture_output=True,
                                  env={"OSTEOFLARE_MUTANT": str(number)} | variables, timeout=300)
        except subprocess.TimeoutExpired:
            return None
        if done.returncode != 0:
            return None
    return {str(path.relative_to(target)): path.read_text() for path in sorted(target.rglob("*_kernel.hpp"))}


def prepare(folder):
    """Writes the right kernels, and returns the faults that the writers hold."""
    file = folder / "made.txt"
    file.unlink(missing_ok=True)
    write_kernels(folder, folder / "kernels/0", 0, OSTEOFLARE_MADE=str(file))
    return set(map(int, file.read_text().split()))


def engines(folder, differing):
    """The sources that include kernels which differ."""
    found = set()
    for name in differing:
        kernel_folder, header = name.split("/")
        for source in (folder / "build/tests" / kernel_folder).glob("*_portable.cpp"):
            if header in source.read_text():
                found.add(source)
    return sorted(found, key=lambda source: len(source.read_text()))


def failing(folder, number, names, run):
    """Who notices fault `number`, or None. `run(program)` runs the tests."""
    right = {str(path.relative_to(folder / "kernels/0")): path.read_text() for path in (folder / "kernels/0").rglob("*_kernel.hpp")}
    target = folder / f"kernels/{number}"
    try:
        written = write_kernels(folder, target, number)
        if written is None:
            return "the kernels cannot be written"
        differing = [name for name in written if written[name] != right.get(name)]
        if not differing:
            return None
        objects = []
        for source in engines(folder, differing):
            changed = target / source.parent.name / source.name
            changed.write_text(source.read_text())
            command = plant.compile_command(folder, source).replace(str(source), str(changed))
            command = re.sub(r" -o \S+", f" -o {changed}.o", command).replace(" -O1 ", " -O0 ")
            if subprocess.run(command, shell=True, cwd=folder / "build", capture_output=True).returncode != 0:
                return "the kernels do not compile"
            objects.append(f"{changed}.o")
        link = subprocess.run(["ninja", "-C", str(folder / "build"), "-t", "commands", "test_leaves"], capture_output=True, text=True)
        command = link.stdout.strip().splitlines()[-1]
        program = target / "test_leaves"
        command = re.sub(r" -o test_leaves ", f" -o {program} {' '.join(objects)} ", command)
        if subprocess.run(command, shell=True, cwd=folder / "build", capture_output=True).returncode != 0:
            return "the kernels do not link"
        return run(program)
    finally:
        shutil.rmtree(target, ignore_errors=True)
