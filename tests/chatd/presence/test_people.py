"""Lists of who is here, answers about people, and what both cost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
import trio

from chatd.core.presence import Change, State
from chatd.presence import PresenceNews, audience, circle, people
from chatd.presence.audience import audience_in
from chatd.presence.circle import Circles
from chatd.presence.participants import Participants
from chatd.presence.people import People
from common import feed
from common.aio import open_loop
from common.errors import StoreUnavailable
from common.postgres import Postgres, open_postgres
from common.protocol import MAX_PARTICIPANTS
from tests.chatd.presence.replicas import SOON
from tests.support.relations import relate, set_presence
from tests.support.world import Person, World


class Here:
    """Presence, as a dictionary that counts its questions."""

    def __init__(self, states: dict[str, State]) -> None:
        self._states = states
        self.asked = 0

    async def states(self, users: Sequence[str]) -> dict[str, State]:
        await trio.lowlevel.checkpoint()
        self.asked += 1
        return {user: self._states[user] for user in users if user in self._states}


class Counting(Postgres):
    """A pool that counts its questions, and can be away."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self.asked = 0
        self.away = False

    async def read(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return await self._ask(self._postgres.read, fn, *args, **kwargs)

    async def snapshot(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return await self._ask(self._postgres.snapshot, fn, *args, **kwargs)

    async def _ask(self, how: Any, *args: Any, **kwargs: Any) -> Any:
        self.asked += 1
        if self.away:
            await trio.lowlevel.checkpoint()
            raise StoreUnavailable("postgres", "away")
        return await how(*args, **kwargs)


@pytest.fixture
async def db(world: World) -> AsyncIterator[Counting]:
    async with open_loop(), open_postgres(world.database_url) as postgres:
        yield Counting(postgres)


@asynccontextmanager
async def running(*tasks: Any) -> AsyncIterator[None]:
    async with trio.open_nursery() as nursery:
        for task in tasks:
            nursery.start_soon(task)
        yield
        nursery.cancel_scope.cancel()


def answering(db: Postgres, here: Here, hub: Hub) -> People:
    circles = Circles(db)
    return People(
        db,
        here,  # type: ignore[arg-type]
        circles=circles,
        participants=Participants(db, here, circles),  # type: ignore[arg-type]
        news=PresenceNews(audience_in(db), hub),
        hub=hub,
    )


async def test_a_large_rooms_list_is_bounded_its_counts_are_not_and_all_who_open_it_share_the_questions(
    world: World, db: Counting
) -> None:
    crowd = world.people(MAX_PARTICIPANTS + 100)
    room = world.room(*crowd)
    states: dict[str, State] = {person.id: "away" for person in crowd[:150]}
    states |= {person.id: "online" for person in crowd[150:]}
    here = Here(states)
    circles = Circles(db)
    participants = Participants(db, here, circles)  # type: ignore[arg-type]
    async with running(circles.run, participants.run), trio.open_nursery() as nursery:
        found = await participants.of(room, crowd[0].id)
        for person in crowd[1:101]:
            nursery.start_soon(participants.of, room, person.id)
    assert (len(found.participants), found.online, found.away) == (MAX_PARTICIPANTS, len(crowd) - 150, 150)
    assert [each.state for each in found.participants] == ["online"] * 450 + ["away"] * 50
    assert db.asked <= 8  # not one for each of a hundred
    assert here.asked <= 4


async def test_those_who_may_know_the_same_share_one_list_and_others_have_their_own(
    world: World, db: Counting
) -> None:
    mina, jun, sol, choosy, hidden = world.people(5)
    room = world.room(mina, jun, sol, choosy, hidden)
    relate(world, sol, mina, "blocked")
    relate(world, choosy, jun, "friend")
    set_presence(world, choosy, "friends")
    set_presence(world, hidden, "nobody")
    everybody = (mina, jun, sol, choosy, hidden)
    circles = Circles(db)
    participants = Participants(db, Here({each.id: "online" for each in everybody}), circles)  # type: ignore[arg-type]
    async with running(circles.run, participants.run):
        lists = {each.id: await participants.of(room, each.id) for each in everybody}
        seen = {viewer: {each.user for each in here.participants} for viewer, here in lists.items()}
        assert seen == {
            mina.id: {mina.id, jun.id},
            jun.id: {mina.id, jun.id, sol.id, choosy.id},
            sol.id: {jun.id, sol.id},
            choosy.id: {mina.id, jun.id, sol.id, choosy.id},
            hidden.id: {mina.id, jun.id, sol.id},
        }
        assert (await participants.of(room, hidden.id)) is lists[hidden.id]
        set_presence(world, jun, "nobody")
        participants.forget()
        assert jun.id not in [each.user for each in (await participants.of(room, hidden.id)).participants]


async def test_without_its_stores_a_room_opens_with_nobody(world: World, db: Counting) -> None:
    (mina,) = world.people(1)
    room = world.room(mina)
    db.away = True
    circles = Circles(db)
    participants = Participants(db, Here({mina.id: "online"}), circles)  # type: ignore[arg-type]
    async with running(circles.run, participants.run):
        assert await participants.of(room, mina.id) == ([], 0, 0)


async def test_a_question_about_two_hundred_is_one_to_each_store(world: World, db: Counting) -> None:
    crowd = world.people(200)
    world.room(*crowd)
    here = Here({person.id: "online" for person in crowd[::2]})
    asked = answering(db, here, Hub())
    answer = await asked.states(crowd[0].id, [person.id for person in crowd])
    assert [each.state for each in answer] == ["online", "offline"] * 100
    assert (db.asked, here.asked) == (1, 1)


class Socket:
    def __init__(self, user: str) -> None:
        self.user = user
        self.pieces: list[bytes] = []

    def send_nowait(self, data: bytes) -> bool:
        self.pieces.append(data)
        return True


class Hub:
    def __init__(self, *sockets: Socket) -> None:
        self._sockets = sockets

    def listeners(self, room_id: str) -> list[Socket]:
        return list(self._sockets)

    def of_user(self, user: str) -> list[Socket]:
        return [each for each in self._sockets if each.user == user]


async def test_an_errand_waits_for_its_store_and_whoever_sent_it_does_not(world: World, db: Counting) -> None:
    mina, jun = world.people(2)
    world.room(mina, jun)
    relate(world, mina, jun, "blocked")
    socket = Socket(jun.id)
    told = answering(db, Here({mina.id: "online"}), Hub(socket))
    db.away = True
    async with running(told.run):
        told.relation_changed(
            feed.RelationChanged(user=mina.id, other=jun.id, kind="blocked", change="added")
        )
        with trio.fail_after(SOON):
            while db.asked < 2:  # noqa: ASYNC110 - it tries again by itself
                await trio.sleep(0.01)
            assert socket.pieces == []
            db.away = False
            while not socket.pieces:  # noqa: ASYNC110
                await trio.sleep(0.01)
    assert b'"offline"' in socket.pieces[0]
    assert b"last_seen" not in socket.pieces[0]


async def test_ten_thousand_who_come_at_once_are_one_question_for_every_five_hundred(
    world: World, db: Counting
) -> None:
    crowd = world.people(40)
    world.room(*crowd)
    sockets = [Socket(person.id) for person in crowd[:2]]
    news = PresenceNews(audience_in(db), Hub(*sockets))
    await news([Change(person.id, "online", 1) for person in crowd])
    assert db.asked == 1
    assert [socket.pieces[0].count(b'"presence"') for socket in sockets] == [39, 39]


# --- plans --------------------------------------------------------------------------------------------------------------


async def fill(connection: asyncpg.Connection, people: list[Person]) -> None:
    """Rows enough to have plans."""
    await connection.execute(
        "INSERT INTO users (id, email, nickname, name, phone, password_hash)"
        " SELECT uuidv7(), 'x' || n || '@example.com', 'x' || n, 'x', '+8299' || n, '' FROM generate_series(1, 3000) n"
    )
    await connection.execute(
        "INSERT INTO relations (user_id, other_id, kind)"
        " SELECT a.id, b.id, 'friend' FROM (SELECT id FROM users LIMIT 150) a, (SELECT id FROM users LIMIT 300) b"
        " WHERE a.id <> b.id"
    )
    await connection.execute(
        "INSERT INTO rooms (id, kind, title, capacity, visibility, history, member_count)"
        " SELECT uuidv7(), 'group', 'r', 5000, 'public', 'all', 0 FROM generate_series(1, 200)"
    )
    await connection.execute(
        "INSERT INTO members (room_id, user_id, role)"
        " SELECT r.id, u.id, 'member' FROM rooms r, (SELECT id FROM users LIMIT 150) u ON CONFLICT DO NOTHING"
    )
    await connection.execute("ANALYZE users, relations, members, rooms")


QUESTIONS = (
    audience._ROOMS,
    audience._SETTINGS,
    audience._FRIENDS,
    audience._BLOCKED,
    circle._CIRCLES,
    people._MAY_KNOW,
)


async def test_every_question_is_served_by_an_index(world: World) -> None:
    some = world.people(3)

    async def plans(connection: asyncpg.Connection) -> list[str]:
        await fill(connection, some)
        return [await plan(connection, each) for each in QUESTIONS]

    async def plan(connection: asyncpg.Connection, statement: str) -> str:
        ids = [person.id for person in some]
        arguments: list[Any] = [ids] * statement.count("$2::uuid[]") or []
        first: Any = some[0].id if statement is people._MAY_KNOW else ids
        rows = await connection.fetch("EXPLAIN " + statement, first, *arguments)
        return "\n".join(row[0] for row in rows)

    assert [each for each in world.sql(plans) if "Seq Scan" in each] == []
