"""The days of a period, as a calendar has them in a timezone. Pure.

A day begins when it does where the person is: it may have 23 hours, 25, or, where a country moved over the date line,
none. Weeks begin on Monday. So a week or a month begins anew by itself; nothing is reset.
"""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, Literal, NamedTuple

from common.clock import ms_of

Period = Literal["day", "week", "month", "year"]

# Datetimes end with the year 9999, and a day of another year may belong to the week.
EARLIEST: Final = date(1971, 1, 1)
LATEST: Final = date(9000, 12, 31)


class Day(NamedTuple):
    """A day from its first millisecond to the next day's first, since 1970 UTC."""

    date: date
    begins: int
    ends: int


def today(now: int, zone: tzinfo) -> date:
    """The date where it is `now`, in milliseconds since 1970 UTC."""
    return datetime.fromtimestamp(now / 1000, zone).date()


def days_of(period: Period, on: date, zone: tzinfo) -> list[Day]:
    """All days of the day, week, month or year that `on` is in."""
    return days_between(*bounds(period, on), zone)


def days_between(first: date, last: date, zone: tzinfo) -> list[Day]:
    """All days from the first to the last, both among them."""
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    begins = [_begin(each, zone) for each in [*dates, last + timedelta(days=1)]]
    return [Day(each, begins[n], begins[n + 1]) for n, each in enumerate(dates)]


def bounds(period: Period, on: date) -> tuple[date, date]:
    """The first and the last date of the day, week, month or year that `on` is in."""
    match period:
        case "day":
            return on, on
        case "week":
            monday = on - timedelta(days=on.weekday())
            return monday, monday + timedelta(days=6)
        case "month":
            _, length = calendar.monthrange(on.year, on.month)
            return on.replace(day=1), on.replace(day=length)
        case "year":
            return date(on.year, 1, 1), date(on.year, 12, 31)


def _begin(day: date, zone: tzinfo) -> int:
    """Its first moment. Where clocks skip midnight that is when they do; where it comes twice, the first."""
    return ms_of(datetime.combine(day, time(), zone))
