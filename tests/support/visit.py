"""Somebody at a replica, over the bare wire: greeted, and with rooms open.

async with visit(a, mina, room) as at_a, visit(b, jun, room) as at_b:
    await say(at_a, room, "hello")
    assert (await at_b.hears("message"))["text"] == "hello"

async with meeting(world, pair) as (room, (mina, jun), (at_a, at_b)):
    ...
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import trio

from common.clock import now_ms
from common.ids import uuid7
from tests.support.rawsocket import PATIENCE, Raw, open_raw
from tests.support.world import Person, Replica, World

T = TypeVar("T")


@asynccontextmanager
async def visit(
    replica: Replica, person: Person, *rooms: str, token: str | None = None, **hello: Any
) -> AsyncIterator[Raw]:
    """A person who said hello, with `hello` beside the token, and opened rooms. `raw.welcome` is the welcome."""
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": token or person.token(), **hello})
        raw.welcome = await raw.hears("welcome")
        for room in rooms:
            await raw.ok("room.open", room=room)
        yield raw


@asynccontextmanager
async def meeting(
    world: World, pair: tuple[Replica, Replica], members: int = 2, *, strangers: int = 0
) -> AsyncIterator[tuple[str, list[Person], list[Raw]]]:
    """A new room that all its members have open, one after the other at either replica: the room, who they are, and who is
    no member behind them; and the members' connections."""
    people = world.people(members + strangers)
    room = world.room(*people[:members])
    async with AsyncExitStack() as stack:
        raws = [
            await stack.enter_async_context(visit(pair[number % 2], person, room))
            for number, person in enumerate(people[:members])
        ]
        yield room, people, raws


def saying(room: str, text: str, client_id: str | None = None) -> dict[str, Any]:
    """The fields of a `message.send`."""
    return {"room": room, "client_id": client_id or uuid7(), "text": text}


async def say(raw: Raw, room: str, text: str = "well", client_id: str | None = None) -> dict[str, Any]:
    """Say something; what was granted: its seq, mseq and time."""
    return await raw.ok("message.send", **saying(room, text, client_id))


async def say_many(raw: Raw, room: str, count: int) -> list[dict[str, Any]]:
    """Say that many things, one after the other, at a pace that is allowed."""
    return [await say(raw, room, f"{number}") for number in range(count)]


async def outlive(raw: Raw) -> None:
    """Wait until the token of this connection has ended, if it has not yet."""
    await trio.sleep(max(0, raw.welcome["expires_at"] - now_ms()) / 1000 + 0.01)


# --- news on its way --------------------------------------------------------------------------------------------------


async def once(ask: Callable[[], Awaitable[T]], holds: Callable[[T], object]) -> T:
    """What `ask` gives once it `holds`. It is asked again at a pace at which commands are never too many."""
    pause = 0.005
    with trio.fail_after(PATIENCE):
        while not holds(given := await ask()):
            await trio.sleep(pause)
            pause = min(2 * pause, 0.08)
    return given


async def refusal_once(raw: Raw, kind: str, /, **fields: Any) -> dict[str, Any]:
    """The error of a command that is granted until the news of a change has come to this replica."""
    refused = await once(partial(raw.asks, kind, **fields), lambda reply: "error" in reply)
    error: dict[str, Any] = refused["error"]
    return error


async def granted_once(raw: Raw, kind: str, /, **fields: Any) -> None:
    """A command that is refused until the news of a change has come to this replica."""
    await once(partial(raw.asks, kind, **fields), lambda reply: "ok" in reply)


async def refusal_of(raw: Raw, room: str) -> dict[str, Any]:
    """The error of a message, once the news of a change has come to this replica."""
    refused = await once(
        lambda: raw.asks("message.send", **saying(room, "still")), lambda reply: "error" in reply
    )
    error: dict[str, Any] = refused["error"]
    return error
