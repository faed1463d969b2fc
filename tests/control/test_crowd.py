"""The crowd of connections: who is let in, who makes room, and that nobody is counted twice."""

from __future__ import annotations

from control.crowd import Crowd


class Somebody:
    def __init__(self) -> None:
        self.closed = 0

    def make_room(self) -> None:
        self.closed += 1


def test_who_rests_longest_goes_first() -> None:
    crowd, (one, other, third) = Crowd(2), (Somebody(), Somebody(), Somebody())
    assert crowd.enter(one)
    assert crowd.enter(other)
    crowd.asks(one)
    crowd.rests(one)
    assert crowd.enter(third)
    assert (one.closed, other.closed) == (0, 1)


def test_who_is_asking_stays() -> None:
    crowd, (one, other) = Crowd(1), (Somebody(), Somebody())
    assert crowd.enter(one)
    crowd.asks(one)
    assert not crowd.enter(other)
    crowd.leave(one)
    assert crowd.enter(other)
    assert one.closed == 0


def test_leaving_twice_makes_room_for_one() -> None:
    crowd, (one, other, third) = Crowd(1), (Somebody(), Somebody(), Somebody())
    crowd.enter(one)
    crowd.leave(one)
    crowd.leave(one)
    crowd.enter(other)
    crowd.asks(other)
    assert not crowd.enter(third)


def test_what_is_gone_does_not_rest() -> None:
    """Its last answer may be done after it made room."""
    crowd, (one, other, third) = Crowd(1), (Somebody(), Somebody(), Somebody())
    crowd.enter(one)
    crowd.enter(other)
    crowd.asks(other)
    crowd.rests(one)
    assert not crowd.enter(third)
    assert one.closed == 1


def test_few_are_told_why_at_one_time() -> None:
    crowd = Crowd(1)
    doors = [crowd.at_the_door() for _ in range(65)]
    told = [door.__enter__() for door in doors]
    assert told == [True] * 64 + [False]
    for door in doors:
        door.__exit__(None, None, None)
    with crowd.at_the_door() as in_time:
        assert in_time
