"""Somebody asks for a copy of what is theirs, and sees what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from common.units import MINUTES, SECONDS
from control.cursor import LAST
from control.export import queries
from control.export.views import Export, Exports
from control.services import Services

LIFE: Final = 2 * MINUTES  # of a signed URL
_SHOWN: Final = 10


def place_of(export: str) -> str:
    """Where a copy lies in the bucket."""
    return f"exports/{export}.zip"


async def ask(services: Services, user: str) -> Export:
    """Ask for a copy. Raises `export_under_way`."""
    row = await services.db.transaction(_ask, user, from_ms(services.clock()))
    if row is None:
        raise MadangError("export_under_way")
    return _shown(row)


async def mine(services: Services, user: str) -> Exports:
    """The newest copies."""
    return Exports([_shown(row) for row in await services.db.read(_mine, user)])


async def one(services: Services, user: str, export: str) -> Export:
    """One of them, with a URL that gives it while it is ready. Raises `not_found`, also for another's."""
    row = await services.db.read(_one, user, export)
    if row is None:
        raise MadangError("not_found")
    shown = _shown(row)
    if shown.state == "ready":
        shown.url = await services.s3.presign_get(
            place_of(export),
            seconds=int(LIFE / SECONDS),
            disposition='attachment; filename="madang.zip"',
        )
    return shown


def _shown(row: Any) -> Export:
    return Export(
        id=row["id"],
        state=row["state"],
        asked_at=ms_of(row["asked_at"]),
        finished_at=ms_of(row["finished_at"]) if row["finished_at"] else None,
        expires_at=ms_of(row["expires_at"]) if row["expires_at"] else None,
        size=row["size"],
    )


async def _ask(connection: Connection, user: str, now: datetime) -> Any:
    return await connection.fetchrow(queries.ASK, user, now)


async def _mine(connection: Connection, user: str) -> list[Any]:
    return await connection.fetch(queries.MINE, user, LAST, _SHOWN)


async def _one(connection: Connection, user: str, export: str) -> Any:
    return await connection.fetchrow(queries.ONE, export, user)
