"""The line one types: letters, a cursor, what was cut, and what was typed before. Pure."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Callable
from typing import Final

from chatd.client.terminal.keys import Key
from chatd.client.terminal.text import letter_width, letters

REMEMBERED: Final = 200  # lines
_LINE_END: Final = "⏎"  # how a line end within the line is shown


class Line:
    """An edited line. `typed` gives it keys; it says when one is finished."""

    def __init__(self) -> None:
        self._before: list[str] = []  # letters left of the cursor
        self._after: list[str] = []  # letters right of it
        self._cut = ""
        self._history: deque[str] = deque(maxlen=REMEMBERED)
        self._shown: int | None = None  # which of the history is in the line
        self._draft = ""

    @property
    def text(self) -> str:
        """The whole line, composed (NFC)."""
        return unicodedata.normalize("NFC", "".join(self._before + self._after))

    def set(self, text: str) -> None:
        """Put `text` in the line, the cursor at its end."""
        self._before, self._after = list(letters(text)), []

    def insert(self, text: str) -> None:
        """Type or paste `text` at the cursor."""
        self._before = list(letters("".join(self._before) + text))

    def press(self, key: Key) -> bool:
        """Edit by a key; False for a key that means nothing to a line."""
        edit = _EDITS.get(key)
        if edit is None:
            return False
        edit(self)
        return True

    def finish(self, *, remember: bool = True) -> str:
        """The line as it stands, which is empty afterwards."""
        text = self.text
        if remember and text.strip() and (not self._history or self._history[-1] != text):
            self._history.append(text)
        self.set("")
        self._shown = None
        return text

    def shown(self, cells: int, *, secret: bool = False) -> tuple[str, int]:
        """What of the line fits in `cells`, around the cursor, and the cursor's cell in it."""
        before = [_visible(letter, secret) for letter in self._before]
        after = [_visible(letter, secret) for letter in self._after]
        while sum(map(letter_width, before)) > max(0, cells - 2):
            before.pop(0)
        column = sum(map(letter_width, before))
        left = cells - column
        kept = []
        for letter in after:
            left -= letter_width(letter)
            if left < 0:
                break
            kept.append(letter)
        return "".join(before + kept), column

    # --- edits --------------------------------------------------------------------------------------------------------

    def _left(self) -> None:
        if self._before:
            self._after.insert(0, self._before.pop())

    def _right(self) -> None:
        if self._after:
            self._before.append(self._after.pop(0))

    def _home(self) -> None:
        self._before, self._after = [], self._before + self._after

    def _end(self) -> None:
        self._before, self._after = self._before + self._after, []

    def _word_left(self) -> None:
        while self._before and self._before[-1].isspace():
            self._left()
        while self._before and not self._before[-1].isspace():
            self._left()

    def _word_right(self) -> None:
        while self._after and self._after[0].isspace():
            self._right()
        while self._after and not self._after[0].isspace():
            self._right()

    def _backspace(self) -> None:
        if self._before:
            self._before.pop()

    def _delete(self) -> None:
        if self._after:
            self._after.pop(0)

    def _cut_word(self) -> None:
        old = list(self._before)
        while self._before and self._before[-1].isspace():
            self._before.pop()
        while self._before and not self._before[-1].isspace():
            self._before.pop()
        self._cut = "".join(old[len(self._before) :])

    def _cut_to_start(self) -> None:
        self._cut, self._before = "".join(self._before), []

    def _cut_to_end(self) -> None:
        self._cut, self._after = "".join(self._after), []

    def _paste(self) -> None:
        self.insert(self._cut)

    def _older(self) -> None:
        if self._shown is None:
            self._draft = self.text
        index = len(self._history) if self._shown is None else self._shown
        if index > 0:
            self._shown = index - 1
            self.set(self._history[self._shown])

    def _newer(self) -> None:
        if self._shown is None:
            return
        if self._shown + 1 < len(self._history):
            self._shown += 1
            self.set(self._history[self._shown])
        else:
            self._shown = None
            self.set(self._draft)


_EDITS: Final[dict[Key, Callable[[Line], None]]] = {
    Key.LEFT: Line._left,
    Key.RIGHT: Line._right,
    Key.HOME: Line._home,
    Key.END: Line._end,
    Key.WORD_LEFT: Line._word_left,
    Key.WORD_RIGHT: Line._word_right,
    Key.BACKSPACE: Line._backspace,
    Key.DELETE: Line._delete,
    Key.CUT_WORD: Line._cut_word,
    Key.CUT_TO_START: Line._cut_to_start,
    Key.CUT_TO_END: Line._cut_to_end,
    Key.PASTE: Line._paste,
    Key.UP: Line._older,
    Key.DOWN: Line._newer,
}


def _visible(letter: str, secret: bool) -> str:
    if secret:
        return "•"
    return _LINE_END if letter == "\n" else letter
