"""What a room is, changed; its code drawn anew; the room closed for good; and what one member hears of it."""

from __future__ import annotations

import secrets
import string
from functools import partial
from typing import Any, Final

from common import feed
from common.errors import ERRORS, MadangError
from common.postgres import Connection
from control import faults
from control.outbox import announce
from control.rooms import queries
from control.rooms.acting import begin
from control.rooms.membership import archive as close_room
from control.rooms.ranks import Act
from control.rooms.reading import room_for
from control.rooms.views import MADE, ChangeRoom, Notifications, Room
from control.services import Services
from control.words import Fields, Rules, fields_of, line, paragraphs, tags, tidied

_CODE: Final = string.digits + string.ascii_uppercase  # six of these: two thousand million
_DOOR: Final = frozenset({"capacity", "visibility", "password", "history"})  # the owner's alone to change
WORDS: Final[Rules] = {
    "title": partial(line, "title"),
    "description": partial(paragraphs, "description"),
    "tags": partial(tags, "tags"),
}


async def change(services: Services, by: str, room: str, wanted: ChangeRoom) -> Room:
    """Change what `wanted` names. What is so already is no change, and nobody hears of it.

    Raises `invalid`, `category_unknown`, `upload_not_found`, `capacity_below_members`, and as `acting.begin`.
    """
    asked = tidy(wanted)
    password = asked.pop("password", None)
    if password is not None:
        asked["password_hash"] = await services.passwords.hash(password)
    return await services.db.transaction(_change, services, by, room, asked)


def tidy(wanted: ChangeRoom) -> Fields:
    """What `wanted` names, in the one form we keep. Raises `invalid`."""
    return tidied(fields_of(wanted), WORDS)


def new_code() -> str:
    """A code that perhaps no room has."""
    return "".join(secrets.choice(_CODE) for _ in range(6))


async def change_code(services: Services, by: str, room: str) -> Room:
    """Draw the room's code anew; the old one opens nothing from now on. Raises `room_not_joinable` for a room that has
    none, and as `acting.begin`."""
    return await services.db.transaction(_change_code, by, room)


async def archive(services: Services, by: str, room: str) -> None:
    """Close the room for good: nobody is in it any more, nor can be. Raises as `acting.begin`."""
    await services.db.transaction(_archive, by, room)


async def set_notifications(services: Services, user: str, room: str, wanted: Notifications) -> None:
    """Say of what `user` wants to be notified in this room. Raises `not_a_member`."""
    await services.db.transaction(_set_notifications, user, room, wanted)


async def _change(connection: Connection, services: Services, by: str, room: str, asked: Fields) -> Room:
    act: Act = "change_door" if asked.keys() & {*_DOOR, "password_hash"} else "change"
    scene = await begin(connection, room, by, act)
    row: Any = await connection.fetchrow(queries.FIELDS, room)
    before: Fields = dict(row)
    members = before.pop("member_count")
    if asked.get("category") is not None:
        services.categories.chosen([asked["category"]], kept=[before["category"]], field="category")
    after = _settled(before, asked)
    changed = {name: value for name, value in after.items() if value != before[name]}
    if not changed:
        return await room_for(connection, by, room)
    if after["capacity"] < members:
        raise MadangError("capacity_below_members")
    if "image" in changed:
        await require_image(connection, by, after["image"])
    await connection.execute(queries.CHANGE, room, *after.values())
    if "image" in changed and before["image"] is not None:
        await connection.execute(queries.DROP_IMAGE, before["image"])
    is_new_key = changed.pop("password_hash", None) is not None
    await scene.note("room.changed", **changed, **({"password": "changed"} if is_new_key else {}))
    await announce(connection, feed.RoomChanged(room=room, by=by, **changed))
    return await room_for(connection, by, room)


async def require_image(connection: Connection, user: str, image: str | None) -> None:
    """Raise `upload_not_found` unless `image` is one that `user` may give a room, or none."""
    if image is not None and not await connection.fetchval(queries.IMAGE, user, image):
        raise MadangError("upload_not_found", fields={"image": ERRORS["upload_not_found"].en})


def _settled(before: Fields, asked: Fields) -> Fields:
    """The room's fields as they shall be. Raises `invalid` where password and visibility do not go together."""
    after = before | asked
    if after["visibility"] == "secret":
        if after["password_hash"] is None:
            raise MadangError("invalid", fields={"password": faults.ROOM_NEEDS_KEY})
    elif "password_hash" in asked:
        raise MadangError("invalid", fields={"password": faults.ROOM_HAS_NO_KEY})
    else:
        after["password_hash"] = None
    return after


async def _change_code(connection: Connection, by: str, room: str) -> Room:
    scene = await begin(connection, room, by, "change_code")
    if scene.kind not in MADE:
        raise MadangError("room_not_joinable")
    while not await connection.fetchval(queries.CHANGE_CODE, room, new_code()):
        pass  # until the code is one that no other room has
    await scene.note("code.changed")
    return await room_for(connection, by, room)


async def _archive(connection: Connection, by: str, room: str) -> None:
    gone = await connection.fetchval(queries.LOCK_ROOM, room) is None
    if gone and await connection.fetchval(queries.WAS_ARCHIVED, room, by):
        return  # by the same person: said twice
    scene = await begin(connection, room, by, "archive")
    members = [row["user_id"] for row in await connection.fetch(queries.REMOVE_ALL, room)]
    await close_room(connection, room)
    await scene.note("room.archived")
    await announce(connection, feed.RoomArchived(room=room, members=members, by=by))


async def _set_notifications(connection: Connection, user: str, room: str, wanted: Notifications) -> None:
    if not await connection.fetchval(queries.SET_NOTIFICATIONS, room, user, wanted):
        raise MadangError("not_a_member")
