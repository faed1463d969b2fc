"""A room's timer: one for all replicas, exact for who comes late, told to be over once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import trio

from common.clock import now_ms
from common.ids import uuid7
from tests.support.feed import mute
from tests.support.promptly import within
from tests.support.rawsocket import Raw
from tests.support.redis import open_client
from tests.support.visit import meeting, once, say, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]
HOUR = 3_600_000
AT_ONCE = 2  # seconds


async def does(raw: Raw, act: str, room: str, client_id: str | None = None, **more: Any) -> dict[str, Any]:
    """Something is done to the timer: its place."""
    return await raw.ok(f"timer.{act}", room=room, client_id=client_id or uuid7(), **more)


async def does_all(raw: Raw, acts: Sequence[str], room: str) -> None:
    """Do what of these can be done, without waiting in between."""
    fields = [{"type": act, "id": f"{n}", "room": room, "client_id": uuid7()} for n, act in enumerate(acts)]
    await raw.say(*fields)
    for each in fields:
        await raw.hears("reply", id=each["id"])


async def refused(raw: Raw, act: str, room: str, **more: Any) -> str:
    code: str = (await raw.refused(f"timer.{act}", room=room, client_id=uuid7(), **more))["code"]
    return code


async def opens(raw: Raw, room: str) -> dict[str, Any]:
    """The timer as whoever opens the room is told of it."""
    timer: dict[str, Any] = (await raw.ok("room.open", room=room))["timer"]
    return timer


async def test_whoever_comes_late_on_any_replica_sees_what_the_others_see(
    shared_world: World, pair: Pair
) -> None:
    async with (
        meeting(shared_world, pair) as (room, (mina, jun), (m, far)),
        visit(pair[0], jun, room) as near,
    ):
        before = now_ms()
        sent = await does(m, "start", room, duration_ms=HOUR)
        ends_at = sent["at"] + HOUR
        assert before <= sent["at"] <= now_ms()
        for raw in (m, near, far):
            event = await raw.hears("timer")
            assert event == {
                "type": "timer", "seq": sent["seq"], "mseq": sent["mseq"], "at": sent["at"], "room": room,
                "sender": mina.id, "client_id": event["client_id"], "change": "started", "by": mina.id,
                "duration_ms": HOUR,
            }  # fmt: skip
        for replica in pair:
            async with visit(replica, jun) as late:
                assert await opens(late, room) == {
                    "seq": sent["seq"], "phase": "running", "duration_ms": HOUR, "ends_at": ends_at,
                    "run": sent["seq"], "by": mina.id,
                }  # fmt: skip
                asked = now_ms()
                now = (await late.ok("ping"))["now"]
                assert before <= late.welcome["now"] <= asked <= now <= now_ms()
        paused = await does(far, "pause", room)
        left = ends_at - paused["at"]
        await m.hears("timer", change="paused")
        async with visit(pair[0], mina) as late:
            timer = await opens(late, room)
            assert (timer["phase"], timer["remaining_ms"], "ends_at" in timer) == ("paused", left, False)
        resumed = await does(near, "resume", room)
        await far.hears("timer", change="resumed")
        async with visit(pair[1], mina) as late:
            assert (await opens(late, room))["ends_at"] == resumed["at"] + left
        await does(m, "reset", room)
        await far.hears("timer", change="reset")
        async with visit(pair[1], mina) as late:
            assert (await opens(late, room))["phase"] == "none"


async def test_the_end_is_told_once_on_time_however_many_replicas(shared_world: World, pair: Pair) -> None:
    async with meeting(shared_world, pair) as (room, _, (m, j)):
        with within(1 + AT_ONCE):
            sent = await does(m, "start", room, duration_ms=1000)
            over = await j.hears("timer", change="ended")
        assert over["run"] == sent["seq"]
        assert "by" not in over
        assert over["at"] >= sent["at"] + 1000
        await m.hears("timer", change="ended")
        await say(m, room, "after it")
        await m.hears("message")
        seqs = [each["seq"] for each in (await m.ok("history.page", room=room))["events"]]
        assert seqs == [sent["seq"], over["seq"], over["seq"] + 1]  # nothing was said twice, not even voided
        await does(j, "start", room, duration_ms=HOUR)


async def test_a_room_that_nobody_watched_gets_its_end_when_it_is_opened(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m:
        start = {"type": "timer.start", "id": "start", "client_id": uuid7(), "duration_ms": 1000}
        await m.say(start | {"room": room}, {"type": "room.close", "id": "close", "room": room})
        sent = (await m.hears("reply", id="start"))["ok"]
        await m.hears("reply", id="close")
        await trio.sleep(
            max(0, sent["at"] + 1100 - now_ms()) / 1000
        )  # nobody is to be heard meanwhile: time has to pass
        async with visit(pair[1], jun) as j:
            timer = await opens(j, room)
            assert (timer["phase"], timer["ends_at"]) == ("ended", sent["at"] + 1000)
            over = await j.hears("timer", change="ended")
            assert over["run"] == sent["seq"]
            assert (await opens(j, room))["ends_at"] == sent["at"] + 1000


async def test_what_makes_no_sense_is_refused_with_a_code_of_its_own(shared_world: World, pair: Pair) -> None:
    async with (
        meeting(shared_world, pair, strangers=1) as (room, (mina, jun, sol), (m, j)),
        visit(pair[0], sol) as s,
        visit(pair[0], mina) as closed,
    ):
        assert await refused(m, "pause", room) == "timer_not_running"
        assert await refused(m, "resume", room) == "timer_not_paused"
        assert await refused(m, "reset", room) == "no_timer"
        await does(m, "start", room, duration_ms=HOUR)
        assert await refused(j, "start", room, duration_ms=HOUR) == "timer_running"
        assert await refused(j, "resume", room) == "timer_not_paused"
        await does(j, "pause", room)
        assert await refused(m, "pause", room) == "timer_not_running"
        assert await refused(m, "start", room, duration_ms=HOUR) == "timer_running"
        assert await refused(s, "pause", room) == "not_a_member"
        assert await refused(closed, "resume", room) == "room_not_open"
        for wrong in (0, 999, 24 * HOUR + 1, -1, 1.5, "long", None):
            assert await refused(m, "start", room, duration_ms=wrong) == "invalid"
        mute(shared_world, jun, room, 100)
        await once(partial(refused, j, "pause", room), lambda code: code == "muted")


async def test_a_retry_is_answered_as_the_first_time(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    client_id = uuid7()
    async with visit(pair[0], mina, room) as m, visit(pair[1], mina, room) as again:
        first = await does(m, "start", room, client_id, duration_ms=HOUR)
        assert await does(m, "start", room, client_id, duration_ms=HOUR) == first
        assert await does(again, "start", room, client_id, duration_ms=HOUR) == first
        pause = uuid7()
        paused = await does(m, "pause", room, pause)
        await does(m, "resume", room)
        assert await does(again, "pause", room, pause) == paused
        await again.hears("timer", change="resumed")
        async with visit(pair[1], mina) as late:
            assert (await opens(late, room))["phase"] == "running"


async def test_everybody_at_once_leaves_one_timer_for_all(shared_world: World, pair: Pair) -> None:
    async with meeting(shared_world, pair) as (room, (mina, _jun), (m, j)):
        await does(m, "start", room, duration_ms=HOUR)
        acts = [f"timer.{act}" for act in ("pause", "resume")] * 5
        async with trio.open_nursery() as nursery:
            for raw in (m, j):
                nursery.start_soon(does_all, raw, acts, room)
        await say(m, room, "that was all")
        for raw in (m, j):
            await raw.hears("message", text="that was all")
        timers = []
        for replica in pair:
            async with visit(replica, mina) as late:
                timers.append(await opens(late, room))
        assert timers[0] == timers[1]


async def test_it_counts_as_nothing_unread_and_is_in_the_history(shared_world: World, pair: Pair) -> None:
    async with meeting(shared_world, pair) as (room, (mina, _jun), (m, j)):
        before = (await say(m, room))["mseq"]
        sent = await does(m, "start", room, duration_ms=HOUR)
        assert sent["mseq"] == before
        await j.hears("timer")
        page = await j.ok("history.page", room=room)
        assert [each["type"] for each in page["events"]] == ["message", "timer"]
        assert page["events"][1] == {
            "type": "timer", "seq": sent["seq"], "at": sent["at"], "room": room, "change": "started",
            "by": mina.id, "duration_ms": HOUR,
        }  # fmt: skip


async def test_a_timer_of_long_ago_is_found_again_by_a_new_replica(world: World) -> None:
    (mina,) = world.people(1)
    room = world.room(mina)
    (a,) = world.replicas(1, CHATD_RECENT_MIB="1")
    async with visit(a, mina, room) as m:
        sent = await does(m, "start", room, duration_ms=HOUR)
        for _ in range(3):
            await does(m, "pause", room)
            resumed = await does(m, "resume", room)
    a.kill()
    (b,) = world.replicas(1)
    async with visit(b, mina) as m:
        timer = await opens(m, room)
        assert (timer["phase"], timer["run"], timer["duration_ms"]) == ("running", resumed["seq"], HOUR)
        assert sent["at"] + HOUR <= timer["ends_at"] < resumed["at"] + HOUR


async def test_over_the_death_of_a_replica_it_ends_once(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        sent = await does(m, "start", room, duration_ms=1500)
        await j.hears("timer")
        a.kill()
        over = await j.hears("timer", change="ended")
        assert over["at"] - sent["at"] >= 1490
        await say(j, room, "after it")
        await j.hears("message")
        events = (await j.ok("history.page", room=room))["events"]
        assert [each.get("change") for each in events] == ["started", "ended", None]


async def test_redis_emptied_costs_no_timer(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        sent = await does(m, "start", room, duration_ms=HOUR)
        with open_client(world.redis_url) as client:
            client.flushdb()
        await say(m, room, "who was the last to speak?")  # so that somebody notices
        for raw in (m, j):
            await raw.hears("reset")
            told = (await raw.hears("timer.now"))["timer"]
            assert (told["phase"], told["ends_at"]) == ("running", sent["at"] + HOUR)
        await does(j, "pause", room)
        assert (await m.hears("timer", change="paused"))["by"] == jun.id
