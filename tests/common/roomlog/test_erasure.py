"""What somebody said in a room can be blanked for good, whatever server is behind the log (conformance: see conftest)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from common import protocol
from common.mongo import Mongo
from common.roomlog import erasure
from common.roomlog.erasure import erase_person, erase_titles
from common.roomlog.index import Index, Indexing, Layout, Segment
from common.roomlog.lists import IMAGES
from common.roomlog.log import Log
from common.roomlog.mentions import Unread
from common.roomlog.position import MemberBody, MessageBody, RoomBody
from tests.common.roomlog.test_states import Story, keep, name
from tests.support.mentioning import counts

__all__ = ["story"]


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def store(log: Log) -> Mongo:
    return log.states._mongo


def add(story: Story, sender: str, text: str, **more: object) -> int:
    return story._next(MessageBody(room=story.room, **name(sender), text=text, **more))  # type: ignore[arg-type]


def came(story: Story, user: str, nickname: str, by: str | None = None) -> int:
    body = MemberBody(room=story.room, **name(by or user), user=user, name=nickname, change="joined", by=by)
    return story._next(body)


async def everything(store: Mongo, room: str) -> str:
    """All that the store holds of a room, as text."""

    def read() -> str:
        database = store.database
        return "\n".join(
            str(document)
            for name in database.list_collection_names()
            for document in database[name].aggregate([{"$match": {"_id": {"$gte": room, "$lt": room + "~"}}}])
        )

    return await store.run(read)


async def test_only_that_somebody_spoke_is_left(
    log: Log, store: Mongo, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "CHUNK", 4)  # so that a short story has many
    came(story, "mina", "미나리"), came(story, "jun", "준")
    picture = protocol.Attachment(id="a", name="비밀.webp", media_type="image/webp", size=10)
    secret = add(story, "mina", "비밀 하나", mentions=["jun"])
    shown = add(story, "mina", "비밀 둘", kind="image", attachments=[picture])
    edited = add(story, "mina", "비밀 셋")
    story.edit(edited, "비밀 넷")
    answer = add(story, "jun", "대답", reply_to=secret, mentions=["mina"])
    story.react(secret, "jun")
    story.pin(secret)
    came(story, "mina", "미나리", by="jun")
    await keep(log, *story.entries)
    for _ in range(2):
        await erase_person(store, story.room, "mina", name="-")
        left = await everything(store, story.room)
        assert "비밀" not in left
        assert "미나리" not in left
        assert "대답" in left
        states = await log.states.views(story.room, [secret, shown, edited, answer], "jun")
        assert [state.seq for state in states if state.deleted] == [secret, shown, edited]
        for state in states:
            assert state.deleted == protocol.Marked(
                seq=state.seq, at=story.entries[state.seq - 1].at, by="mina"
            )
        assert await log.states.pins(story.room) == {}
        assert await log.lists.count(story.room, IMAGES, most=10) == 0
        readers = [Unread("mina", story.room, 0), Unread("jun", story.room, 0)]
        assert await counts(store, readers) == {}
    assert await erase_person(store, story.room, "mina", name="-") == 0


async def test_what_a_room_was_called_is_nowhere(
    log: Log, store: Mongo, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "CHUNK", 2)
    met = protocol.SystemWord("match_made", {"title": "비밀", "people": 2})
    made = add(story, "", "‘비밀’ 매칭이 성사되었습니다.", kind="system", system=met)
    other = add(
        story, "", "모임 링크", kind="system", system=protocol.SystemWord("meeting_link", {"url": "x"})
    )
    add(story, "jun", "남는 말")
    story._next(RoomBody(room=story.room, **name("mina"), title="비밀", description="남는 글"))
    story._next(RoomBody(room=story.room, **name("mina"), capacity=3))
    await keep(log, *story.entries)
    for _ in range(2):
        await erase_titles(store, story.room)
        left = await everything(store, story.room)
        assert "비밀" not in left
        assert all(kept in left for kept in ("남는 말", "남는 글", "모임 링크"))
        assert left.count("'title'") == 1
        states = await log.states.views(story.room, [made, other], "jun")
        assert [state.seq for state in states if state.deleted] == [made]


async def test_what_was_deleted_before_stays_as_it_was_deleted(log: Log, store: Mongo, story: Story) -> None:
    said = add(story, "mina", "비밀")
    deletion = story.delete(said)
    await keep(log, *story.entries)
    await erase_person(store, story.room, "mina", name="-")
    (state,) = await log.states.views(story.room, [said], "jun")
    assert state.deleted is not None
    assert state.deleted.seq == deletion


async def test_whoever_is_killed_between_the_mark_and_the_blanking_is_made_good(
    log: Log, store: Mongo, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = add(story, "mina", "비밀")
    await keep(log, *story.entries)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("common.roomlog.states._erase", die)
        with pytest.raises(KeyboardInterrupt):
            await log.states.erase(story.room, [said])
    assert "비밀" in await everything(store, story.room)
    await erase_person(store, story.room, "mina", name="-")
    assert "비밀" not in await everything(store, story.room)


async def test_the_search_index_forgets_it_too(log: Log, store: Mongo, story: Story) -> None:
    layout = Layout(block=16, span=64, block_buckets=2, span_buckets=4)
    add(story, "mina", "비밀스러운 이야기")
    for _ in range(14):
        add(story, "jun", "평범한 말")
    await keep(log, *story.entries)
    indexing = Indexing(story.room, Segment(0, 0, 16), layout)
    indexing.read(await log.after(story.room, 0, upto=15, most=16))
    await Index(store, layout).add(indexing)
    before = await everything(store, story.room)
    await erase_person(store, story.room, "mina", name="-", layout=layout)
    fresh = Indexing(story.room, Segment(0, 0, 16), layout)
    fresh.read(await log.after(story.room, 0, upto=15, most=16))

    def kept() -> list[Any]:
        return list(store.database.grams.find({"_id": {"$in": [each["_id"] for each in fresh.documents()]}}))

    assert before != await everything(store, story.room)
    assert _grams(await store.run(kept)) == _grams(fresh.documents())


def _grams(documents: Iterable[Any]) -> list[tuple[Any, Any, Any]]:
    return sorted((each["_id"], each["grams"], each["places"]) for each in documents)
