"""The writer: an answer only for what is durable, one for each send, late if need be and never wrong."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd import log_writer
from chatd.log_writer import PATIENCE, LogWriter
from chatd.resting import Rest
from common.errors import MadangError, StoreUnavailable
from common.ids import uuid7
from common.roomlog.bus import Place, Placed, Refusal
from common.roomlog.position import Draft, Entry, MessageBody

ROOM = uuid7()
APART = uuid7()  # of a part of the bus that may be away by itself
AWAY = {store: StoreUnavailable(store, "away") for store in ("redis", "mongo")}  # type: ignore[arg-type]


class Sender:
    """Who waits for one answer; counts how many came."""

    def __init__(self, text: str, room: str = ROOM) -> None:
        self.draft = Draft.of(MessageBody(room=room, sender="mina", client_id=text, text=text))
        self.answers: list[Place | str] = []
        self.flushed = 0

    def settle(self, outcome: Place | MadangError) -> None:
        self.answers.append(outcome if isinstance(outcome, Place) else outcome.code)

    def flush(self) -> None:
        self.flushed += 1


class Journal:
    """Places and keeps as the test wants it."""

    def __init__(self) -> None:
        self.redis_away = self.mongo_away = self.anew_away = self.apart_away = False
        self.away_for = 0  # so many calls of the bus
        self.placing = trio.Event()  # unset, a test holds the bus back
        self.placing.set()
        self.refuses: Refusal | None = None
        self.logged_before = False
        self.said: set[bytes] = set()  # bodies of what the log holds from before
        self.displaced: set[int] = set()  # seqs that the log gives to others
        self.first_place: dict[int, Place] = {}  # of what was in the log before, by seq
        self.gate = trio.CapacityLimiter(1)  # taken by a test to hold the log back
        self.groups: list[list[int]] = []
        self.stored: dict[int, Entry] = {}
        self.marked: list[int] = []
        self._seqs = itertools.count(1)
        self._given: dict[bytes, Entry] = {}

    async def unsaid(self, drafts: Sequence[Draft]) -> list[Draft]:
        await trio.lowlevel.checkpoint()
        if self.mongo_away:
            raise AWAY["mongo"]
        return [draft for draft in drafts if draft.body not in self.said]

    async def place(self, shard: int, drafts: Sequence[Draft]) -> list[Placed | Refusal]:
        await trio.lowlevel.checkpoint()
        await self.placing.wait()
        if self.redis_away or self.away_for:
            self.away_for = max(0, self.away_for - 1)
            raise AWAY["redis"]
        return [self.refuses or Placed(self._entry(draft), self.logged_before) for draft in drafts]

    def _entry(self, draft: Draft) -> Entry:
        if draft.body not in self._given:
            seq = next(self._seqs)
            self._given[draft.body] = Entry(b"%d-0" % seq, draft.room, seq, seq, "e1", draft.body)
        return self._given[draft.body]

    async def keep(self, entries: Sequence[Entry]) -> list[Place | None]:
        self.groups.append([entry.seq for entry in entries])
        async with self.gate:
            await trio.lowlevel.checkpoint()
        if self.mongo_away:
            raise AWAY["mongo"]
        if self.apart_away and any(entry.room == APART and entry.seq in self.displaced for entry in entries):
            raise AWAY["redis"]
        return [self._kept(entry) for entry in entries]

    def _kept(self, entry: Entry) -> Place | None:
        if entry.seq in self.displaced:
            self._given.pop(entry.body, None)
            return None
        if entry.seq in self.first_place:
            return self.first_place[entry.seq]
        self.stored[entry.seq] = entry
        return Place(entry.seq, entry.mseq, entry.at)

    async def anew(self, displaced: Sequence[Entry]) -> list[Placed | Refusal]:
        await trio.lowlevel.checkpoint()
        if self.anew_away:
            raise AWAY["redis"]
        return [
            self.refuses or Placed(self._entry(Draft(e.room, "", "", e.body, True)), False) for e in displaced
        ]

    def apart(self, entries: Sequence[Entry]) -> list[list[Entry]]:
        parts = [[entry for entry in entries if entry.room != APART], [e for e in entries if e.room == APART]]
        return [part for part in parts if part]

    async def mark(self, entries: Sequence[Entry]) -> None:
        await trio.lowlevel.checkpoint()
        if self.apart_away and any(entry.room == APART for entry in entries):
            raise AWAY["redis"]
        if self.redis_away:
            raise AWAY["redis"]
        assert all(entry.seq in self.stored for entry in entries)
        self.marked += [entry.seq for entry in entries]


@pytest.fixture(autouse=True)
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is done at once, but where a test is about rests."""
    for name in ("PLACING_REST", "KEEPING_REST"):
        monkeypatch.setattr(log_writer, name, Rest(0, 0))


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
async def writer(journal: Journal, nursery: trio.Nursery) -> LogWriter:
    writer = LogWriter(journal)  # type: ignore[arg-type]
    await nursery.start(writer.run)
    return writer


def sends(writer: LogWriter, *texts: str) -> list[Sender]:
    senders = [Sender(text) for text in texts]
    for sender in senders:
        writer.submit(sender.draft, sender)
    return senders


def answers(senders: Sequence[Sender]) -> list[list[int | str]]:
    """What each was answered: seqs and error codes."""
    return [[a.seq if isinstance(a, Place) else a for a in sender.answers] for sender in senders]


# --- one after the other ----------------------------------------------------------------------------------------------


async def test_nothing_is_answered_before_it_is_durable(journal: Journal, writer: LogWriter) -> None:
    async with journal.gate:
        senders = sends(writer, "one", "two")
        await wait_all_tasks_blocked()
        assert answers(senders) == [[], []]
    await wait_all_tasks_blocked()
    assert answers(senders) == [[1], [2]]


async def test_what_comes_during_an_insert_goes_into_the_next_one_together(
    journal: Journal, writer: LogWriter
) -> None:
    async with journal.gate:
        sends(writer, "one")
        await wait_all_tasks_blocked()
        for text in ("two", "three", "four"):
            sends(writer, text)
            await wait_all_tasks_blocked()
    await wait_all_tasks_blocked()
    assert journal.groups == [[1], [2, 3, 4]]


async def test_what_comes_in_the_rest_after_several_goes_together_and_what_comes_alone_waits_for_nothing(
    autojump_clock: MockClock, journal: Journal, writer: LogWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_writer, "KEEPING_REST", Rest(2, 0.01))
    async with journal.gate:
        sends(writer, "one", "two")
        await trio.sleep(1)
    await wait_all_tasks_blocked()  # that took a second: now it rests
    for text in ("three", "four"):
        sends(writer, text)
        await wait_all_tasks_blocked()
    assert journal.groups == [[1, 2]]
    await trio.sleep(1)
    alone = sends(writer, "five")
    await wait_all_tasks_blocked()
    assert answers(alone) == [[5]]
    assert journal.groups == [[1, 2], [3, 4], [5]]


async def test_answers_of_one_moment_are_sent_together(journal: Journal, writer: LogWriter) -> None:
    async with journal.gate:
        sender = Sender("one")
        writer.submit(sender.draft, sender)
        writer.submit(Sender("two").draft, sender)
        await wait_all_tasks_blocked()
    await wait_all_tasks_blocked()
    assert (answers([sender]), sender.flushed) == ([[1, 2]], 1)


async def test_what_became_durable_is_told_after_its_senders(journal: Journal, nursery: trio.Nursery) -> None:
    told: list[tuple[list[int], list[list[int | str]]]] = []
    senders = [Sender("one"), Sender("two")]

    def kept(entries: Sequence[Entry]) -> None:
        told.append(([entry.seq for entry in entries], answers(senders)))

    writer = LogWriter(journal, kept=kept)  # type: ignore[arg-type]
    await nursery.start(writer.run)
    journal.displaced = {2}
    for sender in senders:
        writer.submit(sender.draft, sender)
        await wait_all_tasks_blocked()
    assert [each for each in told if each[0]] == [([1], [[1], []]), ([3], [[1], [3]])]


async def test_what_is_in_the_log_already_is_answered_at_once(journal: Journal, writer: LogWriter) -> None:
    journal.logged_before = True
    async with journal.gate:
        senders = sends(writer, "one")
        await wait_all_tasks_blocked()
        assert answers(senders) == [[1]]


async def test_who_sends_the_same_twice_gets_the_same_answer_twice(
    journal: Journal, writer: LogWriter
) -> None:
    async with journal.gate:
        senders = sends(writer, "one", "one")
        await wait_all_tasks_blocked()
        senders += sends(writer, "one")
        await wait_all_tasks_blocked()
    await wait_all_tasks_blocked()
    assert answers(senders) == [[1], [1], [1]]


async def test_a_copy_is_answered_with_the_first_place(journal: Journal, writer: LogWriter) -> None:
    journal.first_place[1] = Place(41, 12, 1_700_000_000_000)
    (sender,) = sends(writer, "one")
    await wait_all_tasks_blocked()
    assert sender.answers == [Place(41, 12, 1_700_000_000_000)]


# --- stores that are away ---------------------------------------------------------------------------------------------


async def test_without_the_bus_a_send_is_refused_for_the_moment(journal: Journal, writer: LogWriter) -> None:
    journal.redis_away = True
    senders = sends(writer, "one")
    await wait_all_tasks_blocked()
    assert answers(senders) == [["bus_unavailable"]]


async def test_a_log_that_is_far_behind_takes_no_more(journal: Journal, writer: LogWriter) -> None:
    journal.refuses = "log_behind"
    senders = sends(writer, "one")
    await wait_all_tasks_blocked()
    assert answers(senders) == [["log_unavailable"]]


async def test_an_answer_waits_for_a_log_that_comes_back(
    autojump_clock: MockClock, journal: Journal, writer: LogWriter
) -> None:
    journal.mongo_away = True
    senders = sends(writer, "one", "two")
    await trio.sleep(PATIENCE / 2)
    assert answers(senders) == [[], []]
    journal.mongo_away = False
    await trio.sleep(PATIENCE / 4)
    assert answers(senders) == [[1], [2]]


async def test_who_waited_too_long_is_told_once_and_what_they_sent_is_kept_all_the_same(
    autojump_clock: MockClock, journal: Journal, writer: LogWriter
) -> None:
    journal.mongo_away = True
    senders = sends(writer, "one")
    await trio.sleep(PATIENCE + 1)
    assert answers(senders) == [["log_unavailable"]]
    again = sends(writer, "one")
    journal.mongo_away = False
    await trio.sleep(PATIENCE)
    assert answers(senders + again) == [["log_unavailable"], [1]]
    assert list(journal.stored) == [1]


async def test_what_nobody_waits_for_any_more_is_not_placed(
    autojump_clock: MockClock, journal: Journal, writer: LogWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was told to try again before its turn came."""
    stuck = trio.Event()
    place = journal.place

    async def slow(shard: int, drafts: Sequence[Draft]) -> list[Placed | Refusal]:
        await stuck.wait()
        return await place(shard, drafts)

    monkeypatch.setattr(journal, "place", slow)
    first = sends(writer, "one")
    await wait_all_tasks_blocked()
    second = sends(writer, "two")
    await trio.sleep(PATIENCE + 1)
    stuck.set()
    await trio.sleep(1)
    assert answers(first + second) == [["log_unavailable"], ["log_unavailable"]]
    assert list(journal.stored) == [1]


async def test_marks_are_made_when_the_bus_is_there_again(
    autojump_clock: MockClock, journal: Journal, writer: LogWriter
) -> None:
    """Who listens in a new epoch may hear of an entry of the old one only through its mark."""
    async with journal.gate:
        senders = sends(writer, "one", "two")
        await wait_all_tasks_blocked()
        journal.redis_away = True
    await trio.sleep(5)
    assert (answers(senders), journal.marked) == ([[1], [2]], [])
    journal.redis_away = False
    await trio.sleep(5)
    assert journal.marked == [1, 2]


async def test_what_is_marked_is_what_was_stored(
    journal: Journal, writer: LogWriter, autojump_clock: MockClock
) -> None:
    journal.mongo_away = True
    sends(writer, "one")
    await trio.sleep(1)
    assert journal.marked == []


# --- a bus of which a part is away ------------------------------------------------------------------------------------


def sends_apart(writer: LogWriter, *texts: str) -> list[Sender]:
    senders = [Sender(text, APART) for text in texts]
    for sender in senders:
        writer.submit(sender.draft, sender)
    return senders


async def test_what_a_part_that_is_away_cannot_mark_keeps_no_other_mark_waiting(
    autojump_clock: MockClock, journal: Journal, writer: LogWriter
) -> None:
    journal.apart_away = True
    assert answers(sends_apart(writer, "one") + sends(writer, "two")) == [[], []]
    await trio.sleep(5)
    assert [journal.stored[seq].room for seq in journal.marked] == [ROOM]
    journal.apart_away = False
    await trio.sleep(5)
    assert sorted(journal.marked) == [1, 2]


async def test_what_a_part_that_is_away_cannot_settle_keeps_no_other_answer_waiting(
    autojump_clock: MockClock, journal: Journal, writer: LogWriter
) -> None:
    """It was given a place that the log gave to another, and the bus cannot be told."""
    async with journal.gate:
        first, second = *sends_apart(writer, "one"), *sends(writer, "two")
        await wait_all_tasks_blocked()
        journal.apart_away = True
        journal.displaced = {entry.seq for entry in journal._given.values() if entry.room == APART}
    await trio.sleep(1)
    later = sends(writer, "three")
    await trio.sleep(PATIENCE / 2)
    assert [len(sender.answers) for sender in (first, second, *later)] == [0, 1, 1]
    journal.apart_away = False
    await trio.sleep(PATIENCE / 3)
    assert [len(sender.answers) for sender in (first, second, *later)] == [1, 1, 1]
    assert isinstance(first.answers[0], Place)


# --- a bus that came back older ---------------------------------------------------------------------------------------


async def test_what_was_displaced_is_placed_anew_and_answered_with_its_new_place(
    journal: Journal, writer: LogWriter
) -> None:
    journal.displaced = {1, 3}
    async with journal.gate:
        senders = sends(writer, "one", "two", "three")
        await wait_all_tasks_blocked()
    await wait_all_tasks_blocked()
    assert answers(senders) == [[4], [2], [5]]
    assert sorted(journal.stored) == [2, 4, 5]


async def test_what_could_not_be_placed_anew_is_tried_again(
    autojump_clock: MockClock, journal: Journal, writer: LogWriter
) -> None:
    journal.displaced, journal.anew_away = {1}, True
    senders = sends(writer, "one", "two")
    await trio.sleep(1)
    assert answers(senders) == [[], [2]]
    journal.anew_away = False
    await trio.sleep(PATIENCE / 2)
    assert answers(senders) == [[3], [2]]


async def test_what_is_displaced_while_the_log_is_far_behind_is_refused(
    journal: Journal, writer: LogWriter
) -> None:
    journal.displaced = {1}
    async with journal.gate:
        senders = sends(writer, "one")
        await wait_all_tasks_blocked()
        journal.refuses = "log_behind"
    await wait_all_tasks_blocked()
    assert answers(senders) == [["log_unavailable"]]


# --- bounds -----------------------------------------------------------------------------------------------------------


async def test_too_much_at_once_is_refused_at_once(
    journal: Journal, writer: LogWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_writer, "QUEUE", 2)
    sends(writer, "one", "two")
    with pytest.raises(MadangError, match="overloaded"):
        sends(writer, "three")


async def test_what_is_too_much_to_hold_is_left_to_the_safety_net(
    journal: Journal, writer: LogWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_writer, "UNKEPT", 2)
    async with journal.gate:
        senders = sends(writer, "one", "two", "three")
        await wait_all_tasks_blocked()
        assert answers(senders) == [[], [], ["log_unavailable"]]


async def test_who_asks_again_and_again_costs_no_more_than_one(
    autojump_clock: MockClock, journal: Journal, writer: LogWriter
) -> None:
    journal.mongo_away = True
    for _ in range(20):
        sends(writer, "one")
        await trio.sleep(PATIENCE + 1)
    ((_, waiting),) = writer._unkept.values()
    assert len(waiting) <= 1


# --- for tasks --------------------------------------------------------------------------------------------------------


async def test_a_task_waits_until_all_of_it_is_durable(
    journal: Journal, writer: LogWriter, nursery: trio.Nursery
) -> None:
    done = trio.Event()

    async def append() -> None:
        await writer.append([Sender(text).draft for text in ("one", "two")])
        done.set()

    async with journal.gate:
        nursery.start_soon(append)
        await wait_all_tasks_blocked()
        assert not done.is_set()
    await done.wait()
    assert sorted(journal.stored) == [1, 2]


async def held_back(journal: Journal, writer: LogWriter) -> list[Sender]:
    """The bus stands still over something, and what comes now waits."""
    journal.placing = trio.Event()
    senders = sends(writer, "held back")
    await wait_all_tasks_blocked()
    return senders


def texts(journal: Journal) -> list[str]:
    return [entry.document()["text"] for entry in journal.stored.values()]


async def appending(writer: LogWriter, *texts: str) -> None:
    with pytest.raises(MadangError, match=r"unavailable|overloaded"):
        await writer.append([Sender(text).draft for text in texts])


async def test_of_what_a_task_says_nothing_is_placed_when_what_came_before_it_was_not(
    journal: Journal, writer: LogWriter, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the bus goes and comes back between two batches: `kicked` once stood before `joined` in its room."""
    monkeypatch.setattr(log_writer, "BATCH", 3)
    first = await held_back(journal, writer)
    crowd = sends(writer, "a", "b")
    nursery.start_soon(appending, writer, "joined", "promoted", "kicked")
    await wait_all_tasks_blocked()
    journal.away_for = 2
    journal.placing.set()
    await wait_all_tasks_blocked()
    later = sends(writer, "c")
    await wait_all_tasks_blocked()
    assert texts(journal) == ["c"]
    assert answers([*first, *crowd, *later]) == [["bus_unavailable"]] * 3 + [[1]]


async def test_of_what_a_task_says_all_is_refused_or_nothing(
    journal: Journal, writer: LogWriter, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_writer, "QUEUE", 2)
    await held_back(journal, writer)
    sends(writer, "before")
    nursery.start_soon(writer.append, [Sender(text).draft for text in ("one", "two", "three")])
    await wait_all_tasks_blocked()
    await appending(writer, "four", "five")
    journal.placing.set()
    await wait_all_tasks_blocked()
    assert texts(journal) == ["held back", "before", "one", "two", "three"]


async def test_a_task_says_nothing_again(journal: Journal, writer: LogWriter) -> None:
    """After a loss of Redis ten minutes of news come again; each of them once left two voids in its room."""
    again, new = Sender("again").draft, Sender("new").draft
    journal.said = {again.body}
    await writer.append([again, new])
    assert [entry.body for entry in journal.stored.values()] == [new.body]


async def test_a_task_hears_that_the_log_is_away(journal: Journal, writer: LogWriter) -> None:
    journal.mongo_away = True
    with pytest.raises(StoreUnavailable):
        await writer.append([Sender("one").draft])


async def test_a_task_hears_of_a_refusal(journal: Journal, writer: LogWriter) -> None:
    journal.redis_away = True
    with pytest.raises(MadangError, match="bus_unavailable"):
        await writer.append([Sender("one").draft])


async def test_a_task_that_gives_up_waiting_changes_nothing_for_what_it_handed_over(
    journal: Journal, writer: LogWriter, nursery: trio.Nursery
) -> None:
    async with journal.gate:
        with trio.CancelScope() as scope:
            async with trio.open_nursery() as task:
                task.start_soon(writer.append, [Sender("one").draft])
                await wait_all_tasks_blocked()
                scope.cancel()
        (later,) = sends(writer, "two")
    await writer.answered()
    await wait_all_tasks_blocked()
    assert sorted(journal.stored) == [1, 2]
    assert answers([later]) == [[2]]


async def test_a_drain_that_is_cut_short_can_be_waited_for_again(journal: Journal, writer: LogWriter) -> None:
    async with journal.gate:
        sends(writer, "one")
        with trio.CancelScope() as scope:
            async with trio.open_nursery() as task:
                task.start_soon(writer.answered)
                await wait_all_tasks_blocked()
                scope.cancel()
    await writer.answered()
    assert sorted(journal.stored) == [1]


async def test_a_drain_waits_for_every_answer(
    journal: Journal, writer: LogWriter, nursery: trio.Nursery
) -> None:
    answered = trio.Event()

    async def drain() -> None:
        await writer.answered()
        answered.set()

    async with journal.gate:
        sends(writer, "one")
        nursery.start_soon(drain)
        await wait_all_tasks_blocked()
        assert not answered.is_set()
    await answered.wait()
