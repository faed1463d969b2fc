"""Who hears that somebody came or went."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import trio

from chatd.presence import Change, PresenceNews
from chatd.presence.news import BREATH, rooms_in
from common import protocol
from common.aio import open_loop
from common.codec import push_frame
from common.errors import StoreUnavailable
from common.postgres import open_postgres
from tests.support.world import World


class Socket:
    """A connection that notes what it was handed."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.pieces: list[bytes] = []

    def send_nowait(self, data: bytes) -> bool:
        self.pieces.append(data)
        return True


class Hub:
    def __init__(self, rooms: dict[str, list[Socket]]) -> None:
        self._rooms = rooms

    def listeners(self, room_id: str) -> list[Socket]:
        return list(self._rooms.get(room_id, ()))


def rooms_of(rooms: dict[str, list[str]]):  # type: ignore[no-untyped-def]
    async def answer(users: Sequence[str]) -> dict[str, list[str]]:
        await trio.lowlevel.checkpoint()
        return {user: rooms[user] for user in users if user in rooms}

    return answer


def frame(change: Change) -> bytes:
    return push_frame(protocol.Presence(user=change.user, state=change.state, at=change.at))


ANN, BOB, CID = Change("ann", "online", 1), Change("bob", "offline", 2), Change("cid", "online", 3)


async def test_those_hear_it_who_have_a_room_of_the_person_open() -> None:
    here, elsewhere = Socket("dee"), Socket("eve")
    hub = Hub({"r1": [here], "r2": [elsewhere]})
    await PresenceNews(rooms_of({"ann": ["r1", "r9"]}), hub)([ANN])
    assert here.pieces == [frame(ANN)]
    assert elsewhere.pieces == []


async def test_however_many_rooms_are_shared_it_is_heard_once() -> None:
    dee, eve = Socket("dee"), Socket("eve")
    hub = Hub({"r1": [dee, eve], "r2": [dee]})
    await PresenceNews(rooms_of({"ann": ["r1", "r2"], "bob": ["r2"], "cid": ["r1"]}), hub)([ANN, BOB, CID])
    assert len(dee.pieces) == len(eve.pieces) == 1
    assert len(dee.pieces[0]) == len(b"".join(map(frame, [ANN, BOB, CID])))
    assert all(dee.pieces[0].count(frame(change)) == 1 for change in (ANN, BOB, CID))
    assert all(
        eve.pieces[0].count(frame(change)) == count for change, count in ((ANN, 1), (BOB, 0), (CID, 1))
    )


async def test_nobody_hears_of_themselves_on_any_device() -> None:
    phone, laptop, bob = Socket("ann"), Socket("ann"), Socket("bob")
    hub = Hub({"r1": [phone, laptop, bob]})
    await PresenceNews(rooms_of({"ann": ["r1"]}), hub)([ANN])
    assert (phone.pieces, laptop.pieces, bob.pieces) == ([], [], [frame(ANN)])
    await PresenceNews(rooms_of({"ann": ["r1"], "bob": ["r1"]}), hub)([ANN, BOB])
    assert phone.pieces == laptop.pieces == [frame(BOB)]
    assert bob.pieces == [frame(ANN), frame(ANN)]


async def test_those_who_hear_the_same_share_one_piece() -> None:
    sockets = [Socket(f"user-{number}") for number in range(3 * BREATH)]
    await PresenceNews(rooms_of({"ann": ["r1"], "bob": ["r1"]}), Hub({"r1": sockets}))([ANN, BOB])
    assert len({id(socket.pieces[0]) for socket in sockets}) == 1


async def test_a_large_room_lets_others_run() -> None:
    sockets = [Socket(f"user-{number}") for number in range(3 * BREATH)]
    turns = 0

    async def other() -> None:
        nonlocal turns
        while not sockets[-1].pieces:
            turns += bool(sockets[0].pieces)
            await trio.lowlevel.checkpoint()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(other)
        await PresenceNews(rooms_of({"ann": ["r1"]}), Hub({"r1": sockets}))([ANN])
    assert turns >= 1


async def test_when_rooms_cannot_be_known_nobody_is_told_half() -> None:
    async def away(users: Sequence[str]) -> dict[str, list[str]]:
        raise StoreUnavailable("postgres", "away")

    socket = Socket("dee")
    with pytest.raises(StoreUnavailable):
        await PresenceNews(away, Hub({"r1": [socket]}))([ANN])
    assert socket.pieces == []


async def test_the_rooms_of_people_are_what_postgres_says(world: World) -> None:
    ann, bob, cid = world.people(3)
    shared, of_bob = world.room(ann, bob), world.room(bob)
    async with open_loop(), open_postgres(world.database_url) as postgres:
        rooms = await rooms_in(postgres)([ann.id, bob.id, cid.id])
    assert {user: sorted(found) for user, found in rooms.items()} == {
        ann.id: [shared],
        bob.id: sorted([shared, of_bob]),
    }
