#!/usr/bin/python3
"""Checks that every source is compiled for the same arithmetic: no fused multiply-adds but those that are written, no liberties.

    floating_point.py BUILD

Reads BUILD/compile_commands.json. Ends with 1 and the sources that are compiled otherwise, if there are any.
"""

import json
import pathlib
import shlex
import sys

LIBERTIES = {"-ffast-math", "-Ofast", "-funsafe-math-optimizations", "-fassociative-math", "-freciprocal-math",
             "-ffinite-math-only", "-fno-signed-zeros", "-mfpmath=387", "-fsingle-precision-constant"}


def complaints(command):
    options = shlex.split(command["command"]) if "command" in command else command["arguments"]
    contract = [option for option in options if option.startswith("-ffp-contract")]
    if contract[-1:] != ["-ffp-contract=off"]:
        yield "without -ffp-contract=off"
    for option in options:
        if option in LIBERTIES:
            yield f"with {option}"


def main():
    commands = json.loads((pathlib.Path(sys.argv[1]) / "compile_commands.json").read_text())
    found = [f"{command['file']}: compiled {complaint}" for command in commands for complaint in complaints(command)]
    for line in found:
        print(line)
    print(f"{len(commands)} sources, {len(found)} compiled for other arithmetic")
    sys.exit(1 if found or not commands else 0)


if __name__ == "__main__":
    main()
