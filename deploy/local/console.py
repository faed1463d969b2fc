"""What a person sees while Madang runs: lines of many programs, told apart; colours only on a terminal.

Colours follow https://no-color.org: none when NO_COLOR is set, whatever its value.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from typing import IO, TextIO

_RESET = "\033[0m"
_BOLD = "\033[1m"
_DIM = "\033[2m"
_RED = "\033[31m"
_YELLOW = "\033[33m"
_NAMES = ("\033[36m", "\033[32m", "\033[35m", "\033[34m", "\033[33m", "\033[96m", "\033[92m", "\033[95m")


class Console:
    """Writes whole lines, from any thread."""

    def __init__(self, stream: TextIO = sys.stdout, environ: Mapping[str, str] = os.environ) -> None:
        self.is_terminal = stream.isatty()
        self._stream = stream
        self._coloured = self.is_terminal and not environ.get("NO_COLOR")
        self._names: dict[str, str] = {}
        self._width = 0
        self._lock = threading.Lock()

    def introduce(self, *names: str) -> None:
        """Tell which programs will speak, so that their lines align and each has its colour."""
        for name in names:
            self._names.setdefault(name, _NAMES[len(self._names) % len(_NAMES)])
        self._width = max((len(name) for name in self._names), default=0)

    def relay(self, name: str, output: IO[bytes]) -> None:
        """Write what a program says, line by line under its name, until it has no more to say."""
        prefix = self._paint(f"{name:<{self._width}} │", self._names.get(name, _DIM))
        with output:
            for line in output:
                self._write(f"{prefix} {line.decode(errors='replace').rstrip()}")

    def say(self, text: str = "") -> None:
        self._write(text)

    def step(self, text: str) -> None:
        """One step of the way, of passing interest."""
        self._write(self._paint(text, _DIM))

    def warn(self, text: str) -> None:
        self._write(self._paint(text, _YELLOW))

    def fail(self, text: str) -> None:
        sentence, *details = text.splitlines()
        self._write("\n".join([self._paint(sentence, _RED), *details]))

    def bold(self, text: str) -> str:
        return self._paint(text, _BOLD)

    def _paint(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_RESET}" if self._coloured else text

    def _write(self, text: str) -> None:
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()
