"""A rule is satisfied when the calendar of the person says so, wherever days end and however stays are cut."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from common.clock import ms_of
from control.badges.counting import (
    GLANCE,
    Progress,
    begins,
    is_reached,
    may_be_longer,
    progress,
    soonest,
)
from control.badges.rules import MinutesRule, StreakRule, TimeRule
from control.records.days import days_of, today
from control.records.minutes import MINUTE, Stay

SEOUL, NEW_YORK, APIA = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")
HOUR = 60 * MINUTE
DAY = 24 * HOUR
Period = Literal["day", "week", "month"]


def at(zone: ZoneInfo, *moment: int) -> int:
    return ms_of(datetime(*moment, tzinfo=zone))  # type: ignore[arg-type]


def stay_of(begin: int, minutes: float, category: str = "reading") -> Stay:
    return Stay(category, begin, begin + int(minutes * MINUTE))


def streak(zone: ZoneInfo, last: date, days: int, minutes: float = 10) -> list[Stay]:
    """Some minutes at noon, on so many days of the calendar up to the last."""
    dates = [last - timedelta(days=n) for n in range(days)]
    return [
        stay_of(at(zone, each.year, each.month, each.day, 12), minutes)
        for each in dates
        if (zone, each) != (APIA, date(2011, 12, 30))
    ]


# --- minutes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "reached"), [(59.99, False), (60, True)])
def test_an_hour_in_a_week_is_sixty_minutes_and_no_less(minutes: float, reached: bool) -> None:
    monday = at(SEOUL, 2026, 11, 16)
    stays = [stay_of(monday + HOUR, minutes / 2), stay_of(monday + 6 * DAY, minutes / 2)]
    rule = MinutesRule(minutes=60, category="reading")
    now = monday + 7 * DAY - 1
    assert is_reached(rule, stays, SEOUL, since=now, now=now) is reached
    assert not is_reached(rule, stays, SEOUL, since=now + 1, now=now + 1)  # next week
    assert is_reached(rule, stays, SEOUL, since=now, now=now + 20 * DAY) is reached  # judged late


def test_two_weeks_do_not_make_one() -> None:
    monday = at(SEOUL, 2026, 11, 16)
    stays = [stay_of(monday - 40 * MINUTE, 80)]
    assert not is_reached(MinutesRule(minutes=60), stays, SEOUL, since=monday - DAY, now=monday + DAY)
    assert is_reached(MinutesRule(minutes=60, per="month"), stays, SEOUL, since=monday, now=monday + DAY)
    lisbon = ZoneInfo("Europe/Lisbon")  # where it is Sunday still
    assert is_reached(MinutesRule(minutes=60), stays, lisbon, since=monday - DAY, now=monday + DAY)


def test_what_is_about_something_else_does_not_count() -> None:
    now = at(SEOUL, 2026, 11, 21, 20)
    stays = [stay_of(now - HOUR, 40), stay_of(now - 2 * HOUR, 40, "music"), stay_of(now - 3 * HOUR, 30, "")]
    for category, reached in (("reading", False), ("music", False), (None, True)):
        rule = MinutesRule(minutes=60, category=category)
        assert is_reached(rule, stays, SEOUL, since=now, now=now) is reached
    assert progress(MinutesRule(minutes=60, category="reading"), stays, SEOUL, now) == Progress(40, 60)
    assert progress(MinutesRule(minutes=60), stays, SEOUL, now) == Progress(60, 60)


# --- streaks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "last"),
    [
        (SEOUL, date(2026, 3, 2)),
        (NEW_YORK, date(2026, 3, 9)),  # over the day of 23 hours
        (NEW_YORK, date(2026, 11, 3)),  # over the one of 25
        (APIA, date(2012, 1, 2)),  # over the one that there was not
        (SEOUL, date(2028, 3, 1)),  # over a leap day
    ],
)
def test_days_in_a_row_are_those_of_the_calendar(zone: ZoneInfo, last: date) -> None:
    rule = StreakRule(days=7, minutes=10)
    now = at(zone, last.year, last.month, last.day, 21)
    whole = streak(zone, last, 8 if zone is APIA else 7)
    assert is_reached(rule, whole, zone, since=now, now=now)
    assert progress(rule, whole, zone, now) == Progress(7, 7)
    for missing in range(7):
        holed = whole[:missing] + whole[missing + 1 :]
        assert not is_reached(rule, holed, zone, since=now, now=now)
        assert progress(rule, holed, zone, now).done < 7


def test_a_night_over_midnight_counts_for_both_days_when_it_is_long_enough_on_both() -> None:
    midnight = at(SEOUL, 2026, 11, 21)
    rule = StreakRule(days=2, minutes=10)
    for before, after, reached in ((10, 10, True), (9, 11, False), (11, 9, False)):
        stays = [stay_of(midnight - before * MINUTE, before + after)]
        now = midnight + after * MINUTE
        assert is_reached(rule, stays, SEOUL, since=midnight - before * MINUTE, now=now) is reached


def test_a_streak_is_not_over_before_the_day_is() -> None:
    evening = at(SEOUL, 2026, 11, 21, 20)
    rule = StreakRule(days=30, minutes=10)
    yesterday = streak(SEOUL, date(2026, 11, 20), 12)
    assert progress(rule, yesterday, SEOUL, evening) == Progress(12, 30)
    assert progress(rule, yesterday, SEOUL, evening + DAY) == Progress(0, 30)
    assert progress(rule, [*yesterday, stay_of(evening, 10)], SEOUL, evening) == Progress(13, 30)


def test_a_streak_that_was_whole_before_it_was_looked_at_counts() -> None:
    rule = StreakRule(days=5, minutes=10)
    stays = streak(SEOUL, date(2026, 11, 10), 5)
    since = at(SEOUL, 2026, 11, 10, 12)
    assert is_reached(rule, stays, SEOUL, since=since, now=since + 9 * DAY)
    assert not is_reached(rule, stays, SEOUL, since=since + DAY, now=since + 9 * DAY)


# --- of all of them ---------------------------------------------------------------------------------------------------

zones = st.sampled_from(
    ["Asia/Seoul", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe"]
).map(ZoneInfo)
periods: st.SearchStrategy[Period] = st.sampled_from(["day", "week", "month"])
rules: st.SearchStrategy[TimeRule] = st.one_of(
    st.builds(
        MinutesRule, minutes=st.integers(1, 600), category=st.sampled_from([None, "reading"]), per=periods
    ),
    st.builds(
        StreakRule,
        days=st.integers(2, 3 * GLANCE),
        minutes=st.integers(1, 300),
        category=st.sampled_from([None, "reading"]),
    ),
)
# From well before to a while after a change of clocks in New York, São Paulo (then), Beirut and Lord Howe.
moments = st.integers(ms_of(datetime(2018, 3, 1, tzinfo=SEOUL)), ms_of(datetime(2018, 12, 1, tzinfo=SEOUL)))


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[Stay], int]:
    """Somebody's stays up to now: on many days one or two, some of them over midnight."""
    now = draw(moments)
    days = draw(st.lists(st.integers(0, 40), max_size=40))
    stays = []
    for day in days:
        begin = now - day * DAY - draw(st.integers(0, DAY))
        category = draw(st.sampled_from(["reading", "music", ""]))
        stays.append(Stay(category, begin, min(now, begin + draw(st.integers(MINUTE, 8 * HOUR)))))
    return stays, now


@given(rule=rules, zone=zones, life=lives(), back=st.integers(0, 10 * DAY))
def test_stays_from_where_a_rule_begins_decide_as_all_do(
    rule: TimeRule, zone: ZoneInfo, life: tuple[list[Stay], int], back: int
) -> None:
    stays, now = life
    since = now - back
    first = begins(rule, since, zone)
    needed = [stay for stay in stays if stay.left > first]
    reached = is_reached(rule, stays, zone, since=since, now=now)
    assert is_reached(rule, needed, zone, since=since, now=now) is reached
    glance = begins(rule, since, zone, glance=True)
    recent = [stay for stay in stays if stay.left > glance]
    if not may_be_longer(rule, recent, zone, since):
        assert is_reached(rule, recent, zone, since=since, now=now) is reached


@given(rule=rules, zone=zones, life=lives(), ahead=st.integers(0, 3 * DAY), share=st.floats(0, 0.999))
def test_who_stays_cannot_have_it_before_they_are_looked_at_again(
    rule: TimeRule, zone: ZoneInfo, life: tuple[list[Stay], int], ahead: int, share: float
) -> None:
    stays, now = life
    assume(not is_reached(rule, stays, zone, since=now - 8 * HOUR, now=now))
    wait = soonest(rule, stays, zone, now)
    assert wait > 0
    later = now + int(wait * share)
    there = [*stays, Stay("reading", now, later)]
    assert not is_reached(rule, there, zone, since=now, now=later)


@given(rule=rules, zone=zones, life=lives())
def test_who_stays_and_is_looked_at_again_and_again_has_it_in_the_end(
    rule: TimeRule, zone: ZoneInfo, life: tuple[list[Stay], int]
) -> None:
    """Each look is at the soonest moment, and few are needed: a day or a week may end in between."""
    stays, now = life
    there, looks = list(stays), 0
    while not is_reached(rule, there, zone, since=now, now=now):
        wait = soonest(rule, there, zone, now)
        there.append(Stay("reading", now, now + wait))
        now += wait
        looks += 1
        assert looks <= 3 + (rule.days if isinstance(rule, StreakRule) else 0)


@given(rule=rules, zone=zones, life=lives())
def test_progress_is_whole_exactly_when_the_rule_is_satisfied_now(
    rule: TimeRule, zone: ZoneInfo, life: tuple[list[Stay], int]
) -> None:
    stays, now = life
    done, of = progress(rule, stays, zone, now)
    assert 0 <= done <= of
    if isinstance(rule, MinutesRule):
        assert (done == of) is is_reached(rule, stays, zone, since=now, now=now)
    elif done == of:
        yesterday = days_of("day", today(now, zone) - timedelta(days=1), zone)[0].begins
        assert is_reached(rule, stays, zone, since=yesterday, now=now)
