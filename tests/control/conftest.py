"""Control over real stores, for every test of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from control.settings import Settings
from tests.support.control import Control, running_control, settings_of


@pytest.fixture
def control_settings(database_url: str, redis_url: str, mongo_url: str, s3_url: str) -> Settings:
    return settings_of(database_url=database_url, redis_url=redis_url, mongo_url=mongo_url, s3_url=s3_url)


@pytest.fixture
async def control(control_settings: Settings) -> AsyncIterator[Control]:
    async with running_control(control_settings) as control:
        yield control
