"""News of a change, written in the transaction of the change: both happen, or neither.

The relay publishes the rows to the control feed, in order, at least once (`common/feed.py` says to whom).
"""

from __future__ import annotations

from typing import Final

import msgspec

from common import feed
from common.postgres import Connection

_ANNOUNCE: Final = "INSERT INTO outbox (data) VALUES ($1)"


async def announce(connection: Connection, *changes: feed.AnyChange) -> None:
    """Tell every chatd of `changes`, once the transaction of `connection` commits."""
    if changes:
        rows = [(msgspec.json.encode(change).decode(),) for change in changes]
        await connection.executemany(_ANNOUNCE, rows)
