"""The terminal itself: raw while it is open, painted row by row, restored whatever happens.

Owns the file descriptors and what is on the screen; knows nothing of rooms. Only rows that changed are written.
"""

from __future__ import annotations

import os
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import trio

from chatd.client.terminal.keys import Key, KeyReader
from chatd.client.terminal.layout import Row, Style

_FRAME: Final = 0.02  # seconds between two paintings
_SMALLEST: Final = (20, 4)
_ENTER: Final = "\x1b[?1049h\x1b[?2004h\x1b[2J"  # the other screen, marked pastes, empty
_LEAVE: Final = "\x1b[?2004l\x1b[?1049l\x1b[0m"
_PLAIN: Final = "\x1b[0m"
_COLOURS: Final[dict[Style, str]] = {
    "plain": "",
    "dim": "\x1b[2m",
    "bold": "\x1b[1m",
    "good": "\x1b[32m",
    "bad": "\x1b[31m",
    "status": "\x1b[7m",
    "name0": "\x1b[1;36m",
    "name1": "\x1b[1;35m",
    "name2": "\x1b[1;33m",
    "name3": "\x1b[1;32m",
    "name4": "\x1b[1;34m",
    "name5": "\x1b[1;31m",
}
_WITHOUT_COLOUR: Final[dict[Style, str]] = {
    style: {"status": "\x1b[7m", "dim": ""}.get(style, "\x1b[1m" if style.startswith("name") else "")
    for style in _COLOURS
}

Picture = tuple[list[Row], int]
"""All rows of the screen, the line to type in as the last one, and the cursor's column in that."""


class Window:
    """A full screen. `picture` is asked what to show; `touch` says that it may have changed."""

    def __init__(self, picture: Callable[[int, int], Picture], *, colour: bool) -> None:
        self._picture = picture
        self._styles = _COLOURS if colour else _WITHOUT_COLOUR
        self._input = sys.stdin.fileno()
        self._output = sys.stdout.fileno()
        self._keys = KeyReader()
        self._painted: list[str] = []
        self._size = (0, 0)
        self._touched = trio.Event()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        columns, rows = os.get_terminal_size(self._output)
        return max(columns, _SMALLEST[0]), max(rows, _SMALLEST[1])

    @contextmanager
    def raw(self) -> Iterator[None]:
        """Take the terminal over, keys unprocessed (Ctrl-C is a key); give it back as it was."""
        before = termios.tcgetattr(self._input)
        mode = termios.tcgetattr(self._input)
        mode[0] &= ~(termios.IXON | termios.ICRNL | termios.INLCR | termios.ISTRIP)
        mode[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
        try:
            termios.tcsetattr(self._input, termios.TCSADRAIN, mode)
            self._write(_ENTER)
            yield
        finally:
            with suppress(OSError, termios.error):  # nothing to restore when the terminal is gone
                self._write(_LEAVE)
                termios.tcsetattr(self._input, termios.TCSADRAIN, before)

    async def read(self) -> list[Key | str]:
        """What was typed since the last time, once there is something; `END_OF_INPUT` when the terminal is gone."""
        await trio.lowlevel.wait_readable(self._input)
        try:
            data = os.read(self._input, 4096)
        except OSError:  # hung up
            data = b""
        return self._keys.feed(data) if data else [Key.END_OF_INPUT]

    def touch(self) -> None:
        """Paint soon."""
        self._touched.set()

    def repaint(self) -> None:
        """Paint everything anew soon: somebody else wrote on the screen."""
        self._painted = []
        self.touch()

    async def run(self) -> None:
        """Paint whenever touched, at most every `_FRAME`. Cancelling leaves a screen that is a little old."""
        while True:
            self._touched = trio.Event()
            self._paint()
            await trio.sleep(_FRAME)
            await self._touched.wait()

    def _paint(self) -> None:
        size = self.size
        if size != self._size:
            self._size, self._painted = size, []
        rows, column = self._picture(*size)
        if not self._painted:
            self._write("\x1b[2J")
            self._painted = [""] * len(rows)
        drawn = [self._drawn(row) for row in rows]
        changed = [
            f"\x1b[{number};1H\x1b[2K{row}"
            for number, (row, old) in enumerate(zip(drawn, self._painted, strict=True), 1)
            if row != old
        ]
        self._painted = drawn
        self._write("\x1b[?25l" + "".join(changed) + f"\x1b[{len(rows)};{column + 1}H\x1b[?25h")

    def _drawn(self, row: Row) -> str:
        return "".join(f"{self._styles[style]}{text}{_PLAIN}" for style, text in row if text)

    def _write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        while data:
            data = data[os.write(self._output, data) :]
