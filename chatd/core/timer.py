"""A room's timer: what its events make of it.

Everybody who has the same events of a room, in their order, has the same timer: what an event does follows from those
before it and from the bus's time of each (`at`), never from what its sender believed. So two who start a timer at the
same moment on two replicas need no lock: whose event stands later in the room is what counts. What makes no sense where
it came to stand, such as a pause of what is paused already, does nothing.

A `started` and a `reset` do what they do whatever was before; that is where one can begin to read. A timer that has run
out is over whether or not somebody has said `ended` yet: that only announces it, for the run that its `run` names.

Clients hold the same timer by the same rules; `protocol.Timer` says them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from common import protocol

Act = Literal["start", "pause", "resume", "reset"]
ABSOLUTE: Final = frozenset({"started", "reset"})  # whatever was before


class Timer(NamedTuple):
    """A timer after the event `seq` (0: after none). Times are milliseconds since 1970 UTC by the bus's clock.

    `run`: the seq of the event that has set it running last. `ends_at`: when it does, or did. `remaining_ms`: of one that
    is paused.
    """

    seq: int = 0
    phase: protocol.TimerPhase = "none"
    duration_ms: int = 0
    run: int = 0
    ends_at: int = 0
    remaining_ms: int = 0
    by: str | None = None

    def after(self, event: protocol.Timer) -> Timer:
        """The timer once `event` happened. What was taken in before changes nothing."""
        if event.seq <= self.seq:
            return self
        seq, at, by = event.seq, event.at, event.by
        timer = self.at(at)._replace(seq=seq)
        match event.change, timer.phase:
            case "started", _:
                duration = event.duration_ms or 0
                timer = Timer(seq, "running", duration, run=seq, ends_at=at + duration, by=by)
            case "reset", _:
                timer = Timer(seq)
            case "paused", "running":
                timer = timer._replace(phase="paused", remaining_ms=timer.ends_at - at, ends_at=0, by=by)
            case "resumed", "paused":
                ends_at = at + timer.remaining_ms
                timer = timer._replace(phase="running", run=seq, ends_at=ends_at, remaining_ms=0, by=by)
            case "ended", "running" if event.run == timer.run:
                timer = timer._replace(phase="ended")
        return timer

    def at(self, now: int) -> Timer:
        """The same at that time: over, if it has run out."""
        if self.phase == "running" and now >= self.ends_at:
            return self._replace(phase="ended")
        return self

    def refuse(self, act: Act, now: int) -> str | None:
        """The code of the error why `act` makes no sense now; None when it does."""
        phase = self.at(now).phase
        match act:
            case "start":
                return "timer_running" if phase in {"running", "paused"} else None
            case "pause":
                return None if phase == "running" else "timer_not_running"
            case "resume":
                return None if phase == "paused" else "timer_not_paused"
            case "reset":
                return "no_timer" if phase == "none" else None

    def told(self, now: int) -> protocol.TimerState:
        """The timer as people are told of it."""
        timer = self.at(now)
        return protocol.TimerState(
            seq=timer.seq,
            phase=timer.phase,
            duration_ms=timer.duration_ms,
            ends_at=timer.ends_at or None,
            remaining_ms=timer.remaining_ms if timer.phase == "paused" else None,
            run=timer.run,
            by=timer.by,
        )


def timer_of(state: protocol.TimerState) -> Timer:
    """The timer somebody was told of, to go on with."""
    return Timer(
        state.seq,
        state.phase,
        state.duration_ms,
        state.run,
        state.ends_at or 0,
        state.remaining_ms or 0,
        state.by,
    )


def timer_after(events: Iterable[protocol.Timer]) -> Timer:
    """The timer that these events of a room make, in any order; they go back to one that is absolute, or to the first."""
    timer = Timer()
    for event in sorted(events, key=lambda each: each.seq):
        timer = timer.after(event)
    return timer
