#!/usr/bin/python3
"""Makes injured_slice.csv: synthetic measurements of three slices of marrow, with known values and honest noise.

    generate_injured_slice.py PROGRAM

The courses come from PROGRAM (osteoflare), whose cells act by chance, at the values below; the noise of measurements from
numpy's generator with a fixed seed. No mouse was measured.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import h5py
import numpy

# What ABC should find. The model's defaults are 59400 and 0.9.
TRUTH = {"neutrophil_recruitment": 90000, "neutrophil_loss": 1.4}
N_MICE, DAYS, SEED = 3, (8, 9, 10), 2028
NEUTROPHIL_SPREAD = 3000  # cells/uL, of one count
IL1B_SPREAD = 0.3         # of the logarithm, of one mouse
IL1B_LIMIT = 0.2          # pM, of the assay

HEADER = """\
# Synthetic data made by generate_injured_slice.py; no mouse was measured. Three mice, each with an injury from day 7 to
# day 8: neutrophils by histology in cells/uL of marrow, IL-1beta in pM with the assay's detection limit.
experiment,animal,time [d],observable,value,detection_limit
"""


def main():
    here = pathlib.Path(__file__)
    # The experiment as it stands in the problem, at the values to be found.
    problem = here.with_name("injured_slice.toml").read_text()
    experiment = problem.split("[[experiment]]")[1].split("[observable")[0]
    experiment = re.sub(r"^name = .*\n", "", experiment.replace("experiment.", ""), count=1, flags=re.MULTILINE)
    values = "".join(f"{name} = {value}\n" for name, value in TRUTH.items())
    chance = numpy.random.default_rng(SEED)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        scenario, result = pathlib.Path(folder) / "truth.toml", pathlib.Path(folder) / "truth.h5"
        scenario.write_text(experiment.replace("[parameters]\n", "[parameters]\n" + values)
                            + f"[sweep]\nreplicates = {N_MICE}\nseed = {SEED}\n[output]\nevery = \"1 d\"\n")
        subprocess.run([sys.argv[1], "sweep", scenario, "-o", result], check=True, stdout=subprocess.DEVNULL)
        with h5py.File(result) as file:
            for mouse in range(N_MICE):
                for day in DAYS:
                    at = list(file["time"][:]).index(day)
                    neutrophils = file["neutrophils"][mouse, at] + NEUTROPHIL_SPREAD * chance.normal()
                    il1b = file["il1b"][mouse, at] * numpy.exp(IL1B_SPREAD * chance.normal())
                    rows.append(f"injured,mouse_{mouse + 1},{day},neutrophils,{neutrophils:.0f},")
                    seen = f"{il1b:.3g}" if il1b >= IL1B_LIMIT else ""
                    rows.append(f"injured,mouse_{mouse + 1},{day},il1b,{seen},{IL1B_LIMIT}")
    here.with_name("injured_slice.csv").write_text(HEADER + "\n".join(rows) + "\n")


main()
