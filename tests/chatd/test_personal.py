"""What concerns people is told to them, whole, by the push of that news."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chatd.personal import TOLD, personal
from common import examples, feed, protocol
from control.examples import example_of


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_a_push_says_all_that_the_change_does_and_nothing_else(kind: type[Any]) -> None:
    change = msgspec.convert(example_of(kind), kind)
    told = personal(change)
    assert told is not None
    assert type(told.push) in examples.EXAMPLES
    said, of = msgspec.to_builtins(told.push), msgspec.to_builtins(change)
    assert of.pop("type") != said.pop("type")
    # What is left out is as it is when nothing is said.
    assert {name: value for name, value in of.items() if value and name not in {"user", "users"}} == said
    assert list(told.users) == of.get("users", [of.get("user")] if "user" in of else ["user"])


def test_what_concerns_nobody_in_particular_is_not_told_so() -> None:
    assert personal(feed.KeysChanged()) is None
    assert personal(feed.ProfileChanged(user="u", nickname="n", avatar=None, status="")) is None


def test_who_is_matched_is_told_who_else_is() -> None:
    people = [protocol.MatchPerson("a", "하늘"), protocol.MatchPerson("b", "바다")]
    change = feed.Matched(
        match="m", category="meal", origin="random", title="", room="r", meets_at=1, people=people
    )
    told = personal(change)
    assert told is not None
    assert told.users == ["a", "b"]
