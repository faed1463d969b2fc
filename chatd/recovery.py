"""What somebody missed: from memory when it was just now, else from the durable log.

Either the whole of what was asked for comes back, or an honest reason why not. Nothing here leaves a hole in silence.
"""

from __future__ import annotations

from typing import Any, Final

from chatd.core.recent import Recent
from chatd.hub import event_frame
from chatd.room import Room
from common import protocol
from common.codec import text_frame
from common.roomlog.history import History
from common.units import KIB

MOST_MISSED: Final = 500  # further behind, loading a page of history is cheaper for everybody
MOST_MISSED_BYTES: Final = 512 * KIB  # the same, for long messages


class Recovery:
    """Finds out what was missed."""

    def __init__(self, history: History, recent: Recent) -> None:
        self._history = history
        self._recent = recent

    def at_once(self, room: Room, since: protocol.Position, visible_from: int) -> bytes | None:
        """What was missed since a position, as frames, if memory has the whole of it; None when it must be read.

        Raises `CannotContinueError` when the position cannot be continued.
        """
        here = room.position
        if since.epoch != here.epoch:
            raise CannotContinueError("epoch")
        if here.seq - since.seq > MOST_MISSED:
            raise CannotContinueError("behind")
        if since.seq >= here.seq:
            return b""
        entries = self._recent.between(room.id, here.epoch, since.seq, here.seq)
        if not entries or entries[0].seq != since.seq + 1 or entries[-1].seq != here.seq:
            return None
        if entries[0].at < visible_from:
            raise CannotContinueError("hole")
        return _bounded(b"".join(text_frame(entry.payload()) for entry in entries))

    async def missed(
        self, room: Room, since: protocol.Position, upto: protocol.Position, visible_from: int
    ) -> bytes:
        """What was missed between two positions of one epoch, as frames, read from the log and completed from memory.

        Raises `CannotContinueError` for a hole, or when it is too much; `StoreUnavailable`.
        """
        documents = await self._history.run(room.id, since.seq + 1, upto.seq, upto.epoch)
        if documents is None or documents[0]["at"] < visible_from:
            raise CannotContinueError("hole")
        return _bounded(b"".join(map(event_frame, documents)))


def _bounded(missed: bytes) -> bytes:
    if len(missed) > MOST_MISSED_BYTES:
        raise CannotContinueError("behind")
    return missed


class CannotContinueError(Exception):
    """A position that cannot be continued; the reader has to load the room anew."""

    def __init__(self, reason: Any) -> None:
        self.reason = reason
        super().__init__(reason)
