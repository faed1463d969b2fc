"""Files that were never confirmed or put to use, or are no longer anybody's: out of the bucket, then out of the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from common.clock import from_ms
from common.logs import get_logger
from common.postgres import Connection
from common.s3 import Refused
from common.units import MINUTES
from control.services import Services
from control.uploads import files, queries

_log = get_logger(__name__)
EVERY: Final = 10 * MINUTES
_BATCH: Final = 300  # files; two objects each are one request to the store
UNCONFIRMED: Final = timedelta(hours=1)
UNUSED: Final = timedelta(days=1)  # since it was confirmed


async def upkeep(services: Services) -> None:
    """Let our pages speak to the bucket, and sweep it. Raises `StoreUnavailable`."""
    await admit_pages(services)
    await sweep(services)


async def admit_pages(services: Services) -> None:
    """Set the bucket's CORS rules. A key that may not do that is no fault: then whoever made the bucket has to."""
    try:
        await services.s3.admit_pages(services.settings.origins)
    except Refused as refusal:
        _log.warning("the bucket's CORS rules are left as they are", why=str(refusal))


async def sweep(services: Services) -> int:
    """Sweep all that is due; how many files. Killed in between, the rest is done the next time. Raises `StoreUnavailable`.

    What lies in `incoming/` for too long goes whatever the database says: it may have been sent again after it was
    confirmed.
    """
    now = from_ms(services.clock())
    before = now - UNCONFIRMED
    while keys := await services.s3.older(files.INCOMING, before, most=1000):
        await services.s3.delete(keys)
    await services.db.transaction(_give_up, before)
    while await services.db.transaction(_settle, now - UNUSED):
        pass
    swept = 0
    while uploads := await services.db.read(_removed):
        await sweep_away(services, uploads)
        swept += len(uploads)
    return swept


async def sweep_away(services: Services, uploads: list[str]) -> None:
    """Sweep these files, 300 at most, which were removed. Raises `StoreUnavailable`."""
    await services.s3.delete(
        [where(upload) for upload in uploads for where in (files.incoming, files.kept, files.thumbnail)]
    )
    # Last: a row outlives its objects, never the other way round.
    await services.db.transaction(_forget, uploads)


async def _give_up(connection: Connection, before: datetime) -> None:
    await connection.execute(queries.GIVE_UP, before)


async def _settle(connection: Connection, before: datetime) -> int:
    """Judge some of what was confirmed before then: how many."""
    due = [row["id"] for row in await connection.fetch(queries.DUE, before, _BATCH)]
    await connection.execute(queries.SETTLE, due)
    return len(due)


async def _removed(connection: Connection) -> list[str]:
    return [row["id"] for row in await connection.fetch(queries.REMOVED, _BATCH)]


async def _forget(connection: Connection, uploads: list[str]) -> None:
    await connection.execute(queries.FORGET, uploads)
