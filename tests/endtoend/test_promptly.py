"""What the other tests hold promises of time to: Madang's own time, and nothing but the machine's is forgiven."""

from __future__ import annotations

import os

import pytest
import trio
from trio.testing import MockClock

from tests.support import promptly
from tests.support.promptly import within


async def test_who_sleeps_is_late(autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promptly, "_held_up", lambda: {"the disk": 7.0})
    with within(1):
        await trio.sleep(1)
    with pytest.raises(AssertionError, match=r"it took 1\.50 s, of which 0\.00 are the machine's"), within(1):
        await trio.sleep(1.5)


async def test_what_the_machine_took_is_forgiven_and_no_more(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slept in (1.6, 1.8):
        so_far = iter(({"the disk": 7.0}, {"the disk": 7.2, "no core for a new task": 0.5}))
        monkeypatch.setattr(promptly, "_held_up", lambda so_far=so_far: next(so_far))
        if slept < 1.7:
            with within(1):
                await trio.sleep(slept)
        else:
            with pytest.raises(AssertionError, match="it took"), within(1):
                await trio.sleep(slept)


def test_every_task_is_counted_of_this_process_and_of_what_it_started() -> None:
    assert f"no core for /proc/{os.getpid()}/task/{os.getpid()}" in promptly._held_up()
