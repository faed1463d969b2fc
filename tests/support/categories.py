"""Categories for tests, which begin without any."""

from __future__ import annotations

from common.postgres import Connection
from tests.support.control import Control

_OFFER = """
    INSERT INTO categories (key, ko, en, position) SELECT key, key, key, n FROM unnest($1::text[]) WITH ORDINALITY AS new(key, n)
    ON CONFLICT DO NOTHING
"""


async def offer(control: Control, *keys: str) -> None:
    """These categories are there, called by their keys."""

    async def insert(connection: Connection) -> None:
        await connection.execute(_OFFER, keys)

    await control.services.db.transaction(insert)
    await control.services.categories.read()
