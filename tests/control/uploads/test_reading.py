"""Reading: signed, for two minutes, and only for who may see what the file belongs to."""

from __future__ import annotations

import io
from typing import Any

import httpx
from PIL import Image

from common.postgres import Connection
from control.uploads.purposes import RULES
from tests.control.classes.conftest import School, mentors, school, strangers
from tests.control.mentors.conftest import guests
from tests.control.rooms.conftest import Guest, Guests, good, picture_of, put_on_face, refused
from tests.control.rooms.test_moderation import execute
from tests.control.uploads.conftest import picture, sent
from tests.support.control import Control

__all__ = ["guests", "mentors", "school", "strangers"]


async def test_an_avatar_is_seen_by_everybody_who_is_logged_in(
    guests: Guests, store: httpx.AsyncClient, control: Control
) -> None:
    mina, jun = await guests(2)
    body = picture()
    upload = await sent(mina, store, body, name='나 "웃음".png')
    good(await mina.http.patch("/api/v1/me/profile", json={"avatar": upload["id"]}))
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
    guests: Guests, control: Control
) -> None:
    mina, jun, admin = await guests(3)
    upload = await picture_of(control, mina, "certificate")
    await control.grant(admin.id, "admin")
    assert await who_sees(upload, mina, jun, admin) == [mina]  # he has not applied with it
    await execute(control, _APPLY, mina.id, upload)
    assert await who_sees(upload, mina, jun, admin) == [mina, admin]
    refused(await jun.http.get(f"/api/v1/uploads/{upload}/content"), "not_found")


_APPLY = """
    WITH made AS (
        INSERT INTO mentor_applications (user_id, company, department, introduction, hours, categories)
        VALUES ($1, '마당', '', '안녕하세요', '[]', '{development}')
        RETURNING id
    )
    INSERT INTO mentor_certificates (application_id, upload_id) SELECT id, $2 FROM made
"""


async def who_sees(upload: str, *people: Guest) -> list[Guest]:
    """Who of these may read it."""
    return [each for each in people if (await each.http.get(f"/api/v1/uploads/{upload}")).is_success]


async def agreeing(upload: str, thing: str, *people: Guest) -> list[Guest]:
    """Who of these may read it, which is exactly who may see the thing it belongs to."""
    found = await who_sees(upload, *people)
    assert found == [each for each in people if (await each.http.get(f"/api/v1/{thing}")).is_success]
    return found


async def test_what_belongs_to_nothing_yet_is_its_owners_alone(guests: Guests, control: Control) -> None:
    mina, jun, admin = await guests(3)
    await control.grant(admin.id, "admin")
    for purpose in RULES.keys() - {"attachment"}:
        upload = await picture_of(control, mina, purpose)
        assert await who_sees(upload, mina, jun, admin) == [mina], purpose


async def test_whom_somebody_blocked_sees_none_of_their_pictures(guests: Guests, control: Control) -> None:
    mina, jun = await guests(2)
    former, face = await put_on_face(control, mina), await put_on_face(control, mina)
    wall = await picture_of(control, mina, "wallpaper")
    good(await mina.http.patch("/api/v1/me/profile", json={"wallpaper": wall}))
    for upload in (former, face, wall):
        assert await who_sees(upload, mina, jun) == [mina, jun]
    assert (await mina.http.put(f"/api/v1/me/relations/blocked/{jun.id}")).status_code == 204
    for upload in (former, face, wall):
        assert await who_sees(upload, mina, jun) == [mina]


async def test_a_rooms_picture_is_for_who_may_see_the_room(guests: Guests, control: Control) -> None:
    mina, member, invited, stranger = await guests(4)
    for door in ({}, {"visibility": "secret", "password": "달빛 아래"}, {"visibility": "private"}):
        upload = await picture_of(control, mina)
        room = await mina.create(image=upload, **door)
        thing = f"rooms/{room['id']}"
        expected = [] if "visibility" in door and door["visibility"] == "private" else [member, stranger]
        assert await agreeing(upload, thing, member, stranger) == expected
    assert (await member.try_code(room["join_code"])).is_success
    assert await agreeing(upload, thing, member, stranger) == [member]
    asked = {"people": [invited.id]}
    assert (await member.http.post(f"/api/v1/{thing}/invitations", json=asked)).is_success
    assert await who_sees(upload, invited, stranger) == [invited]
    assert (await invited.http.put(f"/api/v1/me/relations/blocked/{member.id}")).is_success
    assert await who_sees(upload, invited) == []  # nor is it among his invitations
    await member.leave(room["id"])
    assert await agreeing(upload, thing, member) == []


async def test_a_rooms_picture_is_for_who_came_by_a_link_that_leads_there(
    guests: Guests, control: Control
) -> None:
    mina, stranger = await guests(2)
    upload, links = await picture_of(control, mina), list[str]()
    for image in (upload, None):
        room = await mina.create(image=image, visibility="private")
        made = await mina.http.post(f"/api/v1/rooms/{room['id']}/links", json={})
        links.append(good(made, 201)["code"])

    async def look(link: str) -> httpx.Response:
        return await stranger.http.get(f"/api/v1/uploads/{upload}/content", params={"link": link})

    assert good(await stranger.http.get(f"/api/v1/links/{links[0]}"))["image"] == upload
    assert (await look(links[0])).status_code == 303
    refused(await look(links[1]), "not_found")
    refused(await look("x"), "invalid")
    for spoil in ("max_uses = 1, uses = 1", "max_uses = NULL, expires_at = now()"):
        await execute(control, f"UPDATE room_links SET {spoil}")
        refused(await look(links[0]), "not_found")


async def test_a_cover_is_for_who_may_see_the_class(school: School, control: Control) -> None:
    (mina,) = await school.mentors(1)
    registered, stranger, admin = await school.guests(3)
    await control.grant(admin.id, "admin")
    everybody = [mina, registered, stranger, admin]
    upload = await picture_of(control, mina, "class_cover")
    made = await school.make(mina, cover=upload, price=0)
    thing = f"classes/{made['id']}"
    assert await agreeing(upload, thing, *everybody) == [mina, admin]
    good(await school.act(mina, made, "open"))
    good(await school.register(registered, made))
    assert await agreeing(upload, thing, *everybody) == everybody
    await execute(control, "UPDATE classes SET unlisted_at = now()")
    assert await agreeing(upload, thing, *everybody) == [mina, registered, admin]
    await execute(control, "UPDATE classes SET unlisted_at = NULL")
    await execute(control, "DELETE FROM user_roles WHERE role = 'mentor'")
    assert await agreeing(upload, thing, *everybody) == [mina, registered, admin]


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
