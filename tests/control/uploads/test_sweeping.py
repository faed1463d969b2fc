"""Sweeping: what nobody confirmed, or nobody has any more, takes no place; what is kept is left alone."""

from __future__ import annotations

import httpx
import pytest

from common.errors import StoreUnavailable
from common.postgres import Connection
from control.uploads import files
from control.uploads.sweeping import sweep
from tests.control.rooms.conftest import Guests, good, refused
from tests.control.uploads.conftest import asked, picture, put, sent
from tests.support.control import Control


async def _older(connection: Connection) -> None:
    await connection.execute("UPDATE uploads SET created_at = created_at - interval '2 hours'")


async def test_what_was_never_confirmed_is_swept_and_the_rest_is_not(
    guests: Guests, store: httpx.AsyncClient, control: Control
) -> None:
    (mina,) = await guests(1)
    body = picture()
    kept = await sent(mina, store, body)
    left = await asked(mina, body)
    assert (await put(store, left, body)).is_success
    assert await sweep(control.services) == 0
    await control.services.db.transaction(_older)
    control.clock.pass_seconds(2 * 3600)
    assert await sweep(control.services) == 1
    control.clock.pass_seconds(-2 * 3600)
    assert await control.services.s3.head(files.incoming(left["id"])) is None
    refused(await mina.http.post(f"/api/v1/uploads/{left['id']}/confirm"), "not_found")
    assert await control.services.s3.head(files.kept(kept["id"])) is not None


async def test_what_was_removed_goes_with_its_thumbnail(
    guests: Guests, store: httpx.AsyncClient, control: Control
) -> None:
    async def remove(connection: Connection) -> None:
        await connection.execute("UPDATE uploads SET removed_at = now()")

    (mina,) = await guests(1)
    upload = await sent(mina, store, picture())
    await control.services.db.transaction(remove)
    refused(await mina.http.get(f"/api/v1/uploads/{upload['id']}"), "not_found")
    assert await sweep(control.services) == 1
    for where in (files.kept, files.thumbnail):
        assert await control.services.s3.head(where(upload["id"])) is None


async def test_a_store_that_is_away_leaves_everything_for_the_next_time(
    guests: Guests, store: httpx.AsyncClient, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(keys: list[str]) -> None:
        raise StoreUnavailable("s3", "away")

    (mina,) = await guests(1)
    left = await asked(mina, picture())
    await control.services.db.transaction(_older)
    with monkeypatch.context() as patched:
        patched.setattr(type(control.services.s3), "delete", lambda self, keys: away(keys))
        with pytest.raises(StoreUnavailable):
            await sweep(control.services)
    assert await sweep(control.services) == 1
    refused(await mina.http.post(f"/api/v1/uploads/{left['id']}/confirm"), "not_found")
    good(await mina.http.get("/api/v1/rooms/mine"))
