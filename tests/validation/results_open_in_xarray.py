#!/usr/bin/python3
"""Checks that a results file opens in xarray, with names, units and coordinates, and no adaptor.

    results_open_in_xarray.py FILE

Opens FILE, an ensemble over `member` and `time`, with the engines "h5netcdf" and "netcdf4", and prints what was
checked. Ends with 1 and a message at the first thing that is not as docs/reference/file_format.md says. Of a run in space, also that
its snapshots agree with its time courses, and that the description for ParaView beside FILE names what is there.
"""

import hashlib
import pathlib
import sys
import xml.etree.ElementTree

import numpy
import xarray

from claims import Complaint, require

ENGINES = ("h5netcdf", "netcdf4")
DIMENSIONS = {"member", "time", "intervention"}
IN_SPACE = {"snapshot", "z", "y", "x", "agent_record", "vessel"}
SPATIAL_GROUPS = {"field": ("snapshot", "z", "y", "x"), "surface": ("snapshot", "y", "x"), "agent": ("agent_record",)}
ROOT_ATTRIBUTES = ("Conventions", "title", "source", "scenario", "scenario_sha256")


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
        require(set(variable.dims) <= DIMENSIONS | IN_SPACE, f"{place}{name} has dimensions {variable.dims}")
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


def check_replicates(data, parameters):
    """Replicates run fastest; those of one number differ, and all else is equal."""
    numbers = data.replicate.values
    n = int(numbers.max()) + 1
    require(data.replicate.dtype == numpy.int64, f"replicate is {data.replicate.dtype}, not int64")
    require(n > 1 and (numbers == numpy.arange(data.sizes["member"]) % n).all(), f"replicate is {numbers}")
    for first in range(0, data.sizes["member"], n):
        same = data.isel(member=slice(first, first + n))
        require(len(set(same.genotype.values.tolist())) == 1, "replicates have several genotypes")
        require(all(len(set(parameters[name].values[first : first + n])) == 1 for name in parameters.data_vars),
                "replicates have several parameters")
        require(len({tuple(course) for course in same.neutrophils.values}) == n, "replicates have the same course")
    return f"{n} replicates of {data.sizes['member'] // n} members"


def check_groups_in_space(data, groups):
    """Fields, surface and cells have units and dimensions; these have coordinates at the root, in um and d."""
    for name, dimensions in SPATIAL_GROUPS.items():
        require(groups[name].data_vars, f"group {name} is empty")
        check_variables(groups[name], f"{name}/")
        for variable in groups[name].data_vars.values():
            require(variable.dims == dimensions, f"{name}/{variable.name} has dimensions {variable.dims}")
    for dimension in IN_SPACE:
        require(dimension in data.coords, f"dimension {dimension} has no coordinate")
    for dimension, unit in {"x": "um", "y": "um", "z": "um", "snapshot": "d"}.items():
        require(data[dimension].attrs.get("units") == unit, f"{dimension} is not in {unit}")
        require(data[dimension].dtype == numpy.float64, f"{dimension} is {data[dimension].dtype}: it was decoded")
        require(bool((numpy.diff(data[dimension]) > 0).all()), f"{dimension} does not rise")
    # With the coordinates of the root, a group is as handy as the root itself.
    there = groups["field"].assign_coords({name: data[name] for name in ("snapshot", "x", "y", "z")})
    top = there.il1b.sel(snapshot=data.snapshot[-1], z=data.z[-1])
    require(top.dims == ("y", "x"), ".sel() of a group with the root's coordinates gives another shape")
    return "groups " + ", ".join(f"{name} {dict(groups[name].sizes)}" for name in SPATIAL_GROUPS)


def check_snapshots(data, groups):
    """Cells, fields and bone of every snapshot give the time courses at its moment."""
    field, surface, agent = (groups[name] for name in ("field", "surface", "agent"))
    spacing = float(data.x[1] - data.x[0])
    top = (surface.bone + surface.reactive_bone).values[:, None]
    is_open = numpy.isfinite(field.il1ra.values)
    require(bool(is_open[top < data.z.values[:, None, None] - 1].all()), "a voxel far above bone is closed")
    marrow = is_open.sum(axis=(1, 2, 3)) * spacing**3 * 1e-9  # uL
    courses = data.isel(member=0).sel(time=data.snapshot.values)
    ends = data.agent_end.values
    require(ends[-1] == agent.sizes["agent_record"], "agent_end does not end with the last record")
    names = agent.kind.attrs["flag_meanings"].split()
    require(list(agent.kind.attrs["flag_values"]) == list(range(len(names))), "flag_values and flag_meanings do not match")
    sides = {name: float(data[name][-1]) + spacing / 2 for name in "xyz"}
    first_height = surface.bone[0].values.max()

    def close(values, course, precision, what):
        off = numpy.abs(values / course - 1).max() if (course != 0).all() else numpy.abs(values - course).max()
        require(off < precision, f"{what} of the snapshots is off by {off:.1e}")

    counts = numpy.array([[(agent.kind[begin:end] == kind).sum() for kind in range(len(names))]
                          for begin, end in zip([0, *ends[:-1]], ends)])
    of = {name: counts[:, kind] for kind, name in enumerate(names)}
    require((counts[-1] > 0).sum() >= 4, "hardly any kinds of cells are left: a poor test")
    # Densities come from whole numbers of cells by a few roundings.
    close(of["neutrophil"], courses.neutrophils.values * marrow, 1e-12, "the number of neutrophils")
    close(of["macrophage"], courses.macrophages.values * marrow, 1e-12, "the number of macrophages")
    close(of["osteoclast"], courses.osteoclasts.values * marrow[0], 1e-12, "the number of osteoclasts")
    single = 2.0**-23
    for name, variable in field.data_vars.items():
        # Each value is rounded once; sums in another order add less.
        mean = numpy.nansum(variable.values.astype(float), axis=(1, 2, 3)) / is_open.sum(axis=(1, 2, 3))
        close(mean, courses[name].values, single, f"the mean of {name}")
        require((numpy.isfinite(variable.values) == is_open).all(), f"{name} is in bone, or not in marrow")
    bone = surface.bone.values.astype(float)
    close(bone.mean(axis=(1, 2)) / first_height, courses.bone.values, single, "bone")
    close(first_height - bone.min(axis=(1, 2)), courses.deepest_pit.values, single * first_height, "the deepest pit")
    for name, side in sides.items():
        at = agent[name].values
        require(bool(numpy.isfinite(at).all() and at.min() >= 0 and at.max() <= side), f"cells are outside the box ({name})")
    for begin, end in zip([0, *ends[:-1]], ends):
        require(len(set(agent.id.values[begin:end].tolist())) == end - begin, "two cells have one number")
    return f"{len(ends)} snapshots agree with the time courses; cells at the end: " + ", ".join(
        f"{n} {name}" for n, name in zip(counts[-1], names))


def check_description(path):
    """Every array that the XDMF names exists, with that shape and type of number, and every part of it that is cut out."""
    import h5py
    described = path.with_suffix(".xdmf")
    root = xml.etree.ElementTree.parse(described).getroot()
    require(root.tag == "Xdmf", "it is no XDMF")
    numbers = lambda text: [int(word) for word in text.split()]
    n_items = 0
    with h5py.File(path) as file:
        for item in root.iter("DataItem"):
            if item.get("Format") != "HDF":
                continue
            name, _, place = item.text.strip().partition(":")
            require(name == path.name and place in file, f"there is no {item.text.strip()}")
            dataset = file[place]
            require(numbers(item.get("Dimensions")) == list(dataset.shape), f"{place} has the shape {dataset.shape}")
            kind = {"Float": "f", "UChar": "u"}[item.get("NumberType")]
            require((dataset.dtype.kind, dataset.dtype.itemsize) == (kind, int(item.get("Precision"))), f"{place} has another type")
        for slab in root.iter("DataItem"):
            if slab.get("ItemType") != "HyperSlab":
                continue
            start, stride, count = numpy.array(numbers(slab[0].text)).reshape(3, -1)
            whole = numbers(slab[1].get("Dimensions"))
            require(len(start) == len(whole) and (stride == 1).all() and (start + count <= whole).all(),
                    f"a part of {slab[1].text.strip()} is outside")
            require(numpy.prod(numbers(slab.get("Dimensions"))) == numpy.prod(count), "a part has another size")
            n_items += 1
        ends, days = file["agent_end"][()], file["snapshot"][()]
        cells = [int(grid.find("Topology").get("NumberOfElements")) for grid in root.iter("Grid")
                 if grid.find("Topology") is not None and grid.find("Topology").get("TopologyType") == "Polyvertex"]
        require(cells == numpy.diff(ends, prepend=0).tolist(), f"it describes {cells} cells")
        times = [float(time.get("Value")) for time in root.iter("Time")]
        require(times == [*days, *days], "it describes other days")
    return f"{described.name}: {n_items} parts of arrays that are there"


def check_equal(one, other, place):
    require(list(one.variables) == list(other.variables), f"{place}: the engines see other variables or another order")
    require(one.identical(other), f"{place}: the engines give other values or attributes")
    return f"{place}: both engines give the same values and attributes"


def check(path):
    opened, groups, derivatives, in_space = {}, {}, {}, {}
    for engine in ENGINES:
        opened[engine] = xarray.open_dataset(path, engine=engine).load()
        is_spatial = "snapshot" in opened[engine].sizes
        if is_spatial:
            in_space[engine] = {name: xarray.open_dataset(path, engine=engine, group=name).load() for name in SPATIAL_GROUPS}
            print(f"{engine}: {check_groups_in_space(opened[engine], in_space[engine])}")
            print(f"{engine}: {check_snapshots(opened[engine], in_space[engine])}")
        groups[engine] = xarray.open_dataset(path, engine=engine, group="parameter").load()
        if "replicate" in opened[engine]:
            print(f"{engine}: {check_replicates(opened[engine], groups[engine])}")
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
    for name in SPATIAL_GROUPS if in_space else ():
        print(check_equal(in_space["h5netcdf"][name], in_space["netcdf4"][name], f"group {name}"))
    if in_space:
        print(check_description(pathlib.Path(path)))
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
