"""Mentions are counted once a message, for many readers at once, whoever notes them and however often (see conftest)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import trio
from pymongo import MongoClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

from common.mongo import Mongo, open_mongo
from common.roomlog import mentions
from common.roomlog.mentions import MOST, Unread
from tests.common.roomlog.entries import a_room
from tests.support.mentioning import counts, mention


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    found: str = os.environ.get("MONGO_URL") or request.getfixturevalue("mongo_url")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Mongo]:
    async with open_mongo(url) as store:
        yield store


async def test_what_comes_after_the_last_that_was_read_is_counted(store: Mongo) -> None:
    room, other = a_room(), a_room()
    await mention(store, room, (1, 3, 5), "mina")
    await mention(store, room, (4, 5), everybody=True)
    await mention(store, room, (9,), "jun")
    await mention(store, other, (7,), "mina")
    readers = [
        Unread("mina", room, 2),
        Unread("jun", room, 4),
        Unread("sol", room, 5),
        Unread("mina", other, 0),
        Unread("mina", a_room(), 0),
    ]
    assert await counts(store, readers) == {("mina", room): 3, ("jun", room): 2, ("mina", other): 1}
    assert await counts(store, []) == {}


async def test_more_than_a_hundred_are_a_hundred_and_the_newest_are_kept(store: Mongo) -> None:
    room = a_room()
    for _ in range(2):  # as the safety net may
        for start in range(1, 1001, 50):
            await mention(store, room, range(start, start + 50), "mina")
    for last_read, expected in ((0, MOST), (900, MOST), (901, 99), (999, 1), (1000, 0)):
        found = await counts(store, [Unread("mina", room, last_read)])
        assert found.get(("mina", room), 0) == expected


async def test_who_notes_the_first_mentions_of_a_room_at_once_loses_none(store: Mongo) -> None:
    rooms = [a_room() for _ in range(5)]
    async with trio.open_nursery() as nursery:
        for mseq in range(1, 21):
            for room in rooms:
                nursery.start_soon(mention, store, room, (mseq,), "mina", "jun")
    found = await counts(store, [Unread(user, room, 0) for room in rooms for user in ("mina", "jun")])
    assert set(found.values()) == {20}
    assert len(found) == 10


def test_what_mentions_nobody_asks_the_store_nothing() -> None:
    plain = {"type": "message", "room": a_room(), "sender": "jun", "mseq": 1, "reply_to": 1}
    reaction = {"type": "reaction", "room": a_room(), "sender": "jun", "of": 1}
    mentions.add(object(), [plain, reaction])  # type: ignore[arg-type]  # nothing that could be asked


async def test_a_deleted_message_mentions_nobody(store: Mongo) -> None:
    room = a_room()
    await mention(store, room, (1, 2, 2), "mina", everybody=True)
    gone = {
        "type": "message",
        "room": room,
        "sender": "jun",
        "mseq": 2,
        "mentions": ["mina"],
        "mention_all": True,
    }
    await store.run(mentions.remove, store.database, [gone])
    assert await counts(store, [Unread("mina", room, 0)]) == {("mina", room): 1}


async def test_by_whom_one_has_blocked_one_is_not_called(store: Mongo) -> None:
    room = a_room()
    await mention(store, room, (1, 2), "mina", sender="jun")
    await mention(store, room, (2, 3), everybody=True, sender="jun")
    await mention(store, room, (4,), "mina", sender="sol")
    reader = Unread("mina", room, 0)
    assert await counts(store, [reader]) == {("mina", room): 4}
    assert await counts(store, [reader], shunned={"jun"}) == {("mina", room): 1}


async def test_what_was_noted_before_senders_were_counts_as_ever_and_can_be_deleted(store: Mongo) -> None:
    room = a_room()
    old = {"_id": mentions.key_of(room, "mina"), "mseqs": [1, 2]}
    await store.run(lambda: store.database.mentions.insert_one(old))
    await mention(store, room, (2, 3), "mina")
    assert await counts(store, [Unread("mina", room, 0)]) == {("mina", room): 3}
    gone = {"type": "message", "room": room, "sender": "jun", "mseq": 2, "mentions": ["mina"]}
    await store.run(mentions.remove, store.database, [gone])
    assert await counts(store, [Unread("mina", room, 0)]) == {("mina", room): 2}


async def test_many_rooms_cost_one_round_trip(url: str) -> None:
    asked: list[str] = []

    class Listener(CommandListener):
        def started(self, event: CommandStartedEvent) -> None:
            asked.append(event.command_name)

        def succeeded(self, event: object) -> None:
            pass

        failed = succeeded

    with MongoClient(url, event_listeners=[Listener()]) as client:
        store = Mongo(client.get_default_database("madang"), 4)
        await mention(store, "x", (1,), "mina")
        asked.clear()
        await counts(store, [Unread("mina", a_room(), 0) for _ in range(500)])
        assert [name for name in asked if name != "hello"] == ["aggregate"]
