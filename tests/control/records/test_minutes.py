"""However stays overlap and wherever a day ends, every moment counts once."""

from __future__ import annotations

import itertools
from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from control.records.days import Day, days_of
from control.records.minutes import MINUTE, Stay, merged, times

SEOUL = ZoneInfo("Asia/Seoul")
WEEK = days_of("week", date(2026, 3, 8), ZoneInfo("America/New_York"))  # with a day of 23 hours
FIRST, LAST = WEEK[0].begins, WEEK[-1].ends
moments = st.integers(FIRST - 40 * 60 * MINUTE, LAST + 40 * 60 * MINUTE)
spans = st.tuples(moments, moments).map(lambda pair: (min(pair), max(pair)))
stays = st.lists(st.builds(lambda category, span: Stay(category, *span), st.sampled_from("abc"), spans))
coarse = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)))


def moments_in(given: list[tuple[int, int]]) -> set[int]:
    return {moment for begin, end in given for moment in range(begin, end)}


@given(given_spans=coarse)
def test_merged_spans_hold_the_same_moments_each_once_and_in_order(
    given_spans: list[tuple[int, int]],
) -> None:
    result = merged(given_spans)
    assert moments_in(result) == moments_in(given_spans)
    assert sum(end - begin for begin, end in result) == len(moments_in(given_spans))
    assert all(before[1] < after[0] for before, after in itertools.pairwise(result))


@given(given_spans=coarse, lengths=st.lists(st.integers(0, 9), min_size=1))
def test_each_day_has_the_moments_that_lie_on_it(
    given_spans: list[tuple[int, int]], lengths: list[int]
) -> None:
    days = []
    for length in lengths:
        begins = days[-1].ends if days else 3
        days.append(Day(date(2026, 1, 1), begins, begins + length))
    sums = times([Stay("a", *span) for span in given_spans], days).sums
    assert sums == [len(moments_in(given_spans) & set(range(day.begins, day.ends))) for day in days]


@given(some=stays)
def test_no_day_is_longer_than_it_is_and_no_category_longer_than_the_day(some: list[Stay]) -> None:
    result = times(some, WEEK)
    for of in result.by_category.values():
        assert all(part <= whole for part, whole in zip(of, result.sums, strict=True))
    assert all(on <= day.ends - day.begins for on, day in zip(result.sums, WEEK, strict=True))


@given(some=stays, again=st.data())
def test_what_is_told_twice_or_in_pieces_counts_once(some: list[Stay], again: st.DataObject) -> None:
    pieces = []
    for stay in some:
        cut = again.draw(st.integers(stay.entered, stay.left))
        pieces += [Stay(stay.category, stay.entered, cut), Stay(stay.category, cut, stay.left), stay]
    assert times(again.draw(st.permutations(pieces)), WEEK) == times(some, WEEK)


def test_a_night_is_shared_by_two_days() -> None:
    days = days_of("week", date(2026, 11, 21), SEOUL)
    midnight = days[2].begins
    result = times([Stay("reading", midnight - 30 * MINUTE, midnight + 45 * MINUTE)], days)
    assert [each // MINUTE for each in result.sums] == [0, 30, 45, 0, 0, 0, 0]


def test_two_rooms_at_once_are_two_categories_and_one_day() -> None:
    days = days_of("day", date(2026, 11, 21), SEOUL)
    nine = days[0].begins + 9 * 60 * MINUTE
    result = times(
        [
            Stay("music", nine, nine + 60 * MINUTE),
            Stay("exam", nine + 30 * MINUTE, nine + 90 * MINUTE),
            Stay("exam", nine + 40 * MINUTE, nine + 80 * MINUTE),
        ],
        days,
    )
    assert {each: on[0] // MINUTE for each, on in result.by_category.items()} == {"music": 60, "exam": 60}
    assert result.sums[0] // MINUTE == 90
