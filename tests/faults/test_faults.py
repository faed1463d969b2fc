"""Whatever breaks in the middle of a conversation, nothing that was answered is lost, doubled or reordered.

One storm for each fault. `python -m tests.faults` runs as many as you like.
"""

from __future__ import annotations

import pytest

from tests.faults.faults import FAULTS
from tests.faults.stage import Stage
from tests.faults.storm import Weather, storm


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_was_answered_stays_whatever_breaks(stage: Stage, fault: str) -> None:
    outcome = await storm(stage, FAULTS[fault], Weather(seed=1))
    assert outcome.violations == []
    assert outcome.answered == 240
