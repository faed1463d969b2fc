"""What was missed and pages of the past: whole, or an honest reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from chatd import recovery as recovery_module
from chatd.core.recent import Recent
from chatd.core.room import Order
from chatd.recovery import MOST_MISSED, CannotContinueError, Recovery
from chatd.room import Room
from common import protocol
from common.errors import MadangError
from common.ids import uuid7
from common.protocol import HistoryPage, Position
from common.roomlog.position import Draft, Entry, MessageBody, VoidBody

ROOM = uuid7()


def entry(seq: int, epoch: str = "e1", text: str = "hi") -> Entry:
    body = Draft.of(MessageBody(room=ROOM, sender="mina", client_id=f"id {seq:06}", text=text)).body
    return Entry(b"%d-0" % (1000 + seq), ROOM, seq, seq, epoch, body)


class Journal:
    """A log that holds what the test put there, and may know how to mend it."""

    def __init__(self) -> None:
        self.log = self
        self.states = self
        self.documents: dict[int, dict[str, Any]] = {}
        self.can_mend = False

    def hold(self, *seqs: int, text: str = "hi") -> None:
        self.documents |= {seq: entry(seq, text=text).document() for seq in seqs}

    async def after(self, room: str, seq: int, *, upto: int, most: int) -> list[dict[str, Any]]:
        assert most > 0
        return [d for each, d in sorted(self.documents.items()) if seq < each <= upto][:most]

    async def views(self, room: str, seqs: list[int], reader: str, *, fresh: Any) -> list[protocol.State]:
        return []

    async def mend(self, room: str, low: int, high: int) -> None:
        if self.can_mend:
            for seq in range(low, high + 1):
                filler = VoidBody(room=ROOM, sender="", client_id=f"lost:{seq}")
                void = entry(seq)._replace(body=Draft.of(filler).body)
                self.documents.setdefault(seq, void.document())


class Past:
    """A recovery, and the two it reads from."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.recent = Recent(1_000_000)
        self.recovery = Recovery(self.journal, self.recent)  # type: ignore[arg-type]

    def remember(self, seqs: Sequence[int], epoch: str = "e1") -> None:
        for seq in seqs:
            self.recent.add(entry(seq, epoch))

    async def page(self, upto: int, *, visible_from: int = 0, **asked: int) -> tuple[list[int], bool]:
        command = HistoryPage(room=ROOM, **{"limit": 10, **asked})
        page = await self.recovery.page(command, Position("e1", upto), visible_from, "jun")
        return [event.seq for event in page.events], page.more

    def at_once(self, since: int, here: int, *, epoch: str = "e1", visible_from: int = 0) -> list[int] | None:
        room = Room(ROOM)
        room.order = Order("e1", here)
        missed = self.recovery.at_once(room, Position(epoch, since), visible_from)
        return None if missed is None else _seqs(missed)

    async def missed(self, since: int, upto: int, *, visible_from: int = 0) -> list[int]:
        room, here = Room(ROOM), Position("e1", upto)
        return _seqs(await self.recovery.missed(room, Position("e1", since), here, visible_from))


def _seqs(data: bytes) -> list[int]:
    """The seqs of whole, unmasked text frames."""
    seqs = []
    while data:
        length, head = data[1], 2
        if length == 126:
            length, head = int.from_bytes(data[2:4]), 4
        seqs.append(msgspec.json.decode(data[head : head + length])["seq"])
        data = data[head + length :]
    return seqs


@pytest.fixture
def past() -> Past:
    return Past()


# --- what was missed --------------------------------------------------------------------------------------------------


def test_what_was_missed_just_now_comes_from_memory(past: Past) -> None:
    past.remember(range(1, 10))
    assert past.at_once(since=4, here=9) == [5, 6, 7, 8, 9]
    assert past.at_once(since=4, here=7) == [5, 6, 7]


def test_who_missed_nothing_gets_nothing(past: Past) -> None:
    assert past.at_once(since=9, here=9) == []


def test_who_was_served_by_a_replica_that_is_ahead_of_us_missed_nothing(past: Past) -> None:
    assert past.at_once(since=12, here=9) == []


def test_what_memory_has_not_whole_must_be_read(past: Past) -> None:
    past.remember(range(5, 10))
    assert past.at_once(since=3, here=9) is None
    assert past.at_once(since=4, here=10) is None


def test_a_position_of_another_epoch_proves_nothing(past: Past) -> None:
    past.remember(range(1, 10))
    with pytest.raises(CannotContinueError) as why:
        past.at_once(since=4, here=9, epoch="e0")
    assert why.value.reason == "epoch"


def test_memory_of_another_epoch_is_not_taken(past: Past) -> None:
    past.remember(range(1, 10), "e0")
    assert past.at_once(since=4, here=9) is None


def test_who_is_far_behind_had_better_load_a_page(past: Past) -> None:
    with pytest.raises(CannotContinueError) as why:
        past.at_once(since=0, here=MOST_MISSED + 1)
    assert why.value.reason == "behind"


async def test_what_was_missed_is_read_from_the_log_and_completed_from_memory(past: Past) -> None:
    past.journal.hold(*range(1, 7))
    past.remember([7, 8])
    assert await past.missed(since=3, upto=8) == [4, 5, 6, 7, 8]


async def test_a_hole_in_what_was_missed_is_told(past: Past) -> None:
    past.journal.hold(1, 2, 4)
    with pytest.raises(CannotContinueError) as why:
        await past.missed(since=0, upto=4)
    assert why.value.reason == "hole"


async def test_what_is_missing_at_the_end_is_a_hole_too(past: Past) -> None:
    past.journal.hold(1, 2)
    with pytest.raises(CannotContinueError):
        await past.missed(since=0, upto=3)


async def test_who_may_not_see_what_was_missed_does_not(past: Past) -> None:
    past.journal.hold(1, 2, 3)
    past.remember([1, 2, 3])
    with pytest.raises(CannotContinueError):
        await past.missed(since=0, upto=3, visible_from=1002)
    with pytest.raises(CannotContinueError):
        past.at_once(since=0, here=3, visible_from=1002)


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
    monkeypatch.setattr(recovery_module, "MOST_PAGE_BYTES", 4000)
    past.journal.hold(*range(1, 11), text="x" * 1000)
    assert await past.page(10) == ([8, 9, 10], True)
    assert await past.page(10, after=0) == ([1, 2, 3], True)


async def test_numbers_of_a_page_are_of_the_wire(past: Past) -> None:
    past.journal.hold(1)
    page = await past.recovery.page(HistoryPage(room=ROOM), Position("e1", 1), 0, "jun")
    assert msgspec.json.decode(msgspec.json.encode(page), type=protocol.Page) == page
