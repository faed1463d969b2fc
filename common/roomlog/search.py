"""Search in a room: the messages whose present text has all the words that are sought, the newest first.

A message is found where its present text was said: at its own place, or, once it was edited, at that of its last edit.
So what is immutable stays so, the index included, and every message is found once: an event counts if the text it
brought is the message's present one. That, and whether the words are really there, is judged by what the store holds at
the moment of asking; the index only proposes.

A search does a bounded amount of work. When that is spent before a page is full, it says how far it came, and the next
call goes on from there. What is not indexed yet is scanned; a whole block that had to be scanned is indexed by the way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import trio

from common.clock import now_ms
from common.codec import encode
from common.errors import MadangError
from common.metrics import Histogram
from common.roomlog.grams import fold, needles_of, words_of
from common.roomlog.index import Index, Indexing, Segment, is_whole, message_of, said_in
from common.roomlog.log import Document, Log
from common.roomlog.marks import DELETED, EDITED, Marks
from common.units import KIB, SECONDS, to_ms

PATIENCE: Final = 1 * SECONDS  # then what was found so far is answered
TURN: Final = 1 * SECONDS  # that a search waits for others
AT_ONCE: Final = 4  # searches of a process: the store's threads are for those who say something, too
MOST_READ: Final = 5000  # events read for one search
MOST_BYTES: Final = 256 * KIB  # of messages on a page
_AHEAD: Final = 32  # events looked for beyond the head
_MOST_SPANS: Final = 64  # asked for at once
_MOST_SCANNED: Final = 4  # blocks scanned at once
_MOST_JUDGED: Final = 256  # candidates looked at, at once

_seconds = Histogram(
    "madang_roomlog_search_seconds",
    "One page of a search in a room.",
    buckets=(0.003, 0.01, 0.03, 0.1, 0.3, 1, 3),
)


class Hit(NamedTuple):
    """A message that was found, and where."""

    seq: int  # of the event that brought its present text
    message: Document


class Found(NamedTuple):
    """A page of hits, the newest first. `next` is where to go on: `before` of the next call; None at the end."""

    hits: list[Hit]
    next: int | None


class Search:
    """Searches rooms. `on_gap` is told of a room whose index has one. It must not fail or wait."""

    def __init__(self, log: Log, index: Index, *, on_gap: Callable[[str], None] = lambda _room: None) -> None:
        self.log = log
        self.index = index
        self.on_gap = on_gap
        self._turns = trio.Semaphore(AT_ONCE)

    async def find(
        self,
        room: str,
        text: str,
        *,
        head: int,
        before: int | None = None,
        most: int,
        visible_from: int = 0,
    ) -> Found:
        """Messages of `room` that have all words of `text`, of those found before the seq `before`.

        `head` is how far the room goes, as far as the caller knows: a few events more are seen all the same.
        Nothing said before `visible_from` is found. Raises MadangError `overloaded` when too many search at once,
        `StoreUnavailable`.
        """
        walk = _Walk(self, room, words_of(text), most, visible_from)
        with trio.move_on_after(TURN) as waiting:
            await self._turns.acquire()
        if waiting.cancelled_caught:
            raise MadangError("overloaded", retry_after_ms=to_ms(TURN))
        try:
            with _seconds.time():
                return await walk.run(head, before)
        finally:
            self._turns.release()


class _Walk:
    """One search, on its way from the newest event to the oldest."""

    def __init__(self, search: Search, room: str, words: Sequence[str], most: int, visible_from: int) -> None:
        self._search = search
        self._layout = search.index.layout
        self._room = room
        self._words = words
        self._needles = needles_of(words)
        self._most = most
        self._visible_from = visible_from
        self._below = 0  # all events from this seq up were looked through
        self._hits: list[Hit] = []
        self._bytes = 0
        self._read = 0
        self._spans = 4  # to ask for next
        self._deadline = math.inf

    async def run(self, head: int, before: int | None) -> Found:
        self._deadline = trio.current_time() + PATIENCE
        if not self._words:
            return Found([], None)
        await self._begin(head, before)
        while self._below > 1 and not self._is_full:
            await self._step()  # at least one, so that the next call does not begin where this one did
            if self._is_spent:
                break
        return self._found()

    @property
    def _is_full(self) -> bool:
        """One more than is wanted: so it is known whether there are more."""
        return len(self._hits) > self._most or (self._bytes > MOST_BYTES and len(self._hits) > 1)

    @property
    def _is_spent(self) -> bool:
        return self._read >= MOST_READ or trio.current_time() >= self._deadline

    def _found(self) -> Found:
        if self._is_full:
            kept = self._hits[:-1]
            return Found(kept, kept[-1].seq)
        return Found(self._hits, self._below if self._below > 1 else None)

    async def _begin(self, head: int, before: int | None) -> None:
        """Where to begin. The newest block of a room is most likely not indexed yet: it is read at once."""
        if before is not None:
            self._below = min(before, head + 1)
            return
        self._below = head + 1 + _AHEAD
        gap = [self._layout.block_at(self._below - 1)]
        while gap[-1].first > head > 0:
            gap.append(self._layout.block_at(gap[-1].first - 1))
        await self._scan(gap)

    async def _step(self) -> None:
        segments = self._ahead()
        looked = await self._search.index.look(self._room, self._needles, segments) if self._needles else {}
        candidates, low = self._unbroken(looked)
        if low < self._below:
            await self._look_at(candidates, low)
        else:
            await self._scan(self._gap(looked))

    def _ahead(self) -> list[Segment]:
        """What to ask the index for next: some spans, and the blocks of the first, which may not be indexed as one yet."""
        layout, newest = self._layout, self._below - 1
        first = layout.span_at(newest)
        spans = [layout.span_at(seq) for seq in range(first.first, -1, -layout.span)[: self._spans]]
        self._spans = min(2 * self._spans, _MOST_SPANS)
        return [*spans, *(block for block in layout.blocks_of(first) if block.first <= newest)]

    def _unbroken(self, looked: Mapping[Segment, list[int]]) -> tuple[list[int], int]:
        """The candidates in what was found of the index without a gap, the newest first, and how far down that goes."""
        candidates: list[int] = []
        low = self._below
        while low > 1:
            segment = self._layout.span_at(low - 1)
            if segment not in looked:
                segment = self._layout.block_at(low - 1)
            if segment not in looked:
                break
            candidates += [seq for seq in reversed(looked[segment]) if seq < low]
            low = segment.first
        return candidates, low

    async def _look_at(self, candidates: Sequence[int], low: int) -> None:
        """Judge candidates, by batches that grow; then all down to `low` has been looked through."""
        at, size = 0, 2 * (self._most + 1 - len(self._hits))
        while at < len(candidates):
            size = min(size, _MOST_JUDGED)
            batch = candidates[at : at + size]
            documents = await self._search.log.at(self._room, batch)
            await self._judge([documents[seq] for seq in batch if seq in documents], batch[-1])
            if self._is_full or self._is_spent or self._below <= 1:
                return
            at, size = at + size, 2 * size
        self._below = low

    def _gap(self, looked: Mapping[Segment, list[int]]) -> list[Segment]:
        """The newest blocks ahead, which the index does not have: some of them, the newest first."""
        gap = [self._layout.block_at(self._below - 1)]
        while gap[-1].first % self._layout.span and len(gap) < _MOST_SCANNED:
            block = self._layout.block_at(gap[-1].first - 1)
            if block in looked:
                break
            gap.append(block)
        return gap

    async def _scan(self, gap: Sequence[Segment]) -> None:
        """Read these blocks from the log, and index those that are whole."""
        end, first = self._below, gap[-1].first
        documents = await self._search.log.before(self._room, end, above=first - 1, most=end - first)
        await self._judge(documents, first)
        if len(gap) > 1:
            self._search.on_gap(self._room)
        for block in gap if self._needles else ():
            await self._index(block, [d for d in reversed(documents) if block.first <= d["seq"] < block.end])

    async def _index(self, block: Segment, documents: Sequence[Document]) -> None:
        if is_whole(block, documents, now_ms()):
            indexing = Indexing(self._room, block, self._layout)
            await trio.to_thread.run_sync(indexing.read, documents)
            await self._search.index.add(indexing)

    async def _judge(self, documents: Sequence[Document], low: int) -> None:
        """Take what counts of these events, the newest first; then all down to `low` has been looked through."""
        self._read += len(documents)
        visible = [each for each in documents if each["at"] >= self._visible_from]
        said = await trio.to_thread.run_sync(self._saying, visible)  # long texts are long to fold
        if said:
            await self._take(said)
        # What is older than what this reader may not see, is not to be seen either.
        self._below = low if len(visible) == len(documents) else 0

    def _saying(self, documents: Sequence[Document]) -> list[Document]:
        """Those of these events that say all the words."""
        return [each for each in documents if _says(fold(said_in(each)), self._words)]

    async def _take(self, said: Sequence[Document]) -> None:
        """Add the messages whose present text is one of these."""
        search = self._search
        marks = await search.log.states.marks((self._room, message_of(each)) for each in said)
        edited = await search.log.at(self._room, _edited(said))
        for each in said:
            message = edited.get(each["of"]) if _is_edit(each) else each
            if message is None or message["at"] < self._visible_from or self._is_full:
                continue
            if _is_present(each, marks.get((self._room, message["seq"]), {})):
                self._hits.append(Hit(each["seq"], message))
                self._bytes += len(encode(message)) + len(encode(each)) * _is_edit(each)


def _says(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _is_edit(document: Document) -> bool:
    return bool(document["type"] == "message.edited")


def _edited(documents: Iterable[Document]) -> list[int]:
    return [document["of"] for document in documents if _is_edit(document)]


def _is_present(document: Document, marks: Marks) -> bool:
    """Whether the text that this event brought is the message's text of today."""
    return DELETED not in marks and marks.get(EDITED, message_of(document)) == document["seq"]
