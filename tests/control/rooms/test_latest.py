"""What was said last in many rooms, asked at once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from common.ids import uuid7
from common.mongo import Mongo, open_mongo
from common.protocol import Attachment
from common.roomlog.log import Log
from common.roomlog.position import AnyBody, DeleteBody, Draft, EditBody, Entry, MemberBody, MessageBody
from control.rooms.latest import latest
from tests.support.mentioning import mention


@pytest.fixture
async def mongo(mongo_url: str) -> AsyncIterator[Mongo]:
    async with open_mongo(mongo_url) as mongo:
        yield mongo


def message(room: str, seq: int, mseq: int) -> Entry:
    body = MessageBody(room=room, sender="mina", client_id=uuid7(), text=f"message {mseq}")
    return Entry(b"%d-0" % (1000 + seq), room, seq, mseq, "e", Draft.of(body).body)


def arrival(room: str, seq: int, mseq: int) -> Entry:
    body = MemberBody(room=room, sender="", client_id=uuid7(), user="jun", name="jun", change="joined")
    return Entry(b"%d-0" % (1000 + seq), room, seq, mseq, "e", Draft.of(body).body)


async def test_nothing_was_ever_said(mongo: Mongo) -> None:
    assert await latest(mongo, "mina", {}, ()) == ({}, {})
    assert await latest(mongo, "mina", {uuid7(): 0 for _ in range(100)}, ()) == ({}, {})


async def test_the_last_message_of_each_of_two_hundred_rooms(mongo: Mongo) -> None:
    """Rooms without events, rooms without messages, and messages with other events after them, in every position."""
    rooms = [uuid7() for _ in range(200)]
    entries: list[Entry] = []
    expected: dict[str, int] = {}
    for number, room in enumerate(rooms):
        messages, arrivals = number % 4, number % 3
        entries += [message(room, seq, seq) for seq in range(1, messages + 1)]
        entries += [arrival(room, messages + seq, messages) for seq in range(1, arrivals + 1)]
        if messages:
            expected[room] = messages
    log = Log(mongo)
    await log.prepare()
    await log.insert(entries)
    found, mentions = await latest(mongo, "mina", dict.fromkeys(rooms, 0), ())
    assert mentions == {}
    assert {room: last.mseq for room, last in found.items()} == expected
    for last in found.values():
        assert (last.seq, last.at, last.sender) == (last.mseq, 1000 + last.seq, "mina")
        assert last.text == f"message {last.mseq}"
    assert await latest(mongo, "mina", {rooms[3]: 0}, ()) == ({rooms[3]: found[rooms[3]]}, {})


async def test_what_was_said_last_is_shown_as_it_is_by_now(mongo: Mongo) -> None:
    rooms = edited, deleted, picture = [uuid7() for _ in range(3)]
    seen = Attachment(id=uuid7(), name="한강.webp", media_type="image/webp", size=1)
    bodies: list[AnyBody] = [
        EditBody(room=edited, sender="mina", client_id=uuid7(), of=1, text="in other words", by="mina"),
        DeleteBody(room=deleted, sender="mina", client_id=uuid7(), of=1, by="mina"),
    ]
    shown = MessageBody(
        room=picture, sender="mina", client_id=uuid7(), text="", kind="image", attachments=[seen]
    )
    entries = [
        message(edited, 1, 1),
        message(deleted, 1, 1),
        Entry(b"1001-0", picture, 1, 1, "e", Draft.of(shown).body),
        *(Entry(b"1002-0", body.room, 2, 1, "e", Draft.of(body).body) for body in bodies),
    ]
    log = Log(mongo)
    await log.prepare()
    await log.states.settle((await log.insert(entries)).documents)
    found = (await latest(mongo, "mina", dict.fromkeys(rooms, 0), ())).messages
    assert [(found[room].text, found[room].kind, found[room].deleted) for room in rooms] == [
        ("in other words", "text", False),
        ("", "text", True),
        ("", "image", False),
    ]


async def test_mentions_after_what_was_read_are_counted_in_each_of_two_hundred_rooms(mongo: Mongo) -> None:
    """By name, everybody, both at once; read, not read; of somebody else."""
    rooms = [uuid7() for _ in range(200)]
    for room in rooms:
        await mention(mongo, room, (2, 4, 6), "mina")
        await mention(mongo, room, (5, 6), everybody=True)
        await mention(mongo, room, (7,), "jun")
    left = {number: len([mseq for mseq in (2, 4, 5, 6) if mseq > number]) for number in range(8)}
    found = await latest(mongo, "mina", {room: number % 8 for number, room in enumerate(rooms)}, ())
    expected = {room: left[number % 8] for number, room in enumerate(rooms) if left[number % 8]}
    assert found == ({}, expected)
