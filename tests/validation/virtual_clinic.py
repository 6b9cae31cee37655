#!/usr/bin/python3
"""The table of docs/reference/virtual_clinic.md: published figures, and what the standard trial came to.

    virtual_clinic.py                 checks the table: published columns are those of the library's file, verdicts follow
                                      from the numbers beside them, every row is there; ends with 1 if not
    virtual_clinic.py --write WORDS   writes it anew; WORDS holds what `osteoflare trial cno_treatment` printed
"""

import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reference/virtual_clinic.md"
PUBLISHED = ROOT / "scenarios/library/published/cno_children.toml"
HEADER = "| figure | published | grade | band | prototype | here | verdict | role |\n"
TABLE = re.compile(re.escape(HEADER) + r"(?:\|.*\n)*")
INTERVAL = re.compile(r"(?P<value>\S+) \((?P<low>\S+) to (?P<high>\S+)\)")


def verdict(interval, low, high):
    """As scenarios/patients/published.cpp has it."""
    found = INTERVAL.fullmatch(interval)
    value, below, above = (float(found[k].replace("never", "inf")) for k in ("value", "low", "high"))
    if low <= value <= high:
        return "met"
    return "within error" if below <= high and above >= low else "missed"


def fixed_columns(row):
    was = row["prototype"]
    return [row["title"], row["published"], row["grade"], f"{row['low']:g} to {row['high']:g}",
            f"{was['value']:.2f} ({was['low']:.2f} to {was['high']:.2f}), {was['verdict']}"]


def line(row, here, said):
    return "| " + " | ".join(fixed_columns(row) + [here, said, row["role"]]) + " |\n"


def printed(words, title):
    """Interval and verdict of a row, as the program printed them."""
    for text in words.splitlines():
        if text.strip().startswith(title):
            found = re.search(r"(\S+ \(\S+ to \S+\))\s+(met|within error|missed)$", text)
            return found[1], found[2]
    sys.exit(f"{title}: not in the words (the trial lacks its arm or is too short); run the standard trial")


def problems(rows, page):
    table = TABLE.search(page)
    if not table:
        return ["the page has no table; write it with --write"]
    lines = table[0].splitlines()[2:]
    if len(lines) != len(rows):
        return [f"{len(lines)} rows in the table, {len(rows)} in the library"]
    found = []
    for text, row in zip(lines, rows):
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if cells[:5] != fixed_columns(row) or cells[7] != row["role"]:
            found.append(f"{row['title']}: the table does not say what the library says")
        # Two digits are rounded: a verdict at the very edge of a band may be that of the number behind.
        elif cells[6] != verdict(cells[5], row["low"], row["high"]) and not is_edge(cells[5], row):
            found.append(f"{row['title']}: {cells[5]} is not '{cells[6]}'")
    return found


def is_edge(interval, row):
    numbers = [float(n) for n in INTERVAL.fullmatch(interval).groups() if n != "never"]
    return any(abs(number - edge) < 0.0051 for number in numbers for edge in (row["low"], row["high"]))


def main():
    rows = tomllib.loads(PUBLISHED.read_text(encoding="utf-8"))["row"]
    page = PAGE.read_text(encoding="utf-8")
    if "--write" in sys.argv:
        words = pathlib.Path(sys.argv[sys.argv.index("--write") + 1]).read_text(encoding="utf-8")
        lines = [line(row, *printed(words, row["title"])) for row in rows]
        PAGE.write_text(TABLE.sub(lambda _: HEADER + "|---" * 8 + "|\n" + "".join(lines), page), encoding="utf-8")
        return 0
    found = problems(rows, page)
    print("\n".join(found) or f"{len(rows)} rows are as the library has them")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
