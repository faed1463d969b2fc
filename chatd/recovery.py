"""What somebody missed, and pages of the past: from memory when it was just now, else from the durable log.

Either the whole of what was asked for comes back, or an honest reason why not. Nothing here leaves a hole in silence.
"""

from __future__ import annotations

from typing import Any, Final

from chatd.core.recent import Recent
from chatd.hub import event_frame
from chatd.room import Room
from chatd.said import HEARD
from common import protocol
from common.codec import encode, text_frame
from common.errors import MadangError
from common.roomlog.journal import Journal
from common.units import KIB

MOST_MISSED: Final = 500  # further behind, loading a page of history is cheaper for everybody
MOST_MISSED_BYTES: Final = 512 * KIB  # the same, for long messages
MOST_PAGE_BYTES: Final = 256 * KIB  # a page ends there; what a connection may hold back stays bounded

_Document = dict[str, Any]


class Recovery:
    """Reads the past of rooms."""

    def __init__(self, journal: Journal, recent: Recent) -> None:
        self._journal = journal
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
        documents = await self._run(room.id, since.seq + 1, upto.seq, upto.epoch)
        if documents is None or documents[0]["at"] < visible_from:
            raise CannotContinueError("hole")
        return _bounded(b"".join(map(event_frame, documents)))

    async def _run(self, room: str, first: int, last: int, epoch: str) -> list[_Document] | None:
        """All events from seq `first` to `last`: from the log, and from memory what it does not hold yet; None for a hole."""
        if last < first:
            return []
        documents = await self._journal.log.after(room, first - 1, upto=last, most=last - first + 1)
        held = documents[-1]["seq"] if documents else first - 1
        documents += [entry.document() for entry in self._recent.between(room, epoch, held, last)]
        whole = [document["seq"] for document in documents] == list(range(first, last + 1))
        return documents if whole else None

    async def page(
        self, command: protocol.HistoryPage, upto: protocol.Position, visible_from: int, reader: str
    ) -> protocol.Page:
        """A page of a room's past, none of it newer than `upto`, nor older than what this reader may see.

        With what the messages on it have become; what is deleted is blank.

        Raises MadangError `log_unavailable` (temporary) when the log does not hold yet what belongs on the page;
        `StoreUnavailable`.
        """
        first, last = _bounds(command, upto.seq)
        forward = _forward(command)
        documents = await self._whole_run(command.room, first, last, upto.epoch)
        if forward and documents and documents[0]["at"] < visible_from:
            first = await self._first_visible(command.room, first + 1, upto.seq, visible_from)
            last = min(upto.seq, first + command.limit - 1)
            documents = await self._whole_run(command.room, first, last, upto.epoch)
        visible = [document for document in documents if document["at"] >= visible_from]
        events, cut = _fitting([protocol.event(document) for document in visible], forward=forward)
        # Backward, what is before the first visible one is not for this reader.
        more = last < upto.seq if forward else first > 1 and visible == documents
        states = await self._journal.log.states.views(
            command.room,
            [event.seq for event in events if isinstance(event, protocol.Message)],
            reader,
            fresh=[entry.document() for entry in self._recent.changes(command.room, HEARD)],
        )
        return protocol.Page(events=events, more=more or cut, states=states)

    async def _first_visible(self, room: str, low: int, high: int, visible_from: int) -> int:
        """The first seq from `low` to `high` that is not before `visible_from`; `high + 1` when all are."""
        while low <= high:
            middle = (low + high) // 2
            found = await self._journal.log.after(room, middle - 1, upto=middle, most=1)
            if found and found[0]["at"] < visible_from:
                low = middle + 1
            else:
                high = middle - 1
        return low

    async def _whole_run(self, room: str, first: int, last: int, epoch: str) -> list[_Document]:
        """The same, with holes mended. Raises MadangError `log_unavailable` for one that is to be filled yet."""
        documents = await self._run(room, first, last, epoch)
        if documents is None:
            await self._journal.mend(room, first, last)
            documents = await self._run(room, first, last, epoch)
        if documents is None:
            raise MadangError("log_unavailable", retry_after_ms=500)
        return documents


def _forward(command: protocol.HistoryPage) -> bool:
    return command.after is not None and command.before is None


def _bounds(command: protocol.HistoryPage, upto: int) -> tuple[int, int]:
    """The first and last seq that belong on a page; the last is below the first when there are none."""
    if _forward(command):
        after = command.after or 0
        return after + 1, min(upto, after + command.limit)
    last = min(upto, command.before - 1) if command.before is not None else upto
    return max(1, last - command.limit + 1), last


def _fitting(events: list[protocol.AnyEvent], *, forward: bool) -> tuple[list[protocol.AnyEvent], bool]:
    """As many of `events` as fit on a page, from the end that was asked for, at least one; and whether some did not."""
    fitting: list[protocol.AnyEvent] = []
    size = 0
    for event in events if forward else reversed(events):
        size += len(encode(event))
        if fitting and size > MOST_PAGE_BYTES:
            break
        fitting.append(event)
    return fitting if forward else fitting[::-1], len(fitting) < len(events)


def _bounded(missed: bytes) -> bytes:
    if len(missed) > MOST_MISSED_BYTES:
        raise CannotContinueError("behind")
    return missed


class CannotContinueError(Exception):
    """A position that cannot be continued; the reader has to load the room anew."""

    def __init__(self, reason: Any) -> None:
        self.reason = reason
        super().__init__(reason)
