"""Invitations and links over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import HOURS, MINUTES
from control.operations import Call, Operations, Rate
from control.rooms import inviting
from control.rooms.inviting_views import Invitations, Invite, Link, MakeLink, RoomLink, RoomLinks
from control.rooms.views import ListedRoom, PageQuery, Room

operations = Operations("invitations", "Asking people into rooms, and links that lead there.")

_COMING_IN = ("room_not_found", "room_not_joinable", "banned", "room_full")
_LINK = ("link_not_found", "link_expired", "link_used_up")
_MODERATOR = ("room_not_found", "not_a_member", "not_a_moderator")
_ACTS = Rate(60, per=1 * MINUTES)


@operations.post(
    "/api/v1/rooms/{room}/invitations",
    permission="room.invite",
    errors=("room_not_found", "not_a_member", "room_not_joinable", "person_not_found", "person_banned"),
    rate=Rate(30, per=1 * HOURS),
)
async def invite_people(call: Call, room: Uuid, body: Invite) -> None:
    """Ask people into a group. Any member may; who is in, or was asked by me already, is passed over. An invitation opens
    the room for two weeks, whatever its visibility."""
    await inviting.invite(call.services, call.person.user, room, body.people)


@operations.get("/api/v1/me/invitations", permission="room.join")
async def list_invitations(call: Call, query: PageQuery) -> Invitations:
    """List my invitations. Those that I can still accept, the newest first."""
    return await inviting.invitations(call.services, call.person.user, query)


@operations.post(
    "/api/v1/me/invitations/{invitation}/accept",
    permission="room.join",
    errors=("invitation_not_found", *_COMING_IN),
    rate=_ACTS,
)
async def accept_invitation(call: Call, invitation: Uuid) -> Room:
    """Accept an invitation. To accept it again changes nothing."""
    return await inviting.accept(call.services, call.person.user, invitation)


@operations.delete("/api/v1/me/invitations/{invitation}", permission="room.join", rate=_ACTS)
async def decline_invitation(call: Call, invitation: Uuid) -> None:
    """Decline an invitation. Who asked is not told."""
    await inviting.decline(call.services, call.person.user, invitation)


@operations.post(
    "/api/v1/rooms/{room}/links",
    permission="room.moderate",
    status=201,
    errors=(*_MODERATOR, "room_not_joinable", "list_full"),
    rate=Rate(30, per=1 * HOURS),
)
async def make_link(call: Call, room: Uuid, body: MakeLink) -> RoomLink:
    """Make a link into a group. For moderators. It lasts up to 30 days, and lets in as many as it says; a room has up to 20
    at once."""
    return await inviting.make_link(call.services, call.person.user, room, body)


@operations.get(
    "/api/v1/rooms/{room}/links", permission="room.moderate", errors=("not_a_member", "not_a_moderator")
)
async def list_links(call: Call, room: Uuid) -> RoomLinks:
    """List the links of a room. For moderators; the newest is first."""
    return await inviting.links(call.services, call.person.user, room)


@operations.delete(
    "/api/v1/rooms/{room}/links/{link}", permission="room.moderate", errors=_MODERATOR, rate=_ACTS
)
async def remove_link(call: Call, room: Uuid, link: Uuid) -> None:
    """Remove a link. It leads nowhere from now on."""
    await inviting.remove_link(call.services, call.person.user, room, link)


@operations.get("/api/v1/links/{code}", permission="room.join", errors=_LINK, rate=_ACTS)
async def get_linked_room(call: Call, code: Link) -> ListedRoom:
    """Where a link leads. What the list would show of the room."""
    return await inviting.linked_room(call.services, call.person.user, code)


@operations.post(
    "/api/v1/links/{code}/join", permission="room.join", errors=(*_LINK, *_COMING_IN), rate=_ACTS
)
async def join_room_by_link(call: Call, code: Link) -> Room:
    """Join by a link. It opens secret and private rooms, too. Who is in already uses none of it up."""
    return await inviting.join_by_link(call.services, call.person.user, code)
