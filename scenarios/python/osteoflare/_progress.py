"""How far a computation is, in one line of plain text."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[float, float, int], object]
Progress = bool | Listener | None

logger = logging.getLogger("osteoflare")


def _in_notebook() -> bool:
    return "ipykernel" in sys.modules


class ProgressLine:
    """Shows "1200 of 10000 members, 3 failed, 12 s left": a line that is written over where that is possible, else a
    line for each tenth."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.stream = sys.stdout if _in_notebook() else sys.stderr
        self.rewrites = _in_notebook() or self.stream.isatty()
        self.begin = time.monotonic()
        self.tenth = 0
        self.width = 0

    def __call__(self, done: float, total: float, failed: int) -> None:
        tenth = int(10 * done / total) if total > 0 else 10
        if not self.rewrites and tenth == self.tenth:
            return
        self.tenth = tenth
        elapsed = time.monotonic() - self.begin
        left = f", {elapsed * (total - done) / done:.0f} s left" if 0 < done < total else ""
        text = f"{done:.6g} of {total:.6g} {self.unit}{f', {failed} failed' if failed else ''}{left}"
        if self.rewrites:
            self.stream.write("\r" + text.ljust(self.width))
            self.width = len(text)
        else:
            self.stream.write(text + "\n")
        self.stream.flush()

    def close(self) -> None:
        if self.width > 0:
            self.stream.write("\n")


@contextmanager
def listening(progress: Progress, unit: str) -> Iterator[Listener | None]:
    """What the engine is to call: the caller's own function, a line, or nothing."""
    if callable(progress):
        yield progress
    elif progress:
        line = ProgressLine(unit)
        try:
            yield line
        finally:
            line.close()
    else:
        yield None


def remark(text: str) -> None:
    """What a person should know, such as that a damaged part is computed again."""
    logger.info(text)
