"""Asking people in: invitations to somebody, and links for whoever has them.

Any member of a group may ask somebody in, and it opens the room whatever its visibility, as its code does. Who was asked
by somebody he blocked is not told, and the one who asked cannot tell. An invitation ends with its time, by declining, when
either of the two goes out of the room, or with the room.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from common import feed
from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from common.units import DAYS
from control.cursor import LAST, cut, unseal
from control.outbox import announce
from control.rooms import queries
from control.rooms.acting import begin
from control.rooms.inviting_views import (
    Invitation,
    Invitations,
    InvitedTo,
    MakeLink,
    RoomLink,
    RoomLinks,
)
from control.rooms.listing import listed_room
from control.rooms.membership import ByInvitation, ByLink, come_in, nicknames, require_people, room_of_link
from control.rooms.ranks import require
from control.rooms.views import MADE, ListedRoom, PageQuery, Room, Somebody
from control.services import Services

_LASTS: Final = timedelta(seconds=14 * DAYS)
MOST_LINKS: Final = 20  # of a room


async def invite(services: Services, by: str, room: str, people: Sequence[str]) -> None:
    """Ask `people` in. Who is in already, or was asked by `by` before, is asked no second time.

    Raises `room_not_joinable`, `person_not_found`, `person_banned`, and as `acting.begin`.
    """
    expires_at = from_ms(services.clock()) + _LASTS
    await services.db.transaction(_invite, by, room, list(dict.fromkeys(people)), expires_at)


async def invitations(services: Services, user: str, query: PageQuery) -> Invitations:
    """A page of the invitations that `user` may accept."""
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    rows = await services.db.read(_invitations, user, before, query.limit + 1)
    page = cut(rows, query.limit, lambda row: row["id"])
    return Invitations(
        invitations=[
            Invitation(
                id=row["id"],
                room=InvitedTo(
                    id=row["room"],
                    title=row["title"],
                    description=row["description"],
                    image=row["image"],
                    member_count=row["member_count"],
                    capacity=row["capacity"],
                    visibility=row["visibility"],
                ),
                by=Somebody(row["by"], row["by_nickname"], avatar=row["by_avatar"]),
                invited_at=ms_of(row["invited_at"]),
                expires_at=ms_of(row["expires_at"]),
            )
            for row in page.rows
        ],
        next=page.next,
    )


async def accept(services: Services, user: str, invitation: str) -> Room:
    """Come in. To accept again changes nothing. Raises `invitation_not_found`, and as `membership.come_in`."""
    room = await services.db.read(_room_of_invitation, invitation, user)
    if room is None:
        raise MadangError("invitation_not_found")
    return await come_in(services, user, room, ByInvitation(invitation))


async def decline(services: Services, user: str, invitation: str) -> None:
    """Not come in. Who asked is not told."""
    await services.db.transaction(_decline, user, invitation)


async def make_link(services: Services, by: str, room: str, wanted: MakeLink) -> RoomLink:
    """A new link. Raises `list_full`, `room_not_joinable`, and as `acting.begin`."""
    expires_at = from_ms(services.clock()) + timedelta(seconds=wanted.expires_in)
    return await services.db.transaction(_make_link, by, room, expires_at, wanted.max_uses)


async def links(services: Services, user: str, room: str) -> RoomLinks:
    """The links of a room. Raises `not_a_member`, `not_a_moderator`."""
    rows = await services.db.read(_links, user, room)
    require(rows[0]["my_role"] if rows else None, "make_link")
    return RoomLinks([_link(row) for row in rows if row["id"] is not None])


async def remove_link(services: Services, by: str, room: str, link: str) -> None:
    """The link leads nowhere from now on. Raises as `acting.begin`."""
    await services.db.transaction(_remove_link, by, room, link)


async def linked_room(services: Services, user: str, code: str) -> ListedRoom:
    """What the list would show of the room that a link leads to. Raises `link_not_found`, `link_expired`, `link_used_up`."""
    return await services.db.transaction(_linked_room, user, code)


async def join_by_link(services: Services, user: str, code: str) -> Room:
    """Come in by a link. Who is in already uses none of it up. Raises `link_not_found`, `link_expired`, `link_used_up`,
    and as `membership.come_in`."""
    room = await services.db.read(room_of_link, code)
    return await come_in(services, user, room, ByLink(code))


async def _invite(
    connection: Connection, by: str, room: str, people: list[str], expires_at: datetime
) -> None:
    scene = await begin(connection, room, by, "invite")
    if scene.kind not in MADE:
        raise MadangError("room_not_joinable")
    await require_people(connection, people)
    if await connection.fetch(queries.BANNED_AMONG, room, people):
        raise MadangError("person_banned")
    asked = await connection.fetch(queries.INVITE, room, by, people, expires_at)
    said: Any = await connection.fetchrow(queries.TITLE_AND_NICKNAME, room, by)
    changes = [
        feed.Invited(
            invitation=row["id"],
            room=room,
            title=said["title"],
            user=row["user_id"],
            by=by,
            name=said["nickname"],
        )
        for row in asked
    ]
    await announce(connection, *changes)


async def _invitations(connection: Connection, user: str, before: UUID, most: int) -> list[Any]:
    return await connection.fetch(queries.INVITATIONS, user, before, most)


async def _room_of_invitation(connection: Connection, invitation: str, user: str) -> str | None:
    room: str | None = await connection.fetchval(queries.INVITATION, invitation, user)
    return room


async def _decline(connection: Connection, user: str, invitation: str) -> None:
    await connection.execute(queries.DECLINE, invitation, user)


async def _make_link(
    connection: Connection, by: str, room: str, expires_at: datetime, max_uses: int | None
) -> RoomLink:
    scene = await begin(connection, room, by, "make_link")
    if scene.kind not in MADE:
        raise MadangError("room_not_joinable")
    if await connection.fetchval(queries.COUNT_LINKS, room) >= MOST_LINKS:
        raise MadangError("list_full")
    code = secrets.token_urlsafe(16)
    made: Any = await connection.fetchrow(queries.ADD_LINK, room, code, by, expires_at, max_uses)
    await scene.note("link.made", link=made["id"], expires_at=ms_of(expires_at), max_uses=max_uses)
    names = await nicknames(connection, [by])
    return RoomLink(
        id=made["id"],
        code=code,
        by=Somebody(by, names[by]),
        made_at=ms_of(made["made_at"]),
        expires_at=ms_of(expires_at),
        uses=0,
        max_uses=max_uses,
    )


async def _links(connection: Connection, user: str, room: str) -> list[Any]:
    return await connection.fetch(queries.LINKS, room, user, MOST_LINKS)


def _link(row: Any) -> RoomLink:
    return RoomLink(
        id=row["id"],
        code=row["code"],
        by=Somebody(row["by"], row["by_nickname"]),
        made_at=ms_of(row["made_at"]),
        expires_at=ms_of(row["expires_at"]),
        uses=row["uses"],
        max_uses=row["max_uses"],
    )


async def _remove_link(connection: Connection, by: str, room: str, link: str) -> None:
    scene = await begin(connection, room, by, "make_link")
    if await connection.fetchval(queries.REMOVE_LINK, room, link):
        await scene.note("link.removed", link=link)


async def _linked_room(connection: Connection, user: str, code: str) -> ListedRoom:
    room = await room_of_link(connection, code)
    return listed_room(await connection.fetchrow(queries.LINKED_ROOM, user, room))
