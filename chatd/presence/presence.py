"""This replica's part in presence: it says who is here, sweeps with the others, and hears who came and went.

Three tasks, each of which outlives Redis going away and coming back. Sayings go one at a time and carry everything that
is unsaid, so batches grow under load by themselves. It refuses to know rooms, sockets and who may see whom.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import trio

from chatd.core.presence import Change, Roster, coalesced
from chatd.presence.register import MOST, Register
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter
from common.redis import Redis
from common.supervise import Backoff, jittered, keep_trying
from common.units import SECONDS

_log = get_logger(__name__)
_terms = Counter("madang_chatd_presence_terms_total", "Times this replica said all its connections anew.")
_changes = Counter(
    "madang_chatd_presence_changes_total", "People who came or went, as heard here.", ["state"]
)

PATIENCE: Final = 2 * SECONDS  # how long one who arrives waits to be counted
_READ: Final = 1 * SECONDS  # how long one read of the news waits, and a stream that began anew goes unnoticed
_SWEEPS: Final = 5  # in the time of one renewal


class _Answer:
    """What an arrival waits for."""

    __slots__ = ("fault", "given", "total")

    def __init__(self) -> None:
        self.given = trio.Event()
        self.total = 0
        self.fault: StoreUnavailable | None = None


class Presence:
    """Who is online, as this replica says and hears it.

    Args:
        replica: this replica's name, the same after a restart; without spaces.
        boot: an id of this start of it; without spaces.
        lease: seconds after which a replica that gave no sign of life is taken for dead.
        renew: seconds between signs of life.
        calm: seconds without any connection after which a person is offline.
        coalesce: seconds over which changes are gathered before `on_change`.
        on_change: told each person's last change, a few hundred at most in one call; a `StoreUnavailable` it raises
            makes it be called again with the same.
    """

    def __init__(
        self,
        redis: Redis,
        *,
        replica: str,
        boot: str,
        lease: float = 15 * SECONDS,
        renew: float = 5 * SECONDS,
        calm: float = 15 * SECONDS,
        coalesce: float = 0.2 * SECONDS,
        on_change: Callable[[Sequence[Change]], Awaitable[None]],
    ) -> None:
        if not replica or not boot or " " in replica + boot:
            raise ValueError("replica and boot are names without spaces")
        self._register = Register(redis, lease=lease, calm=calm, gap=renew)
        self._roster = Roster()
        self._lease = lease
        self._renew = renew
        self._coalesce = coalesce
        self._on_change = on_change
        self._replica = f"{replica} "
        self._boot = f"{replica} {boot} "
        self._terms = 0
        self._term: str | None = None  # None until one has begun, and when it turned out to be over
        self._epoch: str | None = None
        self._released = False
        self._fault: StoreUnavailable | None = None  # why the last saying failed, if it did
        self._stirred = trio.Event()  # there is something to say
        self._asked: defaultdict[str, list[_Answer]] = defaultdict(list)
        self._heard_to: bytes | None = None

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Take part until cancelled. Started once a first try to join was made: without Redis it goes on trying."""
        try:
            await self._begin()
            await self._sweep_once()  # what an earlier boot left
        except StoreUnavailable as fault:
            self._fail(fault)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._say)
            nursery.start_soon(self._sweep)
            nursery.start_soon(self._hear)
            task_status.started()

    # --- who is here ----------------------------------------------------------------------------------------------

    async def arrived(self, user: str, connection: str) -> int:
        """`connection` is here: the user's connections over all replicas, with this one.

        However this ends, by an error or by cancellation too, the connection counts from now until `left`, and is said
        to the others as soon as that is possible. Raises `StoreUnavailable` when the number cannot be known: at once
        while Redis is away, else after `PATIENCE`.
        """
        self._roster.arrived(user, connection)
        self._stirred.set()
        if self._fault is not None or self._released:
            raise StoreUnavailable("redis", "presence is not known now") from self._fault
        answer = _Answer()
        self._asked[user].append(answer)
        with trio.move_on_after(PATIENCE):
            await answer.given.wait()
        if answer.fault is not None or not answer.given.is_set():
            raise StoreUnavailable("redis", "presence is not known now") from answer.fault
        return answer.total

    def left(self, user: str, connection: str) -> None:
        """`connection` is gone; also when `arrived` failed. Never fails; the others are told in the background."""
        self._roster.left(connection)
        if not self._roster.here(user):
            _give(self._asked.pop(user, ()), 0)
        self._stirred.set()

    async def release(self) -> None:
        """Say that all connections of this replica are gone, at once and for good; for the end of a drain.

        Without Redis it is left to the lease, which runs out by itself. Takes `PATIENCE` at most.
        """
        self._released = True
        self._stirred.set()
        if self._term is None:
            return
        with trio.move_on_after(PATIENCE):
            try:
                await self._register.release(self._term)
            except StoreUnavailable as fault:
                _log.warning("presence is left to its lease", why=str(fault))

    # --- who is online --------------------------------------------------------------------------------------------

    async def online(self, users: Sequence[str]) -> set[str]:
        """Those of `users` who are online. One round trip; raises `StoreUnavailable`."""
        return await self._register.online(users)

    async def count(self) -> int:
        """People online over all replicas. Raises `StoreUnavailable`."""
        return await self._register.count()

    # --- saying ---------------------------------------------------------------------------------------------------

    async def _say(self) -> None:
        """Say what is unsaid, at once, and that we live, every so often."""
        backoff = Backoff()
        while not self._released:
            self._stirred = trio.Event()
            try:
                await self._say_once()
            except StoreUnavailable as fault:
                self._fail(fault)
                await trio.sleep(backoff.next())
                continue
            if self._fault is not None:
                self._fault = None
                _log.info("presence is said again")
            backoff.reset()
            if self._term is not None and self._roster.all_said:
                with trio.move_on_after(jittered(self._renew)):
                    await self._stirred.wait()

    async def _say_once(self) -> None:
        term = self._term or await self._begin()
        report = self._roster.take(MOST)
        asked = {user: self._asked.pop(user) for user, _ in report.counts if user in self._asked}
        try:
            with self._in_time():
                totals = await self._register.report(term, report)
        except StoreUnavailable as fault:
            self._roster.unheard(report)
            for answers in asked.values():
                _give(answers, 0, fault)
            raise
        if totals is None:
            self._term = None
            for user, answers in asked.items():
                self._asked[user] += answers
            return
        self._roster.heard(report)
        for user, answers in asked.items():
            _give(answers, totals[user])

    async def _begin(self) -> str:
        """Join, or join again: the terms before end, at the first time those of earlier boots, too."""
        self._terms += 1
        term = f"{self._boot}{self._terms}"
        instead_of = self._replica if self._epoch is None else self._boot
        with self._in_time():
            epoch = await self._register.begin(term, instead_of=instead_of)
        self._roster.begin(forgotten=self._epoch not in {None, epoch})
        if self._epoch is not None:
            _log.warning("presence is said anew", forgotten=epoch != self._epoch)
        _terms.inc()
        self._term, self._epoch = term, epoch
        return term

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """A saying that hangs is given up while there is time for another within the lease."""
        try:
            with trio.fail_after(self._lease / 2):
                yield
        except trio.TooSlowError as slow:
            raise StoreUnavailable("redis", "no answer in time") from slow

    def _fail(self, fault: StoreUnavailable) -> None:
        if self._fault is None:
            _log.warning("presence cannot be said", why=str(fault))
        self._fault = fault
        for answers in self._asked.values():
            _give(answers, 0, fault)
        self._asked.clear()

    # --- sweeping and hearing -------------------------------------------------------------------------------------

    async def _sweep(self) -> None:
        """Do our share of what time asks for. Everybody tries; the register lets each thing happen once."""
        while True:
            await trio.sleep(jittered(self._renew / _SWEEPS))
            await keep_trying("sweep presence", self._sweep_once, StoreUnavailable)

    async def _sweep_once(self) -> None:
        while await self._register.sweep():
            pass

    async def _hear(self) -> None:
        while True:
            await keep_trying("hear presence", self._hear_once, StoreUnavailable)

    async def _hear_once(self) -> None:
        """Wait for news, give others a moment to join it, and hand it on; only then is it heard."""
        if self._heard_to is None:
            self._heard_to = await self._register.recent()
        heard_to, changes = await self._register.news(self._heard_to, wait=_READ)
        if changes:
            await trio.sleep(self._coalesce)
            heard_to, more = await self._register.news(heard_to)
            news = coalesced(changes + more)
            for start in range(0, len(news), MOST):
                await self._on_change(news[start : start + MOST])
            for change in news:
                _changes.labels(change.state).inc()
        self._heard_to = heard_to


def _give(answers: Iterable[_Answer], total: int, fault: StoreUnavailable | None = None) -> None:
    for answer in answers:
        answer.total, answer.fault = total, fault
        answer.given.set()
