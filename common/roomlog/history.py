"""The past of a room as its members read it: pages of events, threads, pins, searches.

One reader's rules are kept everywhere: nothing from before `visible_from` is shown, what is deleted is blank, and with
the events comes what the messages among them have become. A page is whole or it is refused for the moment: nothing here
leaves a hole in silence. Each page costs a few round trips to the store, whatever is on it.

Who reads the bus gives its memory along, for what is in no store yet; without one, a page ends before the first event that
is still on its way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from common import protocol
from common.codec import encode
from common.errors import MadangError
from common.roomlog.journal import Journal
from common.roomlog.lists import IMAGES, thread_of
from common.roomlog.position import FAR, Entry
from common.roomlog.search import Search
from common.units import KIB

MOST_BYTES: Final = 256 * KIB  # a page ends there; what a connection may hold back stays bounded
HEARD: Final = 200  # of a room's newest entries, that may be in no state yet
_PROBES: Final = 100  # events looked at together, when the first visible one is sought

_Document = dict[str, Any]


class Memory(Protocol):
    """What a process heard of the bus lately."""

    def between(self, room: str, epoch: str, after: int, upto: int) -> list[Entry]:
        """Entries of one epoch with a seq above `after` and not above `upto`: a run without holes that ends there."""
        ...

    def changes(self, room: str, most: int) -> Sequence[Entry]:
        """Those among the newest entries that change what messages have become, replies among them."""
        ...


class Reader(NamedTuple):
    """Who reads, and from when on: milliseconds since 1970 UTC."""

    user: str
    visible_from: int


class Where(NamedTuple):
    """Which part: before, after or around a seq; the newest when nothing is said. `before` goes before the others."""

    before: int | None = None
    after: int | None = None
    around: int | None = None
    limit: int = 50

    @property
    def forward(self) -> bool:
        return self.before is None and self.after is not None

    @property
    def centred(self) -> bool:
        return self.before is None and self.after is None and self.around is not None

    def bounds(self, upto: int) -> tuple[int, int]:
        """The first and last seq that belong on a page; the last is below the first when there are none."""
        if self.centred:
            first = max(1, min(self.around or 0, upto) - self.limit // 2)
            last = min(upto, first + self.limit - 1)
            return max(1, last - self.limit + 1), last
        if self.forward:
            after = self.after or 0
            return after + 1, min(upto, after + self.limit)
        last = min(upto, self.before - 1) if self.before is not None else upto
        return max(1, last - self.limit + 1), last


_FROM_THE_FIRST: Final = Where(after=0)


class _Beyond(NamedTuple):
    """Whether there are others beside a page, on either side of it."""

    older: bool
    newer: bool


class History:
    """The past of all rooms. Every method raises `StoreUnavailable` when a store cannot answer now."""

    def __init__(self, journal: Journal, search: Search, memory: Memory | None = None) -> None:
        self._journal = journal
        self._log = journal.log
        self._search = search
        self._memory = memory

    # --- runs of events -------------------------------------------------------------------------------------------

    async def standing(self, room: str) -> protocol.Position:
        """How far the log goes, for who does not read the bus."""
        return protocol.Position("-", (await self._log.heads([room]))[room][0])

    async def run(self, room: str, first: int, last: int, epoch: str) -> list[_Document] | None:
        """All events from seq `first` to `last`: from the log, and from memory what it does not hold yet; None for a hole."""
        if last < first:
            return []
        documents = await self._stored(room, first, last, epoch)
        return documents if len(_unbroken(documents, first)) == last - first + 1 else None

    async def _stored(self, room: str, first: int, last: int, epoch: str) -> list[_Document]:
        documents = await self._log.after(room, first - 1, upto=last, most=last - first + 1)
        if self._memory is not None:
            held = documents[-1]["seq"] if documents else first - 1
            documents += [entry.document() for entry in self._memory.between(room, epoch, held, last)]
        return documents

    async def _whole_run(self, room: str, first: int, last: int, epoch: str) -> list[_Document]:
        """All events from `first` to `last`, with holes mended; without memory, those before one that is to be filled yet.

        Raises MadangError `log_unavailable` when nothing can be shown for such a hole.
        """
        if last < first:
            return []
        documents = await self._stored(room, first, last, epoch)
        if len(_unbroken(documents, first)) <= last - first:
            await self._journal.mend(room, first, last)
            documents = await self._stored(room, first, last, epoch)
        unbroken = _unbroken(documents, first)
        if len(unbroken) <= last - first and (self._memory is not None or not unbroken):
            raise MadangError("log_unavailable", retry_after_ms=500)
        return unbroken

    # --- pages ----------------------------------------------------------------------------------------------------

    async def page(self, room: str, where: Where, upto: protocol.Position, reader: Reader) -> protocol.Page:
        """A page of events, none of them newer than `upto`.

        Raises MadangError `log_unavailable` (temporary) when the log does not hold yet what belongs on it.
        """
        first, last = where.bounds(upto.seq)
        documents = await self._whole_run(room, first, last, upto.epoch)
        if where.forward and documents and documents[0]["at"] < reader.visible_from:
            first = await self._first_visible(room, first + 1, upto.seq, reader.visible_from)
            last = min(upto.seq, first + where.limit - 1)
            documents = await self._whole_run(room, first, last, upto.epoch)
        visible = [document for document in documents if document["at"] >= reader.visible_from]
        reached = documents[-1]["seq"] if documents else first - 1
        beyond = _Beyond(older=first > 1 and visible == documents, newer=reached < upto.seq)
        return await self._told(room, visible, where, beyond, reader, as_of=upto.seq)

    async def images(self, room: str, where: Where, upto: protocol.Position, reader: Reader) -> protocol.Page:
        """A page of the messages that are pictures."""
        if where.forward and reader.visible_from:
            after = where.after or 0
            first = await self._first_visible(room, after + 1, upto.seq, reader.visible_from)
            where = where._replace(after=first - 1)
        seqs, beyond = await self._listed(room, IMAGES, where)
        documents = await self._log.at(room, seqs)
        found = [documents[seq] for seq in seqs if seq in documents]
        visible = [document for document in found if document["at"] >= reader.visible_from]
        pictures = [document for document in visible if document.get("kind") == "image"]  # not deleted since
        beyond = beyond._replace(older=beyond.older and visible == found)
        return await self._told(room, pictures, where, beyond, reader, as_of=upto.seq)

    async def _first_visible(self, room: str, low: int, high: int, visible_from: int) -> int:
        """The first seq from `low` to `high` that is not before `visible_from`; `high + 1` when all are."""
        while low <= high:
            step = (high - low) // _PROBES + 1
            found = await self._log.at(room, range(low, high + 1, step))
            before = [seq for seq, document in found.items() if document["at"] < visible_from]
            if not before:
                return low
            low, high = max(before) + 1, min(high, max(before) + step - 1)
        return low

    async def _listed(self, room: str, name: str, where: Where) -> tuple[list[int], _Beyond]:
        """The seqs on a page of one of the room's lists, in order."""
        lists = self._log.lists
        if not where.centred:
            items = await lists.page(
                room,
                name,
                before=FAR if where.before is None else where.before,
                after=where.after or 0 if where.forward else 0,
                most=where.limit + 1,
                newest=not where.forward,
            )
            seqs = [item.seq for item in items]
            kept = seqs[: where.limit] if where.forward else seqs[-where.limit :]
            more = len(kept) < len(seqs)
            return kept, _Beyond(older=more, newer=more)
        middle, half = where.around or 0, where.limit // 2
        older = await lists.page(room, name, before=middle, most=half + 1, newest=True)
        newer = await lists.page(room, name, after=middle - 1, most=where.limit - half + 1, newest=False)
        kept = [item.seq for item in (*older[max(0, len(older) - half) :], *newer[: where.limit - half])]
        return kept, _Beyond(older=len(older) > half, newer=len(newer) > where.limit - half)

    async def _told(
        self,
        room: str,
        documents: Sequence[_Document],
        where: Where,
        beyond: _Beyond,
        reader: Reader,
        *,
        as_of: int | None,
        head: _Document | None = None,
    ) -> protocol.Page:
        """What of these fits on a page, and what the messages among them have become. `head` comes first whatever fits.

        `as_of` is how far this process had heard the room before that was read. It is told only where there is a memory
        of what was heard: the log may hold an event that is in no state yet.
        """
        events = [protocol.event(document) for document in documents]
        first = [] if head is None else [protocol.event(head)]
        states = await self._states(room, [*first, *events], reader)
        kept = _fitting(events, where, states)
        cut_older = bool(kept) and kept[0] is not events[0]
        cut_newer = bool(kept) and kept[-1] is not events[-1]
        newer = beyond.newer or cut_newer
        return protocol.Page(
            events=[*first, *kept],
            more=newer if where.forward else beyond.older or cut_older,
            newer=newer and where.centred,
            states=_of(states, [*first, *kept]),
            as_of=as_of if self._memory is not None else None,
        )

    async def _states(
        self, room: str, events: Sequence[protocol.AnyEvent], reader: Reader
    ) -> list[protocol.State]:
        """What the messages among these have become."""
        changes = self._memory.changes(room, HEARD) if self._memory is not None else ()
        return await self._log.states.views(
            room,
            [event.seq for event in events if isinstance(event, protocol.Message)],
            reader.user,
            fresh=[entry.document() for entry in changes],
        )

    # --- threads and pins -----------------------------------------------------------------------------------------

    async def thread(
        self, room: str, of: int, where: Where, reader: Reader, *, as_of: int | None = None
    ) -> protocol.Page:
        """The message `of`, and a page of the replies to it in order; the newest when `where` says nothing.

        `as_of` is how far this process has heard the room. Raises MadangError `message_not_found`.
        """
        message = (await self._log.at(room, [of])).get(of)
        if message is None or message["type"] != "message" or message["at"] < reader.visible_from:
            raise MadangError("message_not_found")
        seqs, beyond = await self._listed(room, thread_of(of), where)
        documents = await self._log.at(room, seqs)
        replies = [documents[seq] for seq in seqs if seq in documents]
        return await self._told(room, replies, where, beyond, reader, as_of=as_of, head=message)

    async def pins(
        self, room: str, before: int | None, reader: Reader, *, as_of: int | None = None
    ) -> protocol.Page:
        """The messages that are pinned, what was pinned last first; of those pinned before the seq `before`.

        `as_of` is how far this process has heard the room.
        """
        changes = self._memory.changes(room, HEARD) if self._memory is not None else ()
        pins = await self._log.states.pins(room, fresh=[entry.document() for entry in changes])
        pinned = [seq for seq, pin in pins.items() if before is None or pin < before]
        documents = await self._log.at(room, pinned)
        found = [documents[seq] for seq in pinned if seq in documents]
        visible = [document for document in found if document["at"] >= reader.visible_from]
        beyond = _Beyond(older=False, newer=False)
        return await self._told(room, visible, _FROM_THE_FIRST, beyond, reader, as_of=as_of)

    # --- search ---------------------------------------------------------------------------------------------------

    async def search(
        self,
        room: str,
        text: str,
        *,
        upto: protocol.Position,
        before: int | None,
        limit: int,
        reader: Reader,
    ) -> protocol.Found:
        """Messages whose present text has all words of `text`, the newest first. Raises MadangError `text_empty`."""
        if not text.strip():
            raise MadangError("text_empty")
        found = await self._search.find(
            room, text, head=upto.seq, before=before, most=limit, visible_from=reader.visible_from
        )
        events = [protocol.event(hit.message) for hit in found.hits]
        states = await self._states(room, events, reader)
        gone = {state.seq for state in states if state.deleted}  # a moment ago
        there = [event for event in events if event.seq not in gone]
        kept = _fitting(there, _FROM_THE_FIRST, states)
        places = {hit.message["seq"]: hit.seq for hit in found.hits}
        return protocol.Found(
            events=kept,
            next=found.next if len(kept) == len(there) else places[kept[-1].seq],
            states=_of(states, kept),
        )


def _unbroken(documents: Sequence[_Document], first: int) -> list[_Document]:
    """Those of `documents` that follow one another without a hole, from seq `first` on."""
    return [document for due, document in enumerate(documents, first) if document["seq"] == due]


def _of(states: Sequence[protocol.State], events: Sequence[protocol.AnyEvent]) -> list[protocol.State]:
    """What these events have become."""
    seqs = {event.seq for event in events}
    return [state for state in states if state.seq in seqs]


def _fitting(
    events: list[protocol.AnyEvent], where: Where, states: Sequence[protocol.State]
) -> list[protocol.AnyEvent]:
    """As many of `events` as fit on a page, with what they have become, from the end or the place that was asked for.

    At least one, if there is any.
    """
    becoming = {state.seq: len(encode(state)) for state in states}
    sizes = {event.seq: len(encode(event)) + becoming.get(event.seq, 0) for event in events}
    if not where.centred:
        kept = _within(events if where.forward else events[::-1], sizes, MOST_BYTES, at_least=1)
        return kept if where.forward else kept[::-1]
    middle = sum(event.seq < (where.around or 0) for event in events)
    newer = _within(events[middle:], sizes, MOST_BYTES // 2, at_least=1)
    older = _within(events[:middle][::-1], sizes, MOST_BYTES // 2, at_least=0 if newer else 1)
    return older[::-1] + newer


def _within(
    events: Sequence[protocol.AnyEvent], sizes: Mapping[int, int], most: int, *, at_least: int
) -> list[protocol.AnyEvent]:
    fitting: list[protocol.AnyEvent] = []
    for event in events:
        most -= sizes[event.seq]
        if most < 0 and len(fitting) >= at_least:
            break
        fitting.append(event)
    return fitting
