"""What a client knows of one room: its events in order, without holes, each once.

Pure. A view holds what the application has not taken yet, up to `INBOX` events; past that it is *parked*: newer events
are left with the server, and once the application has taken what is here, the room is continued from where it
stopped. So a slow reader costs bounded memory and never holds up the answers and the other rooms on its socket.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, auto
from typing import Final

from common.protocol import AnyEvent, Position, Reset

INBOX: Final = 1024  # more than the server replays at once (500), so a continued room fits


class Verdict(Enum):
    """What became of an event that came in."""

    KEPT = auto()
    KNOWN = auto()  # seen before, or not wanted now
    HOLE = auto()  # something before it is missing: ask again from `position`


class View:
    """One room as this client has seen it."""

    __slots__ = ("_epoch", "_inbox", "_seq", "_taken", "parked")

    def __init__(self, resume: Position | None = None) -> None:
        self._epoch = resume.epoch if resume else None
        self._seq = resume.seq if resume else 0
        self._taken = resume
        self._inbox: deque[AnyEvent | Reset] = deque()
        self.parked = False

    @property
    def position(self) -> Position | None:
        """The place of the last event kept, to go on from; None before the room was first opened."""
        return None if self._epoch is None else Position(self._epoch, self._seq)

    @property
    def taken(self) -> Position | None:
        """The place of the last event that the application took."""
        return self._taken

    def opened(self, position: Position) -> None:
        """The server opened the room. A place we already have stands: what was missed, or a reset, follows."""
        if self._epoch is None:
            self._epoch, self._seq = position.epoch, position.seq
            self._taken = position

    def event(self, event: AnyEvent) -> Verdict:
        """Keep `event` when it is the next one."""
        if self._epoch is None or self.parked or event.seq <= self._seq:
            return Verdict.KNOWN
        if event.seq > self._seq + 1:
            return Verdict.HOLE
        self._seq = event.seq
        self._inbox.append(event)
        self.parked = len(self._inbox) >= INBOX
        return Verdict.KEPT

    def reset(self, reset: Reset) -> None:
        """Begin anew at the reset's position. Resets that nobody took in between become the last one."""
        if self._inbox and isinstance(self._inbox[-1], Reset):
            self._inbox.pop()
        self._epoch, self._seq = reset.position.epoch, reset.position.seq
        self._inbox.append(reset)

    def take(self) -> AnyEvent | Reset | None:
        """The next event for the application; None when there is none now."""
        if not self._inbox:
            return None
        event = self._inbox.popleft()
        if isinstance(event, Reset):
            self._taken = event.position
        elif self._taken is not None:
            self._taken = Position(self._taken.epoch, event.seq)
        return event

    def unpark(self) -> bool:
        """Whether a parked view is empty again and is to be continued from `position`; it is no longer parked then."""
        if not self.parked or self._inbox:
            return False
        self.parked = False
        return True
