"""A bot in a room: put there by its owner, who moderates the room, and taken out again.

Elsewhere a bot comes in as people do, by a code or an invitation, with a token of the scope `rooms`.
"""

from __future__ import annotations

from typing import Any

from common.errors import MadangError
from common.postgres import Connection
from control.bots import queries
from control.rooms import membership
from control.rooms import queries as rooms
from control.rooms.acting import begin
from control.services import Services


async def put(services: Services, owner: str, bot: str, room: str) -> None:
    """Make a bot a member; where it is one, nothing changes.

    Raises `not_found` for a bot that is not of `owner`, `room_not_found`, `not_a_member`, `not_a_moderator`,
    `room_not_joinable`, `banned`, `room_full`.
    """
    last_read = await membership.spoken(services, room)
    await services.db.transaction(_put, owner, bot, room, last_read)


async def take_out(services: Services, owner: str, bot: str, room: str) -> None:
    """Let a bot leave; where it is no member, nothing changes. Raises `not_found` for a bot that is not of `owner`."""
    await services.db.transaction(_owned, owner, bot)
    await membership.leave(services, bot, room)


async def _owned(connection: Connection, owner: str, bot: str) -> None:
    row = await connection.fetchrow(queries.LOCK_BOT, bot, owner)
    if row is None or row["retired_at"] is not None:
        raise MadangError("not_found")


async def _put(connection: Connection, owner: str, bot: str, room: str, last_read: int) -> None:
    await _owned(connection, owner, bot)
    scene = await begin(connection, room, owner, "put_bot", bot)
    door: Any = await connection.fetchrow(rooms.DOOR, room, bot)
    if door["is_member"]:
        return
    if scene.kind == "direct":
        raise MadangError("room_not_joinable")
    if door["is_banned"]:
        raise MadangError("banned")
    if door["is_full"]:
        raise MadangError("room_full")
    await membership.add_members(connection, room, [bot], role="member", last_read=last_read)
    await scene.note("put_bot")
