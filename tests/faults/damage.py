"""Damage to what a killed run left, and to finished results."""

import pathlib
import tempfile

from trial import command_of, contents, Fault, FILE_TROUBLE, FINE, KILL_ENDS, require, Trial


def left_by_a_kill(laboratory, reference):
    """What is there when everything is computed and the results do not have their name yet."""
    first = len(reference.verb.results) if reference.verb.name.startswith("run, ") else 1
    number = reference.calls.count("rename") - first + 1
    with tempfile.TemporaryDirectory(dir=laboratory.folder) as name:
        folder = pathlib.Path(name) / "out"
        folder.mkdir()
        process = laboratory.start(command_of(reference.verb), folder,
                                   Fault("", f"rename:{number}:kill", ends=KILL_ENDS))
        process.communicate(timeout=120)
        return {name: content for name, content in contents(folder).items() if not name.endswith(".part")}


def damages(laboratory, reference, chance, n):
    """n of them, of what is left of a verb that goes on, and n of its results where others read them."""
    chosen = []
    if reference.verb.resumes and "part" not in reference.verb.name:
        left = left_by_a_kill(laboratory, reference)
        names = sorted(left)
        for i in range(n if names else 0):
            name = names[i % len(names)]
            chosen.append(Fault("left work damaged", damage=(name, *harm(chance, len(left[name])))))
        reference.left = left
    if reference.verb.results[0] == "it.h5" and reference.verb.name != "merge":
        size = len(reference.files["it.h5"])
        chosen += [Fault("results damaged", damage=("it.h5", *harm(chance, size))) for _ in range(n)]
    return chosen


def harm(chance, size):
    """Where, and which bit is flipped; None if the file is cut off there. Both ends are hit as often as the rest."""
    region = chance.choice(("head", "middle", "tail"))
    place = {"head": lambda: chance.randrange(min(size, 96)), "middle": lambda: chance.randrange(size),
             "tail": lambda: size - 1 - chance.randrange(min(size, 96))}[region]()
    return place, chance.choice((None, *range(8)))


def harmed(content, place, bit):
    if bit is None:
        return content[:place]
    changed = bytearray(content)
    changed[place] ^= 1 << bit
    return bytes(changed)


class Damaged(Trial):
    """A file is damaged: what reads it names it, and never takes it for whole."""

    def __init__(self, laboratory, reference, fault):
        super().__init__(laboratory, reference, fault)

    def meet(self):
        pass

    def prepare(self):
        name, place, bit = self.fault.damage
        present = self.reference.left if self.fault.kind == "left work damaged" else self.reference.files
        for other, content in present.items():
            path = self.folder / other
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(harmed(content, place, bit) if other == name else content)

    def go_on(self):
        (self.read_left if self.fault.kind == "left work damaged" else self.read_results)()

    def read_left(self):
        """The verb computes again what is damaged, or refuses; it says which file in both cases."""
        name = self.fault.damage[0]
        process = self.laboratory.start(command_of(self.verb, "--resume"), self.folder)
        out, error = process.communicate(timeout=120)
        require(process.returncode in (FINE, FILE_TROUBLE), f"it ended with {process.returncode}: {error}")
        self.survived = process.returncode == FINE
        # A snapshot behind those that the checkpoint knows of is taken again, whatever stands there.
        may_be_unused = self.survived and name.endswith(".snapshots")
        require(name in error or may_be_unused, f"it should name {name}: {error}")
        if self.survived:
            require(out == self.reference.out, f"it says something else:\n{out}{error}")
            self.require_unbroken()
            self.was_gone_on_with = True

    def read_results(self):
        """Whoever reads them finds what is wrong, or reads what was written."""
        process = self.laboratory.start(("report", "it.h5", "-o", "it.html"), self.folder)
        out, error = process.communicate(timeout=120)
        require(process.returncode in (FINE, FILE_TROUBLE), f"report ended with {process.returncode}: {error}")
        self.survived = process.returncode == FINE
        if self.survived:
            require((self.folder / "it.html").read_bytes() == self.page(), "report shows something else")
        else:
            require(error.startswith("it.h5: "), f"report should name the file: {error}")

    def page(self):
        """What report makes of the undamaged file."""
        if not hasattr(self.reference, "page"):
            (self.folder / "it.h5").write_bytes(self.reference.files["it.h5"])
            self.laboratory.undisturbed(("report", "it.h5", "-o", "it.html", "--force"), self.folder)
            self.reference.page = (self.folder / "it.html").read_bytes()
        return self.reference.page
