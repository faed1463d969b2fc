"""Who is mentioned where, and how often somebody is in what they have not read: the collection `mentions`.

A document a person and room holds the mseqs of the newest messages that mention them, and one more a room those that
mention everybody; so what is unread of it is a look at two documents a room, found by their keys, many rooms at once. The
log fills them before a sender is answered, and as it may do so twice, an mseq may be there twice: it counts once, and so does
a message that mentions somebody by name and everybody. What was deleted is taken out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from common.mongo import Database, Mongo
from common.roomlog.position import Entry
from common.roomlog.united import Question

MOST: Final = 100  # are counted; more are as many as that
_KEPT: Final = 2 * MOST  # so that some may be there twice
_EVERYBODY: Final = ""
_DUPLICATE: Final = 11000

Document = Mapping[str, Any]


class Unread(NamedTuple):
    """A person who has read a room up to the mseq `last_read`."""

    user: str
    room: str
    last_read: int


async def count(mongo: Mongo, readers: Sequence[Unread]) -> dict[tuple[str, str], int]:
    """How many messages after `last_read` mention each: `{(user, room): count}`, without those of whom none does.

    One round trip for all. Raises `StoreUnavailable`.
    """
    if not readers:
        return {}
    asked = question(readers)
    found = await mongo.run(lambda: list(mongo.database[asked.collection].aggregate(asked.stages)))
    return counted(readers, found)


def question(readers: Sequence[Unread]) -> Question:
    """What to ask about some readers, alone or together with other questions."""
    names = {key_of(each.room, name) for each in readers for name in (each.user, _EVERYBODY)}
    return Question("mentions", [{"$match": {"_id": {"$in": sorted(names)}}}])


def counted(readers: Iterable[Unread], found: Iterable[Document]) -> dict[tuple[str, str], int]:
    """The counts, from the answers to `question`; other answers among them are passed over."""
    mseqs = {document["_id"]: document["mseqs"] for document in found if "mseqs" in document}
    counts = {}
    for user, room, last_read in readers:
        here = {*mseqs.get(key_of(room, user), ()), *mseqs.get(key_of(room, _EVERYBODY), ())}
        if unread := sum(mseq > last_read for mseq in here):
            counts[user, room] = min(unread, MOST)
    return counts


def among(entries: Iterable[Entry], user: str) -> int:
    """How many of these entries of a room are messages that mention `user`."""
    found = 0
    for entry in entries:
        if may_mention(entry):
            said = mentions_in(entry)
            found += said.mention_all or user in said.mentions
    return min(found, MOST)


class Said(Struct):
    """Who says something where, and whom it mentions."""

    room: str
    sender: str
    mentions: list[str] = []
    mention_all: bool = False


_decode: Final = msgspec.json.Decoder(Said).decode


def mentions_in(message: Entry) -> Said:
    """Whom a message mentions."""
    return _decode(message.body)


def is_message(entry: Entry) -> bool:
    """Whether it is one; told by how its body begins."""
    return entry.body.startswith(b'{"type":"message",')


def may_mention(entry: Entry) -> bool:
    """Whether it may be a message that mentions somebody: none is missed. In a text, the quote would be escaped."""
    return b',"mention' in entry.body and is_message(entry)


# --- for a thread, as `Mongo.run` gives one -----------------------------------------------------------------------------


def add(database: Database, messages: Iterable[Document]) -> None:
    """Note whom these messages mention. Doing it again changes no count."""
    mseqs: dict[str, list[int]] = defaultdict(list)
    for message in messages:
        for key in _keys(message):
            mseqs[key].append(message["mseq"])
    updates = [
        UpdateOne({"_id": key}, {"$push": {"mseqs": {"$each": new, "$slice": -_KEPT}}}, upsert=True)
        for key, new in mseqs.items()
    ]
    try:
        _write(database, updates)
    except BulkWriteError as failure:
        # Two who make the same document at once may both try to insert it; by now it is there.
        faults = failure.details["writeErrors"]
        if any(fault["code"] != _DUPLICATE for fault in faults):
            raise
        _write(database, [updates[fault["index"]] for fault in faults])


def remove(database: Database, messages: Iterable[Document]) -> None:
    """These messages are deleted, and mention nobody any more."""
    _write(
        database,
        [
            UpdateOne({"_id": key}, {"$pull": {"mseqs": message["mseq"]}})
            for message in messages
            for key in _keys(message)
        ],
    )


def _write(database: Database, updates: list[UpdateOne]) -> None:
    if updates:
        database.mentions.bulk_write(updates, ordered=False)


def _keys(message: Document) -> Iterator[str]:
    """The documents a message belongs to."""
    if message["type"] != "message":
        return
    for user in message.get("mentions", ()):
        yield key_of(message["room"], user)
    if message.get("mention_all"):
        yield key_of(message["room"], _EVERYBODY)


def key_of(room: str, user: str) -> str:
    """The key of what mentions `user` in `room`."""
    return f"{room}:{user}"
