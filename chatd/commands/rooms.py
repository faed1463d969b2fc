"""Hearing a room: `room.open`, `room.close`, and the rooms that `hello` resumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from chatd.commands.family import AtOnce, Perform, member
from chatd.membership import Membership
from chatd.presence.participants import Here
from chatd.recovery import CannotContinueError
from chatd.room import Room
from common import answers, protocol
from common.codec import ok_frame, push_frame
from common.errors import MadangError, StoreUnavailable
from common.logs import get_logger

if TYPE_CHECKING:
    from chatd.connection import Connection

_log = get_logger(__name__)


async def _resume(who: Connection, hello: protocol.Hello) -> None:
    """Open every room of `hello.resume`; what cannot be opened is told and the others go on."""
    for room_id, position in hello.resume.items():
        await who.flushed()
        try:
            who.terms.require(answers.COMMANDS[protocol.RoomOpen].needs)
            await _open(who, room_id, position, None)
        except MadangError as refusal:
            who.send_nowait(push_frame(protocol.Closed(room=room_id, code=refusal.code)))
        except StoreUnavailable as fault:
            _log.warning("a room cannot be resumed now", store=fault.store, why=str(fault))
            who.send_nowait(push_frame(protocol.Closed(room=room_id, code="unavailable")))


async def _open_one(who: Connection, command: protocol.RoomOpen) -> None:
    await _open(who, command.room, command.resume, command.id)


async def _open(
    who: Connection, room_id: str, resume: protocol.Position | None, command_id: str | None
) -> None:
    """Open a room: subscribe first, then what was missed, then live.

    With a `command_id` the answer is a reply; without, it is the push `opened`.
    """
    if room_id not in who.rooms:
        who.terms.may_open(len(who.rooms))
    services = who.services
    while True:
        membership = await member(who, room_id)
        here_now = await services.participants.of(room_id, who.user)
        await services.timers.learn(room_id)
        await services.calls.learn(room_id)
        room = await services.hub.find(room_id)
        if services.memberships.peek(who.user, room_id) is not None:
            break  # still a member: without a checkpoint since, so no news of leaving can be missed from here on
        await services.hub.standing(room_id)  # lets go of a room nobody listens to
    here = room.position

    def opened(position: protocol.Position) -> bytes:
        """The answer, as of the moment from which on this connection hears the room."""
        timer, call = services.timers.told(room_id), services.calls.told(room_id)
        return _opened(command_id, room_id, position, here_now, timer=timer, call=call)

    try:
        missed = services.recovery.at_once(room, resume, membership.visible_from) if resume else b""
    except CannotContinueError as why:
        _begin(who, room, opened(here) + _reset(room_id, here, why))
        return
    if resume and missed is None:
        await _read_missed(who, room, resume, membership, opened)
        return
    _begin(who, room, opened(resume or here) + (missed or b""))


def _begin(who: Connection, room: Room, opening: bytes) -> None:
    """`opening`, then live."""
    who.rooms[room.id] = room
    who.services.hub.listen(who, room)
    who.send_nowait(opening)


async def _read_missed(
    who: Connection,
    room: Room,
    since: protocol.Position,
    membership: Membership,
    opened: Callable[[protocol.Position], bytes],
) -> None:
    """Keep what comes while the log is read; then the opening, what was missed, what came, live."""
    hub, upto = who.services.hub, room.position
    who.rooms[room.id] = room
    hub.wait(who, room)
    try:
        missed = await who.services.recovery.missed(room, since, upto, membership.visible_from)
    except CannotContinueError as why:
        missed = _reset(room.id, upto, why)
    except BaseException:
        hub.unlisten(who, room)
        who.dropped(room.id)
        raise
    if not hub.catch_up(who, room, opened(since) + missed) and room.id not in who.rooms:
        raise MadangError("not_a_member")  # expelled meanwhile; else it is being disconnected


def _opened(
    command_id: str | None,
    room_id: str,
    position: protocol.Position,
    here: Here,
    *,
    timer: protocol.TimerState | None,
    call: protocol.CallNow | None,
) -> bytes:
    if command_id is None:
        return push_frame(protocol.Opened(room_id, position, *here, timer=timer, call=call))
    return ok_frame(command_id, protocol.RoomOpened(room_id, position, *here, timer=timer, call=call))


def _reset(room_id: str, position: protocol.Position, why: CannotContinueError) -> bytes:
    return push_frame(protocol.Reset(room=room_id, position=position, reason=why.reason))


def _close(who: Connection, command: protocol.RoomClose) -> bool:
    room = who.rooms.pop(command.room, None)
    if room is not None:
        who.services.hub.unlisten(who, room)
        who.services.calls.out(who, command.room)
    who.answer(command.id, protocol.Done())
    return True


AT_ONCE: Final[AtOnce] = {protocol.RoomClose: _close}
PERFORM: Final[Perform] = {protocol.RoomOpen: _open_one, protocol.Hello: _resume}
