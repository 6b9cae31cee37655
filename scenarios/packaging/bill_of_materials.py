#!/usr/bin/python3
"""Writes what a built program is made of, as SPDX 2.3 in JSON.

    bill_of_materials.py SOURCE BUILD PROGRAM VERSION DATE OUTPUT

Nothing is listed by hand: what PROGRAM loads is what its dynamic section names; what was linked into it, what ninja's command
linked; what was compiled into it, the headers that its objects were made from; what its pages hold, package-lock.json. Files
belong to Debian packages as dpkg says, with the version that is installed and the licence of its copyright file.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys

RUNS = ("gnuplot-nox", "fonts-dejavu-core")  # programs and files that it needs when it runs, as the Debian package does
# What Debian calls licences, and what SPDX does.
LICENCES = {"expat": "MIT", "mit": "MIT", "mit/x11": "MIT", "boost-1.0": "BSL-1.0", "bsl-1.0": "BSL-1.0", "mpl-2": "MPL-2.0", "mpl-2.0": "MPL-2.0",
            "apache-2.0": "Apache-2.0", "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause", "bsd-2-clauses": "BSD-2-Clause",
            "bsd-3-clauses": "BSD-3-Clause", "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later", "gpl-3": "GPL-3.0-only",
            "gpl-3+": "GPL-3.0-or-later", "lgpl-2.1": "LGPL-2.1-only", "lgpl-2.1+": "LGPL-2.1-or-later", "lgpl-3+": "LGPL-3.0-or-later"}


def output_of(*command, **how):
    return subprocess.run(command, check=True, capture_output=True, text=True, **how).stdout


def loaded(program):
    """Paths of the libraries that the program itself names."""
    named = set(re.findall(r"\(NEEDED\).*\[(.*)\]", output_of("readelf", "-d", program)))
    return [path for name, path in re.findall(r"(\S+) => (/\S+)", output_of("ldd", program)) if name in named]


def linked(build, program):
    """Archives of the system that were linked into the program, which is where ninja's last command put it."""
    command = output_of("ninja", "-C", build, "-t", "commands", "-s", pathlib.Path(program).name)
    return re.findall(r"(?<=\s)/usr\S+\.a(?=\s)", command)


def compiled(build):
    """Headers of the system from which the objects of program and libraries were made."""
    headers, is_ours = set(), False
    for line in output_of("ninja", "-C", build, "-t", "deps").splitlines():
        if not line.startswith(" "):
            is_ours = re.match(r"(model|solvers|output|scenarios)/(?!python|web)", line) is not None
        elif is_ours and line.strip().startswith("/usr/"):
            headers.add(os.path.normpath(line.strip()))
    return headers


def owners():
    """Debian package of each file."""
    owner = {}
    for listing in pathlib.Path("/var/lib/dpkg/info").glob("*.list"):
        for path in listing.read_text().splitlines():
            owner[path] = listing.stem.split(":")[0]
    return owner


def licence_of(package):
    """What the package's copyright file says of all its files: an SPDX expression, or that it cannot be told."""
    path = pathlib.Path("/usr/share/doc", package, "copyright")
    text = path.read_text(errors="replace") if path.is_file() else ""
    for paragraph in re.split(r"\n\s*\n", text):
        files, licence = (re.search(rf"^{key}:[ \t]*(.*)$", paragraph, re.MULTILINE) for key in ("Files", "License"))
        if files and licence and "*" in files[1].split():
            parts = re.split(r"\s+(and|or)\s+", licence[1].strip())
            names = [part.upper() if part in ("and", "or") else LICENCES.get(part.lower()) for part in parts]
            if all(names):
                return " ".join(names)
    return "NOASSERTION"


def debian_package(package, copyright_note):
    version, source = output_of("dpkg-query", "-W", "-f", "${Version} ${source:Package}", package).split()
    return {"SPDXID": f"SPDXRef-deb-{re.sub('[^A-Za-z0-9.-]', '-', package)}", "name": package, "versionInfo": version,
            "supplier": "Organization: Debian", "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION", "licenseDeclared": licence_of(package), "licenseComments": copyright_note,
            "copyrightText": "NOASSERTION", "externalRefs": [
                {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                 "referenceLocator": f"pkg:deb/debian/{package}@{version.replace('+', '%2B').replace(':', '%3A')}?distro=bookworm"}],
            "sourceInfo": f"from the Debian source package {source}"}


def npm_packages(lock):
    for path, entry in json.loads(lock.read_text())["packages"].items():
        if path:
            name = path.split("node_modules/")[-1]
            algorithm, digest = entry["integrity"].split("-", 1)
            yield {"SPDXID": f"SPDXRef-npm-{re.sub('[^A-Za-z0-9.-]', '-', name)}", "name": name, "versionInfo": entry["version"],
                   "supplier": "NOASSERTION", "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
                   "licenseConcluded": "NOASSERTION", "licenseDeclared": entry["license"], "copyrightText": "NOASSERTION",
                   "checksums": [{"algorithm": algorithm.upper(), "checksumValue": base64.b64decode(digest).hex()}],
                   "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                     "referenceLocator": f"pkg:npm/{name.replace('@', '%40')}@{entry['version']}"}]}


def bill(source, build, program, version, date):
    owner = owners()

    def packages_of(paths):
        real = (path if path in owner else os.path.realpath(path) for path in paths)
        return {owner.get(path) or owner.get(path.removeprefix("/usr")) for path in real} - {None}

    how = {package: "DEPENDS_ON" for package in RUNS}
    how |= {package: "BUILD_DEPENDENCY_OF" for package in packages_of(compiled(build))}
    how |= {package: "STATIC_LINK" for package in packages_of(linked(build, program))}
    how |= {package: "DYNAMIC_LINK" for package in packages_of(loaded(program))}
    own = {"SPDXID": "SPDXRef-osteoflare", "name": "osteoflare", "versionInfo": version, "supplier": "Organization: The Osteoflare developers",
           "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": "BSD-3-Clause", "licenseDeclared": "BSD-3-Clause",
           "copyrightText": "Copyright (c) 2026, the Osteoflare developers", "primaryPackagePurpose": "APPLICATION"}
    packages, relations = [own], [("SPDXRef-DOCUMENT", "DESCRIBES", own["SPDXID"])]
    for package, relation in sorted(how.items()):
        packages.append(debian_package(package, f"see /usr/share/doc/{package}/copyright"))
        ends = (own["SPDXID"], packages[-1]["SPDXID"])
        relations.append((ends[1], relation, ends[0]) if relation == "BUILD_DEPENDENCY_OF" else (ends[0], relation, ends[1]))
    if (pathlib.Path(build) / "output" / "report.js").exists():
        for package in npm_packages(pathlib.Path(source) / "output" / "report" / "package-lock.json"):
            packages.append(package)
            relations.append((own["SPDXID"], "CONTAINS", package["SPDXID"]))
    digest = output_of("sha256sum", program).split()[0]
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"osteoflare-{version}",
            "documentNamespace": f"https://spdx.org/spdxdocs/osteoflare-{version}-{digest}",
            "creationInfo": {"created": f"{date}T00:00:00Z", "creators": ["Organization: The Osteoflare developers"]},
            "packages": packages,
            "relationships": [dict(zip(("spdxElementId", "relationshipType", "relatedSpdxElement"), one)) for one in relations]}


if __name__ == "__main__":
    pathlib.Path(sys.argv[6]).write_text(json.dumps(bill(*sys.argv[1:6]), indent=2) + "\n")
