"""A replica that has to put up with a lot, and the proof after every test that it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import trio

from common.ids import uuid7
from tests.support.rawsocket import PATIENCE, Raw, open_raw
from tests.support.services import Services
from tests.support.world import Person, Replica, World, open_world

HELLO_WITHIN = 1.0
HEARTBEAT = 5.0


@pytest.fixture(scope="package")
def shared_world(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all of these tests, each with people and rooms of its own."""
    with open_world(services, tmp_path_factory.mktemp("shared")) as world:
        yield world


@pytest.fixture(scope="package")
def replica(shared_world: World) -> Replica:
    """With deadlines that no test waits for: whatever ends here is ended for what was done, and at once."""
    return shared_world.replicas(1, CHATD_HELLO_SECONDS="60", CHATD_HEARTBEAT_SECONDS="60")[0]


@pytest.fixture(scope="package")
def hasty(shared_world: World) -> Replica:
    """With short deadlines, so that tests see their end."""
    return shared_world.replicas(
        1, CHATD_HELLO_SECONDS=str(HELLO_WITHIN), CHATD_HEARTBEAT_SECONDS=str(HEARTBEAT)
    )[0]


@pytest.fixture(scope="package")
def unlimited(shared_world: World) -> Replica:
    """Another, that takes commands at any rate."""
    return shared_world.replicas(1, CHATD_COMMAND_RATE="100000", CHATD_COMMAND_BURST="100000")[0]


@pytest.fixture(scope="package")
def mina(shared_world: World) -> Person:
    return shared_world.people(1)[0]


@pytest.fixture(scope="package")
def room(shared_world: World, mina: Person) -> str:
    return shared_world.room(mina)


async def greet(raw: Raw, person: Person) -> None:
    """Handshake and hello, as they should be."""
    await raw.shake_hands()
    await raw.say({"type": "hello", "token": person.token()})
    assert (await raw.hears())["type"] == "welcome"


async def open_room(raw: Raw, room: str) -> None:
    await raw.ok("room.open", room=room)


async def becomes(expected: float, measure: Callable[[], float], within_s: float = PATIENCE) -> None:
    """Wait until a measure has the expected value."""
    found = None
    with trio.move_on_after(within_s):
        while (found := await trio.to_thread.run_sync(measure)) != expected:  # noqa: ASYNC110 - in another process
            await trio.sleep(0.01)
    assert found == expected


@pytest.fixture(scope="package")
def good(shared_world: World) -> tuple[Person, str]:
    """A person who does no harm, and a room."""
    jun = shared_world.people(1)[0]
    return jun, shared_world.room(jun)


@pytest.fixture(autouse=True)
def unharmed(request: pytest.FixtureRequest, good: tuple[Person, str]) -> Iterator[None]:
    """Whatever a test did: good people are served at once, nothing is left behind, nothing was taken for our failure."""
    harmed: Replica = request.getfixturevalue("hasty" if "hasty" in request.fixturenames else "replica")
    said_before = len(harmed.log.read_bytes())
    yield
    trio.run(serves, harmed, *good)
    trio.run(
        becomes,
        0,
        lambda: harmed.metric("madang_chatd_connections") + harmed.metric("madang_chatd_open_rooms"),
    )
    said = harmed.log.read_bytes()[said_before:].decode()
    assert '"level": "error"' not in said, said
    assert "Traceback" not in said, said


async def serves(replica: Replica, person: Person, room: str) -> None:
    """At once: with the work of two seconds at most, however long the machine lets it wait for its turn."""
    with working(replica, within_s=2):
        async with open_raw(replica.port) as raw:
            await greet(raw, person)
            await open_room(raw, room)
            await raw.say({"type": "message.send", "room": room, "client_id": uuid7(), "text": "well"})
            assert (await raw.hears("message"))["text"] == "well"


@contextmanager
def working(replica: Replica, *, within_s: float) -> Iterator[None]:
    """What is done inside costs a replica so much of its processor's time at most, with all else that it does meanwhile."""
    before = replica.worked_s()
    yield
    assert replica.worked_s() - before < within_s
