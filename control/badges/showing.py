"""Badges as people see them: one's own and how far one is from the others, and what others have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from common.clock import ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.badges import queries
from control.badges.counting import progress
from control.badges.judging import Case, look
from control.badges.rules import TimeRule, read_rule
from control.badges.views import AwardedBadge, AwardedBadges, BadgeProgress, MyBadge, MyBadges, badge_of
from control.records.days import days_of, today
from control.services import Services
from control.zones import zone_for


async def mine(services: Services, user: str) -> MyBadges:
    """All that `user` has or can earn."""
    return await services.db.read(_mine, user, services.settings.zone, services.clock())


async def theirs(services: Services, asker: str, person: str) -> AwardedBadges:
    """What `person` has, as `asker` sees it. Raises `person_not_found`."""
    rows = await services.db.read(_theirs, asker, person)
    if not rows:
        raise MadangError("person_not_found")
    return AwardedBadges(
        [
            AwardedBadge(**badge_of(row), awarded_at=ms_of(row["awarded_at"]), shown=row["shown"])
            for row in rows
            if row["key"] is not None
        ]
    )


async def _theirs(connection: Connection, asker: str, person: str) -> list[Any]:
    return await connection.fetch(queries.THEIRS, person, asker)


async def _mine(connection: Connection, user: str, otherwise: ZoneInfo, now: int) -> MyBadges:
    rows = await connection.fetch(queries.MINE, user)
    zone = zone_for(await connection.fetchval(queries.TIMEZONE, user), otherwise)
    rules = {row["key"]: read_rule(row["rule"]) for row in rows if row["awarded_at"] is None}
    wanted = {key: rule for key, rule in rules.items() if isinstance(rule, TimeRule)}
    case = Case(user, zone, _yesterday(now, zone), wanted)  # by whose streak one sees how long today's may be
    if wanted:
        await look(connection, [case])
    return MyBadges([_my_badge(row, case, now) for row in rows])


def _yesterday(now: int, zone: ZoneInfo) -> int:
    return days_of("day", today(now, zone) - timedelta(days=1), zone)[0].begins


def _my_badge(row: Any, case: Case, now: int) -> MyBadge:
    rule = case.rules.get(row["key"])
    return MyBadge(
        **badge_of(row),
        awarded_at=None if row["awarded_at"] is None else ms_of(row["awarded_at"]),
        note=row["note"] or "",
        shown=row["shown"],
        progress=None if rule is None else BadgeProgress(*progress(rule, case.stays, case.zone, now)),
    )
