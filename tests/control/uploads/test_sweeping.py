"""Sweeping: what nobody confirmed or uses, or nobody has any more, takes no place; what is in use is left alone."""

from __future__ import annotations

import httpx
import pytest

from common.clock import from_ms
from common.errors import StoreUnavailable
from common.postgres import Connection
from control.people import profiles
from control.uploads import files, sweeping
from control.uploads.sweeping import sweep
from tests.control.rooms.conftest import Guests, good, picture_of, put_on_face, refused
from tests.control.uploads.conftest import asked, picture, put, sent
from tests.support.control import Control
from tests.support.locks import overlapping

HOUR = 3600  # so long no test takes: a file is confirmed by the database's clock
DAY = 24 * HOUR
_LEFT = "SELECT array_agg(id::text ORDER BY id) FROM uploads WHERE removed_at IS NULL"
_NOT_A_USE = """
    SELECT format('%s.%s', c.conrelid::regclass, a.attname)
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.confrelid = 'uploads'::regclass AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.objid = 'upload_is_used'::regproc AND d.refobjid = c.conrelid AND d.refobjsubid = a.attnum
    )
"""


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


async def test_what_is_in_use_nowhere_a_day_after_it_was_confirmed_is_swept(
    guests: Guests, control: Control
) -> None:
    """Once for each file: what is in use by then is left to whoever ends that use."""

    async def left() -> list[str]:
        found: list[str] = await control.services.db.read(lambda connection: connection.fetchval(_LEFT))
        return found

    (mina,) = await guests(1)
    for purpose in ("avatar", "wallpaper", "room_image", "class_cover", "post_image", "certificate"):
        await picture_of(control, mina, purpose)
    face = await put_on_face(control, mina)
    shown = await picture_of(control, mina)
    await mina.create(image=shown)
    control.clock.pass_seconds(DAY - HOUR)
    assert await sweep(control.services) == 0
    control.clock.pass_seconds(2 * HOUR)
    assert await sweep(control.services) == 6
    assert await left() == [face, shown]
    control.clock.pass_seconds(-DAY - HOUR)
    good(await mina.http.patch("/api/v1/me/profile", json={"avatar": None}))
    assert (await mina.http.delete(f"/api/v1/me/avatars/{face}")).is_success
    assert await sweep(control.services) == 1
    assert await left() == [shown]


async def test_what_is_being_put_to_use_is_not_swept(guests: Guests, control: Control) -> None:
    (mina,) = await guests(1)
    face = await picture_of(control, mina, "avatar")

    async def choose(connection: Connection) -> None:
        await profiles._require_picture(connection, mina.id, face, "avatar")

    async def sweep_later() -> int:
        return await control.services.db.transaction(sweeping._settle, from_ms(control.clock() + HOUR * 1000))

    assert await overlapping(control.services.db, choose, sweep_later) == 0
    assert await sweep_later() == 1


async def test_wherever_a_file_may_be_in_use_is_known(control: Control) -> None:
    unknown = await control.services.db.read(lambda connection: connection.fetchval(_NOT_A_USE))
    assert unknown is None, f"{unknown} is not in upload_is_used: its files would be swept away"
