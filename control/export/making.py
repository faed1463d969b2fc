"""Copies are made one after the other, by one process at a time; and swept away when their week is over.

What was begun and not ended, because its process died, is begun anew. One that brings down its process again and again is
given up, so that it does not stand in everybody's way.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import trio

from common.clock import from_ms
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.postgres import Connection
from common.units import DAYS, HOURS, MINUTES, SECONDS
from control.export import queries
from control.export.asking import place_of
from control.export.contents import put_everything
from control.export.zipping import open_zip
from control.locks import Lock
from control.services import Services
from control.turn import in_turn

_log = get_logger(__name__)
KEPT: Final = timedelta(seconds=7 * DAYS)
_REMEMBERED: Final = timedelta(seconds=30 * DAYS)  # that there was one
_STALE: Final = timedelta(seconds=1 * HOURS)  # parts of one that nobody finished
_MOST_ATTEMPTS: Final = 3
_BATCH: Final = 100


async def upkeep(services: Services) -> None:
    """Make and sweep, for ever."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(
            partial(in_turn, services, Lock.EXPORTS, make_all, every=2 * SECONDS, due=_is_asked)
        )
        nursery.start_soon(partial(in_turn, services, Lock.OLD_EXPORTS, sweep, every=10 * MINUTES))


async def make_all(services: Services) -> None:
    """Make every copy that is asked for. Raises `StoreUnavailable`; what was begun is then asked for as before."""
    while begun := await services.db.transaction(_begin):
        export, now = begun["id"], from_ms(services.clock())
        if begun["attempts"] > _MOST_ATTEMPTS:
            _log.error("a copy was given up: whoever made it died", export=export)
            await services.db.transaction(_execute, queries.FAILED, export, now)
            continue
        interrupted = False
        try:
            size = await _make(services, export, begun["user_id"], now)
        except (StoreUnavailable, trio.Cancelled):
            interrupted = True
            raise
        finally:
            if (
                interrupted
            ):  # which is no fault of the copy's. Should this not be possible either, one attempt is lost.
                with trio.move_on_after(2 * SECONDS, shield=True):
                    await services.db.transaction(_execute, queries.PUT_OFF, export)
        if not await services.db.transaction(_ready, export, size, now):
            # Its person was erased meanwhile, or it was given up.
            await services.s3.delete([place_of(export)])


async def _make(services: Services, export: str, user: str, now: datetime) -> int:
    """The copy is in the store; its size."""
    async with (
        services.s3.open_parts(place_of(export), media_type="application/zip") as parts,
        open_zip(parts) as into,
    ):
        await put_everything(services, user, into, now)
    return parts.size


async def sweep(services: Services) -> None:
    """Sweep away what is older than a week. Raises `StoreUnavailable`; then the rest is swept the next time."""
    now = from_ms(services.clock())
    await services.s3.abort_parts(place_of("").removesuffix(".zip"), now - _STALE)
    while old := await services.db.read(_ids, queries.EXPIRED, now, _BATCH):
        await services.s3.delete([place_of(export) for export in old])
        await services.db.transaction(_execute, queries.EXPIRE, old)
    await services.db.transaction(_execute, queries.FORGET, now - _REMEMBERED)


async def drop_all(services: Services, user: str) -> None:
    """No copy of `user`'s is left, nor that there was one. Raises `StoreUnavailable`; then the rest is still there."""
    while theirs := await services.db.read(_ids, queries.OF_PERSON, user, _BATCH):
        await services.s3.delete([place_of(export) for export in theirs])
        await services.db.transaction(_execute, queries.DROP, theirs)


async def _is_asked(services: Services) -> bool:
    return await services.db.read(_fetchval, queries.IS_ASKED)


async def _begin(connection: Connection) -> Any:
    return await connection.fetchrow(queries.BEGIN)


async def _ready(connection: Connection, export: str, size: int, now: datetime) -> bool:
    return await connection.fetchval(queries.READY, export, size, now, now + KEPT) is not None


async def _ids(connection: Connection, statement: str, *arguments: object) -> list[str]:
    return [row["id"] for row in await connection.fetch(statement, *arguments)]


async def _execute(connection: Connection, statement: str, *arguments: Any) -> None:
    await connection.execute(statement, *arguments)


async def _fetchval(connection: Connection, statement: str) -> bool:
    found: bool = await connection.fetchval(statement)
    return found
