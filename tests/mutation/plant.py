"""A copy of the sources with faults in it, and the program of tests that runs under them."""

import json
import pathlib
import re
import shutil
import subprocess

import sites

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOLDERS = ("model", "solvers")
KINDS = ("unit", "limits", "convergence")
UNITS = ("scenarios/reading/units", "scenarios/reading/input_error", "output/text")  # what tests of lists need besides
LISTED = re.compile(r'see\(self\.(\w+), (?:computed\()?\{?"\w+", "[^"]*", "([^"]*)"')
WIDE = "-mavx2 -mfma" if "avx2" in pathlib.Path("/proc/cpuinfo").read_text() else ""
APART = {"solvers/libraries.cpp", "model/description.hpp",  # nothing to compute, the types of lists,
         "model/patient/sites.hpp", "solvers/lanes/esdirk5.hpp"}  # and what the compiler computes: no run can choose there


def sources():
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.suffix in (".hpp", ".cpp")]


def neighbours():
    """For an owner and a field of a list: the next field of the same list and unit."""
    found = {}
    for path in sorted((ROOT / "model").rglob("*.hpp")):
        for block in re.findall(r"// clang-format off(.*?)// clang-format on", path.read_text(), re.S):
            rows = LISTED.findall(block)
            computed = "computed(" in block
            for i, (name, unit) in enumerate(rows):
                others = [other for other, same in rows[i + 1:] + rows[:i] if same == unit]
                for owner in () if not others else ("v", "cells", "il1", "il10", "med", "bone", "sig", "mediators", "of_one", "here") \
                        if computed else ("in",) if "Origin::input" in block else ("p", "site", "blood", "drugs", "space"):
                    found.setdefault((owner, name), others[0])
    return found


def candidates():
    """All sites of all files; the faults of each are numbered from its `id`."""
    near, all_sites, number = neighbours(), [], 1
    for path in sources():
        name = str(path.relative_to(ROOT))
        if name in APART:
            continue
        for site in sites.Finder(name, path.read_text(), near).all():
            site.id = number
            number += len(site.faults)
            all_sites.append(site)
    return all_sites


def overlaps(site, others):
    """Whether two faults would rewrite the same words."""
    mine = [(p, p + len(old)) for p, old, _ in site.edits]
    for other in others:
        for p, old, new in other.edits:
            for begin, end in mine:
                if p < end and begin < p + len(old) and not (old.endswith("constexpr") and (begin, end) == (p, p + len(old))):
                    return True
                if begin < p < end or p < begin < p + len(old):
                    return True
    return False


def test_files():
    """Tests of `KINDS` that need nothing but model and solvers."""
    leaves = []
    for kind in KINDS:
        for path in sorted((ROOT / "tests" / kind).glob("*_test.cpp")):
            seen, queue = set(), [path]
            while queue:
                for include in re.findall(r'#include "([^"]+)"', queue.pop().read_text()):
                    header = next((h for h in (ROOT / include, ROOT / "tests" / include, ROOT / "tests" / kind / include) if h.exists()), None)
                    if header is not None and header not in seen:
                        seen.add(header)
                        queue.append(header)
                    elif header is None and include.endswith("_kernel.hpp"):
                        seen.add(ROOT / "scenarios" / include)  # the models' kernels
            names = {str(header.relative_to(ROOT)) for header in seen} - {f"{name}.hpp" for name in UNITS}
            if not any(name.startswith(("scenarios/", "output/")) for name in names):
                leaves.append(path.relative_to(ROOT / "tests"))
    return leaves


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def without_marks(text):
    """model/vanishing.hpp, for which the mark between two operands is no number."""
    text = text.replace("!std::is_same_v<X, One>;", "!std::is_same_v<X, One> && !::mutation::is_mark<X>;")
    return text.replace("template <class X>\nconstexpr Zero operator/", "template <class X>\n    requires(!::mutation::is_mark<X>)\nconstexpr Zero operator/")


PROGRAM = """
# Every test that needs nothing of scenarios, with the faults.
add_executable(test_leaves {files} {source}/tests/mutation/listener.cpp)
target_include_directories(test_leaves PRIVATE ${{CMAKE_CURRENT_SOURCE_DIR}} ${{PROJECT_SOURCE_DIR}})
target_compile_definitions(test_leaves PRIVATE OSTEOFLARE_TEST_DATA="${{CMAKE_CURRENT_SOURCE_DIR}}/validation/data")
target_compile_options(test_leaves PRIVATE -O0)
set_source_files_properties(convergence/abc_test.cpp convergence/sampling_test.cpp PROPERTIES COMPILE_OPTIONS -O1) # they compute much
target_sources(write_test_kernels PRIVATE {source}/tests/mutation/at_exit.cpp)
target_sources(write_block_kernels PRIVATE {source}/tests/mutation/at_exit.cpp)
target_link_libraries(test_leaves PRIVATE catch_main lane_runs block_kernels osteoflare_compiler osteoflare::model osteoflare::solvers)
"""


def copy(folder, planted):
    """Copies the tree to folder/source, with the planted sites. What has not changed keeps its time."""
    source = folder / "source"
    by_path = {}
    for site in planted:
        by_path.setdefault(site.path, []).append(site)
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, listed):
        path, target = ROOT / name, source / name
        if not path.is_file() or path.suffix not in (".hpp", ".cpp", ".in", ".cmake", ".txt", ".json", ".js", ".mjs", ".ts", ".css", ".html", ".csv"):
            continue
        text = path.read_text()
        if name in by_path:
            text = sites.planted(text, by_path[name])
        if name == "model/vanishing.hpp":
            text = without_marks(text)
        if name == "CMakeLists.txt":
            text = text.replace("include(scenarios/packaging/packages.cmake)", "")  # needs what is not copied
            text = text.replace("add_compile_options(-ffp-contract=off)", f"add_compile_options(-ffp-contract=off -O1 -w -DNDEBUG {WIDE} "
                                f'"SHELL:-include {source}/tests/mutation/mutation.hpp")')
        if name == "solvers/lanes/kernels.cmake":  # one instruction set, with lanes
            text = re.sub(r"(?m)^if\(CMAKE_SYSTEM_PROCESSOR.*?^endif\(\)", "set(OSTEOFLARE_INSTRUCTION_SETS portable)", text, flags=re.S)
        if name == "solvers/lanes/engines.cpp":
            text = text.replace("#if defined(__x86_64__)", "#if 0")
        if name == "tests/CMakeLists.txt":
            files = " ".join([*map(str, test_files()), *(f"{source}/{name}.cpp" for name in UNITS)])
            text = text.split("# The program as people meet it.")[0] + PROGRAM.format(files=files, source=source)
        write(target, text)
    for name in ("scenarios/library",):
        if not (source / name).exists():
            shutil.copytree(ROOT / name, source / name)


def configure(folder):
    done = subprocess.run(["cmake", "-S", str(folder / "source"), "-B", str(folder / "build"), "-G", "Ninja",
                           "-D", "CMAKE_BUILD_TYPE=None", "-D", "OSTEOFLARE_TESTS=ON"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)


def head_line(site):
    """Where the declaration of a constant begins that a site makes one of the run."""
    position = next((position for position, old, _ in site.edits if old.endswith("constexpr")), None)
    return 0 if position is None else (ROOT / site.path).read_text().count("\n", 0, position) + 1


def build(folder, planted, jobs, say):
    """Builds with the planted sites, leaves out those that do not compile, and returns the others."""
    known = folder / "not_compiling.json"  # so that they need not be tried again
    never = {tuple(entry) for entry in json.loads(known.read_text())} if known.exists() else set()
    for _ in range(12):
        planted = [site for site in planted if (site.path, site.what) not in never]
        copy(folder, planted)
        configure(folder)
        with open(folder / "build.log", "w") as log:
            done = subprocess.run(["ninja", "-C", str(folder / "build"), f"-j{jobs}", "-k0", "test_leaves"], stdout=log, stderr=log)
        if done.returncode == 0:
            return planted
        output = (folder / "build.log").read_text()
        bad, constants = set(), set()
        for message in re.split(r"\n(?=\[\d+/\d+\]|FAILED)", output):
            places = re.findall(r"/source/((?:model|solvers)/[\w./]+):(\d+):\d+: (.*)", message)
            needed = {(path, int(line)) for path, line, text in places if "was not declared ‘constexpr’" in text}
            constants |= needed
            bad |= {(path, int(line)) for path, line, text in places if "error:" in text and not needed}
            for block in re.split(r"In (?:instantiation|substitution) of", message):
                if not needed and re.search(r"(?:mutation\.hpp|/usr/\S+):\d+:\d+: error", block):
                    bad |= {(path, int(line)) for path, line in re.findall(r"/source/((?:model|solvers)/[\w./]+):(\d+):\d+:", block)}
        left = [site for site in planted if (site.path, site.line) not in bad and (site.path, head_line(site)) not in constants]
        if len(left) == len(planted):
            raise SystemExit(f"the copy does not build (see {folder}/build.log)")
        say(f"left out, as they do not compile: {len(planted) - len(left)} places")
        never |= {(site.path, site.what) for site in planted if site not in left}
        known.write_text(json.dumps(sorted(never), indent=1))
        planted = left
    raise SystemExit("the copy does not build")


def compile_command(folder, source):
    for entry in json.loads((folder / "build/compile_commands.json").read_text()):
        if entry["file"] == str(source):
            return entry["command"]
    raise KeyError(source)
