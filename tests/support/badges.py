"""Badges for tests, which begin without any."""

from __future__ import annotations

import itertools
from typing import Any, Final

import msgspec

from common.postgres import Connection, Postgres

_positions = itertools.count()
_PUT: Final = """
    INSERT INTO badges (key, ko_name, ko_about, en_name, en_about, drawing, position, rule)
    VALUES ($1, $1 || ' 배지', '해냈습니다.', 'The ' || $1, 'Well done.', 'medal', $2, $3)
"""
_ADD_PLACES: Final = "INSERT INTO badge_places (badge, place) SELECT $1, generate_series(1, $2::integer)"


async def offer_badge(db: Postgres, key: str, **rule: Any) -> None:
    """This badge is there: `await offer_badge(db, "hour", kind="minutes", minutes=60, category="reading", per="week")`"""

    async def insert(connection: Connection) -> None:
        await connection.execute(_PUT, key, next(_positions), msgspec.json.encode(rule).decode())
        await connection.execute(_ADD_PLACES, key, rule.get("people"))

    await db.transaction(insert)
