"""New rooms: a group or a call of one's own, and the one direct room of two people."""

from __future__ import annotations

from functools import partial
from typing import Final

from common.errors import MadangError
from common.postgres import Connection
from control import faults
from control.once import Once
from control.people.relations import refuse_blocked
from control.rooms import queries
from control.rooms.changing import WORDS, new_code, require_image
from control.rooms.membership import add_members, require_people, spoken
from control.rooms.reading import room_for
from control.rooms.views import CreateRoom, Made, Room
from control.services import Services
from control.words import fields_of, tidied

_CAPACITY: Final[dict[Made, int]] = {"group": 300, "call": 4}  # in a mesh everybody sends to everybody


async def create(services: Services, owner: str, wanted: CreateRoom) -> Room:
    """Make a room with `owner` in it. Raises `invalid`, `category_unknown`, `upload_not_found`, `reference_reused`,
    `room_not_found`."""
    once = Once.of(services, owner, wanted)
    wanted = tidy(services, wanted)
    password_hash = await services.passwords.hash(wanted.password) if wanted.password else None
    return await services.db.transaction(_create, once, wanted, password_hash)


def tidy(services: Services, wanted: CreateRoom) -> CreateRoom:
    """`wanted` in the one form we keep. Raises `invalid`, `category_unknown`."""

    def fitting(password: str | None) -> str | None:
        if wanted.visibility == "secret" and password is None:
            raise MadangError("invalid", fields={"password": faults.ROOM_NEEDS_KEY})
        if wanted.visibility != "secret" and password is not None:
            raise MadangError("invalid", fields={"password": faults.ROOM_HAS_NO_KEY})
        return password

    asked = tidied(fields_of(wanted), {**WORDS, "category": services.categories.one, "password": fitting})
    return CreateRoom(**asked | {"capacity": wanted.capacity or _CAPACITY[wanted.kind]})


async def open_direct(services: Services, user: str, person: str) -> Room:
    """The one direct room of the two, made if there was none; both are in it, also who had left.

    Raises `invalid` for oneself, `person_not_found`, and `blocked` or `blocked_by_me` where one blocked the other.
    """
    if person == user:
        raise MadangError("invalid", fields={"person": faults.NOT_YOURSELF})
    before = await services.db.read(_direct, user, person)
    last_read = await spoken(services, before) if before else 0
    return await services.db.transaction(_open_direct, user, person, last_read)


async def _create(connection: Connection, once: Once, wanted: CreateRoom, password_hash: str | None) -> Room:
    room = await once.made(connection, partial(_add, connection, once.by, wanted, password_hash))
    return await room_for(connection, once.by, room)


async def _add(connection: Connection, owner: str, wanted: CreateRoom, password_hash: str | None) -> str:
    await require_image(connection, owner, wanted.image)
    room: str | None = None
    while room is None:  # until the code is one that no other room has
        room = await connection.fetchval(
            queries.ADD_ROOM,
            wanted.kind,
            wanted.title,
            wanted.description,
            wanted.category,
            wanted.tags,
            wanted.capacity,
            wanted.visibility,
            password_hash,
            wanted.history,
            wanted.image,
            new_code(),
        )
    await add_members(connection, room, [owner], role="owner", last_read=0)
    return room


async def _direct(connection: Connection, user: str, person: str) -> str | None:
    room: str | None = await connection.fetchval(queries.DIRECT_ROOM, user, person)
    return room


async def _open_direct(connection: Connection, user: str, person: str, last_read: int) -> Room:
    pair = [user, person]
    await require_people(connection, pair)
    await refuse_blocked(connection, user, person)
    await connection.execute(queries.ADD_DIRECT_ROOM, *pair)
    room: str = await connection.fetchval(queries.LOCK_DIRECT_ROOM, *pair)
    await add_members(connection, room, pair, role="member", last_read=last_read)
    return await room_for(connection, user, room)
