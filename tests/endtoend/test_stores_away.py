"""While a store is away: what can go on goes on, what cannot is refused as temporary, and it mends by itself."""

from __future__ import annotations

import asyncpg
import trio

from common.ids import uuid7
from tests.faults.stage import Stage
from tests.support.promptly import within
from tests.support.rawsocket import Raw, open_raw
from tests.support.visit import say, saying, visit
from tests.support.world import Person, Replica


async def is_ready(replica: Replica) -> bool:
    return (await trio.to_thread.run_sync(replica.private, "/readyz"))[0] == 200


async def until_ready(replica: Replica, expected: bool, within_s: float) -> None:
    with within(within_s):
        while await is_ready(replica) is not expected:  # noqa: ASYNC110 - in another process
            await trio.sleep(0.05)


async def say_until_it_is_taken(raw: Raw, room: str, text: str, within_s: float) -> dict[str, object]:
    """Try again as long as the refusal is temporary."""
    name = uuid7()
    with within(within_s):
        while "ok" not in (reply := await raw.asks("message.send", **saying(room, text, name))):
            assert reply["error"]["temporary"], reply
            await trio.sleep(0.1)
    taken: dict[str, object] = reply["ok"]
    return taken


# --- MongoDB, the log -------------------------------------------------------------------------------------------------


async def test_without_the_log_people_still_hear_each_other_and_nothing_is_promised(stage: Stage) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        await say(m, room, "before")
        await trio.to_thread.run_sync(stage.mongo.kill)
        name = uuid7()
        with within(12):
            with within(2):
                await m.say({"type": "message.send", "id": "1", **saying(room, "meanwhile", name)})
                heard = await j.hears("message", text="meanwhile")
            refusal = (await m.hears("reply", id="1"))["error"]
        assert refusal["code"] == "log_unavailable"
        assert refusal["temporary"]
        assert refusal["retry_after_ms"] > 0
        await trio.to_thread.run_sync(stage.mongo.start)
        taken = None
        with within(15):
            while taken is None:
                taken = (await m.asks("message.send", **saying(room, "meanwhile", name))).get("ok")
        assert taken["seq"] == heard["seq"]
        events = (await j.ok("history.page", room=room))["events"]
        assert [event["text"] for event in events] == ["before", "meanwhile"]


async def test_without_the_log_rooms_open_and_calls_go_on_and_their_timers_are_told_once_it_is_back(
    stage: Stage,
) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room, other = stage.world.room(mina, jun), stage.world.room(mina, jun)
    async with visit(a, mina, room, other) as m:
        started = await m.ok("timer.start", room=room, client_id=uuid7(), duration_ms=3_600_000)
        await trio.to_thread.run_sync(stage.mongo.kill)
        async with visit(b, jun) as j:
            with within(6):
                opened = await j.ok("room.open", room=other)
            assert "timer" not in opened
            await j.ok("call.join", room=other)
            assert (await m.hears("call.joined"))["user"] == jun.id
            assert (await j.refused("timer.pause", room=other, client_id=uuid7()))["temporary"]
            await trio.to_thread.run_sync(stage.mongo.start)
            assert (await j.hears("timer.now"))["timer"]["phase"] == "none"
            told = (await j.ok("room.open", room=room))["timer"]
            assert told["ends_at"] == started["at"] + 3_600_000


async def test_without_the_log_a_change_is_promised_only_once_it_is_back_and_made_once(stage: Stage) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        of = (await say(m, room, "before"))["seq"]
        await trio.to_thread.run_sync(stage.mongo.kill)
        edit = {"room": room, "client_id": uuid7(), "of": of, "text": "after"}
        cheer = {"room": room, "client_id": uuid7(), "of": of, "emoji": "🎉"}
        for raw, kind, fields in ((m, "message.edit", edit), (j, "reaction.add", cheer)):
            with within(14):
                refusal = await raw.refused(kind, **fields)
            assert refusal["temporary"], refusal
        await trio.to_thread.run_sync(stage.mongo.start)
        edited = await change_until_it_is_taken(m, "message.edit", edit, within_s=20)
        cheered = await change_until_it_is_taken(j, "reaction.add", cheer, within_s=20)
        assert edited == await change_until_it_is_taken(m, "message.edit", edit, within_s=20)
        for kind in ("message.edited", "reaction"):
            await j.hears(kind)
        page = await j.ok("history.page", room=room)
        kinds = [(event["type"], event["seq"]) for event in page["events"]]
        assert sorted(kinds) == sorted(
            [("message", of), ("message.edited", edited["seq"]), ("reaction", cheered["seq"])]
        )
        (state,) = page["states"]
        (state,) = page["states"]
        assert (state["seq"], state["edited"]["text"]) == (of, "after")
        assert [each["emoji"] for each in state["reactions"]] == ["🎉"]


async def change_until_it_is_taken(
    raw: Raw, kind: str, fields: dict[str, object], within_s: float
) -> dict[str, object]:
    """Try again, under the same name, as long as the refusal is temporary."""
    with within(within_s):
        while "ok" not in (reply := await raw.asks(kind, **fields)):
            assert reply["error"]["temporary"], reply
            await trio.sleep(0.1)
    taken: dict[str, object] = reply["ok"]
    return taken


async def test_without_the_log_the_past_is_refused_as_temporary_and_the_rest_goes_on(stage: Stage) -> None:
    a, _ = stage.replicas
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    async with visit(a, mina, room) as m:
        seq = (await say(m, room, "before"))["seq"]
        await trio.to_thread.run_sync(stage.mongo.kill)
        with within(14):
            refusal = await m.refused("history.search", room=room, text="before")
        assert refusal["temporary"], refusal
        assert (await m.ok("presence.query", users=[mina.id]))["people"]
        await m.ok("ping")
        assert await is_ready(a)
        await trio.to_thread.run_sync(stage.mongo.start)
        with within(15):
            while "ok" not in (reply := await m.asks("history.page", room=room)):
                assert reply["error"]["temporary"], reply
                await trio.sleep(0.1)
        assert [event["seq"] for event in reply["ok"]["events"]] == [seq]


# --- Redis, the bus ---------------------------------------------------------------------------------------------------


async def test_without_the_bus_sends_are_refused_and_sockets_stay(stage: Stage) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        await say(m, room, "before")
        await j.hears("message", text="before")
        await trio.to_thread.run_sync(stage.valkey.kill)
        await until_ready(a, False, within_s=3)
        await until_ready(b, False, within_s=3)
        with within(5):
            refusal = await m.refused("message.send", **saying(room, "into the void"))
        assert refusal["code"] == "bus_unavailable"
        assert refusal["temporary"]
        assert refusal["retry_after_ms"] > 0
        await j.ok("ping")
        await trio.to_thread.run_sync(stage.valkey.start)
        await say_until_it_is_taken(m, room, "after", within_s=15)
        reset = await j.hears("reset")  # another life of the bus is another epoch
        assert reset["reason"] == "epoch"
        after = (await j.ok("history.page", room=room))["events"][1:]
        assert [event["text"] for event in after if event["seq"] <= reset["position"]["seq"]] in (
            ["after"],
            [],
        )
        await say(m, room, "live")
        assert (await j.hears("message", text="live"))["sender"] == mina.id
        await until_ready(a, True, within_s=10)
        await until_ready(b, True, within_s=10)


async def test_what_happened_while_the_feed_was_away_is_looked_up(stage: Stage) -> None:
    a, b = stage.replicas
    mina, jun, sol = stage.world.people(3)
    room = stage.world.room(mina, jun, sol)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j, visit(b, sol, room) as s:
        await trio.to_thread.run_sync(stage.valkey.kill)
        await until_ready(b, False, within_s=3)
        stage.world.sql(_revoke, jun)
        stage.world.sql(_remove, sol, room)
        await trio.to_thread.run_sync(stage.valkey.start)
        with within(15):
            assert await j.ends() == (4503, "session_revoked")
            assert (await s.hears("closed"))["room"] == room
        await m.hears("reset")
        await say_until_it_is_taken(m, room, "among us", within_s=15)
        await m.hears("message", text="among us")
        assert await s.heard_so_far("message") == []


async def _revoke(connection: asyncpg.Connection, person: Person) -> None:
    await connection.execute("UPDATE sessions SET revoked_at = now() WHERE id = $1", person.session)


async def _remove(connection: asyncpg.Connection, person: Person, room: str) -> None:
    await connection.execute("DELETE FROM members WHERE user_id = $1 AND room_id = $2", person.id, room)


async def test_without_the_bus_who_comes_back_is_told_what_cannot_be_had_now(stage: Stage) -> None:
    a, _ = stage.replicas
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    async with visit(a, mina) as m:
        here = (await m.ok("room.open", room=room))["position"]
    await trio.to_thread.run_sync(stage.valkey.kill)
    async with visit(a, mina, resume={room: here}) as m:
        assert (await m.hears("closed", room=room))["code"] == "unavailable"
        refusal = await m.refused("room.open", room=room)
        assert refusal["temporary"]
        await trio.to_thread.run_sync(stage.valkey.start)
        with within(15):
            while "ok" not in await m.asks("room.open", room=room, resume=here):  # noqa: ASYNC110
                await trio.sleep(0.1)
        await say_until_it_is_taken(m, room, "again", within_s=15)
        assert (await m.hears("message"))["text"] == "again"


async def test_without_the_bus_changes_are_refused_and_who_is_online_is_right_again_once_it_is_back(
    stage: Stage,
) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    async with visit(a, mina, room) as m, visit(b, jun, room):
        of = (await say(m, room, "before"))["seq"]
        await trio.to_thread.run_sync(stage.valkey.kill)
        await until_ready(a, False, within_s=3)
        cheer = {"room": room, "client_id": uuid7(), "of": of, "emoji": "🎉"}
        with within(5):
            refusal = await m.refused("reaction.add", **cheer)
            assert refusal["temporary"], refusal
            refusal = await m.refused("presence.query", users=[jun.id])
            assert refusal["temporary"], refusal
        stage.valkey.wipe()  # it comes back with a new disk
        await trio.to_thread.run_sync(stage.valkey.start)
        taken = await change_until_it_is_taken(m, "reaction.add", cheer, within_s=20)
        assert taken["seq"] > of
        with within(20):
            while (await states_of(m, jun)) != ["online"]:  # noqa: ASYNC110 - of another process
                await trio.sleep(0.1)


async def states_of(raw: Raw, *people: Person) -> list[str]:
    """What is told of people now; nothing when that cannot be known."""
    reply = await raw.asks("presence.query", users=[person.id for person in people])
    if "ok" not in reply:
        assert reply["error"]["temporary"], reply
        return []
    return [each["state"] for each in reply["ok"]["people"]]


# --- PostgreSQL, the truth about people -------------------------------------------------------------------------------


async def test_without_postgresql_members_go_on_and_newcomers_are_asked_to_come_again(stage: Stage) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room, other = stage.world.room(mina, jun), stage.world.room(mina, jun)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        await trio.to_thread.run_sync(stage.postgres.kill)
        await say(m, room, "still here")
        assert (await j.hears("message"))["text"] == "still here"
        refusal = await m.refused("room.open", room=other)
        assert (refusal["code"], refusal["temporary"]) == ("unavailable", True)
        async with open_raw(a.port) as raw:
            await raw.shake_hands()
            await raw.say({"type": "hello", "token": jun.token()})
            assert await raw.ends() == (4000, "internal")  # come back
        assert await is_ready(a)
        await trio.to_thread.run_sync(stage.postgres.start)
        with within(15):
            while "ok" not in await m.asks("room.open", room=other):  # noqa: ASYNC110
                await trio.sleep(0.1)


async def test_without_postgresql_who_is_in_goes_on_changing_and_looking_back(stage: Stage) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        of = (await say(m, room, "still here"))["seq"]
        assert (await j.hears("message"))["seq"] == of
        await j.ok("history.page", room=room)
        await trio.to_thread.run_sync(stage.postgres.kill)
        await m.ok("message.edit", room=room, client_id=uuid7(), of=of, text="and well")
        assert (await j.hears("message.edited"))["text"] == "and well"
        await j.ok("reaction.add", room=room, client_id=uuid7(), of=of, emoji="🎉")
        for raw in (m, j):
            assert (await raw.hears("reaction"))["emoji"] == "🎉"
        page = await j.ok("history.page", room=room)
        assert [event["type"] for event in page["events"]] == ["message", "message.edited", "reaction"]
        await trio.to_thread.run_sync(stage.postgres.start)


async def test_without_postgresql_nothing_is_done_to_others_messages_since_it_could_not_be_noted(
    stage: Stage,
) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    stage.world.sql(make_owner, mina.id, room)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        theirs, own = (await say(j, room, "buy this"))["seq"], (await say(m, room, "no"))["seq"]
        assert [(await m.hears("message"))["seq"] for _ in range(2)] == [theirs, own]
        await trio.to_thread.run_sync(stage.postgres.kill)
        again = {"room": room, "client_id": uuid7(), "of": theirs}
        for command in ("message.delete", "pin.add"):
            refused = await m.refused(command, **again | {"client_id": uuid7()})
            assert (refused["code"], refused["temporary"]) == ("unavailable", True)
        refused = await m.refused("message.delete", **again)
        await m.ok("message.delete", room=room, client_id=uuid7(), of=own)  # one's own needs no note
        await j.hears("message.deleted", of=own)
        page = await j.ok("history.page", room=room)
        assert [event["text"] for event in page["events"][:2]] == ["buy this", ""]
        await trio.to_thread.run_sync(stage.postgres.start)
        with within(15):
            while "ok" not in (reply := await m.asks("message.delete", **again)):
                assert reply["error"]["temporary"], reply
                await trio.sleep(0.1)
        assert (await j.hears("message.deleted", of=theirs))["by"] == mina.id
    assert stage.world.sql(noted, room) == 1


async def make_owner(connection: asyncpg.Connection, person: str, room: str) -> None:
    await connection.execute(
        "UPDATE members SET role = 'owner' WHERE room_id = $1 AND user_id = $2", room, person
    )


async def noted(connection: asyncpg.Connection, room: str) -> int:
    count: int = await connection.fetchval("SELECT count(*) FROM room_audit WHERE room_id = $1", room)
    return count
