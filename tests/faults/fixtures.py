"""A stage for the tests of a module, whole again at the beginning of each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.stage import Stage, open_stage
from tests.support.services import Services


@pytest.fixture(scope="module")
def bus_kind() -> str:
    """What the stage's Redis is: a server, unless a module says `cluster`."""
    return "server"


@pytest.fixture(scope="module")
def module_stage(
    services: Services, tmp_path_factory: pytest.TempPathFactory, bus_kind: str
) -> Iterator[Stage]:
    """The one that all tests of a module use, one after the other."""
    with open_stage(services, tmp_path_factory.mktemp("stage"), bus_kind) as stage:
        yield stage


@pytest.fixture
def stage(module_stage: Stage) -> Stage:
    """Whole: what the test before left dead is back."""
    module_stage.mend()
    return module_stage
