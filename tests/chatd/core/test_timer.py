"""Everybody who has a room's events has its timer, whatever they began with and whoever asked for what at once."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.timer import ABSOLUTE, Act, Timer, timer_after, timer_of
from common import protocol
from common.protocol import TimerPhase

ACTS: dict[str, Act] = {"started": "start", "paused": "pause", "resumed": "resume", "reset": "reset"}


def happened(seq: int, at: int, change: Any, **more: Any) -> protocol.Timer:
    return protocol.Timer(seq=seq, at=at, room="r", change=change, **more)


def played(*events: protocol.Timer) -> Timer:
    timer = Timer()
    for event in events:
        timer = timer.after(event)
    return timer


def test_it_runs_to_its_end_and_is_over_then_whether_or_not_that_was_said() -> None:
    timer = played(happened(1, 1000, "started", duration_ms=5000, by="mina"))
    assert timer.told(1000) == protocol.TimerState(1, "running", 5000, 6000, None, 1, "mina")
    assert timer.at(5999).phase == "running"
    assert timer.at(6000).phase == "ended"
    said = timer.after(happened(2, 9000, "ended", run=1))
    assert (said.phase, said.ends_at) == ("ended", 6000)


def test_a_pause_keeps_what_is_left_however_long_it_lasts() -> None:
    timer = played(
        happened(1, 1000, "started", duration_ms=5000),
        happened(3, 2500, "paused"),
        happened(9, 100_000, "resumed", by="jun"),
    )
    assert timer == Timer(9, "running", 5000, run=9, ends_at=103_500, by="jun")
    paused = played(happened(1, 1000, "started", duration_ms=5000), happened(3, 2500, "paused"))
    assert paused.told(50_000) == protocol.TimerState(3, "paused", 5000, None, 3500, 1)


def test_the_end_of_an_earlier_run_ends_no_later_one() -> None:
    timer = played(
        happened(1, 0, "started", duration_ms=1000),
        happened(2, 900, "paused"),
        happened(3, 2000, "resumed"),
        happened(4, 2001, "ended", run=1),
    )
    assert timer.phase == "running"
    assert timer.after(happened(5, 2100, "ended", run=3)).phase == "ended"


def test_a_pause_that_comes_after_the_end_does_nothing() -> None:
    timer = played(happened(1, 0, "started", duration_ms=1000), happened(2, 1000, "paused"))
    assert (timer.seq, timer.phase, timer.ends_at) == (2, "ended", 1000)


def test_of_two_who_start_at_once_the_later_event_counts() -> None:
    timer = played(happened(1, 0, "started", duration_ms=1000), happened(2, 1, "started", duration_ms=9000))
    assert (timer.run, timer.ends_at) == (2, 9001)


def test_each_act_is_refused_where_it_makes_no_sense() -> None:
    none = Timer()
    running = played(happened(1, 0, "started", duration_ms=1000))
    paused = running.after(happened(2, 500, "paused"))
    expected: list[tuple[Timer, int, set[str]]] = [
        (none, 0, {"timer_not_running", "timer_not_paused", "no_timer"}),
        (running, 999, {"timer_running", "timer_not_paused"}),
        (running, 1000, {"timer_not_running", "timer_not_paused"}),
        (paused, 5000, {"timer_running", "timer_not_running"}),
    ]
    for timer, now, refusals in expected:
        assert {code for act in ACTS.values() if (code := timer.refuse(act, now))} == refusals


@st.composite
def rooms(draw: st.DrawFn) -> list[protocol.Timer]:
    """What was done to a timer, sensible or not: seqs rise, and time does not fall."""
    at, seq, runs, events = 0, 0, [0], []
    for _ in range(draw(st.integers(0, 30))):
        at += draw(st.sampled_from([0, 1, 400, 1000, 5000]))
        seq += draw(st.integers(1, 3))
        change = draw(st.sampled_from(["started", "paused", "resumed", "reset", "ended"]))
        duration = draw(st.sampled_from([1000, 3000])) if change == "started" else None
        run = draw(st.sampled_from(runs)) if change == "ended" else None
        events.append(happened(seq, at, change, duration_ms=duration, run=run, by=str(seq)))
        runs.append(seq)
    return events


@given(rooms(), st.data())
def test_whoever_begins_where_one_can_has_the_same_timer(
    events: list[protocol.Timer], data: st.DataObject
) -> None:
    whole = played(*events)
    absolute = [n for n, event in enumerate(events) if event.change in ABSOLUTE]
    begin = data.draw(st.sampled_from([0, *absolute]))
    assert timer_after(data.draw(st.permutations(events[begin:]))) == whole


@given(rooms(), st.data())
def test_whoever_is_told_of_it_and_hears_some_of_it_again_has_the_same_timer(
    events: list[protocol.Timer], data: st.DataObject
) -> None:
    upto = data.draw(st.integers(0, len(events)))
    again = data.draw(st.integers(0, upto))
    told = timer_of(played(*events[:upto]).told(events[upto - 1].at if upto else 0))
    for event in events[again:]:
        told = told.after(event)
    assert told == played(*events)._replace(phase=told.phase)
    last = events[-1].at if events else 0
    assert told.at(last) == played(*events).at(last)


@given(rooms())
def test_what_is_told_makes_sense(events: list[protocol.Timer]) -> None:
    timer = Timer()
    for event in events:
        timer = timer.after(event)
        told = timer.told(event.at)
        phases: dict[TimerPhase, bool] = {
            "none": told.ends_at is None and told.remaining_ms is None,
            "running": told.ends_at is not None and event.at < told.ends_at <= event.at + told.duration_ms,
            "paused": told.ends_at is None and 0 < (told.remaining_ms or 0) <= told.duration_ms,
            "ended": told.ends_at is not None,  # whoever says so may be ahead of the bus's clock
        }
        assert phases[told.phase]
