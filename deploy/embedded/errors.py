"""What goes wrong while setting up, as one line that says what to do about it."""

from __future__ import annotations

import os
from pathlib import Path


class SetUpError(Exception):
    """Something the set-up needs cannot be had.

    `sentence` is one line for a person: what is wrong and what to do. `details` are the last lines of the log of
    whatever failed, for the case in which the sentence is not enough; they may be empty.
    """

    def __init__(self, sentence: str, *, details: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details

    def __str__(self) -> str:
        if not self.details:
            return self.sentence
        return f"{self.sentence}\n" + "\n".join(f"    {line}" for line in self.details.splitlines())


class PortTakenError(SetUpError):
    """Something else listens on the port that was asked for."""

    def __init__(self, port: int, *, needed_by: str) -> None:
        super().__init__(
            f"{needed_by} cannot listen on port {port}: it is taken. Stop what uses it, or give another port."
        )
        self.port = port


def last_lines(log: Path, count: int = 12, *, since: int = 0) -> str:
    """The end of a log file, not reaching back before byte `since`; nothing when there is no log to read."""
    try:
        with log.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(since, end - 16_384))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(line[:400] for line in text.splitlines()[-count:])
