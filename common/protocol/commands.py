"""What clients ask for."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from common.protocol.values import (
    LONGEST_TIMER,
    MAX_ASKED,
    MAX_ATTACHMENTS,
    MAX_FOUND,
    MAX_PAGE,
    SHORTEST_TIMER,
    VERSION,
    AnySignal,
    ClientId,
    Emoji,
    EventSeq,
    Id,
    Kind,
    Mentions,
    Position,
    SearchText,
    Seq,
    Text,
    Token,
    Uuid,
    Word,
)


class Command(Struct, tag_field="type", kw_only=True, omit_defaults=True):
    """What every command has: an `id` of the client's choosing, when it wants an answer."""

    id: Id | None = None


class Hello(Command, tag="hello"):
    """The first frame: who I am (unless header or cookie said so), and where I was in each room."""

    token: Token | None = None
    version: int = VERSION
    language: Literal["en", "ko"] | None = None
    state: Word = "online"  # who comes back from a lost connection may still be away
    resume: dict[Uuid, Position] = msgspec.field(default_factory=dict)  # MAX_ROOMS at most


class AuthRefresh(Command, tag="auth.refresh"):
    """A newer access token of the same session; the connection lives on with it."""

    token: Token


class RoomOpen(Command, tag="room.open"):
    """Hear this room from now on; with `resume`, from there on."""

    room: Uuid
    resume: Position | None = None


class RoomClose(Command, tag="room.close"):
    """Stop hearing this room. Membership stays."""

    room: Uuid


class MessageSend(Command, tag="message.send"):
    """Say something. The same `client_id` of the same sender in the same room is the same message, however often sent.

    `reply_to` is the seq of the message this answers. `mentions` are members; `mention_all` is for moderators.
    `attachments` are confirmed uploads of one's own for this room, one at least for every `kind` but `text`, which has
    none: pictures for `image`, sounds for `audio`, anything for `file`. Then `text` may be empty.
    """

    room: Uuid
    client_id: ClientId
    text: Text
    reply_to: EventSeq | None = None
    mentions: Mentions = []
    mention_all: bool = False
    kind: Kind = "text"
    attachments: Annotated[list[Uuid], Meta(max_length=MAX_ATTACHMENTS)] = []


class Change(Command):
    """What all changes of a message have in common: the message `of`, and a `client_id` that names this change.

    A change is an event of its own, and answered as `message.send` is.
    """

    room: Uuid
    client_id: ClientId
    of: EventSeq


class MessageEdit(Change, tag="message.edit"):
    """Say it in other words; my own messages only. What was mentioned before is replaced, and nobody is told anew."""

    text: Text
    mentions: Mentions = []


class MessageDelete(Change, tag="message.delete"):
    """Take it back: mine, or as a moderator anybody's. A tombstone stays; what it said is gone for everybody."""


class ReactionAdd(Change, tag="reaction.add"):
    """One emoji, once a person. Adding it again is answered with the place of the first."""

    emoji: Emoji


class ReactionRemove(Change, tag="reaction.remove"):
    """Take my emoji back. Where there is none, the answer is the place of the last word on it, or `not_found`."""

    emoji: Emoji


class PinAdd(Change, tag="pin.add"):
    """Pin a message for all to see; moderators, or either person of a direct room. `MAX_PINS` at most."""


class PinRemove(Change, tag="pin.remove"):
    """Unpin it."""


class HistoryPage(Command, tag="history.page"):
    """Events before, after or around a seq, in order of seq; the newest when none is given.

    `only` leaves out all but messages that are pictures.
    """

    room: Uuid
    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50
    only: Literal["images"] | None = None


class HistoryThread(Command, tag="history.thread"):
    """The message `of`, and the replies to it before or after a seq, in order; the newest when none is given."""

    room: Uuid
    of: EventSeq
    before: Seq | None = None
    after: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50


class HistoryPins(Command, tag="history.pins"):
    """The messages that are pinned, what was pinned last first; `before` is the seq of a pin, as its state tells it."""

    room: Uuid
    before: Seq | None = None


class HistorySearch(Command, tag="history.search"):
    """Messages whose present text has all the words of `text`, each anywhere inside a word, whatever the case; the newest first.

    `before` is `next` of the page before.
    """

    room: Uuid
    text: SearchText
    before: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_FOUND)] = 20


class HistoryEdits(Command, tag="history.edits"):
    """For moderators: a message as it was first, and its edits, in order; the newest when `before` is not given."""

    room: Uuid
    of: EventSeq
    before: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50


class TypingSet(Command, tag="typing"):
    """I am typing, or have stopped. Said every few seconds for as long as it is so; most of that is not passed on."""

    room: Uuid
    on: bool


class ReadMark(Command, tag="read.mark"):
    """I have read everything up to and with the message `mseq`. It never goes back, nor beyond what the room has had.

    Saying something marks what stood before it as read.
    """

    room: Uuid
    mseq: Seq


class CallJoin(Command, tag="call.join"):
    """Come into the room's call with this device; the room is open. One connection has one peer in a room's call.

    `peer` is an id of the client's own making. Joining again with it, over whichever connection and replica, takes up the
    same place, and nobody hears that it was left; so it may be repeated after any failure, and is to be repeated when a
    connection is back. Without one the server makes it. Who is muted joins with both off.
    """

    room: Uuid
    peer: Uuid | None = None
    mic: bool = False
    camera: bool = False


class CallLeave(Command, tag="call.leave"):
    """Leave the call. Closing the room does so, too."""

    room: Uuid


class CallSwitch(Command, tag="call.media"):
    """I turned my microphone or my camera on or off."""

    room: Uuid
    mic: bool
    camera: bool


class CallTell(Command, tag="call.signal"):
    """Tell another peer of the call something, `MAX_SIGNAL` bytes at most. Peers hear each other's in order.

    It is told to the connection that speaks for the peer at that moment, and not again: an offer that nobody answers within
    some seconds is best made anew.
    """

    room: Uuid
    to: Uuid
    data: AnySignal


class CallAsk(Command, tag="call.state"):
    """Who is in the call, for whoever missed a change: their versions follow one another."""

    room: Uuid


class EmoteShow(Command, tag="emote"):
    """Show an emoji on my tile for a moment: any one, or `happy`, `love`, `bad` or `sad`. It is not kept."""

    room: Uuid
    emoji: Emoji


class TimerCommand(Command):
    """What all that is done to a room's timer has in common: the room, which is open, and a `client_id` that names it.

    It is an event of the room, and answered as `message.send` is. What two do at the same moment takes effect in the order
    of their events: see `timer`.
    """

    room: Uuid
    client_id: ClientId


class TimerStart(TimerCommand, tag="timer.start"):
    """Start the room's one timer, when there is none or it has ended. From a second to a day."""

    duration_ms: Annotated[int, Meta(ge=SHORTEST_TIMER, le=LONGEST_TIMER)]


class TimerPause(TimerCommand, tag="timer.pause"):
    """Stop it; it can be resumed."""


class TimerResume(TimerCommand, tag="timer.resume"):
    """Let it run on."""


class TimerReset(TimerCommand, tag="timer.reset"):
    """Have no timer."""


class PresenceSet(Command, tag="presence.set"):
    """I am at this device, or away from it. A person is away when all of their devices are; a lost one has no say."""

    state: Word


class PresenceQuery(Command, tag="presence.query"):
    """Who of these people is here, as far as I may know."""

    users: Annotated[list[Uuid], Meta(min_length=1, max_length=MAX_ASKED)]


class OnlineWatch(Command, tag="online.watch"):
    """How many people are here, over all rooms: tell me now and, with `on`, whenever it changes."""

    on: bool = True


class Ping(Command, tag="ping"):
    """Are you there, and what time is it?"""


AnyChange = MessageEdit | MessageDelete | ReactionAdd | ReactionRemove | PinAdd | PinRemove
AnyTimerCommand = TimerStart | TimerPause | TimerResume | TimerReset
AnyCallCommand = CallJoin | CallLeave | CallSwitch | CallTell | CallAsk
AnyCommand = (
    Hello
    | AuthRefresh
    | RoomOpen
    | RoomClose
    | MessageSend
    | AnyChange
    | HistoryPage
    | HistoryThread
    | HistoryPins
    | HistorySearch
    | HistoryEdits
    | TypingSet
    | PresenceSet
    | PresenceQuery
    | OnlineWatch
    | ReadMark
    | AnyTimerCommand
    | EmoteShow
    | AnyCallCommand
    | Ping
)
