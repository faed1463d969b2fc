"""Rooms over HTTP."""

from __future__ import annotations

from common.protocol import EventSeq, Found, Page, Uuid
from common.units import HOURS, MINUTES
from control.operations import Call, Operations, Rate
from control.rooms import history, listing, making, marking, membership, reading
from control.rooms.views import (
    CreateRoom,
    EventsQuery,
    JoinByCode,
    JoinRoom,
    ListQuery,
    MarkRead,
    MembersQuery,
    MineQuery,
    MyRooms,
    OpenDirect,
    PinsQuery,
    ReadUpTo,
    Room,
    RoomList,
    RoomMembers,
    SearchQuery,
    ThreadQuery,
)

operations = Operations(
    "rooms", "Rooms and who is in them. What is said in them travels over chatd's WebSocket."
)


@operations.post(
    "/api/v1/rooms",
    permission="room.create",
    status=201,
    errors=("category_unknown", "upload_not_found", "overloaded", "room_not_found", "reference_reused"),
    rate=Rate(30, per=1 * HOURS),
)
async def create_room(call: Call, body: CreateRoom) -> Room:
    """Create a room. Whoever creates it owns it, and is its first member. A public or secret group is in the list; a private
    one, and a call, is found by its code alone, by invitation or by link."""
    return await making.create(call.services, call.person.user, body)


@operations.get("/api/v1/rooms", permission="room.list")
async def list_rooms(call: Call, query: ListQuery) -> RoomList:
    """List public rooms. The newest first, secret ones among them, for they can be joined with the password. Pages follow one
    another by cursor, which rooms that come and go never disturb, or are asked for by offset; either costs the same
    anywhere in the list."""
    return await listing.public(call.services, call.person.user, query)


@operations.get("/api/v1/rooms/mine", permission="room.read")
async def list_my_rooms(call: Call, query: MineQuery) -> MyRooms:
    """List my rooms. With what was said last, how much is unread, and a few faces. A room of which newcomers see no history
    shows nothing from before my joining."""
    return await reading.mine(call.services, call.person.user, query)


@operations.post(
    "/api/v1/rooms/direct",
    permission="room.create",
    errors=("person_not_found", "blocked", "blocked_by_me"),
    rate=Rate(60, per=1 * MINUTES),
)
async def open_direct_room(call: Call, body: OpenDirect) -> Room:
    """Open the direct room with somebody. There is one for every two people, whoever opens it first; opening it again
    brings back who had left it."""
    return await making.open_direct(call.services, call.person.user, body.person)


@operations.post(
    "/api/v1/rooms/join",
    permission="room.join",
    errors=("room_code_wrong", "banned", "room_full"),
    rate=Rate(10, per=10 * MINUTES),
)
async def join_room_by_code(call: Call, body: JoinByCode) -> Room:
    """Join by code. The code of a member opens every group and call, private and secret ones too. Joining a room that I am in
    already changes nothing."""
    return await membership.join_by_code(call.services, call.person.user, body.code)


@operations.get("/api/v1/rooms/{room}", permission="room.read", errors=("room_not_found",))
async def get_room(call: Call, room: Uuid) -> Room:
    """One room. Whole for its members; for others, what the list shows of a public or secret room."""
    return await reading.one(call.services, call.person.user, room)


@operations.get("/api/v1/rooms/{room}/members", permission="room.read", errors=("not_a_member",))
async def list_members(call: Call, room: Uuid, query: MembersQuery) -> RoomMembers:
    """List members. For members only; who came first is first."""
    return await reading.members(call.services, call.person.user, room, query)


@operations.post(
    "/api/v1/rooms/{room}/join",
    permission="room.join",
    errors=(
        "room_not_found",
        "room_not_joinable",
        "banned",
        "room_password_wrong",
        "room_full",
        "rate_limited",
        "overloaded",
    ),
    rate=Rate(60, per=1 * MINUTES),
)
async def join_room(call: Call, room: Uuid, body: JoinRoom) -> Room:
    """Join a listed room. A secret one with its password, at most ten tries in ten minutes. Joining a room that I am in
    already changes nothing."""
    return await membership.join(call.services, call.person.user, room, body.password)


@operations.post("/api/v1/rooms/{room}/leave", permission="room.leave", errors=("room_of_class",))
async def leave_room(call: Call, room: Uuid) -> None:
    """Leave a room. When the owner leaves, the room passes to the moderator, else the member, who has been in it longest;
    the last to leave archives it. The mentor of a class stays in its room. Leaving a room that I am not in changes nothing."""
    await membership.leave_by_choice(call.services, call.person.user, room)


@operations.put("/api/v1/rooms/{room}/read", permission="room.read", errors=("not_a_member",))
async def mark_read(call: Call, room: Uuid, body: MarkRead) -> ReadUpTo:
    """Mark messages as read. Up to and with that `mseq`; it never goes back, nor beyond what was said. My devices hear of it
    over the socket, and so do the other members of a room of up to 200."""
    return await marking.mark_read(call.services, call.person.user, room, body.mseq)


# --- what was said ----------------------------------------------------------------------------------------------------

_READS = ("not_a_member", "log_unavailable", "unavailable")


@operations.get("/api/v1/rooms/{room}/events", permission="room.read", errors=_READS)
async def list_events(call: Call, room: Uuid, query: EventsQuery) -> Page:
    """List what happened in a room. For members; where newcomers see no history, from their joining on. Events are in order
    of `seq`, with what the messages among them have become; `more` when there are others in the direction asked. A page
    ends before what is still on its way to the log."""
    return await history.page(call.services, call.person.user, room, query)


@operations.get(
    "/api/v1/rooms/{room}/events/{of}/thread",
    permission="room.read",
    errors=(*_READS, "message_not_found"),
)
async def list_thread(call: Call, room: Uuid, of: EventSeq, query: ThreadQuery) -> Page:
    """List a thread. The message first, then the replies to it in order of `seq`."""
    return await history.thread(call.services, call.person.user, room, of, query)


@operations.get("/api/v1/rooms/{room}/pins", permission="room.read", errors=_READS)
async def list_pins(call: Call, room: Uuid, query: PinsQuery) -> Page:
    """List what is pinned. What was pinned last is first."""
    return await history.pins(call.services, call.person.user, room, query)


@operations.get(
    "/api/v1/rooms/{room}/search",
    permission="room.read",
    errors=(*_READS, "text_empty", "overloaded"),
    rate=Rate(60, per=1 * MINUTES),
)
async def search_room(call: Call, room: Uuid, query: SearchQuery) -> Found:
    """Search a room. Messages whose present text has all the words, each anywhere inside a word, whatever the case; the
    newest first. A search does a bounded amount of work: `next` says where to go on, even when nothing was found yet, and
    is null at the end."""
    return await history.search(call.services, call.person.user, room, query)
