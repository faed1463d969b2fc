"""What one person said in one room: read out, or blanked for good, so that nothing but that somebody spoke is left. And what a
room was called, where that was a person's word.

The room's events are walked in order, some thousand at a time, and nothing is remembered on the way: what is blank
already is passed over, so whoever is killed at it begins again and has less to do. Events keep their places, and the ids in
them, for others' events refer to them; messages are tombstones afterwards, as if each had been deleted. The words of edits
go with their messages; what somebody called a room is the room's, unless it was called after what they wrote elsewhere.
"""

from __future__ import annotations

from typing import Any, Final

from common.mongo import Database, Mongo
from common.roomlog import mentions
from common.roomlog.index import LAYOUT, Layout
from common.roomlog.log import Document, Log
from common.roomlog.position import ERASED, key_of

CHUNK: Final = 2000  # seqs looked at at once
UNTITLED: Final = "-"


async def erase_person(mongo: Mongo, room: str, user: str, *, name: str, layout: Layout = LAYOUT) -> int:
    """Blank all words of `user` in `room`, and put `name` wherever their nickname stands; how many events it were.

    Raises `StoreUnavailable`; then some of it is done.
    """
    log = Log(mongo, layout)
    head = (await log.heads([room]))[room][0]
    blanked = 0
    for first in range(1, head + 1, CHUNK):
        theirs = [document["seq"] for document in await mongo.run(said, mongo.database, room, user, first)]
        if theirs:
            await log.states.erase(room, theirs)
        blanked += len(theirs) + await mongo.run(_rename, mongo.database, room, user, first, name)
    await mongo.run(_forget_mentions, mongo.database, room, user)
    return blanked


async def erase_titles(mongo: Mongo, room: str, *, layout: Layout = LAYOUT) -> None:
    """Blank what `room` was called, in the events that say so and in what it said by itself.

    Raises `StoreUnavailable`; then some of it is done.
    """
    log = Log(mongo, layout)
    head = (await log.heads([room]))[room][0]
    for first in range(1, head + 1, CHUNK):
        spoken = await mongo.run(said, mongo.database, room, "", first)
        if named := [each["seq"] for each in spoken if "title" in each.get("system", {}).get("params", {})]:
            await log.states.erase(room, named)
        await mongo.run(_untitle, mongo.database, room, first)


# --- for a thread, as `Mongo.run` gives one -----------------------------------------------------------------------------


def said(database: Database, room: str, user: str, first: int) -> list[Document]:
    """The messages of `user` in `CHUNK` seqs of a room from `first` on, in order, without those that are blank."""
    stages = [
        {"$match": {**_range(room, first), "room": room, "sender": user, "type": "message"}},
        {"$sort": {"_id": 1}},
    ]
    return [document for document in database.events.aggregate(stages) if not _is_blank(document)]


def _is_blank(message: Document) -> bool:
    return not message["text"] and not any(name in message for name in ERASED)


def _rename(database: Database, room: str, user: str, first: int, name: str) -> int:
    """Events of their coming and going carry the nickname that they had then."""
    stages = [{"$match": {**_range(room, first), "type": "member", "user": user}}]
    keys = [document["_id"] for document in database.events.aggregate(stages) if document.get("name") != name]
    if keys:
        database.events.update_many({"_id": {"$in": keys}}, {"$set": {"name": name}})
    return len(keys)


def _untitle(database: Database, room: str, first: int) -> None:
    stages = [{"$match": {**_range(room, first), "type": "room"}}]
    keys = [document["_id"] for document in database.events.aggregate(stages) if "title" in document]
    if keys:
        database.events.update_many({"_id": {"$in": keys}}, {"$set": {"title": UNTITLED}})


def _forget_mentions(database: Database, room: str, user: str) -> None:
    database.mentions.delete_one({"_id": mentions.key_of(room, user)})


def _range(room: str, first: int) -> dict[str, Any]:
    return {"_id": {"$gte": key_of(room, first), "$lt": key_of(room, first + CHUNK)}}
