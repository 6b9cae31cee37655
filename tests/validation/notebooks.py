#!/usr/bin/python3
"""Runs the notebooks in docs/notebooks again, and compares what they print with what they show.

    notebooks.py BUILD                     checks; BUILD is the build folder in whose `python` the package stands
    notebooks.py BUILD --write [NAME...]   puts today's outputs and pictures into them, for a reader to look at

Pictures are drawn again and not compared: their bytes depend on the machine's fonts.
"""

import difflib
import os
import pathlib
import sys
import tempfile

import nbformat
from nbclient import NotebookClient

from claims import ROOT, check_claims, claim, require

FOLDER = ROOT / "docs" / "notebooks"
BUILD = pathlib.Path(sys.argv[1]).resolve()
os.environ["PYTHONPATH"] = str(BUILD / "python")
os.environ.setdefault("OSTEOFLARE_LIBRARY", str(ROOT / "scenarios" / "library"))


def join_streams(cell):
    """What a cell prints comes in pieces where the machine is busy, cut anywhere."""
    joined = []
    for output in cell.get("outputs", []):
        if joined and output.output_type == joined[-1].output_type == "stream" and output.name == joined[-1].name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    if "outputs" in cell:
        cell.outputs = joined


def run_again(path, folder):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # the clock
        join_streams(cell)
    return notebook


def printed(notebook):
    """What a reader sees as text, each cell's under its source."""
    lines = []
    for cell in notebook.cells:
        lines += [f"> {line}" for line in cell.source.splitlines()]
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text = output.get("text", "" if "image/png" in data else data.get("text/plain", ""))
            lines += text.splitlines()
            lines += ["[a picture]"] if "image/png" in data else []
    return lines


def check(path):
    @claim(f"{path.name} prints today what it shows")
    def same(bench):
        shown, today = printed(nbformat.read(path, as_version=4)), printed(run_again(path, bench))
        difference = "\n".join(difflib.unified_diff(shown, today, "shown", "today", "", "", 1, ""))
        require(not difference, f"look at it, and rewrite it with --write:\n{difference}")
        require(any(line == "[a picture]" for line in shown), "it shows no picture")


def main():
    paths = sorted(FOLDER.glob("*.ipynb"))
    if sys.argv[2:3] == ["--write"]:
        for path in paths:
            if not sys.argv[3:] or path.stem in sys.argv[3:]:
                with tempfile.TemporaryDirectory() as folder:
                    nbformat.write(run_again(path, folder), path)
        return 0
    for path in paths:
        check(path)
    return 1 if check_claims(lambda folder: folder) else 0


if __name__ == "__main__":
    sys.exit(main())
