"""Bus and log as one, whatever one of them forgot and wherever the work was cut short."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import pytest

import common.roomlog.bus
from common.errors import StoreUnavailable
from common.mongo import Mongo
from common.redis import Redis
from common.roomlog.bus import LATE, Bus, Place, Placed, Refusal
from common.roomlog.journal import Journal
from common.roomlog.log import Document, Log
from common.roomlog.position import Draft, Entry, shard_of
from common.units import to_ms
from tests.common.roomlog.entries import a_draft, a_room, an_entry, entries_of

ROOM = a_room()
SHARD = shard_of(ROOM)


async def say(journal: Journal, *texts: str, room: str = ROOM) -> list[Place]:
    """Say something to the end, as a sender does who repeats until there is an answer."""
    places = []
    for text in texts:
        drafts: Sequence[Draft] = [a_draft(room, text)]
        while drafts:
            (entry,) = entries_of(await journal.place(shard_of(room), drafts))
            (place,) = await journal.keep([entry])
            if place is not None:
                await journal.mark([entry])
                places.append(place)
                drafts = []
    return places


async def placed(journal: Journal, *texts: str) -> list[Entry]:
    return entries_of(await journal.place(SHARD, [a_draft(ROOM, text) for text in texts]))


async def log_of(journal: Journal, room: str = ROOM) -> list[tuple[int, str]]:
    """What the log holds: (seq, text), with what a void stands for in brackets."""
    return [
        (document["seq"], _said(document))
        for document in await journal.log.after(room, 0, upto=999, most=999)
    ]


def _said(document: Document) -> str:
    if document["type"] == "void":
        return f"[forget {document['of']}]" if "of" in document else "[void]"
    text: str = document["text"]
    return text


async def forget(redis: Redis) -> None:
    """The bus comes back with nothing."""
    await redis.call("FLUSHALL")


async def rewind(redis: Redis, shard: int, room: str, seq: int) -> None:
    """The bus comes back as it was when the room stood at `seq`, and does not know it."""
    epoch = (await redis.call("GET", f"{{s{shard}}}:epoch")).decode()
    await redis.call("FLUSHALL")
    await redis.call("SET", f"{{s{shard}}}:epoch", epoch)
    await redis.call("HSET", f"{{s{shard}}}:heads", room, f"{seq} {seq} {epoch}")


@pytest.fixture(autouse=True)
async def empty(log: Log) -> None:
    """A log without the room."""
    await log._mongo.run(log._events.delete_many, {"room": ROOM})


# --- places -----------------------------------------------------------------------------------------------------------


async def test_a_room_the_bus_does_not_know_goes_on_where_the_log_ends(journal: Journal) -> None:
    await journal.log.insert([an_entry(ROOM, seq, f"text {seq}") for seq in (1, 2, 3)])
    assert [entry.seq for entry in await placed(journal, "four....", "five....")] == [4, 5]


async def test_rooms_known_and_unknown_are_placed_in_one_batch(journal: Journal) -> None:
    other = a_room(beside=ROOM)
    await placed(journal, "one.....")
    drafts = [
        a_draft(room, text) for room, text in ((other, "a......."), (ROOM, "two....."), (other, "b......."))
    ]
    entries = entries_of(await journal.place(SHARD, drafts))
    assert [(entry.room, entry.seq) for entry in entries] == [(other, 1), (ROOM, 2), (other, 2)]


async def test_what_the_log_holds_need_not_be_said_again(journal: Journal) -> None:
    await say(journal, "one.....")
    drafts = [a_draft(ROOM, text) for text in ("one.....", "two.....")]
    assert await journal.unsaid(drafts) == drafts[1:]


async def test_where_rooms_stand_is_known_even_if_the_bus_did_not(journal: Journal) -> None:
    await journal.log.insert([an_entry(ROOM, seq, f"text {seq}") for seq in (1, 2)])
    other = a_room(beside=ROOM)
    assert (await journal.standing(SHARD, [ROOM, other])).seqs == {ROOM: 2, other: 0}


class _Overtaken(Log):
    """A log that, while it is read for the first time, sees an epoch end and grow."""

    def __init__(self, log: Log, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__(log._mongo)
        self._meanwhile: Callable[[], Awaitable[None]] | None = meanwhile

    async def ends(self, rooms: Iterable[str], *, most: int) -> dict[str, list[Document]]:
        ends = await super().ends(rooms, most=most)
        if self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            await meanwhile()
        return ends


@pytest.mark.parametrize("how", ["place", "standing"])
async def test_a_head_that_was_read_in_another_epoch_is_read_again(journal: Journal, how: str) -> None:
    """A replica that was frozen between reading the log and telling the bus."""
    await say(journal, "one.....")
    await journal.bus.rotate(SHARD, (await journal.bus.standing(SHARD, [])).epoch)

    async def meanwhile() -> None:
        await journal.log.insert([an_entry(ROOM, 2, "two.....")])
        await journal.bus.rotate(SHARD, (await journal.bus.standing(SHARD, [])).epoch)

    slow = Journal(journal.bus, _Overtaken(journal.log, meanwhile))
    if how == "place":
        assert [entry.seq for entry in await placed(slow, "three...")] == [3]
    else:
        assert (await slow.standing(SHARD, [ROOM])).seqs == {ROOM: 2}


# --- durability -------------------------------------------------------------------------------------------------------


async def test_what_is_kept_is_in_the_log_at_its_place(journal: Journal) -> None:
    entries = await placed(journal, "one.....", "two.....")
    assert await journal.keep(entries) == [Place(entry.seq, entry.mseq, entry.at) for entry in entries]
    assert await log_of(journal) == [(1, "one....."), (2, "two.....")]


async def test_keeping_twice_is_keeping_once(journal: Journal) -> None:
    entries = await placed(journal, "one.....", "two.....")
    assert await journal.keep(entries) == await journal.keep(entries)
    assert await log_of(journal) == [(1, "one....."), (2, "two.....")]


async def test_a_retry_after_the_bus_forgot_is_answered_with_the_first_place(
    journal: Journal, redis: Redis
) -> None:
    (first,) = await say(journal, "hello...")
    await forget(redis)
    assert await say(journal, "hello...") == [first]
    assert await log_of(journal) == [(1, "hello..."), (2, "[void]"), (3, "[forget 2]")]


async def test_every_further_retry_is_answered_with_the_first_place_too(
    journal: Journal, redis: Redis
) -> None:
    """The bus once remembered the copy's place, and gave that to the second retry."""
    (first,) = await say(journal, "hello...")
    await forget(redis)
    await say(journal, "hello...")
    (again,) = await journal.place(SHARD, [a_draft(ROOM, "hello...")])
    assert isinstance(again, Placed)
    assert again.logged
    assert Place(again.entry.seq, again.entry.mseq, again.entry.at) == first


async def test_a_copy_that_is_kept_twice_is_taken_back_once(journal: Journal, redis: Redis) -> None:
    """By its writer and by the safety net."""
    await say(journal, "hello...")
    await forget(redis)
    copies = await placed(journal, "hello...")
    assert await journal.keep(copies) == await journal.keep(copies)
    assert await log_of(journal) == [(1, "hello..."), (2, "[void]"), (3, "[forget 2]")]


async def test_a_copy_whose_place_another_holds_ends_the_epoch(journal: Journal, redis: Redis) -> None:
    """Who saw the copy there must look again: no void can say so, because the place is taken."""
    places = await say(journal, "one.....", "two.....", "three...")
    await rewind(redis, SHARD, ROOM, 1)
    (copy,) = await placed(journal, "three...")
    assert copy.seq == 2
    assert await journal.keep([copy]) == places[2:]
    assert (await journal.bus.standing(SHARD, [])).epoch != copy.epoch
    assert await log_of(journal) == [(1, "one....."), (2, "two....."), (3, "three...")]


async def test_an_event_whose_place_another_holds_is_placed_anew_above_the_log(
    journal: Journal, redis: Redis
) -> None:
    await say(journal, "one.....", "two.....", "three...")
    await rewind(redis, SHARD, ROOM, 1)
    entries = await placed(journal, "four....", "five....")
    assert [entry.seq for entry in entries] == [2, 3]
    assert await journal.keep(entries) == [None, None]
    anew = entries_of(await journal.anew(entries))
    assert [entry.seq for entry in anew] == [4, 5]
    assert {entry.epoch for entry in anew} != {entries[0].epoch}
    assert None not in await journal.keep(anew)
    assert await log_of(journal) == [
        (1, "one....."), (2, "two....."), (3, "three..."), (4, "four...."), (5, "five...."),
    ]  # fmt: skip


async def test_who_keeps_a_displaced_event_at_the_same_time_places_it_once(
    journal: Journal, redis: Redis
) -> None:
    await say(journal, "one.....", "two.....")
    await rewind(redis, SHARD, ROOM, 1)
    entries = await placed(journal, "three...")
    assert await journal.keep(entries) == [None]
    (mine,) = entries_of(await journal.anew(entries))
    assert await journal.keep(entries) == [None], "the safety net has it, too"
    assert entries_of(await journal.anew(entries)) == [mine]
    await journal.keep([mine])
    assert await log_of(journal) == [(1, "one....."), (2, "two....."), (3, "three...")]


async def test_a_notice_that_is_displaced_is_placed_anew(journal: Journal, redis: Redis) -> None:
    await say(journal, "one.....")
    await forget(redis)
    (copy,) = await placed(journal, "one.....")
    await journal.log.insert([an_entry(ROOM, 3, "late....")])  # under an epoch that is over
    assert await journal.keep([copy])
    assert await log_of(journal) == [(1, "one....."), (2, "[void]"), (3, "late...."), (4, "[forget 2]")]


# --- holes ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing counts as late at once. The entries of these tests are of a time to come."""
    monkeypatch.setattr("common.roomlog.journal.now_ms", lambda: 1_900_000_000_000)


@pytest.mark.usefixtures("at_once")
async def test_a_hole_that_nothing_is_on_its_way_to_fill_becomes_void(journal: Journal) -> None:
    """The bus and the replica that held seq 2 and 3 died together; another replica stored seq 4."""
    await journal.log.insert([an_entry(ROOM, 1, "one....."), an_entry(ROOM, 4, "four....")])
    await journal.mend(ROOM, 1, 4)
    assert await log_of(journal) == [(1, "one....."), (2, "[void]"), (3, "[void]"), (4, "four....")]
    documents = await journal.log.after(ROOM, 0, upto=9, most=9)
    assert [document["mseq"] for document in documents] == [1, 2, 3, 4]


@pytest.mark.usefixtures("at_once")
async def test_what_is_on_its_way_is_not_taken_for_a_hole(journal: Journal) -> None:
    entries = await placed(journal, "one.....", "two.....", "three...")
    await journal.log.insert(entries[2:])
    await journal.mend(ROOM, 1, 3)
    assert await log_of(journal) == [(3, "three...")]


@pytest.mark.usefixtures("at_once")
async def test_what_is_still_to_come_is_not_a_hole(journal: Journal) -> None:
    await say(journal, "one.....", "two.....")
    await journal.mend(ROOM, 1, 9)
    assert await log_of(journal) == [(1, "one....."), (2, "two.....")]


@pytest.mark.usefixtures("at_once")
async def test_a_hole_is_seen_up_to_the_edge_of_what_is_read(journal: Journal) -> None:
    await journal.log.insert([an_entry(ROOM, 1, "one....."), an_entry(ROOM, 4, "four....")])
    await journal.mend(ROOM, 2, 2)
    assert await log_of(journal) == [(1, "one....."), (2, "[void]"), (4, "four....")]


async def test_a_young_hole_is_given_time(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    await placed(journal, "one.....")  # the bus's clock is the real one
    young = (await placed(journal, "two....."))[0]
    await journal.log.insert([young])
    await journal.bus.logged(await placed(journal, "one....."))  # as if it had been, and was not
    monkeypatch.setattr("common.roomlog.journal.now_ms", lambda: young.at + to_ms(LATE) - 1)
    await journal.mend(ROOM, 1, 2)
    assert await log_of(journal) == [(2, "two.....")]
    monkeypatch.setattr("common.roomlog.journal.now_ms", lambda: young.at + to_ms(LATE) + 1)
    await journal.mend(ROOM, 1, 2)
    assert await log_of(journal) == [(1, "[void]"), (2, "two.....")]


@pytest.mark.usefixtures("at_once")
async def test_an_event_whose_hole_was_filled_is_placed_anew(journal: Journal, redis: Redis) -> None:
    one, two = await placed(journal, "one.....", "two.....")
    await forget(redis)
    await journal.keep([two])
    await journal.mend(ROOM, 1, 2)
    assert await journal.keep([one]) == [None]
    (anew,) = entries_of(await journal.anew([one]))
    assert await journal.keep([anew]) == [Place(3, 3, anew.at)]
    assert await log_of(journal) == [(1, "[void]"), (2, "two....."), (3, "one.....")]


# --- cut short anywhere -----------------------------------------------------------------------------------------------


class Cut:
    """Lets `left` calls to the stores pass and cuts the next one short, before or after it was carried out."""

    def __init__(self, left: int, *, carried_out: bool) -> None:
        self.left = left
        self.carried_out = carried_out
        self.happened = False

    async def __call__(self, call: Callable[[], Awaitable[Any]]) -> Any:
        self.left -= 1
        if self.left != -1:
            return await call()
        self.happened = True
        if self.carried_out:
            await call()
        raise StoreUnavailable("redis", "cut short")


class CutRedis(Redis):
    def __init__(self, redis: Redis, cut: Cut) -> None:
        self._redis, self._cut = redis, cut

    async def call(self, *command: Any) -> Any:
        return await self._cut(lambda: self._redis.call(*command))

    async def calls(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        answers: list[Any] = await self._cut(lambda: self._redis.calls(commands))
        return answers


class CutMongo(Mongo):
    def __init__(self, mongo: Mongo, cut: Cut) -> None:
        self.database, self._mongo, self._cut = mongo.database, mongo, cut

    async def run(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self._cut(lambda: self._mongo.run(fn, *args, **kwargs))


async def _new_messages(journal: Journal, redis: Redis) -> None:
    await say(journal, "one.....")


async def _after_the_bus_forgot(journal: Journal, redis: Redis) -> None:
    await say(journal, "one.....", "three...", "retried.")
    await forget(redis)


async def _after_the_bus_came_back_older(journal: Journal, redis: Redis) -> None:
    await say(journal, "one.....", "three...", "retried.")
    await rewind(redis, SHARD, ROOM, 1)


async def _after_the_bus_came_back_older_by_one(journal: Journal, redis: Redis) -> None:
    await say(journal, "one.....", "three...", "retried.")
    await rewind(redis, SHARD, ROOM, 2)


TEXTS = ("retried.", "new.....", "newer...")


@pytest.mark.parametrize("carried_out", [False, True], ids=["not carried out", "carried out"])
@pytest.mark.parametrize(
    "before",
    [
        _new_messages,
        _after_the_bus_forgot,
        _after_the_bus_came_back_older,
        _after_the_bus_came_back_older_by_one,
    ],
)
async def test_work_that_is_cut_short_anywhere_is_finished_by_others(
    journal: Journal,
    redis: Redis,
    before: Callable[[Journal, Redis], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
    *,
    carried_out: bool,
) -> None:
    """A writer dies at each of its steps in turn; the safety net, and senders who ask again, finish what it began."""
    monkeypatch.setattr(common.roomlog.bus, "LATE", 0)
    for step in range(100):
        await redis.call("FLUSHALL")
        await journal.log._mongo.run(journal.log._events.delete_many, {"room": ROOM})
        await before(journal, redis)
        cut = Cut(step, carried_out=carried_out)
        dying = Journal(Bus(CutRedis(redis, cut)), Log(CutMongo(journal.log._mongo, cut)))
        answered = await _write(dying)
        await _sweep(journal)
        again = await say(journal, *TEXTS)
        assert answered in ([], again)
        await _judge(journal, again)
        if not cut.happened:
            assert answered == again
            return
    raise AssertionError("it never came to an end")


async def _write(journal: Journal) -> list[Place]:
    """What a log writer does with one batch, until something fails."""
    places: dict[str, Place] = {}
    try:
        outcomes: Sequence[Placed | Refusal] = await journal.place(
            SHARD, [a_draft(ROOM, text) for text in TEXTS]
        )
        texts: Sequence[str] = TEXTS
        while texts:
            entries = entries_of(outcomes)
            kept = dict(zip(texts, await journal.keep(entries), strict=True))
            places |= {text: place for text, place in kept.items() if place}
            texts = [text for text, place in kept.items() if place is None]
            await journal.mark([e for e, place in zip(entries, kept.values(), strict=True) if place])
            outcomes = await journal.anew(
                [e for e, place in zip(entries, kept.values(), strict=True) if not place]
            )
    except StoreUnavailable:
        return []
    return [places[text] for text in TEXTS]


async def _sweep(journal: Journal) -> None:
    """What the safety net does, until there is nothing left to do."""
    while True:
        found = await journal.bus.sweep(SHARD, "the safety net")
        assert found is not None
        entries = found.late
        if not entries:
            return
        while entries:
            places = await journal.keep(entries)
            await journal.mark([e for e, place in zip(entries, places, strict=True) if place])
            displaced = [e for e, place in zip(entries, places, strict=True) if place is None]
            entries = entries_of(await journal.anew(displaced))


async def _judge(journal: Journal, answers: Sequence[Place]) -> None:
    documents = await journal.log.after(ROOM, 0, upto=999, most=999)
    assert [document["seq"] for document in documents] == list(range(1, len(documents) + 1)), "dense"
    names = [(document["sender"], document["client_id"]) for document in documents]
    assert len(set(names)) == len(names), "one client_id, one message"
    held = {
        _said(document): Place(document["seq"], document["mseq"], document["at"]) for document in documents
    }
    assert [held[text] for text in TEXTS] == list(answers), "answered as it is stored"
    copies = [d["seq"] for d in documents if _said(d) == "[void]"]
    assert sorted(d["of"] for d in documents if "of" in d) == copies, "each copy is taken back once"
    assert await journal.bus.unlogged(SHARD, ROOM) == set(), "nothing is left to do"
