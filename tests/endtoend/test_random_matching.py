"""Random matching with several control processes, as real as they are run: whoever can be paired is, once, and hears it at once."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, product
from typing import Any

import asyncpg
import httpx
import pytest
import trio

from common.ids import uuid7
from tests.faults.control import Control
from tests.support.promptly import timed
from tests.support.rawsocket import Raw
from tests.support.visit import visit
from tests.support.world import Person, Replica, World

AT_ONCE = 1  # second
CROWD = 60
PATIENCE = 90  # seconds; of a machine that is busy
WISHES = [
    {"places": list(places), "ways": list(ways)}
    for places, ways in product(
        [("library", "cafe"), ("cafe",), ("office",)], [("packed",), ("delivery", "packed")]
    )
]
_STATES = (
    "SELECT user_id::text AS user, state, places, manners, match_id::text AS match FROM match_applications"
)
_PEOPLE = "SELECT match_id::text AS match, user_id::text AS user FROM match_people"
_ROOMS = """
    SELECT m.id::text AS match, p.user_id::text AS user FROM matches m JOIN members p ON p.room_id = m.room_id
"""


@dataclass(frozen=True)
class Door:
    """A control process, and a way to it."""

    control: Control
    http: httpx.AsyncClient

    async def take(self, person: Person, application: dict[str, Any]) -> bool:
        """Whether it was answered; it is not by who was killed, before or after it was done."""
        headers = {"authorization": f"Bearer {person.token()}"}
        try:
            answer = await self.http.post("/api/v1/matching/random", json=application, headers=headers)
        except httpx.TransportError:
            return False
        assert answer.status_code == 201, answer.text
        return True


@dataclass
class Applicant:
    """Somebody at a socket who looks for company."""

    person: Person
    raw: Raw
    wish: dict[str, list[str]]
    matches: list[str] = field(default_factory=list)
    tries: int = 0

    async def apply(self, doors: Sequence[Door]) -> None:
        """At the first of these; where that is gone, the same at the next, as any client does."""
        body = {"category": "meal", "client_id": uuid7(), **self.wish}
        for door in cycle(doors):
            self.tries += 1
            if await door.take(self.person, body):
                return

    async def listen(self) -> None:
        """Hear of matches, for ever."""
        while True:
            news = await self.raw.hears("personal.match")
            self.matches.append(news["match"])

    async def hear_the_rest(self) -> None:
        """Whatever else was said by now."""
        self.matches += [news["match"] for news in await self.raw.heard_so_far("personal.match")]


@pytest.fixture
def replica(world: World) -> Replica:
    return world.replicas(1)[0]


@pytest.fixture
async def doors(world: World) -> AsyncIterator[list[Door]]:
    """Three processes. The first one carries the news as long as it lives."""
    controls = [Control(world, f"control.{number}") for number in range(3)]
    try:
        controls[0].start()
        with ThreadPoolExecutor() as pool:
            list(pool.map(Control.start, controls[1:]))
        async with AsyncExitStack() as stack:
            yield [
                Door(
                    each,
                    await stack.enter_async_context(
                        httpx.AsyncClient(base_url=each.url, timeout=30, verify=False)
                    ),
                )
                for each in controls
            ]
    finally:
        for each in controls:
            each.kill()


@asynccontextmanager
async def applicants(world: World, replica: Replica, count: int) -> AsyncIterator[list[Applicant]]:
    """So many people at sockets, with wishes of all kinds."""
    async with AsyncExitStack() as stack:
        wishes = cycle(WISHES)
        yield [
            Applicant(person, await stack.enter_async_context(visit(replica, person)), next(wishes))
            for person in world.people(count)
        ]


async def pairs_of(connection: asyncpg.Connection) -> Any:
    return [await connection.fetch(statement) for statement in (_STATES, _PEOPLE, _ROOMS)]


def fit(one: Any, other: Any) -> bool:
    return bool(set(one["places"]) & set(other["places"]) and set(one["manners"]) & set(other["manners"]))


async def settled(world: World) -> Any:
    """What became of all, once nobody waits who could be paired."""
    with trio.fail_after(PATIENCE):
        while True:
            states, people, rooms = await trio.to_thread.run_sync(world.sql, pairs_of)
            waiting = [each for each in states if each["state"] == "waiting"]
            if not any(fit(one, other) for one in waiting for other in waiting if one is not other):
                return states, people, rooms
            await trio.sleep(0.05)


async def all_heard(people: Sequence[Applicant]) -> None:
    """Until each of them heard of a match."""
    with trio.fail_after(PATIENCE):
        while not all(each.matches for each in people):  # noqa: ASYNC110 - of sockets
            await trio.sleep(0.005)


async def test_two_who_came_to_different_processes_hear_of_each_other_within_a_second(
    world: World, replica: Replica, doors: list[Door]
) -> None:
    taken = []
    async with applicants(world, replica, 10) as people, trio.open_nursery() as listening:
        for number, pair in enumerate(zip(people[::2], people[1::2], strict=True)):
            for place, applicant in enumerate(pair):
                listening.start_soon(applicant.listen)
                applicant.wish = WISHES[0]
                with timed() as took:
                    await applicant.apply([doors[(number + place) % 3]])
                    if place:
                        await all_heard(pair)
            assert pair[0].matches == pair[1].matches
            taken.append(took)
        listening.cancel_scope.cancel()
    assert statistics.median(each.own for each in taken) < AT_ONCE, taken


async def test_of_a_crowd_at_three_processes_one_of_which_is_killed_every_pair_is_made_and_told_once(
    world: World, replica: Replica, doors: list[Door]
) -> None:
    answered, killed = trio.Event(), trio.Event()

    async def apply(applicant: Applicant, order: Sequence[Door]) -> None:
        if applicant is people[-3]:  # somebody comes to the first door when nobody opens it any more
            await killed.wait()
        await applicant.apply(order)
        if order[0] is doors[0]:
            answered.set()

    async with applicants(world, replica, CROWD) as people, trio.open_nursery() as listening:
        for applicant in people:
            listening.start_soon(applicant.listen)
        async with trio.open_nursery() as coming:
            for number, applicant in enumerate(people):
                first = number % 3
                coming.start_soon(apply, applicant, [*doors[first:], *doors[:first]])
            await answered.wait()
            await trio.to_thread.run_sync(doors[0].control.kill)
            killed.set()
        states, met, rooms = await settled(world)
        matched = {each["user"]: each["match"] for each in states if each["state"] == "matched"}
        told = [each for each in people if each.person.id in matched]
        await all_heard(told)
        listening.cancel_scope.cancel()
        with trio.CancelScope(shield=True):
            for applicant in people:
                await applicant.hear_the_rest()
    assert people[-3].tries > 1
    assert len(states) == CROWD  # whoever asked twice is in line once
    assert len(matched) >= CROWD - 2 * len(WISHES)
    assert set(Counter(matched.values()).values()) == {2}
    for rows in (met, rooms):
        assert sorted((each["user"], each["match"]) for each in rows) == sorted(matched.items())
    for each in people:
        assert each.matches == ([matched[each.person.id]] if each in told else [])
