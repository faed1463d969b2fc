"""What one person keeps of another: friend, favourite, hidden, blocked.

Each is a relation of its own, one-way, and never told to the other: somebody may be a friend and blocked, and is a friend
again once the block is gone. Adding what is there and removing what is not changes nothing. What a block keeps from
happening is decided where it would happen: rooms refuse, presence is silent.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from common import feed
from common.clock import ms_of
from common.errors import MadangError
from common.postgres import Connection
from control import faults
from control.cursor import LAST, cut, unseal
from control.outbox import announce
from control.people import queries
from control.people.views import Related, Relation, Relations, RelationsQuery
from control.services import Services

MOST: Final = 5000  # on one list
_END: Final = datetime.max.replace(tzinfo=UTC)


async def add(services: Services, user: str, person: str, kind: Relation) -> None:
    """Put `person` on that list of `user`. Raises `invalid` for oneself, `person_not_found`, `list_full`."""
    if person == user:
        raise MadangError("invalid", fields={"person": faults.NOT_YOURSELF})
    await services.db.transaction(_add, user, person, kind)


async def remove(services: Services, user: str, person: str, kind: Relation) -> None:
    """Take `person` off that list."""
    await services.db.transaction(_remove, user, person, kind)


async def listed(services: Services, user: str, kind: Relation, query: RelationsQuery) -> Relations:
    """A page of a list; who is hidden or blocked is left out of friends and favourites."""
    before = unseal(query.cursor, _Key) if query.cursor else _Key()
    rows = await services.db.read(_listed, user, kind, before, query.limit + 1)
    page = cut(rows, query.limit, lambda row: _Key(row["since"], UUID(row["id"])))
    return Relations(
        people=[
            Related(
                id=row["id"],
                nickname=row["nickname"],
                bot=row["bot"],
                avatar=row["avatar"],
                status=row["status"],
                since=ms_of(row["since"]),
                favourite=row["favourite"],
            )
            for row in page.rows
        ],
        next=page.next,
    )


async def refuse_blocked(connection: Connection, user: str, person: str) -> None:
    """Raise why `user` may not speak to `person`: `blocked_by_me`, or `blocked`. Until the transaction ends neither
    can block the other."""
    await connection.execute(queries.SHARE_PEOPLE, [user, person])
    blockers = {row["user_id"] for row in await connection.fetch(queries.BLOCKS, user, person)}
    if user in blockers:
        raise MadangError("blocked_by_me")
    if person in blockers:
        raise MadangError("blocked")


class _Key(Struct, array_like=True):
    """Where a page of a list ended."""

    since: Annotated[datetime, Meta(tz=True)] = _END
    person: UUID = LAST


async def _add(connection: Connection, user: str, person: str, kind: Relation) -> None:
    await connection.execute(queries.LOCK_PERSON, user)
    if not await connection.fetchval(queries.EXISTS, person):
        raise MadangError("person_not_found")
    if not await connection.fetchval(queries.ADD, user, person, kind):
        return
    if await connection.fetchval(queries.COUNT, user, kind) > MOST:
        raise MadangError("list_full")
    await _announce(connection, user, person, kind, "added")


async def _remove(connection: Connection, user: str, person: str, kind: Relation) -> None:
    await connection.execute(queries.LOCK_PERSON, user)
    if await connection.fetchval(queries.REMOVE, user, person, kind):
        await _announce(connection, user, person, kind, "removed")


async def _announce(
    connection: Connection, user: str, person: str, kind: Relation, change: Literal["added", "removed"]
) -> None:
    room: str | None = None
    if kind == "blocked":
        room = await connection.fetchval(queries.DIRECT_ROOM, user, person)
    await announce(
        connection, feed.RelationChanged(user=user, other=person, kind=kind, change=change, room=room)
    )


async def _listed(connection: Connection, user: str, kind: Relation, before: _Key, most: int) -> list[Any]:
    statement = queries.FRIENDS if kind in {"friend", "favourite"} else queries.PUT_AWAY
    return await connection.fetch(statement, user, kind, before.since, before.person, most)
