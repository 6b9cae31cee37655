"""Models and scenarios for other programs."""

import xml.etree.ElementTree

from claims import claim, require

from bench import DRAWN, FILE_TROUBLE, LIBRARY, WRONG_INPUT


@claim("export writes models and scenarios as well-formed SBML and as LaTeX, to a file or to standard output")
def exports(bench):
    bench.write("strange.toml", "title = '<b> & \"quotes\" {/Bold} \\\\ 5_x^y ~ # $ 100 % IL-1\u03b2'\n" + DRAWN)
    names = ["niche", "lemaire2004", "komarova2003", "strange.toml"]
    for scenario in sorted(LIBRARY.glob("scenarios/*.toml")):
        if 'model = "agents"' in scenario.read_text(encoding="utf-8"):
            bench.refuse("export", scenario.stem, "--sbml", expect=WRONG_INPUT, says="cells cannot be exported")
        else:
            names.append(scenario.stem)
    for name in names:
        sbml = bench.run("export", name, "--sbml")
        root = xml.etree.ElementTree.fromstring(sbml.out)
        sbml.require(root.tag == "{http://www.sbml.org/sbml/level3/version2/core}sbml", "it should be SBML")
        latex = bench.run("export", name, "--latex")
        latex.require(latex.out.startswith("%") and latex.out.endswith("\\end{document}\n"), "it should be a document")
        latex.require(latex.out.count("{") == latex.out.count("}"), "its braces should match")
    done = bench.run("export", "niche", "--sbml", "-o", "niche.xml")
    done.require(done.out == "SBML in niche.xml\n", "it should say where the file is")
    require((bench.folder / "niche.xml").read_text() == bench.run("export", "niche", "--sbml").out, "the file is another")
    bench.refuse("export", "niche", "--latex", "-o", "niche.xml", expect=FILE_TROUBLE, says="exists already")
    bench.run("export", "niche", "--latex", "-o", "niche.xml", "--force")
    require((bench.folder / "niche.xml").read_text().startswith("%"), "--force should replace the file")
    cmo = bench.run("export", "niche", "--sbml", "--genotype", "cmo", "--set", "anakinra=8 nM").out
    require("genotype cmo; the model&#39;s default is 1 (genotype)" in cmo, "it should say what a genotype changes")
    require('<parameter id="anakinra" name="x_An" value="8000"' in cmo, "--set should set an input")
