"""Everybody is sent on at a moment of their own, and nobody is closed before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import trio
from trio.testing import MockClock

from chatd.drain import STEP, drain
from chatd.services import Services
from common import disconnect


@dataclass(eq=False)
class Client:
    """One that stays until it is closed, or leaves when it was asked to."""

    here: dict[Client, None]
    heard: list[bytes] = field(default_factory=list)
    closed_at: float | None = None

    def send_nowait(self, frame: bytes) -> None:
        self.heard.append(frame)

    def disconnect(self, reason: disconnect.Disconnect) -> None:
        assert reason is disconnect.DRAINING
        self.closed_at = trio.current_time()
        self.here.pop(self, None)

    @property
    def after_s(self) -> float:
        """When it was asked to come back."""
        (frame,) = self.heard
        after_ms: int = msgspec.json.decode(frame[frame.index(b"{") :])["after_ms"]
        return after_ms / 1000


def services_with(here: dict[Client, None]) -> Services:
    """Services that have nothing to wait for but these connections."""

    async def done() -> None:
        await trio.lowlevel.checkpoint()

    return cast(
        Services,
        SimpleNamespace(
            hub=SimpleNamespace(connections=here, emptied=done),
            writer=SimpleNamespace(answered=done),
            cursors=SimpleNamespace(written=done),
            presence=SimpleNamespace(release=done),
            recorder=SimpleNamespace(release=done),
            last_seen=SimpleNamespace(flush=done),
            attendance=SimpleNamespace(close=done),
        ),
    )


def clients(count: int) -> dict[Client, None]:
    here: dict[Client, None] = {}
    for _ in range(count):
        here[Client(here)] = None
    return here


async def test_who_does_not_leave_is_closed_at_the_moment_that_was_named_and_not_before(
    autojump_clock: MockClock,
) -> None:
    here = clients(50)
    everybody = list(here)
    began = trio.current_time()
    await drain(services_with(here), 3)
    assert len({each.after_s for each in everybody}) > 25
    for each in everybody:
        assert each.closed_at is not None
        assert -0.001 <= each.closed_at - began - each.after_s <= STEP + 0.001  # whole milliseconds are told


async def test_once_everybody_has_left_nobody_is_waited_for(autojump_clock: MockClock) -> None:
    here = clients(3)

    async def leave() -> None:
        await trio.sleep(1)
        here.clear()

    began = trio.current_time()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(leave)
        await drain(services_with(here), 600)
    assert trio.current_time() - began <= 1 + STEP


async def test_without_a_span_everybody_is_closed_at_once(autojump_clock: MockClock) -> None:
    here: Any = clients(3)
    began = trio.current_time()
    await drain(services_with(here), 0)
    assert (here, trio.current_time()) == ({}, began)
