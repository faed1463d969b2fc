"""How far somebody has read, said over HTTP: the same cursor that `read.mark` moves on the socket, told to the same sockets.

It goes forward only, and never beyond what the room has had. The news of it carries what remains unread, so that no chatd
needs to look; it is as true as a moment ago, and what is said meanwhile is told by itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from common import feed
from common.errors import MadangError
from common.limits import INTIMATE
from common.postgres import Connection
from common.roomlog import mentions, united
from common.roomlog.mentions import Unread
from common.roomlog.position import FAR, key_of
from common.roomlog.united import Question
from control.outbox import announce
from control.rooms import queries
from control.rooms.views import ReadUpTo
from control.services import Services


class _Standing(NamedTuple):
    """How many messages a room has had, and which mentions of this person come after the mark."""

    messages: int
    mentions: mentions.Mentions


async def mark_read(services: Services, user: str, room: str, mseq: int) -> ReadUpTo:
    """Note that `user` has read up to `mseq`; never less than before, nor more than was said. Raises `not_a_member`."""
    standing = await _standing(services, Unread(user, room, mseq))
    return await services.db.transaction(_mark, user, room, min(mseq, standing.messages), standing)


async def _standing(services: Services, reader: Unread) -> _Standing:
    found = await services.mongo.run(
        united.answers, services.mongo.database, [_last_event(reader.room), mentions.question([reader])]
    )
    messages = max((document["mseq"] for document in found if "mseq" in document), default=0)
    said = mentions.among_answers([reader], found)
    return _Standing(messages, said.get((reader.user, reader.room), {}))


def _last_event(room: str) -> Question:
    keys = {"$gte": key_of(room, 0), "$lt": key_of(room, FAR)}
    return Question("events", [{"$match": {"_id": keys}}, {"$sort": {"_id": -1}}, {"$limit": 1}])


async def _mark(connection: Connection, user: str, room: str, mseq: int, standing: _Standing) -> ReadUpTo:
    found: Any = await connection.fetchrow(queries.MARK_READ, room, user, mseq)
    if found is None:
        raise MadangError("not_a_member")
    if found["last_read"] > found["before"]:
        news = feed.CursorMoved(
            room=room,
            user=user,
            mseq=found["last_read"],
            unread=standing.messages - found["last_read"],
            mentions=mentions.count(standing.mentions, found["shunned"]),
            shown=found["member_count"] <= INTIMATE,
            hidden=tuple({*found["shunned"], *found["shunned_by"]}),
        )
        await announce(connection, news)
    return ReadUpTo(found["last_read"])
