"""Ordered sets of a room's events, beside the log: replies to a message, edits of a text, pictures, a timer.

A list is an index that the log fills: the collection `lists`, one document an item, whose `_id` is
"<room>:<list>:<number, 12 digits>". So an item is there once however often it is added, a range of numbers is a range
of keys on any server, and no item is ever changed. What an item says is only where to look in the log; whether the event
there still counts (deleted since?) is the reader's to see.

    thread/<seq, 12 digits>     replies to the message of that seq
    edits/<seq, 12 digits>      edits of that message
    image                       messages that are pictures
    timer                       what was done to the room's timer

Lists are numbered by seq.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from pymongo.errors import BulkWriteError

from common.mongo import Database, Mongo
from common.roomlog.position import FAR

_DUPLICATE: Final = 11000
IMAGES: Final = "image"
TIMER: Final = "timer"


class Item(NamedTuple):
    """An event's place in a list: its number there, and its seq in the room."""

    room: str
    list: str
    number: int
    seq: int


def thread_of(seq: int) -> str:
    """The list of replies to a message."""
    return f"thread/{seq:012d}"


def edits_of(seq: int) -> str:
    """The list of a message's edits."""
    return f"edits/{seq:012d}"


class Lists:
    """The lists of all rooms. Every method but those for a thread raises `StoreUnavailable` when MongoDB is away."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._lists = mongo.database.lists

    async def add(self, items: Sequence[Item]) -> None:
        """Add items. Adding one again changes nothing."""
        await self._mongo.run(add, self._mongo.database, items)

    async def page(
        self, room: str, name: str, *, before: int = FAR, after: int = 0, most: int, newest: bool
    ) -> list[Item]:
        """Up to `most` items numbered above `after` and below `before`, in order: the newest of them, or the oldest."""

        def read() -> list[Item]:
            stages = [
                *_range(room, name, after + 1, before),
                {"$sort": {"_id": -1 if newest else 1}},
                {"$limit": most},
            ]
            found = [
                Item(room, name, _number(document["_id"]), document["seq"])
                for document in self._lists.aggregate(stages)
            ]
            return found[::-1] if newest else found

        return await self._mongo.run(read)

    async def count(self, room: str, name: str, *, above: int = 0, upto: int = FAR - 1, most: int) -> int:
        """How many items are numbered above `above` and not above `upto`; `most` when there are more."""
        return await self._mongo.run(
            count, self._mongo.database, room, name, above=above, upto=upto, most=most
        )


# --- for a thread, as `Mongo.run` gives one -----------------------------------------------------------------------------


def add(database: Database, items: Iterable[Item]) -> None:
    """Add items. Adding one again changes nothing."""
    documents = [{"_id": _key(room, name, number), "seq": seq} for room, name, number, seq in items]
    if not documents:
        return
    try:
        database.lists.insert_many(documents, ordered=False)
    except BulkWriteError as failure:
        faults = failure.details["writeErrors"]
        if any(fault["code"] != _DUPLICATE for fault in faults) or failure.details.get("writeConcernErrors"):
            raise


def remove(database: Database, items: Iterable[Item]) -> None:
    """Take items out: the events they stand for are to be forgotten."""
    keys = [_key(room, name, number) for room, name, number, _ in items]
    if keys:
        database.lists.delete_many({"_id": {"$in": keys}})


def count(database: Database, room: str, name: str, *, above: int = 0, upto: int = FAR - 1, most: int) -> int:
    """How many items are numbered above `above` and not above `upto`; `most` when there are more."""
    stages = [*_range(room, name, above + 1, upto + 1), {"$limit": most}]
    return sum(1 for _ in database.lists.aggregate(stages))


def seqs(database: Database, room: str, name: str) -> list[int]:
    """The seqs of all items."""
    return [document["seq"] for document in database.lists.aggregate(_range(room, name, 0, FAR))]


def _range(room: str, name: str, low: int, high: int) -> list[dict[str, Any]]:
    return [{"$match": {"_id": {"$gte": _key(room, name, low), "$lt": _key(room, name, high)}}}]


def _key(room: str, name: str, number: int) -> str:
    return f"{room}:{name}:{number:012d}"


def _number(key: str) -> int:
    return int(key[-12:])
