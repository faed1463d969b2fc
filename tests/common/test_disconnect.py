"""The table of close codes: each is allowed by RFC 6455, tells whether to come back, and is said to people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import chatd
from common import disconnect
from common.disconnect import BY_CODE, ConnectionEnded, Disconnect

REASONS = [value for value in vars(disconnect).values() if isinstance(value, Disconnect)]


def test_the_table_is_whole_and_no_code_is_given_twice() -> None:
    assert list(BY_CODE.values()) == REASONS
    assert [reason.code for reason in REASONS] == sorted(BY_CODE)


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.name)
def test_a_reason_fits_a_close_frame_and_is_said_in_both_languages(reason: Disconnect) -> None:
    assert 4000 <= reason.code <= 4999
    assert re.fullmatch("[a-z_]+", reason.name)
    assert len(reason.name) <= 123  # RFC 6455 §5.5: 125 bytes, of which the code takes two
    assert reason.en
    assert re.search("[가-힣]", reason.ko)


def test_the_code_tells_whether_to_come_back() -> None:
    assert {reason.name for reason in REASONS if not reason.come_back} == {
        "bad_token", "bad_frame", "no_hello", "session_revoked", "too_many_connections", "too_many_rooms",
        "version",
    }  # fmt: skip


def test_every_reason_is_one_that_chatd_gives() -> None:
    here = Path(chatd.__file__).parent
    said = "".join(
        path.read_text("utf-8") for path in here.rglob("*.py") if "client" not in path.relative_to(here).parts
    )
    names = [name for name, value in vars(disconnect).items() if isinstance(value, Disconnect)]
    assert [name for name in names if f"disconnect.{name}" not in said] == []


def test_an_end_carries_its_reason() -> None:
    assert ConnectionEnded(disconnect.TOO_FAST).reason is disconnect.TOO_FAST
