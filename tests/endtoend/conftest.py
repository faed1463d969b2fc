"""One world with two replicas for all of these tests, and where that will not do, one of a test's own beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.services import Services
from tests.support.world import Replica, World, open_world


@pytest.fixture(scope="package")
def shared_world(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all of these tests, each with people and rooms of its own."""
    with open_world(services, tmp_path_factory.mktemp("shared")) as world:
        yield world


@pytest.fixture(scope="package")
def pair(shared_world: World) -> tuple[Replica, Replica]:
    """Two replicas as they are by default. Not to be killed."""
    a, b = shared_world.replicas(2)
    return a, b


@pytest.fixture(scope="package")
def unlimited(shared_world: World) -> Replica:
    """A third, that takes commands at any rate."""
    return shared_world.replicas(1, CHATD_COMMAND_RATE="100000", CHATD_COMMAND_BURST="100000")[0]


@pytest.fixture
def world(services: Services, tmp_path: Path) -> Iterator[World]:
    """A world of a test's own."""
    with open_world(services, tmp_path, redis_database=1) as world:
        yield world
