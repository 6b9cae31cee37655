#!/usr/bin/python3
"""Writes the manual page of a program from what it says of itself.

    manual.py PROGRAM VERSION DATE MANUAL

PROGRAM's --help, and that of each of its verbs, become MANUAL, compressed if its name ends with .gz. DATE is the version's.
"""

import gzip
import pathlib
import re
import subprocess
import sys
import textwrap

ENTRY = re.compile(r" +(\S.*?)(?: {2,}| (?=as )|$)(.*)")  # an option and its words, which may stand on the next line
PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference" / "command_line.md"
ENDING = """.SH ENVIRONMENT
.TP
.B OSTEOFLARE_LIBRARY
the folder of scenarios, trials, problems, genotypes and treatments;
if unset, that which was installed with the program
.TP
.B OSTEOFLARE_INSTRUCTION_SET
the registers that are computed with: portable, avx2 or avx512; if unset,
the widest that the machine has. Results are the same, bit for bit
.SH CAVEATS
For research and teaching. Never for the care of a person: it says nothing
about a patient, a dose or a risk.
"""


def help_of(program, *verb):
    """The sections of a help text by their titles; what stands before the first under "", what stands after all under "end"."""
    text = subprocess.run([program, *verb, "--help"], check=True, capture_output=True, text=True).stdout
    sections, title = {"": []}, ""
    for line in text.splitlines():
        if re.fullmatch(r"(Positionals|Options|Subcommands):", line):
            title = line[:-1]
        elif line.startswith("Usage: "):
            sections["usage"] = [line.removeprefix("Usage: ").split(" ", 1)[1]]
        elif re.match(r" *\[", line) or line.strip() in ("", "Options:"):  # what frames a group of options
            continue
        else:
            sections.setdefault(title if line.startswith("  ") or not title else "end", []).append(line)
    return sections


def entries(lines):
    """Pairs of a name and its words."""
    found = []
    for line in lines:
        if line.startswith("      "):
            found[-1][1] = f"{found[-1][1]} {line.strip()}".strip()
        else:
            found.append(list(ENTRY.fullmatch(line).groups()))
    return found


def roff(text):
    """Text as roff: hyphens that can be copied, and no line that looks like a command."""
    lines = textwrap.wrap(text.replace("\\", "\\e"), 72, break_long_words=False, break_on_hyphens=False)
    return "\n".join("\\&" * line.startswith((".", "'")) + line for line in lines).replace("-", "\\-")


def paragraphs(lines):
    return [part for line in lines for part in (".PP", roff(line))]


def definitions(lines):
    return [part for name, words in entries(lines) for part in (".TP", f".B {roff(name)}", roff(words or "."))]


def exit_codes():
    """The table of the command line's page."""
    table = PAGE.read_text().split("## Exit codes\n")[1].split("\n## ")[0]
    return [part for code, words in re.findall(r"^\| (\d+) \| (.*) \|$", table, re.MULTILINE)
            for part in (".TP", f".B {code}", roff(words))]


def manual(program, version, date):
    general = help_of(program)
    page = [f'.TH OSTEOFLARE 1 "{date}" "osteoflare {version}" "User Commands"', ".SH NAME",
            "osteoflare \\- simulate innate\\-immune bone inflammation", ".SH SYNOPSIS", ".B osteoflare",
            ".I VERB", "[OPTIONS]", ".SH DESCRIPTION", *map(roff, general[""]), *paragraphs(general["end"]),
            ".SH OPTIONS", *definitions(general["Options"]), ".SH VERBS"]
    for verb, _ in entries(general["Subcommands"]):
        own = help_of(program, verb)
        page += [f".SS osteoflare {roff(verb)} {roff(own['usage'][0].split(' ', 1)[1])}", *map(roff, own[""])]
        page += definitions(own.get("Positionals", []) + own["Options"])
        page += paragraphs(own.get("end", []))
    page += [".SH EXIT STATUS", *exit_codes()]
    return "\n".join(page) + "\n" + ENDING


if __name__ == "__main__":
    text = manual(*sys.argv[1:4]).encode()
    path = pathlib.Path(sys.argv[4])
    path.write_bytes(gzip.compress(text, mtime=0) if path.suffix == ".gz" else text)
