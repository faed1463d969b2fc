"""Memory that was freed goes back."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock

from common import memory
from common.units import MINUTES


async def test_what_was_freed_is_given_back_about_every_minute(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    monkeypatch.setattr(memory, "_trim", given.append)
    with trio.move_on_after(10.5 * MINUTES):
        await memory.give_back()
    assert 8 <= len(given) <= 13
    assert set(given) == {0}


async def test_where_the_c_library_cannot_nothing_is_tried(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_trim", None)
    with trio.move_on_after(10 * MINUTES) as scope:
        await memory.give_back()
    assert scope.cancelled_caught
