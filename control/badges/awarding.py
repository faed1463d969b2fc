"""Awarding: each badge once to a person, whoever awards it and however often, with its news in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from common import feed
from common.clock import ms_of
from common.postgres import Connection
from control.badges import queries
from control.outbox import announce


async def award(connection: Connection, earned: Iterable[tuple[str, str]], now: datetime) -> int:
    """Award badges: each of `earned` is a person and a key. Who has one already keeps it as it is; how many are new."""
    pairs = list(earned)
    if not pairs:
        return 0
    people, keys = zip(*pairs, strict=True)
    awarded = await connection.fetch(queries.AWARD, people, keys, now)
    news = [
        feed.BadgeChanged(
            user=row["user_id"],
            badge=row["key"],
            ko=row["ko_name"],
            en=row["en_name"],
            change="awarded",
            at=ms_of(now),
        )
        for row in awarded
    ]
    await announce(connection, *news)
    return len(awarded)


async def welcome(connection: Connection, user: str, now: datetime) -> None:
    """Award somebody who signs up the badges of those who come first, as long as there are places.

    To be called last in that transaction. Nobody waits for anybody here: a place that another is about to take is passed
    over, and is free again for who comes next if that sign-up fails after all.
    """
    places = await connection.fetch(queries.TAKE_PLACES)
    await award(connection, [(user, row["badge"]) for row in places], now)
