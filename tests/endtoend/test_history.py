"""Pages of the past: whole, in order, no further back than this reader may see."""

from __future__ import annotations

from typing import Any

import pymongo
import pytest
import trio

from common.ids import uuid7
from common.roomlog.index import LAYOUT
from common.roomlog.position import key_of
from tests.support.feed import join
from tests.support.rawsocket import Raw
from tests.support.visit import say, say_many, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


async def page(raw: Raw, room: str, **where: Any) -> tuple[list[int], bool]:
    """The seqs on a page, and whether there are more."""
    found = await raw.ok("history.page", room=room, **where)
    return [event["seq"] for event in found["events"]], found["more"]


async def test_pages_backward_and_forward(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        await say_many(raw, room, 10)
    async with visit(pair[1], mina) as raw:
        assert await page(raw, room) == (list(range(1, 11)), False)
        assert await page(raw, room, limit=3) == ([8, 9, 10], True)
        assert await page(raw, room, limit=3, before=8) == ([5, 6, 7], True)
        assert await page(raw, room, limit=3, before=4) == ([1, 2, 3], False)
        assert await page(raw, room, before=1) == ([], False)
        assert await page(raw, room, before=0) == ([], False)
        assert await page(raw, room, limit=3, before=999) == ([8, 9, 10], True)
        assert await page(raw, room, limit=3, after=0) == ([1, 2, 3], True)
        assert await page(raw, room, limit=3, after=7) == ([8, 9, 10], False)
        assert await page(raw, room, after=10) == ([], False)
        assert await page(raw, room, after=999) == ([], False)


async def test_a_room_where_nothing_was_said_has_an_empty_page(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        assert await page(raw, room) == ([], False)
        assert await page(raw, room, after=0) == ([], False)


@pytest.mark.parametrize(
    "where", [{"limit": 0}, {"limit": 101}, {"before": -1}, {"after": 10**12}, {"after": "x"}]
)
async def test_a_page_out_of_bounds_is_refused(
    shared_world: World, pair: Pair, where: dict[str, Any]
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        assert (await raw.refused("history.page", room=room, **where))["code"] == "invalid"


async def test_an_event_of_the_past_reads_as_it_did_live(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as raw:
        await say(raw, room, '안녕 "👋"')
        live = await raw.hears("message")
        (past,) = (await raw.ok("history.page", room=room))["events"]
        assert past == live


async def test_where_history_begins_with_joining_nothing_before_is_shown(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, history="joined")
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun) as j:
        await say_many(m, room, 12)
        join(shared_world, jun, room)
        assert (await m.hears("member", change="joined", user=jun.id))["seq"] == 13
        await say(m, room, "welcome")
        assert await page(j, room) == ([13, 14], False)
        assert await page(j, room, before=13) == ([], False)
        assert await page(j, room, before=20, limit=1) == ([14], True)
        assert (await page(m, room, limit=100))[0][0] == 1


async def test_reading_on_from_before_ones_joining_begins_with_it(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, history="joined")
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        await say_many(m, room, 30)
        join(shared_world, jun, room)
        await j.hears("personal.room", change="joined", room=room)
        await say(m, room, "welcome")
        for after in (0, 5, 29):
            visible, _ = await page(j, room, after=after, limit=5)
            assert visible[0] == 31


async def test_long_messages_fill_a_page_sooner_and_none_is_lost(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        for _ in range(50):
            await say(raw, room, "흙" * 4000)  # 12 KB each: 600 KB in all
    async with visit(pair[1], mina) as raw:
        backward: list[int] = []
        more = True
        while more:
            seqs, more = await page(raw, room, limit=50, before=backward[0] if backward else 10**6)
            assert 15 <= len(seqs) <= 25 or not more
            backward = seqs + backward
        forward: list[int] = []
        more = True
        while more:
            seqs, more = await page(raw, room, limit=50, after=forward[-1] if forward else 0)
            forward += seqs
        assert backward == forward == list(range(1, 51))


# --- around -----------------------------------------------------------------------------------------------------------


async def test_a_page_around_an_event_tells_what_lies_on_both_sides(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        await say_many(raw, room, 12)
        found = await raw.ok("history.page", room=room, around=6, limit=4)
        assert [event["seq"] for event in found["events"]] == [4, 5, 6, 7]
        assert (found["more"], found["newer"]) == (True, True)
        found = await raw.ok("history.page", room=room, around=12, limit=4)
        assert [event["seq"] for event in found["events"]] == [9, 10, 11, 12]
        assert found["more"]
        assert "newer" not in found


# --- threads and pins -------------------------------------------------------------------------------------------------


async def changed(raw: Raw, command: str, room: str, of: int, **more: Any) -> dict[str, Any]:
    """A change that is granted: its place."""
    ok: dict[str, Any] = await raw.ok(command, room=room, of=of, client_id=uuid7(), **more)
    return ok


async def reply(raw: Raw, room: str, to: int, text: str) -> int:
    """Answer a message; the seq of the reply."""
    place = await raw.ok("message.send", room=room, client_id=uuid7(), text=text, reply_to=to)
    seq: int = place["seq"]
    return seq


async def thread(raw: Raw, room: str, of: int, **where: Any) -> tuple[list[int], bool]:
    """The seqs of a thread's page, and whether there are more."""
    found = await raw.ok("history.thread", room=room, of=of, **where)
    return [event["seq"] for event in found["events"]], found["more"]


async def test_a_thread_is_its_message_and_the_replies_in_order(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        asked = (await say(m, room, "점심 뭐 먹을까요?"))["seq"]
        replies = []
        for number in range(4):
            await say(m, room, "between")
            replies.append(await reply((m, j)[number % 2], room, asked, f"국밥 {number}"))
        for raw in (m, j):
            assert await thread(raw, room, asked) == ([asked, *replies], False)
            assert await thread(raw, room, asked, limit=2) == ([asked, *replies[2:]], True)
            assert await thread(raw, room, asked, limit=2, before=replies[2]) == (
                [asked, *replies[:2]],
                False,
            )
            assert await thread(raw, room, asked, limit=2, after=0) == ([asked, *replies[:2]], True)
            assert await thread(raw, room, asked, limit=2, after=replies[1]) == (
                [asked, *replies[2:]],
                False,
            )
        assert await thread(j, room, replies[0]) == ([replies[0]], False)


async def test_a_deleted_reply_is_a_tombstone_in_its_thread(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        asked = (await say(raw, room, "점심?"))["seq"]
        gone = await reply(raw, room, asked, "a secret")
        await changed(raw, "message.delete", room, gone)
        found = await raw.ok("history.thread", room=room, of=asked)
        assert [event["seq"] for event in found["events"]] == [asked, gone]
        assert "secret" not in str(found)
        assert [state["seq"] for state in found["states"] if "deleted" in state] == [gone]


async def test_a_thread_of_what_is_no_message_or_not_to_be_seen_is_refused(
    shared_world: World, pair: Pair
) -> None:
    mina, jun, stranger = shared_world.people(3)
    room = shared_world.room(mina, history="joined")
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j, visit(pair[1], stranger) as s:
        asked = (await say(m, room, "before"))["seq"]
        pin = (await changed(m, "pin.add", room, asked))["seq"]
        join(shared_world, jun, room)
        await j.hears("personal.room", change="joined", room=room)
        for raw, of in ((m, 999), (m, pin), (j, asked)):
            assert (await raw.refused("history.thread", room=room, of=of))["code"] == "message_not_found"
        for command, more in (
            ("thread", {"of": asked}), ("pins", {}), ("page", {}), ("search", {"text": "before"}),
        ):  # fmt: skip
            refusal = await s.refused(f"history.{command}", room=room, **more)
            assert refusal["code"] == "not_a_member"


async def test_pins_are_told_with_what_was_pinned_last_first(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, history="joined")
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        seqs = [place["seq"] for place in await say_many(m, room, 3)]
        for seq in (seqs[2], seqs[0], seqs[1]):
            await changed(m, "pin.add", room, seq)
        await changed(m, "pin.remove", room, seqs[0])
        found = await m.ok("history.pins", room=room)
        assert [event["seq"] for event in found["events"]] == [seqs[1], seqs[2]]
        assert not found["more"]
        assert all(state["pinned"]["by"] == mina.id for state in found["states"])
        (pin,) = (state["pinned"]["seq"] for state in found["states"] if state["seq"] == seqs[1])
        found = await m.ok("history.pins", room=room, before=pin)
        assert [event["seq"] for event in found["events"]] == [seqs[2]]
        join(shared_world, jun, room)
        await j.hears("personal.room", change="joined", room=room)
        assert (await j.ok("history.pins", room=room))["events"] == []
        later = (await say(m, room, "later"))["seq"]
        await changed(m, "pin.add", room, later)
        assert [e["seq"] for e in (await j.ok("history.pins", room=room))["events"]] == [later]


# --- search -----------------------------------------------------------------------------------------------------------


async def found_by(raw: Raw, room: str, text: str, **asked: Any) -> list[int]:
    """The seqs of all messages found, page by page."""
    seqs: list[int] = []
    more: dict[str, Any] = {}
    while True:
        found = await raw.ok("history.search", room=room, text=text, **asked, **more)
        seqs += [event["seq"] for event in found["events"]]
        if "next" not in found:
            return seqs
        more = {"before": found["next"]}


async def test_what_was_said_a_moment_ago_is_found_on_any_replica(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        first = (await say(m, room, "돼지국밥집 앞에서 만나요"))["seq"]
        await say(m, room, "see you at the Restaurant")
        last = (await say(j, room, "국밥 말고 냉면"))["seq"]
        for raw in (m, j):
            assert await found_by(raw, room, "국밥") == [last, first]
            assert await found_by(raw, room, "국밥", limit=1) == [last, first]
            assert await found_by(raw, room, "밥 만나") == [first]
            assert await found_by(raw, room, "rESTau") == [first + 1]
            assert await found_by(raw, room, "없는말") == []


async def test_a_search_finds_what_messages_say_now(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        edited = (await say(m, room, "국밥 먹자"))["seq"]
        deleted = (await say(m, room, "국밥 먹자"))["seq"]
        kept = (await say(m, room, "국밥 먹자"))["seq"]
        await changed(m, "message.edit", room, edited, text="냉면 먹자")
        await changed(m, "message.delete", room, deleted)
        for raw in (m, j):
            assert await found_by(raw, room, "국밥") == [kept]
            assert await found_by(raw, room, "냉면") == [edited]
            assert await found_by(raw, room, "먹자") == [edited, kept]
        found = await j.ok("history.search", room=room, text="냉면")
        assert found["states"][0]["edited"]["text"] == "냉면 먹자"


async def test_a_search_finds_nothing_from_before_ones_joining(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, history="joined")
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        before = (await say(m, room, "국밥"))["seq"]
        join(shared_world, jun, room)
        await j.hears("personal.room", change="joined", room=room)
        await changed(m, "message.edit", room, before, text="국밥 둘")
        after = (await say(m, room, "국밥 셋"))["seq"]
        assert await found_by(j, room, "국밥") == [after]
        assert await found_by(m, room, "국밥") == [after, before]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"text": ""}, "invalid"),
        ({"text": "x" * 101}, "invalid"),
        ({"text": "  \n "}, "text_empty"),
        ({"text": "국밥", "limit": 51}, "invalid"),
        ({"text": "국밥", "before": -1}, "invalid"),
        ({}, "invalid"),
    ],
)
async def test_a_search_for_nothing_or_out_of_bounds_is_refused(
    shared_world: World, pair: Pair, asked: dict[str, Any], code: str
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        assert (await raw.refused("history.search", room=room, **asked))["code"] == code


async def test_a_room_without_an_index_is_indexed_once_somebody_searches_it(
    shared_world: World, pair: Pair
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    documents = [
        {
            "_id": key_of(room, seq), "type": "message", "room": room, "sender": mina.id,
            "client_id": f"old-{seq:06}", "text": f"word {seq}", "seq": seq, "mseq": seq, "at": 1_700_000_000_000 + seq,
        }
        for seq in range(1, 4 * LAYOUT.block)
    ]  # fmt: skip
    with pymongo.MongoClient[dict[str, Any]](shared_world.mongo_url) as client:
        database = client.get_default_database()
        database.events.insert_many(documents, ordered=False)
        async with visit(pair[0], mina) as raw:
            # A single letter is not in the index, so nothing is indexed by the way.
            assert await found_by(raw, room, "x") == []
            keys = {"$gte": f"{room}:", "$lt": f"{room};"}
            with trio.fail_after(20):
                while database.grams.count_documents({"_id": keys}) < 4 * LAYOUT.block_buckets:  # noqa: ASYNC110 - of another process
                    await trio.sleep(0.1)
            assert await found_by(raw, room, "word 77") == [
                seq for seq in range(4 * LAYOUT.block, 0, -1) if "77" in str(seq)
            ]
