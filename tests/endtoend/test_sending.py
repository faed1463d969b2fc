"""Saying something: stored before it is answered, once however often it is sent, in one order for all."""

from __future__ import annotations

from typing import Any

import pytest
import trio

from common.clock import now_ms
from common.ids import uuid7
from tests.support.feed import mute
from tests.support.rawsocket import Raw, command, frame
from tests.support.visit import refusal_of, say, saying, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


async def page(raw: Raw, room: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await raw.ok("history.page", room=room, limit=100))["events"]
    return found


async def test_what_is_answered_is_in_the_log(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        for number in range(5):
            sent = await say(m, room, f"{number}")
            stored = (await page(j, room))[-1]
            assert {name: stored[name] for name in ("seq", "mseq", "at")} == sent
            assert stored["text"] == f"{number}"


async def test_a_retry_is_the_same_message_with_the_same_answer(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as here, visit(pair[1], mina) as there:
        name = uuid7()
        first = await say(here, room, "once", name)
        assert await say(here, room, "once", name) == first
        assert await say(there, room, "once, with other words", name) == first
        await say(here, room, "twice")
        assert [event["text"] for event in await page(there, room)] == ["once", "twice"]
        await here.hears("message", text="twice")
        assert len(await here.heard_so_far("message")) == 1


async def test_tries_at_the_same_moment_on_two_replicas_are_one_message(
    shared_world: World, pair: Pair
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    names = [uuid7() for _ in range(10)]
    answers: dict[str, list[dict[str, Any]]] = {name: [] for name in names}

    async def send_all(raw: Raw) -> None:
        for name in names:
            answers[name].append(await say(raw, room, name, name))

    async with visit(pair[0], mina) as a, visit(pair[1], mina) as b, visit(pair[0], mina) as c:
        async with trio.open_nursery() as nursery:
            for raw in (a, b, c):
                nursery.start_soon(send_all, raw)
        assert all(len(same) == 3 and same[0] == same[1] == same[2] for same in answers.values())
        assert sorted(event["text"] for event in await page(a, room)) == sorted(names)


async def test_the_same_client_id_of_another_sender_or_in_another_room_is_another_message(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room, other = shared_world.room(mina, jun), shared_world.room(mina, jun)
    name = uuid7()
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        assert (await say(m, room, "a", name))["seq"] == 1
        assert (await say(j, room, "b", name))["seq"] == 2
        assert (await say(m, other, "c", name))["seq"] == 1


async def test_all_readers_see_one_order_without_a_hole(shared_world: World, pair: Pair) -> None:
    people = shared_world.people(4)
    room = shared_world.room(*people)
    heard: list[list[tuple[int, str]]] = []

    async def talk(person: Any, replica: Replica) -> None:
        async with visit(replica, person, room) as raw:
            ready.append(raw)
            await everybody.wait()
            for number in range(15):
                await raw.say(
                    {"type": "message.send", "id": str(number), **saying(room, f"{person.nickname} {number}")}
                )
            events = [await raw.hears("message") for _ in range(60)]
            heard.append([(event["seq"], event["text"]) for event in events])

    ready: list[Raw] = []
    everybody = trio.Event()
    async with trio.open_nursery() as nursery:
        for index, person in enumerate(people):
            nursery.start_soon(talk, person, pair[index % 2])
        with trio.fail_after(10):
            while len(ready) < 4:  # noqa: ASYNC110
                await trio.sleep(0.01)
        everybody.set()
    assert heard[0] == heard[1] == heard[2] == heard[3]
    assert [seq for seq, _ in heard[0]] == list(range(1, 61))
    for person in people:
        own = [text for _, text in heard[0] if text.startswith(f"{person.nickname} ")]
        assert own == [f"{person.nickname} {number}" for number in range(15)]


async def test_the_answers_of_one_connection_come_in_the_order_of_its_commands(
    shared_world: World, pair: Pair
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as raw:
        await raw.send(
            b"".join(command(type="message.send", id=str(n), **saying(room, str(n))) for n in range(30))
        )
        replies = [await raw.hears("reply") for _ in range(30)]
        assert [reply["id"] for reply in replies] == [str(n) for n in range(30)]
        assert [reply["ok"]["seq"] for reply in replies] == list(range(1, 31))


TEXTS = {
    "Hangul": "안녕하세요",
    "the longest, of three bytes each": "흙" * 4000,
    "the longest, of four bytes each": "👋" * 4000,
    "joined emoji": "👨‍👩‍👧‍👦🇰🇷👋🏽",
    "a null": "a\x00b",
    "right to left": "\u202eabc",
    "what JSON escapes": 'a "quote", a \\ and a \t',
    "line ends of other alphabets": "a\u2028b\u2029c",
    "spaces around": "  kept  ",
    "markup": "<script>alert(1)</script>",
    "Hangul in parts, not composed": "\u1100\u1161\u11a8",
    "noncharacters": "\ufffe\uffff",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_a_text_arrives_as_it_was_sent(shared_world: World, pair: Pair, text: str) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as here, visit(pair[1], mina) as there:
        await say(here, room, text)
        assert (await here.hears("message"))["text"] == text
        assert (await page(there, room))[0]["text"] == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \n\t\u3000", "text_empty"),
        ("흙" * 4001, "text_too_long"),
        ("👋" * 4001, "text_too_long"),
    ],
    ids=["nothing", "spaces", "too long", "too long, beyond the basic plane"],
)
async def test_a_text_that_is_not_allowed_is_refused(
    shared_world: World, pair: Pair, text: str, code: str
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        error = await raw.refused("message.send", **saying(room, text))
        assert error["code"] == code
        assert not error.get("temporary")
        assert await page(raw, room) == []


async def test_half_a_character_is_no_text(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        half = f'{{"type":"message.send","id":"1","room":"{room}","client_id":"{uuid7()}","text":"\\ud800"}}'
        await raw.send(frame(half))
        assert (await raw.hears("reply"))["error"]["code"] == "malformed"


async def test_who_is_muted_is_told_for_how_long(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], jun, room) as j, visit(pair[0], mina, room) as m:
        await say(j, room, "before")
        muted_at = now_ms()
        mute(shared_world, jun, room, 60)
        error = await refusal_of(j, room)
        assert error["code"] == "muted"
        assert error["temporary"]
        assert muted_at + 60_000 - now_ms() <= error["retry_after_ms"] <= 60_000
        await say(m, room, "the others may")
        assert (await j.hears("message", text="the others may"))["sender"] == mina.id


async def test_too_fast_is_told_when_to_come_back(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw, visit(pair[1], mina) as other:
        await raw.send(
            b"".join(command(type="message.send", id=str(n), **saying(room, str(n))) for n in range(100))
        )
        replies = [await raw.hears("reply") for _ in range(100)]
        refused = [reply["error"] for reply in replies if "error" in reply]
        assert len(refused) in range(1, 41)  # 60 are granted at once, and a few more while these are read
        assert {error["code"] for error in refused} == {"rate_limited"}
        assert all(error["temporary"] and error["retry_after_ms"] <= 50 for error in refused)
        assert len(await page(other, room)) == 100 - len(refused)
