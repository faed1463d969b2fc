"""The durable log: MongoDB's collection `events`, one document an event, and the arbiter of what was said.

It keeps to operations that mean the same on MongoDB and on the stand-in that development uses: `insert_many`
unordered, find by `_id: {$in}`, and aggregate over ranges of `_id`, which is "<room>:<seq, 12 digits>".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import pymongo
from pymongo.errors import BulkWriteError

from common.mongo import Mongo
from common.roomlog.index import LAYOUT, Layout
from common.roomlog.lists import Lists
from common.roomlog.position import FAR, Entry, key_of
from common.roomlog.states import States
from common.roomlog.united import make_missing

_DUPLICATE: Final = 11000
MOST_KEYS: Final = 2048  # asked for by name at once
Document = dict[str, Any]
Name = tuple[str, str, str]  # room, sender, client_id: what makes an event one event


class Inserted(NamedTuple):
    """What became of a batch: every entry is in exactly one of these.

    `stored`: the log holds it (now or since an earlier try), as the document of the same index in `documents`: blank
    where it was deleted since. `doubles`: the log holds the same sender's client_id, given
    its place another time; that document comes along. `displaced`: another event holds its place.
    """

    stored: list[Entry]
    doubles: list[tuple[Entry, Document]]
    displaced: list[Entry]
    documents: list[Document]


class Log:
    """The events of all rooms, and what is derived from them.

    Every method raises `StoreUnavailable` when MongoDB cannot answer now.
    """

    def __init__(self, mongo: Mongo, layout: Layout = LAYOUT) -> None:
        self._mongo = mongo
        self._events = mongo.database.events
        self.lists = Lists(mongo)
        self.states = States(mongo, layout)

    async def prepare(self) -> None:
        """Make the index that admits a client_id once, and the collections that are asked before they are written to."""
        await self._mongo.run(make_missing, self._mongo.database, {"events", "mentions"})
        await self._mongo.run(
            self._events.create_index,
            [("room", pymongo.ASCENDING), ("sender", pymongo.ASCENDING), ("client_id", pymongo.ASCENDING)],
            unique=True,
            name="once",
        )

    async def insert(self, entries: Sequence[Entry]) -> Inserted:
        """Store a batch. Storing it again changes nothing."""
        return await self._mongo.run(self._insert, entries)

    def _insert(self, entries: Sequence[Entry]) -> Inserted:
        documents = [entry.document() for entry in entries]
        try:
            self._events.insert_many(documents, ordered=False)
        except BulkWriteError as failure:
            faults = failure.details["writeErrors"]
            if any(fault["code"] != _DUPLICATE for fault in faults) or failure.details.get(
                "writeConcernErrors"
            ):
                raise
            return self._judge(entries, documents, {fault["index"] for fault in faults})
        return Inserted(list(entries), [], [], documents)

    def _judge(self, entries: Sequence[Entry], documents: list[Document], refused: set[int]) -> Inserted:
        """Sort out a batch of which some met a document that was there before."""
        keys = [documents[index]["_id"] for index in refused]
        holders = {found["_id"]: found for found in self._events.find({"_id": {"$in": keys}})}
        others = {
            index for index in refused if not _same(holders.get(documents[index]["_id"]), documents[index])
        }
        twins = self._named(_name(documents[index]) for index in others)
        outcome = Inserted([], [], [], [])
        for index, (entry, document) in enumerate(zip(entries, documents, strict=True)):
            if index not in others:
                outcome.stored.append(entry)
                outcome.documents.append(holders.get(document["_id"], document))
            elif twin := twins.get(_name(document)):
                outcome.doubles.append((entry, twin))
            else:
                outcome.displaced.append(entry)
        return outcome

    async def named(self, names: Iterable[Name]) -> dict[Name, Document]:
        """Those of these events that the log holds."""
        return await self._mongo.run(self._named, names)

    def _named(self, names: Iterable[Name]) -> dict[Name, Document]:
        by_room: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            by_room[name[0]].append(name)
        found = {}
        for room, asked in by_room.items():
            match = {
                "room": room,
                "sender": {"$in": sorted({sender for _, sender, _ in asked})},
                "client_id": {"$in": [client_id for _, _, client_id in asked]},
                # For the stand-in, which knows this index alone; MongoDB takes the unique one.
                "_id": {"$gte": key_of(room, 0), "$lt": key_of(room, FAR)},
            }
            documents = {
                _name(document): document for document in self._events.aggregate([{"$match": match}])
            }
            found.update({name: documents[name] for name in asked if name in documents})
        return found

    async def heads(self, rooms: Iterable[str]) -> dict[str, tuple[int, int]]:
        """How far each room goes: `{room: (seq, mseq)}`, (0, 0) for one without events."""
        ends = await self.ends(rooms, most=1)
        return {room: (end[0]["seq"], end[0]["mseq"]) if end else (0, 0) for room, end in ends.items()}

    async def ends(self, rooms: Iterable[str], *, most: int) -> dict[str, list[Document]]:
        """The last events of each room, the newest first."""

        def read() -> dict[str, list[Document]]:
            return {room: self._page(room, 0, FAR, most, newest=True) for room in rooms}

        return await self._mongo.run(read)

    async def placed(self, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Document]:
        """The events in these places (room and seq), of those that the log holds."""
        keys = [key_of(*place) for place in places]

        def read() -> dict[tuple[str, int], Document]:
            found = self._events.find({"_id": {"$in": keys}})
            return {(document["room"], document["seq"]): document for document in found}

        return await self._mongo.run(read)

    async def after(self, room: str, seq: int, *, upto: int, most: int) -> list[Document]:
        """Up to `most` events with a seq above `seq` and not above `upto`, in order, the oldest first."""
        return await self._mongo.run(self._page, room, seq + 1, upto + 1, most, newest=False)

    async def before(self, room: str, seq: int, *, above: int = 0, most: int) -> list[Document]:
        """Up to `most` events with a seq below `seq` and above `above`, the newest first."""
        return await self._mongo.run(self._page, room, above + 1, seq, most, newest=True)

    async def at(self, room: str, seqs: Iterable[int]) -> dict[int, Document]:
        """Those of these events that the log holds, by seq."""
        keys = [key_of(room, seq) for seq in seqs]

        def read() -> dict[int, Document]:
            return {found["seq"]: found for found in self._events.find({"_id": {"$in": keys}})}

        return await self._mongo.run(read) if keys else {}

    def _page(self, room: str, low: int, high: int, most: int, *, newest: bool) -> list[Document]:
        """A page of a range of seqs. One that is asked for whole, as most are, is asked for by its keys.

        That costs MongoDB no more, and the stand-in counts a whole collection for every aggregate.
        """
        if high - low <= min(most, MOST_KEYS):
            keys = [key_of(room, seq) for seq in range(low, high)]
            found = list(self._events.find({"_id": {"$in": keys}})) if keys else []
            return sorted(found, key=lambda document: document["seq"], reverse=newest)
        stages: list[dict[str, Any]] = [
            {"$match": {"_id": {"$gte": key_of(room, low), "$lt": key_of(room, high)}}},
            {"$sort": {"_id": -1 if newest else 1}},
            {"$limit": most},
        ]
        return list(self._events.aggregate(stages))


def _same(held: Document | None, document: Document) -> bool:
    """Whether the log holds this very event in this place; its words may have been erased since."""
    return held is not None and (_name(held), held["at"]) == (_name(document), document["at"])


def _name(document: Document) -> Name:
    return document["room"], document["sender"], document["client_id"]
