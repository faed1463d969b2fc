"""Reading and typing while a store is away: what can go on goes on, what is lost is made good, nobody is cut off."""

from __future__ import annotations

import trio

from tests.endtoend.test_reading import last_read
from tests.faults.stage import Stage
from tests.support.promptly import within
from tests.support.rawsocket import Raw
from tests.support.visit import say, say_many, visit


async def mark_until_it_is_taken(raw: Raw, room: str, mseq: int) -> None:
    """Try again as long as the refusal is temporary."""
    with within(30):
        while "ok" not in (reply := await raw.asks("read.mark", room=room, mseq=mseq)):
            assert reply["error"]["temporary"], reply
            await trio.sleep(0.1)
    assert reply["ok"] == {"mseq": mseq}


async def test_without_the_bus_a_room_that_is_open_is_marked_and_news_comes_back_by_itself(
    stage: Stage,
) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room, closed = stage.world.room(mina, jun), stage.world.room(mina, jun)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        await say_many(j, room, 3)
        await m.hears("message", text="2")
        await trio.to_thread.run_sync(stage.valkey.kill)
        assert await m.ok("read.mark", room=room, mseq=2) == {"mseq": 2}
        assert await last_read(stage.world, mina, room) == 2
        refusal = await m.refused(
            "read.mark", room=closed, mseq=1
        )  # nobody here can know what was said there
        assert (refusal["code"], refusal["temporary"]) == ("unavailable", True)
        await m.ok("typing", room=room, on=True)  # which is lost
        await trio.to_thread.run_sync(stage.valkey.start)
        with within(30):
            while not await j.heard_so_far("typing"):
                await m.ok("typing", room=room, on=True)
                await trio.sleep(0.2)
        await mark_until_it_is_taken(m, room, 3)
        assert (await j.hears("read", mseq=3))["user"] == mina.id


async def test_without_postgresql_marks_are_refused_as_temporary_and_what_was_said_is_marked_later(
    stage: Stage,
) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        await say_many(j, room, 2)
        await m.hears("message", text="1")
        await trio.to_thread.run_sync(stage.postgres.kill)
        mine = await say(m, room, "still here")
        assert mine["mseq"] == 3
        refusal = await m.refused("read.mark", room=room, mseq=2)
        assert (refusal["code"], refusal["temporary"]) == ("unavailable", True)
        assert refusal["retry_after_ms"] > 0
        await trio.to_thread.run_sync(stage.postgres.start)
        with within(30):
            assert (await m.hears("personal.read", mseq=3))["unread"] == 0
        assert await last_read(stage.world, mina, room) == 3


async def test_without_the_log_a_mark_is_written_and_mentions_are_honestly_unknown(stage: Stage) -> None:
    a, b = stage.replicas
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        await say_many(j, room, 3)
        await m.hears("message", text="2")
        await trio.to_thread.run_sync(stage.mongo.kill)
        assert await m.ok("read.mark", room=room, mseq=1) == {"mseq": 1}
        told = await m.hears("personal.read")
        assert (told["mseq"], told["unread"], told.get("mentions", 0)) == (1, 2, 0)
