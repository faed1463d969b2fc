"""What control changes takes effect at once on every replica, and is recorded once, in order."""

from __future__ import annotations

from functools import partial
from typing import Any

import asyncpg
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common import feed
from common.ids import uuid7
from common.tokens import SigningKey
from tests.support.feed import comings_and_goings, join, kick, leave, publish, publish_again, revoke
from tests.support.promptly import within
from tests.support.rawsocket import Raw, open_raw
from tests.support.redis import open_client
from tests.support.visit import granted_once, once, say, saying, visit
from tests.support.world import Person, Replica, World

Pair = tuple[Replica, Replica]
AT_ONCE = 2  # seconds


async def the_log(raw: Raw, room: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await raw.ok("history.page", room=room, limit=100))["events"]
    return found


# --- sessions ---------------------------------------------------------------------------------------------------------


async def test_a_revoked_session_is_ended_within_a_second_wherever_it_is(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    async with visit(pair[0], mina) as here, visit(pair[1], mina) as there, visit(pair[0], jun) as other:
        revoke(shared_world, mina)
        with within(1):
            assert await here.ends() == (4503, "session_revoked")
            assert await there.ends() == (4503, "session_revoked")
        await other.ok("ping")
    async with open_raw(pair[0].port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": mina.token()})
        assert await raw.ends() == (4503, "session_revoked")


# --- memberships ------------------------------------------------------------------------------------------------------


async def test_who_leaves_hears_no_more_and_may_not_speak(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with (
        visit(pair[0], mina, room) as m,
        visit(pair[1], jun, room) as phone,
        visit(pair[0], jun, room) as desk,
        visit(pair[1], jun) as elsewhere,
    ):
        await say(phone, room, "goodbye")
        for device in (phone, desk):
            await device.hears("message", text="goodbye")
        leave(shared_world, jun, room)
        for device in (phone, desk):
            assert await device.hears("closed") == {"type": "closed", "room": room, "code": "not_a_member"}
        for device in (phone, desk, elsewhere):
            assert (await device.hears("personal.room", room=room))["change"] == "left"
        assert (await m.hears("member"))["user"] == jun.id
        await say(m, room, "now we can talk")
        await m.hears("message", text="now we can talk")
        for device in (phone, desk):
            assert await device.heard_so_far("message") == []
            assert (await device.refused("message.send", **saying(room, "hm")))["code"] == "not_a_member"
            assert (await device.refused("history.page", room=room))["code"] == "not_a_member"
            assert (await device.refused("room.open", room=room))["code"] == "not_a_member"


async def test_a_kick_says_by_whom_and_is_in_the_log_once(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        kick(shared_world, jun, room, by=mina)
        event = await m.hears("member")
        assert (event["seq"], event["user"], event["name"]) == (1, jun.id, jun.nickname)
        assert (event["change"], event["by"]) == ("kicked", mina.id)
        assert (await j.hears("personal.room"))["change"] == "kicked"
        await say(m, room, "so")
        await m.hears("message", text="so")
        assert [event["type"] for event in await the_log(m, room)] == ["member", "message"]


async def test_who_joins_comes_in_at_once(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun) as j:
        assert (await j.refused("room.open", room=room))["code"] == "not_a_member"
        join(shared_world, jun, room)
        assert (await j.hears("personal.room", room=room))["change"] == "joined"
        await j.ok("room.open", room=room)
        joined = await m.hears("member")
        assert (joined["user"], joined["name"], joined["change"]) == (jun.id, jun.nickname, "joined")
        await say(j, room, "hello")
        assert (await m.hears("message"))["text"] == "hello"


async def test_news_that_is_told_twice_happened_once(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    first, last = comings_and_goings(mina, room, 0, 2)
    async with visit(pair[0], mina, room) as m:
        (entry_id,) = publish(shared_world, first)
        publish_again(shared_world, entry_id, first)
        publish(shared_world, last)
        await m.hears("member", name="1")
        assert [event["name"] for event in await the_log(m, room)] == ["0", "1"]


async def test_changes_are_recorded_in_their_order(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as m:
        publish(shared_world, *comings_and_goings(mina, room, 0, 40))
        assert [(await m.hears("member"))["name"] for _ in range(40)] == [str(n) for n in range(40)]
        assert [event["name"] for event in await the_log(m, room)] == [str(n) for n in range(40)]


async def test_an_entry_that_nobody_understands_is_passed_over(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as m:
        with open_client(shared_world.redis_url) as client:
            client.xadd(feed.STREAM, {"id": uuid7(), "data": '{"type":"room.painted","colour":"red"}'})
            client.xadd(feed.STREAM, {"id": uuid7(), "data": "{"})
            client.xadd(feed.STREAM, {"something": "else"})
        publish(shared_world, *comings_and_goings(mina, room, 0, 1))
        await m.hears("member")


async def test_a_changed_room_is_looked_up_anew(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, history="joined")
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        await say(m, room, "before")
        join(shared_world, jun, room)
        await j.hears("personal.room")
        assert "before" not in [event.get("text") for event in await the_log(j, room)]
        shared_world.sql(_show_all, room)
        publish(shared_world, feed.RoomChanged(room=room))
        with within(AT_ONCE):
            await once(
                partial(the_log, j, room), lambda log: "before" in [event.get("text") for event in log]
            )


async def _show_all(connection: asyncpg.Connection, room: str) -> None:
    await connection.execute("UPDATE rooms SET history = 'all' WHERE id = $1", room)


# --- keys -------------------------------------------------------------------------------------------------------------


async def test_a_new_key_is_known_and_an_old_one_forgotten_at_once(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    new = SigningKey(uuid7(), Ed25519PrivateKey.generate())
    later = Person(mina.id, mina.session, mina.nickname, new)
    async with visit(pair[0], mina):
        shared_world.sql(_add_key, new)
        publish(shared_world, feed.KeysChanged())
        async with visit(pair[0], mina) as raw:
            with within(AT_ONCE):
                await granted_once(raw, "auth.refresh", token=later.token())
        with within(AT_ONCE):  # each replica hears for itself
            await once(partial(greeted, pair[1], later), lambda is_known: is_known)
        shared_world.sql(_remove_key, new)
        publish(shared_world, feed.KeysChanged())
        with within(AT_ONCE):
            await once(partial(greeted, pair[0], later), lambda is_known: not is_known)


async def greeted(replica: Replica, person: Person) -> bool:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": person.token()})
        first = await raw.frame()
        assert first is not None
        return first.opcode == 1


async def _add_key(connection: asyncpg.Connection, key: SigningKey) -> None:
    await connection.execute(
        "INSERT INTO signing_keys (kid, public_jwk, private_sealed, created_at) VALUES ($1, $2, '', now())",
        key.kid,
        msgspec.json.encode(key.public_jwk).decode(),
    )


async def _remove_key(connection: asyncpg.Connection, key: SigningKey) -> None:
    await connection.execute("DELETE FROM signing_keys WHERE kid = $1", key.kid)
