"""Marking as read over HTTP: forward only, never beyond what was said, told once for each move; and what is shown of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
import trio

from common import feed
from common.postgres import Connection
from tests.control.rooms.conftest import Guests, Talk, good, refused
from tests.support.control import Control
from tests.support.mentioning import mention

NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"
Moves = Callable[[], Awaitable[list[feed.CursorMoved]]]


@pytest.fixture
def moves(control: Control) -> Moves:
    """The cursors that were announced to have moved, in order."""
    import msgspec

    async def read(connection: Connection) -> list[feed.CursorMoved]:
        rows = await connection.fetch("SELECT data FROM outbox ORDER BY id")
        changes = [msgspec.json.decode(row["data"], type=feed.AnyChange) for row in rows]
        return [change for change in changes if isinstance(change, feed.CursorMoved)]

    async def moves() -> list[feed.CursorMoved]:
        return await control.services.db.read(read)

    return moves


async def test_the_mark_only_goes_forward_and_not_beyond_what_was_said(guests: Guests, talk: Talk) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    assert good(await mina.mark_read(room, 7)) == {"last_read": 0}
    await talk.say(room, mina, *"abcdefgh")
    assert good(await mina.mark_read(room, 7)) == {"last_read": 7}
    assert good(await mina.mark_read(room, 3)) == {"last_read": 7}
    await talk.come(room, jun)
    assert good(await mina.mark_read(room, 10**11)) == {"last_read": 8}
    refused(await mina.mark_read(room, -1), "invalid")
    refused(await mina.mark_read(room, 10**12), "invalid")
    refused(await jun.mark_read(room, 7), "not_a_member")
    refused(await jun.mark_read(NOBODY, 7), "not_a_member")


async def test_a_move_is_news_with_what_remains_and_no_move_is_none(
    guests: Guests, talk: Talk, control: Control, moves: Moves
) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    await talk.say(room, mina, *"abcdefgh")
    await mention(control.services.mongo, room, (2, 5, 8), mina.id)
    await mention(control.services.mongo, room, (1, 6, 8), everybody=True)
    for mseq in (5, 5, 2, 8):
        good(await mina.mark_read(room, mseq))
    refused(await jun.mark_read(room, 8), "not_a_member")
    assert await moves() == [
        feed.CursorMoved(room=room, user=mina.id, mseq=5, unread=3, mentions=2, shown=True),
        feed.CursorMoved(room=room, user=mina.id, mseq=8, unread=0, mentions=0, shown=True),
    ]


async def test_a_large_room_is_not_told(guests: Guests, talk: Talk, control: Control, moves: Moves) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    await talk.say(room, mina, "a")

    async def enlarge(connection: Connection) -> Any:
        return await connection.execute("UPDATE rooms SET member_count = 201 WHERE id = $1", room)

    await control.services.db.transaction(enlarge)
    good(await mina.mark_read(room, 1))
    assert [move.shown for move in await moves()] == [False]


async def test_marks_that_race_end_at_the_furthest_and_are_told_in_order(
    guests: Guests, talk: Talk, moves: Moves
) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    await talk.say(room, mina, *[str(number) for number in range(30)])
    answers: list[tuple[int, httpx.Response]] = []

    async def mark(mseq: int) -> None:
        answers.append((mseq, await mina.mark_read(room, mseq)))

    async with trio.open_nursery() as nursery:
        for mseq in [*range(30, 0, -2), *range(1, 30, 2)]:
            nursery.start_soon(mark, mseq)
    assert all(good(answer)["last_read"] >= mseq for mseq, answer in answers)
    assert (await mina.room(room))["membership"]["last_read"] == 30
    told = [move.mseq for move in await moves()]
    assert told == sorted(set(told))
    assert told[-1] == 30


async def test_my_rooms_show_how_many_of_the_unread_mention_me(
    guests: Guests, talk: Talk, control: Control
) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    await jun.join(room)
    await talk.say(room, jun, *"abcdef")
    await mention(control.services.mongo, room, (1, 3, 5), mina.id)
    await mention(control.services.mongo, room, (5, 6), everybody=True)
    await mina.mark_read(room, 2)
    mine = (await mina.mine())["rooms"][0]
    assert (mine["unread"], mine["mentions"]) == (4, 3)
    await talk.say(room, mina, "well")  # which chatd writes down a moment later
    mine = (await mina.mine())["rooms"][0]
    assert (mine["unread"], mine["mentions"]) == (0, 0)


async def test_members_of_a_small_room_are_shown_with_how_far_they_have_read(
    guests: Guests, talk: Talk, control: Control
) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    await jun.join(room)
    await talk.say(room, mina, *"abc")
    await jun.mark_read(room, 2)

    async def shown() -> list[int | None]:
        return [member["last_read"] for member in (await mina.members(room))["members"]]

    async def enlarge(connection: Connection) -> Any:
        return await connection.execute("UPDATE rooms SET member_count = 201 WHERE id = $1", room)

    assert await shown() == [0, 2]
    await control.services.db.transaction(enlarge)
    assert await shown() == [None, None]


async def test_across_a_block_nobody_is_seen_to_read(
    guests: Guests, talk: Talk, control: Control, moves: Moves
) -> None:
    mina, jun, sol = await guests(3)
    room = (await mina.create())["id"]
    for who in (jun, sol):
        await who.join(room)
    await talk.say(room, sol, *"abc")
    assert (await mina.http.put(f"/api/v1/me/relations/blocked/{jun.id}")).is_success
    for who in (mina, jun):
        good(await who.mark_read(room, 2))
    assert [move.hidden for move in await moves()] == [(jun.id,), (mina.id,)]
    shown = [
        [member["last_read"] for member in (await who.members(room))["members"]] for who in (mina, jun, sol)
    ]
    assert shown == [[2, None, 0], [None, 2, 0], [2, 2, 0]]


async def test_whom_i_blocked_calls_me_nowhere_and_their_last_word_is_folded(
    guests: Guests, talk: Talk, control: Control, moves: Moves
) -> None:
    mina, jun = await guests(2)
    rooms = [(await mina.create())["id"] for _ in range(2)]
    for room in rooms:
        await jun.join(room)
        await talk.say(room, jun, *"abc")
        await mention(control.services.mongo, room, (2, 3), mina.id, sender=jun.id)
        await mention(control.services.mongo, room, (3,), everybody=True, sender=mina.id)
    assert (await mina.http.put(f"/api/v1/me/relations/blocked/{jun.id}")).is_success
    for mine in (await mina.mine())["rooms"]:
        assert (mine["unread"], mine["mentions"], mine["last_message"]["folded"]) == (3, 1, True)
    good(await mina.mark_read(rooms[0], 1))
    assert [(move.unread, move.mentions) for move in await moves()] == [(2, 1)]
    assert (await mina.http.delete(f"/api/v1/me/relations/blocked/{jun.id}")).is_success
    assert [mine["mentions"] for mine in (await mina.mine())["rooms"]] == [2, 2]
