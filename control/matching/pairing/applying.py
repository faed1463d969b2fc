"""Somebody looks for company: applies, for half an hour by this server's clock, and is matched in the same moment if anybody
who fits is in line already; or cancels.

Everybody has one application of each category in line.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, get_args
from uuid import UUID

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.feed import Applied
from common.postgres import Connection
from common.protocol import ApplicationChange, MatchCategory
from control import faults
from control.matching.conditions.conditions import KnownConditions
from control.matching.pairing import queries
from control.matching.pairing.pairing import MANNERS, hold, let_go, pair, paired
from control.matching.pairing.views import Agreed, ApplyAtRandom, RandomApplication, RandomApplications
from control.outbox import announce
from control.services import Services

LIFE: Final = timedelta(minutes=30)
_DOORS: Final = 3  # of this process to each line: one looks while others make their matches
_CATEGORIES: Final[tuple[MatchCategory, ...]] = get_args(MatchCategory)

Row = Any  # a record of queries.ONE or queries.MINE


async def apply(services: Services, user: str, wanted: ApplyAtRandom) -> RandomApplication:
    """Look for company; the application as it stands after that. Raises `invalid`, `condition_unknown`, `already_applied`,
    `reference_reused`."""
    wanted = _chosen(services.conditions, wanted)
    async with services.turns.of(_door(user, wanted)):  # a crowd keeps nobody else from the database
        now = from_ms(services.clock())
        row, is_paired = await services.db.transaction(_apply, user, wanted, services.conditions, now)
    if is_paired:
        paired.labels(wanted.category).inc()
    return shown(row, now)


async def cancel(services: Services, user: str, application: str) -> None:
    """Look for company no more. What is over already stays as it is. Raises `application_not_found`, `already_matched`."""
    await services.db.transaction(_cancel, user, application, from_ms(services.clock()))


async def mine(services: Services, user: str) -> RandomApplications:
    """The newest application of each category."""
    now = from_ms(services.clock())
    return RandomApplications([shown(row, now) for row in await services.db.read(_mine, user)])


async def tell(connection: Connection, rows: list[Any], change: ApplicationChange) -> None:
    """Tell the people of these applications what became of them."""
    changes = [
        Applied(
            user=row["user_id"],
            application=row["id"],
            category=row["category"],
            change=change,
            expires_at=ms_of(row["expires_at"]),
        )
        for row in rows
    ]
    await announce(connection, *changes)


def shown(row: Row, now: datetime) -> RandomApplication:
    """An application, as its owner sees it."""
    lapsed = row["state"] == "waiting" and row["expires_at"] <= now
    ways, kinds = _apart(row["category"], row["manners"])
    return RandomApplication(
        id=row["id"],
        category=row["category"],
        places=row["places"],
        ways=ways,
        kinds=kinds,
        applied_at=ms_of(row["applied_at"]),
        expires_at=ms_of(row["expires_at"]),
        state="expired" if lapsed else row["state"],
        match=row["match_id"],
        room=row["room_id"],
        agreed=_agreed(row),
    )


def _door(user: str, wanted: ApplyAtRandom) -> str:
    return f"random:{wanted.category}:{UUID(user).int % _DOORS}"


def _agreed(row: Row) -> Agreed | None:
    if row["agreed_places"] is None:
        return None
    ways, kinds = _apart(row["category"], row["agreed_manners"])
    return Agreed(places=row["agreed_places"], ways=ways, kinds=kinds)


def _apart(category: MatchCategory, manners: list[str]) -> tuple[list[str], list[str]]:
    """Ways and kinds, of which a category has one."""
    return (manners, []) if category == "meal" else ([], manners)


def _chosen(conditions: KnownConditions, wanted: ApplyAtRandom) -> ApplyAtRandom:
    """`wanted`, each condition once. Raises `invalid`, `condition_unknown`."""
    has, has_not = ("ways", "kinds") if wanted.category == "meal" else ("kinds", "ways")
    if getattr(wanted, has_not):
        sentence = faults.NOT_FOR_MEALS if wanted.category == "meal" else faults.NOT_FOR_STUDY
        raise MadangError("invalid", fields={has_not: sentence})
    if not getattr(wanted, has):
        raise MadangError("invalid", fields={has: "Expected `array` of length >= 1"})
    return ApplyAtRandom(
        category=wanted.category,
        places=conditions.chosen("places", wanted.places),
        ways=conditions.chosen("ways", wanted.ways),
        kinds=conditions.chosen("kinds", wanted.kinds),
        client_id=wanted.client_id,
    )


# --- transactions -----------------------------------------------------------------------------------------------------


async def _apply(
    connection: Connection, user: str, wanted: ApplyAtRandom, conditions: KnownConditions, now: datetime
) -> tuple[Row, bool]:
    """The application, and whether it was paired just now."""
    if before := await _sent_before(connection, user, wanted):
        return before, False
    await hold(connection, wanted.category)
    row = await _enter(connection, user, wanted, now)
    if row is None:
        await let_go(connection, wanted.category)
        if before := await _sent_before(connection, user, wanted):
            return before, False
        raise MadangError("already_applied")
    is_paired = await pair(connection, row, conditions, now)
    if not is_paired:
        await tell(connection, [row], "waiting")
    return await connection.fetchrow(queries.ONE, row["id"]), is_paired


async def _enter(connection: Connection, user: str, wanted: ApplyAtRandom, now: datetime) -> Row | None:
    """The new application; None when there is one in line, or it was sent before."""
    named = (user, wanted.client_id, wanted.category, wanted.places, _manners(wanted), now, now + LIFE)
    row: Row | None = await connection.fetchrow(queries.APPLY, *named)
    if row is None and (lapsed := await connection.fetch(queries.LAPSE, user, wanted.category, now)):
        await tell(connection, lapsed, "expired")
        row = await connection.fetchrow(queries.APPLY, *named)
    return row


async def _sent_before(connection: Connection, user: str, wanted: ApplyAtRandom) -> Row | None:
    if wanted.client_id is None:
        return None
    before = await connection.fetchval(queries.SENT_BEFORE, user, wanted.client_id)
    if before is None:
        return None
    row: Row = await connection.fetchrow(queries.ONE, before)
    if (row["category"], row["places"], row["manners"]) != (wanted.category, wanted.places, _manners(wanted)):
        raise MadangError("reference_reused")
    return row


def _manners(wanted: ApplyAtRandom) -> list[str]:
    manners: list[str] = getattr(wanted, MANNERS[wanted.category])
    return manners


async def _cancel(connection: Connection, user: str, application: str, now: datetime) -> None:
    cancelled = await connection.fetch(queries.CANCEL, application, user, now)
    await tell(connection, cancelled, "cancelled")
    if not cancelled:
        match await connection.fetchval(queries.STATE, application, user):
            case None:
                raise MadangError("application_not_found")
            case "matched":
                raise MadangError("already_matched")


async def _mine(connection: Connection, user: str) -> list[Row]:
    return await connection.fetch(queries.MINE, user, list(_CATEGORIES))
