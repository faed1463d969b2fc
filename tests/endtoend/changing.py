"""Changes to what was said: asked for, refused, and what a message has become by them."""

from __future__ import annotations

from typing import Any

import asyncpg

from common import feed
from common.ids import uuid7
from tests.support.feed import publish
from tests.support.rawsocket import Raw
from tests.support.world import Person, Replica, World

Pair = tuple[Replica, Replica]
CHANGES: dict[str, dict[str, Any]] = {
    "message.edit": {"text": "better"},
    "message.delete": {},
    "reaction.add": {"emoji": "👍"},
    "reaction.remove": {"emoji": "👍"},
    "pin.add": {},
    "pin.remove": {},
}


async def do(
    raw: Raw, command: str, room: str, of: int, client_id: str | None = None, **more: Any
) -> dict[str, Any]:
    """A change that is granted: its place."""
    fields = {"room": room, "of": of, "client_id": client_id or uuid7(), **CHANGES[command], **more}
    return await raw.ok(command, **fields)


async def refused(raw: Raw, command: str, room: str, of: int, **more: Any) -> str:
    """The code of a refusal."""
    fields = {"room": room, "of": of, "client_id": uuid7(), **CHANGES[command], **more}
    code: str = (await raw.refused(command, **fields))["code"]
    return code


async def at_once(raw: Raw, command: str, *asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Commands without waiting for answers in between; their replies, in order of the commands."""
    await raw.say(*({"type": command, "id": str(number), **each} for number, each in enumerate(asked)))
    replies = [await raw.hears("reply") for _ in asked]
    return sorted(replies, key=lambda reply: int(reply["id"]))


def change(room: str, of: int, **more: Any) -> dict[str, Any]:
    """The fields of a change."""
    return {"room": room, "of": of, "client_id": uuid7(), **more}


async def page(raw: Raw, room: str, **asked: Any) -> dict[str, Any]:
    return await raw.ok("history.page", room=room, **{"limit": 100, **asked})


async def state(raw: Raw, room: str, seq: int) -> dict[str, Any]:
    """What a message has become, as this reader is told; without its seq."""
    states = {each.pop("seq"): each for each in (await page(raw, room))["states"]}
    found: dict[str, Any] = states.get(seq, {})
    return found


async def types(raw: Raw, room: str) -> list[str]:
    return [event["type"] for event in (await page(raw, room))["events"]]


def make_moderator(world: World, person: Person, room: str) -> None:
    async def run(connection: asyncpg.Connection) -> None:
        await connection.execute(
            "UPDATE members SET role = 'moderator' WHERE room_id = $1 AND user_id = $2", room, person.id
        )

    world.sql(run)
    publish(world, feed.RoomChanged(room=room))
