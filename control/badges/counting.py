"""Whether time in rooms is what a rule asks for, how far it is from it, and how soon it may be. Pure.

Periods and days are those of a calendar, as for records; a day that a timezone left out belongs to no streak and breaks
none. Times are milliseconds since 1970 UTC, lengths milliseconds. Stays are those of one person, and may overlap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from control.badges.rules import MinutesRule, StreakRule, TimeRule
from control.records import days as calendar
from control.records.days import Day, Period, today
from control.records.minutes import MINUTE, Stay, on_days

_REMEMBERED: Final = timedelta(days=40)  # of longer times, each is asked for once
GLANCE: Final = 8  # days: most streaks are shorter, and of those nothing older needs to be read


class Progress(NamedTuple):
    """`done` of `of`: minutes, or days."""

    done: int
    of: int


def _days_between(first: date, last: date, zone: tzinfo) -> Sequence[Day]:
    if last - first > _REMEMBERED:
        return calendar.days_between(first, last, zone)
    return _short_days_between(first, last, zone)


# Those who are looked at together are, nearly all, at the same dates of few timezones.
@lru_cache(maxsize=256)
def _short_days_between(first: date, last: date, zone: tzinfo) -> Sequence[Day]:
    return calendar.days_between(first, last, zone)


@lru_cache(maxsize=256)
def _days_of(period: Period, on: date, zone: tzinfo) -> Sequence[Day]:
    return calendar.days_of(period, on, zone)


def begins(rule: TimeRule, since: int, zone: tzinfo, *, glance: bool = False) -> int:
    """From when on stays have to be known to judge moments after `since`; of a streak, at a `glance`, only the last days."""
    return _days(rule, since, since, zone, glance=glance)[0].begins


def is_reached(rule: TimeRule, stays: Sequence[Stay], zone: tzinfo, *, since: int, now: int) -> bool:
    """Whether at some moment from `since` to `now` this rule was satisfied. Wants the stays from `begins` on."""
    if isinstance(rule, StreakRule):
        days = _days(rule, since, now, zone)
        return _longest(_kept(rule, stays, days)) >= rule.days
    first, last = (
        calendar.bounds(rule.per, today(since, zone))[0],
        calendar.bounds(rule.per, today(now, zone))[1],
    )
    days = _days_between(first, last, zone)
    sums: Counter[date] = Counter()
    for day, length in zip(days, _times(rule, stays, days), strict=True):
        sums[calendar.bounds(rule.per, day.date)[0]] += length
    return max(sums.values()) >= rule.minutes * MINUTE


def may_be_longer(rule: TimeRule, stays: Sequence[Stay], zone: tzinfo, since: int) -> bool:
    """Whether a glance shows a streak that began before it: then it takes the older stays to know how long it is."""
    if not isinstance(rule, StreakRule) or rule.days <= GLANCE:
        return False
    return all(_kept(rule, stays, _days(rule, since, since, zone, glance=True)))


def progress(rule: TimeRule, stays: Sequence[Stay], zone: tzinfo, now: int) -> Progress:
    """How far somebody is now. A streak that can still be gone on with today counts as it stood yesterday."""
    if isinstance(rule, MinutesRule):
        done = _sum(rule, stays, _days_of(rule.per, today(now, zone), zone)) // MINUTE
        return Progress(min(done, rule.minutes), rule.minutes)
    kept = _kept(rule, stays, _days(rule, now, now, zone))
    if kept and not kept[-1]:
        kept.pop()
    return Progress(min(_last_run(kept), rule.days), rule.days)


def soonest(rule: TimeRule, stays: Sequence[Stay], zone: tzinfo, now: int) -> int:
    """How long somebody has to stay, from `now` on without a break, before the rule can be satisfied. Never later than that:
    where a period ends meanwhile it may take longer, and is asked again."""
    if isinstance(rule, MinutesRule):
        return rule.minutes * MINUTE - _sum(rule, stays, _days_of(rule.per, today(now, zone), zone))
    (day,) = _days_of("day", today(now, zone), zone)
    missing = rule.minutes * MINUTE - _sum(rule, stays, [day])
    return missing if missing > 0 else day.ends - now + rule.minutes * MINUTE


def counts(rule: TimeRule, category: str) -> bool:
    """Whether time in rooms about this is what the rule asks for."""
    return rule.category is None or rule.category == category


def _days(rule: TimeRule, since: int, now: int, zone: tzinfo, *, glance: bool = False) -> Sequence[Day]:
    """The days that decide about moments from `since` to `now`."""
    if isinstance(rule, MinutesRule):
        return _days_of(rule.per, today(since, zone), zone)
    reach = min(rule.days, GLANCE) if glance else rule.days
    first, last = today(since, zone) - timedelta(days=reach - 1), today(now, zone)
    days = _days_between(first, last, zone)
    left_out = sum(day.begins == day.ends for day in days)
    return _days_between(first - timedelta(days=left_out), last, zone) if left_out else days


def _times(rule: TimeRule, stays: Iterable[Stay], days: Sequence[Day]) -> list[int]:
    spans = [(stay.entered, stay.left) for stay in stays if counts(rule, stay.category)]
    return on_days(spans, days) if spans else [0] * len(days)


def _sum(rule: TimeRule, stays: Iterable[Stay], days: Sequence[Day]) -> int:
    return sum(_times(rule, stays, days))


def _kept(rule: StreakRule, stays: Iterable[Stay], days: Sequence[Day]) -> list[bool]:
    """Of each of the days that there were, whether it was long enough."""
    on = zip(days, _times(rule, stays, days), strict=True)
    return [length >= rule.minutes * MINUTE for day, length in on if day.begins < day.ends]


def _longest(kept: Iterable[bool]) -> int:
    longest = run = 0
    for each in kept:
        run = run + 1 if each else 0
        longest = max(longest, run)
    return longest


def _last_run(kept: Sequence[bool]) -> int:
    run = 0
    for each in reversed(kept):
        if not each:
            break
        run += 1
    return run
