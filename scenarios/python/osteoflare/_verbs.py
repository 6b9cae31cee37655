"""What all verbs that leave a results file have in common."""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Callable

import xarray

from osteoflare import _osteoflare
from osteoflare._progress import Progress, listening, remark
from osteoflare._results import Path, hdf5_lock, load

_folder: tempfile.TemporaryDirectory[str] | None = None


def _temporary_file(name: str) -> str:
    """A file that lasts as long as Python runs, so that other verbs can go on with it."""
    global _folder
    if _folder is None:
        _folder = tempfile.TemporaryDirectory(prefix="osteoflare_")
        atexit.register(_folder.cleanup)
    return os.path.join(tempfile.mkdtemp(dir=_folder.name), f"{name}.h5")


def require_range(verb: str, low: float, high: float, **values: float) -> None:
    """Refuses numbers that make no sense, as the command line does, before any work."""
    for name, value in values.items():
        if not low <= value <= high:
            raise _osteoflare.InputError(f"{verb}:1:1: {name} = {value:g} is out of range (it must be from {low:g} to "
                                         f"{high:g}); choose another, or leave it out")


def recorded(work: Callable[[_osteoflare.Errand], None], *, name: str, unit: str, file: Path | None, overwrite: bool,
             threads: int, progress: Progress, resume: bool = False) -> xarray.Dataset:
    """Has `work` write a results file, and reads that."""
    path = _temporary_file(name) if file is None else os.fspath(file)
    with listening(progress, unit) as listener, hdf5_lock():
        work(_osteoflare.Errand(path, overwrite, resume, threads, listener, remark))
    return load(path)
