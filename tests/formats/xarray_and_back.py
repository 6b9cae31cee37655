#!/usr/bin/python3
"""Checks that results of every kind, read by xarray and written again by it, are the same.

    xarray_and_back.py FOLDER...

Each results file (*.h5) in the folders is read with the engines "h5netcdf" and "netcdf4", group by group, written to a
new file and read from there: numbers must agree to the bit, names, types, dimensions, coordinates and attributes
wholly. Ends with 1 and a message at the first thing that does not.
"""

import pathlib
import sys
import tempfile

import h5py
import xarray

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "validation"))
from claims import Complaint, require  # noqa: E402

ENGINES = ("h5netcdf", "netcdf4")


def groups_of(path):
    """The file itself and all groups in it."""
    found = [None]
    with h5py.File(path) as file:
        file.visititems(lambda name, entry: found.append(name) if isinstance(entry, h5py.Group) else None)
    return found


def require_equal(before, after, place):
    require(before.identical(after), f"{place}: another Dataset came back")
    for name, variable in before.variables.items():
        one, other = variable.values, after[name].values
        require(one.dtype == other.dtype, f"{place}, {name}: {one.dtype} came back as {other.dtype}")
        require(one.dtype == object or one.tobytes() == other.tobytes(), f"{place}, {name}: other bits came back")


def there_and_back(path, engine, copy):
    """How many variables came back as they were."""
    groups, count = groups_of(path), 0
    for group in groups:
        xarray.load_dataset(path, engine=engine, group=group).to_netcdf(copy, "a", engine=engine, group=group)
    for group in groups:
        before, after = (xarray.load_dataset(file, engine=engine, group=group) for file in (path, copy))
        require_equal(before, after, f"{path.parent.name}/{path.name}, {engine}, {group or 'the file'}")
        count += len(before.variables)
    return count


def main():
    files = [file for folder in sys.argv[1:] for file in sorted(pathlib.Path(folder).glob("*.h5")) if file.is_file()]
    require(files, "no results files were named")
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            for engine in ENGINES:
                count += there_and_back(path, engine, pathlib.Path(folder) / f"{path.parent.name}_{path.stem}_{engine}.h5")
    print(f"{len(files)} files: {count} variables are the same after xarray wrote them and read them again")


if __name__ == "__main__":
    try:
        main()
    except (Complaint, OSError, ValueError, KeyError) as error:
        sys.exit(str(error))
