#!/usr/bin/python3
"""Does what README and the pages say, and compares what the program prints with what they show.

    pages.py PROGRAM            checks; ends with 1 if something differs
    pages.py PROGRAM --write    rewrites the outputs that they show, for a reader to check
    pages.py PROGRAM --quick    leaves out the tutorials that take longest

Runs PROGRAM in temporary folders.
"""

import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from claims import Bench, check_claims, claim, require, ROOT

PAGES = ["README.md",
         "docs/tutorials/first_run.md",
         "docs/tutorials/agents.md",
         "docs/tutorials/clusters.md",
         "docs/tutorials/continue.md",
         "docs/tutorials/fit.md",
         "docs/tutorials/patient.md",
         "docs/tutorials/paw_study.md",
         "docs/tutorials/python.md",
         "docs/tutorials/r.md",
         "docs/tutorials/sample.md",
         "docs/tutorials/sensitivity.md",
         "docs/tutorials/teaching.md",
         "docs/tutorials/thresholds.md",
         "docs/reference/command_line.md",
         "docs/reference/phenotypes.md"]
QUICKSTART = re.compile(r"(?<=<!-- quickstart output -->\n```\n)[^`]*(?=```\n)")
BLOCK = re.compile(r"(?:<!-- (?P<how>file|added to): (?P<name>\S+) -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)```\n", re.DOTALL)


class Reader:
    """Does what a page says, in a folder of their own: writes its files, types its commands."""

    def __init__(self, bench):
        self.home, tools = bench.folder / "home", bench.folder / "bin"
        self.home.mkdir()
        tools.mkdir()
        for name, target in (("osteoflare", bench.program), ("python3", sys.executable)):
            (tools / name).symlink_to(target)
        self.environment = bench.environment | {"PATH": f"{tools}{os.pathsep}{bench.environment['PATH']}"}

        package = pathlib.Path(bench.program).parent / "python"  # where it is built
        if package.is_dir():
            self.environment["PYTHONPATH"] = str(package)

        def works(*command):
            return shutil.which(command[0]) and subprocess.run(command, env=self.environment, capture_output=True,
                                                               check=False).returncode == 0

        def imports(names):
            return works(sys.executable, "-c", f"import {names}")

        tools_there = {"osteoflare plot": shutil.which("gnuplot"), "python3": imports("xarray, h5netcdf"),
                       "python3 both.py": imports("matplotlib"), "Rscript": works("Rscript", "-e", "library(ncdf4)")}
        if not imports("osteoflare"):
            tools_there |= {f"python3 {name}.py": False for name in ("flare", "change", "states", "euler")}
        self.missing = {tool for tool, there in tools_there.items() if not there}
        self.left_out = set()

    def type(self, command):
        """What a command prints: its output, and what it complains of if it fails."""
        result = subprocess.run(["bash", "-c", command], cwd=self.home, env=self.environment, capture_output=True,
                                text=True, timeout=600, check=False)
        return result.stdout + (result.stderr if result.returncode else "")

    def block_again(self, block):
        """A block as it would read if it were written today."""
        if block["how"]:
            with open(self.home / block["name"], "w" if block["how"] == "file" else "a", encoding="utf-8") as file:
                file.write(block["text"])
        if block["kind"] != "console":
            return block[0]
        again = ""
        for step in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
            command, _, printed = step.partition("\n")
            lacks = {tool for tool in self.missing if command.startswith(tool)}
            self.left_out |= lacks
            again += f"$ {command}\n{printed if lacks else self.type(command)}"
        return block[0].replace(block["text"], again)

    def page_again(self, text):
        quickstart = re.search(QUICKSTART, text) and self.type("osteoflare sweep quickstart")
        return BLOCK.sub(self.block_again, QUICKSTART.sub(lambda _: quickstart, text))


def pages_again(program):
    """(page, its text, its text as it would read today, what could not be tried) of every page."""
    for page in PAGES:
        with tempfile.TemporaryDirectory(prefix="osteoflare_page_") as folder:
            reader = Reader(Bench(program, pathlib.Path(folder)))
            text = (ROOT / page).read_text(encoding="utf-8")
            yield page, text, reader.page_again(text), reader.left_out


@claim("README and the pages show what their commands print today")
def pages(bench):
    left_out, stale = set(), ""
    for page, text, today, untried in pages_again(bench.program):
        require(page != "README.md" or QUICKSTART.search(text), "README.md has no block after <!-- quickstart output -->")
        left_out |= untried
        stale += "\n".join(difflib.unified_diff(text.splitlines(), today.splitlines(), page, f"{page} today", "", "", 0, ""))
    require(not stale, f"what is shown has changed; check it, and rewrite it with --write:\n{stale}")
    return f"without: {', '.join(sorted(left_out))}" if left_out else None


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--write"], ["--quick"]):
        print(__doc__, file=sys.stderr)
        return 2
    program = str(pathlib.Path(sys.argv[1]).resolve())
    if sys.argv[2:] == ["--quick"]:
        for page in ("agents", "continue", "fit", "paw_study", "sample"):
            PAGES.remove(f"docs/tutorials/{page}.md")
    if sys.argv[2:] == ["--write"]:
        for page, _, today, _ in pages_again(program):
            (ROOT / page).write_text(today, encoding="utf-8")
        return 0
    return 1 if check_claims(lambda folder: Bench(program, folder)) else 0


if __name__ == "__main__":
    sys.exit(main())
