"""A room's webhooks: made, listed, revoked by its owner and its moderators."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Final

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.hooks import queries
from control.hooks.views import CreateHook, Hook, Hooks, NewHook
from control.rooms.acting import begin
from control.sealing import plain_hash
from control.services import Services
from control.words import line

MOST: Final = 10  # of one room


async def create(services: Services, user: str, room: str, wanted: CreateHook) -> NewHook:
    """Make a webhook. Raises `invalid`, `room_not_found`, `not_a_member`, `not_a_moderator`, `list_full`."""
    secret, now = secrets.token_urlsafe(32), from_ms(services.clock())
    name = line("name", wanted.name)
    hook = await services.db.transaction(_create, user, room, (name, plain_hash(secret), user, now))
    return NewHook(
        hook=Hook(id=hook, name=name, created_by=user, created_at=ms_of(now), last_used_at=None),
        url=f"{services.settings.public_url}/hooks/{hook}/{secret}",
    )


async def hooks_of(services: Services, user: str, room: str) -> Hooks:
    """The webhooks of a room. Raises `room_not_found`, `not_a_member`, `not_a_moderator`."""
    return Hooks(
        [
            Hook(
                id=row["id"],
                name=row["name"],
                created_by=row["created_by"],
                created_at=ms_of(row["created_at"]),
                last_used_at=ms_of(row["last_used_at"]) if row["last_used_at"] else None,
            )
            for row in await services.db.transaction(_hooks, user, room)
        ]
    )


async def revoke(services: Services, user: str, room: str, hook: str) -> None:
    """Revoke a webhook; once more is no error.

    Raises `room_not_found`, `not_a_member`, `not_a_moderator`, `not_found`.
    """
    await services.db.transaction(_revoke, user, room, hook, from_ms(services.clock()))


async def _create(
    connection: Connection, user: str, room: str, values: tuple[str, bytes, str, datetime]
) -> str:
    scene = await begin(connection, room, user, "make_hook")
    if await connection.fetchval(queries.COUNT, room) >= MOST:
        raise MadangError("list_full")
    hook: str = await connection.fetchval(queries.ADD, room, *values)
    await scene.note("make_hook", hook=hook, name=values[0])
    return hook


async def _hooks(connection: Connection, user: str, room: str) -> list[Any]:
    await begin(connection, room, user, "read_hooks")
    return await connection.fetch(queries.HOOKS, room)


async def _revoke(connection: Connection, user: str, room: str, hook: str, now: datetime) -> None:
    scene = await begin(connection, room, user, "revoke_hook")
    found = await connection.fetchrow(queries.HOOK, hook, room)
    if found is None:
        raise MadangError("not_found")
    if found["revoked_at"] is None:
        await connection.execute(queries.REVOKE, hook, now)
        await scene.note("revoke_hook", hook=hook, name=found["name"])
