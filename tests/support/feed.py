"""What control would do: change PostgreSQL, and publish the news of it on the control feed."""

from __future__ import annotations

import asyncpg
import msgspec

from common import feed
from common.ids import uuid7
from tests.support.redis import open_client
from tests.support.world import Person, World


def publish(world: World, *changes: feed.AnyChange) -> list[str]:
    """Put news on the feed; the ids of the entries."""
    ids = [uuid7() for _ in changes]
    with open_client(world.redis_url) as client:
        for entry_id, change in zip(ids, changes, strict=True):
            client.xadd(feed.STREAM, {"id": entry_id, "data": msgspec.json.encode(change)})
    return ids


def publish_again(world: World, entry_id: str, change: feed.AnyChange) -> None:
    """The same news once more, as the relay does when it cannot know whether it arrived."""
    with open_client(world.redis_url) as client:
        client.xadd(feed.STREAM, {"id": entry_id, "data": msgspec.json.encode(change)})


def revoke(world: World, person: Person) -> None:
    """End a person's session."""
    _execute(world, "UPDATE sessions SET revoked_at = now() WHERE id = $1", person.session)
    publish(world, feed.SessionRevoked(session=person.session, user=person.id))


def join(world: World, person: Person, room: str) -> None:
    """Make a person a member."""
    _execute(world, "INSERT INTO members (room_id, user_id, role) VALUES ($1, $2, 'member')", room, person.id)
    publish(world, feed.MemberChanged(room=room, user=person.id, name=person.nickname, change="joined"))


def leave(world: World, person: Person, room: str) -> None:
    """Let a person leave."""
    _execute(world, "DELETE FROM members WHERE room_id = $1 AND user_id = $2", room, person.id)
    publish(world, feed.MemberChanged(room=room, user=person.id, name=person.nickname, change="left"))


def kick(world: World, person: Person, room: str, by: Person) -> None:
    """Throw a person out."""
    _execute(world, "DELETE FROM members WHERE room_id = $1 AND user_id = $2", room, person.id)
    publish(
        world, feed.MemberChanged(room=room, user=person.id, name=person.nickname, change="kicked", by=by.id)
    )


def mute(world: World, person: Person, room: str, seconds: int) -> None:
    """Let a person not speak for a while."""
    _execute(
        world,
        "UPDATE members SET muted_until = now() + make_interval(secs => $3) WHERE room_id = $1 AND user_id = $2",
        room,
        person.id,
        seconds,
    )
    publish(world, feed.RoomChanged(room=room))


def _execute(world: World, statement: str, *arguments: object) -> None:
    async def run(connection: asyncpg.Connection) -> None:
        await connection.execute(statement, *arguments)

    world.sql(run)


def comings_and_goings(person: Person, room: str, first: int, last: int) -> list[feed.MemberChanged]:
    """Changes that are told apart by the name in them: a number from `first` to below `last`."""
    return [
        feed.MemberChanged(room=room, user=person.id, name=str(number), change="joined")
        for number in range(first, last)
    ]
