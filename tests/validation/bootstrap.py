#!/usr/bin/python3
"""Bootstrap intervals a second time, in Python: what tests/validation/outcome_statistics_test.cpp compares with.

    bootstrap.py [--write]

Draws with the same counter-based numbers (philox.py), and computes percentile and BCa intervals from the formulas of Efron
and Tibshirani (1993, eqs. 13.5, 14.10, 14.14, 14.15). Writes data/bootstrap_reference.csv, or ends with 1 if that file does
not hold the same numbers to 1e-12.
"""

import csv
import math
import pathlib
import statistics
import sys

from philox import uniform

REFERENCE = pathlib.Path(__file__).parent / "data" / "bootstrap_reference.csv"
# Spatial perception of 26 children, test A (Efron and Tibshirani 1993, table 14.1).
SPATIAL = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41]
SEED, PURPOSE, REPLICATES = 26, 10, 2000
NORMAL = statistics.NormalDist()


def variance(values):
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / len(values)


def share_below_20(values):
    """Moves in steps, so that many replicates equal it."""
    return sum(value < 20 for value in values) / len(values)


def quantile(ordered, q):
    place = q * (len(ordered) - 1)
    below = min(int(place), len(ordered) - 2)
    return ordered[below] * (1 - (place - below)) + ordered[below + 1] * (place - below)


def intervals(values, statistic):
    n, value = len(values), statistic(values)
    draws = [[values[int(n * uniform(SEED, PURPOSE, k, i))] for i in range(n)] for k in range(REPLICATES)]
    replicates = sorted(statistic(draw) for draw in draws)
    below = sum(replicate < value for replicate in replicates)
    z0 = NORMAL.inv_cdf((below + sum(replicate == value for replicate in replicates) / 2) / REPLICATES)
    jackknife = [statistic(values[:i] + values[i + 1:]) for i in range(n)]
    middle = math.fsum(jackknife) / n
    a = math.fsum((middle - each) ** 3 for each in jackknife) / (
        6 * math.fsum((middle - each) ** 2 for each in jackknife) ** 1.5)
    yield "value", value
    for side, q in ("low", 0.025), ("high", 0.975):
        z = NORMAL.inv_cdf(q)
        yield f"percentile {side}", quantile(replicates, q)
        yield f"bca {side}", quantile(replicates, NORMAL.cdf(z0 + (z0 + z) / (1 - a * (z0 + z))))
    yield "bias correction", z0
    yield "acceleration", a


def main():
    found = [(f"{name} {what}", value) for name, statistic in (("variance", variance), ("share", share_below_20))
             for what, value in intervals(SPATIAL, statistic)]
    if "--write" in sys.argv:
        lines = [f"{what},{value!r}" for what, value in found]
        REFERENCE.write_text("\n".join(["what,value", *lines]) + "\n")
        return
    with REFERENCE.open() as file:
        committed = [(row["what"], float(row["value"])) for row in csv.DictReader(file)]
    if [what for what, _ in committed] != [what for what, _ in found]:
        sys.exit(f"{REFERENCE} lists other numbers")
    for (what, was), (_, value) in zip(committed, found):
        if abs(was - value) > 1e-12 * max(abs(value), 1e-6):
            sys.exit(f"{REFERENCE}: {what} is {was}, and was computed as {value}")


main()
