"""What one types about a message: which one, and what is to become of it. Pure, but for carrying it out.

A message is named by its number, as `#12`, which `/numbers` shows; without one, the newest that fits is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chatd.client.room import Room
from chatd.client.saying import Saying
from chatd.client.terminal.transcript import Transcript

# By command: whose newest message is meant where none is named (None: anybody's), and what has to follow.
CHANGES: Final[dict[str, tuple[bool | None, str]]] = {
    "/reply": (False, "a text"),
    "/edit": (True, "a text"),
    "/delete": (True, ""),
    "/react": (False, "an emoji"),
    "/pin": (None, ""),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """Say `text`, as an answer to `of`."""

    of: int
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Say `of` in other words."""

    of: int
    text: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Take `of` back."""

    of: int


@dataclass(frozen=True, slots=True)
class React:
    """Put an emoji on `of`, or take it off."""

    of: int
    emoji: str
    on: bool


@dataclass(frozen=True, slots=True)
class Pin:
    """Pin `of`, or unpin it."""

    of: int
    on: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """It cannot be told what is meant without that: a key of `words`, or "a message"."""

    what: str


Change = Edit | Delete | React | Pin


def change_in(command: str, rest: str, transcript: Transcript) -> Change | Reply | Missing:
    """What `command` with the `rest` of its line means here."""
    mine, needs = CHANGES[command]
    named, rest = _named(rest)
    said = transcript.last(mine=mine) if named is None else transcript.sayings.get(named)
    if said is None:
        return Missing("a message")
    if needs and not rest:
        return Missing(needs)
    return _change(command, said, rest, transcript.reader)


def _change(command: str, said: Saying, rest: str, reader: str) -> Change | Reply:
    match command:
        case "/reply":
            return Reply(said.seq, rest)
        case "/edit":
            return Edit(said.seq, rest)
        case "/react":
            return React(said.seq, rest, on=not said.has_reaction(rest, reader))
        case "/pin":
            return Pin(said.seq, on=not said.pinned)
    return Delete(said.seq)


def _named(rest: str) -> tuple[int | None, str]:
    """The number at the beginning, if there is one, and what follows."""
    first, _, following = rest.partition(" ")
    if first.startswith("#") and first[1:].isascii() and first[1:].isdigit():
        return int(first[1:]), following.strip()
    return None, rest


async def carry_out(change: Change, room: Room) -> None:
    """Returns once it is stored. Raises as `Room.send` does."""
    match change:
        case Edit(of, text):
            await room.edit(of, text)
        case Delete(of):
            await room.delete(of)
        case React(of, emoji, on):
            await (room.react if on else room.unreact)(of, emoji)
        case Pin(of, on):
            await (room.pin if on else room.unpin)(of)
