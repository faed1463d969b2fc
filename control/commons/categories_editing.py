"""Categories are put into the list, or retired, by admins."""

from __future__ import annotations

from typing import Final

import msgspec

from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.commons import queries
from control.commons.views import PutCategory
from control.services import Services
from control.words import line

MOST: Final = 200  # the retired ones among them: every client holds them all


async def put(services: Services, by: str, key: str, wanted: PutCategory) -> None:
    """Offer a category under these names. Raises `invalid`, `list_full`."""
    wanted = PutCategory(ko=line("ko", wanted.ko), en=line("en", wanted.en), position=wanted.position)
    await services.db.transaction(_put, by, key, wanted)
    await services.categories.read()  # whoever looks next here sees it; the other processes hear of it


async def retire(services: Services, by: str, key: str) -> None:
    """Offer a category no more. Retiring it again changes nothing. Raises `not_found`."""
    await services.db.transaction(_retire, by, key)
    await services.categories.read()


async def _put(connection: Connection, by: str, key: str, wanted: PutCategory) -> None:
    await connection.execute(queries.LOCK_CATEGORIES)
    known = await connection.fetchval(queries.HAS_CATEGORY, key)
    if not known and await connection.fetchval(queries.COUNT_CATEGORIES) >= MOST:
        raise MadangError("list_full")
    if await connection.fetchval(queries.PUT_CATEGORY, key, wanted.ko, wanted.en, wanted.position):
        await record(connection, by, "category.put", object=key, **msgspec.structs.asdict(wanted))


async def _retire(connection: Connection, by: str, key: str) -> None:
    await connection.execute(queries.LOCK_CATEGORIES)
    if not await connection.fetchval(queries.HAS_CATEGORY, key):
        raise MadangError("not_found")
    if await connection.fetchval(queries.RETIRE_CATEGORY, key):
        await record(connection, by, "category.retired", object=key)
