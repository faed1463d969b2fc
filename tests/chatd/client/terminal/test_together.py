"""The timer and the call, in few words; and how long somebody means."""

from __future__ import annotations

import pytest

from chatd.client.terminal.together import call_words, clock, length_in, timer_words
from common.protocol import CallNow, CallPeer, TimerState

NOW = 1_767_225_600_000
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ("25", 25 * MINUTE),
        ("1:30", 90 * SECOND),
        ("1:00:00", HOUR),
        ("90s", 90 * SECOND),
        ("1H30m", 90 * MINUTE),
        ("24h", 24 * HOUR),
        ("1440", 24 * HOUR),
        ("1s", SECOND),
        ("0", None),
        ("0:00", None),
        ("1441", None),
        ("24h1s", None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5h", None),
        ("٢٥", None),
    ],
)
def test_a_length_is_what_people_write_for_it(typed: str, length: int | None) -> None:
    assert length_in(typed) == length


@pytest.mark.parametrize(
    ("length", "shown"),
    [(1, "0:01"), (59_001, "1:00"), (25 * MINUTE, "25:00"), (24 * HOUR, "24:00:00"), (0, "0:00")],
)
def test_a_second_that_has_begun_counts(length: int, shown: str) -> None:
    assert clock(length) == shown


@pytest.mark.parametrize(
    ("timer", "words"),
    [
        (None, ""),
        (TimerState(seq=0, phase="none"), ""),
        (TimerState(seq=1, phase="running", ends_at=NOW + 90 * SECOND), "⏱ 1:30"),
        (
            TimerState(seq=1, phase="running", ends_at=NOW),
            "⏱ time is up",
        ),  # whether or not somebody has said so
        (TimerState(seq=1, phase="ended", ends_at=NOW - HOUR), "⏱ time is up"),
        (TimerState(seq=2, phase="paused", remaining_ms=HOUR), "⏸ 1:00:00"),
    ],
)
def test_a_timer_shows_what_is_left_of_it(timer: TimerState | None, words: str) -> None:
    assert timer_words(timer, NOW, "en") == words


def test_people_of_a_call_are_named_once_and_no_more_than_there_is_room_for() -> None:
    def called(*users: str) -> str:
        peers = [CallPeer(f"p{n}", user, mic=True, camera=True, joined_at=n) for n, user in enumerate(users)]
        return call_words(CallNow(version=9, peers=peers), str.upper, "ko")

    assert call_words(None, str, "ko") == called() == ""
    assert called("b", "a", "b") == "☎ B, A"
    assert called("a", "b", "c", "d") == "☎ A, B, C…"
