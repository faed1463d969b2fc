"""Who is mentioned where, and how often somebody is in what they have not read: the collection `mentions`.

A document a person and room holds the newest messages that mention them, each as "mseq/sender", and one more a room those
that mention everybody; so what is unread of it is a look at two documents a room, found by their keys, many rooms at once. The
log fills them before a sender is answered, and as it may do so twice, an mseq may be there twice: it counts once, and so does
a message that mentions somebody by name and everybody. What was deleted is taken out. By whom one has blocked one is not
called: such mentions are there and do not count, for as long as the block lasts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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


Mentions = dict[int, str]  # messages that mention somebody: their senders by their mseqs


async def unread(mongo: Mongo, readers: Sequence[Unread]) -> dict[tuple[str, str], Mentions]:
    """The messages after `last_read` that mention each, by user and room, without those of whom none does.

    One round trip for all. Raises `StoreUnavailable`.
    """
    if not readers:
        return {}
    asked = question(readers)
    found = await mongo.run(lambda: list(mongo.database[asked.collection].aggregate(asked.stages)))
    return among_answers(readers, found)


def count(said: Mentions, shunned: Collection[str] = ()) -> int:
    """How many mentions these are for somebody who blocked those who are `shunned`."""
    return min(sum(sender not in shunned for sender in said.values()), MOST)


def question(readers: Sequence[Unread]) -> Question:
    """What to ask about some readers, alone or together with other questions."""
    names = {key_of(each.room, name) for each in readers for name in (each.user, _EVERYBODY)}
    return Question("mentions", [{"$match": {"_id": {"$in": sorted(names)}}}])


def among_answers(readers: Iterable[Unread], found: Iterable[Document]) -> dict[tuple[str, str], Mentions]:
    """The same, from the answers to `question`; other answers among them are passed over."""
    noted = {document["_id"]: document["mseqs"] for document in found if "mseqs" in document}
    mentions = {}
    for user, room, last_read in readers:
        here = dict(
            map(_read, (*noted.get(key_of(room, user), ()), *noted.get(key_of(room, _EVERYBODY), ())))
        )
        if said := {mseq: sender for mseq, sender in here.items() if mseq > last_read}:
            mentions[user, room] = said
    return mentions


def among(entries: Iterable[Entry], user: str) -> Mentions:
    """Those of these entries of a room that are messages which mention `user`."""
    found = {}
    for entry in entries:
        if may_mention(entry):
            said = mentions_in(entry)
            if said.mention_all or user in said.mentions:
                found[entry.mseq] = said.sender
    return found


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
    """Note whom these messages mention. Doing it again changes no count: what is noted already takes nobody's place."""
    noted: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        for key in _keys(message):
            noted[key].append(_note(message))
    if not noted:
        return
    there = {found["_id"]: found["mseqs"] for found in database.mentions.find({"_id": {"$in": list(noted)}})}
    missing = {
        key: [each for each in notes if each not in there.get(key, ())] for key, notes in noted.items()
    }
    updates = [
        UpdateOne({"_id": key}, {"$push": {"mseqs": {"$each": new, "$slice": -_KEPT}}}, upsert=True)
        for key, new in missing.items()
        if new
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
            UpdateOne({"_id": key}, {"$pull": {"mseqs": noted}})
            for message in messages
            for key in _keys(message)
            for noted in (_note(message), message["mseq"])
        ],
    )


def _write(database: Database, updates: list[UpdateOne]) -> None:
    if updates:
        database.mentions.bulk_write(updates, ordered=False)


def _note(message: Document) -> str:
    """What is noted of a message."""
    return f"{message['mseq']}/{message['sender']}"


def _read(noted: str | int) -> tuple[int, str]:
    """The mseq and the sender of what was noted; what was noted long ago has no sender."""
    if isinstance(noted, int):
        return noted, ""
    mseq, _, sender = noted.partition("/")
    return int(mseq), sender


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
