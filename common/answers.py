"""What every command is answered with: the Struct of its `ok`, and the codes of its own refusals.

The document at `/asyncapi.json` says it to clients, and the fuzz of the commands holds chatd to it. Beside its own codes
any command may meet those of `ANY`; what is no command is refused with one of `UNREADABLE`. Sentences are in `errors.py`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from common import protocol


class Answer(NamedTuple):
    """The Struct that grants a command, the codes that refuse it, and the permission that its sender's token must carry.

    Without the permission it is `forbidden`; None asks for none, since it concerns nobody but the sender.
    """

    ok: type[msgspec.Struct]
    errors: tuple[str, ...] = ()
    needs: str | None = None

    @property
    def codes(self) -> frozenset[str]:
        """Every code it may be refused with."""
        return frozenset({*ANY, *self.errors, *(("forbidden",) if self.needs else ())})


ANY: Final = ("invalid", "rate_limited", "overloaded")
UNREADABLE: Final = ("malformed", "unknown_command", "invalid")

_READS: Final = ("not_a_member", "unavailable")  # what looks at a room
_LASTS: Final = (
    *_READS,
    "token_expired",
    "log_unavailable",
    "bus_unavailable",
    "muted",
    "blocked",
    "blocked_by_me",
)  # what takes a place in its log
_SAYS: Final = (*_LASTS, "text_too_long", "text_empty", "mention_not_member")  # what has words
_CHANGES: Final = (
    "forbidden",
    "message_not_found",
    "message_deleted",
)  # what is about a message, not for all to do
_CALLS: Final = (*_READS, "token_expired", "muted", "blocked", "blocked_by_me")  # what others see or hear
_READ: Final = "room.read"
_SEND: Final = "message.send"
_PEOPLE: Final = "people.read"

COMMANDS: Final[dict[type[protocol.Command], Answer]] = {
    protocol.Hello: Answer(
        protocol.Done,
        (
            "conflict",
            "too_many_connections",
        ),
    ),
    protocol.AuthRefresh: Answer(
        protocol.Refreshed, ("token_invalid", "token_expired", "session_revoked", "unavailable")
    ),
    protocol.Ping: Answer(protocol.Pong),
    protocol.PresenceSet: Answer(protocol.Done),
    protocol.PresenceQuery: Answer(protocol.PresenceStates, ("unavailable",), needs=_PEOPLE),
    protocol.OnlineWatch: Answer(protocol.OnlineCount, ("unavailable",), needs=_PEOPLE),
    protocol.RoomOpen: Answer(protocol.RoomOpened, (*_READS, "too_many_rooms"), needs=_READ),
    protocol.RoomClose: Answer(protocol.Done),
    protocol.MessageSend: Answer(
        protocol.Sent, (*_SAYS, *_CHANGES, "slow_mode", "attachment_not_found"), needs=_SEND
    ),
    protocol.MessageEdit: Answer(protocol.Sent, (*_SAYS, *_CHANGES), needs=_SEND),
    protocol.MessageDelete: Answer(protocol.Sent, (*_LASTS, *_CHANGES), needs=_SEND),
    protocol.ReactionAdd: Answer(
        protocol.Sent, (*_LASTS, "message_not_found", "message_deleted", "too_many_reactions"), needs=_SEND
    ),
    protocol.ReactionRemove: Answer(
        protocol.Sent, (*_LASTS, "message_not_found", "message_deleted", "not_found"), needs=_SEND
    ),
    protocol.PinAdd: Answer(protocol.Sent, (*_LASTS, *_CHANGES, "too_many_pins"), needs=_SEND),
    protocol.PinRemove: Answer(protocol.Sent, (*_LASTS, *_CHANGES, "not_found"), needs=_SEND),
    protocol.HistoryPage: Answer(protocol.Page, (*_READS, "log_unavailable"), needs=_READ),
    protocol.HistoryThread: Answer(protocol.Page, (*_READS, "message_not_found"), needs=_READ),
    protocol.HistoryPins: Answer(protocol.Page, _READS, needs=_READ),
    protocol.HistorySearch: Answer(protocol.Found, (*_READS, "text_empty"), needs=_READ),
    protocol.ReadMark: Answer(protocol.ReadUpTo, (*_READS, "token_expired"), needs=_READ),
    protocol.HistoryEdits: Answer(protocol.Page, (*_READS, *_CHANGES), needs=_READ),
    protocol.TimerStart: Answer(protocol.Sent, (*_LASTS, "room_not_open", "timer_running"), needs=_SEND),
    protocol.TimerPause: Answer(protocol.Sent, (*_LASTS, "room_not_open", "timer_not_running"), needs=_SEND),
    protocol.TimerResume: Answer(protocol.Sent, (*_LASTS, "room_not_open", "timer_not_paused"), needs=_SEND),
    protocol.TimerReset: Answer(protocol.Sent, (*_LASTS, "room_not_open", "no_timer"), needs=_SEND),
    protocol.EmoteShow: Answer(protocol.Done, _CALLS, needs=_SEND),
    protocol.CallJoin: Answer(
        protocol.CallIn, (*_CALLS, "room_not_open", "call_full", "peer_taken"), needs=_SEND
    ),
    protocol.CallLeave: Answer(protocol.Done, ("unavailable",)),
    protocol.CallSwitch: Answer(protocol.Done, (*_CALLS, "not_in_call"), needs=_SEND),
    protocol.CallTell: Answer(protocol.Done, (*_CALLS, "not_in_call", "peer_gone", "peer_away"), needs=_SEND),
    protocol.CallAsk: Answer(protocol.CallNow, ("room_not_open", "unavailable"), needs=_READ),
    protocol.TypingSet: Answer(protocol.Done, _CALLS, needs=_SEND),
}
