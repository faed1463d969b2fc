"""The rules of a connection: how fast, how long, how many rooms, and whose token may renew it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.core.session import Limits, Session
from common import disconnect
from common.disconnect import ConnectionEnded
from common.errors import MadangError

EXPIRES = 1_000_000
LIMITS = Limits(command_rate=20, command_burst=3, refusals=4, rooms=2, grace=60, warning=120)


def session(**changes: Any) -> Session:
    settings = {
        "user": "u",
        "session": "s",
        "expires_at": EXPIRES,
        "permissions": ["room.read"],
        "limits": LIMITS,
    }
    settings["now"] = 0.0
    return Session(**{**settings, **changes})


# --- how fast ---------------------------------------------------------------------------------------------------------


def test_too_fast_is_refused_with_the_time_to_wait() -> None:
    of = session()
    for _ in range(3):
        of.admit(0)
    with pytest.raises(MadangError) as refusal:
        of.admit(0)
    assert (refusal.value.code, refusal.value.retry_after_ms) == ("rate_limited", 50)
    of.admit(0.051)


def test_the_time_to_wait_is_never_nothing() -> None:
    of = session(limits=Limits(command_rate=1e6, command_burst=1))
    of.admit(0)
    with pytest.raises(MadangError) as refusal:
        of.admit(0)
    assert refusal.value.retry_after_ms == 1


def test_who_goes_on_regardless_is_ended() -> None:
    of = session()
    for _ in range(3):
        of.admit(0)
    for _ in range(4):
        with pytest.raises(MadangError):
            of.admit(0)
    with pytest.raises(ConnectionEnded) as end:
        of.admit(0)
    assert end.value.reason is disconnect.TOO_FAST


@given(st.lists(st.floats(0.05, 10), max_size=200))
def test_who_keeps_to_the_rate_is_never_refused(waits: list[float]) -> None:
    of, now = session(), 0.0
    for wait in waits:
        now += wait
        of.admit(now)


def test_bytes_that_are_no_command_are_bounded_over_time() -> None:
    of = session(limits=Limits(noise_rate=200, noise_burst=1000))
    assert not of.too_noisy(1000, 0)
    assert of.too_noisy(1, 0)
    assert not of.too_noisy(200, 1)


def test_pieces_that_became_a_command_were_no_noise() -> None:
    of = session(limits=Limits(noise_rate=200, noise_burst=1000))
    for _ in range(100):
        assert not of.too_noisy(900, 0)
        assert not of.too_noisy(-900, 0)


# --- how long ---------------------------------------------------------------------------------------------------------


def test_a_token_past_its_end_may_not_act() -> None:
    session().may_act(EXPIRES - 1)
    with pytest.raises(MadangError) as refusal:
        session().may_act(EXPIRES)
    assert refusal.value.code == "token_expired"


def test_time_asks_for_one_warning_and_then_for_the_end() -> None:
    of = session()
    assert of.due(EXPIRES - 120_001) is None
    assert of.due(EXPIRES - 120_000) == "warn"
    assert of.due(EXPIRES - 60_000) is None
    assert of.due(EXPIRES + 59_999) is None
    assert of.due(EXPIRES + 60_000) is disconnect.TOKEN_EXPIRED


def test_a_newer_token_brings_life_and_another_warning() -> None:
    of = session()
    assert of.due(EXPIRES) == "warn"
    of.renew(user="u", session="s", expires_at=EXPIRES + 900_000, permissions=["message.send"])
    of.may_act(EXPIRES)
    assert of.due(EXPIRES) is None
    assert of.due(EXPIRES + 900_000) == "warn"


def test_an_older_token_of_the_same_session_takes_nothing_away() -> None:
    of = session()
    of.renew(user="u", session="s", expires_at=EXPIRES - 500_000, permissions=["message.send"])
    assert of.expires_at == EXPIRES


@pytest.mark.parametrize(("user", "of_session"), [("v", "s"), ("u", "t")])
def test_only_the_same_session_of_the_same_person_renews(user: str, of_session: str) -> None:
    of = session()
    with pytest.raises(MadangError) as refusal:
        of.renew(user=user, session=of_session, expires_at=EXPIRES + 900_000, permissions=["message.send"])
    assert refusal.value.code == "token_invalid"
    assert of.expires_at == EXPIRES


def test_the_grace_after_a_tokens_end_is_a_minute() -> None:
    of = session(limits=Limits())
    assert of.due(EXPIRES + 59_999) == "warn"
    assert of.due(EXPIRES + 59_999) is None
    assert of.due(EXPIRES + 60_000) is disconnect.TOKEN_EXPIRED


def test_what_a_person_may_do_is_revised_at_once_and_counted() -> None:
    of = session()
    of.revise({"room.read"})
    of.require("room.read")
    with pytest.raises(MadangError) as refusal:
        of.require("message.send")
    assert (refusal.value.code, of.revisions) == ("forbidden", 1)


# --- words and questions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ask", [Session.may_turn, Session.may_ask])
def test_words_of_being_away_and_costly_questions_have_a_pace_of_their_own(ask: Any) -> None:
    of = session(limits=Limits(turn_rate=0.5, turn_burst=2, question_rate=0.5, question_burst=2))
    ask(of, 0)
    ask(of, 0)
    with pytest.raises(MadangError) as refusal:
        ask(of, 0)
    assert (refusal.value.code, refusal.value.retry_after_ms) == ("rate_limited", 2000)
    ask(of, 2.001)


# --- how many rooms ---------------------------------------------------------------------------------------------------


def test_one_room_too_many_is_refused() -> None:
    session().may_open(1)
    with pytest.raises(MadangError) as refusal:
        session().may_open(2)
    assert refusal.value.code == "too_many_rooms"
    assert refusal.value.retry_after_ms == 1000


# --- what it permits --------------------------------------------------------------------------------------------------


def test_what_the_token_does_not_permit_is_forbidden() -> None:
    of = session()
    of.require("room.read")
    of.require(None)
    with pytest.raises(MadangError) as refusal:
        of.require("message.send")
    assert refusal.value.code == "forbidden"


def test_a_newer_token_brings_its_own_permissions() -> None:
    of = session()
    of.renew(user="u", session="s", expires_at=EXPIRES + 900_000, permissions=["message.send"])
    of.require("message.send")
    with pytest.raises(MadangError):
        of.require("room.read")


def test_an_older_token_gives_no_permission_back() -> None:
    of = session()
    of.renew(user="u", session="s", expires_at=EXPIRES - 1, permissions=["message.send"])
    of.require("room.read")
    with pytest.raises(MadangError):
        of.require("message.send")
