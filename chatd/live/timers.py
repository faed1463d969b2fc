"""The timers of the rooms that are open here, and the announcement of their end.

A timer is made of its room's events (`core.timer`), so every replica has the same one. What was done to it before the
room was opened here is read from the log's list; what was heard since, and may not be in the list yet, is in memory.

Every replica that has a running timer's room open says `ended` when it is over. It says it under a name that follows
from the run (`timer-<seq>`), so it stands in the room once, whoever was first; the others find it said. A room that
nobody has open then gets it when it is opened next. Machines are taken to agree on the time to some milliseconds, as NTP
has them do: a timer's times are the bus's, and what is left of it is counted by the clock of whoever asks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import trio

from chatd.core.timer import ABSOLUTE, Timer, timer_after
from chatd.hub import Hub
from chatd.live.known import Known
from common import protocol
from common.clock import now_ms
from common.errors import MadangError, StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter
from common.roomlog.lists import TIMER
from common.roomlog.log import Document, Log
from common.roomlog.position import Draft, Entry, TimerBody
from common.supervise import Backoff
from common.units import MINUTES, SECONDS

_log = get_logger(__name__)
_ended = Counter("madang_chatd_timers_ended_total", "Ends of timers that this replica said.")

LOOK: Final = 1 * MINUTES  # a wait is no longer: the room may have been closed, or the wall clock set
SETTLED: Final = 15 * SECONDS  # after which what others said before we listened is in its list
_HEARD: Final = 1 * SECONDS  # for what is in the log to come by over the bus
_PAGE: Final = 200  # of a room's timer events that are read at once
_TIMER: Final = b'{"type":"timer",'
_VOID: Final = b'{"type":"void",'


class Timers:
    """The timers of rooms that are open here.

    `append` makes drafts durable, but for those that the log holds (`LogWriter.append`). `parts`: as of `Known`; where a
    room stands is asked of its shard before its timer is told.
    """

    def __init__(
        self,
        hub: Hub,
        log: Log,
        append: Callable[[Sequence[Draft]], Awaitable[None]],
        *,
        parts: Sequence[Sequence[int]],
    ) -> None:
        self._hub = hub
        self._log = log
        self._append = append
        self._nursery: trio.Nursery | None = None
        self._watched: dict[
            str, trio.Event
        ] = {}  # rooms whose end is waited for; set when their timer changed
        self._known: Known[list[protocol.Timer], Timer] = Known(
            hub, "timer", parts=parts, read=self._read, begin=self._begin, tell=_now
        )
        self.learn = self._known.learn

    def of(self, room_id: str) -> Timer | None:
        """The timer of a room that is open here; None while it is not known."""
        return self._known.peek(room_id)

    def told(self, room_id: str) -> protocol.TimerState | None:
        """The same as people are told of it."""
        timer = self.of(room_id)
        return None if timer is None else timer.told(now_ms())

    def note(self, entries: Sequence[Entry]) -> None:
        """The bus brought these."""
        for entry in entries:
            if entry.body.startswith(_TIMER):
                self._happened(entry)
            elif entry.body.startswith(_VOID) and self._known.peek(entry.room) is not None:
                self.doubt(entry.room)  # what is to be forgotten may have been of the timer

    def doubt(self, room_id: str) -> None:
        """Something was missed in a room."""
        self._known.doubt(room_id)

    async def run(self) -> None:
        """Keep what is known true, and announce ends, for ever."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            nursery.start_soon(self._known.run)
            await trio.sleep(SETTLED)
            await self._known.check()

    # --- what is known --------------------------------------------------------------------------------------------

    def _happened(self, entry: Entry) -> None:
        timer = self._known.peek(entry.room)
        if timer is not None:
            self._becomes(entry.room, timer.after(_event(entry.document())))

    def _becomes(self, room_id: str, timer: Timer) -> Timer:
        self._known.change(room_id, timer)
        if room_id in self._watched:
            self._watched[room_id].set()
        elif timer.phase == "running" and self._nursery is not None:
            self._watched[room_id] = trio.Event()
            self._nursery.start_soon(self._watch, room_id)
        return timer

    def _begin(self, room_id: str, stored: list[protocol.Timer]) -> Timer:
        heard = [_event(entry.document()) for entry in self._hub.recent.beginning(room_id, _TIMER)]
        return self._becomes(room_id, timer_after({each.seq: each for each in (*stored, *heard)}.values()))

    async def _read(self, room_ids: Sequence[str]) -> Mapping[str, list[protocol.Timer]]:
        """What was done to the timers of rooms, back to where one can begin. Most rooms have none, or need the last alone."""
        last = await self._log.states.timers(room_ids)
        events = await self._log.placed(last.items()) if last else {}
        found = {place[0]: [_event(document)] for place, document in events.items()}
        for room_id, done in found.items():
            while done and done[0].change not in ABSOLUTE:
                if not (earlier := await self._before(room_id, done[0].seq)):
                    break
                done[:0] = earlier
        return {room_id: found.get(room_id, []) for room_id in room_ids}

    async def _before(self, room_id: str, seq: int) -> list[protocol.Timer]:
        """A page of what was done before, in order, and nothing that is no longer of account."""
        items = await self._log.lists.page(room_id, TIMER, before=seq, most=_PAGE, newest=True)
        events = await self._log.at(room_id, [item.seq for item in items])
        done = [_event(events[item.seq]) for item in items if item.seq in events]
        first = max((n for n, event in enumerate(done) if event.change in ABSOLUTE), default=0)
        return done[first:]

    # --- ends -----------------------------------------------------------------------------------------------------

    async def _watch(self, room_id: str) -> None:
        """Say that the timer is over when it is, for as long as it runs and the room is open here."""
        backoff = Backoff()
        while (timer := self.of(room_id)) is not None and timer.phase == "running":
            changed = self._watched[room_id] = trio.Event()
            left = (timer.ends_at - now_ms()) / 1000
            if left <= 0:
                await self._say_ended(room_id, timer.run, backoff)
            with trio.move_on_after(min(left, LOOK) if left > 0 else _HEARD):
                await changed.wait()
        del self._watched[room_id]

    async def _say_ended(self, room_id: str, run: int, backoff: Backoff) -> None:
        body = TimerBody(room=room_id, sender="", client_id=f"timer-{run}", change="ended", run=run)
        try:
            await self._append([Draft.of(body)])
        except (MadangError, StoreUnavailable) as fault:
            _log.info("the end of a timer cannot be said now", room=room_id, why=str(fault))
            await trio.sleep(backoff.next())
        else:
            _ended.inc()


def _event(document: Document) -> protocol.Timer:
    event = protocol.event(document)
    assert isinstance(event, protocol.Timer)  # noqa: S101 - of its type
    return event


def _now(room_id: str, timer: Timer) -> protocol.TimerNow:
    return protocol.TimerNow(room=room_id, timer=timer.told(now_ms()))
