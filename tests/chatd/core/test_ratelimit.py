"""A bucket never lets through more than its burst and its rate allow, and says truly when to come again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.ratelimit import TokenBucket

_seconds = st.floats(0, 1000, allow_nan=False)


def test_a_burst_passes_and_the_next_one_waits() -> None:
    bucket = TokenBucket(rate=20, burst=3, now=100)
    assert [bucket.take(100) for _ in range(4)] == [0, 0, 0, 0.05]


def test_who_comes_back_when_told_gets_in() -> None:
    bucket = TokenBucket(rate=20, burst=1, now=0)
    assert bucket.take(0) == 0
    wait = bucket.take(0)
    assert bucket.take(wait) == 0


def test_idle_time_fills_the_bucket_no_further_than_its_burst() -> None:
    bucket = TokenBucket(rate=20, burst=2, now=0)
    assert [bucket.take(3600) for _ in range(3)] == [0, 0, 0.05]


def test_many_are_taken_at_once_or_not_at_all() -> None:
    bucket = TokenBucket(rate=10, burst=100, now=0)
    assert bucket.take(0, 80) == 0
    assert bucket.take(0, 30) == 1
    assert bucket.take(0, 20) == 0


def test_what_is_given_back_fills_the_bucket_no_further_than_its_burst() -> None:
    bucket = TokenBucket(rate=10, burst=100, now=0)
    assert bucket.take(0, 60) == 0
    assert bucket.take(0, -500) == 0
    assert bucket.take(0, 101) == 0.1
    assert bucket.take(0, 100) == 0


def test_a_clock_that_steps_back_takes_nothing_away() -> None:
    bucket = TokenBucket(rate=1, burst=1, now=100)
    assert bucket.take(50) == 0
    assert bucket.take(50) == 1
    assert bucket.take(51) == 0


@given(
    rate=st.floats(0.1, 1000), burst=st.integers(1, 100), steps=st.lists(_seconds, min_size=1, max_size=200)
)
def test_never_more_than_the_burst_and_what_the_time_earned(
    rate: float, burst: int, steps: list[float]
) -> None:
    bucket = TokenBucket(rate, burst, now=0)
    now = 0.0
    taken = 0
    for step in steps:
        now += step
        taken += bucket.take(now) == 0
    assert taken <= burst + rate * now + 1e-6


@given(rate=st.floats(0.1, 1000), burst=st.integers(1, 20), refused=st.integers(1, 50))
def test_being_refused_costs_nothing(rate: float, burst: int, refused: int) -> None:
    bucket = TokenBucket(rate, burst, now=0)
    for _ in range(burst):
        bucket.take(0)
    waits = {bucket.take(0) for _ in range(refused)}
    assert len(waits) == 1
    assert bucket.take(waits.pop() * 1.000001) == 0
