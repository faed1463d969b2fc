"""The calls of one replica when a part of the book is away: what the rest of it says and is told stays true."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import ClassVar

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd.core.call import Call
from chatd.hub import Hub
from chatd.live.book import Loss, Seat
from chatd.live.calls import Calls
from chatd.live.errands import MOST
from common.errors import StoreUnavailable
from common.ids import uuid7
from common.roomlog.position import SHARDS, shard_of
from tests.chatd.hub.stage import Store

EVERY = 5.0
LEASE_MS = 30_000


def a_room(shard: int) -> str:
    return next(room for room in iter(uuid7, None) if shard_of(room) == shard)


AWAY, HERE = a_room(3), a_room(9)


class Book:
    """A book on a cluster, one master of which refuses, or does not answer."""

    lease_ms = LEASE_MS
    parts: ClassVar = [[shard] for shard in range(SHARDS)]

    def __init__(self) -> None:
        self.away = True
        self.silent = False
        self.refusing = False
        self.done: list[tuple[str, object]] = []

    async def _reach(self, shard: int) -> None:
        await trio.lowlevel.checkpoint()
        if self.away and shard == shard_of(AWAY):
            if self.silent:
                await trio.sleep_forever()
            raise StoreUnavailable("redis", "away")

    async def join(self, seat: Seat, *_: object, **__: object) -> Call:
        if self.refusing:
            raise StoreUnavailable("redis", "away")
        return Call()

    async def keep(self, shard: int, seats: Sequence[tuple[Seat, int]]) -> dict[Seat, Loss]:
        await self._reach(shard)
        self.done += [("keep", seat.room) for seat, _ in seats]
        return {}

    async def leave(self, seat: Seat) -> bool:
        await self._reach(shard_of(seat.room))
        self.done.append(("leave", seat.room))
        return True

    async def release(self, seats: Sequence[Seat]) -> None:
        await self._reach(shard_of(seats[0].room))
        self.done += [("release", seat.room) for seat in seats]

    async def sweep(self, shard: int) -> bool:
        await self._reach(shard)
        self.done.append(("sweep", shard))
        return False

    async def read(self, rooms: Sequence[str]) -> dict[str, Call]:
        for room in rooms:
            await self._reach(shard_of(room))
        return {room: Call() for room in rooms}


class Line:
    """A connection that says it lives."""

    silent = 0.0

    def __init__(self) -> None:
        self.id = uuid7()
        self.user = self.session = "mina"

    def send_nowait(self, data: bytes) -> bool:
        return True


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
async def hub(nursery: trio.Nursery) -> Hub:
    store = Store()
    hub = Hub(store, store.reached)  # type: ignore[arg-type]
    await nursery.start(hub.run)
    return hub


@pytest.fixture
async def calls(book: Book, hub: Hub, nursery: trio.Nursery) -> Calls:
    calls = Calls(book, hub, capacity=4, every=EVERY)  # type: ignore[arg-type]
    nursery.start_soon(calls.run)
    return calls


async def seated(calls: Calls) -> Line:
    """Who is in both calls."""
    who = Line()
    for room in (AWAY, HERE):
        await calls.join(who, room, uuid7(), mic=True, camera=True)  # type: ignore[arg-type]
    return who


@pytest.mark.parametrize("silent", [False, True], ids=["refuses", "is silent"])
async def test_a_master_that_is_away_keeps_no_other_shards_peers_from_being_heard(
    book: Book, calls: Calls, silent: bool, autojump_clock: MockClock
) -> None:
    book.silent = silent
    await seated(calls)
    await trio.sleep(LEASE_MS / 1000)
    assert book.done.count(("keep", HERE)) >= 4
    assert book.done.count(("sweep", shard_of(HERE))) >= 12
    book.away = book.silent = False
    if not silent:
        await trio.sleep(2 * EVERY)
        assert ("keep", AWAY) in book.done


@pytest.mark.parametrize("silent", [False, True], ids=["refuses", "is silent"])
async def test_who_is_put_out_of_a_call_is_out_at_once_whatever_another_shard_waits_for(
    book: Book, calls: Calls, silent: bool, autojump_clock: MockClock
) -> None:
    book.silent = silent
    who = await seated(calls)
    calls.out(who, AWAY)  # type: ignore[arg-type]
    calls.out(who, HERE)  # type: ignore[arg-type]
    await wait_all_tasks_blocked()
    assert ("leave", HERE) in book.done
    assert ("leave", AWAY) not in book.done
    if not silent:
        book.away = False
        await trio.sleep(5)
        assert ("leave", AWAY) in book.done


@pytest.mark.parametrize("how", ["refused", "went out"])
async def test_who_is_back_before_the_book_heard_that_he_went_stays(
    book: Book, calls: Calls, how: str, autojump_clock: MockClock
) -> None:
    who, peer = Line(), uuid7()
    book.refusing = how == "refused"
    with nullcontext() if how == "went out" else pytest.raises(StoreUnavailable):
        await calls.join(who, AWAY, peer, mic=True, camera=True)  # type: ignore[arg-type]
    calls.out(who, AWAY)  # type: ignore[arg-type]
    await wait_all_tasks_blocked()
    book.away = book.refusing = False
    await calls.join(who, AWAY, peer, mic=True, camera=True)  # type: ignore[arg-type]
    await trio.sleep(2 * EVERY)
    assert ("keep", AWAY) in book.done
    assert {("leave", AWAY), ("release", AWAY)}.isdisjoint(book.done)


async def test_of_what_waits_for_a_master_that_is_away_the_newest_stays(
    book: Book, calls: Calls, autojump_clock: MockClock
) -> None:
    told: list[int] = []

    async def tell(number: int) -> None:
        await book._reach(shard_of(AWAY))
        told.append(number)

    for number in range(MOST + 5):
        calls._errands.send(AWAY, lambda number=number: tell(number))  # type: ignore[misc]
    book.away = False
    await trio.sleep(5)
    assert told == list(range(5, MOST + 5))


@pytest.mark.parametrize("silent", [False, True], ids=["refuses", "is silent"])
async def test_a_call_that_is_doubted_is_read_again_whatever_another_shard_waits_for(
    book: Book, calls: Calls, hub: Hub, silent: bool, autojump_clock: MockClock
) -> None:
    book.away = False
    for room in (AWAY, HERE):
        hub.listen(Line(), await hub.find(room))  # type: ignore[arg-type]
        await calls.learn(room)
    book.away, book.silent = True, silent
    calls.missed(range(SHARDS))
    assert calls.told(HERE) is None
    await wait_all_tasks_blocked()
    assert calls.told(HERE) is not None
    assert calls.told(AWAY) is None
    if not silent:
        book.away = False
        await trio.sleep(5)
        assert calls.told(AWAY) is not None
