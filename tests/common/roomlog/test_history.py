"""Pages of the past: whole, in order, of what this reader may see; or an honest reason why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import pytest

from common import protocol
from common.errors import MadangError
from common.ids import uuid7
from common.protocol import Position
from common.roomlog import history as history_module
from common.roomlog.history import History, Reader, Where
from common.roomlog.position import Draft, Entry, MessageBody, VoidBody

ROOM = uuid7()


def entry(seq: int, text: str = "hi") -> Entry:
    body = Draft.of(MessageBody(room=ROOM, sender="mina", client_id=f"id {seq:06}", text=text)).body
    return Entry(b"%d-0" % (1000 + seq), ROOM, seq, seq, "e1", body)


class Journal:
    """A log that holds what the test put there, and may know how to mend it. It counts the questions."""

    def __init__(self) -> None:
        self.log = self
        self.states = self
        self.documents: dict[int, dict[str, Any]] = {}
        self.can_mend = False
        self.trips = 0

    def hold(self, *seqs: int, text: str = "hi") -> None:
        self.documents |= {seq: entry(seq, text).document() for seq in seqs}

    async def after(self, room: str, seq: int, *, upto: int, most: int) -> list[dict[str, Any]]:
        assert most > 0
        self.trips += 1
        return [d for each, d in sorted(self.documents.items()) if seq < each <= upto][:most]

    async def at(self, room: str, seqs: Iterable[int]) -> dict[int, dict[str, Any]]:
        self.trips += 1
        return {seq: self.documents[seq] for seq in seqs if seq in self.documents}

    async def heads(self, rooms: list[str]) -> dict[str, tuple[int, int]]:
        return {ROOM: (max(self.documents, default=0), 0)}

    async def views(self, room: str, seqs: list[int], reader: str, *, fresh: Any) -> list[protocol.State]:
        return []

    async def mend(self, room: str, low: int, high: int) -> None:
        if self.can_mend:
            for seq in range(low, high + 1):
                filler = VoidBody(room=ROOM, sender="", client_id=f"lost:{seq}")
                void = entry(seq)._replace(body=Draft.of(filler).body)
                self.documents.setdefault(seq, void.document())


class Memory:
    """What was heard of the bus."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def between(self, room: str, epoch: str, after: int, upto: int) -> list[Entry]:
        return [each for each in self.entries if after < each.seq <= upto]

    def changes(self, room: str, most: int) -> list[Entry]:
        return []


class Past:
    """A history, and the two it reads from."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.memory = Memory()
        self.history = History(self.journal, None, self.memory)  # type: ignore[arg-type]

    def remember(self, seqs: Sequence[int]) -> None:
        self.memory.entries += [entry(seq) for seq in seqs]

    async def page(self, upto: int, *, visible_from: int = 0, **asked: int) -> tuple[list[int], bool]:
        where = Where(**{"limit": 10, **asked})
        page = await self.history.page(ROOM, where, Position("e1", upto), Reader("jun", visible_from))
        return [event.seq for event in page.events], page.more

    async def around(self, upto: int, seq: int, *, visible_from: int = 0) -> tuple[list[int], bool, bool]:
        where = Where(around=seq, limit=4)
        page = await self.history.page(ROOM, where, Position("e1", upto), Reader("jun", visible_from))
        return [event.seq for event in page.events], page.more, page.newer


@pytest.fixture
def past() -> Past:
    return Past()


# --- pages ------------------------------------------------------------------------------------------------------------


async def test_pages_backward_reach_the_beginning(past: Past) -> None:
    past.journal.hold(*range(1, 26))
    assert await past.page(25) == (list(range(16, 26)), True)
    assert await past.page(25, before=16) == (list(range(6, 16)), True)
    assert await past.page(25, before=6) == ([1, 2, 3, 4, 5], False)
    assert await past.page(25, before=1) == ([], False)


async def test_pages_forward_reach_the_end(past: Past) -> None:
    past.journal.hold(*range(1, 26))
    assert await past.page(25, after=0) == (list(range(1, 11)), True)
    assert await past.page(25, after=20) == ([21, 22, 23, 24, 25], False)
    assert await past.page(25, after=25) == ([], False)


async def test_an_empty_room_has_an_empty_page(past: Past) -> None:
    assert await past.page(0) == ([], False)
    assert await past.page(0, after=0) == ([], False)


async def test_a_page_holds_nothing_newer_than_the_room_as_it_stands_here(past: Past) -> None:
    past.journal.hold(*range(1, 9))
    assert await past.page(5) == ([1, 2, 3, 4, 5], False)
    assert await past.page(5, after=3) == ([4, 5], False)


async def test_a_page_is_completed_from_memory(past: Past) -> None:
    past.journal.hold(*range(1, 5))
    past.remember([5, 6])
    assert await past.page(6) == ([1, 2, 3, 4, 5, 6], False)


async def test_a_page_that_the_log_cannot_fill_yet_is_refused_for_the_moment(past: Past) -> None:
    past.journal.hold(1, 2, 4)
    with pytest.raises(MadangError) as refused:
        await past.page(4)
    assert (refused.value.code, refused.value.kind.temporary) == ("log_unavailable", True)


async def test_a_hole_that_nothing_will_fill_is_mended_by_who_reads_across_it(past: Past) -> None:
    """It made every page across it unreadable for ever."""
    past.journal.hold(1, 2, 4)
    past.journal.can_mend = True
    assert await past.page(4) == ([1, 2, 3, 4], False)


async def test_a_page_shows_nothing_from_before_the_reader_came(past: Past) -> None:
    past.journal.hold(*range(1, 21))
    assert await past.page(20, visible_from=1015) == (list(range(15, 21)), False)
    assert await past.page(20, after=0, visible_from=1015) == (list(range(15, 21)), False)
    assert await past.page(20, before=15, visible_from=1015) == ([], False)


async def test_a_page_of_long_messages_is_shorter(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "MOST_BYTES", 4000)
    past.journal.hold(*range(1, 11), text="x" * 1000)
    assert await past.page(10) == ([8, 9, 10], True)
    assert await past.page(10, after=0) == ([1, 2, 3], True)


async def test_a_page_of_much_reacted_messages_is_shorter_too(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a connection may hold back is bounded, and what messages have become may be more than they."""

    async def views(room: str, seqs: list[int], reader: str, *, fresh: Any) -> list[protocol.State]:
        reactions = [protocol.Reactions(emoji="👍", count=25, users=[uuid7()] * 25)]
        return [protocol.State(seq=seq, reactions=reactions) for seq in seqs]

    monkeypatch.setattr(past.journal, "views", views)
    monkeypatch.setattr(history_module, "MOST_BYTES", 4000)
    past.journal.hold(*range(1, 11))
    page = await past.history.page(ROOM, Where(limit=10), Position("e1", 10), Reader("jun", 0))
    assert ([event.seq for event in page.events], page.more) == ([8, 9, 10], True)
    assert [state.seq for state in page.states] == [8, 9, 10]


async def test_a_page_says_up_to_when_its_states_are_true(past: Past) -> None:
    past.journal.hold(*range(1, 9))
    page = await past.history.page(ROOM, Where(before=4), Position("e1", 7), Reader("jun", 0))
    assert page.as_of == 7


async def test_a_page_of_who_does_not_hear_the_bus_says_nothing_of_that(past: Past) -> None:
    past.journal.hold(1)
    history = History(past.journal, None)  # type: ignore[arg-type]
    assert (await history.page(ROOM, Where(), Position("-", 1), Reader("jun", 0))).as_of is None


async def test_numbers_of_a_page_are_of_the_wire(past: Past) -> None:
    past.journal.hold(1)
    page = await past.history.page(ROOM, Where(), Position("e1", 1), Reader("jun", 0))
    assert msgspec.json.decode(msgspec.json.encode(page), type=protocol.Page) == page


# --- around -----------------------------------------------------------------------------------------------------------


async def test_around_an_event_are_those_on_both_sides(past: Past) -> None:
    past.journal.hold(*range(1, 21))
    assert await past.around(20, 10) == ([8, 9, 10, 11], True, True)
    assert await past.around(20, 1) == ([1, 2, 3, 4], False, True)
    assert await past.around(20, 0) == ([1, 2, 3, 4], False, True)
    assert await past.around(20, 20) == ([17, 18, 19, 20], True, False)
    assert await past.around(20, 999) == ([17, 18, 19, 20], True, False)
    assert await past.around(2, 1) == ([1, 2], False, False)
    assert await past.around(0, 1) == ([], False, False)


async def test_around_an_event_too_nothing_is_shown_from_before_the_reader_came(past: Past) -> None:
    past.journal.hold(*range(1, 21))
    assert await past.around(20, 10, visible_from=1010) == ([10, 11], False, True)
    assert await past.around(20, 5, visible_from=1010) == ([], False, True)


async def test_around_a_long_message_is_less_and_never_without_it(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "MOST_BYTES", 3000)
    past.journal.hold(*range(1, 21), text="x" * 1000)
    assert await past.around(20, 10) == ([9, 10], True, True)
    monkeypatch.setattr(history_module, "MOST_BYTES", 10)
    assert await past.around(20, 10) == ([10], True, True)


# --- without a memory of the bus --------------------------------------------------------------------------------------


async def test_who_does_not_read_the_bus_sees_what_stands_before_an_event_on_its_way(past: Past) -> None:
    history = History(past.journal, None)  # type: ignore[arg-type]
    past.journal.hold(1, 2, 3, 4, 6)
    upto = await history.standing(ROOM)
    assert upto.seq == 6
    page = await history.page(ROOM, Where(limit=4), upto, Reader("jun", 0))
    assert ([event.seq for event in page.events], page.more) == ([3, 4], True)
    page = await history.page(ROOM, Where(after=2), upto, Reader("jun", 0))
    assert ([event.seq for event in page.events], page.more) == ([3, 4], True)
    with pytest.raises(MadangError, match="log_unavailable"):
        await history.page(ROOM, Where(after=4), upto, Reader("jun", 0))


# --- what it costs ----------------------------------------------------------------------------------------------------


async def test_a_page_is_one_look_at_the_log(past: Past) -> None:
    past.journal.hold(*range(1, 200))
    for asked in ({}, {"before": 100}, {"after": 100}, {"around": 100}):
        past.journal.trips = 0
        await past.page(199, **asked)
        assert past.journal.trips == 1


async def test_where_a_newcomers_history_begins_is_found_in_few_looks(past: Past) -> None:
    past.journal.hold(*range(1, 100_001))
    assert (await past.page(100_000, after=0, visible_from=1000 + 77_777))[0][0] == 77_777
    assert past.journal.trips == 5  # the page, three to find the place, the page
    assert await past.page(100_000, after=0, visible_from=1000 + 100_001) == ([], False)
