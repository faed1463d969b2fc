"""What becomes of a message: edits, tombstones, replies and mentions; over two replicas."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import asyncpg
import pytest
import trio

from common import feed
from common.ids import uuid7
from tests.endtoend.changing import CHANGES, Pair, at_once, change, do, page, refused, state, types
from tests.support.feed import mute, publish
from tests.support.rawsocket import Raw
from tests.support.visit import once, refusal_of, say, saying, visit
from tests.support.world import World

# --- edits ------------------------------------------------------------------------------------------------------------


async def test_an_edit_is_an_event_of_its_own_and_the_state_of_its_message(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        said = await say(m, room, "점심?")
        place = await do(m, "message.edit", room, said["seq"], text="저녁?")
        assert place["seq"] == said["seq"] + 1
        assert place["mseq"] == said["mseq"], "it is no message, and nobody's unread count grows"
        heard = await j.hears("message.edited")
        assert heard["of"] == said["seq"]
        assert (heard["text"], heard["by"], heard["seq"]) == ("저녁?", mina.id, place["seq"])
        assert await state(j, room, said["seq"]) == {
            "edited": {"seq": place["seq"], "at": place["at"], "text": "저녁?"}
        }


async def test_edits_of_the_same_message_at_once_end_in_the_last_of_them_for_everybody(
    shared_world: World, pair: Pair
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    places: dict[int, str] = {}

    async def edit(raw: Raw, *texts: str) -> None:
        replies = await at_once(raw, "message.edit", *(change(room, 1, text=text) for text in texts))
        places.update({reply["ok"]["seq"]: text for reply, text in zip(replies, texts, strict=True)})

    async with visit(pair[0], mina, room) as a, visit(pair[1], mina, room) as b:
        await say(a, room)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(edit, a, "a", "b", "c")
            nursery.start_soon(edit, b, "d", "e", "f")
        assert sorted(places) == list(range(2, 8))
        for reader in (a, b):
            await reader.hears("message.edited", seq=7)
            assert (await state(reader, room, 1))["edited"]["text"] == places[7]


async def test_moderators_see_what_a_message_said_before(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], jun) as j, visit(pair[1], mina) as m:
        await say(j, room, "first")
        for text in ("second", "third"):
            await do(j, "message.edit", room, 1, text=text)
        assert (await j.refused("history.edits", room=room, of=1))["code"] == "forbidden"
        shown = await m.ok("history.edits", room=room, of=1)
        assert [event["text"] for event in shown["events"]] == ["first", "second", "third"]
        assert not shown["more"]
        newest = await m.ok("history.edits", room=room, of=1, limit=1)
        assert ([event["text"] for event in newest["events"]], newest["more"]) == (["third"], True)
        before = await m.ok("history.edits", room=room, of=1, before=newest["events"][0]["seq"])
        assert [event["text"] for event in before["events"]] == ["first", "second"]
        assert (await m.refused("history.edits", room=room, of=7))["code"] == "message_not_found"


# --- deletions --------------------------------------------------------------------------------------------------------


async def test_a_deleted_message_leaves_a_tombstone_and_its_words_are_nowhere(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        said = await m.ok("message.send", **saying(room, "a secret"), mentions=[jun.id])
        opened = await j.ok("room.open", room=room)
        await do(m, "message.edit", room, said["seq"], text="the secret, in other words")
        await do(j, "reaction.add", room, said["seq"])
        gone = await do(m, "message.delete", room, said["seq"])
        for reader in (m, j):
            assert (await reader.hears("message.deleted"))["of"] == said["seq"]
            shown = await page(reader, room)
            assert "secret" not in str(shown)
            assert jun.id not in str(shown["events"][0])
            assert await state(reader, room, said["seq"]) == {
                "deleted": {"seq": gone["seq"], "at": gone["at"], "by": mina.id}
            }
        since = {**opened["position"], "seq": 0}
        for replica in pair:
            async with visit(replica, jun, resume={room: since}) as back:
                replayed = [await back.hears("opened", room=room)]
                while replayed[-1]["type"] != "message.deleted":
                    replayed.append(await back.hears())
                events = [
                    each for each in replayed if "seq" in each and not each["type"].startswith("personal")
                ]
                assert [each["type"] for each in events] == [
                    "message", "message.edited", "reaction", "message.deleted",
                ]  # fmt: skip
                assert "secret" not in str(replayed)


async def test_moderators_delete_what_others_said_and_members_do_not(shared_world: World, pair: Pair) -> None:
    mina, jun, noor = shared_world.people(3)
    room = shared_world.room(mina, jun, noor)
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j, visit(pair[1], noor) as n:
        await say(j, room, "well")
        assert await refused(n, "message.delete", room, 1) == "forbidden"
        await do(m, "message.delete", room, 1)
        assert (await state(n, room, 1))["deleted"]["by"] == mina.id


async def test_nothing_can_be_done_to_what_was_deleted(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as m, visit(pair[1], mina) as there:
        await say(m, room)
        await do(m, "message.delete", room, 1)
        for command in CHANGES:
            assert await refused(there, command, room, 1) == "message_deleted"
        assert (await there.refused("message.send", **saying(room, "re"), reply_to=1))[
            "code"
        ] == "message_deleted"
        assert await types(m, room) == ["message", "message.deleted"]


async def test_an_edit_and_a_deletion_at_once_end_in_a_tombstone(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as a, visit(pair[1], mina, room) as b:
        for number in range(10):
            seq = (await say(a, room, "a secret"))["seq"]

            async def edit(seq: int = seq) -> None:
                with_id = {"room": room, "of": seq, "client_id": uuid7(), "text": "still secret"}
                await b.asks("message.edit", **with_id)

            async with trio.open_nursery() as nursery:
                first, second = (edit, a_deletion(a, room, seq))[:: 1 if number % 2 else -1]
                nursery.start_soon(first)
                nursery.start_soon(second)
            for reader in (a, b):
                await reader.hears("message.deleted", of=seq)
                assert set(await state(reader, room, seq)) == {"deleted"}
                assert "secret" not in str(await page(reader, room))


def a_deletion(raw: Raw, room: str, seq: int) -> Callable[[], Awaitable[None]]:
    async def delete() -> None:
        await do(raw, "message.delete", room, seq)

    return delete


# --- replies and mentions ---------------------------------------------------------------------------------------------


async def test_an_answer_names_what_it_answers_and_is_counted_there(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        await say(m, room, "점심?")
        await j.ok("message.send", **saying(room, "네"), reply_to=1)
        await m.ok("message.send", **saying(room, "좋아요"), reply_to=1)
        assert (await m.hears("message", text="네"))["reply_to"] == 1
        await j.hears("message", text="좋아요")
        shown = await page(j, room)
        assert [event.get("reply_to") for event in shown["events"]] == [None, 1, 1]
        assert await state(j, room, 1) == {"replies": 2, "replied": 3}
        told = await page(j, room)
        assert told["as_of"] == told["events"][-1]["seq"]
        assert await types(j, room) == ["message"] * 3


async def test_what_is_not_there_cannot_be_answered(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room, other = shared_world.room(mina, jun), shared_world.room(mina)
    async with visit(pair[0], mina) as m:
        await say(m, other)
        assert (await m.refused("message.send", **saying(room, "re"), reply_to=1))[
            "code"
        ] == "message_not_found"
        await say(m, room)
        await do(m, "reaction.add", room, 1)
        assert (await m.refused("message.send", **saying(room, "re"), reply_to=2))[
            "code"
        ] == "message_not_found", "a reaction is no message"


async def test_members_are_mentioned_and_strangers_are_refused_by_name(
    shared_world: World, pair: Pair
) -> None:
    mina, jun, zoe = shared_world.people(3)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as m, visit(pair[1], jun, room) as j:
        await m.ok("message.send", **saying(room, "둘 다"), mentions=[jun.id, mina.id, jun.id])
        assert (await j.hears("message"))["mentions"] == [jun.id, mina.id]
        error = await m.refused("message.send", **saying(room, "누구?"), mentions=[jun.id, zoe.id])
        assert error["code"] == "mention_not_member"
        assert zoe.id in error["message"]
        assert jun.id not in error["message"]
        await do(m, "message.edit", room, 1, mentions=[jun.id])
        assert await refused(m, "message.edit", room, 1, mentions=[zoe.id]) == "mention_not_member"
        assert (await state(m, room, 1))["edited"]["mentions"] == [jun.id]


async def test_everybody_is_mentioned_by_moderators_only(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as m, visit(pair[1], jun, room) as j:
        assert (await j.refused("message.send", **saying(room, "all"), mention_all=True))[
            "code"
        ] == "forbidden"
        await m.ok("message.send", **saying(room, "all"), mention_all=True)
        assert (await j.hears("message"))["mention_all"] is True


# --- who may, and what is no command ----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", CHANGES)
async def test_who_is_no_member_changes_nothing(shared_world: World, pair: Pair, command: str) -> None:
    mina, zoe = shared_world.people(2)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as m, visit(pair[1], zoe) as z:
        await say(m, room)
        assert await refused(z, command, room, 1) == "not_a_member"
        assert await refused(m, command, room, 2) == "message_not_found"
        assert await types(m, room) == ["message"]


async def test_what_was_said_before_one_came_cannot_be_changed(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina, history="joined")

    async def came_later(connection: asyncpg.Connection) -> None:
        await connection.execute(
            "UPDATE members SET joined_at = now() + interval '1 hour' WHERE room_id = $1", room
        )

    async with visit(pair[0], mina) as m:
        await say(m, room)
        shared_world.sql(came_later)
        publish(shared_world, feed.RoomChanged(room=room))
        await once(partial(refused, m, "reaction.remove", room, 1), lambda code: code == "message_not_found")
        for command in CHANGES:
            assert await refused(m, command, room, 1) == "message_not_found"


async def test_who_is_muted_changes_nothing_but_may_take_back(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], jun) as j:
        await say(j, room)
        mute(shared_world, jun, room, 60)
        assert (await refusal_of(j, room))["code"] == "muted"
        for command in CHANGES.keys() - {"message.delete"}:
            assert await refused(j, command, room, 1) == "muted"
        await do(j, "message.delete", room, 1)


MALFORMED: dict[str, dict[str, Any]] = {
    "no message": {"of": None},
    "a message before the first": {"of": 0},
    "a message beyond all": {"of": 10**12},
    "no name": {"client_id": None},
    "a short name": {"client_id": "short"},
    "no room": {"room": "not a room"},
}


@pytest.mark.parametrize("wrong", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("command", CHANGES)
async def test_a_change_that_is_malformed_is_refused(
    shared_world: World, pair: Pair, command: str, wrong: dict[str, Any]
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    fields = {"room": room, "of": 1, "client_id": uuid7(), **CHANGES[command], **wrong}
    async with visit(pair[0], mina) as m:
        assert (await m.refused(command, **fields))["code"] == "invalid"


@pytest.mark.parametrize(
    ("command", "wrong", "code"),
    [
        ("message.edit", {"text": ""}, "text_empty"),
        ("message.edit", {"text": "흙" * 4001}, "text_too_long"),
        ("message.edit", {"mentions": ["nobody"]}, "invalid"),
        ("message.edit", {"mentions": [uuid7()] * 51}, "invalid"),
        ("reaction.add", {"emoji": ""}, "invalid"),
        ("reaction.add", {"emoji": "ok"}, "invalid"),
        ("reaction.add", {"emoji": "👍👍"}, "invalid"),
        ("reaction.add", {"emoji": "👩‍" * 5 + "👩"}, "invalid"),
        ("reaction.add", {"emoji": "x" * 10_000}, "invalid"),
    ],
)
async def test_what_is_not_allowed_in_a_change_is_refused(
    shared_world: World, pair: Pair, command: str, wrong: dict[str, Any], code: str
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as m:
        await say(m, room)
        assert await refused(m, command, room, 1, **wrong) == code


# --- once, in order, and for those who were away ----------------------------------------------------------------------


async def test_a_retry_of_a_change_is_the_same_change_with_the_same_answer(
    shared_world: World, pair: Pair
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as here, visit(pair[1], mina) as there:
        await say(here, room)
        commands = [
            "message.edit",
            "reaction.add",
            "reaction.remove",
            "pin.add",
            "pin.remove",
            "message.delete",
        ]
        names = {command: uuid7() for command in commands}
        first = {command: await do(here, command, room, 1, names[command]) for command in commands}
        for command in commands:
            assert await do(there, command, room, 1, names[command]) == first[command], (
                f"{command}: what the rules would refuse by now was done then"
            )
        assert len(await types(here, room)) == 7


async def lasting(who: Raw, number: int) -> list[tuple[str, int]]:
    """What and where the next events of the log are that `who` hears, whatever else is told meanwhile."""
    found: list[tuple[str, int]] = []
    while len(found) < number:
        told = await who.hears()
        if "seq" in told and not told["type"].startswith("personal."):
            found.append((told["type"], told["seq"]))
    return found


async def test_who_was_away_hears_the_same_changes_in_the_same_order(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m:
        opened = await m.ok("room.open", room=room)
        await say(m, room, "one")
        await say(m, room, "two")
        await do(m, "message.edit", room, 1)
        await do(m, "reaction.add", room, 2)
        await m.ok("message.send", **saying(room, "three"), reply_to=1)
        await do(m, "pin.add", room, 2)
        await do(m, "message.delete", room, 2)
        live = await lasting(m, 7)
        for replica in pair:
            async with visit(replica, jun, resume={room: opened["position"]}) as back:
                await back.hears("opened")
                assert await lasting(back, 7) == live
                shown = (await page(back, room))["events"]
                assert [(each["type"], each["seq"]) for each in shown] == live


async def test_whoever_sees_a_message_may_react_to_it_at_once(shared_world: World, pair: Pair) -> None:
    """It is told to the room before it is in the log."""
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        for number in range(10):
            await m.say({"type": "message.send", **saying(room, f"{number}")})
            heard = await j.hears("message")
            await do(j, "reaction.add", room, heard["seq"])
