"""What the scripts that check the Python package share: PROGRAM BUILD on their command line, and the package of BUILD."""

import os
import pathlib
import sys

from claims import Bench, ROOT

HERE = pathlib.Path.cwd()
BUILD = pathlib.Path(sys.argv[2]).resolve()
os.environ.setdefault("OSTEOFLARE_LIBRARY", str(ROOT / "scenarios" / "library"))
sys.path.insert(0, str(BUILD / "python"))
import osteoflare  # noqa: E402  (it must come from the build folder)

COHORT = """title = "Many mice"
genotype = "cmo"
end = "60 d"
[output]
every = "3 d"
[sweep]
method = "sobol"
size = 700
vary.cxcl1_half = { lognormal_cv = 0.2 }
vary.pstpip2_gain = { from = 6, to = 10 }
vary.genotype = ["cmo", "lupo", "wild_type"]
"""


def bench_in(folder):
    """Claims work in their folder, in which that of the last one is gone."""
    os.chdir(folder)
    return Bench(str((HERE / sys.argv[1]).resolve()), folder)
