"""Whether this process lives, whether it should get requests now, and what it counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, Literal

import msgspec
import trio

from common.addresses import is_local
from common.errors import MadangError, StoreUnavailable
from common.lifecycle import Shutdown
from common.logs import get_logger
from common.metrics import CONTENT_TYPE, render
from common.units import SECONDS
from control.operations import PUBLIC, Call, Document, Operations

operations = Operations("operation", "For operators and orchestrators: health, readiness, metrics.")

_log = get_logger(__name__)
_DEADLINE: Final = 2 * SECONDS
_CACHED: Final = 1 * SECONDS
Answer = Literal["ready", "away"]


class Health(msgspec.Struct):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(msgspec.Struct):
    """Every store answered, at most a second ago."""

    stores: dict[str, Answer]


class Readiness:
    """Asks every store, at most once a second however often it is asked itself; one that takes longer is away."""

    def __init__(self, stores: dict[str, Callable[[], Awaitable[None]]], shutdown: Shutdown) -> None:
        self._stores = stores
        self._shutdown = shutdown
        self._deadline = _DEADLINE
        self._lock = trio.Lock()
        self._asked_at = float("-inf")
        self._answers: dict[str, Answer] = {}

    async def ask(self) -> Ready:
        """That all is well. Raises `unavailable`, naming which stores are away, or that this process is stopping."""
        async with self._lock:
            if trio.current_time() - self._asked_at >= _CACHED:
                await self._ask_all()
                self._asked_at = trio.current_time()
        away = {name: "away" for name, answer in self._answers.items() if answer != "ready"}
        if self._shutdown.asked:
            away["process"] = "stopping"
        if away:
            raise MadangError("unavailable", fields=away)
        return Ready(dict(self._answers))

    async def _ask_all(self) -> None:
        async with trio.open_nursery() as nursery:
            for name, ready in self._stores.items():
                nursery.start_soon(self._ask, name, ready)

    async def _ask(self, name: str, ready: Callable[[], Awaitable[None]]) -> None:
        self._answers[name] = "away"
        with trio.move_on_after(self._deadline):
            try:
                await ready()
            except StoreUnavailable as fault:
                _log.warning("a store is away", store=fault.store, why=str(fault))
            else:
                self._answers[name] = "ready"


@operations.get("/healthz", permission=PUBLIC)
async def healthz() -> Health:
    """Alive. Touches no store: a process whose stores are away should not be restarted for that."""
    return Health()


@operations.get("/readyz", permission=PUBLIC, errors=("unavailable",))
async def readyz(call: Call) -> Ready:
    """Ready. One round trip to each store under a short deadline, at most once a second; 503 when one is away, or when
    this process was asked to stop."""
    return await call.services.readiness.ask()


@operations.get("/metrics", permission=PUBLIC, errors=("not_found",))
async def metrics(call: Call) -> Document:
    """Metrics. In Prometheus's text format, for this machine and private networks alone."""
    if not is_local(call.address):
        raise MadangError("not_found")
    return Document(CONTENT_TYPE, render())
