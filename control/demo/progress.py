"""How far a long work is: a bar on a terminal, a line for each tenth elsewhere."""

from __future__ import annotations

import time
from typing import Final, TextIO

_WIDTH: Final = 30


class Progress:
    """Work of `total` things, called `what`, told to `out`."""

    def __init__(self, what: str, total: int, out: TextIO) -> None:
        self._what = what
        self._total = total
        self._out = out
        self._done = 0
        self._began = time.monotonic()

    def add(self, count: int) -> None:
        """So many more are done."""
        before = self._done
        self._done += count
        if self._out.isatty():
            self._out.write(f"\r{self._bar()}")
        elif 10 * before // self._total < 10 * self._done // self._total:
            self._out.write(f"{self._bar()}\n")
        self._out.flush()

    def end(self) -> None:
        """All is done."""
        line_feed = "\n" if self._out.isatty() else ""
        self._out.write(f"{line_feed}{self._total:,} {self._what} in {self._seconds():.1f} s\n")
        self._out.flush()

    def _bar(self) -> str:
        share = self._done / self._total
        filled = "█" * int(_WIDTH * share)
        left = self._seconds() * (1 - share) / share if share else 0.0
        return f"{filled:░<{_WIDTH}} {share:4.0%}  {self._done:,} {self._what}, {left:.0f} s to go "

    def _seconds(self) -> float:
        return time.monotonic() - self._began
