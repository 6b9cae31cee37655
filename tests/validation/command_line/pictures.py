"""Pictures, reports, pages and films."""

import base64
import hashlib
import re
import shutil
import xml.etree.ElementTree

from claims import claim, Complaint, require, ROOT

from bench import CHILDREN, DRAWN, FILE_TROUBLE, SHORT, WRONG_INPUT


def require_svg(path):
    require(path.exists(), f"{path.name} is not there")
    try:
        root = xml.etree.ElementTree.fromstring(path.read_bytes())
    except xml.etree.ElementTree.ParseError as error:
        raise Complaint(f"{path.name} is no well-formed XML: {error}") from None
    require(root.tag == "{http://www.w3.org/2000/svg}svg", f"{path.name} is no SVG but {root.tag}")
    shapes = [element for element in root.iter() if element.tag.endswith(("}path", "}polyline", "}polygon"))]
    require(len(shapes) >= 5, f"{path.name} is an empty picture")


@claim("plot draws, and report explains, a run, a sweep and a cohort; neither overwrites anything without --force")
def pictures(bench):
    if not shutil.which("gnuplot"):
        return "not tried: there is no gnuplot"
    bench.write("cohort.toml", SHORT.replace('"bone"', '"bone", "swelling"') + DRAWN)
    bench.write("strange.toml", SHORT.replace("Short", r"<b> & \"quotes\" {/Bold 5_x^y} @ ~ Ω 'single' \\\\ %s $(ls) `ls`"))
    bench.run("run", "anakinra_after_onset", "-o", "run.h5")
    bench.run("sweep", "quickstart", "-o", "sweep.h5")
    bench.run("sweep", "cohort.toml", "-o", "cohort.h5")
    bench.run("run", "strange.toml", "-o", "strange.h5")
    bench.run("run", "komarova_cycle", "-o", "komarova.h5")
    bench.write("summaries.toml", 'end = "12 d"\n[output]\nkeep = "summaries"\n' + DRAWN)
    bench.write("float32.toml", 'end = "12 d"\n[output]\nprecision = "float32"\n' + DRAWN)
    bench.run("sweep", "summaries.toml", "-o", "summaries.h5")
    bench.run("sweep", "float32.toml", "-o", "float32.h5")
    shutil.copy(ROOT / "tests/validation/data/replicates.toml", bench.folder)
    bench.run("sweep", "replicates.toml", "-o", "replicates.h5")
    for name in ("run", "sweep", "cohort", "strange", "komarova", "summaries", "float32", "replicates"):
        done = bench.run("plot", f"{name}.h5")
        done.require(done.out == f"picture in {name}.svg\n", "it should say where the picture is")
        require_svg(bench.folder / f"{name}.svg")
    replicates = (bench.folder / "replicates.svg").read_text()
    require("12 members; line: median, band: 5\u201395 %" in replicates, "replicates should be drawn as bands")
    bench.run("plot", "run.h5", "--variables", "swelling,bone", "-o", "two.svg")
    require_svg(bench.folder / "two.svg")
    bench.refuse("plot", "run.h5", expect=FILE_TROUBLE, says="exists already")
    bench.run("plot", "run.h5", "--force")
    bench.refuse("plot", "run.h5", "--variables", "swellin", "-o", "x.svg", expect=WRONG_INPUT,
                 says="did you mean 'swelling'?")
    bench.refuse("plot", "run.h5", "-o", "nowhere/x.svg", expect=FILE_TROUBLE, says="nowhere")
    before = (bench.folder / "run.h5").read_bytes()
    for verb in ("plot", "report"):
        bench.refuse(verb, "run.h5", "-o", "./run.h5", "--force", expect=WRONG_INPUT, says="is what is asked about")
    require((bench.folder / "run.h5").read_bytes() == before, "results were overwritten")
    for name in ("run", "sweep", "cohort", "strange", "komarova", "summaries", "float32", "replicates"):
        done = bench.run("report", f"{name}.h5")
        done.require(done.out == f"report in {name}.html\n", "it should say where the page is")
        page = (bench.folder / f"{name}.html").read_text()
        require(len(page) < 3e6 and page.endswith("</html>\n"), f"{name}.html is no page of less than 3 MB")
    require("<b> & " not in (bench.folder / "strange.html").read_text(), "a title is taken for HTML")
    bench.run("report", "run.h5", "sweep.h5", "-o", "both.html")
    bench.refuse("report", "run.h5", expect=FILE_TROUBLE, says="exists already")
    bench.refuse("report", "no.h5", expect=FILE_TROUBLE, says="check its name")
    (bench.folder / "cut.h5").write_bytes(before[:3000])
    bench.refuse("report", "cut.h5", expect=FILE_TROUBLE, says="carries no seal")
    (bench.folder / "flipped.h5").write_bytes(before[:20000] + b"\x55" + before[20001:])
    bench.refuse("report", "flipped.h5", expect=FILE_TROUBLE, says="is damaged")
    (bench.folder / "begun.h5.part").write_bytes(before[:3000])
    bench.refuse("report", "begun.h5", expect=FILE_TROUBLE, says="is not finished")


def write_snapshots(path, n_snapshots):
    """A run in space of 80 by 80 by 60 µm, as small as may be."""
    import h5py
    import numpy
    with h5py.File(path, "w") as file:
        file.attrs["title"] = "<b>Small</b>"
        for name, n in (("x", 4), ("y", 4), ("z", 3)):
            file[name] = numpy.arange(n) * 20 + 10.0
        file["snapshot"] = numpy.arange(n_snapshots) * 5 + 20.0
        file["field/il1b"] = numpy.ones((n_snapshots, 3, 4, 4), "f4")
        file["field/cxcl1"] = numpy.arange(n_snapshots * 48, dtype="f4").reshape(n_snapshots, 3, 4, 4)
        file["surface/bone"] = numpy.full((n_snapshots, 4, 4), 20, "f4")
        file["surface/bone"][-1, 1, 2] = 5
        file["surface/reactive_bone"] = numpy.zeros((n_snapshots, 4, 4), "f4")
        file["agent_end"] = 2 * (numpy.arange(n_snapshots) + 1)
        file["agent/kind"] = numpy.array([1, 4] * n_snapshots, "u1")
        file["agent/kind"].attrs["flag_meanings"] = "stroma neutrophil macrophage osteoclast_precursor osteoclast osteoblast"
        for name, value in (("x", 30), ("y", 79), ("z", 40), ("diameter", 12)):
            file[f"agent/{name}"] = numpy.full(2 * n_snapshots, value, "f4")
    content = path.read_bytes()
    path.write_bytes(content + b"\nosteoflare-seal sha256 " + hashlib.sha256(content).hexdigest().encode() + b"\n")


@claim("patient writes a page that needs nothing else, tells its story, and overwrites nothing without --force")
def patient_pages(bench):
    bench.write("children.toml", CHILDREN)
    done = bench.run("patient", "children.toml", "--child", "0")
    done.require("page in results/children.child_0.html" in done.out, "the page should be named")
    page = (bench.folder / "results/children.child_0.html").read_text()
    sentence = done.out.splitlines()[1].strip()
    done.require(sentence in page, "the page should tell what the program tells")
    done.require("never for the care of a person" in page, "the page should say what it is for")
    require(not re.search(r"(src|href)=\"(?!#)", page) and "@import" not in page, "the page asks for another file")
    bench.refuse("patient", "children.toml", "--child", "0", expect=FILE_TROUBLE, says="results/children.child_0.html")
    bench.run("patient", "children.toml", "--child", "0", "--force")
    again = (bench.folder / "results/children.child_0.html").read_text()
    require(again == page, "the same child should have the same page")


@claim("film writes a frame for each snapshot and a page that needs nothing else, and overwrites nothing without --force")
def films(bench):
    try:
        import h5py  # noqa: F401
    except ImportError:
        return "not tried: there is no h5py"
    write_snapshots(bench.folder / "run.h5", 4)
    done = bench.run("film", "run.h5")
    done.require("4 frames in run_film" in done.out, "it should say where the frames are")
    folder = bench.folder / "run_film"
    names = sorted(path.name for path in folder.iterdir())
    require(names == ["film.html"] + [f"frame_000{i}.png" for i in range(4)], f"other files: {names}")
    html = (folder / "film.html").read_text()
    frames = re.findall(r'"data:image/png;base64,([^"]*)"', html)
    require([base64.b64decode(frame) for frame in frames] == [(folder / name).read_bytes() for name in names[1:]],
            "the page should hold the frames")
    require("<b>" not in html and "http" not in html, "the page should escape the title and fetch nothing")
    bench.refuse("film", "run.h5", expect=FILE_TROUBLE, says="exists already")
    done = bench.run("film", "run.h5", "--days", "21,24,1000", "--field", "cxcl1", "--force")
    done.require("nearest" in done.out, "it should say that there is no such day")
    require(sorted(path.name for path in folder.iterdir()) == names[:4], "frames of the longer film should be gone")
    bench.run("film", "run.h5", "--still", "still.png")
    require((bench.folder / "still.png").read_bytes().startswith(b"\x89PNG"), "the still should be a PNG")
    bench.refuse("film", "run.h5", "--still", "still.png", expect=FILE_TROUBLE, says="exists already")
    bench.run("film", "run.h5", "--still", "still.png", "--force")
    bench.refuse("film", "run.h5", "--field", "cxcl", expect=WRONG_INPUT, says="did you mean 'cxcl1'?")
    bench.write("short.toml", SHORT)
    bench.run("run", "short.toml", "-o", "short.h5")
    bench.refuse("film", "short.h5", expect=FILE_TROUBLE, says="has no snapshots")
