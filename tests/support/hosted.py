"""Control on a thread of its own, for tests that do not run on Trio: Hypothesis calls a test again and again.

with hosted(settings) as control:
    control.http.get("/api/v1/version")
    control.run(control.services.db.read, fn)      # on its side
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

import httpx
import trio

from control.services import Services
from control.settings import Settings
from tests.support.control import PATIENCE, Clock, running_control

T = TypeVar("T")
_Job = Callable[[], Awaitable[None]]


@dataclass
class Hosted:
    """A running control, as a thread without Trio sees it. `http` is nobody's client."""

    url: str
    services: Services
    clock: Clock
    http: httpx.Client
    _trio: trio.lowlevel.TrioToken
    _jobs: trio.MemorySendChannel[_Job]

    def run(self, fn: Callable[..., Awaitable[T]], *args: Any) -> T:
        """`await fn(*args)` on control's side: its result, or what it raised."""
        future: Future[T] = Future()

        async def job() -> None:
            try:
                future.set_result(await fn(*args))
            except Exception as fault:
                future.set_exception(fault)
            except BaseException:  # control is ending, and this with it
                future.cancel()
                raise

        self._trio.run_sync_soon(self._jobs.send_nowait, job)
        return future.result(PATIENCE)


@contextmanager
def hosted(settings: Settings, **changes: Any) -> Iterator[Hosted]:
    """Control, serving until the block ends. `changes` replace fields of the settings."""
    started: Future[Hosted] = Future()
    stop = trio.Event()

    async def serve() -> None:
        jobs, taken = trio.open_memory_channel[_Job](math.inf)
        async with running_control(settings, **changes) as control, trio.open_nursery() as nursery:
            nursery.start_soon(_work, taken)
            token = trio.lowlevel.current_trio_token()
            with httpx.Client(base_url=control.url, timeout=PATIENCE, verify=False) as http:
                started.set_result(Hosted(control.url, control.services, control.clock, http, token, jobs))
                await stop.wait()
            nursery.cancel_scope.cancel()

    def main() -> None:
        try:
            trio.run(serve)
        except BaseException as fault:
            if not started.done():
                started.set_exception(fault)
            raise

    thread = Thread(target=main, name="control")
    thread.start()
    try:
        control = started.result(PATIENCE)
        yield control
    finally:
        if started.done() and started.exception() is None:
            started.result()._trio.run_sync_soon(stop.set)
        thread.join()


async def _work(taken: trio.MemoryReceiveChannel[_Job]) -> None:
    async for job in taken:
        await job()
