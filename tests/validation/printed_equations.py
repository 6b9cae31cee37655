#!/usr/bin/python3
"""Checks that the equations printed on the theory pages are those that are computed.

    printed_equations.py ROOT PROGRAM

Reads the LaTeX of docs/theory as a reader would, computes both sides of every equation at random points, and compares
them with the formulas of the exported SBML. Ends with 1 at the first equation that says something else, or if a
quantity has no equation.
"""

import json
import math
import pathlib
import random
import re
import subprocess
import sys

import libsbml

from exported_models import Complaint, File, require

PAGES = {"niche": "niche.md", "lemaire2004": "classic_models.md", "komarova2003": "classic_models.md"}
LETTERS = {"niche": "", "lemaire2004": "L", "komarova2003": "K"}  # before the numbers of equations
BLOCK = re.compile(r"```math\n(.*?)\\tag\{(\w+)\}\n```", re.DOTALL)
TOKEN = re.compile(r"\s*(?:\\,)?\s*(\\left\\\{|\\right\\\}|\\left|\\right|\\[A-Za-z]+|\d+(?:\.\d+)?|[A-Za-z]|\S)")
VARIANTS = {"varepsilon": "epsilon", "varphi": "phi"}
FUNCTIONS = {r"\max": max, r"\exp": math.exp, r"\ln": math.log}
CLOSING = {"(": ")", "[": "]", "{": "}", r"\left": r"\right", r"\left\{": r"\right\}"}


class Reader:
    """Computes an expression in LaTeX from the values of its symbols."""

    def __init__(self, text, values):
        self.text, self.values = text, values
        self.tokens = TOKEN.findall(text)
        self.next = 0

    def peek(self):
        return self.tokens[self.next] if self.next < len(self.tokens) else ""

    def take(self, expected=None):
        token = self.peek()
        require(token and (expected is None or token == expected), f"cannot read “{self.text}” at “{token}”")
        self.next += 1
        return token

    def value(self):
        result = self.sum()
        require(not self.peek(), f"cannot read “{self.text}” at “{self.peek()}”")
        return result

    def sum(self):
        result = 0.0
        sign = -1 if self.peek() == "-" and self.take() else 1
        while True:
            result += sign * self.product()
            if self.peek() not in ("+", "-"):
                return result
            sign = -1 if self.take() == "-" else 1

    def product(self):
        result = self.factor()
        while self.peek() and self.peek() not in ("+", "-", ",", ")", "]", "}", r"\right", r"\right\}"):
            result = result / (self.take() and self.factor()) if self.peek() == "/" else result * self.factor()
        return result

    def factor(self):
        base = self.base()
        if self.peek() != "^":
            return base
        self.take()
        if self.peek() != "{":
            return base ** float(self.take())
        return base ** self.bracketed(self.sum)

    def bracketed(self, inside):
        opening = self.take()
        require(opening in CLOSING, f"cannot read “{self.text}” at “{opening}”")
        kind = self.take() if opening == r"\left" else opening
        result = inside()
        self.take(CLOSING[opening])
        if opening == r"\left":
            self.take(CLOSING[kind])
        return result

    def base(self):
        token = self.peek()
        if re.fullmatch(r"[\d.]+", token):
            return float(self.take())
        if token == r"\frac":
            self.take()
            above = self.bracketed(self.sum)
            return above / self.bracketed(self.sum)
        if token in FUNCTIONS:
            self.take()
            return FUNCTIONS[token](*self.bracketed(self.arguments))
        if token in CLOSING:
            return self.bracketed(self.sum)
        symbol = self.symbol()
        require(symbol in self.values, f"the model has no symbol “{symbol}”, in “{self.text}”")
        return self.values[symbol]

    def arguments(self):
        values = [self.sum()]
        while self.peek() == ",":
            self.take()
            values.append(self.sum())
        return values

    def symbol(self):
        """A symbol as the lists spell it: "N_b0", "pibar_1", "x_F'", "E*"."""
        name = self.letter()
        if self.peek() == "_":
            self.take()
            name += "_" + (self.bracketed(self.word) if self.peek() == "{" else self.letter())
        if self.peek() == "^" and self.tokens[self.next + 1] == "*":
            self.next += 2
            name += "*"
        while self.peek() == "'":
            name += self.take()
        return name

    def word(self):
        name = ""
        while self.peek() != "}":
            name += self.letter()
        return name

    def letter(self):
        token = self.take().lstrip("\\")
        if token in ("hat", "bar"):
            return self.bracketed(self.word) + token
        return self.bracketed(self.word) if token == "mathrm" else VARIANTS.get(token, token)


def lines_of(block):
    """[(left, [right, ...])] of the lines of a block."""
    text = re.sub(r"\\(begin|end)\{aligned\}", "", block)
    for line in text.split("\\\\\n"):
        left, *right = (part.strip() for part in line.replace("&", "").split("="))
        yield left, right


def name_of(left):
    """What a left side stands for: "dN/dt" for a species' rate, a symbol, or the name of a read-out."""
    derivative = re.fullmatch(r"\\frac\{d(.*)\}\{dt\}", left)
    readout = re.fullmatch(r"\\mathrm\{(.*)\}", left)
    if derivative:
        return f"d{Reader(derivative[1], {}).symbol()}/dt"
    return readout[1].replace("\\", "") if readout else Reader(left, {}).symbol()


def equations_of(blocks):
    """[(number, what, right side)]; a = b = c are two equations, of a and of b."""
    for block, number in blocks:
        for line in re.sub(r"\\(begin|end)\{aligned\}", "", block).split("\\\\\n"):
            sides = [side.strip() for side in line.replace("&", "").split("=")]
            for left, right in zip(sides, sides[1:]):
                yield number, name_of(left), right


def compare(program, pages, model):
    """Returns how many equations of the model the page prints, after each was found to give what the model computes."""
    def told(*arguments):
        return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout

    readouts = {row["name"] for row in json.loads(told("list", "readouts", "--model", model, "--json"))}
    document = libsbml.readSBMLFromString(told("export", model, "--sbml"))
    file, sbml = File(document), document.getModel()
    symbols = {name: sbml.getElementBySId(name).getName() for name in [*file.start, *file.values, *file.computed]}
    blocks = [(block, number) for block, number in BLOCK.findall((pages / PAGES[model]).read_text(encoding="utf-8"))
              if number.rstrip("0123456789") == LETTERS[model]]
    chance = random.Random(1)
    for _ in range(5):
        state = [(start or 0.5) * chance.uniform(0.5, 2) for start in file.start.values()]
        values = {name: (value or 0.3) * chance.uniform(0.8, 1.2) for name, value in file.values.items()}
        computed = dict(zip(file.computed, file.observe(0.0, state, values)))
        computed.pop("day")  # which is time, and in no equation
        rates = dict(zip(file.start, file.rates(0.0, state, values)))
        known = {symbols[name]: value for name, value in {**dict(zip(file.start, state)), **values, **computed}.items()}
        wanted = {f"d{symbols[name]}/dt": rate for name, rate in rates.items()}
        wanted |= {name if name in readouts else symbols[name]: value for name, value in computed.items()}
        found = []
        for number, name, right in equations_of(blocks):
            require(name in wanted, f"({number}): the model computes no “{name}”")
            value = Reader(right, known).value()
            # Rounding, and some room for rates that are small differences of large fluxes.
            require(abs(value - wanted[name]) <= 1e-10 * abs(wanted[name]),
                    f"({number}): “{name} = {right}” gives {value:.15g}, the model {wanted[name]:.15g}")
            found.append(name)
        require(sorted(found) == sorted(wanted),
                f"no equation, or more than one, for {sorted(set(wanted) - set(found)) or found}")
    return len(found)


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    pages, program = pathlib.Path(sys.argv[1]) / "docs" / "theory", str(pathlib.Path(sys.argv[2]).resolve())
    try:
        for model, page in PAGES.items():
            print(f"{page}: all {compare(program, pages, model)} equations of {model} say what is computed", flush=True)
    except Complaint as complaint:
        print(f"FAILS: {model}: {complaint}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
