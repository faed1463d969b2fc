"""Reading: signed, for two minutes, and only for who may see what the file belongs to."""

from __future__ import annotations

import io
from typing import Any

import httpx
from PIL import Image

from common.postgres import Connection
from tests.control.rooms.conftest import Guests, good, refused
from tests.control.uploads.conftest import picture, sent
from tests.support.control import Control


async def test_an_avatar_is_seen_by_everybody_who_is_logged_in(
    guests: Guests, store: httpx.AsyncClient, control: Control
) -> None:
    mina, jun = await guests(2)
    body = picture()
    upload = await sent(mina, store, body, name='나 "웃음".png')
    found = good(await jun.http.get(f"/api/v1/uploads/{upload['id']}"))
    answer = await store.get(found["url"])
    assert answer.content == body
    assert (
        answer.headers["content-disposition"]
        == "inline; filename*=UTF-8''%EB%82%98%20%22%EC%9B%83%EC%9D%8C%22.png"
    )
    assert found["expires_at"] == control.clock.now_ms + 120_000
    refused(await control.http.get(f"/api/v1/uploads/{upload['id']}"), "unauthenticated")


async def test_a_picture_has_a_thumbnail_without_what_the_camera_noted(
    guests: Guests, store: httpx.AsyncClient
) -> None:
    (mina,) = await guests(1)
    exif = Image.Exif()
    exif[0x010F] = "a camera of mine"
    upload = await sent(mina, store, picture("JPEG", (1600, 1200), exif=exif), media_type="image/jpeg")
    found = good(await mina.http.get(f"/api/v1/uploads/{upload['id']}"))
    answer = await store.get(found["thumbnail_url"])
    assert answer.headers["content-type"] == "image/webp"
    with Image.open(io.BytesIO(answer.content)) as small:
        assert small.size == (480, 360)
        assert not small.getexif()


async def test_a_page_shows_it_by_one_address(guests: Guests, store: httpx.AsyncClient) -> None:
    (mina,) = await guests(1)
    body = picture()
    upload = await sent(mina, store, body)
    full = await mina.http.get(f"/api/v1/uploads/{upload['id']}/content")
    assert full.status_code == 303
    assert full.headers["cache-control"] == "private, max-age=60"
    assert (await store.get(full.headers["location"])).content == body
    small = await mina.http.get(f"/api/v1/uploads/{upload['id']}/content", params={"size": "thumbnail"})
    assert (await store.get(small.headers["location"])).headers["content-type"] == "image/webp"


async def test_a_signed_url_ends(guests: Guests, store: httpx.AsyncClient) -> None:
    (mina,) = await guests(1)
    upload = await sent(mina, store, picture())
    found = good(await mina.http.get(f"/api/v1/uploads/{upload['id']}"))
    assert "X-Amz-Expires=120&" in found["url"]
    assert (
        await store.get(found["url"].replace("X-Amz-Expires=120", "X-Amz-Expires=121"))
    ).status_code == 403


async def test_a_certificate_is_seen_by_its_owner_and_by_who_reviews_it(
    guests: Guests, store: httpx.AsyncClient, control: Control
) -> None:
    mina, jun, admin = await guests(3)
    upload = await sent(mina, store, picture(), purpose="certificate")
    path = f"/api/v1/uploads/{upload['id']}"
    good(await mina.http.get(path))
    refused(await jun.http.get(path), "not_found")
    refused(await jun.http.get(path + "/content"), "not_found")
    await control.grant(admin.id, "admin")
    good(await admin.http.get(path))


async def test_an_attachment_is_seen_by_who_may_read_its_message(
    guests: Guests, store: httpx.AsyncClient, control: Control
) -> None:
    mina, jun, late, stranger = await guests(4)
    room = (await mina.create())["id"]
    open_room = (await mina.create(history="all"))["id"]
    await jun.join(room)
    upload, shared = [
        await sent(mina, store, picture(), purpose="attachment", room=where) for where in (room, open_room)
    ]
    path = f"/api/v1/uploads/{upload['id']}"
    good(await mina.http.get(path))
    refused(await jun.http.get(path), "not_found")  # no message carries it yet
    await control.services.db.transaction(_send, [upload["id"], shared["id"]])
    good(await jun.http.get(path))
    refused(await stranger.http.get(path), "not_found")
    await late.join(room)
    await late.join(open_room)
    refused(await late.http.get(path), "not_found")
    good(await late.http.get(f"/api/v1/uploads/{shared['id']}"))
    await jun.leave(room)
    refused(await jun.http.get(path), "not_found")


async def _send(connection: Connection, uploads: list[str]) -> None:
    await connection.execute("UPDATE uploads SET sent_at = now() WHERE id = ANY($1::uuid[])", uploads)


async def test_what_is_not_there_or_not_confirmed_is_not_found(guests: Guests) -> None:
    (mina,) = await guests(1)
    wanted: dict[str, Any] = {"purpose": "avatar", "name": "a.png", "media_type": "image/png", "size": 10}
    signed = good(await mina.http.post("/api/v1/uploads", json=wanted), 201)
    for upload in (signed["id"], "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"):
        for path in (f"/api/v1/uploads/{upload}", f"/api/v1/uploads/{upload}/content"):
            refused(await mina.http.get(path), "not_found")
    refused(await mina.http.get("/api/v1/uploads/not-an-id"), "invalid")
