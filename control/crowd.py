"""How many connections there may be at once, and who makes room when there are as many.

An open connection costs memory and a file, whether or not anything is asked on it; without a bound, whoever opens many takes
the server from everybody. At the bound the one that has been idle longest is closed for a new one, as any server may close
an idle connection (RFC 9112 §9.5). When none is idle, the new one is turned away and told when to come back. This module
keeps count and knows nothing of bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from common.metrics import Counter, Gauge

_here = Gauge("madang_control_connections", "HTTP connections that are open.")
_made_room = Counter(
    "madang_control_connections_made_room_total", "Idle connections that were closed for new ones."
)
_turned_away = Counter(
    "madang_control_connections_turned_away_total", "Connections that found no room, and none that was idle."
)
_AT_THE_DOOR: Final = 64  # turned away at one time; beyond it nobody is told why


class Connection(Protocol):
    """Somebody in the crowd."""

    def make_room(self) -> None:
        """Close at once; nothing is being asked."""


class Crowd:
    """The connections of one server, at most `most` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: set[Connection] = set()
        self._idle: dict[Connection, None] = {}  # who has been idle longest is first
        self._at_the_door = 0

    def enter(self, connection: Connection) -> bool:
        """Let it in, idle as it is; False when there is no room for it."""
        if len(self._open) >= self._most and not self._make_room():
            _turned_away.inc()
            return False
        self._open.add(connection)
        self._idle[connection] = None
        _here.inc()
        return True

    def _make_room(self) -> bool:
        longest = next(iter(self._idle), None)
        if longest is None:
            return False
        self.leave(longest)
        longest.make_room()
        _made_room.inc()
        return True

    def asks(self, connection: Connection) -> None:
        """A request began."""
        self._idle.pop(connection, None)

    def rests(self, connection: Connection) -> None:
        """Its answer is done."""
        if connection in self._open:
            self._idle[connection] = None

    def leave(self, connection: Connection) -> None:
        """It is gone, or as good as gone. Once is enough."""
        self._idle.pop(connection, None)
        if connection in self._open:
            self._open.remove(connection)
            _here.dec()

    @contextmanager
    def at_the_door(self) -> Iterator[bool]:
        """Whether there is time to tell one that is turned away why."""
        self._at_the_door += 1
        try:
            yield self._at_the_door <= _AT_THE_DOOR
        finally:
            self._at_the_door -= 1
