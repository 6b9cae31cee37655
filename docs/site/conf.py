"""The documentation site: Sphinx with MyST over the pages as they stand in the repository.

    sphinx-build -c docs/site -W ROOT OUTPUT

Pages are plain Markdown, as GitHub and editors show it. What Sphinx wants besides is added here while it reads: the order of
pages comes from the tables of docs/README.md, and equations are drawn by KaTeX, which travels with the site.
"""

import os
import pathlib
import re

root = pathlib.Path(__file__).resolve().parents[2]

project = "Osteoflare"
author = "the Osteoflare developers"
copyright = "2026, the Osteoflare developers"
release = re.search(r"project\(\w+ VERSION (\S+)", (root / "CMakeLists.txt").read_text()).group(1)

extensions = ["myst_parser"]
root_doc = "docs/README"
include_patterns = ["docs/**.md", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
exclude_patterns = ["docs/site/**", "docs/demo/**", "docs/notebooks/**"]
myst_heading_anchors = 4
myst_enable_extensions = ["amsmath"]
suppress_warnings = ["misc.highlighting_failure"]
highlight_language = "none"
pygments_style = "default"

html_theme = "furo"
html_title = f"Osteoflare {release}"
# KaTeX and, beside the pages, the teaching page and the C++ reference: where the build has put them.
html_static_path = ["static", *filter(None, [os.environ.get("OSTEOFLARE_SITE_STATIC")])]
html_extra_path = [*filter(None, [os.environ.get("OSTEOFLARE_SITE_EXTRA")])]
html_css_files = ["katex/katex.min.css", "site.css"]
html_js_files = ["katex/katex.min.js"]
mathjax_path = "equations.js"  # in the place of MathJax, which would come from the network
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#005f94", "color-brand-content": "#005f94"},
    "dark_css_variables": {"color-brand-primary": "#7cc4f5", "color-brand-content": "#7cc4f5"},
}

# What has pages of its own, if the build has made it.
BESIDE = {"teach": ("The teaching page", "a bone site in your hands: no installation, no network"),
          "cpp": ("C++ interface", "every header, from its docstrings")}


def beside():
    rows = [f"| <a href=\"../{folder}/index.html\">{name}</a> | {what} |\n" for folder, (name, what) in BESIDE.items()
            if any((pathlib.Path(extra) / folder / "index.html").exists() for extra in html_extra_path)]
    return "\n| made by the build | |\n|---|---|\n" + "".join(rows) + "\n" if rows else ""


HEADINGS = {"to learn": "Learn", "to look up": "Look up", "to understand": "Understand", "why it is so": "Decisions"}


def table_of_contents():
    """Hidden lists of pages, one for each table of docs/README.md, in its order."""
    text, blocks, seen = (root / "docs/README.md").read_text(), [], set()
    for table in re.split(r"\n(?=\| [a-z ]+ \| \|\n)", text)[1:]:
        heading = HEADINGS[re.match(r"\| ([a-z ]+) \|", table).group(1)]
        pages = [page for page in re.findall(r"\]\(([\w/.-]+)\.md\)", table) if not page.startswith("../") and page not in seen]
        seen.update(pages)
        blocks.append(f"```{{toctree}}\n:hidden:\n:caption: {heading}\n\n" + "\n".join(pages) + "\n```\n")
    blocks.append("```{toctree}\n:hidden:\n:caption: Project\n\n../README\n../CONTRIBUTING\n../CHANGELOG\n```\n")
    return "\n".join(blocks)


def read_page(app, name, source):
    text = source[0]
    # Equations keep their numbers; Sphinx would wrap them in environments of its own.
    text = re.sub(r"^```math$", "```{math}\n:nowrap:\n", text, flags=re.MULTILINE)
    text = re.sub(r"^```csv$", "```text", text, flags=re.MULTILINE)
    # Files that are no pages are shown where the repository is.
    text = re.sub(r"\[([^\]]*)\]\((LICENSE|CITATION\.cff)\)", r"\1", text)
    if name == root_doc:
        text += "\n" + beside() + table_of_contents()
    source[0] = text


def setup(app):
    app.connect("source-read", read_page)
