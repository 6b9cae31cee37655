#!/usr/bin/python3
"""Makes paw_study.csv: synthetic measurements of four genotypes, with known values and honest noise.

    generate_paw_study.py PROGRAM

The courses come from PROGRAM (osteoflare), run at the values below; the noise from numpy's generator with a fixed seed.
No mouse was measured.
"""

import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy

GENOTYPES = ["wild_type", "lupo", "cmo", "cmo_cybb_null"]
# What a fit should find. The model's defaults are 8.33, 84.3, 0.245, 0.004, 2e-5 and 0.0057.
TRUTH = {"pstpip2_gain": 9.5, "cxcl1_half": 80, "il10_macrophage": 0.22, "bone_turnover": 0.0045,
         "ros_neutrophil": 1.7e-5, "reactive_formation": 0.005}
SWELLING_SCALE = 1.4    # mm of paw thickness for a swelling of 1
SWELLING_SPREAD = 0.12  # mm, of one paw
CYTOKINE_SPREAD = 0.25  # of the logarithm, of one mouse
BONE_SPREAD = 0.04      # of one scan; stated in the table as an error
REACTIVE_SCALE = 3.0    # score for one unit of reactive bone: unknown to the one who fits
REACTIVE_SPREAD = 0.2   # of the logarithm
LIMITS = {"il1b": 0.5, "il10": 2.0}  # pM, of the assay
N_CYTOKINE, N_REACTIVE = 5, 6

HEADER = """\
# Synthetic data made by generate_paw_study.py; no mouse was measured. Four genotypes: paw thickness above normal in mm (single
# mice), cytokines in pM (geometric means of five mice, with the assay's detection limit), bone by micro-CT as a fraction
# of a healthy site (mean and standard deviation of the mean), and a score of reactive bone (geometric means of six mice).
experiment,animal,time [weeks],observable,value,error,n,detection_limit
"""


def courses(program, folder):
    values = "\n".join(f"{name} = {value}" for name, value in TRUTH.items())
    scenario = pathlib.Path(folder) / "truth.toml"
    names = ", ".join(f'"{name}"' for name in GENOTYPES)
    scenario.write_text(f"[parameters]\n{values}\n[output]\nevery = \"7 d\"\nvariables = "
                        "[\"swelling\", \"il1b\", \"il10\", \"bone\", \"reactive_bone\"]\n[sweep]\nmethod = \"grid\"\n"
                        f"vary.genotype = [{names}]\n[numerics]\nrelative_tolerance = 1e-9\n")
    result = pathlib.Path(folder) / "truth.h5"
    subprocess.run([program, "sweep", scenario, "-o", result], check=True, stdout=subprocess.DEVNULL)
    with h5py.File(result) as file:
        weeks = {round(day / 7): i for i, day in enumerate(file["time"][:]) if day % 7 == 0}
        return {(genotype, name, week): file[name][member, i]
                for member, genotype in enumerate(GENOTYPES) for week, i in weeks.items()
                for name in ("swelling", "il1b", "il10", "bone", "reactive_bone")}


def main():
    chance = numpy.random.default_rng(2027)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        truth = courses(sys.argv[1], folder)
    for genotype in GENOTYPES:
        for week in range(4, 21, 2):
            for animal in (1, 2, 3):
                value = SWELLING_SCALE * truth[genotype, "swelling", week] + SWELLING_SPREAD * chance.normal()
                rows.append(f"{genotype},{genotype}_{animal},{week},paw,{value:.3f},,,")
        for week in (6, 10, 15, 20):
            for cytokine, limit in LIMITS.items():
                spread = CYTOKINE_SPREAD / N_CYTOKINE ** 0.5
                value = truth[genotype, cytokine, week] * numpy.exp(spread * chance.normal())
                seen = f"{value:.4g}" if value >= limit else ""
                rows.append(f"{genotype},,{week},{cytokine},{seen},,{N_CYTOKINE},{limit}")
        for week in (8, 14, 20):
            value = truth[genotype, "bone", week] + BONE_SPREAD * chance.normal()
            rows.append(f"{genotype},,{week},micro_ct,{value:.4f},{BONE_SPREAD},,")
            if genotype != "wild_type":
                spread = REACTIVE_SPREAD / N_REACTIVE ** 0.5
                value = REACTIVE_SCALE * truth[genotype, "reactive_bone", week] * numpy.exp(spread * chance.normal())
                rows.append(f"{genotype},,{week},reactive_score,{value:.4g},,{N_REACTIVE},")
    pathlib.Path(__file__).with_name("paw_study.csv").write_text(HEADER + "\n".join(rows) + "\n")


main()
