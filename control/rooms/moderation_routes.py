"""Order in rooms over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import HOURS, MINUTES
from control.operations import Call, Operations, Rate
from control.rooms import auditing, changing, moderation
from control.rooms.views import (
    Audit,
    Ban,
    BanList,
    ChangeRoom,
    Mute,
    PageQuery,
    Room,
    SetNotifications,
    SetRole,
)

operations = Operations(
    "moderation",
    "Order in rooms. The owner stands above moderators, they above members; nobody does anything to an equal or to "
    "somebody above. Whatever is done is in the room's audit, and at once in the room.",
)

_ACTS = Rate(120, per=1 * MINUTES)
_MODERATOR = ("room_not_found", "not_a_member", "not_a_moderator")
_OWNER = ("room_not_found", "not_a_member", "not_the_owner")
_TO_SOMEBODY = ("person_not_found", "above_you")


@operations.patch(
    "/api/v1/rooms/{room}",
    permission="room.moderate",
    errors=(
        *_MODERATOR,
        "not_the_owner",
        "room_of_class",
        "category_unknown",
        "upload_not_found",
        "capacity_below_members",
        "overloaded",
    ),
    rate=Rate(60, per=10 * MINUTES),
)
async def change_room(call: Call, room: Uuid, body: ChangeRoom) -> Room:
    """Change a room. Title, description, category, tags, image and slow mode are the moderators' to change; capacity, visibility,
    password and history the owner's. What is left out stays."""
    return await changing.change(call.services, call.person.user, room, body)


@operations.delete(
    "/api/v1/rooms/{room}", permission="room.moderate", errors=(*_OWNER, "room_of_class"), rate=_ACTS
)
async def archive_room(call: Call, room: Uuid) -> None:
    """Close a room for good. Its owner alone may; everybody is out, and nobody comes in again."""
    await changing.archive(call.services, call.person.user, room)


@operations.post(
    "/api/v1/rooms/{room}/code",
    permission="room.moderate",
    errors=(*_MODERATOR, "room_not_joinable"),
    rate=Rate(30, per=1 * HOURS),
)
async def change_room_code(call: Call, room: Uuid) -> Room:
    """Draw the join code anew. The old one opens nothing from now on."""
    return await changing.change_code(call.services, call.person.user, room)


@operations.put(
    "/api/v1/rooms/{room}/notifications", permission="room.read", errors=("not_a_member",), rate=_ACTS
)
async def set_notifications(call: Call, room: Uuid, body: SetNotifications) -> None:
    """Be notified of all messages here, of mentions, or of none."""
    await changing.set_notifications(call.services, call.person.user, room, body.notifications)


@operations.put(
    "/api/v1/rooms/{room}/members/{person}/role",
    permission="room.moderate",
    errors=(*_OWNER, *_TO_SOMEBODY, "room_of_class", "person_not_in_room"),
    rate=_ACTS,
)
async def set_role(call: Call, room: Uuid, person: Uuid, body: SetRole) -> None:
    """Make somebody a moderator, or a plain member again; or the owner, and myself a moderator."""
    await moderation.set_role(call.services, call.person.user, room, person, body.role)


@operations.delete(
    "/api/v1/rooms/{room}/members/{person}",
    permission="room.moderate",
    errors=(*_MODERATOR, *_TO_SOMEBODY),
    rate=_ACTS,
)
async def kick_member(call: Call, room: Uuid, person: Uuid) -> None:
    """Put somebody out. He may come in again as others do. Who is not in stays out."""
    await moderation.kick(call.services, call.person.user, room, person)


@operations.get(
    "/api/v1/rooms/{room}/bans", permission="room.moderate", errors=("not_a_member", "not_a_moderator")
)
async def list_bans(call: Call, room: Uuid, query: PageQuery) -> BanList:
    """List who is kept out. For moderators; the newest ban is first."""
    return await moderation.bans(call.services, call.person.user, room, query)


@operations.put(
    "/api/v1/rooms/{room}/bans/{person}",
    permission="room.moderate",
    errors=(*_MODERATOR, *_TO_SOMEBODY),
    rate=_ACTS,
)
async def ban_person(call: Call, room: Uuid, person: Uuid, body: Ban) -> None:
    """Put somebody out and keep him out. Until a time, or for good; also somebody who is not in. A second ban takes the
    place of the first."""
    await moderation.ban(call.services, call.person.user, room, person, body)


@operations.delete(
    "/api/v1/rooms/{room}/bans/{person}",
    permission="room.moderate",
    errors=(*_MODERATOR, *_TO_SOMEBODY),
    rate=_ACTS,
)
async def unban_person(call: Call, room: Uuid, person: Uuid) -> None:
    """Lift a ban. Who is not banned stays so."""
    await moderation.unban(call.services, call.person.user, room, person)


@operations.put(
    "/api/v1/rooms/{room}/mutes/{person}",
    permission="room.moderate",
    errors=(*_MODERATOR, *_TO_SOMEBODY, "person_not_in_room"),
    rate=_ACTS,
)
async def mute_member(call: Call, room: Uuid, person: Uuid, body: Mute) -> None:
    """Let somebody listen and not speak. Until then; a second time takes the place of the first."""
    await moderation.mute(call.services, call.person.user, room, person, body.until)


@operations.delete(
    "/api/v1/rooms/{room}/mutes/{person}",
    permission="room.moderate",
    errors=(*_MODERATOR, *_TO_SOMEBODY),
    rate=_ACTS,
)
async def unmute_member(call: Call, room: Uuid, person: Uuid) -> None:
    """Let somebody speak again."""
    await moderation.unmute(call.services, call.person.user, room, person)


@operations.get(
    "/api/v1/rooms/{room}/audit", permission="room.moderate", errors=("not_a_member", "not_a_moderator")
)
async def list_audit(call: Call, room: Uuid, query: PageQuery) -> Audit:
    """List what was done in a room. For moderators; the newest is first."""
    return await auditing.audit(call.services, call.person.user, room, query)
