#!/usr/bin/python3
"""Checks that a results file opens in xarray, with names, units and coordinates, and no adaptor.

    results_open_in_xarray.py FILE

Opens FILE, an ensemble over `member` and `time`, with the engines "h5netcdf" and "netcdf4", and prints what was
checked. Ends with 1 and a message at the first thing that is not as docs/reference/file_format.md says.
"""

import hashlib
import sys

import numpy
import xarray

ENGINES = ("h5netcdf", "netcdf4")
ROOT_ATTRIBUTES = ("Conventions", "title", "source", "scenario", "scenario_sha256")


class Complaint(Exception):
    """What is wrong with the file."""


def require(condition, complaint):
    if not condition:
        raise Complaint(complaint)


def check_root(data):
    for dimension in ("member", "time") if "time" in data.sizes else ("member",):
        require(dimension in data.sizes, f"there is no dimension {dimension}")
        require(dimension in data.coords, f"dimension {dimension} has no coordinate")
    if "time" in data.sizes:
        require(data.time.attrs.get("units") == "d", f"time has units {data.time.attrs.get('units')!r}, not 'd'")
        require(data.time.dtype == numpy.float64, f"time is {data.time.dtype}, not float64: it was decoded")
    require(data.member.dtype == numpy.int64, f"member is {data.member.dtype}, not int64")
    for name in ROOT_ATTRIBUTES:
        require(isinstance(data.attrs.get(name), str), f"the file has no text attribute {name}")
    digest = hashlib.sha256(data.attrs["scenario"].encode()).hexdigest()
    require(data.attrs["scenario_sha256"] == digest, "scenario_sha256 is not the SHA-256 of scenario")
    return f"dimensions {dict(data.sizes)}, coordinates, {len(data.attrs)} file attributes, scenario hash"


def check_variables(data, place):
    require(data.data_vars or data.attrs, f"{place} is empty")
    for name, variable in {**data.data_vars, **data.coords}.items():
        is_text = variable.dtype == object  # a name has no unit
        for label in ("long_name",) if is_text else ("units", "long_name"):
            require(isinstance(variable.attrs.get(label), str), f"{place}{name} has no {label}")
        require(set(variable.dims) <= {"member", "time", "intervention"}, f"{place}{name} has dimensions {variable.dims}")
    return f"units and long_name of {', '.join(place + name for name in data.data_vars)}"


def check_status(data):
    require("status" in data, "there is no variable status")
    status = data.status
    require(status.dtype == numpy.uint8, f"status is {status.dtype}, not uint8")
    values = numpy.atleast_1d(status.attrs.get("flag_values", []))
    meanings = status.attrs.get("flag_meanings", "").split()
    require(len(values) > 0 and len(values) == len(meanings), "flag_values and flag_meanings of status do not match")
    require(set(status.values.tolist()) <= set(values.tolist()), "status holds codes that flag_values does not name")
    return "status: " + ", ".join(f"{value} {meaning}" for value, meaning in zip(values, meanings))


def check_precision(data, scenario):
    """Time courses are as precise as the scenario asks; everything else is float64."""
    courses = {str(data[name].dtype) for name in data.data_vars if "time" in data[name].dims}
    wanted = "float32" if 'precision = "float32"' in scenario else "float64"
    require(courses <= {wanted}, f"time courses are {courses}, not {wanted}")
    require(bool(courses) != ('keep = "summaries"' in scenario), "time courses are there, or not, against the scenario")
    others = {str(data[name].dtype) for name in data.data_vars if data[name].dims == ("member",)}
    require("float32" not in others, "something else than time courses is float32")
    return f"time courses: {', '.join(courses) or 'none'}"


def check_derivatives(data, courses):
    """One variable over member and time for each pair of names, with the unit of a quotient."""
    require(data.data_vars, "the group sensitivity is empty")
    for name, variable in data.data_vars.items():
        of, by, quantity = name.partition("_by_")
        require(by and quantity, f"{name} does not say what is differentiated by what")
        require(variable.dims == ("member", "time"), f"{name} has dimensions {variable.dims}")
        if of in courses:
            require(variable.attrs["units"].startswith(courses[of].attrs["units"]), f"{name} has another unit than {of}")
    return check_variables(data, "sensitivity/")


def check_selection(data):
    first = data.sel(member=0)
    require("member" not in first.sizes, ".sel(member=0) keeps dimension member")
    numeric = [name for name in first.data_vars if first[name].dims == ("time",)]
    require(bool(numeric) == ("time" in data.sizes), "the variables over time are not those of .sel(member=0)")
    if not numeric:
        return ".sel(member=0), without time courses"
    last = first[numeric[0]].sel(time=float(data.time[-1]))
    require(last.size == 1, ".sel(time=…) gives no single value")
    return f".sel(member=0) and .sel(time=…) of {numeric[0]}"


def check_equal(one, other, place):
    require(list(one.variables) == list(other.variables), f"{place}: the engines see other variables or another order")
    require(one.identical(other), f"{place}: the engines give other values or attributes")
    return f"{place}: both engines give the same values and attributes"


def check(path):
    opened, groups, derivatives = {}, {}, {}
    for engine in ENGINES:
        opened[engine] = xarray.open_dataset(path, engine=engine).load()
        groups[engine] = xarray.open_dataset(path, engine=engine, group="parameter").load()
        if "[sensitivities]" in opened[engine].attrs["scenario"]:
            derivatives[engine] = xarray.open_dataset(path, engine=engine, group="sensitivity").load()
            print(f"{engine}: {check_derivatives(derivatives[engine], opened[engine])}")
        for done in (
            check_root(opened[engine]),
            check_variables(opened[engine], ""),
            check_variables(groups[engine], "parameter/"),
            check_status(opened[engine]),
            check_selection(opened[engine]),
            check_precision(opened[engine], opened[engine].attrs["scenario"]),
        ):
            print(f"{engine}: {done}")
    print(check_equal(opened["h5netcdf"], opened["netcdf4"], "file"))
    print(check_equal(groups["h5netcdf"], groups["netcdf4"], "group parameter"))
    if derivatives:
        print(check_equal(derivatives["h5netcdf"], derivatives["netcdf4"], "group sensitivity"))


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        check(sys.argv[1])
    except (Complaint, OSError, ValueError, KeyError) as error:
        print(f"{sys.argv[1]}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
