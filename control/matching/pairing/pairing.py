"""Two applications become a match: the one that comes, and the first in line of all that fit it.

They fit when they share a place and a manner (a way to eat, a kind of study), and their people may meet: neither blocked the
other, and both may use this server. The line of a category is held by one at a time. Whoever finds somebody in it has him for
himself, lets go of the line, and makes the match while the next one looks; whoever finds nobody keeps the line until it can
be seen that he is in it. So of two that come at once the second finds the first, and of all that wait no two fit, however
many processes there are.

But for those who may not meet, and for whoever was about to be paired by somebody who then failed: who waits although
somebody was there is marked, and looked at again (`upkeep.py`). Whoever fails lets go with his session, which the pool resets.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from common.errors import Language
from common.metrics import Counter
from common.postgres import Connection
from common.protocol import MatchCategory
from control.locks import Lock
from control.matching import matches
from control.matching.conditions.conditions import KnownConditions
from control.matching.conditions.views import ConditionList
from control.matching.pairing import queries
from control.people import queries as people

paired = Counter("madang_control_random_pairs_total", "Pairs that were made at random.", ["category"])

MANNERS: Final[dict[MatchCategory, ConditionList]] = {"meal": "ways", "study": "kinds"}
_LOCKS: Final[dict[MatchCategory, Lock]] = {"meal": Lock.RANDOM_MEALS, "study": Lock.RANDOM_STUDY}

Row = Any  # a record of queries.APPLY, queries.WAITING or queries.CLAIM


async def hold(connection: Connection, category: MatchCategory) -> None:
    """Hold the line of `category`, until `pair` or `let_go`."""
    await connection.execute(queries.HOLD, _LOCKS[category])


async def let_go(connection: Connection, category: MatchCategory) -> None:
    """Let the next one have the line."""
    await connection.execute(queries.LET_GO, _LOCKS[category])


async def pair(connection: Connection, row: Row, conditions: KnownConditions, now: datetime) -> bool:
    """Match the application `row`, which waits, with the first in line that fits, if there is one now; whether there was.
    The line is held, and is no more afterwards; but for who stays in it, to the end of the transaction."""
    category: MatchCategory = row["category"]
    while other := await connection.fetchrow(queries.CLAIM, *_wishes(row), now):
        both = row["user_id"], other["user_id"]
        await connection.execute(people.SHARE_PEOPLE, both)
        if await connection.fetchval(queries.MAY_MEET, *both):
            await let_go(connection, category)
            await _match(connection, category, sorted((row, other), key=_turn), conditions, now)
            return True
    await connection.execute(queries.MARK, row["id"], now)
    await connection.execute(queries.KEEP, _LOCKS[category])
    return False


def _wishes(row: Row) -> tuple[Any, ...]:
    return row["user_id"], row["category"], row["places"], row["manners"]


def _turn(row: Row) -> int:
    turn: int = row["turn"]
    return turn


async def _match(
    connection: Connection,
    category: MatchCategory,
    pair: Sequence[Row],
    conditions: KnownConditions,
    now: datetime,
) -> None:
    first, second = pair
    places = [each for each in first["places"] if each in second["places"]]
    manners = [each for each in first["manners"] if each in second["manners"]]
    made = await matches.make(
        connection,
        category=category,
        origin="random",
        title=title_of(conditions, category, places, manners, "ko"),
        title_en=title_of(conditions, category, places, manners, "en"),
        people=[first["user_id"], second["user_id"]],
        meets_at=now,
        now=now,
    )
    ids = [each["id"] for each in pair]
    await connection.execute(queries.MATCHED, ids, now, made.id, places, manners)


def title_of(
    conditions: KnownConditions,
    category: MatchCategory,
    places: Sequence[str],
    manners: Sequence[str],
    language: Language,
) -> str:
    """What two meet about, in words: what they have in common, as far as there is room for it."""
    names = (
        conditions.names("places", places, language),
        conditions.names(MANNERS[category], manners, language),
    )
    title = " · ".join(", ".join(each) for each in names)
    return title if len(title) <= matches.LONGEST_TITLE else title[: matches.LONGEST_TITLE - 1] + "…"
