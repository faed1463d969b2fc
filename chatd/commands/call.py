"""Calls: `call.join`, `call.leave`, `call.media`, `call.signal`, `call.state`.

A call is of a room, and for who may speak there: of two in a direct room of whom one blocked the other, neither. Who is
muted may listen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatd.commands.family import AtOnce, Perform, member
from chatd.commands.lasting import may_speak
from chatd.membership import Membership
from common import protocol
from common.clock import now_ms
from common.errors import MadangError
from common.ids import uuid7

if TYPE_CHECKING:
    from chatd.connection import Connection


async def _may_be_heard(who: Connection, room: str, *, mic: bool, camera: bool) -> Membership:
    """Raises MadangError as `may_speak`, but lets in whoever is muted and silent."""
    membership = await member(who, room)
    may_speak(who, membership if mic or camera else _unmuted(membership))
    return membership


def _unmuted(membership: Membership) -> Membership:
    return membership._replace(muted_until=0)


async def _join(who: Connection, command: protocol.CallJoin) -> None:
    membership = await _may_be_heard(who, command.room, mic=command.mic, camera=command.camera)
    if command.room not in who.rooms:
        raise MadangError("room_not_open")
    calls = who.services.calls
    seat = calls.seat(who, command.room)
    peer = command.peer or (seat.peer if seat else uuid7())
    own = membership.capacity if membership.kind == "call" else None
    call = await calls.join(who, command.room, peer, mic=command.mic, camera=command.camera, capacity=own)
    servers = who.services.settings.ice.for_user(who.user, now_ms() // 1000)
    who.answer(command.id, protocol.CallIn(peer=peer, call=call, ice_servers=servers))


async def _leave(who: Connection, command: protocol.CallLeave) -> None:
    await who.services.calls.leave(who, command.room)
    who.answer(command.id, protocol.Done())


async def _switch(who: Connection, command: protocol.CallSwitch) -> None:
    await _may_be_heard(who, command.room, mic=command.mic, camera=command.camera)
    await who.services.calls.media(who, command.room, mic=command.mic, camera=command.camera)
    who.answer(command.id, protocol.Done())


async def _tell(who: Connection, command: protocol.CallTell) -> None:
    await _may_be_heard(who, command.room, mic=False, camera=False)
    await who.services.calls.signal(who, command.room, command.to, command.data)
    who.answer(command.id, protocol.Done())


async def _ask(who: Connection, command: protocol.CallAsk) -> None:
    if command.room not in who.rooms:
        raise MadangError("room_not_open")
    await who.services.calls.learn(command.room)
    call = who.services.calls.told(command.room)
    if call is None:
        raise MadangError("unavailable", retry_after_ms=1000)
    who.answer(command.id, call)


AT_ONCE: Final[AtOnce] = {}
PERFORM: Final[Perform] = {
    protocol.CallJoin: _join,
    protocol.CallLeave: _leave,
    protocol.CallSwitch: _switch,
    protocol.CallTell: _tell,
    protocol.CallAsk: _ask,
}
