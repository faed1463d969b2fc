"""Asking, sending, confirming: nothing is kept but what was promised and looked at."""

from __future__ import annotations

import zipfile
from io import BytesIO

import httpx
import pytest
import trio
from PIL import Image

from control.uploads import confirming, files
from control.uploads.asking import MOST_OPEN
from control.uploads.purposes import RULES
from tests.control.rooms.conftest import Guests, good, refused
from tests.control.rooms.test_moderation import execute
from tests.control.uploads.conftest import asked, picture, put, sent
from tests.support.control import ORIGIN, Control


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_a_picture_goes_straight_to_the_store(
    guests: Guests, store: httpx.AsyncClient, method: str
) -> None:
    (mina,) = await guests(1)
    body = picture("PNG", (640, 400))
    upload = await sent(mina, store, body, method=method, name="  한강  산책.png ")
    assert upload == {
        "id": upload["id"], "purpose": "avatar", "name": "한강 산책.png", "media_type": "image/png",
        "size": len(body), "width": 640, "height": 400,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/gif")]
)
async def test_pictures_of_every_kind_are_taken(
    guests: Guests, store: httpx.AsyncClient, kind: str, media_type: str
) -> None:
    (mina,) = await guests(1)
    upload = await sent(mina, store, picture(kind), media_type=media_type)
    assert (upload["width"], upload["height"]) == (640, 400)


async def test_a_picture_taken_with_the_phone_on_its_side_is_as_high_as_it_is_seen(
    guests: Guests, store: httpx.AsyncClient
) -> None:
    from PIL import Image

    (mina,) = await guests(1)
    exif = Image.Exif()
    exif[0x0112] = 6
    upload = await sent(mina, store, picture("JPEG", exif=exif), media_type="image/jpeg")
    assert (upload["width"], upload["height"]) == (400, 640)


async def test_the_store_takes_no_other_size_or_type_than_was_signed(
    guests: Guests, store: httpx.AsyncClient
) -> None:
    (mina,) = await guests(1)
    body = picture()
    for method in ("PUT", "POST"):
        signed = await asked(mina, body, method=method)
        assert (await put(store, signed, body + b"!")).status_code in {400, 403}
        for where in ("headers", "fields"):
            signed[where] = {
                name: "text/html" if name.lower() == "content-type" else value
                for name, value in signed[where].items()
            }
        assert (await put(store, signed, body)).status_code in {400, 403}
        refused(await mina.http.post(f"/api/v1/uploads/{signed['id']}/confirm"), "upload_missing")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"purpose": "avatar", "media_type": "image/svg+xml"}, "upload_type_refused"),
        ({"purpose": "certificate", "media_type": "text/html"}, "upload_type_refused"),
        ({"purpose": "avatar", "size": RULES["avatar"].size + 1}, "upload_too_large"),
        ({"purpose": "avatar", "size": 0}, "invalid"),
        ({"purpose": "avatar", "name": "\x07"}, "invalid"),
        ({"purpose": "avatar", "media_type": "image/png\n"}, "invalid"),
        ({"purpose": "spaceship"}, "invalid"),
        ({"purpose": "attachment"}, "invalid"),
        ({"purpose": "avatar", "room": "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"}, "invalid"),
        ({"purpose": "attachment", "room": "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"}, "not_a_member"),
    ],
)
async def test_what_may_not_be_sent_is_refused_before_it_is(
    guests: Guests, wanted: dict[str, object], code: str
) -> None:
    (mina,) = await guests(1)
    body = {"purpose": "avatar", "name": "a.png", "media_type": "image/png", "size": 10} | wanted
    refused(await mina.http.post("/api/v1/uploads", json=body), code)


PAGE = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("image/png", PAGE),
        ("image/png", picture("JPEG")),
        ("image/png", picture()[:200]),
        ("application/pdf", PAGE),
        ("audio/mpeg", PAGE),
    ],
)
async def test_what_is_not_what_it_claims_is_refused_and_gone(
    guests: Guests, store: httpx.AsyncClient, control: Control, media_type: str, body: bytes
) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    signed = await asked(mina, body, purpose="attachment", room=room, media_type=media_type)
    assert (await put(store, signed, body)).is_success
    refused(await mina.http.post(f"/api/v1/uploads/{signed['id']}/confirm"), "upload_mismatch")
    refused(await mina.http.post(f"/api/v1/uploads/{signed['id']}/confirm"), "not_found")
    refused(await mina.http.get(f"/api/v1/uploads/{signed['id']}"), "not_found")
    assert await control.services.s3.head(files.kept(signed["id"])) is None


def bilevel_png(side: int) -> bytes:
    """A black square: an eighth of a byte for each pixel until it is unpacked."""
    out = BytesIO()
    Image.new("1", (side, side)).save(out, "PNG", compress_level=1)
    return out.getvalue()


async def test_a_picture_of_more_pixels_than_any_camera_has_is_not_unpacked(
    guests: Guests, store: httpx.AsyncClient
) -> None:
    (mina,) = await guests(1)
    bomb = await trio.to_thread.run_sync(
        bilevel_png, 20_000
    )  # made within a moment: nobody is kept waiting meanwhile
    signed = await asked(mina, bomb)
    assert (await put(store, signed, bomb)).is_success
    refused(await mina.http.post(f"/api/v1/uploads/{signed['id']}/confirm"), "upload_mismatch")


async def test_a_file_of_any_other_type_may_be_attached_and_is_kept_as_a_download(
    guests: Guests, store: httpx.AsyncClient
) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("과제.txt", "끝")
    for media_type, body in (("application/zip", archive.getvalue()), ("text/html", PAGE)):
        upload = await sent(mina, store, body, purpose="attachment", room=room, media_type=media_type)
        assert upload["media_type"] == "application/octet-stream"
        found = good(await mina.http.get(f"/api/v1/uploads/{upload['id']}"))
        answer = await store.get(found["url"])
        assert (answer.content, answer.headers["content-type"]) == (body, "application/octet-stream")
        assert answer.headers["content-disposition"].startswith("attachment;")


async def test_confirming_again_or_twice_at_once_changes_nothing(
    guests: Guests, store: httpx.AsyncClient
) -> None:
    (mina,) = await guests(1)
    body = picture()
    signed = await asked(mina, body)
    assert (await put(store, signed, body)).is_success
    answers: list[httpx.Response] = []

    async def confirm() -> None:
        answers.append(await mina.http.post(f"/api/v1/uploads/{signed['id']}/confirm"))

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(confirm)
    await confirm()
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1


async def test_what_was_looked_at_cannot_be_changed_afterwards(
    guests: Guests, store: httpx.AsyncClient
) -> None:
    """The signed URL is still good for a while, and of a file of that size."""
    (mina,) = await guests(1)
    body = picture()
    signed = await asked(mina, body)
    assert (await put(store, signed, body)).is_success
    good(await mina.http.post(f"/api/v1/uploads/{signed['id']}/confirm"))
    assert (await put(store, signed, b"x" * len(body))).is_success
    good(await mina.http.post(f"/api/v1/uploads/{signed['id']}/confirm"))
    found = good(await mina.http.get(f"/api/v1/uploads/{signed['id']}"))
    assert (await store.get(found["url"])).content == body


async def test_sent_again_while_it_is_looked_at_it_is_not_kept(
    guests: Guests, store: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mina,) = await guests(1)
    body = picture()
    signed = await asked(mina, body)
    assert (await put(store, signed, body)).is_success
    look_at = confirming._look_at

    async def look_slowly(*arguments: object) -> object:
        found = await look_at(*arguments)  # type: ignore[arg-type]
        assert (await put(store, signed, b"x" * len(body))).is_success
        return found

    monkeypatch.setattr(confirming, "_look_at", look_slowly)
    refused(await mina.http.post(f"/api/v1/uploads/{signed['id']}/confirm"), "upload_missing")


async def test_nobody_confirms_for_another(guests: Guests, store: httpx.AsyncClient) -> None:
    mina, jun = await guests(2)
    body = picture()
    signed = await asked(mina, body)
    assert (await put(store, signed, body)).is_success
    refused(await jun.http.post(f"/api/v1/uploads/{signed['id']}/confirm"), "not_found")


async def test_a_person_has_so_many_open_uploads_and_no_more_even_at_once(guests: Guests) -> None:
    (mina,) = await guests(1)
    codes: list[int] = []

    async def ask() -> None:
        wanted = {"purpose": "avatar", "name": "a.png", "media_type": "image/png", "size": 10}
        codes.append((await mina.http.post("/api/v1/uploads", json=wanted)).status_code)

    async with trio.open_nursery() as nursery:
        for _ in range(MOST_OPEN + 10):
            nursery.start_soon(ask)
    assert (codes.count(201), codes.count(429)) == (MOST_OPEN, 10)


_ADD = """
    INSERT INTO uploads (id, owner_id, purpose, room_id, name, media_type, size, confirmed_at, removed_at)
    SELECT uuidv7(), $1, 'attachment', $2, 'x', 'image/png', $3, now(), CASE WHEN $5 THEN now() END
    FROM generate_series(1, $4)
"""


async def test_what_was_refused_is_not_counted(guests: Guests, control: Control) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    await execute(control, _ADD, mina.id, room, 10, MOST_OPEN, True)
    await execute(control, "UPDATE uploads SET confirmed_at = NULL")
    await asked(mina, b"0123456789")


async def test_no_more_lies_here_unused_than_the_largest_message_carries(
    guests: Guests, control: Control
) -> None:
    (mina,) = await guests(1)
    room, most = (await mina.create())["id"], RULES["attachment"].size
    wanted = {
        "purpose": "attachment",
        "room": room,
        "name": "밤.bin",
        "media_type": "audio/ogg",
        "size": most,
    }
    await execute(control, _ADD, mina.id, room, most, 9, False)
    good(await mina.http.post("/api/v1/uploads", json=wanted), 201)
    refused(await mina.http.post("/api/v1/uploads", json=wanted | {"size": 1}), "too_many_uploads")
    await execute(
        control, "UPDATE uploads SET sent_at = now() WHERE id = (SELECT id FROM uploads ORDER BY id LIMIT 1)"
    )
    good(await mina.http.post("/api/v1/uploads", json=wanted), 201)


async def test_a_browser_may_send_and_fetch_from_our_pages_and_from_no_others(
    guests: Guests, store: httpx.AsyncClient, control: Control
) -> None:
    from control.uploads.sweeping import admit_pages

    await admit_pages(control.services)
    (mina,) = await guests(1)
    signed = await asked(mina, picture())
    headers = {"access-control-request-method": "PUT", "access-control-request-headers": "content-type"}
    ours = await store.options(signed["url"], headers={"origin": ORIGIN, **headers})
    assert ours.status_code == 200
    assert ours.headers["access-control-allow-origin"] in {ORIGIN, "*"}
    others = await store.options(signed["url"], headers={"origin": "http://elsewhere.test", **headers})
    assert "access-control-allow-origin" not in others.headers
