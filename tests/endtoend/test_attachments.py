"""Messages that carry files: one's own, confirmed, and meant for the room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from common.ids import uuid7
from tests.support.visit import saying, visit
from tests.support.world import Person, Replica, World

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
Pair = tuple[Replica, Replica]


def upload(world: World, owner: Person, room: str | None, media_type: str = "image/webp", **more: Any) -> str:
    """A confirmed file, as control leaves it."""
    columns = {
        "id": uuid7(),
        "owner_id": owner.id,
        "purpose": "attachment" if room else "avatar",
        "room_id": room,
        "name": "한강.webp",
        "media_type": media_type,
        "size": 48213,
        "width": 640,
        "height": 480,
        **more,
    }

    async def insert(connection: asyncpg.Connection) -> None:
        names = ", ".join(columns)
        places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        await connection.execute(f"INSERT INTO uploads ({names}) VALUES ({places})", *columns.values())
        if "created_at" not in more:
            await connection.execute("UPDATE uploads SET confirmed_at = now() WHERE id = $1", columns["id"])

    world.sql(insert)
    return columns["id"]


def row(world: World, upload: str) -> dict[str, Any]:
    async def read(connection: asyncpg.Connection) -> dict[str, Any]:
        return dict(await connection.fetchrow("SELECT * FROM uploads WHERE id = $1", upload) or {})

    return world.sql(read)


def sent_ms(world: World, upload: str) -> int:
    sent_at: datetime = row(world, upload)["sent_at"]
    return int(sent_at.timestamp() * 1000)


async def test_a_picture_is_shown_with_what_is_known_of_it(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    one, two = upload(shared_world, mina, room), upload(shared_world, mina, room)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        sent = await m.ok("message.send", **saying(room, ""), kind="image", attachments=[two, one, two])
        heard = await j.hears("message")
        about = {"name": "한강.webp", "media_type": "image/webp", "size": 48213, "width": 640, "height": 480}
        assert (heard["kind"], heard["text"]) == ("image", "")
        assert heard["attachments"] == [{"id": two, **about}, {"id": one, **about}]
        (stored,) = (await j.ok("history.page", room=room))["events"]
        assert stored["attachments"] == heard["attachments"]
        assert stored["seq"] == sent["seq"]
        for file in (one, two):
            assert sent_ms(shared_world, file) >= sent["at"], "whoever sees the message may read it"


@pytest.mark.parametrize(
    "whose", ["another's", "another room's", "an avatar", "unconfirmed", "removed", "nobody's"]
)
async def test_what_one_may_not_send_is_refused_by_name(shared_world: World, pair: Pair, whose: str) -> None:
    mina, jun = shared_world.people(2)
    room, other = shared_world.room(mina, jun), shared_world.room(mina)
    make = {
        "another's": lambda: upload(shared_world, jun, room),
        "another room's": lambda: upload(shared_world, mina, other),
        "an avatar": lambda: upload(shared_world, mina, None),
        "unconfirmed": lambda: upload(shared_world, mina, room, created_at=LONG_AGO),
        "removed": lambda: upload(shared_world, mina, room, removed_at=LONG_AGO),
        "nobody's": uuid7,
    }
    good, bad = upload(shared_world, mina, room), make[whose]()
    async with visit(pair[0], mina) as m:
        error = await m.refused("message.send", **saying(room, "x"), kind="file", attachments=[good, bad])
        assert error["code"] == "attachment_not_found"
        assert bad in error["message"]
        assert good not in error["message"]
        assert row(shared_world, good)["sent_at"] is None
        assert (await m.ok("history.page", room=room))["events"] == []


@pytest.mark.parametrize(
    ("kind", "media_type", "count"),
    [("text", "image/webp", 1), ("image", "image/webp", 0), ("image", "audio/ogg", 1), ("audio", "image/png", 1),
     ("file", "x/y", 11), ("video", "video/mp4", 1)],
)  # fmt: skip
async def test_a_kind_that_does_not_fit_is_refused(
    shared_world: World, pair: Pair, kind: str, media_type: str, count: int
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    files = [upload(shared_world, mina, room, media_type) for _ in range(count)]
    async with visit(pair[0], mina) as m:
        error = await m.refused("message.send", **saying(room, "x"), kind=kind, attachments=files)
        assert error["code"] == "invalid"
    assert [row(shared_world, file)["sent_at"] for file in files] == [None] * count


async def test_a_retry_with_files_is_the_same_message(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    fields = {**saying(room, "x"), "kind": "file", "attachments": [upload(shared_world, mina, room)]}
    async with visit(pair[0], mina) as here, visit(pair[1], mina) as there:
        assert await here.ok("message.send", **fields) == await there.ok("message.send", **fields)


async def test_what_was_to_be_sent_before_may_be_read_by_whoever_sees_the_message_that_carries_it(
    shared_world: World, pair: Pair
) -> None:
    """The room keeps a pace, which refused it the first time; or it was said before, and is said again."""
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    file = upload(shared_world, mina, room, confirmed_at=LONG_AGO, sent_at=LONG_AGO)
    async with visit(pair[0], mina) as m:
        sent = await m.ok("message.send", **saying(room, "x"), kind="file", attachments=[file])
    assert sent_ms(shared_world, file) >= sent["at"]


async def test_files_are_taken_back_with_their_message(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    file, kept = upload(shared_world, mina, room), upload(shared_world, mina, room)
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        for each in (file, kept):
            await m.ok("message.send", **saying(room, "x"), kind="image", attachments=[each])
        assert (await j.refused("message.delete", room=room, of=1, client_id=uuid7()))["code"] == "forbidden"
        assert row(shared_world, file)["removed_at"] is None
        await m.ok("message.delete", room=room, of=1, client_id=uuid7())
        assert row(shared_world, file)["removed_at"] is not None
        assert row(shared_world, kept)["removed_at"] is None
        gone = (await j.ok("history.page", room=room))["events"][0]
        assert file not in str(gone)
        assert (gone["text"], gone.get("kind"), gone.get("attachments")) == ("", None, None)


async def test_the_words_beside_a_picture_may_be_taken_away(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as m:
        file = upload(shared_world, mina, room)
        await m.ok("message.send", **saying(room, "look"), kind="image", attachments=[file])
        await m.ok("message.edit", room=room, of=1, client_id=uuid7(), text="")
        shown = await m.ok("history.page", room=room)
        assert shown["states"][0]["edited"]["text"] == ""
        assert shown["events"][0]["attachments"][0]["id"] == file
