"""Many questions in one round trip, whatever is there to be asked (conformance: see conftest)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from pymongo.errors import OperationFailure

from common.mongo import Mongo, open_mongo
from common.roomlog.lists import Item, Lists
from common.roomlog.united import Question, answers
from tests.common.roomlog.entries import a_room


@pytest.fixture
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Mongo]:
    async with open_mongo(os.environ.get("MONGO_URL") or request.getfixturevalue("mongo_url")) as mongo:
        yield mongo


def of(collection: str, room: str, low: int) -> Question:
    keys = {"$gte": f"{room}:@:{low:012d}", "$lt": f"{room}:@:{10**12 - 1:012d}"}
    return Question(collection, [{"$match": {"_id": keys}}, {"$sort": {"_id": 1}}, {"$limit": 2}])


async def test_nothing_is_asked_of_nobody(store: Mongo) -> None:
    assert await store.run(answers, store.database, []) == []


async def test_each_of_many_questions_is_answered(store: Mongo) -> None:
    lists = Lists(store)
    rooms = [a_room() for _ in range(100)]
    await lists.add([Item(room, "@", number, number) for room in rooms[::3] for number in (1, 2, 3)])
    found = await store.run(answers, store.database, [of("lists", room, 2) for room in rooms])
    assert sorted(document["_id"] for document in found) == sorted(
        f"{room}:@:{number:012d}" for room in rooms[::3] for number in (2, 3)
    )


async def test_a_collection_that_nobody_wrote_to_is_an_empty_one(store: Mongo) -> None:
    room = a_room()
    await Lists(store).add([Item(room, "@", 1, 1)])
    fresh = f"fresh_{room.replace('-', '_')}"
    for questions in (
        [of("lists", room, 0), of(fresh, room, 0)],
        [of("lists", room, 0), of(f"{fresh}_too", room, 0), of(fresh, room, 0)],
    ):
        found = await store.run(answers, store.database, questions)
        assert [document["_id"] for document in found] == [f"{room}:@:{1:012d}"]


async def test_a_question_that_is_wrong_is_a_bug_and_not_an_empty_answer(store: Mongo) -> None:
    await Lists(store).add([Item(a_room(), "@", 1, 1)])
    with pytest.raises(OperationFailure):
        await store.run(answers, store.database, [Question("lists", [{"$nonsense": 1}])])
