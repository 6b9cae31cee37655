#!/usr/bin/env python3
"""Checks that the equation numbers of the code and of the theory pages match, both ways.

Usage: equation_numbers.py [repository root]

Code: numbers such as (12) or (L3) in // comments of model/**/*.hpp and *.cpp; ranges such as (19)–(25) do not count. The
engine in space has some of its equations in scenarios/spatial/ and solvers/agents/, where only numbers with a letter count.
Pages: \\tag{12} in docs/theory/*.md, each number once.
Prints every number that stands on one side only and every \\tag that stands twice; exits with 1 if there is any.
"""

import pathlib
import re
import sys

NUMBER = r"\(([A-Z]?\d{1,3})\)"
ENGINE = ("scenarios/spatial", "solvers/agents")
RANGE = re.compile(NUMBER + r"\s*(?:[-–—]|to)\s*" + NUMBER)
TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
TAG = re.compile(r"\\tag\{([^}]*)\}")


def places(files, root, numbers_of):
    """{number: ["file:line", ...]} of all files."""
    found = {}
    for file in sorted(files):
        for line_number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            for number in numbers_of(line):
                found.setdefault(number, []).append(f"{file.relative_to(root)}:{line_number}")
    return found


def comment_numbers(line):
    comment = TEXT.sub("", line).partition("//")[2]
    return re.findall(NUMBER, RANGE.sub("", comment))


def problems(root):
    def sources(folder):
        return [f for ending in ("hpp", "cpp") for f in (root / folder).rglob(f"*.{ending}")]

    in_code = places(sources("model"), root, comment_numbers)
    engine = [f for folder in ENGINE for f in sources(folder)]
    for number, where in places(engine, root, lambda line: [n for n in comment_numbers(line) if n[0].isalpha()]).items():
        in_code.setdefault(number, []).extend(where)
    on_pages = places((root / "docs" / "theory").glob("*.md"), root, TAG.findall)
    if not in_code or not on_pages:
        yield "no equation numbers found (model/ or docs/theory/ is empty); give the root of the repository"
    for number, where in in_code.items():
        if number not in on_pages:
            yield f"{where[0]}: equation ({number}) stands on no theory page"
    for number, where in on_pages.items():
        if number not in in_code:
            yield f"{where[0]}: equation ({number}) stands in no comment of the code"
        if len(where) > 1:
            yield f"{where[1]}: equation ({number}) stands already at {where[0]}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found = list(problems(root))
    print("\n".join(found) if found else "equation numbers of code and pages match")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
