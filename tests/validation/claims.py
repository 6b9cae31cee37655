"""What the scripts that check claims about the program share."""

import pathlib
import subprocess
import tempfile
import time

CLAIMS = []


class Complaint(Exception):
    """A claim that does not hold."""


def require(condition, complaint):
    if not condition:
        raise Complaint(complaint)


def claim(text):
    """Marks a function that checks a claim; it may return a remark."""
    def add(function):
        CLAIMS.append((text, function))
        return function

    return add


def check_claims(make_bench):
    """Tries each claim in a folder of its own, with what `make_bench` makes of that folder; how many fail."""
    failed = 0
    for text, function in CLAIMS:
        with tempfile.TemporaryDirectory(prefix="osteoflare_claims_") as folder:
            begin = time.monotonic()
            try:
                remark = function(make_bench(pathlib.Path(folder)))
                print(f"holds: {text}{f' ({remark})' if remark else ''} [{time.monotonic() - begin:.1f} s]", flush=True)
            except (Complaint, OSError, LookupError, ValueError, TypeError, subprocess.SubprocessError) as complaint:
                failed += 1
                print(f"FAILS: {text}\n    {complaint}".replace("\n", "\n    "), flush=True)
    print(f"{failed} of {len(CLAIMS)} claims fail" if failed else f"all {len(CLAIMS)} claims hold")
    return failed
