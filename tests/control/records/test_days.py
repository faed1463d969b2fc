"""Days are those of the calendar, wherever somebody is and whatever their clocks do."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.records.days import EARLIEST, LATEST, Period, days_of, today

HOUR = 3_600_000
SEOUL = ZoneInfo("Asia/Seoul")
zones = st.sampled_from(
    [
        "Asia/Seoul",  # no summer time
        "Europe/Lisbon",
        "America/New_York",
        "America/Sao_Paulo",  # skipped midnight itself
        "Asia/Beirut",  # skips midnight, and has it twice
        "Australia/Lord_Howe",  # moves by half an hour
        "Pacific/Apia",  # had no 30 December 2011
        "Pacific/Kwajalein",
        "UTC",
    ]
).map(ZoneInfo)
periods: st.SearchStrategy[Period] = st.sampled_from(["day", "week", "month", "year"])


@given(period=periods, on=st.dates(EARLIEST, date(2100, 12, 31)), zone=zones)
def test_days_follow_each_other_without_a_gap(period: Period, on: date, zone: ZoneInfo) -> None:
    days = days_of(period, on, zone)
    assert on in [day.date for day in days]
    assert {"day": [1], "week": [7], "month": [28, 29, 30, 31], "year": [365, 366]}[period].count(len(days))
    for day, after in itertools.pairwise(days):
        assert day.ends == after.begins
        assert (after.date - day.date).days == 1
    assert all(day.begins <= day.ends <= day.begins + 26 * HOUR for day in days)


@given(now=st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)), zone=zones, period=periods)
def test_now_is_on_the_day_that_it_is(now: datetime, zone: ZoneInfo, period: Period) -> None:
    at = int(now.replace(tzinfo=UTC).timestamp() * 1000)
    (day,) = days_of("day", today(at, zone), zone)
    assert day.begins <= at < day.ends
    assert day in days_of(period, today(at, zone), zone)


@pytest.mark.parametrize(
    ("on", "zone", "hours"),
    [
        (date(2026, 3, 8), "America/New_York", 23),
        (date(2026, 11, 1), "America/New_York", 25),
        (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
        (date(2018, 11, 4), "America/Sao_Paulo", 23),
        (date(2011, 12, 30), "Pacific/Apia", 0),
        (date(2026, 6, 15), "Asia/Seoul", 24),
    ],
)
def test_a_day_is_as_long_as_it_is_there(on: date, zone: str, hours: float) -> None:
    (day,) = days_of("day", on, ZoneInfo(zone))
    assert day.ends - day.begins == hours * HOUR


def test_a_week_begins_on_monday_and_a_month_on_its_first() -> None:
    week = [day.date for day in days_of("week", date(2026, 1, 1), SEOUL)]
    assert (week[0], week[-1]) == (date(2025, 12, 29), date(2026, 1, 4))
    month = [day.date for day in days_of("month", date(2028, 2, 29), SEOUL)]
    assert (month[0], month[-1]) == (date(2028, 2, 1), date(2028, 2, 29))
    assert len(days_of("year", date(2028, 2, 29), SEOUL)) == 366


def test_midnight_in_seoul_is_three_in_the_afternoon_in_greenwich() -> None:
    (day,) = days_of("day", date(2026, 11, 21), SEOUL)
    assert datetime.fromtimestamp(day.begins / 1000, UTC) == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert today(day.begins, SEOUL) == date(2026, 11, 21)
    assert today(day.begins - 1, SEOUL) == date(2026, 11, 20)


@pytest.mark.parametrize("period", ["day", "week", "month", "year"])
@pytest.mark.parametrize("on", [EARLIEST, LATEST])
def test_the_calendar_reaches_as_far_as_it_says(period: Period, on: date) -> None:
    assert days_of(period, on, ZoneInfo("Pacific/Kiritimati"))
