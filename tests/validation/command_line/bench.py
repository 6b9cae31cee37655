"""What the claims about the command line share."""

import os
import re
import shlex
import subprocess

from claims import require, ROOT

LIBRARY = ROOT / "scenarios" / "library"
WRONG_INPUT, NUMERICAL_FAILURE, PARTLY_FAILED, FILE_TROUBLE = 2, 3, 4, 5

PLACE_MESSAGE = re.compile(r"(?P<file>[^:]+):(?P<line>[1-9]\d*):(?P<column>[1-9]\d*): \S.* \(\S.*\); \S.*")
FILE_MESSAGE = re.compile(r"(?P<file>[^:]+): \S.* \(\S.*\); \S.*")

SHORT = 'title = "Short"\nend = "12 d"\n[output]\nevery = "1 d"\nvariables = ["il1b", "bone"]\n'
CHILDREN = 'title = "Ten children"\n[children]\nnumber = 10\n'
DRAWN = '[sweep]\nmethod = "random"\nsize = 20\nseed = 1\nvary.cxcl1_half = { lognormal_cv = 0.1 }\n'


class Done:
    """What a finished command left behind."""

    def __init__(self, command, result):
        self.code, self.out, self.error = result.returncode, result.stdout, result.stderr
        self.text = (f"`{command}` ended with {self.code}, printed:\n{self.out or '(nothing)'}"
                     f"\non standard error:\n{self.error or '(nothing)'}")

    def require(self, condition, what):
        require(condition, f"{what}: {self.text}")


class Bench:
    """A temporary folder in which the program runs."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.environment = dict(os.environ, LC_ALL="C.UTF-8")
        self.environment.setdefault("OSTEOFLARE_LIBRARY", str(LIBRARY))

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def files(self):
        return {str(path.relative_to(self.folder)): path.read_bytes() if path.is_file() else None
                for path in sorted(self.folder.rglob("*"))}

    def start(self, *arguments):
        return subprocess.Popen([self.program, *arguments], cwd=self.folder, env=self.environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def run(self, *arguments, expect=0, before=None, **environment):
        result = subprocess.run([self.program, *arguments], cwd=self.folder, env=self.environment | environment,
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, preexec_fn=before,
                                check=False)
        done = Done(shlex.join(["osteoflare", *arguments]), result)
        done.require(done.code == expect, f"the exit code should be {expect}")
        if expect in (WRONG_INPUT, FILE_TROUBLE):
            pattern = PLACE_MESSAGE if expect == WRONG_INPUT else FILE_MESSAGE
            done.require(done.error.count("\n") == 1 and pattern.fullmatch(done.error.rstrip("\n")),
                         "standard error should be one line in the grammar of messages")
            done.require(done.out == "", "standard output should be empty")
        return done

    def refuse(self, *arguments, expect, says, at=None, **options):
        """Runs what must be refused with a message that holds `says`, at "line:column", and leave no trace."""
        before = self.files()
        done = self.run(*arguments, expect=expect, **options)
        done.require(says in done.error, f"the message should say “{says}”")
        if at:
            place = PLACE_MESSAGE.fullmatch(done.error.rstrip("\n"))
            done.require(f"{place['line']}:{place['column']}" == at, f"the message should point at {at}")
        changed = {name for name, content in self.files().items() if before.get(name, b"?") != content}
        changed |= before.keys() - self.files().keys()
        done.require(not changed, f"nothing should be left behind or changed, but: {sorted(changed)}")
        return done
