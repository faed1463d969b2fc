"""The page's chat client, as it is, against two replicas of which one is killed while two people talk."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import pairwise
from typing import Any

import msgspec
import trio

from tests.support.node import WEB, node
from tests.support.world import World

COUNT = 40  # messages of each of the two


@asynccontextmanager
async def talk(plan: dict[str, Any]) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """What the two tell while they talk, as it comes."""
    script = WEB / "src" / "chat" / "test" / "talk.ts"
    words = [
        str(node()),
        "--disable-warning=ExperimentalWarning",
        str(script),
        msgspec.json.encode(plan).decode(),
    ]
    async with trio.open_nursery() as nursery:
        process = await nursery.start(partial(trio.run_process, words, stdout=subprocess.PIPE))
        yield _lines(process.stdout)
        nursery.cancel_scope.cancel()


async def _lines(stream: trio.abc.ReceiveStream) -> AsyncIterator[dict[str, Any]]:
    rest = b""
    async for chunk in stream:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield msgspec.json.decode(line)


async def test_nothing_two_people_say_is_lost_or_doubled_when_a_replica_is_killed(world: World) -> None:
    haneul, bada = world.people(2)
    room = world.room(haneul, bada)
    a, b = world.replicas(2)
    plan = {
        "urls": [a.url, b.url],
        "room": room,
        "tokens": [haneul.token(), bada.token()],
        "count": COUNT,
    }
    told: dict[str, Any] = {}
    with trio.fail_after(180):
        async with talk(plan) as lines:
            async for told in lines:
                if told.get("stored") == COUNT // 2:
                    a.kill()
    assert told["losses"] > 0
    assert told["resets"] == 0
    one, other = told["heard"]
    assert one == other
    assert all(later["seq"] == earlier["seq"] + 1 for earlier, later in pairwise(one))
    places = {event["text"]: event["seq"] for event in one}
    assert places == told["stored"]
    assert len(places) == len(one) == 2 * COUNT
    for person in ("0", "1"):
        mine = [event["text"] for event in one if event["text"].startswith(person)]
        assert mine == [f"{person}-{number}" for number in range(COUNT)]
