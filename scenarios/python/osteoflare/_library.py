"""Where the library of scenarios, problems, genotypes and treatments is."""

from __future__ import annotations

import os
import pathlib

from osteoflare import _osteoflare


def library_folder() -> str:
    """$OSTEOFLARE_LIBRARY, the copy that an installed package brings along, or none: the engine knows its source tree."""
    own = pathlib.Path(__file__).with_name("library")
    return os.environ.get("OSTEOFLARE_LIBRARY") or (str(own) if own.is_dir() else "")


def library() -> dict[str, list[str]]:
    """Names of what the library holds: `scenarios`, `problems` (of fits), `trials`, `genotypes` and `treatments`."""
    return _osteoflare.library(library_folder())
