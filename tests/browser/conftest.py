"""One Madang for all tests of the web app, and a browser for each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.embedded.mongo import Mongo
from deploy.embedded.postgres import Postgres
from deploy.embedded.seaweedfs import SeaweedFS
from tests.browser.newcomers import consents
from tests.support.chromium import Chromium, open_chromium
from tests.support.provider import open_provider
from tests.support.services import Services, new_bucket
from tests.support.yard import Yard, open_yard

_REDIS = 8  # a database of its own: others empty theirs between tests


@pytest.fixture(scope="session")
def yard(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """Madang with its demo, on the session's stores."""
    stores = {
        "DATABASE_URL": services.started(Postgres).create_database("yard"),
        "REDIS_URL": services.emptied_redis("server", _REDIS),
        "MONGO_URL": services.started(Mongo).database_url("yard"),
        "S3_URL": new_bucket(services.started(SeaweedFS), "yard"),
    }
    with open_provider() as kakao:
        kakao.answers = consents
        social = {"ORIGIN": kakao.url, "CLIENT_ID": "madang", "CLIENT_SECRET": "between us"}
        settings = {f"SOCIAL_KAKAO_{name}": value for name, value in social.items()}
        with open_yard(tmp_path_factory.mktemp("yard"), stores | settings) as yard:
            yield yard
    services.started(Postgres).drop_database("yard")


@pytest.fixture
async def chromium(tmp_path: Path) -> AsyncIterator[Chromium]:
    """A browser."""
    folder = tmp_path / "chromium"
    folder.mkdir()
    async with open_chromium(folder) as chromium:
        yield chromium
