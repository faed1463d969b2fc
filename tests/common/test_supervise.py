"""Boundaries: a failure stops where it is contained, a clean-up ends in time, and tries are spread out."""

from __future__ import annotations

import math

import pytest
import structlog
import trio
import trio.testing
from trio.testing import MockClock

from common.errors import StoreUnavailable
from common.metrics import render
from common.supervise import Backoff, contained, jittered, keep_trying


def failures(where: str) -> float:
    """How many failures were contained there, by the metrics."""
    for line in render().decode().splitlines():
        if line.startswith("madang_contained_failures_total") and f'where="{where}"' in line:
            return float(line.rsplit(" ", 1)[1])
    return 0


# --- contained --------------------------------------------------------------------------------------------------------


def test_a_failure_ends_here_with_its_traceback_and_a_count() -> None:
    before = failures("a test")
    with structlog.testing.capture_logs() as logs, contained("a test") as containment:
        raise ValueError("a bug")
    assert containment.failed
    assert failures("a test") == before + 1
    assert [(log["event"], log["where"], log["log_level"]) for log in logs] == [
        ("contained failure", "a test", "error")
    ]
    assert "a bug" in repr(logs[0]["exc_info"].exceptions)


def test_what_goes_well_is_no_failure() -> None:
    with structlog.testing.capture_logs() as logs, contained("a test") as containment:
        pass
    assert not containment.failed
    assert not logs


async def test_failures_of_tasks_inside_end_here_too() -> None:
    async def fail() -> None:
        raise ValueError("a bug in a task")

    with structlog.testing.capture_logs() as logs, contained("a test") as containment:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(fail)
            nursery.start_soon(trio.sleep_forever)
    assert containment.failed
    assert len(logs) == 1


async def test_cancellation_passes() -> None:
    with trio.CancelScope() as scope:
        scope.cancel()
        with contained("a test") as containment:
            await trio.sleep_forever()
        pytest.fail("it was swallowed")
    assert scope.cancelled_caught
    assert not containment.failed


async def test_cancellation_passes_when_a_clean_up_fails_on_the_way() -> None:
    async def fail_when_cancelled() -> None:
        try:
            await trio.sleep_forever()
        finally:
            raise ValueError("a bug in a clean-up")

    with structlog.testing.capture_logs() as logs, trio.CancelScope() as scope:
        scope.cancel()
        with contained("a test"):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(fail_when_cancelled)
                nursery.start_soon(trio.sleep_forever)
        pytest.fail("the cancellation was swallowed")
    assert scope.cancelled_caught
    assert len(logs) == 1


def test_an_exit_passes_and_the_failures_beside_it_end_here() -> None:
    with (
        structlog.testing.capture_logs() as logs,
        pytest.RaisesGroup(KeyboardInterrupt),
        contained("a test"),
    ):
        raise BaseExceptionGroup("two at once", [ValueError("a bug"), KeyboardInterrupt()])
    assert len(logs) == 1


# --- trying again -----------------------------------------------------------------------------------------------------


def test_waits_grow_under_a_roof_and_are_never_the_same_for_all() -> None:
    herd = [Backoff(first=0.1, most=5) for _ in range(200)]
    for roof in (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5):
        waits = [each.next() for each in herd]
        assert all(roof / 4 <= wait <= roof for wait in waits)
        assert max(waits) - min(waits) > roof / 3


def test_a_thousand_tries_later_the_roof_still_holds() -> None:
    backoff = Backoff(first=0.1, most=5)
    assert all(backoff.next() <= 5 for _ in range(2000))


def test_after_a_success_waits_begin_anew() -> None:
    backoff = Backoff(first=0.1, most=5)
    for _ in range(9):
        backoff.next()
    backoff.reset()
    assert backoff.next() <= 0.1


async def test_it_is_tried_until_it_works_and_said_once(autojump_clock: MockClock) -> None:
    tries = 0

    async def fail_thrice() -> None:
        nonlocal tries
        tries += 1
        await trio.lowlevel.checkpoint()
        if tries <= 3:
            raise StoreUnavailable("redis", "away")

    with structlog.testing.capture_logs() as logs:
        await keep_trying("reach it", fail_thrice, StoreUnavailable)
    assert tries == 4
    assert [(log["what"], log["why"]) for log in logs] == [("reach it", "redis: away")]


async def test_a_bug_is_not_tried_again() -> None:
    async def fail() -> None:
        await trio.lowlevel.checkpoint()
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        await keep_trying("reach it", fail, StoreUnavailable)


def test_jitter_stays_within_its_spread() -> None:
    times = [jittered(10, 0.2) for _ in range(500)]
    assert all(8 <= time <= 12 for time in times)
    assert math.isclose(sum(times) / len(times), 10, abs_tol=0.3)
