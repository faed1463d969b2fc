"""Rests between batches: in proportion, bounded, and none after what came alone."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock

from chatd.resting import Rest


@pytest.mark.parametrize(
    ("batch", "work", "rested"),
    [(2, 0.001, 0.003), (1000, 0.002, 0.006), (2, 1, 0.015), (1, 1, 0), (0, 1, 0)],
)
async def test_who_worked_on_several_rests_in_proportion_and_not_long(
    autojump_clock: MockClock, batch: int, work: float, rested: float
) -> None:
    began = trio.current_time()
    await trio.sleep(work)
    await Rest(times=3, most=0.015).after(began, batch)
    assert trio.current_time() - began == pytest.approx(work + rested)
