#!/usr/bin/python3
"""Checks that the program does what docs/reference/command_line.md says, as people meet it.

    command_line.py PROGRAM
    command_line.py PROGRAM --quick    leaves out the examples that take longest

Runs PROGRAM in temporary folders; ends with 1 if a claim does not hold.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from claims import check_claims  # noqa: E402

from bench import Bench  # noqa: E402
import wrong_input, file_trouble, words, pictures, analyses, exports  # noqa: E402, E401, F401  (their claims, in this order)


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--quick"]):
        print(__doc__, file=sys.stderr)
        return 2
    if sys.argv[2:] == ["--quick"]:
        words.SLOW_EXAMPLES.update(("continue", "fit", "profile", "sample", "predict"))
    program = str(pathlib.Path(sys.argv[1]).resolve())
    return 1 if check_claims(lambda folder: Bench(program, folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
