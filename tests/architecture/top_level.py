"""Prints what stands at the top and does not belong there.

usage: top_level.py ROOT
"""
import pathlib
import sys

FOLDERS = {"model", "solvers", "output", "scenarios", "tests", "docs"}
FILES = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md",
         "CONTRIBUTING.md", "quickstart", "check"}
MADE_HERE = {"build", "results"}  # ignored by git

present = {path.name for path in pathlib.Path(sys.argv[1]).iterdir() if not path.name.startswith(".")}
strange = sorted(present - FOLDERS - FILES - MADE_HERE)
missing = sorted((FOLDERS | FILES) - present)
if strange or missing:
    sys.exit(f"too much at the top: {strange}; missing: {missing}")
print("the house stands")
