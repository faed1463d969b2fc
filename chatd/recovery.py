"""What somebody missed, and pages of the past: from memory when it was just now, else from the durable log.

Either the whole of what was asked for comes back, or an honest reason why not. Nothing here leaves a hole in silence.
"""

from __future__ import annotations

from typing import Any, Final

from chatd.core.recent import Recent
from chatd.hub import Room, event_frame
from common import protocol
from common.codec import text_frame
from common.errors import MadangError
from common.roomlog.log import Log

MOST_MISSED: Final = 500  # further behind, loading a page of history is cheaper for everybody

_Document = dict[str, Any]


class Recovery:
    """Reads the past of rooms."""

    def __init__(self, log: Log, recent: Recent) -> None:
        self._log = log
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
        return b"".join(text_frame(entry.payload()) for entry in entries)

    async def missed(
        self, room: Room, since: protocol.Position, upto: protocol.Position, visible_from: int
    ) -> bytes:
        """What was missed between two positions of one epoch, as frames, read from the log and completed from memory.

        Raises `CannotContinueError` for a hole; `StoreUnavailable`.
        """
        documents = await self._log.after(room.id, since.seq, upto=upto.seq, most=MOST_MISSED)
        documents = self._complete(room.id, documents, upto, since.seq)
        seqs = [document["seq"] for document in documents]
        if seqs != list(range(since.seq + 1, upto.seq + 1)) or documents[0]["at"] < visible_from:
            raise CannotContinueError("hole")
        return b"".join(map(event_frame, documents))

    def _complete(
        self, room: str, documents: list[_Document], upto: protocol.Position, after: int
    ) -> list[_Document]:
        """Add what the bus brought and the log does not hold yet."""
        last = documents[-1]["seq"] if documents else after
        return documents + [
            entry.document() for entry in self._recent.between(room, upto.epoch, last, upto.seq)
        ]

    async def page(
        self, command: protocol.HistoryPage, upto: protocol.Position, visible_from: int
    ) -> protocol.Page:
        """A page of a room's past, none of it newer than `upto`.

        Raises MadangError `log_unavailable` (temporary) when the log does not hold yet what belongs on the page;
        `StoreUnavailable`.
        """
        if command.after is not None and command.before is None:
            documents = await self._forward(command.room, command.after, upto, command.limit)
            more = bool(documents) and documents[-1]["seq"] < upto.seq
        else:
            before = min(upto.seq + 1, command.before if command.before is not None else upto.seq + 1)
            documents = await self._backward(command.room, before, upto, command.limit)
            more = bool(documents) and documents[0]["seq"] > 1
        visible = [document for document in documents if document["at"] >= visible_from]
        if command.after is None and len(visible) < len(documents):
            more = False  # what is before is not for this reader
        return protocol.Page(events=[protocol.event(document) for document in visible], more=more)

    async def _forward(self, room: str, after: int, upto: protocol.Position, most: int) -> list[_Document]:
        end = min(upto.seq, after + most)
        documents = await self._log.after(room, after, upto=end, most=most)
        documents = self._complete(room, documents, protocol.Position(upto.epoch, end), after)
        return _dense(documents, after + 1, end)

    async def _backward(self, room: str, before: int, upto: protocol.Position, most: int) -> list[_Document]:
        start = max(0, before - 1 - most)
        documents = await self._log.before(room, before, most=most)
        documents = self._complete(room, documents, protocol.Position(upto.epoch, before - 1), start)
        return _dense(documents[-most:], start + 1, before - 1)


class CannotContinueError(Exception):
    """A position that cannot be continued; the reader has to load the room anew."""

    def __init__(self, reason: Any) -> None:
        self.reason = reason
        super().__init__(reason)


def _dense(documents: list[_Document], first: int, last: int) -> list[_Document]:
    if [document["seq"] for document in documents] != list(range(first, last + 1)):
        raise MadangError("log_unavailable", retry_after_ms=500)
    return documents
