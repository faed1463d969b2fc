"""Search in a room, on a real store: what is there is found, once, where it was said; what is gone is not."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest
import trio

from common.errors import MadangError
from common.mongo import Mongo
from common.roomlog import search as search_module
from common.roomlog.grams import fold
from common.roomlog.index import SETTLED, Index, Indexing, Layout, Segment, forget, is_whole
from common.roomlog.log import Log
from common.roomlog.position import key_of
from common.roomlog.search import Found, Search
from tests.common.roomlog.entries import a_room

SMALL = Layout(block=64, span=256, block_buckets=8, span_buckets=16)
BLOCK, SPAN = SMALL.block, SMALL.span
LONG_AGO = 1_700_000_000_000


@dataclass
class House:
    """One room, its log and index."""

    mongo: Mongo
    room: str = field(default_factory=a_room)
    head: int = 0

    def __post_init__(self) -> None:
        self.log = Log(self.mongo, SMALL)
        self.index = Index(self.mongo, SMALL)
        self.search = Search(self.log, self.index)

    async def say(self, *texts: str, at: int = LONG_AGO) -> None:
        await self._append([{"type": "message", "text": text} for text in texts], at)

    async def edit(self, of: int, text: str, at: int = LONG_AGO) -> None:
        await self._append([{"type": "message.edited", "of": of, "text": text}], at)

    async def delete(self, of: int) -> None:
        await self._append([{"type": "message.deleted", "of": of, "by": "mina"}], LONG_AGO)

    async def _append(self, bodies: list[dict[str, Any]], at: int) -> None:
        documents = []
        for body in bodies:
            self.head += 1
            place = {"_id": key_of(self.room, self.head), "seq": self.head, "mseq": self.head, "at": at}
            documents.append(
                {**body, **place, "room": self.room, "sender": "mina", "client_id": f"c{self.head}"}
            )
        await self.mongo.run(lambda: self.mongo.database.events.insert_many(documents, ordered=False))
        await self.log.states.settle(documents)

    async def index_all(self) -> None:
        """Index every whole segment, the spans too."""
        whole = self.head + 1
        spans = [SMALL.span_at(first) for first in range(0, whole - whole % SPAN, SPAN)]
        blocks = [SMALL.block_at(f) for f in range(whole - whole % SPAN, whole - whole % BLOCK, BLOCK)]
        for segment in [*spans, *blocks]:
            await self.add(segment)

    async def add(self, segment: Segment) -> None:
        await self.index.add(await self.read(segment))

    async def read(self, segment: Segment) -> Indexing:
        """A segment read, and not indexed yet."""
        documents = await self.log.after(self.room, segment.first - 1, upto=segment.end - 1, most=SPAN)
        indexing = Indexing(self.room, segment, SMALL)
        indexing.read(documents)
        return indexing

    async def grams(self) -> set[str]:
        """All grams that the index knows of."""

        def read() -> set[str]:
            shelves = self.mongo.database.grams.find({})
            return {gram for document in shelves for gram in document["grams"].split()}

        return await self.mongo.run(read)

    async def lose(self, draw: random.Random) -> None:
        """Take half of the index away."""

        def lose() -> None:
            keys = [document["_id"] for document in self.mongo.database.grams.find({})]
            gone = draw.sample(keys, len(keys) // 2)
            self.mongo.database.grams.delete_many({"_id": {"$in": gone}})

        await self.mongo.run(lose)

    async def find(self, text: str, **asked: Any) -> list[int]:
        """The seqs of all messages found, page by page."""
        seqs: list[int] = []
        before: int | None = asked.pop("before", None)
        while True:
            found: Found = await self.search.find(
                self.room, text, head=self.head, before=before, **{"most": 20, **asked}
            )
            seqs += [hit.message["seq"] for hit in found.hits]
            if found.next is None:
                return seqs
            assert before is None or found.next < before
            before = found.next

    async def indexed(self) -> int:
        """How many documents the index has."""
        count: int = await self.mongo.run(lambda: len(list(self.mongo.database.grams.find({}))))
        return count


@pytest.fixture
def house(log: Log) -> House:
    return House(log._mongo)


FILLER = ["안녕하세요", "점심 먹었어요?", "see you tomorrow", "ㅋㅋㅋ", "회의는 세 시"]


def talk(count: int, **said: str) -> list[str]:
    """So many texts, of which some say something of their own: `talk(9, _3="국밥")`."""
    texts = [FILLER[number % len(FILLER)] for number in range(count)]
    for place, text in said.items():
        texts[int(place[1:]) - 1] = text
    return texts


# --- what is found ----------------------------------------------------------------------------------------------------


async def test_a_room_where_nothing_was_said_has_nothing_to_find(house: House) -> None:
    assert await house.find("국밥") == []


@pytest.mark.parametrize("indexed", [False, True])
async def test_every_message_that_has_the_words_is_found_once_the_newest_first(
    house: House, indexed: bool
) -> None:
    await house.say(
        *talk(3 * BLOCK + 40, _1="돼지국밥집", _80="국밥 두 그릇", _128="국 밥", _200="따로국밥!")
    )
    if indexed:
        await house.index_all()
    assert await house.find("국밥") == [200, 80, 1]
    assert await house.find("국밥", most=1) == [200, 80, 1]
    assert await house.find("국밥 그릇") == [80]
    assert await house.find("그릇 국밥") == [80]
    assert await house.find("밥") == [200, 128, 80, 1]
    assert await house.find("국밥그릇") == []


async def test_spans_are_found_in_as_blocks_are(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.say(*talk(SPAN + 2 * BLOCK, _7="Restaurant", _200="restaurants", _300="my RESTAURANT"))
    await house.index_all()
    assert await house.indexed() == 16 + 2 * 8
    assert await house.find("restaurant") == [300, 200, 7]
    assert await house.find("taur") == [300, 200, 7]
    assert await house.find("안녕 restaurant") == []
    assert (await house.find("안녕", before=250))[:2] == [246, 241]


async def test_a_span_takes_the_place_of_its_blocks(house: House) -> None:
    await house.say(*talk(SPAN, _5="국밥"))
    span = SMALL.span_at(0)
    for block in SMALL.blocks_of(span)[:3]:
        await house.add(block)
    assert await house.indexed() == 3 * 8
    await house.add(span)
    assert await house.indexed() == 16
    assert await house.find("국밥") == [5]


async def test_a_single_letter_is_found_by_looking(house: House) -> None:
    await house.say(*talk(2 * BLOCK, _5="q", _120="Q!"))
    await house.index_all()
    assert await house.find("q") == [120, 5]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
async def test_no_word_finds_nothing(house: House, text: str) -> None:
    await house.say("안녕")
    assert await house.find(text) == []


async def test_pages_go_on_where_the_last_ended(house: House) -> None:
    await house.say(*talk(BLOCK + 100))
    await house.index_all()
    first = await house.search.find(house.room, "ㅋㅋ", head=house.head, most=7)
    assert [hit.seq for hit in first.hits] == [164, 159, 154, 149, 144, 139, 134]
    assert first.next == 134
    assert (await house.find("ㅋㅋ", most=7)) == [seq for seq in range(164, 0, -1) if seq % 5 == 4]


async def test_the_last_page_says_that_it_is_the_last(house: House) -> None:
    await house.say("국밥", "안녕", "국밥")
    assert (await house.search.find(house.room, "국밥", head=house.head, most=2)).next is None
    assert (await house.search.find(house.room, "국밥", head=house.head, most=1)).next == 3


async def test_a_page_is_bounded_in_bytes_and_none_is_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "MOST_BYTES", 3000)
    await house.say(*("국밥" * 200 for _ in range(9)))
    first = await house.search.find(house.room, "국밥", head=house.head, most=9)
    assert 1 <= len(first.hits) < 4
    assert await house.find("국밥", most=9) == list(range(9, 0, -1))


# --- what has become of messages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("indexed", [False, True])
async def test_an_edited_message_is_found_by_its_new_text_and_not_by_the_old(
    house: House, indexed: bool
) -> None:
    await house.say(*talk(BLOCK + 5, _3="국밥 먹자"))
    await house.edit(3, "냉면 먹자")
    await house.edit(3, "칼국수 먹자")
    if indexed:
        await house.index_all()
    assert await house.find("국밥") == []
    assert await house.find("냉면") == []
    assert await house.find("칼국수") == [3]
    assert await house.find("먹자") == [3]


@pytest.mark.parametrize("indexed", [False, True])
async def test_a_deleted_message_is_never_found(house: House, indexed: bool) -> None:
    await house.say(*talk(BLOCK + 5, _3="국밥", _4="국밥"))
    await house.edit(4, "국밥집")
    if indexed:
        await house.index_all()
    await house.delete(3)
    await house.delete(4)
    assert await house.find("국밥") == []


async def test_a_deletion_that_is_not_applied_to_the_log_yet_counts(house: House) -> None:
    """Whoever applies it marks the message first, and blanks it then."""
    await house.say(*talk(BLOCK, _3="국밥"))
    key = key_of(house.room, 3)
    await house.mongo.run(lambda: house.mongo.database.states.insert_one({"_id": key, "deleted": 99}))
    assert await house.find("국밥") == []


async def test_nothing_from_before_ones_joining_is_found(house: House) -> None:
    await house.say(*talk(BLOCK, _3="국밥", _40="국밥"), at=LONG_AGO)
    await house.say(*talk(BLOCK, _9="국밥"), at=LONG_AGO + 1000)
    await house.edit(40, "국밥 둘", at=LONG_AGO + 1000)
    await house.index_all()
    assert await house.find("국밥", visible_from=LONG_AGO + 1) == [BLOCK + 9]
    assert await house.find("국밥", visible_from=LONG_AGO + 2000) == []


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happened_a_search_finds_what_messages_say_now(house: House, seed: int) -> None:
    """Messages, edits and deletions in any order; the index made, lost in part and made again at any time."""
    draw = random.Random(seed)
    words = ["국밥", "돼지국밥", "국", "밥집", "restaurant", "Rest", "st", "ㅋㅋㅋ", "👍", "10:30", "é"]
    now: dict[int, str] = {}

    def text() -> str:
        return " ".join(draw.choices(words, k=draw.randint(1, 3)))

    for _ in range(30):
        match draw.choices(["say", "edit", "delete", "index", "lose"], [30, 20, 10, 4, 4])[0]:
            case "edit" if now:
                of = draw.choice(list(now))
                now[of] = text()
                await house.edit(of, now[of])
            case "delete" if now:
                of = draw.choice(list(now))
                del now[of]
                await house.delete(of)
            case "index":
                await house.index_all()
            case "lose":
                await house.lose(draw)
            case _:
                said = [text() for _ in range(draw.randint(1, 40))]
                now |= dict(enumerate(said, house.head + 1))
                await house.say(*said)
    for sought in [*words, "국밥 rest", "밥 국", "ant", "ta", "s", "없는", "돼지 10:30 👍"]:
        told = [fold(word) for word in sought.split()]
        there = {seq for seq, said in now.items() if all(word in fold(said) for word in told)}
        found = await house.find(sought, most=draw.randint(20, 60))
        assert sorted(found) == sorted(there), sought


# --- the index --------------------------------------------------------------------------------------------------------


async def test_what_had_to_be_scanned_is_indexed_by_the_way(house: House) -> None:
    await house.say(*talk(3 * BLOCK, _3="국밥"))
    assert await house.find("국밥") == [3]
    assert await house.indexed() == 3 * 8


async def test_a_block_that_is_not_whole_or_not_settled_is_scanned_and_not_indexed(house: House) -> None:
    from common.clock import now_ms

    await house.say(*talk(BLOCK - 1, _3="국밥"), at=LONG_AGO)
    await house.say(*talk(BLOCK, _3="국밥"), at=now_ms())
    key = key_of(house.room, 17)
    await house.mongo.run(lambda: house.mongo.database.events.delete_one({"_id": key}))
    assert await house.find("국밥") == [BLOCK + 2, 3]
    assert await house.indexed() == 0


async def test_half_an_index_hides_nothing(house: House) -> None:
    """Who indexes may be killed between any two documents, and goes on from there."""
    await house.say(*talk(2 * BLOCK, _3="국밥", _70="restaurant"))
    await house.index_all()
    keys = await house.mongo.run(lambda: [d["_id"] for d in house.mongo.database.grams.find({})])
    for left_out in (keys[::2], keys[1::2]):
        await house.mongo.run(
            lambda out: house.mongo.database.grams.delete_many({"_id": {"$in": out}}), left_out
        )
        assert await house.find("국밥") == [3]
        assert await house.find("restaurant") == [70]
        assert await house.indexed() >= 2 * 8 - len(left_out)
        await house.index_all()
        assert await house.indexed() == 2 * 8


async def test_what_is_deleted_leaves_the_index_and_the_rest_stays(house: House) -> None:
    """Which grams stood in a place says what was said there."""
    await house.say(*talk(SPAN + 20, _3="뷁썫", _4="국밥", _260="뷁썫 국밥"))
    await house.edit(4, "쀍쫣 restaurant")
    await house.say(*talk(BLOCK))
    await house.index_all()
    assert await house.grams() >= {"뷁썫", "국밥", "쀍쫣", "res"}
    for of in (3, 4):
        await house.delete(of)
    assert not await house.grams() & {"쀍쫣", "res"}
    assert await house.find("국밥") == [260]
    assert await house.find("뷁썫") == [260]


async def test_what_is_deleted_while_it_is_indexed_leaves_the_index_too(house: House) -> None:
    await house.say(*talk(BLOCK, _3="뷁썫", _4="국밥"))
    await house.say(*talk(BLOCK - 1))
    await house.edit(4, "쀍쫣")
    first = await house.read(SMALL.block_at(0))
    second = await house.read(SMALL.block_at(house.head))
    await house.delete(3)
    await house.delete(4)
    await house.index.add(first)
    await house.index.add(second)
    assert not await house.grams() & {"뷁썫", "국밥", "쀍쫣"}
    assert "점심" in await house.grams()


async def test_many_may_be_deleted_at_once(house: House) -> None:
    """Each takes its own out of the same documents, and nobody puts back what another took."""
    await house.say(*(["국밥"] * (BLOCK - 1)))
    await house.index_all()
    documents = await house.log.after(house.room, 0, upto=BLOCK, most=BLOCK)
    async with trio.open_nursery() as nursery:
        for document in documents:
            nursery.start_soon(house.mongo.run, forget, house.mongo.database, [document], SMALL)
    assert await house.grams() == set()


async def test_two_may_index_the_same_at_once(house: House) -> None:
    await house.say(*talk(2 * BLOCK, _3="국밥", _70="국밥"))
    async with trio.open_nursery() as nursery:
        for _ in range(4):
            nursery.start_soon(house.index_all)
            nursery.start_soon(house.find, "국밥")
    assert await house.indexed() == 2 * 8
    assert await house.find("국밥") == [70, 3]


async def test_a_search_does_a_bounded_amount_of_work_and_says_how_far_it_came(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "MOST_READ", BLOCK)
    monkeypatch.setattr(search_module, "_MOST_SCANNED", 1)
    await house.say(*talk(4 * BLOCK, _3="국밥"))
    first = await house.search.find(house.room, "국밥", head=house.head, most=20)
    assert first.hits == []
    assert first.next is not None
    assert await house.find("국밥") == [3]


async def test_a_search_that_takes_too_long_answers_what_it_has(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "PATIENCE", 0)
    monkeypatch.setattr(search_module, "_MOST_SCANNED", 1)
    await house.say(*talk(4 * BLOCK, _3="국밥", _256="국밥"))
    first = await house.search.find(house.room, "국밥", head=house.head, most=20)
    assert [hit.seq for hit in first.hits] == [256]
    assert first.next is not None
    assert await house.find("국밥") == [256, 3]


async def test_too_many_searches_at_once_are_refused_and_the_others_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "TURN", 0.05)
    await house.say("국밥")
    look, busy = trio.Event(), 0
    refusals: list[tuple[str, int | None]] = []
    before = house.log.before

    async def slow(*args: Any, **kwargs: Any) -> Any:
        nonlocal busy
        busy += 1
        await look.wait()
        return await before(*args, **kwargs)

    async def searching() -> None:
        try:
            assert await house.find("국밥") == [1]
        except MadangError as refusal:
            refusals.append((refusal.code, refusal.retry_after_ms))
            if len(refusals) == 3:
                look.set()

    monkeypatch.setattr(house.log, "before", slow)
    async with trio.open_nursery() as nursery:
        for _ in range(search_module.AT_ONCE + 3):
            nursery.start_soon(searching)
    assert refusals == [("overloaded", 50)] * 3
    assert busy == search_module.AT_ONCE
    assert await house.find("국밥") == [1]


async def test_a_room_whose_index_has_a_gap_is_told_of(house: House) -> None:
    told: list[str] = []
    search = Search(house.log, house.index, on_gap=told.append)
    await house.say(*talk(4 * BLOCK, _3="국밥"))
    assert [hit.seq for hit in (await search.find(house.room, "국밥", head=house.head, most=5)).hits] == [3]
    assert told == [house.room]
    assert [hit.seq for hit in (await search.find(house.room, "국밥", head=house.head, most=5)).hits] == [3]
    assert told == [house.room], "it was indexed by the way"


@pytest.mark.parametrize("head", [1, BLOCK - 10, BLOCK - 1, BLOCK, 2 * BLOCK + 5])
async def test_what_came_after_the_caller_looked_is_found_too(house: House, head: int) -> None:
    """A replica that is a moment behind the bus does not miss what another one has answered."""
    await house.say(*talk(head), "국밥", "안녕", "국밥")
    found = await house.search.find(house.room, "국밥", head=head, most=5)
    assert [hit.seq for hit in found.hits] == [head + 3, head + 1]


async def test_a_page_of_an_indexed_room_costs_few_round_trips(house: House) -> None:
    await house.say(*talk(SPAN + 2 * BLOCK + 9, **{f"_{place}": "국밥" for place in range(1, SPAN, 9)}))
    await house.index_all()
    run, trips = house.mongo.run, 0

    async def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal trips
        trips += 1
        return await run(*args, **kwargs)

    house.mongo.run = counted  # type: ignore[method-assign]
    found = await house.search.find(house.room, "국밥", head=house.head, most=20)
    assert len(found.hits) == 20
    assert trips == 4  # the newest block, the index, the messages, their marks


def test_only_a_block_of_which_the_log_has_all_is_whole() -> None:
    block, now = SMALL.block_at(BLOCK), LONG_AGO + 1_000_000
    whole = [{"seq": seq, "at": LONG_AGO} for seq in range(block.first, block.end)]
    assert is_whole(block, whole, now)
    assert not is_whole(block, whole[1:], now)
    assert not is_whole(block, whole[:-1], now)
    assert not is_whole(block, whole, LONG_AGO + SETTLED * 1000)
    first = [{"seq": seq, "at": LONG_AGO} for seq in range(1, BLOCK)]
    assert is_whole(SMALL.block_at(0), first, now), "no event has the seq 0"
