"""Who hears that somebody came or went."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import trio

from chatd.presence import Change, PresenceNews
from chatd.presence.audience import Audience, audience_in
from chatd.presence.circle import Setting
from chatd.presence.news import BREATH
from common import protocol
from common.aio import open_loop
from common.codec import push_frame
from common.errors import StoreUnavailable
from common.postgres import open_postgres
from tests.support.relations import relate, set_presence
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

    def of_user(self, user: str) -> list[Socket]:
        everybody = {socket: None for sockets in self._rooms.values() for socket in sockets}
        return [socket for socket in everybody if socket.user == user]


Sets = dict[str, set[str]]


def rooms_of(  # type: ignore[no-untyped-def]
    rooms: dict[str, list[str]],
    *,
    settings: dict[str, Setting] | None = None,
    friends: Sets | None = None,
    listed: Sets | None = None,
    blocked: Sets | None = None,
):
    async def answer(users: Sequence[str]) -> Audience:
        await trio.lowlevel.checkpoint()
        of = {user: rooms[user] for user in users if user in rooms}
        return Audience(of, settings or {}, friends or {}, listed or friends or {}, blocked or {})

    return answer


def frame(change: Change) -> bytes:
    return push_frame(
        protocol.Presence(user=change.user, state=change.state, at=change.at, last_seen=change.last_seen)
    )


ANN, BOB, CID = Change("ann", "online", 1), Change("bob", "offline", 2, 1), Change("cid", "online", 3)


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
    async def away(users: Sequence[str]) -> Audience:
        raise StoreUnavailable("postgres", "away")

    socket = Socket("dee")
    with pytest.raises(StoreUnavailable):
        await PresenceNews(away, Hub({"r1": [socket]}))([ANN])
    assert socket.pieces == []


# --- friends, settings, blocks ------------------------------------------------------------------------------------------


async def test_friends_hear_of_each_other_without_a_room() -> None:
    bob, cid, dee = Socket("bob"), Socket("cid"), Socket("dee")
    hub = Hub({"another": [bob, cid, dee]})
    await PresenceNews(rooms_of({"ann": ["r1"]}, friends={"ann": {"bob", "cid", "not here"}}), hub)([ANN])
    assert (bob.pieces, cid.pieces, dee.pieces) == ([frame(ANN)], [frame(ANN)], [])


async def test_a_friend_in_the_same_room_hears_it_once() -> None:
    bob = Socket("bob")
    await PresenceNews(rooms_of({"ann": ["r1"]}, friends={"ann": {"bob"}}), Hub({"r1": [bob]}))([ANN])
    assert bob.pieces == [frame(ANN)]


async def test_a_block_hides_whoever_did_it() -> None:
    bob, dee = Socket("bob"), Socket("dee")
    hub = Hub({"r1": [bob, dee]})
    blocked = {"ann": {"bob"}, "bob": {"ann"}}
    await PresenceNews(rooms_of({"ann": ["r1"], "cid": ["r1"]}, blocked=blocked), hub)([ANN, CID])
    assert bob.pieces == [frame(CID)]
    assert dee.pieces[0].count(frame(ANN)) == 1


async def test_who_hides_is_told_to_nobody() -> None:
    bob, dee = Socket("bob"), Socket("dee")
    audience = rooms_of({"ann": ["r1"]}, friends={"ann": {"bob"}}, settings={"ann": "nobody"})
    await PresenceNews(audience, Hub({"r1": [bob, dee]}))([ANN])
    assert bob.pieces == dee.pieces == []


async def test_who_is_for_friends_is_told_to_those_on_the_list() -> None:
    bob, cid, dee = Socket("bob"), Socket("cid"), Socket("dee")
    audience = rooms_of(
        {"ann": ["r1"]}, friends={"ann": {"cid"}}, listed={"ann": {"bob", "cid"}}, settings={"ann": "friends"}
    )
    await PresenceNews(audience, Hub({"r1": [bob, dee], "another": [cid]}))([ANN])
    assert (bob.pieces, cid.pieces, dee.pieces) == ([frame(ANN)], [frame(ANN)], [])


async def test_when_a_setting_changes_those_who_may_know_are_told_and_from_others_it_is_taken_back() -> None:
    bob, cid, dee = Socket("bob"), Socket("cid"), Socket("dee")
    audience = rooms_of(
        {"ann": ["r1"]}, friends={"ann": {"cid"}}, settings={"ann": "friends"}, blocked={"eve": {"ann"}}
    )
    eve = Socket("eve")
    await PresenceNews(audience, Hub({"r1": [bob, dee, eve], "another": [cid]})).tell_anew(ANN)
    hidden = frame(Change("ann", "offline", ANN.at))
    assert (bob.pieces, cid.pieces, dee.pieces, eve.pieces) == ([hidden], [frame(ANN)], [hidden], [])


async def test_a_newcomer_is_introduced_to_their_room_alone() -> None:
    bob, cid, dee = Socket("bob"), Socket("cid"), Socket("dee")
    audience = rooms_of({"ann": ["r1", "r2"]}, friends={"ann": {"cid"}}, blocked={"dee": {"ann"}})
    await PresenceNews(audience, Hub({"r1": [bob, dee], "r2": [cid]})).introduce(ANN, "r1")
    assert (bob.pieces, cid.pieces, dee.pieces) == ([frame(ANN)], [], [])


async def test_who_left_a_room_is_taken_back_from_those_there_who_know_them_from_nowhere_else() -> None:
    bob, cid, dee, eve, fay = (Socket(name) for name in ("bob", "cid", "dee", "eve", "fay"))
    audience = rooms_of({"ann": ["r2"]}, friends={"ann": {"cid"}}, blocked={"eve": {"ann"}})
    hub = Hub({"left": [bob, cid, dee, eve], "r2": [dee, fay]})
    await PresenceNews(audience, hub).part("ann", "left", ANN.at)
    hidden = frame(Change("ann", "offline", ANN.at))
    assert bob.pieces == [hidden]
    assert (cid.pieces, dee.pieces, eve.pieces, fay.pieces) == ([], [], [], [])


async def test_who_hid_from_a_room_anyway_is_not_taken_back_from_it() -> None:
    bob = Socket("bob")
    audience = rooms_of({}, settings={"ann": "nobody"})
    await PresenceNews(audience, Hub({"left": [bob]})).part("ann", "left", ANN.at)
    assert bob.pieces == []


async def test_a_person_with_five_thousand_friends_is_told_in_breaths() -> None:
    friends = [Socket(f"friend-{number}") for number in range(5000)]
    audience = rooms_of({"ann": []}, friends={"ann": {each.user for each in friends}})
    by_user = {each.user: [each] for each in friends}

    class Crowd(Hub):
        def of_user(self, user: str) -> list[Socket]:
            return by_user[user]

    turns = 0

    async def other() -> None:
        nonlocal turns
        while not all(each.pieces for each in friends):
            turns += 1
            await trio.lowlevel.checkpoint()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(other)
        await PresenceNews(audience, Crowd({}))([ANN])
    assert turns >= 5000 / BREATH
    assert len({id(each.pieces[0]) for each in friends}) == 1


async def test_the_audience_of_people_is_what_postgres_says(world: World) -> None:
    ann, bob, cid, dee = world.people(4)
    shared, of_bob = world.room(ann, bob), world.room(bob)
    for one, other, kind in (
        (ann, cid, "friend"), (cid, ann, "friend"), (ann, dee, "friend"), (dee, bob, "friend"),
        (bob, dee, "friend"), (bob, cid, "friend"), (bob, ann, "blocked"), (ann, bob, "favourite"),
    ):  # fmt: skip
        relate(world, one, other, kind)
    set_presence(world, bob, "friends")
    async with open_loop(), open_postgres(world.database_url) as postgres:
        audience = await audience_in(postgres)([ann.id, bob.id])
    assert {user: sorted(found) for user, found in audience.rooms.items()} == {
        ann.id: [shared],
        bob.id: sorted([shared, of_bob]),
    }
    assert audience.settings == {bob.id: "friends"}
    assert audience.friends == {ann.id: {cid.id}, bob.id: {dee.id}}
    assert audience.listed == {ann.id: {cid.id}, bob.id: {dee.id, cid.id}}
    assert audience.blocked == {ann.id: {bob.id}, bob.id: {ann.id}}
