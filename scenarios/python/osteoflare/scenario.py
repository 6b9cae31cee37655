"""Scenarios: read, changed with units as text, run, and asked further."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy
import xarray

from osteoflare import _osteoflare
from osteoflare._library import library_folder
from osteoflare._progress import Progress, listening, remark
from osteoflare._results import Path, dataset_of, file_of
from osteoflare._verbs import recorded, require_range
from osteoflare.equations import Array, Model, Rates


class Setting(NamedTuple):
    """A parameter or input as it is at the start of a run."""

    value: float
    unit: str
    default: float  #: the model's own
    origin: str  #: how the default is known: literature range, calibrated, assumed …
    meaning: str
    symbol: str


class Phase(NamedTuple):
    """A stretch of a run in which nothing is changed from outside."""

    begin: float  #: [d]
    end: float  #: [d]
    rates: Rates


class Scenario:
    """A question to a model, checked and with all units converted (docs/reference/scenario_format.md).

    Never changes: `set`, `genotype` and `seed` return another one. Methods that compute take `threads` (0: all of the
    machine's; the numbers are the same bits with any), `progress` (True for a line of text, or a function of done, total
    and failed), and those that leave a results file `file` and `overwrite`. Ctrl-C ends a computation. What is wrong
    raises InputError or FileError, with the words of the command line.
    """

    def __init__(self, asked: _osteoflare.Scenario) -> None:
        self._asked = asked

    @classmethod
    def from_toml(cls, source: Path) -> Scenario:
        """Reads a scenario: a file, a name from the library, or TOML itself as a text of several lines.

        Raises InputError with line and column of the first problem, and FileError.
        """
        text = os.fspath(source)
        return cls(_osteoflare.Scenario(text, "\n" in text, library_folder()))

    def __repr__(self) -> str:
        changes = f" with {', '.join(self._asked.applied)}" if self._asked.applied else ""
        return f"Scenario {self.name}{changes}: {self.title}"

    def set(self, name: str | None = None, value: float | str | None = None, /,
            **values: float | str) -> Scenario:
        """The scenario with other values of parameters or inputs, as by `--set`.

        A number is in the quantity's own unit, a text carries one: `set("tnf_clearance", "3 /d")`,
        `set(il10_competence=0.5, tnf_clearance="0.1 1/h")`. Raises InputError for an unknown name, a wrong unit or a
        value out of range.
        """
        both = ({} if name is None or value is None else {name: value}) | values
        return self._changed(set=[f"{key}={new if isinstance(new, str) else repr(float(new))}" for key, new in both.items()])

    def genotype(self, name: str) -> Scenario:
        """The scenario with an animal of another genotype, by its name in the library or in the scenario's [define]."""
        return self._changed(genotype=name)

    def seed(self, number: int) -> Scenario:
        """The scenario with another seed of what is drawn: members of a sweep, and the chance of agents."""
        require_range("seed", 0, 2**63 - 1, number=number)
        return self._changed(seed=number)

    def _changed(self, set: Sequence[str] = (), genotype: str | None = None, seed: int | None = None) -> Scenario:
        return Scenario(self._asked.changed(list(set), genotype, seed))

    @property
    def name(self) -> str:
        return self._asked.name

    @property
    def title(self) -> str:
        return self._asked.title

    @property
    def question(self) -> str:
        return self._asked.question

    @property
    def text(self) -> str:
        """The file, verbatim."""
        return self._asked.text

    @property
    def model(self) -> Model:
        return Model(self._asked.model)

    @property
    def settings(self) -> dict[str, Setting]:
        """Every parameter and input at the start of the run (of a sweep: of member 0), by name."""
        entries, values = self._asked.settings()
        return {name: Setting(value, unit, default, origin, meaning, symbol)
                for (name, symbol, unit, default, origin, meaning), value in zip(entries, values)}

    @property
    def schedule(self) -> list[str]:
        """What happens when, a line for each: events, treatments and normal life (of a sweep: of member 0)."""
        return self._asked.schedule()

    @property
    def start_state(self) -> Array:
        """The species at the start, in the order and units of model.species."""
        return numpy.array(self._asked.start_state)

    @property
    def phases(self) -> list[Phase]:
        """The run as stretches whose rates do not change, one after the other, for an integrator of your own."""
        model = self.model
        return [Phase(begin, end, Rates(model, numpy.array(values))) for begin, end, values in self._asked.phases()]

    def check(self) -> str:
        """What the scenario comes to: its animal, schedule, output and members, as `osteoflare check` prints it."""
        return "\n".join(self._asked.check())

    def run(self, *, threads: int = 0, progress: Progress = None, file: Path | None = None, overwrite: bool = False,
            resume: bool = False) -> xarray.Dataset:
        """Runs one animal, a sweep in the scenario being left aside (`osteoflare run`).

        Returns time courses over (member, time), one member, with the variables and attributes of the results file
        (docs/reference/file_format.md); what that has in a group has the group's name before it, as in
        `data["last_state/il1b"]`. **Look at `status`**: 0 is a run that reached its end.

        With `file`, that file is written, too. A run of agents always leaves one, a temporary one if none is named, and
        with `resume` goes on with what an interrupted one left beside it.
        """
        return self._results(False, threads, progress, file, overwrite, resume)

    def sweep(self, *, threads: int = 0, progress: Progress = None, file: Path | None = None, overwrite: bool = False,
              resume: bool = False) -> xarray.Dataset:
        """Runs all members of the scenario's sweep (`osteoflare sweep`); else as `run`.

        What differs between members stands over `member` as `data["parameter/NAME"]`. **Select `status == 0` before you
        average**: a failed member is there, its missing values NaN. Without `file`, all results are held in memory.
        """
        return self._results(True, threads, progress, file, overwrite, resume)

    def _results(self, is_sweep: bool, threads: int, progress: Progress, file: Path | None, overwrite: bool,
                 resume: bool) -> xarray.Dataset:
        is_spatial_run = self._asked.is_spatial and not is_sweep
        unit = "d" if is_spatial_run else "members"
        if file is not None or is_spatial_run or resume:
            return recorded(lambda errand: self._asked.record(is_sweep, errand), name=self.name, unit=unit, file=file,
                            overwrite=overwrite, threads=threads, progress=progress, resume=resume)
        with listening(progress, unit) as listener:
            return dataset_of(self._asked.run(is_sweep, threads, listener, remark))

    def thresholds(self, *, threads: int = 0, file: Path | None = None, overwrite: bool = False) -> xarray.Dataset:
        """Where the outcome of the scenario's [threshold] turns when one quantity is moved (`osteoflare thresholds`):
        between `turning_low` and `turning_high`, in the units they name."""
        return recorded(self._asked.thresholds, name=f"{self.name}.thresholds", unit="members", file=file,
                        overwrite=overwrite, threads=threads, progress=None)

    def sensitivity(self, method: str = "sobol", *, size: int = 0, of: Sequence[str] = (), threads: int = 0,
                    progress: Progress = None, file: Path | None = None, overwrite: bool = False,
                    resume: bool = False) -> xarray.Dataset:
        """Which of the quantities that the sweep draws matter for what comes out (`osteoflare sensitivity`).

        `method` is "sobol" (`first_order/X` and `total/X` over `factor`, with the ends of their 95 % intervals) or
        "morris" (`mu_star/X`). `size` is the number of rows of the design (0: the sweep's size), `of` the summaries or
        variables X that are analysed (all if none). With `resume`, rows that `file` has are not run again.
        """
        require_range("sensitivity", 0, 1e9, size=size)
        return recorded(lambda errand: self._asked.sensitivity(method, size, list(of), errand),
                        name=f"{self.name}.sensitivity", unit="members", file=file, overwrite=overwrite, threads=threads,
                        progress=progress, resume=resume)

    def local_sensitivity(self, *, of: Sequence[str] = (), at: Sequence[float] = (), error: float = 10.0,
                          file: Path | None = None, overwrite: bool = False) -> xarray.Dataset:
        """How one animal answers to small changes, and what data of it could tell of them (`osteoflare sensitivity
        --method local`): `slope/X` over time and factor. `at` are the days of the data (the output times if none),
        `error` is each datum's relative error in %."""
        require_range("local_sensitivity", 1e-6, 1e6, error=error)
        return recorded(lambda errand: self._asked.local_sensitivity(list(of), list(at), error / 100, errand),
                        name=f"{self.name}.sensitivity", unit="members", file=file, overwrite=overwrite, threads=1,
                        progress=None)

    def steady(self, *, starts: int = 64, threads: int = 0, file: Path | None = None,
               overwrite: bool = False) -> xarray.Dataset:
        """The steady states that the scenario has when everything stays as it is at its end (`osteoflare steady`):
        every species and read-out over `steady_state`, with `stable` and `ill`."""
        require_range("steady", 1, 1e6, starts=starts)
        return recorded(lambda errand: self._asked.steady(starts, errand), name=f"{self.name}.steady", unit="starts",
                        file=file, overwrite=overwrite, threads=threads, progress=None)

    def continuation(self, *, threads: int = 0, file: Path | None = None, overwrite: bool = False) -> xarray.Dataset:
        """Steady states as the parameter of the scenario's [continue] moves, or the map of two (`osteoflare continue`).
        Raises RuntimeError if there is none to begin with."""
        return recorded(self._asked.continuation, name=f"{self.name}.continue", unit="branches", file=file,
                        overwrite=overwrite, threads=threads, progress=None)

    def predict(self, sample: Path | xarray.Dataset, *, members: int = 200, threads: int = 0,
                progress: Progress = None, file: Path | None = None, overwrite: bool = False) -> xarray.Dataset:
        """Runs the scenario at `members` draws of a posterior (`osteoflare predict`): what Problem.sample returned, or its
        file. The Dataset is that of a sweep."""
        require_range("predict", 1, 1e6, members=members)
        draws = file_of(sample, "predict")
        return recorded(lambda errand: self._asked.predict(draws, members, errand), name=f"{self.name}.predict",
                        unit="members", file=file, overwrite=overwrite, threads=threads, progress=progress)
