"""Typing is told no more often than is of use, and that somebody stopped is told once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.typing import EVERY, LIFE, Typing


def test_one_telling_in_three_seconds_is_passed_on() -> None:
    typing = Typing()
    told = [now for now in range(10) if typing.is_news("mina", "yard", on=True, now=now)]
    assert told == [0, 3, 6, 9]


def test_each_person_and_each_room_has_a_measure_of_its_own() -> None:
    typing = Typing()
    assert typing.is_news("mina", "yard", on=True, now=0)
    assert typing.is_news("jun", "yard", on=True, now=0)
    assert typing.is_news("mina", "well", on=True, now=0)
    assert not typing.is_news("mina", "yard", on=True, now=0)


def test_that_somebody_stopped_is_told_once_and_only_of_who_was_told_to_type() -> None:
    typing = Typing()
    assert not typing.is_news("mina", "yard", on=False, now=0)
    assert typing.is_news("mina", "yard", on=True, now=1)
    assert typing.is_news("mina", "yard", on=False, now=2)
    assert not typing.is_news("mina", "yard", on=False, now=2)


def test_stopping_and_starting_again_does_not_get_around_the_measure() -> None:
    typing = Typing()
    told = [
        (now, on)
        for now in (0, 0.1, 0.2, 0.3, 0.4, 2.9, 3.0, 3.1)
        for on in (True, False)
        if typing.is_news("mina", "yard", on=on, now=now)
    ]
    assert told == [(0, True), (0, False), (3.0, True), (3.0, False)]


def test_what_has_run_out_by_itself_is_not_told_to_have_stopped() -> None:
    typing = Typing()
    typing.is_news("mina", "yard", on=True, now=0)
    assert not typing.is_news("mina", "yard", on=False, now=LIFE)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.booleans(), st.floats(0, 4, allow_nan=False)), max_size=200
    )
)
def test_nobody_is_told_of_more_often_and_nobody_is_remembered_for_long(
    doings: list[tuple[str, bool, float]],
) -> None:
    typing = Typing()
    now, told = 0.0, dict[str, float]()
    for user, on, pause in doings:
        now += pause
        if typing.is_news(user, "yard", on=on, now=now) and on:
            assert now - told.get(user, -EVERY) >= EVERY - 1e-9
            told[user] = now
    for _ in range(6):
        now += LIFE
        typing.is_news("somebody", "else", on=True, now=now)
    assert typing.remembered == 1
