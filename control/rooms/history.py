"""What was said in a room, over HTTP: the same pages, threads, pins and searches that chatd answers on its socket.

Whether somebody may read, and from when on, is PostgreSQL's word of the moment; the rest is the room log's.
"""

from __future__ import annotations

from common import protocol
from common.clock import ms_of
from common.errors import MadangError
from common.postgres import Connection
from common.roomlog.history import Reader, Where
from control.rooms import queries
from control.rooms.views import EventsQuery, PinsQuery, SearchQuery, ThreadQuery
from control.services import Services


async def page(services: Services, user: str, room: str, query: EventsQuery) -> protocol.Page:
    """A page of events. Raises `not_a_member`, `log_unavailable`."""
    reader = await _reader(services, user, room)
    where = Where(before=query.before, after=query.after, around=query.around, limit=query.limit)
    upto = await services.history.standing(room)
    read = services.history.page if query.only is None else services.history.images
    return await read(room, where, upto, reader)


async def thread(services: Services, user: str, room: str, of: int, query: ThreadQuery) -> protocol.Page:
    """A message and the replies to it. Raises `not_a_member`, `message_not_found`."""
    reader = await _reader(services, user, room)
    where = Where(before=query.before, after=query.after, limit=query.limit)
    return await services.history.thread(room, of, where, reader)


async def pins(services: Services, user: str, room: str, query: PinsQuery) -> protocol.Page:
    """What is pinned. Raises `not_a_member`."""
    return await services.history.pins(room, query.before, await _reader(services, user, room))


async def search(services: Services, user: str, room: str, query: SearchQuery) -> protocol.Found:
    """Messages that have all words. Raises `not_a_member`, `text_empty`."""
    reader = await _reader(services, user, room)
    upto = await services.history.standing(room)
    return await services.history.search(
        room, query.text, upto=upto, before=query.before, limit=query.limit, reader=reader
    )


async def _reader(services: Services, user: str, room: str) -> Reader:
    """Who reads. Raises `not_a_member`."""
    return Reader(user, await services.db.read(_visible_from, user, room))


async def _visible_from(connection: Connection, user: str, room: str) -> int:
    row = await connection.fetchrow(queries.READER, room, user)
    if row is None:
        raise MadangError("not_a_member")
    return 0 if row["sees_all"] else ms_of(row["joined_at"])
