"""What a person sits at: the window with a transcript, a status and a line to type in; it asks, and it hands on lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import trio

from chatd.client.terminal.keys import Key
from chatd.client.terminal.layout import Look, Row, rows_of, status_row, visible
from chatd.client.terminal.line import Line
from chatd.client.terminal.text import width
from chatd.client.terminal.transcript import Entry, Transcript
from chatd.client.terminal.window import Picture, Window
from chatd.client.terminal.words import HELP, say
from common.clock import now_ms
from common.errors import Language

_AHEAD: Final = 200  # lines typed before they are dealt with
_PROMPT: Final = "> "


class Desk:
    """The whole screen. `lines` gives what was entered; `gone` is set when the person wants to leave."""

    def __init__(self, language: Language, *, colour: bool) -> None:
        self.language = language
        self.transcript = Transcript()
        self.gone = trio.Event()
        self.window = Window(self._picture, colour=colour)
        self.name_of: Callable[[str], str] = lambda user: user
        self.status: Callable[[], tuple[str, str]] = lambda: ("Madang", "")
        self.wants_older: Callable[[], None] = lambda: None
        self.composing: Callable[[], None] = lambda: None  # a message is being typed
        self._enter, self.lines = trio.open_memory_channel[str](_AHEAD)
        self._line = Line()
        self._prompt = _PROMPT
        self._secret = False
        self._answer, self._answers = trio.open_memory_channel[str](1)
        self._asking = False
        self.numbers = False  # of messages, shown
        self._scroll = 0  # rows above the end
        self._newest: Entry | None = None  # at the last painting

    # --- telling and asking -------------------------------------------------------------------------------------------

    def tell(self, key: str, **values: object) -> None:
        """Say a sentence of `words` in the transcript."""
        self.tell_text(say(self.language, key, **values))

    def tell_text(self, text: str) -> None:
        """Say anything in the transcript."""
        self.transcript.note(now_ms(), "text", text=text)
        self.window.touch()

    def help(self) -> None:
        """List the commands."""
        wide = max(width(usage) for usage, _, _ in HELP) + 2
        for usage, english, korean in HELP:
            self.tell_text(
                usage + " " * (wide - width(usage)) + (korean if self.language == "ko" else english)
            )

    async def ask(self, key: str, *, secret: bool = False) -> str:
        """Ask with a prompt of `words`; returns what was entered, without spaces around it."""
        self._prompt, self._secret, self._asking = say(self.language, key), secret, True
        self.window.touch()
        try:
            answer = await self._answers.receive()
        finally:
            self._prompt, self._secret, self._asking = _PROMPT, False, False
            self.window.touch()
        if not secret:
            self.tell_text(say(self.language, key) + answer.strip())
        return answer if secret else answer.strip()

    def show(self, transcript: Transcript) -> None:
        """Show another transcript."""
        self.transcript, self._scroll = transcript, 0
        self.window.touch()

    def page_up(self) -> None:
        """Look a page further back."""
        self._scroll += max(1, self.window.size[1] - 3)
        self.window.touch()

    # --- typing -------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Take what is typed until the person leaves."""
        while not self.gone.is_set():
            for key in await self.window.read():
                self._typed(key)
            self.window.touch()

    def _typed(self, key: Key | str) -> None:
        match key:
            case str():
                self._line.insert(key)
                if not self._asking and not self._line.text.startswith("/"):
                    self.composing()
            case Key.ENTER:
                self._entered()
            case Key.INTERRUPT:
                self.gone.set()
            case Key.END_OF_INPUT if not self._line.text:
                self.gone.set()
            case Key.END_OF_INPUT:
                self._line.press(Key.DELETE)
            case Key.PAGE_UP:
                self.page_up()
            case Key.PAGE_DOWN:
                self._scroll = max(0, self._scroll - max(1, self.window.size[1] - 3))
            case Key.REDRAW:
                self.window.repaint()
            case Key.TAB:
                self._complete()
            case _:
                self._line.press(key)

    def _entered(self) -> None:
        if self._asking:
            if not self._answers.statistics().current_buffer_used:
                self._answer.send_nowait(self._line.finish(remember=False))
            return
        if self._line.text.strip() == "/quit":  # even while another command waits for its answer
            self.gone.set()
        elif self._line.text.strip() and self._enter.statistics().current_buffer_used < _AHEAD:
            self._enter.send_nowait(self._line.finish())
            self._scroll = 0

    def _complete(self) -> None:
        """Finish a command's name."""
        begun = self._line.text
        fitting = [usage.split()[0] for usage, _, _ in HELP if usage.startswith(begun)]
        if begun.startswith("/") and len(fitting) == 1:
            self._line.set(fitting[0] + " ")

    # --- showing ------------------------------------------------------------------------------------------------------

    def _picture(self, columns: int, rows: int) -> Picture:
        height = rows - 2
        entries = self.transcript.shown()
        look = Look(
            columns, self.language, self.name_of, sayings=self.transcript.sayings, numbers=self.numbers
        )
        wanted = self._scroll + (self._come_since(entries, look) if self._scroll else 0)
        shown, self._scroll = visible(entries, look, height, wanted)
        self._newest = entries[-1] if entries else None
        if wanted > self._scroll:
            self.wants_older()
        left, right = self.status()
        if self._scroll:
            left = say(self.language, "status older")
        room = max(4, columns - width(self._prompt))
        text, column = self._line.shown(room, secret=self._secret)
        line: Row = (("bold", self._prompt), ("plain", text))
        return [*shown, status_row(f" {left}", f"{right} ", columns), line], width(self._prompt) + column

    def _come_since(self, entries: list[Entry], look: Look) -> int:
        """The rows that came below since the last painting: what one reads further up stays in its place."""
        rows = 0
        for entry in reversed(entries):
            if entry is self._newest:
                return rows
            rows += len(rows_of(entry, look))
        return 0
