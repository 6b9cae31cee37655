"""One fault in one run: what is injected, and what is asked of the program afterwards."""

import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "validation"))
from claims import Complaint, FILE_MESSAGE, require, ROOT  # noqa: E402

from verbs import INPUTS, MADE_INPUTS  # noqa: E402

FINE, FILE_TROUBLE = 0, 5
KILL_ENDS = (signal.SIGKILL,)
SENT = {"kill": signal.SIGKILL, "int": signal.SIGINT, "term": signal.SIGTERM}
PRECIOUS = b"what was there before\n"


@dataclasses.dataclass(frozen=True)
class Fault:
    """What happens to one run."""
    kind: str               # a row of the table
    what: str = ""          # OSTEOFLARE_FAULT for the preloaded library
    launcher: tuple = ()    # put before the program
    after: float = 0        # a signal comes after this share of the usual duration …
    sends: str = ""         # … this one
    disk_kb: int = 0        # the folder is a disk of its own, of this size
    damage: tuple = ()      # a file, a place in it, and the bit that flips there (None: it ends there)
    ends: tuple = ()        # signals that may end the program

    def __str__(self):
        return " ".join(f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self)
                        if getattr(self, field.name))


class Laboratory:
    """The program, its inputs, and what each verb leaves when nobody disturbs it."""

    def __init__(self, program, preload, folder, mpirun=None):
        self.program, self.preload, self.folder, self.mpirun = program, preload, folder, mpirun
        folder.chmod(0o755)  # whoever has no right to write may still read
        self.inputs = folder / "in"
        self.inputs.mkdir()
        self.environment = dict(os.environ, LC_ALL="C.UTF-8", OMP_WAIT_POLICY="passive", TZ="UTC")
        self.environment.setdefault("OSTEOFLARE_LIBRARY", str(ROOT / "scenarios" / "library"))
        self.environment.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        for name, text in INPUTS.items():
            (self.inputs / name).write_text(text)
        for command in MADE_INPUTS:
            self.undisturbed(command, folder)

    def words(self, command):
        return [str(self.inputs / word[1:]) if word.startswith("@") else word for word in command]

    def start(self, command, folder, fault=None, log=None):
        environment = dict(self.environment)
        if log or (fault and fault.what):
            environment.update(LD_PRELOAD=self.preload, OSTEOFLARE_FAULT_FOLDER=str(folder))
        if log:
            environment["OSTEOFLARE_FAULT_LOG"] = str(log)
        if fault and fault.what:
            environment["OSTEOFLARE_FAULT"] = fault.what
        launcher = fault.launcher if fault else ()
        if self.mpirun and command[0] == "sweep":
            launcher = (*launcher, self.mpirun, "--oversubscribe", "-n", "2")
        return subprocess.Popen([*launcher, self.program, *self.words(command)], cwd=folder, env=environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                start_new_session=True)

    def undisturbed(self, command, folder, log=None):
        process = self.start(command, folder, log=log)
        out, error = process.communicate(timeout=120)
        require(process.returncode == FINE,
                f"`{' '.join(command)}`, undisturbed, ended with {process.returncode}: {error}")
        return out, error


class Reference:
    """What a verb leaves when nobody disturbs it, the calls that it makes on the way, and how long it takes."""

    def __init__(self, laboratory, verb):
        self.verb = verb
        with tempfile.TemporaryDirectory(dir=laboratory.folder) as name:
            folder, log = pathlib.Path(name) / "out", pathlib.Path(name) / "log"
            folder.mkdir()
            for command in verb.before:
                laboratory.undisturbed(command, folder)
            begin = time.monotonic()
            self.out, _ = laboratory.undisturbed(command_of(verb), folder, log)
            self.seconds = time.monotonic() - begin
            self.files = contents(folder)
            require(set(self.files) == set(verb.results), f"{verb.name}: it leaves {sorted(self.files)}")
            self.calls = [line.split()[0] for line in log.read_text().splitlines()]
            self.n_bytes = sum(map(len, self.files.values()))


def command_of(verb, *options):
    return (*verb.command, *(("--threads", "1") if verb.threads else ()), *options)


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class Trial:
    """A verb that meets a fault in a folder of its own. `replaces`: over results that were there before."""

    def __init__(self, laboratory, reference, fault, replaces=False):
        self.laboratory, self.reference, self.verb, self.fault = laboratory, reference, reference.verb, fault
        self.replaces = replaces and self.verb.replaces and not self.verb.before and "part" not in self.verb.name
        self.force = ("--force",) if self.replaces else ()
        self.survived = self.was_gone_on_with = False

    def run(self):
        with tempfile.TemporaryDirectory(dir=self.laboratory.folder) as name:
            pathlib.Path(name).chmod(0o755)
            self.folder = pathlib.Path(name) / "out"
            self.folder.mkdir()
            on_disk = self.fault.disk_kb > 0
            if on_disk:
                mount("-t", "tmpfs", "-o", f"size={self.fault.disk_kb}k", "faults", str(self.folder))
            try:
                self.prepare()
                self.meet()
                if on_disk:
                    mount("-o", "remount,size=256m", str(self.folder))
                self.go_on()
            finally:
                if on_disk:
                    subprocess.run(["umount", "-l", str(self.folder)], check=True)

    def prepare(self):
        for command in self.verb.before:
            self.laboratory.undisturbed(command, self.folder)
        if self.replaces:
            for name in self.verb.results:
                (self.folder / name).write_bytes(PRECIOUS)

    def meet(self):
        """The run that meets the fault."""
        process = self.laboratory.start(command_of(self.verb, *self.force), self.folder, self.fault)
        if self.fault.sends:
            time.sleep(self.fault.after * self.reference.seconds)
            os.killpg(process.pid, SENT[self.fault.sends])
        out, error = process.communicate(timeout=120)
        if self.laboratory.mpirun:
            self.wait_for_all()
            self.judge_end_of_several(process.returncode, error)
        else:
            self.judge_end(process.returncode, out, error)
        # Where a removal is what fails, something is left, and nothing is lost.
        is_left = "cannot be removed" in error or self.fault.what.startswith(("unlink:", "remove:", "rmdir:", "stat:"))
        self.judge_files(process.returncode == FINE, is_left)

    def judge_end(self, code, out, error):
        self.survived = code == FINE
        if code == FINE:
            require(out == self.reference.out, f"it ended with 0 and said something else:\n{out}{error}")
        elif code < 0:
            require(-code in self.fault.ends, f"it died of signal {-code}, which nobody sent: {error}")
            begun = [name for name in contents(self.folder) if name.endswith(".h5.part")]
            require(-code == signal.SIGKILL or not begun, "interrupted at work, it should say so")
        elif code > 128:
            require(code - 128 in self.fault.ends, f"it ended with {code}: {error}")
            is_done = self.is_complete() and "it.h5" in self.verb.results
            says = "is complete (interrupted" if is_done else "is not complete (interrupted)"
            require(says in error, f"interrupted, it should say that it {says}: {error}")
        else:
            require(code == FILE_TROUBLE, f"it ended with {code}, not {FILE_TROUBLE}: {error}")
            last = error.splitlines()[-1] if error else ""
            require(FILE_MESSAGE.fullmatch(last), f"it should say what is wrong, not:\n{error}")
            require(not self.is_complete() or "part" in self.verb.name,
                    f"its results are complete, and it says: {error}")

    def judge_end_of_several(self, code, error):
        """mpirun ends as the first process that did not end well, and ends the others; it adds words of its own."""
        self.survived = code == FINE
        ends = {end for number in self.fault.ends for end in (-number, 128 + number)}
        if self.fault.sends:
            ends.add(1)  # as mpirun does
        if code == FILE_TROUBLE:
            require(any(map(FILE_MESSAGE.fullmatch, error.splitlines())), f"it should say what is wrong: {error}")
        else:
            require(code == FINE or code in ends, f"it ended with {code}: {error}")

    def wait_for_all(self):
        """Until the processes are gone that mpirun started."""
        end = time.monotonic() + 60
        while any(works_in(process, self.folder) for process in pathlib.Path("/proc").glob("[0-9]*")):
            require(time.monotonic() < end, "a process goes on after mpirun has ended")
            time.sleep(0.01)

    def is_complete(self):
        there = contents(self.folder)
        return all(there.get(name) == content for name, content in self.reference.files.items())

    def judge_files(self, is_over, is_left=False):
        """No result is half-written, and none that was there is lost; whoever ended with 0 has left all of them."""
        there = contents(self.folder)
        for name, content in self.reference.files.items():
            if name in there and self.replaces and there[name] == PRECIOUS:
                require(not is_over, f"{name}: it ended with 0 and has not replaced it")
            elif name in there and name.endswith("/study"):
                continue  # of nobody's interest before a shard is closed
            elif name in there:
                require(there[name] == content, f"{name}: other bytes ({len(there[name])}, not {len(content)})")
            else:
                require(not is_over, f"{name}: it ended with 0 and is not there")
                require(not self.replaces, f"{name}: what was there before is lost")
        strange = [name for name in there if name not in self.reference.files and not is_leftover(name)]
        require(not strange, f"this is left: {strange}")
        if is_over and not is_left:
            require(set(there) == set(self.reference.files), f"ended with 0, it leaves {sorted(there)}")
        first = self.reference.files[self.verb.results[0]]
        if there.get(self.verb.results[0]) == first and not self.verb.results[0].endswith("/study"):
            require(self.is_complete(), "the results are there without what belongs to them")

    def go_on(self):
        """The same once more, undisturbed: what was finished is kept, and the end is that of a run in one piece."""
        if self.is_complete():
            return
        there = contents(self.folder)
        closed = [name for name in there if name.endswith(".shard")]
        saved = [name for name in there if name.endswith(".checkpoint")]
        if self.verb.resumes and (closed or saved) and not self.replaces:
            self.refuse_to_lose()
        resume = ("--resume",) if self.verb.resumes else ()
        log = self.folder.parent / "log"
        out, error = self.laboratory.undisturbed(command_of(self.verb, *resume, *self.force), self.folder, log)
        require(out == self.reference.out, f"gone on with, it says something else:\n{out}{error}")
        self.require_unbroken()
        calls = set(log.read_text().splitlines())
        for name in closed if self.verb.resumes else []:
            again = f"open {(self.folder / name).with_suffix('.part')}"
            require(again not in calls, f"{name} was closed, and is computed again")
        if saved and self.verb.resumes:
            require("going on from" in error, f"there is a checkpoint, and it does not go on from it: {error}")
        self.was_gone_on_with = bool(closed or saved) and self.verb.resumes

    def refuse_to_lose(self):
        """Without --resume, what is finished is not dropped."""
        before = contents(self.folder)
        process = self.laboratory.start(command_of(self.verb), self.folder)
        _, error = process.communicate(timeout=120)
        require(process.returncode == FILE_TROUBLE and "--resume" in error and "--force" in error,
                f"without --resume it should be refused, not end with {process.returncode}: {error}")
        after = contents(self.folder)
        lost = [name for name in before if is_kept(name) and after.get(name) != before[name]]
        require(not lost, f"without --resume this is lost: {lost}")

    def require_unbroken(self):
        there = contents(self.folder)
        for name, content in self.reference.files.items():
            require(name in there, f"gone on with: {name} is not there")
            require(there[name] == content, f"gone on with: {name} has other bytes")
        require(set(there) == set(self.reference.files), f"gone on with: this is left: {sorted(there)}")


def works_in(process, folder):
    try:
        return (process / "cwd").samefile(folder)
    except OSError:
        return False


def is_leftover(name):
    """What an interrupted run may leave: nothing that could be taken for results."""
    return name.endswith((".part", ".checkpoint", ".snapshots")) or re.match(r"it\.h5\.shards/", name)


def is_kept(name):
    return name.endswith((".shard", ".checkpoint", ".snapshots"))


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
