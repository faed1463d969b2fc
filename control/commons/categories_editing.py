"""Categories are put into the list, or retired, by admins."""

from __future__ import annotations

from typing import Final

from common.errors import MadangError
from common.postgres import Connection
from control.commons import queries
from control.commons.views import PutCategory
from control.services import Services
from control.words import line

MOST: Final = 200  # the retired ones among them: every client holds them all


async def put(services: Services, key: str, wanted: PutCategory) -> None:
    """Offer a category under these names. Raises `invalid`, `list_full`."""
    ko, en = line("ko", wanted.ko), line("en", wanted.en)
    await services.db.transaction(_put, key, ko, en, wanted.position)
    await services.categories.read()  # whoever looks next here sees it; the other processes hear of it


async def retire(services: Services, key: str) -> None:
    """Offer a category no more. Retiring it again changes nothing. Raises `not_found`."""
    await services.db.transaction(_retire, key)
    await services.categories.read()


async def _put(connection: Connection, key: str, ko: str, en: str, position: int) -> None:
    await connection.execute(queries.LOCK_CATEGORIES)
    known = await connection.fetchval(queries.HAS_CATEGORY, key)
    if not known and await connection.fetchval(queries.COUNT_CATEGORIES) >= MOST:
        raise MadangError("list_full")
    await connection.execute(queries.PUT_CATEGORY, key, ko, en, position)


async def _retire(connection: Connection, key: str) -> None:
    await connection.execute(queries.LOCK_CATEGORIES)
    if not await connection.fetchval(queries.HAS_CATEGORY, key):
        raise MadangError("not_found")
    await connection.execute(queries.RETIRE_CATEGORY, key)
