"""What readers let each other, and their own other devices, know: `typing`, `read.mark`.

Rooms of more than `INTIMATE` members are not told. Each of n tells n, so the cost grows with the square, while nobody makes
sense of two hundred names that type, and messengers that count readers stop about there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import trio

from chatd.commands.family import AtOnce, Perform, member
from chatd.commands.lasting import may_speak
from chatd.core.typing import LIFE
from chatd.membership import Membership
from chatd.presence.circle import Circle
from common import protocol
from common.clock import now_ms
from common.errors import MadangError
from common.limits import INTIMATE
from common.units import to_ms

if TYPE_CHECKING:
    from chatd.connection import Connection


def _typing_at_once(who: Connection, command: protocol.TypingSet) -> bool:
    membership = who.services.memberships.peek(who.user, command.room)
    circle = who.services.circles.peek(who.user)
    if membership is None or circle is None:
        return False
    _typing(who, command, membership, circle)
    return True


async def _typing_when_known(who: Connection, command: protocol.TypingSet) -> None:
    membership = await member(who, command.room)
    _typing(who, command, membership, await who.services.circles.of(who.user))


def _typing(who: Connection, command: protocol.TypingSet, membership: Membership, circle: Circle) -> None:
    """Tell the room, if it is small and that is news there. Who may not speak is not shown to be about to.

    Across a block nobody is seen to type, as nobody is seen to be here.
    """
    may_speak(who, membership)
    services = who.services
    if membership.members <= INTIMATE and services.typing.is_news(
        who.user, command.room, on=command.on, now=trio.current_time()
    ):
        push = protocol.Typing(
            room=command.room, user=who.user, on=command.on, expires_in_ms=to_ms(LIFE) if command.on else 0
        )
        services.news.tell_room(command.room, push, about=who.user, light=True, hidden=circle.blocked)
    who.answer(command.id, protocol.Done())


# --- reading ----------------------------------------------------------------------------------------------------------


class _Answer:
    """A reader who waits until the mark is written."""

    __slots__ = ("_command_id", "_who")

    def __init__(self, who: Connection, command_id: str | None) -> None:
        self._who = who
        self._command_id = command_id

    def settle(self, outcome: int | MadangError) -> None:
        """Reply."""
        if isinstance(outcome, MadangError):
            self._who.refuse(self._command_id, outcome)
        else:
            self._who.answer(self._command_id, protocol.ReadUpTo(mseq=outcome))


def _mark_at_once(who: Connection, command: protocol.ReadMark) -> bool:
    membership = who.services.memberships.peek(who.user, command.room)
    circle = who.services.circles.peek(who.user)
    head = who.services.hub.messages(command.room)
    if membership is None or circle is None or command.mseq > head:
        return False
    _mark(who, command, membership, circle, head)
    return True


async def _mark_when_known(who: Connection, command: protocol.ReadMark) -> None:
    """What this replica has not heard of yet, if it is there at all, the bus knows."""
    membership = await member(who, command.room)
    circle = await who.services.circles.of(who.user)
    head = who.services.hub.messages(command.room)
    if command.mseq > head:
        head = await who.services.hub.all_messages(command.room)
    _mark(who, command, membership, circle, head)


def _mark(
    who: Connection, command: protocol.ReadMark, membership: Membership, circle: Circle, head: int
) -> None:
    """Move the cursor. A small room is told, but nobody across a block, as of typing."""
    who.terms.may_act(now_ms())
    who.services.cursors.mark(
        who.user,
        command.room,
        min(command.mseq, head),
        _Answer(who, command.id),
        head=head,
        shown=membership.members <= INTIMATE,
        hidden=circle.blocked,
    )


AT_ONCE: Final[AtOnce] = {protocol.TypingSet: _typing_at_once, protocol.ReadMark: _mark_at_once}
PERFORM: Final[Perform] = {protocol.TypingSet: _typing_when_known, protocol.ReadMark: _mark_when_known}
