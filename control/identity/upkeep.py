"""What must happen now and then, in whichever process comes first: rotate old keys, sweep away what has ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from common.clock import from_ms
from common.logs import get_logger
from common.postgres import Connection
from common.units import DAYS, HOURS
from control.identity import keys, queries
from control.services import Services

_log = get_logger(__name__)
EVERY: Final = 1 * HOURS
_KEPT: Final = timedelta(seconds=1 * DAYS)  # after its end, for whoever asks what happened


async def once(services: Services) -> None:
    """Do it now."""
    await keep_keys(services)
    await services.db.transaction(_sweep, from_ms(services.clock()) - _KEPT)


async def keep_keys(services: Services) -> None:
    """Have keys to sign with, neither too old nor too few."""
    if await services.db.transaction(keys.keep, services.sealer, from_ms(services.clock())):
        _log.info("signing keys were rotated by age")


async def _sweep(connection: Connection, before: datetime) -> None:
    for statement in queries.SWEEP:
        await connection.execute(statement, before)
