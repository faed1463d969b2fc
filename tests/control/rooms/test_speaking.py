"""A room's own word is announced in the transaction of what it is about, or not at all."""

from __future__ import annotations

import msgspec
import pytest

from common import feed
from common.postgres import Connection
from control.rooms.speaking import speak
from tests.control.rooms.conftest import Guests
from tests.support.control import Control


async def spoken(control: Control) -> list[feed.RoomSpoke]:
    """What is on its way into rooms."""

    async def read(connection: Connection) -> list[str]:
        return [row[0] for row in await connection.fetch("SELECT data FROM outbox ORDER BY id")]

    changes = [msgspec.json.decode(row, type=feed.AnyChange) for row in await control.services.db.read(read)]
    return [each for each in changes if isinstance(each, feed.RoomSpoke)]


async def test_it_says_a_code_what_it_is_about_and_a_sentence(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]

    async def act(connection: Connection) -> list[bool]:
        return [
            await speak(connection, room, "class_opened", title="자료구조"),
            await speak(connection, room, "match_made", language="en", title="lunch", people=4),
        ]

    assert await control.services.db.transaction(act) == [True, True]
    first, second = await spoken(control)
    assert (first.room, first.code, first.params) == (room, "class_opened", {"title": "자료구조"})
    assert first.text == "‘자료구조’ 수업이 열렸습니다."
    assert second.text == "“lunch” is on: you are 4."


async def test_what_did_not_happen_is_not_said(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]

    async def fail(connection: Connection) -> None:
        await speak(connection, room, "class_opened", title="자료구조")
        raise RuntimeError("and then it went wrong")

    with pytest.raises(RuntimeError, match="wrong"):
        await control.services.db.transaction(fail)
    assert await spoken(control) == []


async def test_a_room_that_is_no_more_says_nothing(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    assert (await mina.http.delete(f"/api/v1/rooms/{room}")).status_code == 204

    async def act(connection: Connection) -> bool:
        return await speak(connection, room, "class_closed", title="자료구조")

    assert await control.services.db.transaction(act) is False
    assert await spoken(control) == []
