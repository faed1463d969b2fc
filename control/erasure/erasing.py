"""Whoever was deleted long enough ago is erased, from every store, by one process at a time.

First who they were is forgotten, at once and for good (`forgetting`). What remains takes time: their places in classes are
given up, they leave their rooms, their words are blanked, what they posted is taken back, their files go. Each step is found
by the rows that are still there and takes one of them away when it is done, so a process that is killed, or a store that is
away, only puts off the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final, NoReturn

from common.clock import from_ms
from common.feed import ProfileChanged, RoomChanged, WordsErased
from common.logs import get_logger
from common.postgres import Connection
from common.roomlog.erasure import UNTITLED, erase_person, erase_titles
from common.units import MINUTES
from control.admin.finding import RESTORABLE
from control.classes import registering
from control.erasure import queries
from control.erasure.forgetting import forget, nickname_of
from control.erasure.posts import take_back
from control.export import making
from control.locks import Lock
from control.outbox import announce
from control.rooms import membership
from control.services import Services
from control.turn import in_turn
from control.uploads import sweeping

_log = get_logger(__name__)
_EVERY: Final = 10 * MINUTES
_BATCH: Final = 100


async def upkeep(services: Services) -> NoReturn:
    """Erase whoever is due, every now and then, for ever."""
    await in_turn(services, Lock.ERASING, erase_due, every=_EVERY)


async def erase_due(services: Services) -> None:
    """Erase whoever is due, and finish what was begun. Raises `StoreUnavailable`; then the rest is done the next time."""
    now = from_ms(services.clock())
    while due := await services.db.read(_ids, queries.DUE, now - RESTORABLE, _BATCH):
        for user in due:
            await services.db.transaction(_forget, user, now)
    last = "00000000-0000-0000-0000-000000000000"
    while begun := await services.db.read(_ids, queries.BEING_ERASED, last, _BATCH):
        for user in begun:
            await _finish(services, user)
        last = begun[-1]


async def _finish(services: Services, user: str) -> None:
    await _each(services, queries.CLASSES, user, lambda of: registering.cancel(services, user, of))
    await services.db.transaction(_execute, queries.FORGET_ANSWERS, user)
    await _each(services, queries.NAMED_ROOMS, user, lambda room: _erase_titles(services, room))
    await _each(services, queries.ROOMS, user, lambda room: membership.leave(services, user, room))
    await _each(services, queries.FORMER_ROOMS, user, lambda room: _erase_words(services, user, room))
    await take_back(services, user)
    while files := await services.db.read(_ids, queries.FILES, user, _BATCH):
        await services.db.transaction(_execute, queries.REMOVE_FILES, files)
        await sweeping.sweep_away(services, files)
    await making.drop_all(services, user)
    await services.db.transaction(_execute, queries.ERASED, user, from_ms(services.clock()))
    _log.info("a person was erased", person=user)


async def _each(services: Services, statement: str, user: str, act: Callable[[str], Awaitable[None]]) -> None:
    """`act` on everything that `statement` finds, until it finds nothing: what is done is not found again."""
    while found := await services.db.read(_ids, statement, user, _BATCH):
        for each in found:
            await act(each)


async def _erase_words(services: Services, user: str, room: str) -> None:
    await erase_person(services.mongo, room, user, name=nickname_of(user))
    await services.db.transaction(_forget_room, user, room)


async def _erase_titles(services: Services, room: str) -> None:
    await erase_titles(services.mongo, room)
    await services.db.transaction(_untitle, room)


# --- transactions -----------------------------------------------------------------------------------------------------


async def _ids(connection: Connection, statement: str, *arguments: object) -> list[str]:
    return [row["id"] for row in await connection.fetch(statement, *arguments)]


async def _execute(connection: Connection, statement: str, *arguments: Any) -> None:
    await connection.execute(statement, *arguments)


async def _forget(connection: Connection, user: str, now: datetime) -> None:
    if await connection.fetchval(queries.LOCK_DUE, user, now - RESTORABLE):
        forgotten = await forget(connection, user, now)
        changes = [
            ProfileChanged(user=each, nickname=nickname_of(each), avatar=None, status="")
            for each in forgotten
        ]
        await announce(connection, *changes)


async def _untitle(connection: Connection, room: str) -> None:
    await connection.execute(queries.UNTITLE, room)
    await announce(connection, RoomChanged(room=room, title=UNTITLED))


async def _forget_room(connection: Connection, user: str, room: str) -> None:
    await connection.execute(queries.FORGET_ROOM, user, room)
    await connection.execute(queries.EMPTY_ROOM, room)
    await announce(connection, WordsErased(room=room))
