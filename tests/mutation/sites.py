"""Where a source can be wrong, and the text that makes each fault a matter of choice (see mutation.hpp)."""

import dataclasses
import re

TOKEN = re.compile(r'''(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#[^\n]*(?:\\\n[^\n]*)*)
    |(?P<text>R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])')
    |(?P<number>(?:0[xX][0-9a-fA-F.]+(?:[pP][-+]?\d+)?|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)[uUlLzf]*)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>->\*|<=>|<<=|>>=|\.\.\.|::|->|\+\+|--|<<|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)''', re.X | re.S | re.M)
FAULTS = {  # of an operator: what it is called and what stands there instead
    "+": [("sign", "-"), ("term", "only the first term")], "-": [("sign", "+"), ("term", "only the first term")],
    "*": [("product", "/"), ("product", "only the first factor")],
    "/": [("product", "*"), ("product", "only the first factor")],
    "<": [("comparison", ">"), ("step", "<=")], ">": [("comparison", "<"), ("step", ">=")],
    "<=": [("comparison", ">="), ("step", "<")], ">=": [("comparison", "<="), ("step", ">")],
    "==": [("comparison", "!=")], "!=": [("comparison", "==")],
}
CHANGES = {"+=": ("added", [("sign", "the other sign"), ("term", "nothing")]), "*=": ("scaled", [("product", "inverse"), ("product", "1")])}
CHANGES["-="], CHANGES["/="] = CHANGES["+="], CHANGES["*="]
SYMMETRIC = {"max", "min", "fmax", "fmin", "maximum", "minimum", "swap", "hypot", "taken_together", "distance", "visit", "see"}
WORDS = {"if", "for", "while", "switch", "return", "sizeof", "case", "else", "do", "delete", "throw", "using", "break",
         "continue", "static_assert", "operator", "alignas", "decltype", "noexcept", "requires", "goto", "new", "typename"}


@dataclasses.dataclass
class Token:
    kind: str
    text: str
    begin: int
    end: int
    spaced: bool  # blanks on both sides


@dataclasses.dataclass
class Site:
    path: str
    line: int
    what: str  # what stands there
    faults: list  # of (kind, instead)
    edits: list  # of (position, text to remove, text to insert), with @ for the number of the first fault
    id: int = 0


def tokens(text):
    """Those of the code: no comments, no directives, no lists of parameters between clang-format off and on."""
    lists = [match.span() for match in re.finditer(r"// clang-format off.*?// clang-format on", text, re.S)]
    found = []
    for match in TOKEN.finditer(text):
        if match.lastgroup == "skip" or any(begin <= match.start() < end for begin, end in lists):
            continue
        spaced = text[match.start() - 1].isspace() and text[match.end():match.end() + 1].isspace()
        found.append(Token(match.lastgroup, match.group(), match.start(), match.end(), spaced))
    return found


def constant_ranges(text):
    """What the compiler computes: a fault there could not be chosen."""
    patterns = (r"\bstatic_assert\b[^;]*;", r"\bif constexpr \([^{]*\{", r"\btemplate <[^>]*>", r"\brequires\b[^{;]*[{;]",
                r"\bconcept\b[^;]*;", r"\benum\b[^;]*;", r"\busing\b[^;]*;", r"\bconstexpr [\w:<>, ]+? \w+(\[[^]]*\])* ?[={][^;]*;",
                r"\bconstexpr \w+ \w+\([^{]*\) const \{[^}]*\}", r"\bstd::array<[^;(]*>", r"\balignas[^;]*;", r"\bcase [^:]*:",
                r"^ {0,4}(?:mutable |static )?(?:double|Pack|Pack1|char|unsigned char|std::\w+) [\w, ]*\[[^;]*;", r"\boperator\S+",
                r"\#pragma omp [^\n]*\n[^\n]*", r"\bstd::(?:get|make_index_sequence|integral_constant)<[^>]*>", r"^ +[\w:<>, ]+ \w+\[[^=;]*;")
    return [match.span() for pattern in patterns for match in re.finditer(pattern, text, re.M)]


def closing(found, i, ends):
    """The first of `ends` behind token i that is not inside brackets."""
    depth = 0
    for j in range(i, len(found)):
        if depth == 0 and found[j].text in ends:
            return j
        depth += (found[j].text in "([{") - (found[j].text in ")]}")
        if depth < 0:
            return None
    return None


class Finder:
    """The sites of one file. `neighbours` gives each field of a list the next one of the same unit."""

    def __init__(self, path, text, neighbours):
        self.path, self.text, self.neighbours = path, text, neighbours
        self.found = tokens(text)
        self.constants = constant_ranges(text)
        self.sites = []

    def site(self, token, what, faults, *edits):
        if not any(begin <= token.begin < end for begin, end in self.constants):
            line = self.text.count("\n", 0, token.begin) + 1
            self.sites.append(Site(self.path, line, what, faults, list(edits)))

    def around(self, i):
        words = self.text[self.found[max(i - 4, 0)].begin:self.found[min(i + 4, len(self.found) - 1)].end]
        return re.sub(r"\s+", " ", re.sub(r"//[^\n]*", "", words))

    def all(self):
        for i in range(2, len(self.found) - 2):
            self.operator(i)
            self.change(i)
            self.minus(i)
            self.number(i)
            self.field(i)
            self.swap(i)
            self.statement(i)
        self.late_numbers()
        return self.sites

    def operator(self, i):
        token, before, after = self.found[i], self.found[i - 1], self.found[i + 1]
        if "text" in (before.kind, after.kind):
            return  # words: whoever reads them sees what is wrong
        if not token.spaced or before.text in ("operator", "template", "(", ",", "=", "auto", "return", "::"):
            return
        if token.text in FAULTS:
            self.site(token, self.around(i), FAULTS[token.text],
                      (token.end, "", f" ::mutation::m<@>{{}} {token.text}"))
        elif token.text == "&&":
            self.site(token, self.around(i), [("condition", "only the first condition")], (token.end, "", " ::mutation::chosen<@>() |"))
        elif token.text == "||":
            self.site(token, self.around(i), [("condition", "only the first condition")], (token.end, "", " !::mutation::chosen<@>() &"))

    def change(self, i):
        token = self.found[i]
        end = closing(self.found, i + 1, (";", ")", ",")) if token.text in CHANGES else None
        if end is not None and self.found[i + 1].kind != "text":
            function, faults = CHANGES[token.text]
            self.site(token, self.around(i), faults, (self.found[i + 1].begin, "", f"::mutation::{function}<@>("),
                      (self.found[end].begin, "", ")"))

    def minus(self, i):
        token, before = self.found[i], self.found[i - 1]
        if token.text == "-" and not token.spaced and before.text in ("(", ",", "=", "return", "?", ":", "{"):
            self.site(token, self.around(i), [("sign", "no minus")], (token.begin, "-", "::mutation::m<@>{} - "))

    def number(self, i):
        token, before, after = self.found[i], self.found[i - 1], self.found[i + 1]
        if token.kind != "number" or token.text[-1] in "lLzf" or before.text in ("<", "[[") or after.text == ">":
            return
        real = re.search(r"[.eEpP]", token.text) and not re.match(r"0[xX][^.pP]*$", token.text)
        starts_loop = before.text == "=" and any(t.text == "for" for t in self.found[max(0, i - 8):i])
        if real:
            self.site(token, self.around(i), [("limit" if float_of(token.text) < 2e-3 else "number", "another number")],
                      (token.begin, token.text, f"::mutation::number<@>({token.text})"))
        elif starts_loop or before.text in ("[", "+", "-", "<", "<=", ">", ">=", "==", "!=") and (before.spaced or before.text == "["):
            self.site(token, self.around(i), [("step", "one more")],
                      (token.begin, token.text, f"::mutation::number<@>({token.text})"))

    def late_numbers(self):
        """Numbers that are constants of the compiler: made constants of the run, where that is all they are."""
        for match in re.finditer(r"\b(static |inline |)constexpr (double|std::array<double, [\w ]+>) (\w+)((?:\[\w+\])*) ?= ?([^;]*);", self.text):
            static = "inline static const" if match[1] == "static " and "\n    static" in self.text[max(0, match.start() - 6):match.start() + 6] else match[1] + "const"
            if re.search(rf"constexpr[^;]*=[^;]*\b{match[3]}\b", self.text[match.end():]):
                continue
            head = (match.start(), match[1] + "constexpr", static)
            for number in re.finditer(r"(?<![\w.])\d+(?:\.\d*)?(?:[eE][-+]?\d+)?(?![\w.])", match[5]):
                if not re.search(r"[.eE]", number[0]):
                    continue
                begin = match.start(5) + number.start()
                line = self.text.count("\n", 0, begin) + 1
                self.sites.append(Site(self.path, line, f"{match[3]}: {number[0]}",
                                       [("limit" if float(number[0]) < 2e-3 else "number", "another number")],
                                       [head, (begin, number[0], f"::mutation::late_number<@>({number[0]})")]))

    def field(self, i):
        name, dot, owner = self.found[i], self.found[i - 1], self.found[i - 2]
        if name.kind != "name" or dot.text != "." or owner.kind != "name" or self.found[i - 3].text in (".", "->", "::", "*"):
            return
        other = self.neighbours.get((owner.text, name.text))
        if other is None or self.found[i + 1].text in ("=", "+=", "(", "."):
            return
        self.site(name, f"{owner.text}.{name.text}", [("swap", f"{owner.text}.{other}")],
                  (owner.begin, f"{owner.text}.{name.text}", f"::mutation::either<@>({owner.text}.{name.text}, {owner.text}.{other})"))

    def swap(self, i):
        """f(a, b) and x[i][j] of two plain things."""
        f = self.found
        if f[i].text == "[" and i + 5 < len(f) and [t.text for t in (f[i + 2], f[i + 3], f[i + 5])] == ["]", "[", "]"]:
            a, b = f[i + 1], f[i + 4]
            if a.kind == b.kind == "name" and a.text != b.text:
                self.site(f[i], f"[{a.text}][{b.text}]", [("swap", f"[{b.text}][{a.text}]")],
                          (a.begin, a.text, f"::mutation::either<@>({a.text}, {b.text})"),
                          (b.begin, b.text, f"::mutation::either<@>({b.text}, {a.text})"))
        if f[i].text == "(" and f[i - 1].kind == "name" and f[i - 1].text not in SYMMETRIC | WORDS and f[i - 2].kind != "name":
            end = closing(f, i + 1, (")",))
            arguments = self.text[f[i].end:f[end].begin] if end else ""
            pair = re.fullmatch(r"\s*([a-z][\w.\[\]]*),\s*([a-z][\w.\[\]]*)\s*", arguments)
            if pair and pair[1] != pair[2]:
                self.site(f[i], f"{f[i - 1].text}({pair[1]}, {pair[2]})", [("swap", f"{f[i - 1].text}({pair[2]}, {pair[1]})")],
                          (f[i].end, arguments, f"::mutation::either<@>({pair[1]}, {pair[2]}), ::mutation::either<@>({pair[2]}, {pair[1]})"))

    def statement(self, i):
        """A call or an assignment that stands alone."""
        f = self.found
        if f[i - 1].text not in (";", "{", "}") or f[i].text in WORDS or not (f[i].kind == "name" or f[i].text in ("++", "--")):
            return
        end = closing(f, i, (";",))
        if end is None or end - i > 80:
            return
        statement = self.text[f[i].begin:f[end].end]
        plain = r"[\w:]+(?:(?:\.|->)\w+|\[[^][]*(?:\[[^][]*\])?\])*"
        if re.search(r"[{}]|\bconst\b|\bauto\b|= (?:default|delete)|^~?[A-Z]\w*\(", statement) or not re.match(
                rf"(?:(?:\+\+|--){plain};|{plain}(?:\+\+|--)?;|{plain}\(|{plain} [-+*/]?= )", statement):
            return
        self.site(f[i], re.sub(r"\s+", " ", statement)[:80], [("statement", "nothing")],
                  (f[i].begin, "", "if (!::mutation::chosen<@>()) { "), (f[end].end, "", " }"))


def float_of(text):
    return float.fromhex(text) if text[:2].lower() == "0x" else float(text.rstrip("uUlLzf"))


def planted(text, sites):
    """The text of a file with these sites in it."""
    edits = sorted({(position, old, new.replace("@", str(site.id)), order)
                    for order, site in enumerate(sites) for position, old, new in site.edits}, key=lambda e: (e[0], len(e[1]), e[3]))
    done = set()
    result, at = [], 0
    for position, old, new, _ in edits:
        if (position, old) in done and old.endswith("constexpr"):
            continue
        done.add((position, old))
        result += [text[at:position], new]
        at = position + len(old)
    return "".join(result + [text[at:]])
