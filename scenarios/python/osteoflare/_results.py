"""Results as xarray Datasets: from the engine's memory, and from files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import h5netcdf
import numpy
import xarray

from osteoflare import _osteoflare

Path = str | os.PathLike[str]


def hdf5_lock() -> AbstractContextManager[object]:
    """HDF5 serves one thread at a time; h5py has a lock for that, which the engine's own writing must hold as well."""
    try:
        from h5py._objects import phil
    except ImportError:
        return nullcontext()
    lock: AbstractContextManager[object] = phil
    return lock


def _in_group(group: str, name: str) -> str:
    return f"{group}/{name}" if group else name


def dataset_of(contents: _osteoflare.Contents) -> xarray.Dataset:
    """What the engine holds in memory, without a copy of its numbers."""
    attributes, variables = contents
    variable: Any = xarray.Variable  # whose constructor has no types
    coordinates: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for name, dimensions, labels, values in variables:
        if isinstance(values, tuple):
            choices, index = values
            values = numpy.array(choices, dtype=object)[index]
        where = coordinates if dimensions == (name,) else data
        where[name] = variable(dimensions, values, labels, fastpath=True)
    attributes = sorted(attributes, key=lambda entry: bool(entry[0]))  # the groups' after those of the whole
    indexed = xarray.Dataset(coords=coordinates, attrs={_in_group(group, name): value for group, name, value in attributes})
    # They fit together as they are. What Dataset(data, coordinates) would look into costs as much as a run, so it is left
    # out where xarray lets us: the same Dataset, made in a third of the time.
    try:
        both: dict[Any, Any] = {**dict(indexed.variables), **data}
        return indexed._replace(variables=both)
    except (AttributeError, TypeError):
        return indexed.assign(data)


def _groups(group: Any, path: str = "") -> Iterator[str]:
    yield path
    for name, inner in group.groups.items():
        yield from _groups(inner, _in_group(path, name))


def open(file: Path) -> xarray.Dataset:
    """Opens a results file, of a run, a sweep or an analysis, as an xarray Dataset.

    The file's seal is checked first, for which all of it is read once. What stands in a group has the group's name
    before it: `data["parameter/cxcl1_half"]`, `data.attrs["parameter/il1b_clearance"]`. Values are read from the file
    when they are looked at; `load()` reads them all.

    Raises FileError for a file that is not there, was not written by Osteoflare, or is damaged.
    """
    name = os.fspath(file)
    with hdf5_lock():
        _osteoflare.check_file(name)
    with h5netcdf.File(name, "r") as content:
        groups = list(_groups(content))
    parts = {group: xarray.open_dataset(name, engine="h5netcdf", group=group or None) for group in groups}
    root = parts[""]
    data = {_in_group(group, key): value.variable for group, part in parts.items()
            for key, value in part.data_vars.items()}
    attributes = {_in_group(group, key): value for group, part in parts.items() for key, value in part.attrs.items()}
    opened = xarray.Dataset(data, {key: value.variable for key, value in root.coords.items()}, attributes)
    opened.encoding = dict(root.encoding)

    def close() -> None:
        for part in parts.values():
            part.close()

    opened.set_close(close)
    return opened


def load(file: Path) -> xarray.Dataset:
    """Opens a results file, reads it all and closes it."""
    with open(file) as opened:
        loaded: xarray.Dataset = opened.load()
    return loaded


def file_of(results: Path | xarray.Dataset, verb: str) -> str:
    """The file that a Dataset was read from, for verbs that go on with it."""
    if not isinstance(results, xarray.Dataset):
        return os.fspath(results)
    source = results.encoding.get("source", "")
    if not os.path.isfile(source):
        raise _osteoflare.InputError(f"{verb}:1:1: the Dataset has no file (it was made or changed in memory, or its file is "
                                     "gone); give the name of a results file")
    return str(source)
