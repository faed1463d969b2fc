"""The recent past of all rooms: an unbroken run of each, complete or not offered, and never too much of it."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.recent import Recent
from common.roomlog.position import Entry

PLENTY = 10**6


def entry(room: str, seq: int, epoch: str = "e1", size: int = 2) -> Entry:
    return Entry(b"%d-0" % seq, room, seq, seq, epoch, b"x" * size)


def seqs(recent: Recent, after: int, upto: int, epoch: str = "e1", room: str = "a") -> list[int]:
    return [found.seq for found in recent.between(room, epoch, after, upto)]


def recent_with(*numbers: int, most_bytes: int = PLENTY) -> Recent:
    recent = Recent(most_bytes)
    for number in numbers:
        recent.add(entry("a", number))
    return recent


def test_what_was_asked_for_and_no_more() -> None:
    recent = recent_with(1, 2, 3, 4, 5)
    assert seqs(recent, 2, 4) == [3, 4]
    assert seqs(recent, 0, 5) == [1, 2, 3, 4, 5]
    assert seqs(recent, 5, 5) == []
    assert seqs(recent, 4, 99) == [5]


def test_a_room_nobody_spoke_in_has_no_past() -> None:
    assert seqs(recent_with(1), 0, 9, room="b") == []


def test_a_break_forgets_what_was_before_it() -> None:
    assert seqs(recent_with(1, 2, 5, 6), 0, 9) == [5, 6]


def test_a_seq_that_comes_again_begins_a_new_run() -> None:
    assert seqs(recent_with(1, 2, 3, 2), 0, 9) == [2]


def test_another_epoch_proves_nothing() -> None:
    recent = recent_with(1, 2)
    recent.add(entry("a", 3, "e2"))
    assert seqs(recent, 0, 9) == []
    assert seqs(recent, 0, 9, "e2") == [3]


def test_the_oldest_of_all_rooms_goes_first() -> None:
    recent = Recent(4 * (400 + 2))
    for room, seq in (("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3)):
        recent.add(entry(room, seq))
    assert seqs(recent, 0, 9) == [2, 3]
    assert seqs(recent, 0, 9, room="b") == [1, 2]


_events = st.tuples(
    st.sampled_from("abc"), st.sampled_from(["next", "gap", "again", "epoch"]), st.integers(0, 300)
)


@given(st.lists(_events, max_size=120), st.integers(400, 6000))
def test_of_each_room_the_newest_unbroken_run_within_the_bytes_allowed(
    events: list[tuple[str, str, int]], most_bytes: int
) -> None:
    recent = Recent(most_bytes)
    added: list[Entry] = []
    heads: dict[str, tuple[str, int]] = defaultdict(lambda: ("e0", 10))
    for number, (room, step, size) in enumerate(events):
        epoch, seq = heads[room]
        seq += {"next": 1, "gap": 3, "again": 0, "epoch": 1}[step]
        epoch = f"e{number}" if step == "epoch" else epoch
        heads[room] = (epoch, seq)
        added.append(entry(room, seq, epoch, size))
        recent.add(added[-1])
    for room, (epoch, seq) in heads.items():
        assert recent.between(room, epoch, 0, seq) == _run_of(room, _kept(added, most_bytes))


def _kept(added: list[Entry], most_bytes: int) -> list[Entry]:
    """The newest entries that fit."""
    kept: list[Entry] = []
    for each in reversed(added):
        most_bytes -= len(each.body) + 400
        if most_bytes < 0:
            break
        kept.insert(0, each)
    return kept


def _run_of(room: str, kept: list[Entry]) -> list[Entry]:
    """The unbroken run that ends with the room's newest entry."""
    run: list[Entry] = []
    for each in kept:
        if each.room != room:
            continue
        if run and (run[-1].epoch, run[-1].seq + 1) != (each.epoch, each.seq):
            run.clear()
        run.append(each)
    return run
