"""The way of every command that makes an event of a room's log: who may, what may, and who waits for the place.

A retry whose rules no longer let it through, because it was done the first time, is answered as it was then: not before
the log holds it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from chatd.commands.family import member
from chatd.core import rules
from chatd.core.rules import Target
from chatd.deeds import Act, Deed
from chatd.membership import Membership
from common import protocol
from common.clock import now_ms
from common.errors import MadangError
from common.ids import is_uuid
from common.roomlog.bus import Place
from common.roomlog.position import AnyBody, Claim, DeleteBody, Draft, MessageBody

if TYPE_CHECKING:
    from chatd.connection import Connection

# Raises MadangError for what is not allowed; answers the place of what is there already and needs no second event, or
# what the place of a new one hangs on.
Allow = Callable[[Membership], Awaitable[Place | Claim | None]]

# Refusals that what was done before may have brought about, or what came since: a retry is asked after in the log.
OVERTAKEN: Final = frozenset(
    {
        "not_a_member",
        "muted",
        "blocked",
        "blocked_by_me",
        "message_deleted",
        "forbidden",
        "mention_not_member",
        "attachment_not_found",
        "too_many_reactions",
        "too_many_pins",
        "timer_running",
        "timer_not_running",
        "timer_not_paused",
        "no_timer",
    }
)


def may_speak(who: Connection, membership: Membership) -> None:
    """Raises MadangError `token_expired`, `blocked` or `blocked_by_me`, `muted` (with the time that is left of it)."""
    now = now_ms()
    who.terms.may_act(now)
    if membership.barred is not None:
        raise MadangError(membership.barred)
    if membership.muted_until > now:
        raise MadangError("muted", retry_after_ms=membership.muted_until - now)


def nothing() -> None:
    """Nobody else waits."""


def draft_of(body: AnyBody, membership: Membership, claim: Claim | None = None) -> Draft:
    """The draft of `body`; a message keeps the room's pace."""
    draft = Draft.of(body)
    if claim is not None:
        return draft._replace(claim=claim)
    if membership.slow_mode and draft.counted:
        return draft._replace(pace_ms=membership.pace_ms)
    return draft


async def last(
    who: Connection,
    command_id: str | None,
    body: AnyBody,
    allow: Allow,
    *,
    settled: Callable[[], None] = nothing,
    again: Callable[[], None] | None = None,
) -> None:
    """Send `body` on its way into the log, if `allow` lets it; that may also complete it.

    `settled` is called once it is over, and not at all when this raises; after it `again`, in place of an answer, when the
    claim it hung on was overtaken. Raises MadangError, StoreUnavailable.
    """
    refusal = None
    try:
        allowed = await allow(await _speaker(who, body))
        membership = await _speaker(
            who, body
        )  # again, for that may have taken a while; from here on nothing does
        claim, place = (allowed, None) if isinstance(allowed, Claim) else (None, allowed)
        draft = draft_of(body, membership, claim)
    except MadangError as fault:
        if fault.code not in OVERTAKEN:
            raise
        draft, place, refusal = Draft.of(body), None, fault
    if refusal is not None:
        place = await who.services.said.place_of(draft)
        try:
            # What was heard and is not in the log yet goes the way of every retry: its answer waits for the first one's place.
            if place is None and not who.services.said.heard(draft):
                raise refusal
        finally:
            del refusal  # or it and this frame would hold each other, until somebody looks for cycles
    if place is None:
        room = body.room if isinstance(body, MessageBody) else None
        who.services.writer.submit(draft, Answer(who, command_id, settled, again, room=room))
        return
    who.answer(command_id, sent(place))
    settled()


async def _speaker(who: Connection, body: AnyBody) -> Membership:
    """The membership of this very moment, of who may make such an event: without a checkpoint since, it is still that.

    Taking something back is no speaking: the muted may, too. Raises as `member` and `may_speak` do.
    """
    while (membership := who.services.memberships.peek(who.user, body.room)) is None:
        await member(who, body.room)
    if isinstance(body, DeleteBody):
        who.terms.may_act(now_ms())
    else:
        may_speak(who, membership)
    return membership


async def note(
    who: Connection,
    act: Act,
    command: protocol.MessageDelete | protocol.PinAdd | protocol.PinRemove,
    said: Target,
) -> None:
    """Write into the room's audit what a moderator is about to do. Raises StoreUnavailable, and then it is not done."""
    sender = said.event["sender"] if is_uuid(said.event["sender"]) else None
    deed = Deed(command.room, who.user, act, command.of, sender, command.client_id)
    await who.services.deeds.note(deed)


async def target(who: Connection, room: str, of: int, membership: Membership) -> Target:
    """The message a command is about. Raises MadangError `message_not_found`, `message_deleted`."""
    return rules.there(await who.services.said.target(room, of, membership.visible_from))


async def stored(who: Connection, room: str, of: int, membership: Membership) -> Target:
    """The same, of which the log holds the words: what replaces or erases them has to come after them.

    Raises MadangError `log_unavailable` too, for a message that was heard and is still on its way there.
    """
    said = await target(who, room, of, membership)
    if not await who.services.said.stored(room, of):
        raise MadangError("log_unavailable", retry_after_ms=500)
    return said


def sent(place: Place) -> protocol.Sent:
    """The answer: it is stored, there."""
    return protocol.Sent(seq=place.seq, mseq=place.mseq, at=place.at)


class Answer:
    """A sender who waits for a place. Whoever said something in a `room` has read it up to there."""

    __slots__ = ("_again", "_command_id", "_room", "_settled", "_who")

    def __init__(
        self,
        who: Connection,
        command_id: str | None,
        settled: Callable[[], None] = nothing,
        again: Callable[[], None] | None = None,
        *,
        room: str | None = None,
    ) -> None:
        self._who = who
        self._command_id = command_id
        self._settled = settled
        self._again = again
        self._room = room

    def settle(self, outcome: Place | MadangError) -> None:
        """Reply with the place or the refusal, at the next `flush`."""
        self._settled()
        if isinstance(outcome, Place):
            self._who.cork(self._command_id, sent(outcome))
            if self._room is not None:
                self._who.services.cursors.spoke(self._who.user, self._room, outcome.mseq)
        elif outcome.code == "conflict" and self._again is not None:
            self._again()
        else:
            self._who.refuse(self._command_id, outcome)

    def flush(self) -> None:
        """Send the replies."""
        self._who.uncork()
