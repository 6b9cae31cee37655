#!/usr/bin/python3
"""Checks what is installed and packed beside the program.

    packages.py SOURCE BUILD PROGRAM

Installs and packs BUILD in temporary folders; ends with 1 if a claim does not hold. What lintian and mandoc say is checked where
they are installed.
"""

import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE, BUILD, PROGRAM = (pathlib.Path(argument) for argument in sys.argv[1:4])
sys.path.insert(0, str(SOURCE / "tests" / "validation"))
from claims import Bench, check_claims, claim, require  # noqa: E402

LIBRARY = SOURCE / "scenarios" / "library"
ENTRY = re.compile(r"^ {2,4}(?:-\w,)?(--[\w-]+)", re.MULTILINE)
SPDX_ID = re.compile(r"SPDXRef-[A-Za-z0-9.-]+")
SPDX_LICENCES = {"MIT", "BSL-1.0", "MPL-2.0", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "GPL-2.0-only", "GPL-2.0-or-later",
                 "GPL-3.0-only", "GPL-3.0-or-later", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-or-later", "AND", "OR"}
SPDX_RELATIONS = {"DESCRIBES", "DEPENDS_ON", "BUILD_DEPENDENCY_OF", "STATIC_LINK", "DYNAMIC_LINK", "CONTAINS"}


def run(*command, **how):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **how)
    require(done.returncode == 0, f"`{' '.join(map(str, command))}` ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def help_of(*verb):
    return run(PROGRAM, *verb, "--help")


def verbs():
    return re.findall(r"^  (\w+) ", help_of().split("Subcommands:")[1], re.MULTILINE)


def install(folder):
    run("cmake", "--install", BUILD, "--component", "program", "--prefix", folder)
    return folder


@claim("an installation that was moved finds the library that was moved with it, also through a link")
def moved(bench):
    there = install(bench.folder / "first").rename(bench.folder / "second place")
    own = there / "share" / "osteoflare" / "library" / "scenarios" / "only_here.toml"
    own.write_text('title = "Only here"\nend = "9 d"\n')
    (bench.folder / "link").symlink_to(there / "bin" / "osteoflare")
    elsewhere = {name: value for name, value in os.environ.items() if name != "OSTEOFLARE_LIBRARY"}
    for program in (there / "bin" / "osteoflare", bench.folder / "link"):
        require("only_here" in run(program, "list", "scenarios", env=elsewhere), f"{program} should know its own library")
        run(program, "run", "only_here", "--force", "-o", "run.h5", env=elsewhere, cwd=bench.folder)


@claim("the manual page has every verb and every option that --help has, and mandoc and man have no complaint")
def manual(bench):
    page = install(bench.folder / "usr") / "share" / "man" / "man1" / "osteoflare.1.gz"
    (bench.folder / "osteoflare.1").write_bytes(gzip.decompress(page.read_bytes()))
    text = (bench.folder / "osteoflare.1").read_text()
    sections = dict(re.findall(r"^\.SS osteoflare (\w+)[^\n]*\n(.*?)(?=^\.S[SH])", text, re.MULTILINE | re.DOTALL))
    require(list(sections) == verbs(), f"the page has {list(sections)}")
    for verb, section in sections.items():
        for option in ENTRY.findall(help_of(verb)):
            in_roff = re.escape(option.replace("-", "\\-"))
            require(re.search(rf"^\.B .*{in_roff}(?![\w\\])", section, re.MULTILINE), f"the page should have {option} of {verb}")
    if shutil.which("mandoc"):
        run("mandoc", "-T", "lint", "-W", "style", bench.folder / "osteoflare.1")


def complete(folder, *words):
    """What completion offers for the last of the words."""
    script = ('source "$1"; shift; program=$1; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
              '_osteoflare "$program" "${@: -1}" "${COMP_WORDS[COMP_CWORD - 1]}"; printf "%s\\n" "${COMPREPLY[@]}"')
    offered = run("bash", "-c", script, "bash", SOURCE / "scenarios" / "packaging" / "completion.bash", PROGRAM, "osteoflare", *words,
                  cwd=folder, env=dict(os.environ, OSTEOFLARE_LIBRARY=str(LIBRARY)))
    return set(offered.split("\n")) - {""}


@claim("completion offers all verbs and options of --help, names of the library, and files by their endings")
def completion(bench):
    require(complete(bench.folder, "") == set(verbs()) | {"-h", "--help", "--version"}, "it should offer the verbs")
    for verb in verbs():
        offered = {word for word in complete(bench.folder, verb, "-") if word.startswith("--")}
        require(offered == set(ENTRY.findall(help_of(verb))), f"{verb}: it offers {sorted(offered)}")
    for name in ("mine.toml", "mine.h5", "mine.txt"):
        bench.write(name, "")
    stems = {kind: {file.stem for file in (LIBRARY / kind).glob("*.toml")} for kind in ("scenarios", "trials", "problems")}
    for verb, expected in (("run", stems["scenarios"]), ("trial", stems["trials"]), ("patient", stems["trials"]),
                           ("fit", stems["problems"]), ("check", stems["scenarios"] | stems["trials"])):
        require(complete(bench.folder, verb, "") == expected | {"mine.toml"}, f"{verb} should offer {sorted(expected)}")
    for words, expected in ((("plot", ""), {"mine.h5"}), (("run", "cohort", "--force", "sweep_that_is_not_there"), set()),
                            (("sensitivity", "x", "--method", ""), {"sobol", "morris", "local"}),
                            (("run", "x", "--genotype", "lup"), {"lupo"}), (("run", "x", "--set", "il10_comp"), {"il10_competence="}),
                            (("show", "anakinra_a"), {"anakinra_after_onset"}), (("run", "x", "-o", "mine."), {"mine.h5"}), (("plot", "x", "-o", "mine.t"), {"mine.toml", "mine.txt"})):
        require(complete(bench.folder, *words) == expected, f"{words} should offer {expected}, not {complete(bench.folder, *words)}")


@claim("the bill of materials keeps SPDX's rules, and names what the program loads, with the versions that are installed")
def materials(bench):
    bill = json.loads((install(bench.folder / "usr") / "share" / "osteoflare" / "osteoflare.spdx.json").read_text())
    for key in ("spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages", "relationships"):
        require(key in bill, f"it should have {key}")
    require(bill["spdxVersion"] == "SPDX-2.3" and bill["dataLicense"] == "CC0-1.0" and bill["SPDXID"] == "SPDXRef-DOCUMENT", "its head")
    require(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", bill["creationInfo"]["created"]), "its date")
    ids = [package["SPDXID"] for package in bill["packages"]]
    require(len(set(ids)) == len(ids) and all(map(SPDX_ID.fullmatch, ids)), "identifiers should be well-formed, and stand once")
    for package in bill["packages"]:
        require(package["name"] and package["versionInfo"] and package["downloadLocation"], f"{package}: something is missing")
        declared = package["licenseDeclared"]
        require(declared == "NOASSERTION" or set(declared.split()) <= SPDX_LICENCES, f"{package['name']}: a licence {declared}")
    for relation in bill["relationships"]:
        require(relation["relationshipType"] in SPDX_RELATIONS, f"{relation}: no relation of SPDX's")
        for end in (relation["spdxElementId"], relation["relatedSpdxElement"]):
            require(end in {*ids, "SPDXRef-DOCUMENT"}, f"{end} is nothing")
    versions = {package["name"]: package["versionInfo"] for package in bill["packages"]}
    paths = re.findall(r"=> (/\S+)", run("ldd", PROGRAM))
    named = re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", PROGRAM))
    for path in (os.path.realpath(path) for path in paths if pathlib.Path(path).name in named):
        owners = subprocess.run(["dpkg-query", "-S", path, path.removeprefix("/usr")], capture_output=True, text=True).stdout
        require(owners.split(":")[0] in versions, f"{path} of {owners or 'nobody'} should be in it")
    for name in ("libceres-dev", "libeigen3-dev", "librandom123-dev", "nlohmann-json3-dev", "libcli11-dev", "uplot"):
        require(name in versions, f"{name} is in the program, and should be in its bill")
    installed = dict(line.split() for line in run("dpkg-query", "-W", "-f", "${Package} ${Version}\n").splitlines() if " " in line.strip())
    for name, version in versions.items():
        require(name in ("osteoflare", "uplot") or installed[name] == version, f"{name} {version} is not what is installed")
    return f"{len(ids)} packages"


@claim("cpack makes a Debian package with everything in its place, without an error of lintian's")
def debian(bench):
    run("cpack", "-G", "DEB", "-B", bench.folder, "-D", "CPACK_COMPONENTS_ALL=program", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", cwd=BUILD)
    package = next(bench.folder.glob("osteoflare_*.deb"))
    files = run("dpkg-deb", "-c", package)
    for path in ("bin/osteoflare", "share/man/man1/osteoflare.1.gz", "share/bash-completion/completions/osteoflare",
                 "share/doc/osteoflare/copyright", "share/osteoflare/osteoflare.spdx.json",
                 *(f"share/osteoflare/library/{file.relative_to(LIBRARY)}" for file in LIBRARY.rglob("*.toml"))):
        require(f"./usr/{path}\n" in files, f"the package should have {path}")
    needs = run("dpkg-deb", "-f", package, "Depends")
    for name in ("libhdf5-103", "libcairo2", "libssl3", "gnuplot-nox", "fonts-dejavu-core"):
        require(name in needs, f"it should depend on {name}, not only on {needs}")
    warnings = ""
    if shutil.which("lintian"):
        warnings = run("lintian", "--allow-root", "--fail-on", "error", package)
    return f"{warnings.count('W:')} warnings of lintian's"


@claim("an archive of the sources is the commit's, and knows its commit, also inside another repository")
def sources(bench):
    if not (SOURCE / ".git").exists():
        return "not here: these sources are an archive"
    run("cpack", "--config", "CPackSourceConfig.cmake", "-B", bench.folder, cwd=BUILD)
    run("git", "init", "-q", bench.folder)  # as a packager's
    run("git", "-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "--allow-empty", "-m", "another", cwd=bench.folder)
    run("tar", "xzf", next(bench.folder.glob("osteoflare-*.tar.gz")), cwd=bench.folder)
    tree = next(bench.folder.glob("osteoflare-*/"))
    there = {str(file.relative_to(tree)) for file in tree.rglob("*") if file.is_file()}
    tracked = set(run("git", "-C", SOURCE, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")) - {""}
    require(there == tracked, f"too much, or missing: {there ^ tracked}")
    info = bench.folder / "build_info.cpp"
    run("cmake", "-D", f"SOURCE={tree}", "-D", f"OUTPUT={info}", "-P", tree / "scenarios" / "build_info.cmake")
    commit = run("git", "-C", SOURCE, "rev-parse", "--short=12", "HEAD").strip()
    require(f'commit = "{commit}"' in info.read_text() and "dirty = false" in info.read_text(), info.read_text())


if __name__ == "__main__":
    sys.exit(1 if check_claims(lambda folder: Bench(str(PROGRAM), folder)) else 0)
