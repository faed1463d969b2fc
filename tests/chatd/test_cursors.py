"""Cursors go forward only, are written once however many ask, and what remains unread is told exactly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest
import trio
import trio.testing

from chatd import cursors as cursors_module
from chatd.core.recent import Recent
from chatd.cursors import MOST, Cursors
from chatd.presence.circle import Circle
from common import protocol
from common.aio import open_loop
from common.errors import MadangError, StoreUnavailable
from common.ids import uuid7
from common.mongo import Mongo, open_mongo
from common.postgres import Postgres, open_postgres
from common.roomlog.position import Draft, Entry, MessageBody
from tests.support.mentioning import mention
from tests.support.rawsocket import PATIENCE
from tests.support.world import Person, World


class Told:
    """The channel of news: what was told, and to whom."""

    def __init__(self) -> None:
        self.rooms: list[protocol.Read] = []
        self.hidden: list[set[str]] = []
        self.people: list[tuple[str, protocol.PersonalRead]] = []
        self.stirred = trio.Event()

    def tell_room(self, room: str, push: Any, *, about: str, hidden: Collection[str]) -> None:
        assert (room, about) == (push.room, push.user)
        self.hidden.append(set(hidden))
        self.rooms.append(push)

    def tell_person(self, user: str, push: Any) -> None:
        self.people.append((user, push))
        self.stirred.set()
        self.stirred = trio.Event()

    async def of(self, count: int) -> list[tuple[str, protocol.PersonalRead]]:
        with trio.fail_after(PATIENCE):
            while len(self.people) < count:
                await self.stirred.wait()
        return self.people


class Ask:
    """Somebody who waits."""

    def __init__(self) -> None:
        self.outcomes: list[int | str] = []
        self.settled = trio.Event()

    def settle(self, outcome: int | MadangError) -> None:
        self.outcomes.append(outcome.code if isinstance(outcome, MadangError) else outcome)
        self.settled.set()

    async def outcome(self) -> int | str:
        with trio.fail_after(PATIENCE):
            await self.settled.wait()
        (outcome,) = self.outcomes
        return outcome


class Statements:
    """PostgreSQL, which counts its transactions, and may be held back or away."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self.count = 0
        self.away = False
        self.gate = trio.Event()
        self.gate.set()

    async def transaction(self, fn: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        self.count += 1
        await self.gate.wait()
        if self.away:
            raise StoreUnavailable("postgres", "away")
        return await self._postgres.transaction(fn, *args)


class Stage:
    """Cursors on real stores; what rooms have had is as the test says."""

    def __init__(self, world: World, postgres: Postgres, mongo: Mongo) -> None:
        self.world = world
        self.statements = Statements(postgres)
        self.mongo = mongo
        self.told = Told()
        self.heads: dict[str, int] = {}
        self.recent = Recent(10_000)
        self.cursors = self.another()

    def another(self) -> Cursors:
        return Cursors(
            self.statements,  # type: ignore[arg-type]
            self.mongo,
            self.told,  # type: ignore[arg-type]
            self,
            self,
        )

    async def of(self, viewer: str) -> Circle:
        await trio.lowlevel.checkpoint()
        return Circle()

    def messages(self, room_id: str) -> int:
        return self.heads.get(room_id, 0)

    def since(self, room_id: str, mseq: int) -> list[Entry] | None:
        return self.recent.since(room_id, mseq)

    def marks(self, person: Person, room: str, mseq: int, *, head: int = 100, shown: bool = True) -> Ask:
        ask = Ask()
        self.cursors.mark(person.id, room, mseq, ask, head=head, shown=shown)
        return ask

    async def read_by(self, person: Person, room: str) -> int:
        return await trio.to_thread.run_sync(self.world.sql, _last_read, person.id, room)


async def _last_read(connection: asyncpg.Connection, user: str, room: str) -> int:
    found: int = await connection.fetchval(
        "SELECT last_read FROM members WHERE user_id = $1 AND room_id = $2", user, room
    )
    return found


@pytest.fixture
async def stage(world: World, nursery: trio.Nursery) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(open_loop())
        postgres = await stack.enter_async_context(open_postgres(world.database_url))
        mongo = await stack.enter_async_context(open_mongo(world.mongo_url))
        stage = Stage(world, postgres, mongo)
        async with trio.open_nursery() as own:
            own.start_soon(stage.cursors.run)
            yield stage
            own.cancel_scope.cancel()


# --- writing ----------------------------------------------------------------------------------------------------------


async def test_a_mark_is_answered_once_it_is_written(stage: Stage) -> None:
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    stage.statements.gate = trio.Event()
    ask = stage.marks(mina, room, 7)
    await trio.testing.wait_all_tasks_blocked()
    assert ask.outcomes == []
    stage.statements.gate.set()
    assert await ask.outcome() == 7
    assert await stage.read_by(mina, room) == 7


async def test_a_cursor_never_goes_back(stage: Stage) -> None:
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    assert await stage.marks(mina, room, 7).outcome() == 7
    assert await stage.marks(mina, room, 3).outcome() == 7
    assert await stage.read_by(mina, room) == 7
    assert [push.mseq for push in stage.told.rooms] == [7]


async def test_a_flood_of_marks_is_a_statement_now_and_then_and_the_furthest_counts(stage: Stage) -> None:
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    asks = [stage.marks(who, room, mseq % 50) for mseq in range(1000) for who in (mina, jun)]
    for ask in asks:
        assert await ask.outcome() == 49
    assert stage.statements.count <= 2
    assert sorted(push.user for push in stage.told.rooms) == sorted([mina.id, jun.id])


async def test_a_mark_is_hidden_from_whom_the_last_who_asked_for_it_knew(stage: Stage) -> None:
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    asks = [Ask() for _ in range(2)]
    for hidden, ask in zip(({"jun"}, {"sol"}), asks, strict=True):
        stage.cursors.mark(mina.id, room, 7, ask, head=100, shown=True, hidden=hidden)
    assert [await ask.outcome() for ask in asks] == [7, 7]
    assert stage.told.hidden == [{"sol"}]


async def test_replicas_that_write_the_same_cursors_at_once_do_not_stand_in_each_others_way(
    stage: Stage, nursery: trio.Nursery
) -> None:
    people = stage.world.people(30)
    rooms = [stage.world.room(*people) for _ in range(5)]
    replicas = [stage.another() for _ in range(3)]
    async with trio.open_nursery() as own:
        for replica in replicas:
            own.start_soon(replica.run)
        asks = []
        for turn in range(1, 6):
            for step, replica in enumerate(replicas):
                order = people if step % 2 else people[::-1]
                for person in order:
                    for room in rooms[::-1] if step % 2 else rooms:
                        asks.append(ask := Ask())
                        replica.mark(person.id, room, 10 * turn + step, ask, head=100, shown=False)
            await trio.lowlevel.checkpoint()
        for ask in asks:
            assert isinstance(await ask.outcome(), int)
        own.cancel_scope.cancel()
    for room in rooms:
        assert {await stage.read_by(person, room) for person in people[:3]} == {52}


async def test_who_is_no_member_is_told_so_and_nobody_else_suffers(stage: Stage) -> None:
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina)
    asks = [stage.marks(jun, room, 1), stage.marks(mina, room, 2), stage.marks(mina, uuid7(), 3)]
    assert [await ask.outcome() for ask in asks] == ["not_a_member", 2, "not_a_member"]
    assert [push.user for push in stage.told.rooms] == [mina.id]


async def test_when_postgresql_is_away_marks_are_refused_and_made_good_later(stage: Stage) -> None:
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    stage.statements.away = True
    stage.cursors.spoke(mina.id, room, 4)
    assert await stage.marks(mina, room, 9).outcome() == "unavailable"
    stage.statements.away = False
    ((_, told),) = await stage.told.of(1)
    assert told.mseq == 9
    assert await stage.read_by(mina, room) == 9


async def test_what_waits_is_bounded(stage: Stage) -> None:
    stage.statements.gate = trio.Event()
    stage.cursors.mark("nobody", "nowhere", 1, Ask(), head=1, shown=False)
    for number in range(MOST - 1):
        stage.cursors.mark(str(number), "nowhere", 1, Ask(), head=1, shown=False)
    with pytest.raises(MadangError) as refused:
        stage.cursors.mark("one more", "nowhere", 1, Ask(), head=1, shown=False)
    assert refused.value.code == "overloaded"
    assert refused.value.retry_after_ms
    for number in range(MOST + 10):
        stage.cursors.spoke(str(number), "elsewhere", 1)
    assert len(stage.cursors._spoken) == MOST


# --- saying -----------------------------------------------------------------------------------------------------------


async def test_who_speaks_has_read_and_costs_a_row_a_second_at_most(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    for mseq in range(1, 500):
        stage.cursors.spoke(mina.id, room, mseq)
    assert stage.statements.count == 0
    ((user, told),) = await stage.told.of(1)
    assert (user, told.mseq, told.unread) == (mina.id, 499, 0)
    assert stage.statements.count == 1
    assert stage.told.rooms == []  # they see it by the message


async def test_a_drain_writes_what_was_gathered(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cursors_module, "LULL", 1000)
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    stage.cursors.spoke(mina.id, room, 5)
    with trio.fail_after(PATIENCE):
        await stage.cursors.written()
    assert await stage.read_by(mina, room) == 5


# --- telling ----------------------------------------------------------------------------------------------------------


async def test_what_remains_unread_is_told_with_the_mentions_among_it(stage: Stage) -> None:
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    await mention(stage.mongo, room, (2, 5, 8, 9), mina.id)
    await mention(stage.mongo, room, (6,), jun.id)
    await mention(stage.mongo, room, (1, 7, 8), everybody=True)  # 8 is both, and counts once
    stage.heads[room] = 12
    await stage.marks(mina, room, 5, head=10).outcome()
    ((user, told),) = await stage.told.of(1)
    assert user == mina.id
    assert told == protocol.PersonalRead(room=room, mseq=5, unread=7, mentions=3)
    await stage.marks(mina, room, 12, head=12).outcome()
    assert (await stage.told.of(2))[1][1] == protocol.PersonalRead(room=room, mseq=12, unread=0, mentions=0)


async def test_more_than_a_hundred_mentions_are_a_hundred(stage: Stage) -> None:
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    await mention(stage.mongo, room, range(1, 150), mina.id, everybody=True)
    await stage.marks(mina, room, 1, head=149).outcome()
    assert (await stage.told.of(1))[0][1].mentions == 100


async def test_when_mentions_cannot_be_counted_the_rest_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> Any:
        await trio.lowlevel.checkpoint()
        raise StoreUnavailable("mongo", "away")

    monkeypatch.setattr(stage.mongo, "run", away)
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    await stage.marks(mina, room, 5, head=10).outcome()
    ((_, told),) = await stage.told.of(1)
    assert told == protocol.PersonalRead(room=room, mseq=5, unread=5, mentions=None)


async def test_a_room_that_is_not_to_be_shown_it_is_not_told(stage: Stage) -> None:
    (mina,) = stage.world.people(1)
    room = stage.world.room(mina)
    await stage.marks(mina, room, 5, shown=False).outcome()
    await stage.told.of(1)
    assert stage.told.rooms == []


async def test_mentions_of_just_now_are_counted_from_memory(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked(*_: Any) -> Any:
        await trio.lowlevel.checkpoint()
        raise AssertionError("it was known here")

    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    monkeypatch.setattr(stage.mongo, "run", asked)
    texts: list[dict[str, Any]] = [
        {"text": "well"},
        {"text": "you", "mentions": [mina.id]},
        {"text": ',"mentions":["' + mina.id + '"]'},
        {"text": "all", "mention_all": True},
        {"text": "he", "mentions": [jun.id]},
    ]
    for seq, said in enumerate(texts, 1):
        body = MessageBody(room=room, sender=jun.id, client_id=uuid7(), **said)
        stage.recent.add(Entry(b"%d-0" % seq, room, seq, seq, "e", Draft.of(body).body))
    stage.heads[room] = 5
    await stage.marks(mina, room, 1, head=5).outcome()
    assert (await stage.told.of(1))[0][1] == protocol.PersonalRead(room=room, mseq=1, unread=4, mentions=2)
    await stage.marks(mina, room, 4, head=5).outcome()
    assert (await stage.told.of(2))[1][1] == protocol.PersonalRead(room=room, mseq=4, unread=1, mentions=0)
