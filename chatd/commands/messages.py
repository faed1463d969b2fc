"""Saying something: `message.send`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatd.commands.family import AtOnce, Perform, member
from chatd.commands.lasting import Answer, may_speak
from chatd.membership import Membership
from common import protocol
from common.errors import MadangError
from common.roomlog.position import Draft, MessageBody

if TYPE_CHECKING:
    from chatd.connection import Connection


def _send_at_once(who: Connection, command: protocol.MessageSend) -> bool:
    membership = who.services.memberships.peek(who.user, command.room)
    if membership is None:
        return False
    _send(who, command, membership)
    return True


async def _send_when_known(who: Connection, command: protocol.MessageSend) -> None:
    _send(who, command, await member(who, command.room))


def _send(who: Connection, command: protocol.MessageSend, membership: Membership) -> None:
    may_speak(who, membership)
    if len(command.text) > protocol.MAX_TEXT:
        raise MadangError("text_too_long", fields={"text": f"at most {protocol.MAX_TEXT} characters"})
    if not command.text.strip():
        raise MadangError("text_empty")
    body = MessageBody(room=command.room, sender=who.user, client_id=command.client_id, text=command.text)
    draft = Draft.of(body)
    if membership.slow_mode:
        draft = draft._replace(pace_ms=membership.pace_ms)
    who.services.writer.submit(draft, Answer(who, command.id))


AT_ONCE: Final[AtOnce] = {protocol.MessageSend: _send_at_once}
PERFORM: Final[Perform] = {protocol.MessageSend: _send_when_known}
