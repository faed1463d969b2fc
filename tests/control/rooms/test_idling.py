"""A room that is a call is closed ten minutes after the last one was in the call, and never before."""

from __future__ import annotations

import msgspec
import trio

from chatd.live.book import Book, Seat
from common import feed
from common.ids import uuid7
from common.postgres import Connection
from control.rooms.idling import sweep
from tests.control.rooms.conftest import Guest, Guests
from tests.support.control import Control

MINUTE = 60


def book_of(control: Control) -> Book:
    return Book(control.services.redis, lease=30, calm=15, gap=10)


async def joins(control: Control, guest: Guest, room: str) -> Seat:
    seat = Seat(room, uuid7(), "line")
    await book_of(control).join(seat, guest.id, mic=True, camera=True, capacity=4)
    return seat


async def _archivals(connection: Connection) -> list[feed.AnyChange]:
    rows = await connection.fetch("SELECT data FROM outbox ORDER BY id")
    changes = [msgspec.json.decode(row["data"], type=feed.AnyChange) for row in rows]
    return [change for change in changes if isinstance(change, feed.RoomArchived)]


async def is_open(control: Control, room: str) -> bool:
    async def look(connection: Connection) -> bool:
        found: bool = await connection.fetchval("SELECT archived_at IS NULL FROM rooms WHERE id = $1", room)
        return found

    return await control.services.db.read(look)


async def test_it_is_closed_ten_minutes_after_the_last_one_went(guests: Guests, control: Control) -> None:
    mina, jun = await guests(2)
    made = await mina.create("잠깐 통화", kind="call")
    room = made["id"]
    assert (await jun.try_code(made["join_code"])).is_success
    seat = await joins(control, mina, room)
    for _ in range(30):
        assert await sweep(control.services) == 0
        control.clock.pass_seconds(MINUTE)
    await book_of(control).leave(seat)
    for _ in range(10):
        assert await sweep(control.services) == 0
        control.clock.pass_seconds(MINUTE)
    assert await is_open(control, room)
    assert await sweep(control.services) == 1
    assert not await is_open(control, room)
    (told,) = await control.services.db.read(_archivals)
    assert isinstance(told, feed.RoomArchived)
    assert (told.room, set(told.members)) == (room, {mina.id, jun.id})
    assert await sweep(control.services) == 0


async def test_who_comes_back_in_time_keeps_it(guests: Guests, control: Control) -> None:
    (mina,) = await guests(1)
    room = (await mina.create("잠깐 통화", kind="call"))["id"]
    assert await sweep(control.services) == 0
    control.clock.pass_seconds(9 * MINUTE)
    seat = await joins(control, mina, room)
    assert await sweep(control.services) == 0
    control.clock.pass_seconds(9 * MINUTE)
    await book_of(control).leave(seat)
    assert await sweep(control.services) == 0
    control.clock.pass_seconds(9 * MINUTE)
    assert await sweep(control.services) == 0
    assert await is_open(control, room)


async def test_only_calls_pass(guests: Guests, control: Control) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    for _ in range(3):
        assert await sweep(control.services) == 0
        control.clock.pass_seconds(3600)
    assert await is_open(control, room)


async def test_several_who_look_at_once_close_it_once(guests: Guests, control: Control) -> None:
    (mina,) = await guests(1)
    for _ in range(5):
        await mina.create("잠깐 통화", kind="call")
    assert await sweep(control.services) == 0
    control.clock.pass_seconds(11 * MINUTE)
    closed: list[int] = []

    async def look() -> None:
        closed.append(await sweep(control.services))

    async with trio.open_nursery() as nursery:
        for _ in range(4):
            nursery.start_soon(look)
    assert sum(closed) == 5
    assert len(await control.services.db.read(_archivals)) == 5


async def test_a_call_that_nobody_came_to_passes_too(guests: Guests, control: Control) -> None:
    (mina,) = await guests(1)
    await mina.create("잠깐 통화", kind="call")
    assert await sweep(control.services) == 0
    control.clock.pass_seconds(11 * MINUTE)
    assert await sweep(control.services) == 1
