"""Three leaves and one meeting place: prints every include that goes the wrong way.

usage: include_directions.py ROOT
"""
import pathlib
import re
import sys

MAY_INCLUDE = {
    "model": {"model"},
    "solvers": {"solvers"},
    "output": {"output"},
    "scenarios": {"model", "solvers", "output", "scenarios"},
}
# Libraries that must stay inside sources, so that no user of a header needs them.
ONLY_IN_SOURCES = re.compile(r"<(hdf5|H5|boost/|ceres/|Eigen/|omp\.h|openssl/|xxhash|cairo|mpi\.h)")
# Standard headers that the model, which is only equations, has no use for.
NOT_IN_MODEL = re.compile(r"<(thread|mutex|atomic|fstream|iostream|filesystem|chrono|random|map|unordered_map)>")


def offences(root):
    for folder, allowed in MAY_INCLUDE.items():
        for path in sorted((root / folder).rglob("*.[hc]pp")):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                where = f"{path.relative_to(root)}:{number}: {line.strip()}"
                quoted = re.match(r'\s*#include "([^"/]+)/', line)
                if quoted and quoted.group(1) not in allowed:
                    yield f"{where}\n    ({folder}/ may not know {quoted.group(1)}/)"
                if re.match(r'\s*#include "[^/"]+"', line):
                    yield f"{where}\n    (write the path from the top folder)"
                private = path.name in {"hdf5.hpp", "matrices.hpp", "results_file.hpp", "sha256.hpp"}
                if path.suffix == ".hpp" and not private and "#include" in line and ONLY_IN_SOURCES.search(line):
                    yield f"{where}\n    (this library stays inside sources)"
                if folder == "model" and "#include" in line and NOT_IN_MODEL.search(line):
                    yield f"{where}\n    (the model is equations only)"
    for folder in ("model", "solvers", "output"):
        links = (root / folder / "CMakeLists.txt").read_text()
        for other in ("model", "solvers", "output", "scenarios"):
            if other != folder and re.search(rf"osteoflare(::|_){other}\b", links):
                yield f"{folder}/CMakeLists.txt links {other}"


def main():
    found = list(offences(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "every include goes forward")
    sys.exit(1 if found else 0)


main()
