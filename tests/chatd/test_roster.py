"""Who of those connected here is in which room: as PostgreSQL says, for as long as they are here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from chatd.roster import BATCH, Roster
from common.aio import open_loop
from common.errors import StoreUnavailable
from common.postgres import open_postgres
from tests.support.rawsocket import PATIENCE
from tests.support.world import World


class Truth:
    """PostgreSQL, which may be held back or away, and counts its questions."""

    def __init__(self) -> None:
        self.rooms: dict[str, list[str]] = {}
        self.asked: list[list[str]] = []
        self.away = False
        self.gate = trio.Event()
        self.gate.set()

    async def read(self, fn: Callable[..., Awaitable[Any]], users: list[str]) -> list[dict[str, Any]]:
        self.asked.append(users)
        found = [{"user_id": user, "rooms": list(self.rooms.get(user, ()))} for user in users]
        await trio.lowlevel.checkpoint()
        await self.gate.wait()
        if self.away:
            raise StoreUnavailable("postgres", "away")
        return found


class Here:
    """The hub: how many connections people have."""

    def __init__(self) -> None:
        self.connections: dict[str, int] = {}

    def of_user(self, user: str) -> list[int]:
        return [1] * self.connections.get(user, 0)


class Stage:
    def __init__(self) -> None:
        self.truth = Truth()
        self.here = Here()
        self.roster = Roster(self.truth, self.here)  # type: ignore[arg-type]

    def came(self, user: str, *rooms: str) -> None:
        self.truth.rooms.setdefault(user, list(rooms))
        self.here.connections[user] = self.here.connections.get(user, 0) + 1
        self.roster.came(user)

    def went(self, user: str) -> None:
        self.here.connections[user] -= 1
        self.roster.went(user)

    def present(self, room: str) -> list[str]:
        return sorted(self.roster.present(room))


@pytest.fixture
async def stage(nursery: trio.Nursery) -> Stage:
    stage = Stage()
    nursery.start_soon(stage.roster.run)
    return stage


async def test_people_are_in_their_rooms_while_they_are_here(stage: Stage) -> None:
    stage.came("mina", "yard", "well")
    stage.came("jun", "yard")
    await stage.roster.settled(PATIENCE)
    assert (stage.present("yard"), stage.present("well"), stage.present("nowhere")) == (
        ["jun", "mina"],
        ["mina"],
        [],
    )
    stage.came("mina")
    stage.went("mina")
    assert stage.present("well") == ["mina"]
    stage.went("mina")
    assert (stage.present("yard"), stage.present("well")) == (["jun"], [])
    stage.went("jun")
    assert not stage.roster._rooms
    assert not stage.roster._members
    assert len(stage.truth.asked) <= 2


async def test_a_change_of_membership_is_looked_up(stage: Stage) -> None:
    stage.came("mina", "yard")
    await stage.roster.settled(PATIENCE)
    stage.truth.rooms["mina"] = ["well"]
    stage.roster.changed("mina")
    stage.roster.changed("nobody here")
    await stage.roster.settled(PATIENCE)
    assert (stage.present("yard"), stage.present("well")) == ([], ["mina"])
    stage.truth.rooms["mina"] = ["yard", "well"]
    stage.roster.all_changed()
    await stage.roster.settled(PATIENCE)
    assert (stage.present("yard"), stage.present("well")) == (["mina"], ["mina"])


async def test_a_change_while_it_is_being_read_is_read_again(stage: Stage) -> None:
    stage.truth.gate = trio.Event()
    stage.came("mina", "yard")
    await wait_all_tasks_blocked()
    stage.truth.rooms["mina"] = ["well"]
    stage.roster.changed("mina")
    stage.truth.gate.set()
    await stage.roster.settled(PATIENCE)
    assert (stage.present("yard"), stage.present("well")) == ([], ["mina"])


async def test_who_left_while_it_was_being_read_is_nowhere(stage: Stage) -> None:
    stage.truth.gate = trio.Event()
    stage.came("mina", "yard")
    await wait_all_tasks_blocked()
    stage.went("mina")
    stage.truth.gate.set()
    await stage.roster.settled(PATIENCE)
    assert stage.present("yard") == []
    assert not stage.roster._rooms


async def test_who_is_out_of_a_room_is_out_at_once_though_postgresql_is_away(
    stage: Stage, autojump_clock: trio.testing.MockClock
) -> None:
    stage.came("mina", "yard", "well")
    await stage.roster.settled(PATIENCE)
    stage.truth.away = True
    stage.roster.left("mina", "yard")
    stage.roster.changed("mina")
    assert (stage.present("yard"), stage.present("well")) == ([], ["mina"])
    await stage.roster.settled(3)
    stage.truth.away = False  # it is told late: she is back by now
    await stage.roster.settled(30)
    assert (stage.present("yard"), stage.present("well")) == (["mina"], ["mina"])


async def test_who_left_a_room_while_it_was_being_read_is_not_put_back(
    stage: Stage, autojump_clock: trio.testing.MockClock
) -> None:
    stage.truth.gate = trio.Event()
    stage.came("mina", "yard", "well")
    await wait_all_tasks_blocked()
    stage.roster.left("mina", "yard")
    stage.truth.gate.set()
    await stage.roster.settled(PATIENCE)
    assert (stage.present("yard"), stage.present("well")) == ([], ["mina"])


async def test_many_who_come_at_once_are_few_questions(stage: Stage) -> None:
    for number in range(3 * BATCH):
        stage.came(f"user-{number}", "yard")
    await stage.roster.settled(PATIENCE)
    assert len(stage.present("yard")) == 3 * BATCH
    assert len(stage.truth.asked) <= 4


async def test_when_postgresql_is_away_it_is_asked_again_until_it_answers(
    stage: Stage, autojump_clock: trio.testing.MockClock
) -> None:
    stage.truth.away = True
    stage.came("mina", "yard")
    stage.came("jun", "yard")
    await stage.roster.settled(3)
    assert stage.present("yard") == []
    stage.went("jun")
    stage.truth.away = False
    await stage.roster.settled(30)
    assert stage.present("yard") == ["mina"]


@pytest.fixture
async def roster(world: World, nursery: trio.Nursery) -> AsyncIterator[tuple[Roster, Here]]:
    async with open_loop(), open_postgres(world.database_url) as postgres, trio.open_nursery() as own:
        here = Here()
        roster = Roster(postgres, here)
        own.start_soon(roster.run)
        yield roster, here
        own.cancel_scope.cancel()


async def test_rooms_are_what_postgresql_says(world: World, roster: tuple[Roster, Here]) -> None:
    mina, jun, alone = world.people(3)
    shared, own = world.room(mina, jun), world.room(mina)
    book, here = roster
    for person in (mina, jun, alone):
        here.connections[person.id] = 1
        book.came(person.id)
    await book.settled(PATIENCE)
    assert set(book.present(shared)) == {mina.id, jun.id}
    assert set(book.present(own)) == {mina.id}
