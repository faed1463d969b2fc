"""What my rooms show of the room log: what was said last in each, and how often I am mentioned in what I have not read.

All of it is asked in one round trip. The newest message of a room stands at the end of its keys, where an index finds it,
past what other events followed it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from common.mongo import Mongo
from common.roomlog import mentions, united
from common.roomlog.marks import text_of
from common.roomlog.mentions import Unread
from common.roomlog.position import FAR, key_of
from common.roomlog.united import Question
from control.rooms.views import LastMessage


class Latest(NamedTuple):
    """By room; rooms without are left out."""

    messages: dict[str, LastMessage]
    mentions: dict[str, int]


async def latest(mongo: Mongo, user: str, last_read: dict[str, int], shunned: Collection[str]) -> Latest:
    """What the log has of some rooms for `user`, who has read each up to an mseq and blocked those who are `shunned`.

    Raises `StoreUnavailable`.
    """
    readers = [Unread(user, room, mseq) for room, mseq in last_read.items()]
    if not readers:
        return Latest({}, {})
    questions = [*map(_newest_in, last_read), mentions.question(readers)]
    found = await mongo.run(united.answers, mongo.database, questions)
    called = mentions.among_answers(readers, found)
    return Latest(
        {document["room"]: _last_message(document, shunned) for document in found if "text" in document},
        {room: mentions.count(said, shunned) for (_, room), said in called.items()},
    )


def _newest_in(room: str) -> Question:
    keys = {"$gte": key_of(room, 0), "$lt": key_of(room, FAR)}
    return Question(
        "events", [{"$match": {"_id": keys, "type": "message"}}, {"$sort": {"_id": -1}}, {"$limit": 1}]
    )


def _last_message(document: united.Answer, shunned: Collection[str]) -> LastMessage:
    return LastMessage(
        seq=document["seq"],
        mseq=document["mseq"],
        at=document["at"],
        sender=document["sender"],
        text=text_of(document),
        kind=document.get("kind", "text"),
        deleted=not document["text"] and "kind" not in document,
        folded=document["sender"] in shunned,
    )
