"""One act in a room: the room's row locked, who acts and upon whom looked up behind the lock, and what was done noted.

The lock is what makes two moderators take turns: the second one sees what the first one did, and is judged by the role
he has then.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from common.errors import MadangError
from common.postgres import Connection
from control import faults
from control.rooms import queries
from control.rooms.ranks import FIXED_IN_CLASSES, Act, require, require_above
from control.rooms.views import Kind, Role


class Scene(NamedTuple):
    """Who acts, and upon whom, as it was when the lock was taken."""

    connection: Connection
    room: str
    kind: Kind
    by: str
    role: Role
    person: str | None
    name: str  # the person's nickname, '' without one
    their_role: Role | None  # None: not a member

    async def note(self, act: str, **detail: Any) -> None:
        """Write into the room's audit what was done."""
        text = msgspec.json.encode(detail).decode()
        await self.connection.execute(queries.NOTE, self.room, self.by, act, self.person, text)


async def begin(
    connection: Connection,
    room: str,
    by: str,
    act: Act,
    person: str | None = None,
    *,
    upon_self: bool = False,
) -> Scene:
    """Lock the room and see whether `by` may do `act`, to `person` if it is done to anybody.

    Raises `invalid` for oneself unless `upon_self`, `room_not_found`, `not_a_member`, `not_a_moderator`,
    `not_the_owner`, `person_not_found`, `above_you`, and `room_of_class` for what is the class's to decide.
    """
    if person == by and not upon_self:
        raise MadangError("invalid", fields={"person": faults.NOT_YOURSELF})
    kind: Kind | None = await connection.fetchval(queries.LOCK_ROOM, room)
    if kind is None:
        raise MadangError("room_not_found")
    row: Any = await connection.fetchrow(queries.ROLES, room, by, person)
    require(row["role"], act)
    if kind == "class" and act in FIXED_IN_CLASSES:
        raise MadangError("room_of_class")
    if person is not None:
        if row["name"] is None:
            raise MadangError("person_not_found")
        if person != by:
            require_above(row["role"], row["their_role"])
    return Scene(connection, room, kind, by, row["role"], person, row["name"] or "", row["their_role"])
