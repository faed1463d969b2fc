"""What one replica delivers of a room: every event once, in order, and no hole in silence, whatever the bus brings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.room import Order, Verdict
from common.roomlog.position import Entry, beginning


def entry(seq: int, epoch: str = "e1") -> Entry:
    return Entry(b"%d-0" % seq, "room", seq, seq, epoch, b"{}")


def test_the_next_one_is_delivered() -> None:
    order = Order("e1", 7)
    assert order.accept(entry(8)) is Verdict.DELIVER
    assert order.accept(entry(9)) is Verdict.DELIVER
    assert order.seq == 9


def test_a_hole_is_seen_and_nothing_is_passed_over() -> None:
    order = Order("e1", 7)
    assert order.accept(entry(9)) is Verdict.HOLE
    assert order.seq == 7
    assert order.accept(entry(8)) is Verdict.DELIVER


def test_a_seq_that_comes_twice_means_that_the_bus_came_back_older() -> None:
    order = Order("e1", 7)
    assert order.accept(entry(7)) is Verdict.REWOUND
    assert order.accept(entry(3)) is Verdict.REWOUND
    assert order.seq == 7


def test_an_entry_of_another_epoch_says_nothing_about_where_the_room_stands() -> None:
    order = Order("e1", 7)
    assert order.accept(entry(8, "e2")) is Verdict.NEW_EPOCH
    assert order.accept(beginning(b"9-0", "e2")) is Verdict.NEW_EPOCH
    assert (order.epoch, order.seq) == ("e1", 7)


def test_the_beginning_of_the_epoch_we_are_in_is_no_news() -> None:
    order = Order("e1", 0)
    assert order.accept(beginning(b"1-0", "e1")) is Verdict.NOTHING
    assert order.accept(entry(1)) is Verdict.DELIVER


@given(st.integers(0, 5), st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["e1", "e2"])), max_size=60))
def test_what_is_delivered_is_dense_and_of_one_epoch(start: int, coming: list[tuple[int, str]]) -> None:
    order = Order("e1", start)
    seq = start
    for number, epoch in coming:
        if order.accept(entry(number, epoch)) is Verdict.DELIVER:
            assert (epoch, number) == ("e1", seq + 1)
            seq = number
        assert (order.epoch, order.seq) == ("e1", seq)
