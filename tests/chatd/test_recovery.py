"""What was missed: whole, or an honest reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from chatd.core.recent import Recent
from chatd.core.room import Order
from chatd.recovery import MOST_MISSED, CannotContinueError, Recovery
from chatd.room import Room
from common.ids import uuid7
from common.protocol import Position
from common.roomlog.history import History
from common.roomlog.position import Draft, Entry, MessageBody

ROOM = uuid7()


def entry(seq: int, epoch: str = "e1") -> Entry:
    body = Draft.of(MessageBody(room=ROOM, sender="mina", client_id=f"id {seq:06}", text="hi")).body
    return Entry(b"%d-0" % (1000 + seq), ROOM, seq, seq, epoch, body)


class Journal:
    """A log that holds what the test put there."""

    def __init__(self) -> None:
        self.log = self
        self.documents: dict[int, dict[str, Any]] = {}

    def hold(self, *seqs: int) -> None:
        self.documents |= {seq: entry(seq).document() for seq in seqs}

    async def after(self, room: str, seq: int, *, upto: int, most: int) -> list[dict[str, Any]]:
        assert most > 0
        return [d for each, d in sorted(self.documents.items()) if seq < each <= upto][:most]


class Past:
    """A recovery, and the two it reads from."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.recent = Recent(1_000_000)
        history = History(self.journal, None, self.recent)  # type: ignore[arg-type]
        self.recovery = Recovery(history, self.recent)

    def remember(self, seqs: Sequence[int], epoch: str = "e1") -> None:
        for seq in seqs:
            self.recent.add(entry(seq, epoch))

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
