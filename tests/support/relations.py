"""What people keep of each other, and who may know of them, written to PostgreSQL as control would leave it."""

from __future__ import annotations

import asyncpg

from common import feed
from tests.support.feed import publish
from tests.support.world import Person, World

_ADD = "INSERT INTO relations (user_id, other_id, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
_REMOVE = "DELETE FROM relations WHERE user_id = $1 AND other_id = $2 AND kind = $3"


def relate(world: World, one: Person, other: Person, kind: str) -> None:
    """`one` keeps `other` as a `kind`. Nobody hears of it."""
    _execute(world, _ADD, one.id, other.id, kind)


def befriend(world: World, one: Person, other: Person) -> None:
    """Both keep each other as friends. Nobody hears of it."""
    relate(world, one, other, "friend")
    relate(world, other, one, "friend")


def block(world: World, one: Person, other: Person, *, room: str | None = None) -> None:
    """`one` blocks `other`, and chatd hears of it; `room` is theirs, if they have one for themselves."""
    relate(world, one, other, "blocked")
    publish(
        world,
        feed.RelationChanged(user=one.id, other=other.id, kind="blocked", change="added", room=room),
    )


def unblock(world: World, one: Person, other: Person, *, room: str | None = None) -> None:
    """`one` blocks `other` no more, and chatd hears of it."""
    _execute(world, _REMOVE, one.id, other.id, "blocked")
    publish(
        world,
        feed.RelationChanged(user=one.id, other=other.id, kind="blocked", change="removed", room=room),
    )


def set_presence(world: World, person: Person, setting: str) -> None:
    """Who may know of a person. Nobody hears of it."""
    _execute(world, "UPDATE users SET presence = $2 WHERE id = $1", person.id, setting)


def _execute(world: World, statement: str, *arguments: object) -> None:
    async def run(connection: asyncpg.Connection) -> None:
        await connection.execute(statement, *arguments)

    world.sql(run)
