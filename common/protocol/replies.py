"""What commands are answered with."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from common.protocol.events import AnyEvent
from common.protocol.values import CallNow, IceServer, Participant, Position, PresenceState, TimerState


class Error(Struct, omit_defaults=True):
    """Why not: a stable code, a sentence for people, and whether (and when) to try again."""

    code: str
    message: str
    temporary: bool = False
    retry_after_ms: int | None = None


class Sent(Struct):
    """A message or a change is stored: its place and its time. The same answer for every retry."""

    seq: int
    mseq: int
    at: int


class RoomOpened(Struct, omit_defaults=True):
    """`room.open`: events after `position` follow.

    `participants` are the members who are here, at most 500, those who are not away first; `online` and `away` count all.
    `timer` and `call` are the room's as they are now, which may be later than `position`; without them, `timer.now` and
    `call.state` will tell.
    """

    room: str
    position: Position
    participants: list[Participant]
    online: int
    away: int
    timer: TimerState | None = None
    call: CallNow | None = None


class Edited(Struct, omit_defaults=True):
    """What a message says since an edit."""

    seq: int
    at: int
    text: str
    mentions: list[str] = []


class Marked(Struct):
    """By which event, when and by whom a message was deleted or pinned."""

    seq: int
    at: int
    by: str


class Reactions(Struct, omit_defaults=True):
    """An emoji on a message: how many people, the first `MAX_REACTORS` of them, and whether the reader is one."""

    emoji: str
    count: int
    users: list[str]
    mine: bool = False


class State(Struct, omit_defaults=True):
    """What the message `seq` has become. What was deleted is that and no more, but for its replies.

    `replies` counts to 1000 at most; `replied` is the seq of the last reply that it counts: those after it come on top.
    """

    seq: int
    edited: Edited | None = None
    deleted: Marked | None = None
    pinned: Marked | None = None
    reactions: list[Reactions] = []
    replies: int = 0
    replied: int = 0


class Page(Struct, omit_defaults=True):
    """A page of history: events in order of seq; `more` when there are others beyond, in the direction asked.

    Backward when no direction is said. Around a seq, `more` is about older ones and `newer` about newer ones. A thread begins
    with its message, whichever replies follow. `states` holds what the messages among the events have become, of those
    that something happened to; in them is all that happened up to the seq `as_of`, and perhaps something later. What was
    heard after that seq, before the page came, is not to be undone by it. Over HTTP it is not told.
    """

    events: list[AnyEvent]
    more: bool
    newer: bool = False
    states: list[State] = []
    as_of: int | None = None


class Found(Struct, omit_defaults=True):
    """`history.search`: messages, the newest first, and what they have become.

    A message is as new as its present text. `next` is where to go on, even when nothing was found yet: one search does a
    bounded amount of work. Without it everything was looked through.
    """

    events: list[AnyEvent]
    next: int | None = None
    states: list[State] = []


class ReadUpTo(Struct):
    """`read.mark` is stored: how far I have read, which may be further."""

    mseq: int


class PersonState(Struct, omit_defaults=True):
    """What may be known of somebody. Who hides from me is offline, without `last_seen`."""

    user: str
    state: PresenceState
    last_seen: int | None = None


class PresenceStates(Struct):
    """`presence.query`: everybody who was asked for, once, in that order."""

    people: list[PersonState]


class CallIn(Struct):
    """`call.join`: in the call as `peer`, and how to reach the others. Who is in already waits to be offered something by
    who came later, so that no two offer to each other at once."""

    peer: str
    call: CallNow
    ice_servers: list[IceServer]


class OnlineCount(Struct):
    """`online.watch`: how many people are here now."""

    count: int


class Pong(Struct):
    """`ping`: the server's time."""

    now: int


class Refreshed(Struct):
    """`auth.refresh`: the new end."""

    expires_at: int


class Done(Struct):
    """There is nothing more to say."""


Ok = (
    Sent
    | CallIn
    | CallNow
    | RoomOpened
    | Page
    | Found
    | ReadUpTo
    | PresenceStates
    | OnlineCount
    | Pong
    | Refreshed
    | Done
)


class Reply(Struct, tag_field="type", tag="reply", omit_defaults=True):
    """The one answer to a command that carried `id`: `ok` or `error`. Which Struct `ok` is depends on the command.

    What is no command is answered, too; with an empty `id` when none could be read.
    """

    id: str
    ok: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error: Error | None = None
