"""What a room says by itself: from control's transaction to everybody's screen, once, and by nobody else."""

from __future__ import annotations

from typing import Any

import trio

from common import feed
from common.ids import uuid7
from common.postgres import Connection
from tests.support.feed import publish, publish_again
from tests.support.rawsocket import Raw
from tests.support.visit import say, saying, visit
from tests.support.world import Replica, World

Json = dict[str, Any]
TEXT = "‘자료구조’ 수업이 열렸습니다."


def opened(room: str) -> feed.RoomSpoke:
    return feed.RoomSpoke(room=room, code="class_opened", params={"title": "자료구조"}, text=TEXT)


async def promote(connection: Connection, person: str, room: str) -> None:
    await connection.execute(
        "UPDATE members SET role = 'moderator' WHERE room_id = $1 AND user_id = $2", room, person
    )


async def page(raw: Raw, room: str) -> list[Json]:
    found: list[Json] = (await raw.ok("history.page", room=room))["events"]
    return found


async def test_a_room_says_its_word_once_to_all_however_often_it_is_told(
    shared_world: World, pair: tuple[Replica, Replica]
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        (entry,) = publish(shared_world, opened(room))
        for raw in (m, j):
            heard = await raw.hears("message", room=room)
            assert (heard["kind"], heard["sender"], heard["text"]) == ("system", "", TEXT)
            assert heard["system"] == {"code": "class_opened", "params": {"title": "자료구조"}}
            assert (heard["seq"], heard["mseq"]) == (1, 1), "it counts as unread as any message does"
        publish_again(shared_world, entry, opened(room))
        await say(m, room, "네")
        await j.hears("message", text="네")
        assert [event.get("kind", "text") for event in await page(j, room)] == [
            "system",
            "text",
        ]


async def test_who_has_not_the_room_open_hears_that_something_was_said(
    shared_world: World, pair: tuple[Replica, Replica]
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as m:
        publish(shared_world, opened(room))
        news = await m.hears("personal.message", room=room)
        assert (news["mseq"], news["sender"]) == (1, "")


async def test_nobody_says_it_but_the_room(shared_world: World, pair: tuple[Replica, Replica]) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as m:
        refused = await m.refused("message.send", **saying(room, "가짜"), kind="system")
        assert refused["code"] == "invalid"
        await m.ok("message.send", **saying(room, "진짜"), system={"code": "class_opened"}, sender="")
        await m.hears("message", text="진짜")
        (event,) = await page(m, room)
        assert (event["sender"], event.get("kind"), event.get("system")) == (mina.id, None, None)


async def test_no_search_finds_it_and_nobody_edits_it(
    shared_world: World, pair: tuple[Replica, Replica]
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as m:
        publish(shared_world, opened(room))
        await m.hears("message", room=room)
        await say(m, room, "자료구조 공부할 사람?")
        await m.hears("message", text="자료구조 공부할 사람?")
        found = await m.ok("history.search", room=room, text="자료구조")
        assert [event["seq"] for event in found["events"]] == [2]
        refused = await stored(m, "message.edit", room=room, of=1, text="다른 말")
        assert refused["error"]["code"] == "forbidden"


async def test_it_is_answered_and_deleted_as_any_message_and_nothing_is_left_of_it(
    shared_world: World, pair: tuple[Replica, Replica]
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    shared_world.sql(promote, mina.id, room)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        publish(shared_world, opened(room))
        await m.hears("message", room=room)
        await j.ok("message.send", **saying(room, "갈게요"), reply_to=1)
        assert (await stored(j, "message.delete", room=room, of=1))["error"]["code"] == "forbidden"
        assert "ok" in await stored(m, "message.delete", room=room, of=1)
        for raw in (m, j):
            await raw.hears("message.deleted", room=room)
        left = (await page(j, room))[0]
        assert (left["text"], left["sender"]) == ("", "")
        assert "system" not in left
        assert "자료구조" not in repr(await page(m, room))


async def stored(raw: Raw, command: str, **fields: Any) -> Json:
    """The answer to a change, once the log has what it is about."""
    name = uuid7()
    with trio.fail_after(10):
        while True:
            reply: Json = await raw.asks(command, client_id=name, **fields)
            if reply.get("error", {}).get("code") != "log_unavailable":
                return reply
            await trio.sleep(0.05)
