"""Fits: measurements, how they come about, and what they say of parameters."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import xarray

from osteoflare import _osteoflare
from osteoflare._library import library_folder
from osteoflare._progress import Progress
from osteoflare._results import Path, file_of
from osteoflare._verbs import recorded, require_range


class Parameter(NamedTuple):
    """What a fit looks for."""

    name: str
    unit: str
    lower: float
    upper: float
    start: float


class Problem:
    """A problem file with its data table (docs/reference/problem_format.md).

    Each verb writes the results file that the command line writes, and returns it as a Dataset. Without `file=` it is
    kept for as long as Python runs, so that a Dataset can be handed on: `problem.profile(fit=problem.fit())`.
    `threads` 0 takes all of the machine's; numbers are the same bits with any. `progress` is True for a line of text, or
    a function of (done, total, failed). Ctrl-C ends the computation. All raise InputError and FileError.
    """

    def __init__(self, problem: _osteoflare.Problem) -> None:
        self._problem = problem

    @classmethod
    def from_toml(cls, source: Path) -> Problem:
        """Reads a problem: a file, whose data table stands beside it, or a name from the library."""
        return cls(_osteoflare.Problem(os.fspath(source), library_folder()))

    def __repr__(self) -> str:
        return f"Problem {self.name}: {self.title}"

    @property
    def name(self) -> str:
        return self._problem.name

    @property
    def title(self) -> str:
        return self._problem.title

    @property
    def question(self) -> str:
        return self._problem.question

    @property
    def text(self) -> str:
        """The file, verbatim."""
        return self._problem.text

    @property
    def data(self) -> str:
        """The data table, verbatim."""
        return self._problem.data_text

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is looked for, in the parameters' units."""
        return tuple(Parameter(*entry) for entry in self._problem.parameters)

    def fit(self, *, starts: int = 50, seed: int = 1, threads: int = 0, progress: Progress = None,
            file: Path | None = None, overwrite: bool = False) -> xarray.Dataset:
        """The parameters under which the data are most likely, by searches from `starts` places (`osteoflare fit`).

        `estimate`, `standard_error`, `approximate_low` and `approximate_high` stand over `parameter`, in the units that
        `parameter_units` names; `datum_prediction` beside `datum_value`.
        """
        require_range("fit", 1, 1e6, starts=starts)
        return recorded(lambda errand: self._problem.fit(starts, seed, errand), name=f"{self.name}.fit", unit="starts",
                        file=file, overwrite=overwrite, threads=threads, progress=progress)

    def profile(self, parameters: Sequence[str] = (), *, fit: Path | xarray.Dataset | None = None, starts: int = 50,
                seed: int = 1, threads: int = 0, progress: Progress = None, file: Path | None = None,
                overwrite: bool = False) -> xarray.Dataset:
        """Which parameters the data can tell, and how well (`osteoflare profile`): profiles of these, all if none is
        named, around an earlier `fit`, or one that is made now from `starts` places."""
        require_range("profile", 1, 1e6, starts=starts)
        earlier = "" if fit is None else file_of(fit, "fit")
        return recorded(lambda errand: self._problem.profile(list(parameters), earlier, starts, seed, errand),
                        name=f"{self.name}.profile", unit="profiles", file=file, overwrite=overwrite, threads=threads,
                        progress=progress)

    def sample(self, *, steps: int = 2000, chains: int = 4, walkers: int = 0, warm_up: int | None = None, thin: int = 10,
               fit: Path | xarray.Dataset | None = None, starts: int = 50, seed: int = 1, threads: int = 0,
               progress: Progress = None, file: Path | None = None, overwrite: bool = False,
               resume: bool = False) -> xarray.Dataset:
        """Draws of parameters as probable as the data make them (`osteoflare sample`), by `chains` ensembles of `walkers`
        (0: three for each parameter), of which every `thin`-th of `steps` is kept.

        Without `warm_up`, chains warm up until they agree. `value` has all draws, over draw, chain, walker and parameter;
        `r_hat` and `ess_bulk` say whether there are enough.
        """
        require_range("sample", 1, 1e9, steps=steps, thin=thin, starts=starts)
        require_range("sample", 2, 1000, chains=chains)
        require_range("sample", 0, 1e5, walkers=walkers)
        require_range("sample", 0, 1e9, warm_up=warm_up or 0)
        earlier = "" if fit is None else file_of(fit, "fit")
        return recorded(
            lambda errand: self._problem.sample(chains, walkers, steps, warm_up, thin, earlier, starts, seed, errand),
            name=f"{self.name}.sample", unit="starts", file=file, overwrite=overwrite, threads=threads, progress=progress,
            resume=resume)

    def sample_abc(self, *, particles: int = 500, rounds: int = 20, tolerance: float = 0.0, least_accepted: float = 2.0,
                   seed: int = 1, threads: int = 0, file: Path | None = None, overwrite: bool = False,
                   resume: bool = False) -> xarray.Dataset:
        """Draws by comparing simulated data with measured ones (`osteoflare sample --method abc`): for cells that act by
        chance, whose likelihood nobody knows.

        At most `rounds` of `particles`; ends when the distance is below `tolerance`, or a round accepts less than
        `least_accepted` per cent. The last round of `value`, with its `weight`, is the posterior.
        """
        require_range("sample_abc", 1, 1e6, particles=particles)
        require_range("sample_abc", 1, 1000, rounds=rounds)
        require_range("sample_abc", 0, 1e9, tolerance=tolerance)
        require_range("sample_abc", 0.01, 100, least_accepted=least_accepted)
        return recorded(
            lambda errand: self._problem.sample_abc(particles, rounds, tolerance, least_accepted / 100, seed, errand),
            name=f"{self.name}.sample", unit="particles", file=file, overwrite=overwrite, threads=threads, progress=None,
            resume=resume)
