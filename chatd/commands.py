"""What each command does. `at_once` does what needs no store, in the reader's own step; `perform` does the rest.

Every command is authorised here, by the session's rules and the membership of the moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatd.membership import Membership
from chatd.recovery import CannotContinueError
from chatd.room import Room
from common import protocol
from common.clock import now_ms
from common.codec import ok_frame, push_frame
from common.errors import MadangError, StoreUnavailable
from common.logs import get_logger
from common.roomlog.bus import Place
from common.roomlog.position import Draft, MessageBody

if TYPE_CHECKING:
    from chatd.connection import Connection

_log = get_logger(__name__)


def at_once(who: Connection, command: protocol.AnyCommand) -> bool:
    """Do `command` now if that needs no waiting; False when it does. Raises MadangError."""
    match command:
        case protocol.Ping():
            who.answer(command.id, protocol.Pong(now=now_ms()))
        case protocol.MessageSend():
            membership = who.services.memberships.peek(who.user, command.room)
            if membership is None:
                return False
            _send(who, command, membership)
        case protocol.RoomClose():
            _close(who, command)
        case protocol.Hello():
            raise MadangError("conflict", fields={"type": "hello was said already"})
        case _:
            return False
    return True


async def perform(who: Connection, command: protocol.AnyCommand) -> None:
    """Do what `at_once` could not. Raises MadangError, StoreUnavailable."""
    match command:
        case protocol.MessageSend():
            _send(who, command, await _member(who, command.room))
        case protocol.RoomOpen():
            await _open(who, command.room, command.resume, command.id)
        case protocol.Hello():
            await _resume(who, command)
        case protocol.HistoryPage():
            await _history(who, command)
        case protocol.AuthRefresh():
            claims = await who.services.authenticator.renewal(command.token)
            who.terms.renew(user=claims.sub, session=claims.sid, expires_at=claims.expires_at)
            who.answer(command.id, protocol.Refreshed(expires_at=who.terms.expires_at))
        case _:
            if not at_once(who, command):
                raise AssertionError(command)


async def _member(who: Connection, room: str) -> Membership:
    """The membership of the moment. Raises MadangError `not_a_member`."""
    membership = await who.services.memberships.get(who.user, room)
    if membership is None:
        raise MadangError("not_a_member")
    return membership


# --- saying something -------------------------------------------------------------------------------------------------


class _Answer:
    """A sender who waits for a place."""

    __slots__ = ("_command_id", "_who")

    def __init__(self, who: Connection, command_id: str | None) -> None:
        self._who = who
        self._command_id = command_id

    def settle(self, outcome: Place | MadangError) -> None:
        if isinstance(outcome, Place):
            self._who.cork(self._command_id, protocol.Sent(seq=outcome.seq, mseq=outcome.mseq, at=outcome.at))
        else:
            self._who.refuse(self._command_id, outcome)

    def flush(self) -> None:
        self._who.uncork()


def _send(who: Connection, command: protocol.MessageSend, membership: Membership) -> None:
    now = now_ms()
    who.terms.may_act(now)
    if len(command.text) > protocol.MAX_TEXT:
        raise MadangError("text_too_long", fields={"text": f"at most {protocol.MAX_TEXT} characters"})
    if not command.text.strip():
        raise MadangError("text_empty")
    if membership.muted_until > now:
        raise MadangError("muted", retry_after_ms=membership.muted_until - now)
    body = MessageBody(room=command.room, sender=who.user, client_id=command.client_id, text=command.text)
    who.services.writer.submit(Draft.of(body), _Answer(who, command.id))


# --- listening --------------------------------------------------------------------------------------------------------


async def _resume(who: Connection, hello: protocol.Hello) -> None:
    """Open every room of `hello.resume`; what cannot be opened is told and the others go on."""
    for room_id, position in hello.resume.items():
        await who.flushed()
        try:
            await _open(who, room_id, position, None)
        except MadangError as refusal:
            who.send_nowait(push_frame(protocol.Closed(room=room_id, code=refusal.code)))
        except StoreUnavailable as fault:
            _log.warning("a room cannot be resumed now", store=fault.store, why=str(fault))
            who.send_nowait(push_frame(protocol.Closed(room=room_id, code="unavailable")))


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
        membership = await _member(who, room_id)
        online = await services.online.of(room_id)
        room = await services.hub.find(room_id)
        if services.memberships.peek(who.user, room_id) is not None:
            break  # still a member: without a checkpoint since, so no news of leaving can be missed from here on
        await services.hub.standing(room_id)  # lets go of a room nobody listens to
    here = room.position
    try:
        missed = services.recovery.at_once(room, resume, membership.visible_from) if resume else b""
    except CannotContinueError as why:
        _begin(who, room, _opened(command_id, room_id, here, online) + _reset(room_id, here, why))
        return
    if resume and missed is None:
        await _read_missed(who, room, resume, membership, _opened(command_id, room_id, resume, online))
        return
    _begin(who, room, _opened(command_id, room_id, resume or here, online) + (missed or b""))


def _begin(who: Connection, room: Room, opening: bytes) -> None:
    """`opening`, then live."""
    who.rooms[room.id] = room
    who.services.hub.listen(who, room)
    who.send_nowait(opening)


async def _read_missed(
    who: Connection, room: Room, since: protocol.Position, membership: Membership, opening: bytes
) -> None:
    """Keep what comes while the log is read; then `opening`, what was missed, what came, live."""
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
    if not hub.catch_up(who, room, opening + missed) and room.id not in who.rooms:
        raise MadangError("not_a_member")  # expelled meanwhile; else it is being disconnected


def _opened(command_id: str | None, room_id: str, position: protocol.Position, online: list[str]) -> bytes:
    if command_id is None:
        return push_frame(protocol.Opened(room=room_id, position=position, online=online))
    return ok_frame(command_id, protocol.RoomOpened(room=room_id, position=position, online=online))


def _reset(room_id: str, position: protocol.Position, why: CannotContinueError) -> bytes:
    return push_frame(protocol.Reset(room=room_id, position=position, reason=why.reason))


def _close(who: Connection, command: protocol.RoomClose) -> None:
    room = who.rooms.pop(command.room, None)
    if room is not None:
        who.services.hub.unlisten(who, room)
    who.answer(command.id, protocol.Done())


# --- the past ---------------------------------------------------------------------------------------------------------


async def _history(who: Connection, command: protocol.HistoryPage) -> None:
    membership = await _member(who, command.room)
    upto = await who.services.hub.standing(command.room)
    page = await who.services.recovery.page(command, upto, membership.visible_from)
    who.answer(command.id, page)
