"""Stays say when somebody was seen in a room, no more and no less, and all of them are written."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.attendance import LONGEST, MOST, Attendance, Key

LOOK = 5000
CALM = 15_000
YARD: Key = ("mina", "yard")
WELL: Key = ("mina", "well")


class Book:
    """What is written, as a table keeps it."""

    def __init__(self) -> None:
        numbers = itertools.count()
        self.attendance = Attendance(lambda: str(next(numbers)), CALM)
        self.rows: dict[str, tuple[Key, int, int | None]] = {}

    def look(self, now: int, *here: Key) -> None:
        self.attendance.see(here, now)
        self.attendance.settle(now)
        self.write()

    def write(self) -> None:
        while batch := self.attendance.unwritten(3):
            for stay in batch:
                self.rows[stay.id] = ((stay.user, stay.room), stay.entered, stay.left)
            self.attendance.written(batch)

    def stays(self) -> list[tuple[Key, int, int | None]]:
        return sorted(self.rows.values(), key=lambda row: row[1])


def test_a_stay_goes_on_until_nobody_was_seen_for_a_while() -> None:
    book = Book()
    book.look(0, YARD)
    assert book.stays() == []
    book.look(LOOK, YARD)
    assert book.stays() == [(YARD, 0, None)]
    book.look(2 * LOOK)
    book.look(3 * LOOK, YARD)
    assert book.stays() == [(YARD, 0, None)]
    book.look(3 * LOOK + CALM)
    assert book.stays() == [(YARD, 0, 3 * LOOK)]


def test_each_room_has_its_own_stays_and_who_only_passed_through_has_none() -> None:
    book = Book()
    book.look(0, YARD, WELL)
    book.look(LOOK, WELL)
    book.look(LOOK + CALM)
    assert book.stays() == [(WELL, 0, LOOK)]


def test_two_devices_are_one_stay() -> None:
    book = Book()
    book.look(0, YARD, YARD)
    book.look(LOOK, YARD, YARD)
    book.look(2 * LOOK, YARD)
    assert book.stays() == [(YARD, 0, None)]
    book.look(3 * LOOK, WELL, WELL)  # once, by two devices
    book.look(3 * LOOK + CALM)
    assert book.stays() == [(YARD, 0, 2 * LOOK)]


def test_a_replica_that_stood_still_saw_nothing_meanwhile() -> None:
    book = Book()
    book.look(0, YARD)
    book.look(LOOK, YARD)
    book.look(3_600_000, YARD)
    book.look(3_600_000 + LOOK, YARD)
    assert book.stays() == [(YARD, 0, LOOK), (YARD, 3_600_000, None)]


def test_a_long_stay_is_told_in_pieces_without_a_gap() -> None:
    book = Book()
    for now in range(0, 2 * LONGEST + 10 * LOOK, LOOK):
        book.look(now, YARD)
    (_, first, second), (_, third, fourth), (_, fifth, last) = book.stays()
    assert (first, second, fourth) == (0, third, fifth)
    assert last is None
    assert second is not None
    assert second - first <= LONGEST + LOOK


def test_when_the_replica_stops_everybody_was_there_until_they_were_last_seen() -> None:
    book = Book()
    book.look(0, YARD, WELL)
    book.look(LOOK, YARD)
    book.attendance.end()
    book.write()
    assert book.stays() == [(YARD, 0, LOOK)]


def test_who_was_taken_for_gone_is_written_anew() -> None:
    book = Book()
    book.look(0, YARD)
    book.look(LOOK, YARD)
    ((_, row),) = ((name, row) for name, row in book.rows.items())
    book.rows.clear()
    book.attendance.forgotten()
    book.write()
    assert book.stays() == [row]


def test_the_clock_may_step_back() -> None:
    book = Book()
    book.look(10 * LOOK, YARD)
    book.look(11 * LOOK, YARD)
    book.look(9 * LOOK, YARD)
    book.look(11 * LOOK + CALM)
    assert book.stays() == [(YARD, 10 * LOOK, 11 * LOOK)]


def test_what_cannot_be_written_does_not_grow_without_end() -> None:
    attendance = Attendance(iter(map(str, itertools.count())).__next__, CALM)
    crowd = [(str(n), "yard") for n in range(MOST // 2)]
    for now in range(0, 5 * 100_000, 100_000):
        for step in (0, LOOK):
            attendance.see(crowd, now + step)
            attendance.settle(now + step)
    attendance.end()
    assert len(attendance.unwritten(10 * MOST)) <= MOST + len(crowd)
    assert attendance.take_lost() == 5 * len(crowd) - len(attendance.unwritten(10 * MOST))
    assert attendance.take_lost() == 0


looks = st.lists(
    st.tuples(st.integers(1, 3 * CALM // LOOK), st.lists(st.sampled_from([YARD, WELL]), max_size=4))
)


@given(steps=looks)
def test_every_two_looks_that_saw_somebody_are_in_one_stay_and_nothing_else_is(
    steps: list[tuple[int, Iterable[Key]]],
) -> None:
    book = Book()
    now = 0
    expected: dict[Key, list[tuple[int, int]]] = {YARD: [], WELL: []}
    last: dict[Key, int] = {}
    for wait, here in steps:
        now += wait * LOOK
        book.look(now, *here)
        for key in set(here):
            if key in last and now - last[key] < CALM:
                expected[key].append((last[key], now))
            last[key] = now
    book.attendance.end()
    book.write()
    for key, spans in expected.items():
        told = [(entered, left) for of, entered, left in book.stays() if of == key]
        assert all(left is not None for _, left in told)
        assert sum(left - entered for entered, left in told if left) == sum(b - a for a, b in spans)
        assert all(
            any(entered <= a and left is not None and b <= left for entered, left in told) for a, b in spans
        )
