"""A connection to the tests' Valkey."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from common.redis import Redis, open_redis


@pytest.fixture
async def server(redis_url: str) -> AsyncIterator[Redis]:
    """The shared Valkey, emptied."""
    async with open_redis(redis_url) as server:
        yield server
