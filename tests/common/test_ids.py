"""Ids are UUIDv7 text (RFC 9562) in the order of their making, whatever the clock does."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from common import ids
from common.ids import is_uuid, uuid7


def test_an_id_is_a_uuid_of_version_seven_made_now() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(uuid7())
    after = time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= after


def test_ids_made_within_a_millisecond_are_in_order() -> None:
    made = [uuid7() for _ in range(10_000)]
    assert made == sorted(set(made))


def test_ids_go_on_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [uuid7() for _ in range(10)]
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1)
    made = before + [uuid7() for _ in range(10)]
    assert made == sorted(set(made))


def test_threads_make_no_id_twice() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [each for some in pool.map(lambda _: [uuid7() for _ in range(500)], range(8)) for each in some]
    assert len(set(made)) == len(made)


ONE = "0198c0de-0000-7000-8000-0000000000af"


@pytest.mark.parametrize("text", [ONE, "00000000-0000-0000-0000-000000000000"])
def test_a_canonical_uuid_is_one(text: str) -> None:
    assert is_uuid(text)


@pytest.mark.parametrize("text", ["", "x", ONE.upper(), ONE + "\n", "{" + ONE + "}", ONE.replace("-", "")])
def test_any_other_spelling_is_not(text: str) -> None:
    assert not is_uuid(text)
