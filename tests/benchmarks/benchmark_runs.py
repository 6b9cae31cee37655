"""osteoflare-bench gives every number it promises, and every method gets more exact as its tolerance gets tighter.

usage: benchmark_runs.py OSTEOFLARE_BENCH
"""
import json
import pathlib
import subprocess
import sys
import tempfile

BASELINES = ["cvode_dense", "cvode_sparse", "rosenbrock4", "dopri5"]
WORKLOADS = ["dosed", "undosed"]
TARGETS = ["1e-3", "1e-5", "1e-7"]
# Untreated children who fall ill, a sample of all children, and ill ones under daily tablets.
PATIENTS = ["patients.", "patients.population.", "patients.daily_dosing."]
PATIENT_TARGETS = ["1e-3", "1e-4", "1e-6"]


def promised():
    for workload in WORKLOADS:
        for target in TARGETS:
            yield from (f"{workload}.{target}.x_{name}" for name in BASELINES)
            for number in ("members_per_second", "fma_fraction", "operations_per_step", "us_lanes", "steps_lanes"):
                yield f"{workload}.{target}.{number}"
    yield "threads.gain_of_two"


def promised_of_patients(has_klu):
    for prefix in PATIENTS:
        for target in PATIENT_TARGETS:
            yield from (f"{prefix}{target}.{number}" for number in ("years_per_second", "steps_per_year"))
            if has_klu:
                yield from (f"{prefix}{target}.{number}" for number in ("x_cvode_klu", "steps_x_cvode_klu"))
        yield f"{prefix}usual.years_per_second"
    yield from ("patients.1e-3.x_cvode_dense", "patients.daily_dosing.years_per_second", "patients.sites_12_to_24_cost_ratio",
                "patients.sites_12_to_24_cost_ratio_per_step")


def rising_errors(numbers, prefix, method):
    """Says where the error of a method does not fall with its tolerance."""
    start = f"{prefix}curve.{method}."
    errors = {float(key.removeprefix(start).removesuffix(".error")): value
              for key, value in numbers.items() if key.startswith(start) and key.endswith(".error")}
    ladder = sorted(errors, reverse=True)
    if len(ladder) < 4:
        yield f"{start}: {len(ladder)} tolerances"
    for loose, tight in zip(ladder, ladder[1:]):
        if not errors[tight] < errors[loose]:
            yield f"{start}: {errors[tight]} at {tight}, {errors[loose]} at {loose}"


def complaints_about_patients(patients):
    has_klu = any("klu" in key for key in patients)
    for key in promised_of_patients(has_klu):
        if not patients.get(key, 0) > 0:
            yield f"{key} is {patients.get(key, 'missing')}"
    methods = [("patients.", "cvode_dense"), *((prefix, "blocks") for prefix in PATIENTS)]
    if has_klu:
        methods += [(prefix, "cvode_klu") for prefix in PATIENTS]
        for prefix in PATIENTS:  # CVODE at a relative tolerance of 1e-11, which gets its worst moment wrong by 1e4 times that
            if not patients[f"{prefix}reference_difference"] < 1e-6:
                yield f"{prefix}: the reference differs from CVODE's by {patients[f'{prefix}reference_difference']}"
    for prefix, method in methods:
        yield from rising_errors(patients, prefix, method)


def numbers_of(program, verb, folder):
    file = pathlib.Path(folder) / f"{verb}.json"
    subprocess.run([program, verb, "--quick", "--json", file], check=True, stdout=subprocess.DEVNULL)
    return json.loads(file.read_text())


def complaints(program):
    with tempfile.TemporaryDirectory() as folder:
        ensemble = numbers_of(program, "ensemble", folder)
        output = numbers_of(program, "output", folder)
        sensitivity = numbers_of(program, "sensitivity", folder)
        agents = numbers_of(program, "agents", folder)
        patients = numbers_of(program, "patients", folder)
    yield from complaints_about_patients(patients)
    for key in promised():
        if not ensemble.get(key, 0) > 0:
            yield f"{key} is {ensemble.get(key, 'missing')}"
    for key in ("triad.gb_per_s", "diffusion.ns_per_voxel_substrate", "diffusion.large.ns_per_voxel_substrate",
                "secretion.ns_per_agent_step",
                *(f"agents.{n}.{what}" for n in (10000, 50000, 100000) for what in ("seconds_per_minute", "bytes_per_agent"))):
        if not agents.get(key, 0) > 0:
            yield f"{key} is {agents.get(key, 'missing')}"
    for key in ("output.overhead", "output.us_compute", "output.bytes_per_member"):
        if key not in output:
            yield f"{key} is missing"
    for prefix in ("sensitivity.", "sensitivity.undosed."):
        for key in ("cost_in_runs", "x_cvodes", "x_cvodes_dense", "x_cvodes_sparse"):
            if not sensitivity.get(prefix + key, 0) > 0:
                yield f"{prefix}{key} is {sensitivity.get(prefix + key, 'missing')}"
        # CVODES at a relative tolerance of 1e-10, which gets its worst moment wrong by some thousand times that.
        if not sensitivity[prefix + "reference_difference"] < 1e-6:
            yield f"{prefix}: our sensitivities differ from CVODES' by {sensitivity[prefix + 'reference_difference']}"
    for workload in WORKLOADS:
        difference = ensemble[f"{workload}.reference_difference"]
        if not difference < 1e-9:  # a hundredth of the smallest error that is measured
            yield f"{workload}: the reference differs from dopri5's by {difference}"
        for method in ["lanes", *BASELINES]:
            yield from rising_errors(ensemble, f"{workload}.", method)


found = list(complaints(sys.argv[1]))
print("\n".join(found) or "every number is there, and errors fall with the tolerance")
sys.exit(1 if found else 0)
