"""This replica's part in presence: it says who is here, sweeps with the others, and hears who came and went.

Four tasks, each of which outlives Redis going away and coming back. Sayings go one at a time and carry everything that
is unsaid, so batches grow under load by themselves. It refuses to know rooms, sockets and who may see whom.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import trio

from chatd.core.presence import Change, Roster, State, Told, Word, coalesced
from chatd.presence.register import MOST, Register
from common.clock import now_ms
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter
from common.redis import Redis
from common.supervise import Backoff, jittered, keep_trying
from common.units import SECONDS

_log = get_logger(__name__)
_terms = Counter("madang_chatd_presence_terms_total", "Times this replica said all its connections anew.")
_changes = Counter(
    "madang_chatd_presence_changes_total", "People who came, turned away or went, as heard here.", ["state"]
)
_corrections = Counter(
    "madang_chatd_presence_corrections_total", "People who were told to be here, and turned out not to be."
)

PATIENCE: Final = 2 * SECONDS  # how long one who arrives waits to be counted
_READ: Final = 1 * SECONDS  # how long one read of the news waits, and a stream that began anew goes unnoticed
_SWEEPS: Final = 5  # in the time of one renewal


class TooManyConnections(Exception):
    """A person has as many connections as anybody may have, over all replicas. `total` says how many."""

    def __init__(self, total: int) -> None:
        self.total = total
        super().__init__(str(total))


class _Answer:
    """What an arrival waits for."""

    __slots__ = ("fault", "given", "refused", "total")

    def __init__(self) -> None:
        self.given = trio.Event()
        self.total = 0
        self.refused = False
        self.fault: StoreUnavailable | None = None

    def give(self, total: int = 0, *, refused: bool = False, fault: StoreUnavailable | None = None) -> None:
        self.total, self.refused, self.fault = total, refused, fault
        self.given.set()


class Presence:
    """Who is online, as this replica says and hears it.

    Args:
        replica: this replica's name, the same after a restart; without spaces.
        boot: an id of this start of it; without spaces.
        lease: seconds after which a replica that gave no sign of life is taken for dead.
        renew: seconds between signs of life.
        calm: seconds without any connection after which a person is offline, and without one that is awake, away.
        most: connections of one person over all replicas.
        coalesce: seconds over which changes are gathered before `on_change`.
        on_gone: told at once when a person has no connection with this replica any more.
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
        most: int = 10,
        coalesce: float = 0.2 * SECONDS,
        on_change: Callable[[Sequence[Change]], Awaitable[None]],
        on_gone: Callable[[str], None] = lambda _: None,
    ) -> None:
        if not replica or not boot or " " in replica + boot:
            raise ValueError("replica and boot are names without spaces")
        self._register = Register(redis, lease=lease, calm=calm, gap=renew, most=most)
        self._roster = Roster()
        self._told = Told()
        self._lease = lease
        self._settled = max(lease, calm)  # after a loss, the time in which everybody is said who is here
        self._renew = renew
        self._coalesce = coalesce
        self._on_change = on_change
        self._on_gone = on_gone
        self._replica = f"{replica} "
        self._boot = f"{replica} {boot} "
        self._terms = 0
        self._term: str | None = None  # None until one has begun, and when it turned out to be over
        self._epoch: str | None = None
        self._released = False
        self._fault: StoreUnavailable | None = None  # why the last saying failed, if it did
        self._stirred = trio.Event()  # there is something to say
        self._anew = trio.Event()  # something was forgotten, and what was told may be wrong
        self._asked: dict[str, _Answer] = {}  # by connection
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
            nursery.start_soon(self._correct)
            task_status.started()

    # --- who is here ----------------------------------------------------------------------------------------------

    async def arrived(self, user: str, connection: str, word: Word = "online") -> int:
        """`connection` is here: the user's connections over all replicas, with this one.

        Raises `TooManyConnections`, and then it is not counted. Raises `StoreUnavailable` when the number cannot be known
        (at once while Redis is away, else after `PATIENCE`): then it is counted as soon as that is possible, whatever the
        number. It is counted until `left`, also when this is cancelled.
        """
        self._roster.arrived(user, connection, word)
        self._stirred.set()
        answer = self._asked[connection] = _Answer()
        try:
            if self._fault is not None or self._released:
                answer.give(fault=self._fault or StoreUnavailable("redis", "presence was released"))
            with trio.move_on_after(PATIENCE):
                await answer.given.wait()
        finally:
            self._asked.pop(connection, None)
        if answer.refused:
            raise TooManyConnections(answer.total)
        if answer.fault is not None or not answer.given.is_set():
            self._roster.hold(connection)
            self._stirred.set()
            raise StoreUnavailable("redis", "presence is not known now") from answer.fault
        return answer.total

    def turn(self, connection: str, word: Word) -> None:
        """The person is at `connection` again, or away from it. The others are told in the background."""
        self._roster.turn(connection, word)
        self._stirred.set()

    def left(self, user: str, connection: str) -> None:
        """`connection` is gone; also when `arrived` failed. Never fails; the others are told in the background."""
        self._roster.left(connection)
        if answer := self._asked.pop(connection, None):
            answer.give()
        if not self._roster.here(user):
            self._on_gone(user)
        self._stirred.set()

    def users(self) -> list[str]:
        """Everybody who has a connection with this replica."""
        return self._roster.users()

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

    async def states(self, users: Sequence[str]) -> dict[str, State]:
        """Those of `users` who are online or away. One round trip; raises `StoreUnavailable`.

        Who asks is taken to tell it.
        """
        states = await self._register.states(users)
        self._told.tell(states.items())
        return states

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
        try:
            with self._in_time():
                counted = await self._register.report(term, report)
        except StoreUnavailable:
            self._roster.unheard(report)
            raise
        if counted is None:
            self._term = None
            return
        refused = set(self._roster.heard(report, {user: each.admitted for user, each in counted.items()}))
        for saying in report.sayings:
            for connection in saying.waiting:
                if answer := self._asked.get(connection):
                    answer.give(counted[saying.user].total, refused=connection in refused)

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
            self._anew.set()
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
        for answer in self._asked.values():
            answer.give(fault=fault)

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
                await self._tell(news[start : start + MOST])
            for change in news:
                _changes.labels(change.state).inc()
        self._heard_to = heard_to

    async def _tell(self, changes: Sequence[Change]) -> None:
        await self._on_change(changes)
        self._told.tell((change.user, change.state) for change in changes)

    # --- what nobody else will take back --------------------------------------------------------------------------

    async def _correct(self) -> None:
        """After something was forgotten, and all who live have said anew who is here, take back what is not true any more.

        The people of a replica that died for good meanwhile are in nobody's mouth; those who were told of them are here.
        """
        while True:
            await self._anew.wait()
            self._anew = trio.Event()
            await trio.sleep(self._settled + jittered(self._renew))
            await keep_trying("correct presence", self._correct_once, StoreUnavailable)

    async def _correct_once(self) -> None:
        told = self._told.users()
        for start in range(0, len(told), MOST):
            users = told[start : start + MOST]
            found = await self._register.states(users)
            if await self._register.epoch() != self._epoch:
                return  # forgotten once more: we shall hear of it, and come again
            corrections = self._told.corrections(users, found, now_ms())
            if corrections:
                await self._tell(corrections)
                _corrections.inc(len(corrections))
