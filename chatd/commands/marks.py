"""What people put on a message and take off it: `reaction.add`, `reaction.remove`, `pin.add`, `pin.remove`.

What is there already (or gone already) is answered with the place of the event that made it so, and makes no second one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING, Final

from chatd.commands.family import AtOnce, Perform
from chatd.commands.lasting import Allow, last, note, target
from chatd.core import rules
from chatd.membership import Membership
from common import protocol
from common.errors import MadangError
from common.roomlog import marks
from common.roomlog.bus import Place
from common.roomlog.marks import Word
from common.roomlog.position import Claim, PinBody, ReactionBody

if TYPE_CHECKING:
    from chatd.connection import Connection


async def _react(who: Connection, command: protocol.ReactionAdd | protocol.ReactionRemove) -> None:
    """One person's one emoji changes once at a time, so that each change sees the one before it."""
    rules.emoji(command.emoji)
    room, of, emoji = command.room, command.of, command.emoji
    adding = isinstance(command, protocol.ReactionAdd)
    changes = who.services.changes
    undo: list[Callable[[], None]] = []

    async def allow(membership: Membership) -> Place | Claim:
        with changes.emoji.watched((room, of)) as coming:
            seen = await who.services.hub.caught_up(room) if adding else None
            on = await target(who, room, of, membership)
            before = marks.word(on.marks.get(marks.reaction_by(emoji, who.user), 0))
            if before.there != adding:
                if adding:
                    rules.react(on, emoji, coming)
                    changes.emoji.begin((room, of), emoji)
                    undo.append(partial(changes.emoji.end, (room, of), emoji))
                # One more of an emoji that is there changes no count, so a crowd that likes the same thing never meets.
                counts = not adding or emoji not in marks.reactions(on.marks)
                return changes.claim(f"{of}", changes=counts, seen=seen)
        return await _place(who, room, before)

    body = ReactionBody(
        room=room,
        sender=who.user,
        client_id=command.client_id,
        of=of,
        emoji=emoji,
        change="added" if adding else "removed",
        user=who.user,
    )
    await _last(who, command, body, allow, key=(room, of, emoji, who.user), undo=undo)


async def _pin(who: Connection, command: protocol.PinAdd | protocol.PinRemove) -> None:
    """One message's pin changes once at a time."""
    room, of = command.room, command.of
    adding = isinstance(command, protocol.PinAdd)
    changes = who.services.changes
    undo: list[Callable[[], None]] = []

    async def allow(membership: Membership) -> Place | Claim:
        rules.may_pin(membership.role, membership.kind)
        with changes.pins.watched(room) as coming:
            seen = await who.services.hub.caught_up(room) if adding else None
            on = await target(who, room, of, membership)
            before = marks.word(on.marks.get(marks.PIN, 0))
            if before.there == adding:
                return await _place(who, room, before)
            if adding:
                rules.pin(of, await who.services.said.pinned(room), coming)
                changes.pins.begin(room, of)
                undo.append(partial(changes.pins.end, room, of))
        if membership.kind != "direct":
            await note(who, "message.pinned" if adding else "message.unpinned", command, on)
        return changes.claim("pins", changes=True, seen=seen)

    body = PinBody(
        room=room,
        sender=who.user,
        client_id=command.client_id,
        of=of,
        change="pinned" if adding else "unpinned",
        by=who.user,
    )
    await _last(who, command, body, allow, key=(room, of), undo=undo)


async def _last(
    who: Connection,
    command: protocol.ReactionAdd | protocol.ReactionRemove | protocol.PinAdd | protocol.PinRemove,
    body: ReactionBody | PinBody,
    allow: Allow,
    *,
    key: Hashable,
    undo: list[Callable[[], None]],
) -> None:
    """Make a change in its turn. Once it is over the steps in `undo` are gone back, and whatever is added to them meanwhile."""
    turns = who.services.changes.turns
    await turns.take(key)
    undo.append(partial(turns.give_back, key))
    try:
        await last(
            who,
            command.id,
            body,
            allow,
            settled=partial(_undo, undo),
            again=partial(who.take_again, command),
        )
    except BaseException:
        _undo(undo)
        raise


def _undo(steps: list[Callable[[], None]]) -> None:
    while steps:
        steps.pop()()


async def _place(who: Connection, room: str, before: Word) -> Place:
    """The place of the last word. Raises MadangError `not_found` when there was none."""
    place = await who.services.said.place(room, before.seq) if before.seq else None
    if place is None:
        raise MadangError("not_found")
    return place


AT_ONCE: Final[AtOnce] = {}
PERFORM: Final[Perform] = {
    protocol.ReactionAdd: _react,
    protocol.ReactionRemove: _react,
    protocol.PinAdd: _pin,
    protocol.PinRemove: _pin,
}
