"""What the scripts that check claims about the program share."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE_MESSAGE = re.compile(r"[^:]+: \S.* \(\S.*\); \S.*")
PLACE_OR_FILE_MESSAGE = re.compile(r"[^:]+(:[1-9]\d*:[1-9]\d*)?: \S.* \(\S.*\); \S.*")
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


class Bench:
    """A temporary folder in which the program runs, in a process group of its own, so that it can be killed."""

    message = FILE_MESSAGE  # what it says when it refuses

    def __init__(self, program, folder, **environment):
        self.program, self.folder = program, folder
        self.environment = dict(os.environ, LC_ALL="C.UTF-8", **environment)
        self.environment.setdefault("OSTEOFLARE_LIBRARY", str(ROOT / "scenarios" / "library"))

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def content(self, name):
        return (self.folder / name).read_bytes()

    def start(self, *arguments, before=None, launcher=()):
        return subprocess.Popen([*launcher, self.program, *arguments], cwd=self.folder, env=self.environment,
                                preexec_fn=before, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, start_new_session=True)

    def run(self, *arguments, expect=0, **how):
        process = self.start(*arguments, **how)
        try:
            out, error = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            kill(process)  # or it goes on without us
            raise
        require(process.returncode == expect,
                f"`{' '.join(arguments)}` ended with {process.returncode}, not {expect}:\n{out}{error}")
        return out, error

    def refuse(self, *arguments, says, expect, **how):
        """Runs what must be refused in one line that holds all of `says`."""
        _, error = self.run(*arguments, expect=expect, **how)
        require(error.count("\n") == 1 and self.message.fullmatch(error.rstrip("\n")),
                f"`{' '.join(arguments)}` should say one line, not:\n{error}")
        for words in says:
            require(words in error, f"“{words}” should be in: {error}")


def kill(process, number=signal.SIGKILL):
    """How it ended, and what it said."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:  # it has ended
        pass
    _, error = process.communicate(timeout=60)
    return process.returncode, error


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
