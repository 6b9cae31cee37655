#!/usr/bin/python3
"""Fails if two headers define a type of one name in one namespace: the linker would take one of them for both.

    one_definition.py ROOT
"""

import pathlib
import re
import sys

NAMESPACE = re.compile(r"^namespace ([\w:]+) \{", re.MULTILINE)
TYPE = re.compile(r"^(?:struct|class|enum class|enum)(?: \[\[\w+\]\])? (\w+)(?: final)?(?: : [^;{]*)?\s*\{", re.MULTILINE)


def definitions(text):
    """(namespace, name) of the types that a header defines, but for those inside others."""
    opened = [(found.start(), found[1]) for found in NAMESPACE.finditer(text)]
    for found in TYPE.finditer(text):
        around = [name for start, name in opened if start < found.start()]
        yield around[-1] if around else "", found[1]


def main():
    root = pathlib.Path(sys.argv[1])
    seen, wrong = {}, 0
    for folder in ("model", "solvers", "output", "scenarios"):
        for header in sorted((root / folder).rglob("*.hpp")):
            for key in definitions(header.read_text(encoding="utf-8")):
                if key in seen and seen[key] != header:
                    print(f"{header.relative_to(root)}: {'::'.join(key)} stands in {seen[key].relative_to(root)}, too")
                    wrong += 1
                seen.setdefault(key, header)
    print("every type is defined once" if wrong == 0 else f"{wrong} types are defined twice")
    sys.exit(wrong > 0)


main()
