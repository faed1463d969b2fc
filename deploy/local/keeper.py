"""Keeps one thing running: notices its end, says so, starts it again after a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

import trio

from common.supervise import Backoff
from common.units import SECONDS
from deploy.embedded.errors import SetUpError
from deploy.embedded.process import how_it_ended
from deploy.local.console import Console

Result = TypeVar("Result")

# One thread waits for each kept thing, and none of them may wait for another.
_threads = trio.CapacityLimiter(1_000)


class Kept(Protocol):
    """What can be kept: programs of ours and embedded services alike. All of it blocks, and is called in a thread."""

    @property
    def name(self) -> str: ...

    @property
    def pid(self) -> int | None: ...

    def start(self) -> object:
        """Start it and return once it is ready. Raises SetUpError."""

    def wait(self) -> int:
        """Return its exit status once it has ended."""

    def stop(self) -> None:
        """Stop it in order, within a bound. No-op when it does not run."""

    def kill(self) -> None:
        """End it now. No-op when it does not run."""


class Keeper:
    """Keeps `kept` running until `stop()`."""

    def __init__(self, kept: Kept, console: Console, *, changed: Callable[[], None]) -> None:
        self.kept = kept
        self._console = console
        self._changed = changed
        self._stopping = trio.Event()
        self._backoff = Backoff(first=0.5 * SECONDS, most=10 * SECONDS)

    async def start(self) -> None:
        """Start it for the first time. Raises SetUpError; cancelled, it leaves a process for `stop()` to end."""
        await _in_thread(self.kept.start)

    async def keep(self) -> None:
        """Start it again whenever it ends, until stopped. Runs as a task, after `start()`."""
        while True:
            began = trio.current_time()
            status = await _in_thread(self.kept.wait)
            if self._stopping.is_set():
                return
            if trio.current_time() - began > 60 * SECONDS:
                self._backoff.reset()
            self._console.warn(f"{self.kept.name} ended ({how_it_ended(status)}). Starting it again.")
            if not await self._start_again():
                return

    async def stop(self) -> None:
        """Stop it in order. Bounded by the bound of the kept thing itself."""
        self._stopping.set()
        await _in_thread(self.kept.stop)

    async def kill(self) -> None:
        self._stopping.set()
        await _in_thread(self.kept.kill)

    async def _start_again(self) -> bool:
        while True:
            with trio.move_on_after(self._backoff.next()):
                await self._stopping.wait()
            if self._stopping.is_set():
                return False
            try:
                await _in_thread(self.kept.start)
            except SetUpError as error:
                self._console.warn(f"{error} Trying again.")
            else:
                self._changed()
                self._console.step(f"{self.kept.name} is back, as process {self.kept.pid}.")
                return True


async def _in_thread(work: Callable[[], Result]) -> Result:
    return await trio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=_threads)
