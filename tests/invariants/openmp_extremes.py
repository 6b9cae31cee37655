#!/usr/bin/python3
"""Checks that settings of OpenMP, however odd, change no bit of what is computed and end nothing in a crash.

    openmp_extremes.py PROGRAM

Ends with 1 and the settings that do, if any do.
"""

import os
import pathlib
import sys
import tempfile

import same_numbers

SETTINGS = [
    {"OMP_NUM_THREADS": "1"},
    {"OMP_NUM_THREADS": "64"},
    {"OMP_NUM_THREADS": "3,2,2", "OMP_NESTED": "true", "OMP_MAX_ACTIVE_LEVELS": "3"},
    {"OMP_THREAD_LIMIT": "1"},
    {"OMP_DYNAMIC": "true"},
    {"OMP_SCHEDULE": "static,1"},
    {"OMP_SCHEDULE": "guided"},
    {"OMP_STACKSIZE": "256k"},
    {"OMP_PROC_BIND": "true", "OMP_PLACES": "{0}"},
    {"OMP_WAIT_POLICY": "active", "GOMP_SPINCOUNT": "1000"},
    {"OMP_CANCELLATION": "true"},
    {"OMP_NUM_THREADS": "none of these"},
]
# What runs on threads: members, the voxels and agents of a tissue, children. (text or name, verb, arguments)
WORK = [(what, text, [argument for argument in arguments if argument not in same_numbers.SMALL])
        for what, text, arguments, _ in same_numbers.CASES if what in ("mice in lanes", "a tissue", "children under two arms")]


def main():
    program = os.path.abspath(sys.argv[1])
    complaints = []
    for what, text, arguments in WORK:
        def digests(*more):
            with tempfile.TemporaryDirectory() as folder:
                return same_numbers.compute(program, pathlib.Path(folder), text, (*arguments, *more), None)

        expected = digests("--threads", "1")
        if digests("--threads", "64") != expected:
            complaints.append(f"{what}: --threads 64 changes bits")
        for setting in SETTINGS:
            os.environ.update(setting)
            if digests() != expected:
                complaints.append(f"{what}: {setting} changes bits")
            for name in setting:
                del os.environ[name]
    for complaint in complaints:
        print(complaint)
    print(f"{len(WORK) * (len(SETTINGS) + 1)} runs, {len(complaints)} with other bits")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
