"""What one replica delivers of a room: every event once, in order, and no hole in silence, whatever the bus brings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.room import Order, Verdict
from common.roomlog.position import Entry


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


def test_a_new_epoch_begins_wherever_it_begins() -> None:
    order = Order("e1", 7)
    assert order.accept(entry(5, "e2")) is Verdict.NEW_EPOCH
    assert (order.epoch, order.seq) == ("e2", 5)
    assert order.accept(entry(6, "e2")) is Verdict.DELIVER


@given(st.integers(0, 5), st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["e1", "e2"])), max_size=60))
def test_what_is_delivered_is_dense_within_an_epoch(start: int, coming: list[tuple[int, str]]) -> None:
    order = Order("e1", start)
    epoch, seq = "e1", start
    for number, of in coming:
        verdict = order.accept(entry(number, of))
        if verdict is Verdict.DELIVER:
            assert (of, number) == (epoch, seq + 1)
        if verdict in {Verdict.DELIVER, Verdict.NEW_EPOCH}:
            epoch, seq = of, number
        assert (order.epoch, order.seq) == (epoch, seq)
