#!/usr/bin/python3
"""Checks that results come to stand where the user pointed, and nowhere else.

    output_places.py PROGRAM

Gives scenarios names that point elsewhere, and puts links, folders and files in the way. Ends with 1 if a claim does
not hold.
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "validation"))

from claims import Bench, check_claims, claim, PLACE_OR_FILE_MESSAGE, require  # noqa: E402

WRONG_INPUT, FILE_TROUBLE = 2, 5
SHORT = 'title = "short"\nend = "10 d"\noutput = { every = "1 d", variables = ["il1b", "swelling"] }\n'
TISSUE = ('model = "agents"\nstart = "7 d"\nend = "7.1 d"\n[output]\nsnapshots = "0.05 d"\nevery = "0.05 d"\n[tissue]\n'
          'width = "200 um"\ndepth = "200 um"\nheight = "100 um"\nstep = "2160 s"\nfield_step = "1080 s"\n')


class Places(Bench):
    """A folder `here` in which the program runs, beside things that it must not touch."""

    message = PLACE_OR_FILE_MESSAGE

    def __init__(self, program, folder):
        here = folder / "above" / "here"
        here.mkdir(parents=True)
        super().__init__(program, here)
        self.outside = folder
        (folder / "precious").write_text("precious")
        self.write("short.toml", SHORT)

    def seen(self):
        """All there is outside, and what is in it."""
        return {path: path.read_bytes() if path.is_file() and not path.is_symlink() else None
                for path in self.outside.rglob("*") if self.folder not in path.parents}


@claim("names that point elsewhere write into results/ or are refused")
def names(bench):
    before = bench.seen()
    for name in ("..", "...", "-o", "~", "$HOME", "a b", "a;b", "a\\..\\b", "ü", "%2e%2e%2fx", "CON", "." * 50, "x" * 200):
        bench.write(f"{name}.toml", SHORT)
        inside = set(bench.folder.iterdir())
        bench.run("run", f"./{name}.toml", "--force")
        require((bench.folder / "results" / f"{name}.h5").is_file(), f"the results of '{name}' are not in results/")
        require(set(bench.folder.iterdir()) - inside <= {bench.folder / "results"}, f"'{name}' wrote beside results/")
    for name in ("a\nb", "a\x1bb", "a\u202eb"):
        bench.write(f"{name}.toml", SHORT)
        bench.refuse("run", f"./{name}.toml", says=["control character"], expect=WRONG_INPUT)
    (bench.folder / os.fsdecode(b"latin\xe4.toml")).write_text(SHORT)
    bench.refuse("run", os.fsdecode(b"./latin\xe4.toml"), says=["cannot be written down"], expect=WRONG_INPUT)
    bench.write("x" * 251 + ".toml"[:4], SHORT)
    require(bench.seen() == before, "something outside has changed")


@claim("a scenario that says where it came from, as shards do, cannot send results elsewhere")
def notes(bench):
    before = bench.seen()
    shards = bench.folder / "it.h5.shards"
    shards.mkdir()
    (shards / "study").write_text("osteoflare study 1\ndigest 0\nname ../../precious\nscenario\n" + SHORT)
    # Without the program's own checksum it is not read at all; what it says is fuzzed with one (study_note.cpp).
    bench.refuse("merge", "it.h5", says=["is damaged (its checksum does not match)"], expect=FILE_TROUBLE)
    (shards / "study").write_text("osteoflare study 1\ndigest 0\nname it\nchange seed=../../x\nscenario\n" + SHORT)
    bench.refuse("merge", "it.h5", says=["is damaged (its checksum does not match)"], expect=FILE_TROUBLE)
    require(bench.seen() == before, "something outside has changed")


@claim("a link in the place of the results is never followed: what it points to stays as it is")
def links(bench):
    before = bench.seen()
    precious = bench.outside / "precious"
    link = bench.folder / "it.h5"
    link.symlink_to(precious)
    bench.refuse("run", "short.toml", "-o", "it.h5", says=["exists already"], expect=FILE_TROUBLE)
    bench.run("run", "short.toml", "-o", "it.h5", "--force")
    require(not link.is_symlink(), "the link is still there")
    for ending in (".part", ".shards", ".checkpoint.part", ".snapshots", ".checkpoint"):
        bench.write("tissue.toml", TISSUE)
        for old in bench.folder.glob("in_space*"):
            os.remove(old)
        (bench.folder / f"in_space.h5{ending}").symlink_to(precious)
        process = bench.start("run", "tissue.toml", "-o", "in_space.h5", "--force", "--checkpoint", "0")
        process.communicate(timeout=60)
        require(precious.read_bytes() == b"precious", f"a link at in_space.h5{ending} was followed")
    for made in (("plot", "it.h5", "-o", "it.svg"), ("report", "it.h5", "-o", "it.html")):
        (bench.folder / made[-1]).symlink_to(precious)
        bench.refuse(*made, says=["exists already"], expect=FILE_TROUBLE)
        bench.run(*made, "--force")
    require(bench.seen() == before, "something outside has changed")


@claim("a link that leads nowhere, or to a folder, is no place for results either")
def dangling(bench):
    before = bench.seen()
    (bench.folder / "it.h5").symlink_to(bench.outside / "new")
    bench.refuse("run", "short.toml", "-o", "it.h5", says=["exists already"], expect=FILE_TROUBLE)
    bench.run("run", "short.toml", "-o", "it.h5", "--force")
    (bench.folder / "folder.h5").symlink_to(bench.outside)
    bench.refuse("run", "short.toml", "-o", "folder.h5", "--force", says=["this is a folder"], expect=FILE_TROUBLE)
    require(bench.seen() == before, "something outside has changed")


@claim("folders and files in the way are named")
def in_the_way(bench):
    bench.write("results", "I am a file")
    bench.refuse("run", "short.toml", says=["results: cannot be made"], expect=FILE_TROUBLE)
    require((bench.folder / "results").read_text() == "I am a file", "the file `results` was touched")
    bench.refuse("run", "short.toml", "-o", "results/it.h5", says=["is not a folder"], expect=FILE_TROUBLE)
    bench.refuse("run", "short.toml", "-o", "nowhere/it.h5", says=["does not exist"], expect=FILE_TROUBLE)
    bench.refuse("run", "short.toml", "-o", "/dev/null", "--force", says=["/dev/null"], expect=FILE_TROUBLE)
    bench.refuse("run", "short.toml", "-o", "x" * 300, says=["cannot be written"], expect=FILE_TROUBLE)
    bench.refuse("run", "short.toml", "-o", "/proc/it.h5", says=["cannot be written"], expect=FILE_TROUBLE)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    program = str(pathlib.Path(sys.argv[1]).resolve())
    return 1 if check_claims(lambda folder: Places(program, folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
