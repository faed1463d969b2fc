"""Coming in and going out.

Whoever changes a room's members locks the room's row first. That keeps the count true and the capacity unbroken, and it
puts the room's news in the order in which they happened (`relay.py`).

A newcomer starts with everything read: what was said before is history, not unread. How far that is, the room log says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from common import feed
from common.errors import MadangError
from common.postgres import Connection
from common.roomlog.log import Log
from common.units import MINUTES
from control import faults
from control.outbox import announce
from control.ratelimit import Rate
from control.rooms import queries
from control.rooms.reading import room_for
from control.rooms.views import MADE, Role, Room
from control.services import Services

_GUESSES: Final = Rate(10, per=10 * MINUTES)  # of one room's password by one person

Door = Any  # the record of queries.DOOR


async def join(services: Services, user: str, room: str, password: str | None) -> Room:
    """Come in by the list. For who is in already nothing changes.

    Raises `room_not_found`, `banned`, `room_not_joinable`, `room_password_wrong`, `rate_limited`, `room_full`.
    """
    door = await services.db.read(_door, user, room)
    key = await _unlock(services, user, room, password, door["password_hash"]) if _is_locked(door) else None
    _admit(door, ByList(key))  # most refusals need no lock, and nothing of the room log
    return await come_in(services, user, room, ByList(key))


async def join_by_code(services: Services, user: str, code: str) -> Room:
    """Come in by the code that a member passed on; it opens every group and call. Raises `room_code_wrong`, and as `join`."""
    room = await services.db.read(_room_of, code.upper())
    if room is None:
        raise MadangError("room_code_wrong")
    return await come_in(services, user, room, ByCode(code.upper()))


async def leave(services: Services, user: str, room: str) -> None:
    """Go out; for who is not in, nothing changes.

    An owner's room passes to the moderator, else the member, who has been in it longest; a call to whoever has, moderator or
    not. Who was deleted or suspended comes after those who were not, and a bot last. The last to go out of a room archives it.
    A direct room is kept even when it is empty: to open it again brings both back.
    """
    await services.db.transaction(_leave, user, room)


async def leave_by_choice(services: Services, user: str, room: str) -> None:
    """As `leave`, for somebody who stays with us. Raises `room_of_class` for the mentor of a class: its room is his."""
    await services.db.transaction(_leave_by_choice, user, room)


async def add_members(
    connection: Connection, room: str, people: Sequence[str], *, role: Role, last_read: int
) -> None:
    """Those of `people` who are not members become some, and it is announced. The room's row is locked, or new."""
    added = {
        row["user_id"] for row in await connection.fetch(queries.ADD_MEMBERS, room, people, role, last_read)
    }
    if not added:
        return
    await connection.execute(queries.COUNT_MEMBERS, room, len(added))
    names = await nicknames(connection, people)
    changes = [
        feed.MemberChanged(room=room, user=person, name=names[person], change="joined")
        for person in people
        if person in added
    ]
    await announce(connection, *changes)


async def nicknames(connection: Connection, people: Sequence[str]) -> dict[str, str]:
    """The nicknames of those of `people` who exist."""
    return {row["id"]: row["nickname"] for row in await connection.fetch(queries.NICKNAMES, people)}


async def require_people(connection: Connection, people: Sequence[str]) -> None:
    """Raise `person_not_found` unless every one of `people`, each named once, has an account that is not deleted."""
    if await connection.fetchval(queries.COUNT_PRESENT, people) < len(people):
        raise MadangError("person_not_found")


async def spoken(services: Services, room: str) -> int:
    """How many messages the room has had: the mseq of its last event."""
    heads = await Log(services.mongo).heads([room])
    return heads[room][1]


async def _door(connection: Connection, user: str, room: str) -> Door:
    door = await connection.fetchrow(queries.DOOR, room, user)
    if door is None:
        raise MadangError("room_not_found")
    return door


def _is_locked(door: Door) -> bool:
    """Whether a password stands between this person and the room."""
    return door["visibility"] == "secret" and not door["is_member"] and not door["is_banned"]


async def _unlock(services: Services, user: str, room: str, password: str | None, stored: str) -> str:
    """The password's hash, once `password` proved to be what it was made of."""
    if password is None:
        raise MadangError("room_password_wrong", fields={"password": faults.REQUIRED})
    await services.limits.take((f"room-password:{room}:{user}", _GUESSES))
    if not await services.passwords.matches(password, stored):
        raise MadangError("room_password_wrong")
    return stored


async def _room_of(connection: Connection, code: str) -> str | None:
    room: str | None = await connection.fetchval(queries.ROOM_OF_CODE, code)
    return room


class ByList(NamedTuple):
    """In by the public list; `key` is the hash of the password that was given, where one is needed."""

    key: str | None


class ByCode(NamedTuple):
    """In by the room's code."""

    code: str


class ByInvitation(NamedTuple):
    """In by an invitation, by its id."""

    invitation: str


class ByLink(NamedTuple):
    """In by a link, by its code."""

    code: str


Way = ByList | ByCode | ByInvitation | ByLink


async def come_in(services: Services, user: str, room: str, way: Way) -> Room:
    """Join `room` that way, if it still leads there once the room's row is locked. Raises as the way does, and `banned`,
    `room_full`, `room_not_joinable`."""
    last_read = await spoken(services, room)
    async with services.turns.of(room):  # a crowd at one door keeps nobody from the others
        return await services.db.transaction(join_within, user, room, last_read, way)


async def join_within(connection: Connection, user: str, room: str, last_read: int, way: Way) -> Room:
    """The same in a transaction of the caller's, who knows that the room has had `last_read` messages."""
    await connection.execute(queries.LOCK_ROOM, room)
    door = await _door(connection, user, room)
    if not door["is_member"]:
        await _still_leads_here(connection, user, room, way)
        _admit(door, way)
        if isinstance(way, ByLink):
            await connection.execute(queries.USE_LINK, way.code)
        await add_members(connection, room, [user], role="member", last_read=last_read)
    return await room_for(connection, user, room)


async def _still_leads_here(connection: Connection, user: str, room: str, way: Way) -> None:
    """Raise why `way` does not lead into `room` any more: it was changed, withdrawn or used up a moment ago."""
    match way:
        case ByCode(code):
            if await connection.fetchval(queries.ROOM_OF_CODE, code) != room:
                raise MadangError("room_code_wrong")
        case ByInvitation(invitation):
            if await connection.fetchval(queries.INVITATION, invitation, user) != room:
                raise MadangError("invitation_not_found")
        case ByLink(code):
            await room_of_link(connection, code)
        case ByList():
            pass


async def room_of_link(connection: Connection, code: str) -> str:
    """Where a link leads. Raises `link_not_found`, `link_expired`, `link_used_up`."""
    link = await connection.fetchrow(queries.LINK, code)
    if link is None:
        raise MadangError("link_not_found")
    if not link["is_live"]:
        raise MadangError("link_expired")
    if not link["has_uses"]:
        raise MadangError("link_used_up")
    room: str = link["room_id"]
    return room


def _admit(door: Door, way: Way) -> None:
    """Raise why this person may not come in, if not in already."""
    if door["is_member"]:
        return
    if door["is_banned"]:
        raise MadangError("banned")
    if door["kind"] not in MADE or (door["visibility"] == "private" and isinstance(way, ByList)):
        raise MadangError("room_not_joinable")
    if door["visibility"] == "secret" and isinstance(way, ByList) and door["password_hash"] != way.key:
        raise MadangError("room_password_wrong")  # it was changed, or he left, a moment ago
    if door["is_full"]:
        raise MadangError("room_full")


async def _leave_by_choice(connection: Connection, user: str, room: str) -> None:
    if await connection.fetchval(queries.IS_MENTOR_HERE, room, user):
        raise MadangError("room_of_class")
    await _leave(connection, user, room)


async def _leave(connection: Connection, user: str, room: str) -> None:
    kind = await connection.fetchval(queries.LOCK_ROOM, room)
    left = await remove_member(connection, room, user)
    if left is None:
        return
    names = await nicknames(connection, [user])
    changes: list[feed.AnyChange] = [
        feed.MemberChanged(room=room, user=user, name=names[user], change="left")
    ]
    if left.members == 0 and kind != "direct":
        await archive(connection, room)
        changes.append(feed.RoomChanged(room=room))
    elif left.role == "owner":
        heir: str = await connection.fetchval(queries.NEXT_OWNER, room)
        name: str = await connection.fetchval(queries.NICKNAME, heir)
        changes.append(feed.MemberChanged(room=room, user=heir, name=name, change="role", role="owner"))
    await announce(connection, *changes)


class Left(NamedTuple):
    """The role of a member who is none any more, and how many are left."""

    role: Role
    members: int


async def remove_member(connection: Connection, room: str, user: str) -> Left | None:
    """`user` is no member any more, nor invited, nor are those whom he invited; None when he was none. The room's row is
    locked; the news is the caller's to tell."""
    role: Role | None = await connection.fetchval(queries.REMOVE_MEMBER, room, user)
    if role is None:
        return None
    members: int = await connection.fetchval(queries.COUNT_MEMBERS, room, -1)
    await connection.execute(queries.FORGET_INVITATIONS, room, user)
    return Left(role, members)


async def archive(connection: Connection, room: str) -> None:
    """The room is no more: for nobody to see, join or be asked into; kept for the log's sake. Its row is locked."""
    await connection.execute(queries.ARCHIVE_ROOM, room)
    await connection.execute(queries.FORGET_ALL_INVITATIONS, room)
    await connection.execute(queries.FORGET_LINKS, room)
