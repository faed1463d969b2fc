"""The way of every command that makes an event of a room's log: who may, and who waits for the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatd.membership import Membership
from common import protocol
from common.clock import now_ms
from common.errors import MadangError
from common.roomlog.bus import Place

if TYPE_CHECKING:
    from chatd.connection import Connection


def may_speak(who: Connection, membership: Membership) -> None:
    """Raises MadangError `token_expired`, `blocked` or `blocked_by_me`, `muted` (with the time that is left of it)."""
    now = now_ms()
    who.terms.may_act(now)
    if membership.barred is not None:
        raise MadangError(membership.barred)
    if membership.muted_until > now:
        raise MadangError("muted", retry_after_ms=membership.muted_until - now)


class Answer:
    """A sender who waits for a place."""

    __slots__ = ("_command_id", "_who")

    def __init__(self, who: Connection, command_id: str | None) -> None:
        self._who = who
        self._command_id = command_id

    def settle(self, outcome: Place | MadangError) -> None:
        """Reply with the place or the refusal, at the next `flush`."""
        if isinstance(outcome, Place):
            self._who.cork(self._command_id, protocol.Sent(seq=outcome.seq, mseq=outcome.mseq, at=outcome.at))
        else:
            self._who.refuse(self._command_id, outcome)

    def flush(self) -> None:
        """Send the replies."""
        self._who.uncork()
