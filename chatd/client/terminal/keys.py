"""Bytes from a terminal to keys and typed text. Pure; keeps what is incomplete until the rest comes."""

from __future__ import annotations

import codecs
import re
from enum import Enum, auto
from typing import Final


class Key(Enum):
    """What is not text."""

    ENTER = auto()
    TAB = auto()
    BACKSPACE = auto()
    DELETE = auto()
    LEFT = auto()
    RIGHT = auto()
    WORD_LEFT = auto()
    WORD_RIGHT = auto()
    HOME = auto()
    END = auto()
    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    CUT_WORD = auto()
    CUT_TO_START = auto()
    CUT_TO_END = auto()
    PASTE = auto()
    REDRAW = auto()
    INTERRUPT = auto()
    END_OF_INPUT = auto()


_CONTROLS: Final = {
    "\r": Key.ENTER,
    "\n": Key.ENTER,
    "\t": Key.TAB,
    "\x7f": Key.BACKSPACE,
    "\x08": Key.BACKSPACE,
    "\x01": Key.HOME,
    "\x02": Key.LEFT,
    "\x03": Key.INTERRUPT,
    "\x04": Key.END_OF_INPUT,
    "\x05": Key.END,
    "\x06": Key.RIGHT,
    "\x0b": Key.CUT_TO_END,
    "\x0c": Key.REDRAW,
    "\x0e": Key.DOWN,
    "\x10": Key.UP,
    "\x15": Key.CUT_TO_START,
    "\x17": Key.CUT_WORD,
    "\x19": Key.PASTE,
}

# After ESC: xterm's sequences, those of the Linux console and rxvt, and Alt with a letter.
_SEQUENCES: Final = {
    **{f"{lead}{final}": key for lead in "[O" for final, key in zip(
        "ABCDHF", (Key.UP, Key.DOWN, Key.RIGHT, Key.LEFT, Key.HOME, Key.END), strict=True
    )},
    **{f"[1;{modifier}{final}": key for modifier in "35" for final, key in (("C", Key.WORD_RIGHT), ("D", Key.WORD_LEFT))},
    "[1~": Key.HOME, "[7~": Key.HOME, "[4~": Key.END, "[8~": Key.END,
    "[3~": Key.DELETE, "[5~": Key.PAGE_UP, "[6~": Key.PAGE_DOWN,
    "b": Key.WORD_LEFT, "f": Key.WORD_RIGHT, "\x7f": Key.CUT_WORD,
}  # fmt: skip

_ESCAPE: Final = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O[@-~]|[^\[O])", re.DOTALL)
_PASTE_START: Final = "[200~"
_PASTE_END: Final = "\x1b[201~"


class KeyReader:
    """Turns chunks of bytes into keys (`Key`) and typed or pasted text (`str`)."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._pasted: str | None = None

    def feed(self, data: bytes) -> list[Key | str]:
        """What `data` completes."""
        self._rest += self._decoder.decode(data)
        found: list[Key | str] = []
        while self._rest and (self._one(found) if self._pasted is None else self._paste(found)):
            pass
        return found

    def _paste(self, found: list[Key | str]) -> bool:
        """Take pasted text off the rest; False when its end has not come yet."""
        text, end, rest = ((self._pasted or "") + self._rest).partition(_PASTE_END)
        if end:
            found.append(text.replace("\r\n", "\n").replace("\r", "\n"))
            self._pasted, self._rest = None, rest
        else:
            self._pasted, self._rest = text, ""
        return bool(end)

    def _one(self, found: list[Key | str]) -> bool:
        """Take one key or a run of text off the rest; False when it is not complete yet."""
        first = self._rest[0]
        if first == "\x1b":
            match = _ESCAPE.match(self._rest)
            if match is None:
                return False
            self._rest = self._rest[match.end() :]
            if match[1] == _PASTE_START:
                self._pasted = ""
            elif match[1] in _SEQUENCES:
                found.append(_SEQUENCES[match[1]])
            return True
        if first < " " or first == "\x7f":
            self._rest = self._rest[1:]
            if first in _CONTROLS:
                found.append(_CONTROLS[first])
            return True
        run = re.match(r"[^\x00-\x1f\x7f]+", self._rest)
        assert run is not None  # noqa: S101 - the first character is one
        self._rest = self._rest[run.end() :]
        found.append(run[0])
        return True
