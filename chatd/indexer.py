"""Keeps the search index of the room log up to date, behind everybody's back.

A room is due when one of its blocks was filled here, or when a search met a gap; then whatever is missing of its index is
made from the log, the newest first. What this replica forgets, because it died or had too much to do, is noticed when
the next block is full, here or elsewhere, or at the next search. Nobody waits for it, and it makes pauses: what it costs
is a small part of a processor.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import trio

from common.clock import now_ms
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter
from common.roomlog.index import SETTLED, Index, Indexing, Segment, is_whole
from common.roomlog.journal import Journal
from common.roomlog.log import Document
from common.roomlog.position import Entry
from common.supervise import Backoff, jittered
from common.units import MILLISECONDS, SECONDS

_log = get_logger(__name__)
_indexed = Counter("madang_chatd_segments_indexed_total", "Segments of the log that were indexed.", ["level"])

EVERY: Final = 2 * SECONDS  # rooms that are due are looked for
PAUSE: Final = 30 * MILLISECONDS  # after every block that was read
_MOST_DUE: Final = 10_000  # rooms that wait; past it they are left to the next who notices


class Indexer:
    """Indexes rooms, for ever."""

    def __init__(self, journal: Journal, index: Index) -> None:
        self._journal = journal
        self._index = index
        self._due: dict[str, float] = {}  # by room: when to look

    def kept(self, entries: Iterable[Entry]) -> None:
        """These are in the log. Never waits."""
        block = self._index.layout.block
        for entry in entries:
            if entry.seq % block == block - 1:
                self._put(entry.room, trio.current_time() + SETTLED + EVERY)

    def wanted(self, room: str) -> None:
        """Somebody had to search a room without its index. Never waits."""
        self._put(room, trio.current_time())

    def _put(self, room: str, due: float) -> None:
        if room in self._due or len(self._due) < _MOST_DUE:
            self._due[room] = min(due, self._due.get(room, due))

    async def run(self) -> None:
        """A task of the program's own nursery. A store that is away is tried again later."""
        backoff = Backoff(first=1 * SECONDS, most=30 * SECONDS)
        while True:
            await trio.sleep(jittered(EVERY))
            now = trio.current_time()
            for room in [room for room, due in self._due.items() if due <= now]:
                del self._due[room]
                try:
                    await self.catch_up(room)
                except StoreUnavailable as fault:
                    _log.warning("cannot index", room=room, why=str(fault))
                    self.wanted(room)
                    await trio.sleep(backoff.next())
                    break
                backoff.reset()

    async def catch_up(self, room: str) -> None:
        """Index what is whole and not indexed of a room. Raises `StoreUnavailable`."""
        layout = self._index.layout
        whole = (await self._journal.log.heads([room]))[room][0] + 1
        spans_end, blocks_end = whole - whole % layout.span, whole - whole % layout.block
        spans = [layout.span_at(first) for first in range(0, spans_end, layout.span)]
        blocks = [layout.block_at(first) for first in range(spans_end, blocks_end, layout.block)]
        for segment in await self._index.missing(room, [*reversed(blocks), *reversed(spans)]):
            if not await self._add(room, segment) and segment.level:
                for block in await self._index.missing(room, layout.blocks_of(segment)):
                    await self._add(room, block)

    async def _add(self, room: str, segment: Segment) -> bool:
        """Index a segment if the log has the whole of it, and whether it has."""
        layout = self._index.layout
        indexing = Indexing(room, segment, layout)
        for block in layout.blocks_of(segment) if segment.level else [segment]:
            documents = await self._whole(room, block)
            if documents is None:
                return False
            await trio.to_thread.run_sync(indexing.read, documents)
            await trio.sleep(PAUSE)
        await self._index.add(indexing)
        _indexed.labels("span" if segment.level else "block").inc()
        return True

    async def _whole(self, room: str, block: Segment) -> list[Document] | None:
        """All events of a block, mended if need be; None when some are still to come, or too young."""
        first, last = max(block.first, 1), block.end - 1
        most = block.end - block.first
        documents = await self._journal.log.after(room, first - 1, upto=last, most=most)
        if len(documents) <= last - first:
            await self._journal.mend(room, first, last)
            documents = await self._journal.log.after(room, first - 1, upto=last, most=most)
        return documents if is_whole(block, documents, now_ms()) else None
