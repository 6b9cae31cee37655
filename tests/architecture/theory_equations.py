"""The numbered equations of docs/theory are generated from the models: compares them with what the program exports, or
rewrites them in place. The prose around them, and where a number stands, is written by hand.

usage: theory_equations.py ROOT PROGRAM [--write]
"""
import pathlib
import re
import subprocess
import sys

PAGES = {"niche.md": ["niche"], "classic_models.md": ["lemaire2004", "komarova2003"]}
EXPORTED = re.compile(r"\\begin\{equation\}\n(.*?\\tag\{(\w+)\})\n\\end\{equation\}", re.DOTALL)
PRINTED = re.compile(r"```math\n(?P<equation>(?:(?!```).)*?)\n```", re.DOTALL)
TAG = re.compile(r"\\tag\{(\w+)\}")


def exported_equations(program, models):
    """{number: LaTeX, tag included}"""
    equations = {}
    for model in models:
        document = subprocess.run([program, "export", model, "--latex"], check=True, capture_output=True, text=True).stdout
        equations.update({number: equation for equation, number in EXPORTED.findall(document)})
    return equations


def main():
    root, program = pathlib.Path(sys.argv[1]), sys.argv[2]
    problems = []
    for page, models in PAGES.items():
        path = root / "docs" / "theory" / page
        text, fresh = path.read_text(encoding="utf-8"), exported_equations(program, models)
        seen = set()

        def today(block):
            tag = TAG.search(block["equation"])
            if not tag or tag[1] not in fresh:
                problems.append(f"{page}: an equation that is none of the model's: {block['equation']}")
                return block[0]
            seen.add(tag[1])
            return f"```math\n{fresh[tag[1]]}\n```"

        rewritten = PRINTED.sub(today, text)
        problems += [f"{page}: equation ({number}) is missing; write a block ```math with \\tag{{{number}}} where it belongs"
                     for number in fresh if number not in seen]
        if "--write" in sys.argv:
            path.write_text(rewritten, encoding="utf-8")
        elif rewritten != text:
            problems += [f"{page}: not what the program exports: {old}" for old, new in
                         zip(text.splitlines(), rewritten.splitlines()) if old != new][:1]
    if problems:
        sys.exit("\n".join(problems) + "\nequations are rewritten with --write")
    print("the theory pages print the equations of the models")


main()
