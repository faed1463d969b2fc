"""The way in: sends are given places in batches, batches are made durable in groups, and only then answered.

One task a shard places what gathered while its last call was under way; one task for all shards keeps what was placed
while its last insert was under way, and both rest a little after several. So batches grow with the load, and what comes
alone waits for nothing. In groups, a send costs 13 µs to place and 12 to keep and answer; alone, each call to a store 200
and more.

A send is answered once: when it is durable, when it is refused, or after `PATIENCE` with `log_unavailable`; what was
placed is kept on trying to be stored all the same, here or by the safety net, and a retry of the same client_id finds it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

import trio

from chatd.resting import Rest
from common.errors import MadangError, StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter, Gauge, Histogram
from common.roomlog.bus import Place, Placed, Refusal, TooSoon
from common.roomlog.journal import Journal
from common.roomlog.position import SHARDS, Draft, Entry, shard_of
from common.supervise import Backoff
from common.units import MILLISECONDS, SECONDS

_log = get_logger(__name__)
_answers = Counter("madang_chatd_sends_total", "Sends answered.", ["outcome"])
_stored = _answers.labels("stored")
_unkept = Gauge("madang_chatd_unkept_entries", "Entries placed here and not yet durable.")
_latency = Histogram(
    "madang_chatd_send_seconds",
    "From a send to its durable answer.",
    buckets=(0.001, 0.002, 0.003, 0.005, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)
_group = Histogram(
    "madang_chatd_group_commit_entries",
    "Entries in one insert.",
    buckets=(1, 3, 10, 30, 100, 300, 1000, 3000),
)

BATCH: Final = 500  # drafts of one append
GROUP: Final = 250  # entries of one insert: those it answers send again while the next is under way
QUEUE: Final = 4000  # drafts that may wait for a shard; past it sends are refused at once
UNKEPT: Final = 20_000  # entries this replica holds for the log; past it they are the safety net's
PATIENCE: Final = 10 * SECONDS
PLACING_REST: Final = Rest(times=2, most=5 * MILLISECONDS)
KEEPING_REST: Final = Rest(times=2, most=10 * MILLISECONDS)
MARK_EVERY: Final = 100 * MILLISECONDS


class Waiter(Protocol):
    """Who waits for a send."""

    def settle(self, outcome: Place | MadangError) -> None:
        """The one answer. Must not fail or wait."""

    def flush(self) -> None:
        """Several were settled: now is the moment to send their answers together."""


class Send:
    """A draft and who waits for it. One that `follows` is placed with the one before it, or not at all."""

    __slots__ = ("draft", "follows", "settled", "since", "waiter")

    def __init__(self, draft: Draft, waiter: Waiter, since: float, *, follows: bool = False) -> None:
        self.draft = draft
        self.waiter = waiter
        self.since = since
        self.follows = follows
        self.settled = False

    def settle(self, outcome: Place | MadangError) -> None:
        """Answer, unless that was done."""
        if self.settled:
            return
        self.settled = True
        (_stored if isinstance(outcome, Place) else _answers.labels(outcome.code)).inc()
        self.waiter.settle(outcome)


class _Queue:
    """Sends that wait for their shard's next append."""

    def __init__(self) -> None:
        self.sends: deque[Send] = deque()
        self.filled = trio.Event()

    def put(self, send: Send) -> None:
        self.sends.append(send)
        self.filled.set()

    async def take(self) -> list[Send]:
        await self.filled.wait()
        batch = [self.sends.popleft() for _ in range(min(BATCH, len(self.sends)))]
        while self.sends and self.sends[0].follows:
            batch.append(self.sends.popleft())
        if not self.sends:
            self.filled = trio.Event()
        return batch


class LogWriter:
    """Sends on their way to a place and into the log."""

    def __init__(
        self, journal: Journal, *, kept: Callable[[Sequence[Entry]], None] = lambda _entries: None
    ) -> None:
        """`kept` is told of what became durable, after the senders. It must not fail or wait."""
        self._journal = journal
        self._kept = kept
        self._queues = [_Queue() for _ in range(SHARDS)]
        self._unkept: dict[tuple[bytes, str, int], tuple[Entry, list[Send]]] = {}  # by id, room and seq
        self._placed = trio.Event()
        self._oldest: deque[Send] = deque()
        self._settled = trio.lowlevel.ParkingLot()
        self._unmarked: list[Entry] = []
        self._markable = trio.Event()

    # --- what others call -----------------------------------------------------------------------------------------

    def submit(self, draft: Draft, waiter: Waiter) -> None:
        """Take `draft` on; `waiter` is settled once. Raises MadangError `overloaded` when too much waits already."""
        queue = self._queues[shard_of(draft.room)]
        if len(queue.sends) >= QUEUE:
            raise MadangError("overloaded", retry_after_ms=1000)
        send = Send(draft, waiter, trio.current_time())
        self._oldest.append(send)
        queue.put(send)

    async def append(self, drafts: Sequence[Draft]) -> None:
        """Take `drafts` on, all of one shard, and wait until all are durable. Raises the first refusal.

        They are placed in their order, and together: what the bus does not take of the first it takes of none, so that
        whoever tries again does not come after itself. So there should be few of them. Those that the log holds already
        are left out: this is for news that is told again after a loss. Raises `StoreUnavailable` when that cannot be known.
        """
        promises = self._submit_together(await self._journal.unsaid(drafts))
        for promise in promises:
            await promise.settled.wait()
        for promise in promises:
            if isinstance(promise.outcome, MadangError):
                raise promise.outcome

    def _submit_together(self, drafts: Sequence[Draft]) -> list[_Promise]:
        promises = [_Promise() for _ in drafts]
        for number, (draft, promise) in enumerate(zip(drafts, promises, strict=True)):
            if number == 0:
                self.submit(draft, promise)
            else:  # as old as the first: they are given up together, too
                send = Send(draft, promise, self._oldest[-1].since, follows=True)
                self._oldest.append(send)
                self._queues[shard_of(draft.room)].put(send)
        return promises

    async def answered(self) -> None:
        """Return once nobody waits for an answer."""
        while any(not send.settled for send in self._oldest):
            await self._settled.park()

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Place and keep, for ever."""
        async with trio.open_nursery() as nursery:
            for shard in range(SHARDS):
                nursery.start_soon(self._place, shard)
            nursery.start_soon(self._keep)
            nursery.start_soon(self._mark)
            nursery.start_soon(self._expire)
            task_status.started()

    # --- placing --------------------------------------------------------------------------------------------------

    async def _place(self, shard: int) -> None:
        queue = self._queues[shard]
        while True:
            batch = [send for send in await queue.take() if not send.settled]
            if not batch:
                continue
            began = trio.current_time()
            try:
                outcomes = await self._journal.place(shard, [send.draft for send in batch])
            except StoreUnavailable as fault:
                code = "log_unavailable" if fault.store == "mongo" else "bus_unavailable"
                self._settle_all((send, MadangError(code, retry_after_ms=1000)) for send in batch)
                continue
            self._sort(batch, outcomes)
            await PLACING_REST.after(began, len(batch))

    def _sort(self, batch: Sequence[Send], outcomes: Sequence[Placed | Refusal]) -> None:
        settled: list[tuple[Send, Place | MadangError]] = []
        for send, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, TooSoon):
                settled.append((send, MadangError("slow_mode", retry_after_ms=outcome.wait_ms)))
            elif outcome == "overtaken":
                settled.append((send, MadangError("conflict")))
            elif not isinstance(outcome, Placed):
                settled.append((send, MadangError("log_unavailable", retry_after_ms=1000)))
            elif outcome.logged:
                entry = outcome.entry
                settled.append((send, Place(entry.seq, entry.mseq, entry.at)))
            else:
                self._hold(outcome.entry, [send])
        self._settle_all(settled)

    def _hold(self, entry: Entry, sends: list[Send]) -> None:
        """Hold an entry until it is durable; what is too much is left to the safety net."""
        key = entry[:3]
        if key in self._unkept:
            waiting = self._unkept[key][1]  # by now without those who gave up: they may ask again for hours
            waiting[:] = [*(send for send in waiting if not send.settled), *sends]
        elif len(self._unkept) < UNKEPT:
            self._unkept[key] = (entry, sends)
        else:
            self._settle_all((send, MadangError("log_unavailable", retry_after_ms=5000)) for send in sends)
        self._placed.set()

    # --- keeping --------------------------------------------------------------------------------------------------

    async def _keep(self) -> None:
        backoff = Backoff(most=2 * SECONDS)
        while True:
            await self._placed.wait()
            group = [held for held, _ in zip(self._unkept.values(), range(GROUP), strict=False)]
            began = trio.current_time()
            try:
                await self._keep_group(group)
            except StoreUnavailable as fault:
                _log.warning("a store is away", store=fault.store, why=str(fault), unkept=len(self._unkept))
                if fault.store == "redis":
                    await self._keep_apart(group)
                await trio.sleep(backoff.next())
            else:
                backoff.reset()
            _unkept.set(len(self._unkept))
            if not self._unkept:
                self._placed = trio.Event()
            await KEEPING_REST.after(began, len(group))

    async def _keep_group(self, group: Sequence[tuple[Entry, list[Send]]]) -> None:
        entries = [entry for entry, _ in group]
        _group.observe(len(entries))
        places = await self._journal.keep(entries)
        displaced: list[tuple[Entry, list[Send]]] = []
        settled: list[tuple[Send, Place | MadangError]] = []
        for (entry, sends), place in zip(group, places, strict=True):
            if place is None:
                displaced.append((entry, sends))
            else:
                settled += [(send, place) for send in sends]
                del self._unkept[entry[:3]]
        self._settle_all(settled)
        kept = [entry for entry, place in zip(entries, places, strict=True) if place]
        self._unmarked += kept
        self._markable.set()
        self._kept(kept)
        if displaced:
            outcomes = await self._journal.anew([entry for entry, _ in displaced])
            for (entry, sends), outcome in zip(displaced, outcomes, strict=True):
                del self._unkept[entry[:3]]
                self._sort(sends, [outcome] * len(sends))

    async def _keep_apart(self, group: Sequence[tuple[Entry, list[Send]]]) -> None:
        """Keep what does not depend on a part of the bus that is away; what does, waits behind everything else."""
        held = {entry[:3]: (entry, sends) for entry, sends in group if entry[:3] in self._unkept}
        parts = self._journal.apart([entry for entry, _ in held.values()])
        for entries in parts if len(parts) > 1 else ():
            try:
                await self._keep_group([held[entry[:3]] for entry in entries])
            except StoreUnavailable:
                for entry in entries:
                    if entry[:3] in self._unkept:
                        self._unkept[entry[:3]] = self._unkept.pop(entry[:3])

    async def _mark(self) -> None:
        """Tell the bus what is durable, a few times a second: early enough for the safety net, seldom enough to be free."""
        backoff = Backoff(most=2 * SECONDS)
        while True:
            await self._markable.wait()
            await trio.sleep(MARK_EVERY)
            unmarked, self._unmarked = self._unmarked, []
            self._markable = trio.Event()
            left: list[Entry] = []
            for entries in self._journal.apart(unmarked):
                try:
                    await self._journal.mark(entries)
                except StoreUnavailable as fault:
                    _log.warning("cannot mark what is durable", why=str(fault), count=len(entries))
                    left += entries
            if left:
                self._unmarked = [*left, *self._unmarked][-UNKEPT:]
                self._markable.set()
                await trio.sleep(backoff.next())
            else:
                backoff.reset()

    # --- answering ------------------------------------------------------------------------------------------------

    def _settle_all(self, settled: Iterable[tuple[Send, Place | MadangError]]) -> None:
        """Answer, the answers of one connection together."""
        now = trio.current_time()
        waiters: dict[int, Waiter] = {}
        for send, outcome in settled:
            _latency.observe(now - send.since)
            send.settle(outcome)
            waiters[id(send.waiter)] = send.waiter
        for waiter in waiters.values():
            waiter.flush()
        while self._oldest and self._oldest[0].settled:
            self._oldest.popleft()
        self._settled.unpark_all()

    async def _expire(self) -> None:
        """Answer those who waited too long; their entries are still kept."""
        while True:
            await trio.sleep(0.5)
            late = trio.current_time() - PATIENCE
            expired = []
            for send in self._oldest:
                if send.since > late:
                    break
                if not send.settled:
                    expired.append(send)
            self._settle_all((send, MadangError("log_unavailable", retry_after_ms=2000)) for send in expired)


class _Promise:
    """A waiter that is a task."""

    def __init__(self) -> None:
        self.settled = trio.Event()
        self.outcome: Place | MadangError | None = None

    def settle(self, outcome: Place | MadangError) -> None:
        self.outcome = outcome
        self.settled.set()

    def flush(self) -> None:
        """There is nothing to send."""
