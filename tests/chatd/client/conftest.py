"""What the client's tests may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.chatd.client.peer import Network, open_network
from tests.chatd.client.world import World, open_world


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """Where the client under test dials."""
    async with open_network() as network:
        yield network


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A small Madang on real sockets."""
    async with open_world() as world:
        yield world
