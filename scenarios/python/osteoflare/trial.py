"""Children, and how they are treated. For research and teaching, never for the care of a person."""

from __future__ import annotations

import os
from collections.abc import Mapping

import xarray

from osteoflare import _osteoflare
from osteoflare._library import library_folder
from osteoflare._progress import Progress, remark
from osteoflare._results import Path, file_of
from osteoflare._verbs import recorded, require_range


class Trial:
    """A trial file (docs/reference/trial_format.md): which children are drawn, and how those who are diagnosed are treated.

    Both verbs write the results file that the command line writes, and return it as a Dataset. `threads` 0 takes all of
    the machine's; numbers are the same bits with any. `progress` is True for a line of text, or a function of (done,
    total, failed). Ctrl-C ends the computation. All raise InputError and FileError.
    """

    def __init__(self, trial: _osteoflare.Trial) -> None:
        self._trial = trial

    @classmethod
    def from_toml(cls, source: Path, *, children: int | None = None, seed: int | None = None,
                  set: Mapping[str, float | str] | None = None, parameters: Path | xarray.Dataset | None = None,
                  draw: int | None = None) -> Trial:
        """Reads a trial: a file, or a name from the library, with changes.

        `set` changes the population or the median child: `{"il10_competence": 1, "trigger_rate": "0.5 /y"}`. `parameters`
        takes the median child's from what Problem.fit or Problem.sample returned, or its file; of a sample the medians, or
        one `draw`.
        """
        require_range("from_toml", 1, 1e7, children=1 if children is None else children)
        require_range("from_toml", 0, 2**63 - 1, seed=seed or 0, draw=draw or 0)
        changes = [f"{name}={value}" for name, value in (set or {}).items()]
        fitted = "" if parameters is None else file_of(parameters, "from_toml")
        trial = _osteoflare.Trial(os.fspath(source), changes, children, seed, fitted, draw, library_folder())
        for note in trial.notes:
            remark(note)
        return cls(trial)

    def __repr__(self) -> str:
        return f"Trial {self.name}: {self.title}"

    @property
    def name(self) -> str:
        return self._trial.name

    @property
    def title(self) -> str:
        return self._trial.title

    @property
    def question(self) -> str:
        return self._trial.question

    @property
    def text(self) -> str:
        """The file, verbatim."""
        return self._trial.text

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms, in their order."""
        return tuple(self._trial.arms)

    def check(self) -> str:
        """What `osteoflare check` prints: children, and the doses of each arm."""
        return "\n".join(self._trial.check())

    def cohort(self, *, threads: int = 0, progress: Progress = None, file: Path | None = None, overwrite: bool = False,
               resume: bool = False) -> xarray.Dataset:
        """Who falls ill, and how (`osteoflare cohort`): over `child`, `presentation` says who was diagnosed (3), with ages,
        laboratory and `lesion_at_diagnosis` over `site`, beside what was drawn for the child."""
        return recorded(self._trial.cohort, name=f"{self.name}.cohort", unit="children", file=file, overwrite=overwrite,
                        threads=threads, progress=progress, resume=resume)

    def run(self, *, threads: int = 0, progress: Progress = None, file: Path | None = None, overwrite: bool = False,
            resume: bool = False) -> xarray.Dataset:
        """The same, and the diagnosed in every arm (`osteoflare trial`): `vas`, `crp` and others over `patient`, `arm` and
        `time` since diagnosis, `lesion` over `site` as well. The same children in every arm."""
        return recorded(self._trial.trial, name=f"{self.name}.trial", unit="children", file=file, overwrite=overwrite,
                        threads=threads, progress=progress, resume=resume)
