#!/usr/bin/python3
"""Makes data/survival_data.csv: 300 patients of three groups whose times are tied and censored.

    survival_data.py [--write]

Times to an event are exponential, with means of 200, 400 and 700 days; watching ends at a time that is even between 30 and
900 days, or later for a few. Times are rounded up to a visit every 14 days, so that events and censoring share them. Without
--write, ends with 1 if the file is not what would be written.
"""

import math
import pathlib
import sys

from philox import uniform

DATA = pathlib.Path(__file__).parent / "data" / "survival_data.csv"
MEANS = [200, 400, 700]  # d, of groups 0 to 2
SEED, EVENT, CENSORING, VISIT = 1963, 1, 2, 14


def rows():
    yield "patient,group,time,event"
    for patient in range(300):
        group = patient % 3
        event = -MEANS[group] * math.log(uniform(SEED, EVENT, patient, 0))
        # Group 0 is watched to the end, so that one of the curves comes down to nothing.
        end = 1e6 if group == 0 and patient < 150 else 30 + 870 * uniform(SEED, CENSORING, patient, 0)
        time = VISIT * math.ceil(min(event, end) / VISIT)
        yield f"{patient},{group},{time},{int(event <= end)}"


def main():
    text = "\n".join(rows()) + "\n"
    if "--write" in sys.argv:
        DATA.write_text(text)
    elif DATA.read_text() != text:
        sys.exit(f"{DATA} is not what this script makes")


main()
