"""What readers let each other know: `typing`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import trio

from chatd.commands.family import AtOnce, Perform, member
from chatd.commands.lasting import may_speak
from chatd.core.typing import LIFE
from chatd.membership import Membership
from common import protocol
from common.units import to_ms

if TYPE_CHECKING:
    from chatd.connection import Connection

# Members of a room up to which they are told of each other's typing and reading. Each of n tells n, so the cost grows
# with the square, while nobody makes sense of two hundred names that type; messengers that count readers stop about here.
INTIMATE: Final = 200


def _typing_at_once(who: Connection, command: protocol.TypingSet) -> bool:
    membership = who.services.memberships.peek(who.user, command.room)
    if membership is None:
        return False
    _typing(who, command, membership)
    return True


async def _typing_when_known(who: Connection, command: protocol.TypingSet) -> None:
    _typing(who, command, await member(who, command.room))


def _typing(who: Connection, command: protocol.TypingSet, membership: Membership) -> None:
    """Tell the room, if it is small and that is news there. Who may not speak is not shown to be about to."""
    may_speak(who, membership)
    services = who.services
    if membership.members <= INTIMATE and services.typing.is_news(
        who.user, command.room, on=command.on, now=trio.current_time()
    ):
        push = protocol.Typing(
            room=command.room, user=who.user, on=command.on, expires_in_ms=to_ms(LIFE) if command.on else 0
        )
        services.news.tell_room(command.room, push, about=who.user, light=True)
    who.answer(command.id, protocol.Done())


AT_ONCE: Final[AtOnce] = {protocol.TypingSet: _typing_at_once}
PERFORM: Final[Perform] = {protocol.TypingSet: _typing_when_known}
