"""How many are new: people, mentors, posts, by the days of the yard's timezone; and who is here now."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from control import faults
from control.admin import queries
from control.admin.views import Counters, CountersQuery, DayCount, OnlineNow
from control.cursor import MS_BITS
from control.services import Services

_SHOWN: Final = timedelta(days=29)  # before the last day, unless asked for otherwise
_MOST: Final = timedelta(days=365)
_SLACK: Final = timedelta(minutes=10)  # longer than any transaction
_FIRST: Final = date(2000, 1, 1)
_LAST: Final = date(2999, 12, 31)


async def counters(services: Services, query: CountersQuery) -> Counters:
    """What is new. Raises `invalid` for days that are in no order, or too many."""
    zone = services.settings.zone
    until = query.until or from_ms(services.clock()).astimezone(zone).date()
    until = min(max(until, _FIRST), _LAST)
    since = max(query.since or until - _SHOWN, _FIRST)
    if since > until:
        raise MadangError("invalid", fields={"until": faults.NOT_IN_ORDER})
    if until - since > _MOST:
        raise MadangError("invalid", fields={"since": faults.TOO_MANY_DAYS})
    rows = await services.db.read(_counters, since, until, zone)
    names = ("day", "users", "mentors", "questions", "answers", "posts", "matches")
    return Counters(
        time_zone=zone.key,
        days=[DayCount(**{name: row[name] for name in names}) for row in rows],
        online=_online(services),
    )


def _online(services: Services) -> OnlineNow | None:
    try:
        return OnlineNow(*services.online.current())
    except MadangError:  # Redis is away, and the last number is old
        return None


async def _counters(connection: Connection, since: date, until: date, zone: ZoneInfo) -> list[Any]:
    return await connection.fetch(queries.COUNTERS, *bounds(since, until, zone))


def bounds(since: date, until: date, zone: ZoneInfo) -> tuple[Any, ...]:
    """The arguments of `queries.COUNTERS`."""
    begin = datetime.combine(since, time(), zone).astimezone(UTC)
    end = datetime.combine(until + timedelta(days=1), time(), zone).astimezone(UTC)
    first, last = (UUID(int=ms_of(at) << MS_BITS) for at in (begin - _SLACK, end + _SLACK))
    return since, until, zone.key, begin, end, first, last
