"""What the hub's tests may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import trio

from chatd.hub import Hub
from tests.chatd.hub.stage import Stage, Store


@pytest.fixture
async def stage(nursery: trio.Nursery) -> AsyncIterator[Stage]:
    """A hub that runs."""
    store = Store()
    hub = Hub(store, store.reached)  # type: ignore[arg-type]
    await nursery.start(hub.run)
    yield Stage(store, hub)
    nursery.cancel_scope.cancel()
