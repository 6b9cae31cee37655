#!/usr/bin/python3
"""Checks that docs/reference/python.md says what the package's signatures and docstrings say.

    python_reference.py BUILD            checks; BUILD is the build folder in whose `python` the package stands
    python_reference.py BUILD --write    rewrites what stands under the line "<!-- from the docstrings -->"
"""

import difflib
import inspect
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "python.md"
SHARED = {"threads", "progress", "file", "overwrite", "resume"}
MARK = "<!-- from the docstrings -->\n"
sys.path.insert(0, str(pathlib.Path(sys.argv[1]).resolve() / "python"))
import osteoflare  # noqa: E402  (it must come from the build folder)


def words(thing):
    """A docstring as Markdown: what is indented by four is Python."""
    text = inspect.getdoc(thing) or ""
    code = re.compile(r"(?:^    .*\n?)+", re.MULTILINE)
    return code.sub(lambda block: "```python\n" + re.sub("^    ", "", block[0], flags=re.MULTILINE).rstrip() + "\n```\n", text)


def signature(name, function):
    """Without what many share and the class explains."""
    whole = inspect.signature(function)
    own = [parameter for parameter in whole.parameters.values()
           if parameter.name not in SHARED or parameter.kind is not inspect.Parameter.KEYWORD_ONLY]
    shown = re.sub(r"(?<=: |> )'([^']*)'", r"\1", str(whole.replace(parameters=own)))
    if len(own) < len(whole.parameters):
        shown = shown.replace(") -> ", ", …) -> ")
    shown = re.sub(r"\b(?:osteoflare\.\w+|collections\.abc|typing|xarray|numpy)\.", "", shown)
    shown = re.sub(r"^\((?:self|cls)(?:, )?", "(", shown)
    return f"`{name}{shown}`"


def members(kind):
    """Methods and properties of a class, in the order of its source."""
    for name, member in vars(kind).items():
        if name.startswith("_") and name != "__call__":
            continue
        if isinstance(member, property):
            yield f"`.{name}`", inspect.getdoc(member)
        elif isinstance(member, classmethod):
            yield signature(f"{kind.__name__}.{name}", member.__func__), words(member.__func__)
        elif inspect.isfunction(member):
            yield signature("" if name == "__call__" else f".{name}", member), words(member)


def fields(kind):
    """Of a NamedTuple: its fields, with what its source says of them."""
    remarks = dict(re.findall(r"^    (\w+): [^#\n]*#: (.*)$", inspect.getsource(kind), re.MULTILINE))
    return "\n".join(f"- `{name}`{f': {remarks[name]}' if name in remarks else ''}" for name in kind._fields)


def page():
    parts = []
    for name in ("Scenario", "Setting", "Phase", "Problem", "Parameter", "Trial", "Model", "Rates", "Quantity"):
        kind = getattr(osteoflare, name)
        parts.append(f"## {name}\n\n{words(kind)}")
        if hasattr(kind, "_fields"):
            parts.append(fields(kind))
            continue
        plain = [(head, text) for head, text in members(kind) if not text]
        if plain:
            parts.append("Also " + ", ".join(head for head, _ in plain) + ".")
        parts += [f"### {head}\n\n{text}" for head, text in members(kind) if text]
    parts.append("## Functions")
    for name in ("open", "model", "models", "library"):
        function = getattr(osteoflare, name)
        parts.append(f"### {signature('osteoflare.' + name, function)}\n\n{words(function)}")
    parts.append("## Exceptions")
    parts += [f"`osteoflare.{kind.__name__}` is a kind of `{kind.__base__.__name__}`. {kind.__doc__}"
              for kind in (osteoflare.InputError, osteoflare.FileError)]
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(part.strip() for part in parts)) + "\n"


def main():
    text = PAGE.read_text(encoding="utf-8")
    head, mark, shown = text.partition(MARK)
    today = f"\n{page()}"
    if sys.argv[2:] == ["--write"]:
        PAGE.write_text(head + MARK + today, encoding="utf-8")
        return 0
    difference = list(difflib.unified_diff(shown.splitlines(), today.splitlines(), str(PAGE), "docstrings", "", "", 1, ""))
    print("\n".join(difference) or "the page says what the docstrings say")
    return 1 if difference or not mark else 0


if __name__ == "__main__":
    sys.exit(main())
