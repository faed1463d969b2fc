"""What is shown of rooms: one of them, my own, and who is in one. Nothing is changed here.

Every list is one statement of PostgreSQL; my rooms ask the room log once more, for all of them together, and Redis once
for who of the faces is here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from common.clock import ms_of
from common.errors import MadangError, StoreUnavailable
from common.limits import INTIMATE
from common.postgres import Connection
from common.presence import Here, who_is_here
from common.protocol import PresenceState
from common.redis import Redis
from control.cursor import LAST, cut, unseal
from control.rooms import queries
from control.rooms.latest import Latest, latest
from control.rooms.views import (
    Face,
    LastMessage,
    Membership,
    MembersQuery,
    MineQuery,
    MyRoom,
    MyRooms,
    Room,
    RoomMember,
    RoomMembers,
)
from control.services import Services

Row = Any  # asyncpg's record


async def one(services: Services, user: str, room: str) -> Room:
    """The room as `user` may see it. Raises `room_not_found`, also for a private room that is not his."""
    found = await services.db.read(room_for, user, room)
    if found.membership is None and found.visibility == "private":
        raise MadangError("room_not_found")
    return found


async def room_for(connection: Connection, user: str, room: str) -> Room:
    """The room as a member sees it if `user` is one, and otherwise without what is for members. Raises `room_not_found`."""
    row = await connection.fetchrow(queries.ROOM, room, user)
    if row is None:
        raise MadangError("room_not_found")
    is_member = row["role"] is not None
    return Room(
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        title_en=row["title_en"],
        description=row["description"],
        category=row["category"],
        tags=row["tags"],
        image=row["image"],
        capacity=row["capacity"],
        member_count=row["member_count"],
        visibility=row["visibility"],
        history=row["history"],
        slow_mode=row["slow_mode"],
        created_at=ms_of(row["created_at"]),
        join_code=row["join_code"] if is_member else None,
        membership=_membership(row) if is_member else None,
    )


def _membership(row: Row) -> Membership:
    return Membership(
        role=row["role"],
        joined_at=ms_of(row["joined_at"]),
        muted_until=ms_of(row["muted_until"]) if row["muted_until"] else None,
        last_read=row["last_read"],
        notifications=row["notifications"],
    )


async def mine(services: Services, user: str, query: MineQuery) -> MyRooms:
    """A page of the rooms that `user` is in, with what was said last and how much of it is unread."""
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    rows = await services.db.read(_mine, user, before, query.limit + 1)
    page = cut(rows, query.limit, lambda row: row["id"])
    shunned = rows[0]["shunned"] if rows else ()
    said = await latest(services.mongo, user, {row["id"]: row["last_read"] for row in page.rows}, shunned)
    here = await _here(services.redis, page.rows)
    rooms = [_my_room(row, user, said, here) for row in page.rows]
    rooms.sort(key=_stirred_at, reverse=True)
    return MyRooms(rooms, next=page.next)


async def _mine(connection: Connection, user: str, before: UUID, most: int) -> list[Row]:
    return await connection.fetch(queries.MINE, user, before, most)


async def _here(redis: Redis, page: list[Row]) -> dict[str, Here] | None:
    """Who is here of the faces that may be known of; None when that cannot be known now: the rooms are shown all the same."""
    known = {face for row in page for face in row["face_known"] if face is not None}
    try:
        return await who_is_here(redis, sorted(known))
    except StoreUnavailable:
        return None


def _my_room(row: Row, user: str, said: Latest, here: dict[str, Here] | None) -> MyRoom:
    membership = _membership(row)
    last = said.messages.get(row["id"])
    if last is not None and row["history"] == "joined" and last.at < membership.joined_at:
        last = None  # said before this member came
    return MyRoom(
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        title_en=row["title_en"],
        category=row["category"],
        image=row["image"],
        visibility=row["visibility"],
        capacity=row["capacity"],
        member_count=row["member_count"],
        membership=membership,
        unread=(unread := _unread(last, membership.last_read, user)),
        mentions=said.mentions.get(row["id"], 0) if unread else 0,
        last_message=last,
        faces=_faces(row, here),
    )


def _faces(row: Row, here: dict[str, Here] | None) -> list[Face]:
    columns = (
        row[name] for name in ("face_ids", "face_nicknames", "face_kinds", "face_avatars", "face_known")
    )
    return [
        Face(face, nickname, kind == "bot", avatar, _state(known, here))
        for face, nickname, kind, avatar, known in zip(*columns, strict=True)
    ]


def _state(known: str | None, here: dict[str, Here] | None) -> PresenceState | None:
    """Of whom nothing may be known, what would be told of somebody who never came."""
    if known is None:
        return "offline"
    return None if here is None else here.get(known, "offline")


def _unread(last: LastMessage | None, last_read: int, user: str) -> int:
    """How many messages stand after `last_read`. Who spoke last has seen what stood before, written down yet or not."""
    if last is None or last.sender == user:
        return 0
    return max(0, last.mseq - last_read)


def _stirred_at(room: MyRoom) -> int:
    return room.last_message.at if room.last_message else room.membership.joined_at


class _MemberKey(Struct, array_like=True):
    """Where a page of members ended."""

    joined_at: Annotated[datetime, Meta(tz=True)] = datetime.min.replace(tzinfo=UTC)
    user: UUID = UUID(int=0)


async def members(services: Services, user: str, room: str, query: MembersQuery) -> RoomMembers:
    """A page of the members, for a member. Raises `not_a_member`."""
    after = unseal(query.cursor, _MemberKey) if query.cursor else _MemberKey()
    rows = await services.db.read(_members, user, room, after, query.limit + 1)
    if not rows:
        raise MadangError("not_a_member")
    page = cut(
        [row for row in rows if row["id"] is not None],
        query.limit,
        lambda row: _MemberKey(row["joined_at"], UUID(row["id"])),
    )
    return RoomMembers(
        members=[
            RoomMember(
                id=row["id"],
                nickname=row["nickname"],
                bot=row["bot"],
                avatar=row["avatar"],
                role=row["role"],
                joined_at=ms_of(row["joined_at"]),
                muted_until=ms_of(row["muted_until"]) if row["muted_until"] else None,
                last_read=row["last_read"],
            )
            for row in page.rows
        ],
        next=page.next,
    )


async def _members(connection: Connection, user: str, room: str, after: _MemberKey, most: int) -> list[Row]:
    return await connection.fetch(queries.MEMBERS, room, user, after.joined_at, after.user, most, INTIMATE)
