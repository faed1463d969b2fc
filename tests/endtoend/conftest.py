"""Two replicas for all tests of a module."""

from __future__ import annotations

import pytest

from tests.support.world import Replica, World


@pytest.fixture(scope="module")
def pair(shared_world: World) -> tuple[Replica, Replica]:
    """Two replicas as they are by default."""
    a, b = shared_world.replicas(2)
    return a, b


@pytest.fixture(scope="module")
def unlimited(shared_world: World) -> Replica:
    """A third, that takes commands at any rate."""
    return shared_world.replicas(1, CHATD_COMMAND_RATE="100000", CHATD_COMMAND_BURST="100000")[0]
