"""Whatever breaks in the middle of a conversation, nothing that was answered is lost, doubled or reordered.

One storm for each fault. `python -m tests.faults` runs as many as you like.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.faults import FAULTS
from tests.faults.stage import Stage, open_stage
from tests.faults.storm import Weather, storm
from tests.support.services import Services


@pytest.fixture(scope="module")
def stage(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(services, tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_was_answered_stays_whatever_breaks(stage: Stage, fault: str) -> None:
    stage.mend()
    outcome = await storm(stage, FAULTS[fault], Weather(seed=1))
    assert outcome.violations == []
    assert outcome.answered == 240
