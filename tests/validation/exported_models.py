#!/usr/bin/python3
"""Checks exported SBML with libSBML, and simulates it without Osteoflare: what comes out must be what Osteoflare gets.

    exported_models.py PROGRAM

The simulation knows nothing but the file: formulas become Python by way of libSBML's trees, and an integrator of this
test (Dormand-Prince 5(4), which lands on each event) solves them. Prints what was checked; ends with 1 at the first
thing that does not hold.
"""

import html
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import libsbml
import numpy
import xarray

TOLERANCE = 1e-6
OUTPUT = '[output]\nevery = "1 d"\nfluxes = true\n[numerics]\nrelative_tolerance = 1e-10\n'
TREATED = """genotype = "cmo"
start = "30 d"
end = "120 d"
[parameters]
il10_competence = 0.8
[initial]
neutrophils = 300
[[treatment]]
name = "antibiotics"
from = "30 d"
until = "45.5 d"
[[event]]
at = "60 d"
input = "sterile_injury"
value = 20
duration = "36 h"
[[treatment]]
name = "anakinra"
exposure = "8 nM"
from = "75 d"
until = "100 d"
"""
PERTURBED = '[[event]]\nat = "20 d"\ninput = "pth_injection"\nvalue = 1000\nduration = "60 d"\n'
# title: model, scenario without output and tolerance, what to export instead of that scenario
CASES = {
    "wild_type": ("niche", "", ["niche"]),
    "cmo": ("niche", 'genotype = "cmo"\n', ["niche", "--genotype", "cmo"]),
    "cmo_casp1_casp8_null": ("niche", 'genotype = "cmo_casp1_casp8_null"\n',
                             ["niche", "--genotype", "cmo_casp1_casp8_null"]),
    "a treated animal": ("niche", TREATED, None),
    "Lemaire 2004": ("lemaire2004", "", ["lemaire2004"]),
    "Lemaire 2004 under PTH": ("lemaire2004", PERTURBED, None),
    "Komarova 2003": ("komarova2003", "", ["komarova2003"]),
}
# What libSBML cannot check: the units of powers whose exponents are formulas.
KNOWN_WARNINGS = {"komarova2003": 2}


# Some units in terms of second, mole, item and litre.
SIZES = {
    "d": (86400, {"second": 1}),
    "per_d": (1 / 86400, {"second": -1}),
    "pM": (1e-12, {"mole": 1, "litre": -1}),
    "pM_per_d": (1e-12 / 86400, {"mole": 1, "litre": -1, "second": -1}),
    "cell_per_uL": (1e6, {"item": 1, "litre": -1}),
    "uL_per_cell": (1e-6, {"litre": 1, "item": -1}),
    "molecule_per_cell_per_s": (1, {"item": 0, "second": -1}),
    "percent": (0.01, {"dimensionless": 1}),
}


class Complaint(Exception):
    """What does not hold."""


def require(condition, complaint):
    if not condition:
        raise Complaint(complaint)


# What libSBML says ----------------------------------------------------------------------------------------------------

def problems(document):
    """All errors and warnings of all of libSBML's checks, units and good practice included."""
    document.checkInternalConsistency()
    document.checkConsistency()
    return [document.getError(i) for i in range(document.getNumErrors())]


def check_consistency(text, model):
    document = libsbml.readSBMLFromString(text)
    found = problems(document)
    require(document.getLevel() == 3 and document.getModel() is not None, "this is no SBML Level 3")
    require(len(found) == KNOWN_WARNINGS.get(model, 0) and all(p.getErrorId() == 10501 for p in found),
            "libSBML complains:\n" + "\n".join(f"line {p.getLine()}: {p.getMessage()}" for p in found))
    return document


def check_units_are_checked(text):
    """A file in which one unit is wrong must not get through, or the check above means nothing."""
    wrong = text.replace('name="K_F" value="20" units="pM"', 'name="K_F" value="6.7" units="d"')
    require(wrong != text, "the parameter K_F does not look as this test expects")
    require(problems(libsbml.readSBMLFromString(wrong)), "libSBML does not notice a wrong unit")


def check_sizes_of_units(document):
    """Units could be consistent with each other and yet all be wrong: a day of an hour."""
    for unit in document.getModel().getListOfUnitDefinitions():
        size, dimension = 1.0, {}
        for part in unit.getListOfUnits():
            kind = libsbml.UnitKind_toString(part.getKind())
            size *= (part.getMultiplier() * 10.0 ** part.getScale()) ** part.getExponent()
            dimension[kind] = dimension.get(kind, 0) + part.getExponent()
        if unit.getId() in SIZES:
            expected, kinds = SIZES[unit.getId()]
            require(math.isclose(size, expected, rel_tol=1e-9) and dimension == kinds, f"{unit.getId()} is {size} {dimension}")


def check_lists(program, document, model):
    """Every quantity of the model's lists is there, with its symbol, its unit and the origin of its number."""
    sbml = document.getModel()
    for kind in ("species", "parameters", "inputs", "readouts", "fluxes", "intermediates"):
        rows = json.loads(subprocess.run([program, "list", kind, "--model", model, "--json"], check=True,
                                         capture_output=True, text=True).stdout)
        for row in rows:
            element = sbml.getElementBySId(row["name"])
            require(element is not None, f"{row['name']} is missing")
            notes = html.unescape(element.getNotesString())
            require(element.getName() == row["symbol"], f"{row['name']} has another symbol")
            require(row["meaning"] in notes, f"{row['name']} does not say what it means")
            require(f"Unit: {row['unit']}. Origin" in notes, f"{row['name']} has no unit or origin")
            if "origin" in row:
                require(row["origin"] in notes, f"{row['name']} has another origin")
            if kind in ("parameters", "inputs"):
                require(element.getValue() == row["value"], f"{row['name']} has another value")
    for event in sbml.getListOfEvents():
        require("Origin: " in event.getNotesString(), f"{event.getId()} does not say where it comes from")
    return sbml.getNumSpecies() + sbml.getNumParameters()


# The simulation -------------------------------------------------------------------------------------------------------

BINARY = {libsbml.AST_DIVIDE: "/", libsbml.AST_POWER: "**", libsbml.AST_FUNCTION_POWER: "**",
          libsbml.AST_RELATIONAL_GEQ: ">="}
FUNCTIONS = {libsbml.AST_FUNCTION_MAX: "max", libsbml.AST_FUNCTION_EXP: "math.exp", libsbml.AST_FUNCTION_LN: "math.log"}


def python_of(tree):
    """A formula as Python."""
    kind = tree.getType()
    parts = [python_of(tree.getChild(i)) for i in range(tree.getNumChildren())]
    if kind == libsbml.AST_NAME:
        return tree.getName()
    if kind == libsbml.AST_NAME_TIME:
        return "time"
    if tree.isNumber():
        return repr(float(tree.getValue()))
    if kind == libsbml.AST_MINUS and len(parts) == 1:
        return f"(-{parts[0]})"
    if kind in (libsbml.AST_PLUS, libsbml.AST_MINUS, libsbml.AST_TIMES):
        sign = {libsbml.AST_PLUS: " + ", libsbml.AST_MINUS: " - ", libsbml.AST_TIMES: " * "}[kind]
        return f"({sign.join(parts)})"
    if kind in BINARY:
        return f"({parts[0]} {BINARY[kind]} {parts[1]})"
    require(kind in FUNCTIONS, f"this test does not know {libsbml.formulaToL3String(tree)}")
    return f"{FUNCTIONS[kind]}({', '.join(parts)})"


def names_in(tree):
    return {tree.getName()} if tree.getType() == libsbml.AST_NAME else set().union(
        *(names_in(tree.getChild(i)) for i in range(tree.getNumChildren())))


class File:
    """An SBML model as Python functions."""

    def __init__(self, document):
        sbml = document.getModel()
        compartments = {c.getId(): c.getSize() for c in sbml.getListOfCompartments()}
        require(set(compartments.values()) == {1.0}, "amounts and concentrations differ")
        self.start, self.values = {}, {}
        for species in sbml.getListOfSpecies():
            amount = species.isSetInitialAmount()
            self.start[species.getId()] = species.getInitialAmount() if amount else species.getInitialConcentration()
        rules = {rule.getVariable(): rule for rule in sbml.getListOfRules()}
        self.values = {p.getId(): p.getValue() for p in sbml.getListOfParameters() if p.getId() not in rules}
        self.computed = [name for name, rule in rules.items() if rule.isAssignment()]
        require([name for name, rule in rules.items() if rule.isRate()] == list(self.start),
                "each species has one rate rule, and nothing else has")

        # Rules may stand in any order: each is computed after those that it needs.
        lines, done = [], set()
        while len(done) < len(self.computed):
            ready = [n for n in self.computed if n not in done
                     and not (names_in(rules[n].getMath()) & set(self.computed)) - done]
            require(ready, "the assignment rules need each other in a circle")
            lines += [f"    {n} = {python_of(rules[n].getMath())}" for n in ready]
            done.update(ready)
        unpack = [f"    {', '.join(self.start)}, = state"] + [f"    {n} = values[{n!r}]" for n in self.values]
        rates = ", ".join(python_of(rules[n].getMath()) for n in self.start)
        self.rates = self.function(unpack + lines + [f"    return [{rates}]"])
        self.observe = self.function(unpack + lines + [f"    return [{', '.join(self.computed)}]"])

        self.events = []
        for event in sbml.getListOfEvents():
            needed = names_in(event.getTrigger().getMath())
            require(needed <= {"day"}, "this test knows only events that depend on the day")
            require(event.getTrigger().getInitialValue(), "an event could fire at the start")
            day = python_of(rules["day"].getMath())
            trigger = eval(f"lambda time: {python_of(event.getTrigger().getMath()).replace('day', day)}", {"math": math})
            changes = {a.getVariable(): python_of(a.getMath()) for a in event.getListOfEventAssignments()}
            self.events.append((trigger, {name: float(eval(text)) for name, text in changes.items()}))

    @staticmethod
    def function(lines):
        space = {"math": math}
        exec("\n".join(["def made(time, state, values):", *lines]), space)
        return space["made"]


def moment(trigger, end):
    """When the trigger turns true, between 0 and `end`."""
    require(not trigger(0.0), "a trigger is true from the start, so that the event never fires")
    low, high = 0.0, end
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return high
        low, high = (low, middle) if trigger(middle) else (middle, high)


# Dormand & Prince 1980, J Comput Appl Math 6:19: nodes of the stages, their weights, and weights of the error.
A = [[], [1 / 5], [3 / 40, 9 / 40], [44 / 45, -56 / 15, 32 / 9],
     [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
     [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
     [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84]]
C = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1]
E = numpy.array([71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])
WEIGHTS = [numpy.array(row) for row in A]


def integrate(rates, time, state, end, step, scale):
    """From `time` to `end`; returns the state there and the last step that was not cut short."""
    first = numpy.array(rates(time, state.tolist()))
    while time < end:
        last = step >= end - time
        h = end - time if last else step
        stages = numpy.empty((7, len(state)))
        stages[0] = first
        for i in range(1, 7):
            y = state + h * (WEIGHTS[i] @ stages[:i])
            stages[i] = rates(time + C[i] * h, y.tolist())
        size = numpy.maximum(numpy.maximum(abs(state), abs(y)), scale)
        error = numpy.max(abs(h * (E @ stages)) / (1e-10 * size))
        if error <= 1:
            time, state, first = end if last else time + h, y, stages[6]
            step = h if not last else step
        factor = min(4.0, max(0.2, 0.9 * max(error, 1e-10) ** -0.2))
        if error > 1 or not last:
            step = h * factor
        require(step > 1e-9, "the integrator is stuck")
    return state, step


def simulate(file, times):
    """Species, then what is computed from them, at `times` from the start of the run; after an event at its time."""
    values, state = dict(file.values), numpy.array(list(file.start.values()))
    names = list(file.start) + file.computed
    scale = numpy.array([1e-3 * start if start > 0 else 1e-3 for start in file.start.values()])
    stops = sorted({(moment(trigger, times[-1] + 1), i) for i, (trigger, _) in enumerate(file.events)})
    rates = lambda t, y: file.rates(t, y, values)
    time, step, rows = 0.0, 1e-3, []
    for end in times:
        while stops and stops[0][0] <= end + 1e-9:
            stop, event = stops.pop(0)
            state, _ = integrate(rates, time, state, stop, step, scale)
            time, step = stop, 1e-3
            values.update(file.events[event][1])
        state, step = integrate(rates, time, state, end, step, scale)
        time = max(time, end)
        rows.append(state.tolist() + file.observe(end, state.tolist(), values))
    return dict(zip(names, numpy.array(rows).T))


def compare(program, folder, title, model, scenario, exported):
    """The largest difference, relative to a value and a thousandth of its largest over the run."""
    toml = folder / "case.toml"
    toml.write_text(f'model = "{model}"\n{scenario}{OUTPUT}')
    results, xml = folder / "case.h5", folder / "case.xml"
    subprocess.run([program, "run", toml, "-o", results, "--force"], check=True, capture_output=True)
    subprocess.run([program, "export", *(exported or [toml]), "--sbml", "-o", xml, "--force"], check=True,
                   capture_output=True)
    document = check_consistency(xml.read_text(), model)
    check_sizes_of_units(document)
    if exported == [model]:
        count = check_lists(program, document, model)
        print(f"{model}: {count} quantities with name, symbol, unit, meaning, value and origin; libSBML finds no error, "
              f"{KNOWN_WARNINGS.get(model, 0)} warnings")
    if model == "niche" and exported == [model]:
        check_units_are_checked(xml.read_text())
    ours = xarray.open_dataset(results).load().sel(member=0)
    theirs = simulate(File(document), (ours.time - ours.time[0]).values.tolist())
    require(set(theirs) >= {name for name in ours.data_vars if ours[name].dims == ("time",)}, "quantities are missing")
    worst = {}
    for name in (name for name in ours.data_vars if ours[name].dims == ("time",)):
        reference = ours[name].values
        size = abs(reference) + 1e-3 * max(abs(reference).max(), 1e-300)
        worst[name] = (abs(theirs[name] - reference) / size).max()
    name = max(worst, key=worst.get)
    require(worst[name] < TOLERANCE, f"{name} differs by {worst[name]:.1e}")
    print(f"{title}: {len(worst)} courses at {ours.sizes['time']} times agree to {worst[name]:.1e} ({name})", flush=True)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="osteoflare_export_") as folder:
        try:
            for title, (model, scenario, exported) in CASES.items():
                compare(program, pathlib.Path(folder), title, model, scenario, exported)
        except Complaint as complaint:
            print(f"FAILS: {title}: {complaint}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
