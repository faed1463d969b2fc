"""What is shown on one's tile for a moment: `emote`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import trio

from chatd.commands.family import AtOnce, Perform, member
from chatd.commands.lasting import may_speak
from chatd.core import rules
from chatd.core.emotes import NAMED
from chatd.membership import Membership
from chatd.presence.circle import Circle
from common import protocol
from common.clock import now_ms

if TYPE_CHECKING:
    from chatd.connection import Connection


def _emote_at_once(who: Connection, command: protocol.EmoteShow) -> bool:
    membership = who.services.memberships.peek(who.user, command.room)
    circle = who.services.circles.peek(who.user)
    if membership is None or circle is None:
        return False
    _emote(who, command, membership, circle)
    return True


async def _emote_when_known(who: Connection, command: protocol.EmoteShow) -> None:
    membership = await member(who, command.room)
    _emote(who, command, membership, await who.services.circles.of(who.user))


def _emote(who: Connection, command: protocol.EmoteShow, membership: Membership, circle: Circle) -> None:
    """Show it to everybody who has the room open, on one's own devices too, but not across a block."""
    may_speak(who, membership)
    emoji = NAMED.get(command.emoji, command.emoji)
    rules.emoji(emoji)
    now = trio.current_time()
    who.terms.may_emote(now)
    if who.services.emotes.may_show(command.room, now):
        push = protocol.Emote(room=command.room, user=who.user, emoji=emoji, at=now_ms())
        who.services.news.tell_room(command.room, push, about="", light=True, hidden=circle.blocked)
    who.answer(command.id, protocol.Done())


AT_ONCE: Final[AtOnce] = {protocol.EmoteShow: _emote_at_once}
PERFORM: Final[Perform] = {protocol.EmoteShow: _emote_when_known}
