"""The search index of the room log: which events of a room say something, found by the grams of their texts.

A **segment** is a run of seqs: a block, or a span of many blocks (`Layout`). It is indexed once it is whole (the log
holds every one of its events) and settled, and never changes after that, as its events do not: what replaces a text, an
edit, is an event of its own and is found at its own place. What a found text is worth today, the searcher asks of the
messages' state.

The collection `grams` holds a document for each segment and bucket of grams, `_id` = "<room>:<level>:<bucket>:<first seq>".
Every bucket of an indexed segment has its document, the empty ones too; so a document that is there is all there is to
know, one that is missing means "look in the log", and nothing else has to be kept in step. Who indexes what another one
indexed already changes nothing; who is killed half way leaves what the next one completes.

Newest blocks are small, so that little has to be scanned. Once all blocks of a span are whole, the span is indexed from
the log as one, and its blocks' documents go: a message costs the index about 35 bytes and a sixtieth of a document, and a
search in a million messages looks at some thirty spans and less than sixty blocks.

What is deleted is taken out again (`forget`), before its text is blanked in the log: where which grams stood says what was
said. Who indexes looks afterwards whether something was deleted meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from common.mongo import Database, Mongo
from common.roomlog.grams import Needle, Shelf, Shelves, bucket_of, grams_of, places_of, without
from common.roomlog.marks import DELETED, Document
from common.roomlog.position import key_of

SETTLED: Final = 60  # seconds after which no failover of the store takes back what we read there
_DUPLICATE: Final = 11000


class Segment(NamedTuple):
    """The seqs from `first` to below `end`, of a level: 0 for a block, 1 for a span. Levels are counted from seq 0."""

    level: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How rooms are cut into segments, and into how many buckets the grams of each are dealt.

    Part of the stored layout: a change of it is a migration. A bucket of either level is some hundreds of bytes to a few
    thousand; `span` is a multiple of `block`, and both are of eight.
    """

    block: int = 512  # seqs
    span: int = 64 * 512
    block_buckets: int = 32
    span_buckets: int = 512

    def block_at(self, seq: int) -> Segment:
        """The block in which `seq` lies."""
        first = seq - seq % self.block
        return Segment(0, first, first + self.block)

    def span_at(self, seq: int) -> Segment:
        """The span in which `seq` lies."""
        first = seq - seq % self.span
        return Segment(1, first, first + self.span)

    def blocks_of(self, span: Segment) -> list[Segment]:
        """The blocks of a span, in order."""
        return [self.block_at(first) for first in range(span.first, span.end, self.block)]

    def buckets(self, segment: Segment) -> int:
        """How many documents index a segment."""
        return self.span_buckets if segment.level else self.block_buckets


LAYOUT: Final = Layout()


def is_whole(segment: Segment, documents: Sequence[Document], now: int) -> bool:
    """Whether these events, in order of seq, are all that will ever be in `segment`, at `now` in milliseconds."""
    first = max(segment.first, 1)
    if len(documents) != segment.end - first:
        return False
    is_all = documents[0]["seq"] == first and documents[-1]["seq"] == segment.end - 1
    return bool(is_all and documents[-1]["at"] < now - SETTLED * 1000)


class Indexing:
    """A segment being indexed: its events are read in order, in as many parts as one likes."""

    def __init__(self, room: str, segment: Segment, layout: Layout = LAYOUT) -> None:
        self.room = room
        self.segment = segment
        self.replaces = layout.blocks_of(segment) if segment.level else []
        self.said: list[Document] = []
        self._shelves = Shelves(segment.end - segment.first, layout.buckets(segment))

    def read(self, documents: Iterable[Document]) -> None:
        """Take in events of the segment, each with a seq above those before."""
        for document in documents:
            if text := said_in(document):
                self._shelves.add(document["seq"] - self.segment.first, text)
                self.said.append(document)

    def documents(self) -> list[dict[str, Any]]:
        """What the index stores of it."""
        return [
            {
                "_id": _key(self.room, self.segment, bucket),
                "grams": shelf.grams,
                "places": shelf.places,
                "revision": 0,
            }
            for bucket, shelf in enumerate(self._shelves.filled())
        ]


def said_in(document: Document) -> str:
    """The text that an event brought into its room; "" when it brought none, it was erased, or nobody said it but the room."""
    if document["type"] not in {"message", "message.edited"} or document.get("kind") == "system":
        return ""
    text: str = document["text"]
    return text


def message_of(document: Document) -> int:
    """The seq of the message whose text an event brought."""
    seq: int = document["of"] if document["type"] == "message.edited" else document["seq"]
    return seq


def forget(database: Database, said: Iterable[Document], layout: Layout = LAYOUT) -> None:
    """Take the texts of these events out of the index. For a thread, as `Mongo.run` gives one. Again is as good as once."""
    gone: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    lengths: dict[str, int] = {}
    for document in said:
        for segment in (layout.block_at(document["seq"]), layout.span_at(document["seq"])):
            for gram in grams_of(said_in(document)):
                key = _key(document["room"], segment, bucket_of(gram, layout.buckets(segment)))
                gone[key][gram].add(document["seq"] - segment.first)
                lengths[key] = segment.end - segment.first
    while gone:
        updates = []
        for found in database.grams.find({"_id": {"$in": list(gone)}}):
            key, shelf = found["_id"], Shelf(found["grams"], found["places"])
            left = without(shelf, gone[key], lengths[key])
            if left != shelf:
                asked = {"_id": key, "revision": found["revision"]}
                change = {"grams": left.grams, "places": left.places, "revision": found["revision"] + 1}
                updates.append(UpdateOne(asked, {"$set": change}))
        if not updates or database.grams.bulk_write(updates, ordered=False).matched_count == len(updates):
            return  # else somebody else took something out of the same document meanwhile


class Index:
    """The index of all rooms. Every method raises `StoreUnavailable` when MongoDB cannot answer now."""

    def __init__(self, mongo: Mongo, layout: Layout = LAYOUT) -> None:
        self.layout = layout
        self._mongo = mongo
        self._grams = mongo.database.grams

    async def add(self, indexing: Indexing) -> None:
        """Index a segment. Adding it again changes nothing. What it replaces goes."""
        await self._mongo.run(self._add, indexing)

    def _add(self, indexing: Indexing) -> None:
        first, *rest = indexing.documents()
        for documents in (rest, [first]):  # the first bucket comes last, and stands for all
            try:
                self._grams.insert_many(documents, ordered=False)
            except BulkWriteError as failure:
                faults = failure.details["writeErrors"]
                if any(fault["code"] != _DUPLICATE for fault in faults) or failure.details.get(
                    "writeConcernErrors"
                ):
                    raise
        forget(self._mongo.database, self._deleted(indexing), self.layout)
        for block in indexing.replaces:
            keys = [_key(indexing.room, block, bucket) for bucket in range(self.layout.block_buckets)]
            self._grams.delete_many({"_id": {"$in": keys}})

    def _deleted(self, indexing: Indexing) -> list[Document]:
        """What was read as it was said, and belongs to a message that is deleted by now."""
        room, segment = indexing.room, indexing.segment
        inside = {"_id": {"$gte": key_of(room, segment.first), "$lt": key_of(room, segment.end)}}
        outside = [key_of(room, of) for said in indexing.said if (of := message_of(said)) < segment.first]
        states = self._mongo.database.states
        gone = {found["_id"] for found in states.aggregate([{"$match": {**inside, DELETED: {"$gt": 0}}}])}
        if outside:
            found_outside = states.find({"_id": {"$in": outside}})
            gone |= {found["_id"] for found in found_outside if DELETED in found}
        return [said for said in indexing.said if gone and key_of(room, message_of(said)) in gone]

    async def missing(self, room: str, segments: Sequence[Segment]) -> list[Segment]:
        """Those of `segments` that are not indexed, in their order."""
        keys = {_key(room, segment, 0): segment for segment in segments}

        def read() -> list[Segment]:
            there = {each["_id"] for each in self._grams.find({"_id": {"$in": list(keys)}})}
            return [segment for key, segment in keys.items() if key not in there]

        return await self._mongo.run(read)

    async def look(
        self, room: str, needles: Sequence[Needle], segments: Sequence[Segment]
    ) -> dict[Segment, list[int]]:
        """The seqs, ascending, of the events in each of `segments` that may have all `needles`.

        Segments that are not indexed are left out. One question to the store, of a document for each needle and segment.
        """
        return await self._mongo.run(self._look, room, needles, segments)

    def _look(
        self, room: str, needles: Sequence[Needle], segments: Sequence[Segment]
    ) -> dict[Segment, list[int]]:
        wanted: dict[Segment, list[str]] = defaultdict(list)
        for segment in segments:
            for needle in needles:
                bucket = bucket_of(needle.text, self.layout.buckets(segment))
                wanted[segment].append(_key(room, segment, bucket))
        keys = {key for each in wanted.values() for key in each}
        shelves = {
            found["_id"]: Shelf(found["grams"], found["places"])
            for found in self._grams.find({"_id": {"$in": sorted(keys)}})
        }
        looked = {}
        for segment, asked in wanted.items():
            if all(key in shelves for key in asked):
                pairs = [(needle, shelves[key]) for needle, key in zip(needles, asked, strict=True)]
                places = places_of(pairs, segment.end - segment.first)
                looked[segment] = [segment.first + place for place in places]
        return looked


def _key(room: str, segment: Segment, bucket: int) -> str:
    return f"{room}:{segment.level}:{bucket:03x}:{segment.first:012d}"
