"""What to do next: said of every code, in both languages, and of no code that is not there."""

from __future__ import annotations

import re

import pytest

from common import remedies
from common.errors import ERRORS
from common.remedies import remedy_of

HANGUL = re.compile("[가-힣]")


@pytest.mark.parametrize("code", ERRORS)
def test_every_code_says_what_to_do_next(code: str) -> None:
    remedy = remedy_of(code)
    assert remedy.en.endswith(".")
    assert not HANGUL.search(remedy.en)
    assert remedy.ko.endswith(".")
    assert HANGUL.search(remedy.ko)


def test_nothing_is_said_of_a_code_that_is_not_there() -> None:
    assert remedies._BY_CODE.keys() <= ERRORS.keys()


def test_what_may_succeed_later_is_sent_again() -> None:
    for code in ("unavailable", "rate_limited", "slow_mode"):
        assert "send the same again" in remedy_of(code).en
