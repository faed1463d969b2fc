"""The wire between a client and chatd: every command, reply and push as a Struct.

JSON text frames, one object a frame; `type` is the tag. Unknown fields are ignored, so that fields can be added; an
unknown type is answered with an error. A command may carry `id`; then exactly one `reply` carries the same. Times are
whole milliseconds since 1970 UTC, durations end in `_ms`, ids of people, rooms and sessions are UUID text.

A **position** `{epoch, seq}` is a reader's place in a room: `seq` counts the room's lasting events from 1 without a
hole; `epoch` changes when the bus had to begin anew, and a position of another epoch proves nothing.

An **event** is what lasts: it has a `seq`, it is stored before its sender hears of it, and it is replayed to whoever
comes back; every other push is news of the moment.

A **state** is what a message has become: its text after edits, its tombstone, its reactions, its pin, how many replied.
Events are never changed, but that what was deleted is blank from then on. A client that applies `message.edited`,
`message.deleted`, `reaction` and `pin` to the message `of` holds the same state as the server tells on a page: of two
edits the one with the higher `seq` counts, of two changes of one person's reaction likewise, and nothing counts for a
message that was deleted, before or after.

It is one long module on purpose: the wire is read as a whole, by whoever writes a client, and nothing in it acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from common.units import KIB

VERSION: Final = 1
MAX_FRAME: Final = 64 * KIB
MAX_TEXT: Final = 4000  # characters
MAX_ROOMS: Final = 200  # open on one connection
MAX_PAGE: Final = 100  # events in a page of history
MAX_FOUND: Final = 50  # messages in a page of a search
MAX_MENTIONS: Final = 50  # people named in a message; more are `mention_all`
MAX_ATTACHMENTS: Final = 10  # to a message
MAX_EMOJI: Final = 32  # bytes of UTF-8
MAX_EMOJIS: Final = 20  # different ones on a message
MAX_PINS: Final = 50  # in a room
MAX_REACTORS: Final = 50  # told by name for an emoji; all are counted
MAX_ASKED: Final = 200  # people in one question about their presence
MAX_PARTICIPANTS: Final = 500  # people in the list of who is here that a room opens with
SHORTEST_TIMER: Final = 1000  # ms
MAX_SIGNAL: Final = 16 * KIB  # bytes of what one peer of a call tells another
LONGEST_TIMER: Final = 24 * 60 * 60 * 1000  # ms

Id = Annotated[str, Meta(min_length=1, max_length=64)]
# In Python's patterns `$` also stands before a newline at the end; in those of JSON Schema it does not.
Uuid = Annotated[str, Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", max_length=36)]
ClientId = Annotated[str, Meta(min_length=8, max_length=64, pattern="^[0-9A-Za-z_.-]+(?!\\n)$")]
Seq = Annotated[int, Meta(ge=0, lt=10**12)]
EventSeq = Annotated[int, Meta(ge=1, lt=10**12)]  # of an event that exists
Text = Annotated[
    str, Meta(max_length=MAX_FRAME)
]  # counted and judged by the rules, with answers of their own
SearchText = Annotated[str, Meta(min_length=1, max_length=100, examples=["국밥"])]
Emoji = Annotated[str, Meta(min_length=1, max_length=MAX_EMOJI)]
Mentions = Annotated[list[Uuid], Meta(max_length=MAX_MENTIONS)]
Kind = Literal["text", "image", "file", "audio"]  # of what people say
MessageKind = Literal["text", "image", "file", "audio", "system"]
Token = Annotated[str, Meta(min_length=1, max_length=8 * KIB)]
Word = Literal["online", "away"]
PresenceState = Literal["online", "away", "offline"]
TimerPhase = Literal["none", "running", "paused", "ended"]


class Position(Struct, frozen=True):
    """A place in a room: everything up to and with `seq` is known."""

    epoch: Annotated[str, Meta(min_length=1, max_length=32)]
    seq: Seq


class Participant(Struct):
    """A member of a room who is here."""

    user: str
    state: Word


class TimerState(Struct, omit_defaults=True):
    """A room's timer after the event `seq` (0: after none): events of the timer up to there change it no more.

    It is exact by the server's time, which `welcome` and `ping` tell: a running one has `ends_at - now` left, and shows 0
    after that. `ends_at` is there while it runs and when it has ended, `remaining_ms` while it is paused. `run` is the
    seq of the event that has set it running, `by` who did the last thing to it.
    """

    seq: int
    phase: TimerPhase
    duration_ms: int = 0
    ends_at: int | None = None
    remaining_ms: int | None = None
    run: int = 0
    by: str | None = None


class CallPeer(Struct):
    """A device in a call. `peer` names it, `user` is whose it is; a person may be in a call with several."""

    peer: str
    user: str
    mic: bool
    camera: bool
    joined_at: int


class CallNow(Struct):
    """A room's call after its change `version` (0: none yet): who is in it, in the order in which they came."""

    version: int
    peers: list[CallPeer]


class IceServer(Struct, omit_defaults=True):
    """Servers for a browser's `RTCPeerConnection`, as its `iceServers` take them."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


Sdp = Annotated[str, Meta(min_length=1, max_length=MAX_SIGNAL)]


class SignalOffer(Struct, tag_field="kind", tag="offer"):
    """What I would send and take (RFC 8829)."""

    sdp: Sdp


class SignalAnswer(Struct, tag_field="kind", tag="answer"):
    """What I take of your offer."""

    sdp: Sdp


class SignalCandidate(Struct, tag_field="kind", tag="candidate", omit_defaults=True):
    """An address at which I may be reached (RFC 8838), of the part `sdp_mid` or the `sdp_line`th; empty after the last."""

    candidate: Annotated[str, Meta(max_length=4 * KIB)]
    sdp_mid: Annotated[str, Meta(max_length=64)] | None = None
    sdp_line: Annotated[int, Meta(ge=0, le=1000)] | None = None
    username_fragment: Annotated[str, Meta(max_length=256)] | None = None


AnySignal = SignalOffer | SignalAnswer | SignalCandidate


# --- commands ---------------------------------------------------------------------------------------------------------


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
    """Stop it for now."""


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


# --- pushes: events ---------------------------------------------------------------------------------------------------


class Event(Struct, tag_field="type", kw_only=True, omit_defaults=True):
    """A lasting event of a room. `at` is the bus's clock at the moment it took its place."""

    seq: int
    at: int
    room: str


class Attachment(Struct, omit_defaults=True):
    """A file: its upload id, its size in bytes, and of a picture its width and height in pixels."""

    id: str
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


class SystemWord(Struct, omit_defaults=True):
    """What a room says by itself: a code, one of those in this document, and what it is about, to be said in one's language."""

    code: str
    params: dict[str, str | int] = {}


class Message(Event, tag="message"):
    """Somebody said something. `mseq` counts messages alone, for unread counts.

    `origin` is there when no person said it: a bot, which is its `sender`, or a room's incoming webhook, whose id is the
    `sender` and which calls itself `name`.

    The kind `system` is the room's own word, with no sender (''): `system` says what, and `text` says it for whoever does
    not know the code. It counts as unread as any message does, mentions nobody, and no search finds it. Nobody can send it.

    What was deleted has an empty `text`, carries nothing and mentions nobody, wherever it is read from then on.
    """

    mseq: int
    sender: str
    client_id: str
    text: str
    reply_to: int | None = None
    mentions: list[str] = []
    mention_all: bool = False
    kind: MessageKind = "text"
    attachments: list[Attachment] = []
    origin: Literal["bot", "hook"] | None = None
    name: str | None = None
    system: SystemWord | None = None


class MessageEdited(Event, tag="message.edited"):
    """The message `of` says something else now."""

    of: int
    text: str
    by: str
    mentions: list[str] = []


class MessageDeleted(Event, tag="message.deleted"):
    """The message `of` is gone; its place stays."""

    of: int
    by: str


class Reaction(Event, tag="reaction"):
    """A person's emoji came onto the message `of`, or went."""

    of: int
    emoji: str
    change: Literal["added", "removed"]
    user: str


class Pin(Event, tag="pin"):
    """The message `of` was pinned or unpinned."""

    of: int
    change: Literal["pinned", "unpinned"]
    by: str


MemberChange = Literal["joined", "left", "kicked", "banned", "unbanned", "muted", "unmuted", "role"]


class Member(Event, tag="member", omit_defaults=True):
    """Somebody joined or left, or may do more or less than before. `name` is the nickname at that moment.

    `role` is the new one, with the change `role`; `until` (ms since 1970 UTC) when a mute ends, or a ban that does. `by`
    is who did it when it was another.
    """

    user: str
    name: str
    change: MemberChange
    role: Literal["owner", "moderator", "member"] | None = None
    until: int | None = None
    by: str | None = None


class RoomChange(Event, tag="room", omit_defaults=True):
    """The room itself changed: its fields that did, with their new values. `slow_mode` is in seconds, 0 for off."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    category: str | UnsetType | None = UNSET
    tags: list[str] | UnsetType = UNSET
    capacity: int | UnsetType = UNSET
    visibility: Literal["public", "private", "secret"] | UnsetType = UNSET
    history: Literal["joined", "all"] | UnsetType = UNSET
    slow_mode: int | UnsetType = UNSET
    by: str | None = None


class Timer(Event, tag="timer", omit_defaults=True):
    """Something happened to the room's timer. Whoever applies these to it, in their order, has the timer of everybody:

    - `started` (with `duration_ms`): it runs, and ends at `at + duration_ms`, whatever was before;
    - `paused`, while it runs and is not over: it stands still, with `ends_at - at` left;
    - `resumed`, while it is paused: it runs, and ends at `at` and what was left;
    - `reset`: there is none;
    - `ended`, while it runs by the event `run`: it is over, and was at its `ends_at`, whether this came then or later.

    What stands where its condition is not met does nothing, which happens when two act at the same moment. A running
    timer is over at its `ends_at` in any case; `ended` says so to all, once.
    """

    change: Literal["started", "paused", "resumed", "reset", "ended"]
    by: str | None = None
    duration_ms: int | None = None
    run: int | None = None


class Void(Event, tag="void"):
    """Nothing: a seq that was taken by a second copy of a message. With `of`, forget the event of that seq, too."""

    of: int | None = None


AnyEvent = Message | MessageEdited | MessageDeleted | Reaction | Pin | Member | RoomChange | Timer | Void


def event(document: Mapping[str, Any]) -> AnyEvent:
    """The event in a stored document; fields that only the log needs are left out."""
    found: AnyEvent = msgspec.convert(document, AnyEvent)
    return found


# --- pushes: news of the moment ---------------------------------------------------------------------------------------


class Push(Struct, tag_field="type", kw_only=True, omit_defaults=True):
    """News that does not last."""


class Welcome(Push, tag="welcome"):
    """Hello was accepted. `expires_at` is the token's end; the server pings about every `heartbeat_ms`."""

    connection: str
    user: str
    session: str
    expires_at: int
    now: int
    heartbeat_ms: int
    version: int = VERSION


class Opened(Push, tag="opened"):
    """A room of `hello.resume` is open; what was missed follows. The same body answers `room.open`."""

    room: str
    position: Position
    participants: list[Participant]
    online: int
    away: int
    timer: TimerState | None = None
    call: CallNow | None = None


class Closed(Push, tag="closed"):
    """A room is no longer open on this connection, and why: the code of an error, as `not_a_member`."""

    room: str
    code: str


class Reset(Push, tag="reset"):
    """What this client holds of the room cannot be continued: forget it, load history, go on from `position`."""

    room: str
    position: Position
    reason: Literal["behind", "epoch", "hole"]


class TimerNow(Push, tag="timer.now"):
    """The timer of a room I have open, for whoever cannot know it from events: after a `reset`, or when the room was
    opened while it could not be read."""

    room: str
    timer: TimerState


class CallChange(Push):
    """What changes of a call in a room I have open have in common: the change `version`, after which there are `count` peers.

    Who knows the call after `version - 1` knows it now; who does not asks with `call.state`, unless it is the first to
    come or the last to go.
    """

    room: str
    version: int
    count: int
    at: int
    peer: str
    user: str


class CallJoined(CallChange, tag="call.joined"):
    """A peer came into the call, at `at`."""

    mic: bool
    camera: bool


class CallLeft(CallChange, tag="call.left"):
    """A peer left the call, or was `lost`: nothing was heard of it for a while."""

    why: Literal["left", "lost"]


class CallMedia(CallChange, tag="call.media"):
    """A peer turned its microphone or camera on or off."""

    mic: bool
    camera: bool


AnyCallChange = CallJoined | CallLeft | CallMedia


class CallState(Push, tag="call.state"):
    """Who is in the call of a room I have open, for all who cannot know it from its changes."""

    room: str
    call: CallNow


class CallSignal(Push, tag="call.signal"):
    """The peer `from_peer`, which is `user`'s, tells my `peer` something."""

    room: str
    peer: str
    from_peer: str
    user: str
    data: AnySignal


class CallEnded(Push, tag="call.ended"):
    """My `peer` is in the call no more, by this connection: it is another connection's (`elsewhere`), or was `lost`.

    What was lost is to be joined again, with the same `peer`: the others may not even have noticed.
    """

    room: str
    peer: str
    why: Literal["lost", "elsewhere", "expelled"]


class Presence(Push, tag="presence"):
    """Somebody whose presence you may know came, turned away, or went: a friend, or one who shares an open room with you.

    `at` is when it was told; `last_seen`, of one who is offline, when the last of their connections ended.
    """

    user: str
    state: PresenceState
    at: int
    last_seen: int | None = None


class Online(Push, tag="online"):
    """How many people are here, over all rooms; for whoever asked with `online.watch`, every few seconds at most."""

    count: int


class Notice(Push, tag="notice"):
    """Admins published a notice, changed it or withdrew it. `ko` and `en` are its titles; the whole of it is had over HTTP.

    Everybody hears it, a few seconds late at most. `at` is when it was published.
    """

    notice: str
    change: Literal["published", "changed", "withdrawn"]
    pinned: bool
    ko: str
    en: str
    at: int


class Profile(Push, tag="profile"):
    """Somebody who shares a room with me, is on my list of friends, or is me, is called otherwise or looks otherwise.

    `avatar` is the id of an upload. What is left out is none.
    """

    user: str
    nickname: str
    avatar: str | None = None
    status: str = ""


class Typing(Push, tag="typing"):
    """Somebody types in a room I have open, until `expires_in_ms` from now, or has stopped. Their message ends it, too."""

    room: str
    user: str
    on: bool
    expires_in_ms: int = 0


class Emote(Push, tag="emote"):
    """Somebody shows an emoji, mine too, in a room I have open: on their tile, for three seconds."""

    room: str
    user: str
    emoji: str
    at: int


class Read(Push, tag="read"):
    """Somebody else has read a room I have open up to the message `mseq`. Rooms of more than 200 are not told.

    Who says something has read what stood before it, which is not told besides.
    """

    room: str
    user: str
    mseq: int


class PersonalRoom(Push, tag="personal.room"):
    """My own membership changed, here or on another device; `role` and `until` are as in `member`.

    `archived`: the room was closed for good. Whoever is out of a room forgets the presence of those known from there alone:
    nothing more is told of them. Those who stay are told that I am offline, unless they may know of me from elsewhere.
    """

    room: str
    change: MemberChange | Literal["archived"]
    role: Literal["owner", "moderator", "member"] | None = None
    until: int | None = None


class PersonalInvitation(Push, tag="personal.invitation"):
    """Somebody asked me into a room. `name` is who asked, as he is called; `invitation` is to be accepted over HTTP."""

    invitation: str
    room: str
    title: str
    by: str
    name: str


class PersonalApplication(Push, tag="personal.application"):
    """My application to be a mentor was decided; `reason` is why it was rejected.

    When it was authorized I may do more from now on: a new access token says so over HTTP, too.
    """

    application: str
    state: Literal["authorized", "rejected"]
    reason: str = ""


ClassChange = Literal["opened", "admitted", "closed", "called_off"]


class PersonalClass(Push, tag="personal.class"):
    """News of the class `of`. `opened`: a mentor whom I follow gives it; `admitted`: I came off the waiting list, paid, and am
    in; `closed`: I waited in vain; `called_off`: it does not take place, and what I paid is refunded."""

    of: str
    title: str
    mentor: str
    name: str
    starts_at: int
    change: ClassChange


BoardChange = Literal["answered", "commented", "replied", "chosen"]


class PersonalBoard(Push, tag="personal.board"):
    """Somebody did something about a post of mine on the board, at the question of this `title`. `answered`: my question, by
    the answer `post`; `commented`: my question or answer, by the comment `post`; `replied`: my comment, by that one;
    `chosen`: my answer `post` is the best one, and I was given points for it."""

    question: str
    title: str
    post: str
    by: str
    name: str
    change: BoardChange


class PersonalRelation(Push, tag="personal.relation"):
    """I put somebody on a list of mine or took them off, here or on another device."""

    user: str
    kind: Literal["friend", "favourite", "hidden", "blocked"]
    change: Literal["added", "removed"]


class PersonalRead(Push, tag="personal.read"):
    """How far I have read a room, here or on another device: up to `mseq`, with so much unread after it.

    `mentions` counts to 100; without it, it could not be known.
    """

    room: str
    mseq: int
    unread: int
    mentions: int | None = None


class PersonalMessage(Push, tag="personal.message"):
    """Something was said in a room of mine that I have not open here: its newest message, told once a second at most.

    The room has had `mseq` messages: what is above the last that I have read is unread. My own have been read.
    """

    room: str
    seq: int
    mseq: int
    at: int
    sender: str


class PersonalMention(Push, tag="personal.mention"):
    """Somebody mentions me, or everybody, in a room of mine that I have not open here."""

    room: str
    seq: int
    mseq: int
    by: str


class PersonalExpiring(Push, tag="personal.expiring"):
    """The token ends at `expires_at`; `auth.refresh` renews it without reconnecting."""

    expires_at: int


class Reconnect(Push, tag="reconnect"):
    """This replica is going away: come back after this long, to any replica, with your positions."""

    after_ms: int


AnyPush = (
    Welcome
    | Opened
    | Closed
    | Reset
    | TimerNow
    | AnyCallChange
    | CallState
    | CallSignal
    | CallEnded
    | Presence
    | Online
    | Notice
    | Profile
    | Typing
    | Emote
    | Read
    | PersonalRoom
    | PersonalRead
    | PersonalMessage
    | PersonalMention
    | PersonalInvitation
    | PersonalApplication
    | PersonalClass
    | PersonalBoard
    | PersonalRelation
    | PersonalExpiring
    | Reconnect
)


# --- replies ----------------------------------------------------------------------------------------------------------


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

    `replies` counts to 1000 at most.
    """

    seq: int
    edited: Edited | None = None
    deleted: Marked | None = None
    pinned: Marked | None = None
    reactions: list[Reactions] = []
    replies: int = 0


class Page(Struct, omit_defaults=True):
    """A page of history: events in order of seq; `more` when there are others beyond, in the direction asked.

    Backward when no direction is said. Around a seq, `more` is about older ones and `newer` about newer ones. A thread begins
    with its message, whichever replies follow. `states` holds what the messages among the events have become, of those
    that something happened to.
    """

    events: list[AnyEvent]
    more: bool
    newer: bool = False
    states: list[State] = []


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
