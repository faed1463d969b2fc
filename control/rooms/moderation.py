"""Keeping order among members: kick, ban, mute, and who is owner or moderator.

Each act is one transaction with its line in the audit and its news. Doing again what is done changes nothing, is noted
nowhere and told to nobody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from common import feed
from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from common.protocol import MemberChange
from control import faults
from control.cursor import LAST, cut, unseal
from control.outbox import announce
from control.rooms import queries
from control.rooms.acting import Scene, begin
from control.rooms.membership import remove_member
from control.rooms.ranks import require
from control.rooms.views import Ban, BanList, Bans, PageQuery, Role, Somebody
from control.services import Services
from control.words import paragraphs

_END: Final = datetime.max.replace(tzinfo=UTC)


async def kick(services: Services, by: str, room: str, person: str) -> None:
    """Put `person` out; the door stays open to him. Raises as `acting.begin`."""
    await services.db.transaction(_kick, by, room, person)


async def ban(services: Services, by: str, room: str, person: str, wanted: Ban) -> None:
    """Put `person` out, if he is in, and keep him out until then. Raises `invalid`, and as `acting.begin`."""
    _to_come(services, wanted.until)
    wanted = Ban(reason=paragraphs("reason", wanted.reason), until=wanted.until)
    await services.db.transaction(_ban, by, room, person, wanted)


async def unban(services: Services, by: str, room: str, person: str) -> None:
    """Let `person` in again. Raises as `acting.begin`."""
    await services.db.transaction(_unban, by, room, person)


async def bans(services: Services, user: str, room: str, query: PageQuery) -> BanList:
    """A page of who is kept out, the newest first. Raises `not_a_member`, `not_a_moderator`."""
    before = unseal(query.cursor, _Key) if query.cursor else _Key()
    rows = await services.db.read(_bans, user, room, before, query.limit + 1)
    require(rows[0]["my_role"] if rows else None, "read_bans")
    page = cut(
        [row for row in rows if row["id"] is not None],
        query.limit,
        lambda row: _Key(row["banned_at"], UUID(row["id"])),
    )
    return BanList(
        bans=[
            Bans(
                person=Somebody(row["id"], row["nickname"], row["bot"], row["avatar"]),
                by=Somebody(row["by"], row["by_nickname"]),
                reason=row["reason"],
                banned_at=ms_of(row["banned_at"]),
                until=ms_of(row["until"]) if row["until"] else None,
            )
            for row in page.rows
        ],
        next=page.next,
    )


async def mute(services: Services, by: str, room: str, person: str, until_ms: int) -> None:
    """Let `person` listen and not speak until then. Raises `invalid`, `person_not_in_room`, and as `acting.begin`."""
    _to_come(services, until_ms)
    await services.db.transaction(_mute, by, room, person, from_ms(until_ms))


async def unmute(services: Services, by: str, room: str, person: str) -> None:
    """Let `person` speak again. Raises as `acting.begin`."""
    await services.db.transaction(_mute, by, room, person, None)


async def set_role(services: Services, by: str, room: str, person: str, role: Role) -> None:
    """Make `person` a moderator or a plain member; or the owner, and then `by` is a moderator.

    Raises `person_not_in_room`, and as `acting.begin`.
    """
    await services.db.transaction(_pass_on if role == "owner" else _set_role, by, room, person, role)


class _Key(Struct, array_like=True):
    """Where a page of bans ended."""

    banned_at: Annotated[datetime, Meta(tz=True)] = _END
    person: UUID = LAST


def _to_come(services: Services, until_ms: int | None) -> None:
    if until_ms is not None and until_ms <= services.clock():
        raise MadangError("invalid", fields={"until": faults.NOT_TO_COME})


async def _kick(connection: Connection, by: str, room: str, person: str) -> None:
    scene = await begin(connection, room, by, "kick", person)
    if scene.their_role is None:
        return
    await remove_member(connection, room, person)
    await scene.note("member.kicked")
    await announce(connection, _news(scene, "kicked"))


async def _ban(connection: Connection, by: str, room: str, person: str, wanted: Ban) -> None:
    scene = await begin(connection, room, by, "ban", person)
    until = None if wanted.until is None else from_ms(wanted.until)
    is_new = await connection.fetchval(queries.BAN, room, person, by, wanted.reason, until)
    if not is_new and scene.their_role is None:
        return
    if scene.their_role is None:
        await connection.execute(queries.FORGET_INVITATIONS, room, person)
    else:
        await remove_member(connection, room, person)
    await scene.note("member.banned", reason=wanted.reason, until=wanted.until)
    await announce(connection, _news(scene, "banned", until=wanted.until))


async def _unban(connection: Connection, by: str, room: str, person: str) -> None:
    scene = await begin(connection, room, by, "unban", person)
    if await connection.fetchval(queries.UNBAN, room, person):
        await scene.note("member.unbanned")
        await announce(connection, _news(scene, "unbanned"))


async def _bans(connection: Connection, user: str, room: str, before: _Key, most: int) -> list[Any]:
    return await connection.fetch(queries.BANS, room, user, before.banned_at, before.person, most)


async def _mute(connection: Connection, by: str, room: str, person: str, until: datetime | None) -> None:
    scene = await begin(connection, room, by, "mute", person)
    if scene.their_role is None and until is not None:
        raise MadangError("person_not_in_room")
    if not await connection.fetchval(queries.MUTE, room, person, until):
        return
    if until is None:
        await scene.note("member.unmuted")
        await announce(connection, _news(scene, "unmuted"))
    else:
        await scene.note("member.muted", until=ms_of(until))
        await announce(connection, _news(scene, "muted", until=ms_of(until)))


async def _set_role(connection: Connection, by: str, room: str, person: str, role: Role) -> None:
    scene = await begin(connection, room, by, "set_role", person)
    if scene.their_role is None:
        raise MadangError("person_not_in_room")
    if scene.their_role == role:
        return
    await connection.execute(queries.SET_ROLE, room, person, role)
    await scene.note("role.changed", role=role)
    await announce(connection, _news(scene, "role", role=role))


async def _pass_on(connection: Connection, by: str, room: str, person: str, role: Role) -> None:
    await connection.fetchval(queries.LOCK_ROOM, room)
    if await connection.fetchval(queries.WAS_PASSED, room, by, person):
        return  # said twice
    scene = await begin(connection, room, by, "pass_on", person)
    if scene.their_role is None:
        raise MadangError("person_not_in_room")
    # First: a room has one owner at any moment.
    await connection.execute(queries.SET_ROLE, room, by, "moderator")
    await connection.execute(queries.SET_ROLE, room, person, role)
    await scene.note("owner.passed")
    name: str = await connection.fetchval(queries.NICKNAME, by)
    former = feed.MemberChanged(room=room, user=by, name=name, change="role", role="moderator", by=by)
    await announce(connection, former, _news(scene, "role", role=role))


def _news(
    scene: Scene, change: MemberChange, *, role: Role | None = None, until: int | None = None
) -> feed.MemberChanged:
    assert scene.person is not None  # noqa: S101 - all acts of this module are done to somebody
    return feed.MemberChanged(
        room=scene.room,
        user=scene.person,
        name=scene.name,
        change=change,
        role=role,
        until=until,
        by=scene.by,
    )
