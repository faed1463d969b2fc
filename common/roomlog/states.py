"""What messages have become: the collection `states`, one document a message that something happened to.

A document's `_id` is the message's key in the log, its fields are marks (see `marks`): applying an event is one `$max` a
mark, so it may be done again, by anybody, in any order; only the message itself has to be in the log before what
replaces or erases its words. Texts are not kept here but read from the events the marks name. What a message says by now
stands in its event, too, in the field `now`, for those who show the last message of many rooms.

Two further documents a room: "<room>:pins" holds what is pinned there, the mark `pin` of each message by its seq, and
"<room>:timer" where to begin to read of its timer, the seq of the last event of it as the mark `last`.

What was deleted is erased: the texts of the message and its edits are blanked in the log, whichever of an edit and the
deletion is applied last, and it leaves the lists and the search index that it is in by what it said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from common import protocol
from common.mongo import Database, Mongo
from common.roomlog import index, lists, mentions
from common.roomlog.marks import (
    DELETED,
    EDITED,
    PIN,
    REPLIED,
    REPLIES,
    Document,
    Marks,
    answered,
    is_plain,
    items_of,
    joined,
    marks_of,
    now_says,
    reactions,
    shown_in,
    word,
)
from common.roomlog.position import ERASED, FAR, key_of

MOST_REPLIES: Final = 1000  # counted; more are as many
_DUPLICATE: Final = 11000
_NEVER_AGAIN: Final = 2 * FAR  # the last word on a pin
_BLANK: Final = {"$set": {"text": ""}, "$unset": dict.fromkeys([*ERASED, "now"], "")}


class States:
    """The states of all messages. Every method raises `StoreUnavailable` when MongoDB cannot answer now."""

    def __init__(self, mongo: Mongo, layout: index.Layout = index.LAYOUT) -> None:
        self._layout = layout
        self._mongo = mongo
        self._states = mongo.database.states
        self._events = mongo.database.events

    async def settle(self, documents: Sequence[Document]) -> None:
        """Apply stored events to lists and states. Most apply to none, and cost nothing. Again is as good as once."""
        changes = [document for document in documents if not is_plain(document)]
        if changes:
            await self._mongo.run(_settle, self._mongo.database, changes, self._layout)

    async def marks(self, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Marks]:
        """The marks of these messages (room and seq), of those that have any."""
        asked = {key_of(*place): place for place in places}

        def read() -> dict[tuple[str, int], Marks]:
            return {
                asked[document.pop("_id")]: document
                for document in self._states.find({"_id": {"$in": list(asked)}})
            }

        return await self._mongo.run(read)

    async def pins(self, room: str, *, fresh: Iterable[Document] = ()) -> dict[int, int]:
        """What is pinned in a room: `{seq of the message: seq of the pin}`, the last pin first.

        `fresh` are events of the room that may not be applied yet, and count all the same.
        """

        def read() -> Marks:
            document = self._states.find_one({"_id": _pins(room)}) or {"_id": ""}
            del document["_id"]
            return document

        marks = await self._mongo.run(read)
        for document in fresh:
            marks = joined(marks, _pin_of(document))
            if document["type"] == "message.deleted":
                marks.pop(_pin(document["of"]), None)
        there = [(last.seq, int(of)) for of, mark in marks.items() if (last := word(mark)).there]
        return {of: seq for seq, of in sorted(there, reverse=True)}

    async def timers(self, rooms: Iterable[str]) -> dict[str, int]:
        """The seq of the last timer event of each of these rooms, of those that have had one. One look by key for all."""
        keys = {_timer(room): room for room in rooms}

        def read() -> dict[str, int]:
            found = self._states.find({"_id": {"$in": list(keys)}})
            return {keys[document["_id"]]: document["last"] for document in found}

        return await self._mongo.run(read)

    async def views(
        self,
        room: str,
        seqs: Sequence[int],
        reader: str,
        *,
        fresh: Iterable[Document] = (),
    ) -> list[protocol.State]:
        """What these messages have become, as `reader` sees it, in order; those that nothing happened to are left out.

        `fresh` are events that may not be applied yet, and count all the same.
        """
        return await self._mongo.run(self._views, room, sorted(set(seqs)), reader, list(fresh))

    def _views(self, room: str, seqs: list[int], reader: str, fresh: list[Document]) -> list[protocol.State]:
        if not seqs:
            return []
        marks = self._between(room, seqs)
        for document in fresh:
            if document.get("of") in seqs:
                marks[document["of"]] = joined(marks.get(document["of"], {}), marks_of(document))
            elif (parent := document.get("reply_to")) in seqs:
                marks[parent] = answered(marks.get(parent, {}), document)
        named = {seq for found in marks.values() for seq in _named(found)}
        events = {document["seq"]: document for document in fresh if document["seq"] in named}
        missing = [key_of(room, seq) for seq in named - events.keys()]
        if missing:
            events |= {document["seq"]: document for document in self._events.find({"_id": {"$in": missing}})}
        return [state_of(seq, marks[seq], events, reader) for seq in seqs if marks.get(seq)]

    async def erase(self, room: str, seqs: Sequence[int]) -> None:
        """Delete these messages for good without an event that says so: each becomes its own deletion. For what nobody
        says, as that a person is forgotten. Again is as good as once."""
        await self._mongo.run(self._delete, room, seqs)

    def _delete(self, room: str, seqs: Sequence[int]) -> None:
        database = self._mongo.database
        _raise(database, {key_of(room, seq): {DELETED: seq} for seq in seqs})
        _erase(database, {(room, seq) for seq in seqs}, self._layout)

    def _between(self, room: str, seqs: list[int]) -> dict[int, Marks]:
        """The marks of messages: a range of keys where they stand close together, else one by one."""
        if seqs[-1] - seqs[0] < 2 * len(seqs):
            match = {"$gte": key_of(room, seqs[0]), "$lt": key_of(room, seqs[-1] + 1)}
            found: Iterable[Document] = self._states.aggregate([{"$match": {"_id": match}}])
        else:
            found = self._states.find({"_id": {"$in": [key_of(room, seq) for seq in seqs]}})
        return {int(document.pop("_id")[-12:]): document for document in found}


def state_of(
    seq: int, marks: Mapping[str, int], events: Mapping[int, Document], reader: str
) -> protocol.State:
    """What marks make of a message, for `reader`; `events` holds those that the marks name."""
    replies = min(marks.get(REPLIES, 0), MOST_REPLIES)
    replied = marks.get(REPLIED, 0)
    if deleted := _marked(events.get(marks.get(DELETED, 0))):
        return protocol.State(seq=seq, deleted=deleted, replies=replies, replied=replied)
    pin = word(marks.get(PIN, 0))
    return protocol.State(
        seq=seq,
        edited=_edited(events.get(marks.get(EDITED, 0))),
        pinned=_marked(events.get(pin.seq)) if pin.there else None,
        reactions=[
            protocol.Reactions(
                emoji=emoji,
                count=len(users),
                users=list(users)[: protocol.MAX_REACTORS],
                mine=reader in users,
            )
            for emoji, users in reactions(marks).items()
        ],
        replies=replies,
        replied=replied,
    )


def _named(marks: Mapping[str, int]) -> Iterable[int]:
    """The seqs of the events whose words a state shows."""
    if DELETED in marks:
        return [marks[DELETED]]
    pin = word(marks.get(PIN, 0))
    return [*([marks[EDITED]] if EDITED in marks else ()), *([pin.seq] if pin.there else ())]


def _edited(document: Document | None) -> protocol.Edited | None:
    if document is None:
        return None
    return protocol.Edited(
        seq=document["seq"],
        at=document["at"],
        text=document["text"],
        mentions=document.get("mentions", []),
    )


def _marked(document: Document | None) -> protocol.Marked | None:
    if document is None:
        return None
    # A message that was erased with its sender is its own deletion.
    by = document["by"] if "by" in document else document["sender"]
    return protocol.Marked(seq=document["seq"], at=document["at"], by=by)


# --- applying, in a thread --------------------------------------------------------------------------------------------


def _settle(database: Database, changes: Sequence[Document], layout: index.Layout) -> None:
    """Lists before marks: a count of replies is of what is listed, and what is erased is found by its lists."""
    lists.add(database, [item for document in changes for item in items_of(document)])
    mentions.add(database, changes)
    marks: dict[str, Marks] = defaultdict(dict)
    for document in changes:
        if document["type"] == "timer":
            timer = _timer(document["room"])
            marks[timer] = joined(marks[timer], {"last": document["seq"]})
        if "of" not in document:
            continue
        key = key_of(document["room"], document["of"])
        marks[key] = joined(marks[key], marks_of(document))
        if pin := _pin_of(document):
            pins = _pins(document["room"])
            marks[pins] = joined(marks[pins], pin)
    last: dict[tuple[str, int], int] = defaultdict(int)
    for reply in (document for document in changes if "reply_to" in document):
        thread = (reply["room"], reply["reply_to"])
        last[thread] = max(last[thread], reply["seq"])
    for (room, parent), replied in last.items():
        replies = lists.count(database, room, lists.thread_of(parent), most=MOST_REPLIES)
        marks[key_of(room, parent)] |= {REPLIES: replies, REPLIED: replied}
    _raise(database, marks)
    _say_now(database, [document for document in changes if document["type"] == "message.edited"])
    _erase(
        database,
        {
            (document["room"], document["of"])
            for document in changes
            if document["type"] in {"message.edited", "message.deleted", "pin"}
        },
        layout,
    )


def _raise(database: Database, marks: Mapping[str, Marks]) -> None:
    """Raise marks to at least these."""
    updates = [UpdateOne({"_id": key}, {"$max": found}, upsert=True) for key, found in marks.items() if found]
    if not updates:
        return
    try:
        database.states.bulk_write(updates, ordered=False)
    except BulkWriteError as failure:
        # Two who make the same document at once may both try to insert it; by now it is there.
        if any(fault["code"] != _DUPLICATE for fault in failure.details["writeErrors"]):
            raise
        database.states.bulk_write(updates, ordered=False)


def _say_now(database: Database, edits: Sequence[Document]) -> None:
    """Put what messages say by now beside what they said at first."""
    updates = [
        UpdateOne({"_id": key_of(edit["room"], edit["of"])}, {"$max": {"now": now_says(edit)}})
        for edit in edits
    ]
    if updates:
        database.events.bulk_write(updates, ordered=False)


def _erase(database: Database, touched: set[tuple[str, int]], layout: index.Layout) -> None:
    """Blank those of the messages that are deleted, with all their edits, and unpin them for good.

    An edit that is not marked yet is blanked by who marks it, right after that.
    """
    if not touched:
        return
    keys = {key_of(*place): place for place in touched}
    found: list[dict[str, Any]] = list(database.states.find({"_id": {"$in": list(keys)}}))
    deleted = {document["_id"]: document for document in found if DELETED in document}
    if not deleted:
        return
    unpinned: dict[str, Marks] = defaultdict(dict)
    for room, of in (keys[key] for key, marks in deleted.items() if PIN in marks):
        unpinned[_pins(room)][_pin(of)] = _NEVER_AGAIN
    _raise(database, unpinned)
    edits = [
        key_of(room, seq)
        for room, of in (keys[key] for key, marks in deleted.items() if EDITED in marks)
        for seq in lists.seqs(database, room, lists.edits_of(of))
    ]
    said = list(database.events.find({"_id": {"$in": [*deleted, *edits]}}))
    messages = [document for document in said if document["_id"] in deleted]
    lists.remove(database, [item for message in messages for item in shown_in(message)])
    mentions.remove(database, messages)
    index.forget(database, said, layout)
    database.events.update_many({"_id": {"$in": [*deleted, *edits]}}, _BLANK)


def _timer(room: str) -> str:
    return f"{room}:timer"


def _pins(room: str) -> str:
    return f"{room}:pins"


def _pin_of(document: Document) -> Marks:
    """What an event marks the room's pins with."""
    if document["type"] != "pin":
        return {}
    return {_pin(document["of"]): marks_of(document)[PIN]}


def _pin(of: int) -> str:
    return f"{of:012d}"
