"""How long somebody was in rooms, read from the stays that chatd wrote down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from common.units import DAYS, HOURS
from control import faults
from control.cursor import LAST, cut, unseal
from control.records import queries
from control.records.days import EARLIEST, LATEST, Day, Period, days_of, today
from control.records.minutes import MINUTE, Stay, Times, times
from control.records.views import (
    CategoryRecord,
    DayRecord,
    LogQuery,
    Record,
    RecordQuery,
    StayLog,
    StayRecord,
)
from control.services import Services
from control.zones import zone_for

EVERY: Final = 6 * HOURS  # a sweep
KEPT: Final = timedelta(seconds=3 * 366 * DAYS)
LONGEST: Final = timedelta(seconds=6 * HOURS + 60)  # a stay: chatd begins another after six hours
_SWEPT: Final = 5000  # rows in one transaction
_NOTHING: Final = ""  # the category of rooms that have none, for the counting


async def record(services: Services, user: str, period: Period, query: RecordQuery) -> Record:
    """The day, week, month or year that holds `query.on`. Raises `invalid` for a date that no calendar of ours has."""
    if query.on is not None and not EARLIEST <= query.on <= LATEST:
        raise MadangError("invalid", fields={"on": faults.NOT_A_DATE})
    return await services.db.read(_record, services, user, period, query.on)


async def _record(
    connection: Connection, services: Services, user: str, period: Period, on: date | None
) -> Record:
    name = await connection.fetchval(queries.TIMEZONE, user)
    zone = zone_for(name, services.settings.zone)
    days = days_of(period, on or today(services.clock(), zone), zone)
    rows = await connection.fetch(
        queries.STAYS, user, from_ms(days[0].begins), from_ms(days[-1].ends), LONGEST
    )
    stays = [
        Stay(row["category"] or _NOTHING, ms_of(row["entered_at"]), ms_of(row["left_at"])) for row in rows
    ]
    return _told(zone.key, days, times(stays, days))


def _told(zone: str, days: Sequence[Day], counted: Times) -> Record:
    return Record(
        timezone=zone,
        first=days[0].date,
        last=days[-1].date,
        minutes=sum(counted.sums) // MINUTE,
        categories=_categories({each: sum(on) for each, on in counted.by_category.items()}),
        days=[
            DayRecord(
                date=day.date,
                minutes=counted.sums[n] // MINUTE,
                categories=_categories({each: on[n] for each, on in counted.by_category.items()}),
            )
            for n, day in enumerate(days)
        ],
    )


def _categories(of: dict[str, int]) -> list[CategoryRecord]:
    """Those of at least a minute, the longest first."""
    longest = sorted(of.items(), key=lambda each: (-each[1], each[0]))
    return [
        CategoryRecord(category=category or None, minutes=time // MINUTE)
        for category, time in longest
        if time >= MINUTE
    ]


# --- the log ----------------------------------------------------------------------------------------------------------


class _Key(NamedTuple):
    """Where a page ended."""

    entered_at: datetime
    id: UUID


async def log(services: Services, user: str, query: LogQuery) -> StayLog:
    """A page of what was written down of `user`. Raises `invalid` for a cursor that is none."""
    before = unseal(query.cursor, _Key) if query.cursor else _Key(from_ms(services.clock() + 10**11), LAST)
    rows = await services.db.read(_log, user, before, query.limit + 1)
    page = cut(rows, query.limit, lambda row: (row["entered_at"], UUID(row["id"])))
    return StayLog(
        stays=[
            StayRecord(
                room=row["room"],
                title=row["title"],
                category=row["category"],
                entered_at=ms_of(row["entered_at"]),
                left_at=None if row["left_at"] is None else ms_of(row["left_at"]),
            )
            for row in page.rows
        ],
        next=page.next,
    )


async def _log(connection: Connection, user: str, before: _Key, most: int) -> list[Any]:
    return await connection.fetch(queries.LOG, user, before.entered_at, before.id, most)


async def sweep(services: Services) -> None:
    """Forget what is older than `KEPT`."""
    before = from_ms(services.clock()) - KEPT
    while await services.db.transaction(_sweep, before) == _SWEPT:
        pass


async def _sweep(connection: Connection, before: datetime) -> int:
    status = await connection.execute(queries.SWEEP, before, _SWEPT)
    return int(status.rpartition(" ")[2])
