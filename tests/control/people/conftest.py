"""The people at control's door are those of the rooms' tests, with pictures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from common.ids import uuid7
from common.postgres import Connection
from tests.control.bots.conftest import owners
from tests.control.rooms.conftest import Guest, guests, news
from tests.control.uploads.conftest import store
from tests.support.control import Control

__all__ = ["Picture", "guests", "news", "owners", "store"]

Picture = Callable[..., Awaitable[str]]


@pytest.fixture
def picture(control: Control) -> Picture:
    """`await picture(mina)`: a confirmed upload, as far as the database knows; `purpose` and `confirmed` as said."""

    async def insert(connection: Connection, owner: str, purpose: str, confirmed: bool) -> str:
        upload = uuid7()
        await connection.execute(
            "INSERT INTO uploads (id, owner_id, purpose, name, media_type, size, confirmed_at)"
            " VALUES ($1, $2, $3, 'p', 'image/png', 1, CASE WHEN $4 THEN now() END)",
            upload,
            owner,
            purpose,
            confirmed,
        )
        return upload

    async def picture(owner: Guest, purpose: str = "avatar", *, confirmed: bool = True) -> str:
        return await control.services.db.transaction(insert, owner.id, purpose, confirmed)

    return picture
