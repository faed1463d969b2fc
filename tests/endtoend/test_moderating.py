"""What moderators do over control's HTTP takes effect on live sockets of both replicas within a second, and is in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx
import pytest
import trio

from common.clock import now_ms
from common.ids import uuid7
from common.postgres import Connection
from common.redis import open_redis
from common.roomlog.bus import Bus, greet
from common.roomlog.position import DeleteBody, Draft, shard_of
from tests.endtoend.test_blocks import direct
from tests.faults.control import Control
from tests.support.promptly import within
from tests.support.rawsocket import Raw
from tests.support.services import Services
from tests.support.visit import granted_once, once, refusal_of, say, saying, visit
from tests.support.world import Person, World, open_world

AT_ONCE = 1  # second
Json = dict[str, Any]


class House:
    """A world with a control and two replicas."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.control = Control(world)
        self.a, self.b = world.replicas(2)
        self.control.start()

    @asynccontextmanager
    async def http(self, person: Person) -> AsyncIterator[httpx.AsyncClient]:
        headers = {"authorization": f"Bearer {person.token()}"}
        async with httpx.AsyncClient(
            base_url=f"{self.control.url}/api/v1/", headers=headers, timeout=30, verify=False
        ) as http:
            yield http

    async def do(self, person: Person, method: str, path: str, body: Json | None = None) -> Json:
        """Ask control for something as `person`; its answer, if it has a body."""
        async with self.http(person) as http:
            answer = await http.request(method, path, **({} if body is None else {"json": body}))
            assert answer.status_code < 300, answer.text
            found: Json = answer.json() if answer.content else {}
            return found


@pytest.fixture(scope="module")
def house(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_world(services, tmp_path_factory.mktemp("moderating"), redis_database=2) as world:
        house = House(world)
        yield house
        house.control.kill()


async def the_log(raw: Raw, room: str) -> list[Json]:
    found: list[Json] = (await raw.ok("history.page", room=room, limit=100))["events"]
    return found


def texts(events: list[Json]) -> list[str | None]:
    return [event.get("text") for event in events]


def told(event: Json, *names: str) -> Json:
    return {name: event[name] for name in names if name in event}


async def test_who_is_kicked_is_out_on_all_devices_at_once(house: House) -> None:
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    async with (
        visit(house.a, mina, room) as m,
        visit(house.a, jun, room) as phone,
        visit(house.b, jun, room) as desk,
    ):
        await house.do(mina, "DELETE", f"rooms/{room}/members/{jun.id}")
        with within(AT_ONCE):
            for device in (phone, desk):
                assert (await device.hears("closed"))["code"] == "not_a_member"
                assert (await device.hears("personal.room"))["change"] == "kicked"
        assert (await phone.refused("message.send", **saying(room, "hm")))["code"] == "not_a_member"
        event = await m.hears("member")
        assert told(event, "user", "change", "by") == {"user": jun.id, "change": "kicked", "by": mina.id}
        assert [each["change"] for each in await the_log(m, room)] == ["kicked"]


async def test_who_is_banned_is_told_so_and_cannot_come_back(house: House) -> None:
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    until = now_ms() + 60_000
    async with visit(house.a, mina, room) as m, visit(house.b, jun, room) as j:
        await house.do(mina, "PUT", f"rooms/{room}/bans/{jun.id}", {"until": until, "reason": "ads"})
        with within(AT_ONCE):
            assert (await j.hears("closed"))["code"] == "banned"
            assert told(await j.hears("personal.room"), "change", "until") == {
                "change": "banned",
                "until": until,
            }
        event = await m.hears("member")
        assert told(event, "change", "until", "by") == {"change": "banned", "until": until, "by": mina.id}
        assert "ads" not in str(event)
        async with house.http(jun) as http:
            answer = await http.post(f"rooms/{room}/join", json={})
        assert answer.json()["code"] == "banned"
        assert (await j.refused("room.open", room=room))["code"] == "not_a_member"


async def test_a_mute_refuses_the_next_send_and_its_end_lets_it_through(house: House) -> None:
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    until = now_ms() + 60_000
    async with visit(house.a, mina, room) as m, visit(house.b, jun, room) as j:
        await say(j, room, "before")
        await house.do(mina, "PUT", f"rooms/{room}/mutes/{jun.id}", {"until": until})
        with within(AT_ONCE):
            error = await refusal_of(j, room)
        assert error["code"] == "muted"
        assert until - now_ms() <= error["retry_after_ms"] <= 60_000
        assert told(await m.hears("member"), "change", "until") == {"change": "muted", "until": until}
        await house.do(mina, "DELETE", f"rooms/{room}/mutes/{jun.id}")
        with within(AT_ONCE):
            await granted_once(j, "message.send", **saying(room, "after"))
        await m.hears("message", text="after")


async def test_a_role_counts_on_the_live_socket_at_once(house: House) -> None:
    """A plain member waits in slow mode; a moderator does not, from the moment he is one."""
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    await house.do(mina, "PATCH", f"rooms/{room}", {"slow_mode": 600})
    async with visit(house.a, mina, room) as m, visit(house.b, jun, room) as j:
        await say(j, room, "one")
        assert (await refusal_of(j, room))["code"] == "slow_mode"
        await house.do(mina, "PUT", f"rooms/{room}/members/{jun.id}/role", {"role": "moderator"})
        with within(AT_ONCE):
            await granted_once(j, "message.send", **saying(room, "two"))
        await say(j, room, "three")
        event = await m.hears("member")
        assert told(event, "change", "role") == {"change": "role", "role": "moderator"}
        assert (await j.hears("personal.room"))["role"] == "moderator"


async def test_a_room_that_changes_says_so_to_who_is_there_and_to_who_comes_back(house: House) -> None:
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    async with visit(house.a, mina, room) as m, visit(house.b, jun) as j:
        here = (await j.ok("room.open", room=room))["position"]
        await house.do(mina, "PATCH", f"rooms/{room}", {"title": "밤 달리기", "tags": ["강"]})
        live = await m.hears("room")
        assert told(live, "title", "tags", "by") == {"title": "밤 달리기", "tags": ["강"], "by": mina.id}
        assert "capacity" not in live
        await j.hears("room")
    async with visit(house.a, jun, resume={room: here}) as back:
        missed = await back.hears("room")
        assert {**missed, "mseq": 0} == {**live, "mseq": 0}
        logged = (await the_log(back, room))[-1]
        assert told(logged, "type", "seq", "title", "tags", "by") == told(
            live, "type", "seq", "title", "tags", "by"
        )


async def test_what_newcomers_may_read_changes_at_once(house: House) -> None:
    mina, jun = house.world.people(2)
    room = house.world.room(mina, history="joined")
    async with visit(house.a, mina, room) as m, visit(house.b, jun) as j:
        await say(m, room, "before")
        await house.do(jun, "POST", f"rooms/{room}/join", {})
        await j.hears("personal.room")
        assert "before" not in texts(await the_log(j, room))
        await house.do(mina, "PATCH", f"rooms/{room}", {"history": "all"})
        with within(AT_ONCE):
            await once(partial(the_log, j, room), lambda log: "before" in texts(log))
        await house.do(mina, "PATCH", f"rooms/{room}", {"history": "joined"})
        with within(AT_ONCE):
            await once(partial(the_log, j, room), lambda log: "before" not in texts(log))


async def test_a_room_that_is_closed_for_good_is_closed_to_all_who_are_in_it(house: House) -> None:
    mina, jun, sol = house.world.people(3)
    room = house.world.room(mina, jun, sol)
    async with (
        visit(house.a, mina, room) as m,
        visit(house.b, jun, room) as j,
        visit(house.a, sol) as elsewhere,
    ):
        await say(j, room, "before")
        await house.do(mina, "DELETE", f"rooms/{room}")
        with within(AT_ONCE):
            for device in (m, j):
                assert (await device.hears("closed"))["code"] == "room_archived"
            for device in (m, j, elsewhere):
                assert (await device.hears("personal.room"))["change"] == "archived"
        assert (await j.refused("message.send", **saying(room, "hm")))["code"] == "not_a_member"
        assert (await j.refused("room.open", room=room))["code"] == "not_a_member"


async def test_an_invitation_is_told_live_on_every_device_and_not_to_who_blocked_the_inviter(
    house: House,
) -> None:
    mina, jun, sol = house.world.people(3)
    room = house.world.room(mina)
    await house.do(sol, "PUT", f"me/relations/blocked/{mina.id}")
    async with (
        visit(house.a, jun) as phone,
        visit(house.b, jun) as desk,
        visit(house.b, sol) as deaf,
    ):
        await house.do(mina, "POST", f"rooms/{room}/invitations", {"people": [sol.id, jun.id]})
        with within(AT_ONCE):
            for device in (phone, desk):
                news = await device.hears("personal.invitation")
        assert told(news, "room", "title", "by", "name") == {
            "room": room,
            "title": "a room",
            "by": mina.id,
            "name": mina.nickname,
        }
        await house.do(jun, "POST", f"me/invitations/{news['invitation']}/accept")
        await phone.hears("personal.room", room=room)
        await phone.ok("room.open", room=room)
        assert await deaf.heard_so_far("personal.invitation") == []


async def test_a_block_over_http_closes_the_direct_room_at_once_and_opens_it_again(house: House) -> None:
    mina, jun = house.world.people(2)
    room = direct(house.world, mina, jun)
    async with visit(house.a, mina, room) as m, visit(house.b, jun, room) as j:
        await say(j, room, "before")
        await house.do(mina, "PUT", f"me/relations/blocked/{jun.id}")
        with within(AT_ONCE):
            assert (await refusal_of(j, room))["code"] == "blocked"
        assert (await m.refused("message.send", **saying(room, "I")))["code"] == "blocked_by_me"
        await house.do(mina, "DELETE", f"me/relations/blocked/{jun.id}")
        with within(AT_ONCE):
            await granted_once(j, "message.send", **saying(room, "after"))
        await m.hears("message", text="after")


async def test_an_owner_who_leaves_is_followed_by_another_in_the_log(house: House) -> None:
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    async with visit(house.a, jun, room) as j:
        await house.do(mina, "POST", f"rooms/{room}/leave")
        changes = [await j.hears("member") for _ in range(2)]
        assert [told(each, "user", "change", "role") for each in changes] == [
            {"user": mina.id, "change": "left"},
            {"user": jun.id, "change": "role", "role": "owner"},
        ]


async def deeds(house: House, person: Person, room: str) -> list[Json]:
    """What the room's audit says, the oldest first."""
    found: list[Json] = (await house.do(person, "GET", f"rooms/{room}/audit"))["deeds"]
    return found[::-1]


async def test_what_moderators_do_to_messages_is_in_the_audit_once_with_what_they_do_to_people(
    house: House,
) -> None:
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    async with visit(house.a, mina, room) as m, visit(house.b, jun, room) as j:
        theirs = (await say(j, room, "buy this"))["seq"]
        own = (await say(m, room, "hello"))["seq"]
        commands = [
            ("pin.add", theirs, uuid7()),
            ("pin.remove", theirs, uuid7()),
            ("message.delete", theirs, uuid7()),
            ("message.delete", own, uuid7()),
        ]
        for name, of, client_id in commands:
            first = await m.ok(name, room=room, of=of, client_id=client_id)
            assert await m.ok(name, room=room, of=of, client_id=client_id) == first
        await j.refused("message.delete", room=room, of=own, client_id=uuid7())
        await house.do(mina, "PUT", f"rooms/{room}/mutes/{jun.id}", {"until": now_ms() + 60_000})
    noted = await deeds(house, mina, room)
    assert [(deed["act"], deed["by"]["id"], deed["person"]["id"]) for deed in noted] == [
        ("message.pinned", mina.id, jun.id),
        ("message.unpinned", mina.id, jun.id),
        ("message.deleted", mina.id, jun.id),
        ("member.muted", mina.id, jun.id),
    ]
    assert [deed["detail"] for deed in noted[:3]] == [{"seq": theirs}] * 3


async def test_a_command_that_is_sent_on_two_devices_at_once_is_in_the_audit_once(house: House) -> None:
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    async with (
        visit(house.a, mina, room) as phone,
        visit(house.b, mina, room) as desk,
        visit(house.b, jun) as j,
    ):
        for _ in range(5):
            of, client_id = (await say(j, room, "buy this"))["seq"], uuid7()
            async with trio.open_nursery() as nursery:
                for device in (phone, desk):
                    nursery.start_soon(
                        partial(device.ok, "message.delete", room=room, of=of, client_id=client_id)
                    )
    assert [deed["act"] for deed in await deeds(house, mina, room)] == ["message.deleted"] * 5


async def test_a_command_that_was_heard_before_the_log_held_it_is_no_refusal_of_its_retry(
    house: House,
) -> None:
    """What the other device sent is on the bus, the message is gone for whoever looks, and its writer has not stored it."""
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    async with visit(house.a, mina, room) as m, visit(house.b, jun) as j:
        of, client_id = (await say(j, room, "buy this"))["seq"], uuid7()
        body = DeleteBody(room=room, sender=mina.id, client_id=client_id, of=of, by=mina.id)
        async with open_redis(house.world.redis_url, greet=greet) as redis:
            await Bus(redis).append(shard_of(room), [Draft.of(body)])
        told = await m.hears("message.deleted", room=room, of=of)
        sent = await m.ok("message.delete", room=room, of=of, client_id=client_id)
        assert sent["seq"] == told["seq"]
        assert (await m.refused("message.delete", room=room, of=of, client_id=uuid7()))[
            "code"
        ] == "message_deleted"


async def test_what_was_tried_and_never_reached_the_log_is_not_in_the_audit(house: House) -> None:
    """As when a replica is killed, or the bus is away, between the line and what it says was done."""
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    async with visit(house.a, mina, room) as m, visit(house.b, jun) as j:
        of = (await say(j, room, "buy this"))["seq"]
        house.world.sql(note_only, f"{room}:{mina.id}:{uuid7()}", room, mina.id, of)
        await m.ok("pin.add", room=room, of=of, client_id=uuid7())
    assert [deed["act"] for deed in await deeds(house, mina, room)] == ["message.pinned"]


async def note_only(connection: Connection, key: str, room: str, by: str, of: int) -> None:
    await connection.execute(
        "INSERT INTO room_audit (room_id, by, act, detail, key) VALUES ($1, $2, 'message.deleted', $3, $4)",
        room,
        by,
        f'{{"seq": {of}}}',
        key,
    )


async def test_acts_are_in_the_log_once_and_in_their_order(house: House) -> None:
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)
    member = f"rooms/{room}/members/{jun.id}/role"
    async with visit(house.a, mina, room) as m:
        for number in range(5):
            for role in ("moderator", "member"):
                await house.do(mina, "PUT", member, {"role": role})
            await house.do(mina, "PATCH", f"rooms/{room}", {"title": f"{number}"})
        events = await once(partial(the_log, m, room), lambda log: len(log) >= 15)
    assert [event.get("role") or event["title"] for event in events] == [
        each for number in range(5) for each in ("moderator", "member", f"{number}")
    ]
    assert [event["seq"] for event in events] == list(range(1, 16))
