"""What is told once, to whoever is there: it has no place in a sequence, and is not replayed."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from common.protocol.events import MemberChange
from common.protocol.values import (
    VERSION,
    AnySignal,
    CallNow,
    Participant,
    Position,
    PresenceState,
    TimerState,
)


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

    `avatar` is the id of an upload, `badge` the key of the badge they show. What is left out is none.
    """

    user: str
    nickname: str
    avatar: str | None = None
    status: str = ""
    badge: str | None = None


class Typing(Push, tag="typing"):
    """Somebody types in a room I have open, until `expires_in_ms` from now, or has stopped. Their message ends it, too."""

    room: str
    user: str
    on: bool
    expires_in_ms: int = 0


class Emote(Push, tag="emote"):
    """Somebody shows an emoji, mine too, in a room I have open: on their tile, for three seconds. Not across a block."""

    room: str
    user: str
    emoji: str
    at: int


class Read(Push, tag="read"):
    """Somebody else has read a room I have open up to the message `mseq`. Rooms of more than 200 are not told, nor is
    anybody across a block.

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


ClassChange = Literal["opened", "admitted", "moved", "closed", "called_off"]


class PersonalClass(Push, tag="personal.class"):
    """News of the class `of`. `opened`: a mentor whom I follow gives it; `admitted`: I came off the waiting list, paid, and am
    in; `moved`: what I registered for, or wait for, begins at another time; `closed`: I waited in vain; `called_off`: it does
    not take place, and what I paid is refunded."""

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


BadgeChange = Literal["awarded", "taken_back"]


class PersonalBadge(Push, tag="personal.badge"):
    """I was awarded a badge, or an admin took one back that had been granted. `badge` is its key, `ko` and `en` its names."""

    badge: str
    ko: str
    en: str
    change: BadgeChange
    at: int


MatchCategory = Literal["study", "meal"]
ApplicationChange = Literal["waiting", "cancelled", "expired"]
MatchOrigin = Literal["post", "random"]


class MatchPerson(Struct):
    """Somebody in a match, and what they are called."""

    user: str
    name: str


class PersonalMatch(Push, tag="personal.match"):
    """I am matched: with these people, me among them, to meet about `title` at `meets_at`; `room` is ours, and I am in it.
    `title_en` is the title in English, where nobody wrote it."""

    match: str
    category: MatchCategory
    origin: MatchOrigin
    title: str
    room: str
    meets_at: int
    people: list[MatchPerson]
    title_en: str | None = None


class PersonalApplied(Push, tag="personal.applied"):
    """I look for company at random, here or on another device, until `expires_at`; or do so no more: I cancelled it, or
    nobody came who fits. When somebody does, `personal.match` says so instead."""

    application: str
    category: MatchCategory
    change: ApplicationChange
    expires_at: int


PostChange = Literal["joined", "left", "commented", "changed", "cancelled", "over", "left_out"]


class PersonalPost(Push, tag="personal.post"):
    """News of a post that looks for company, which I wrote or am in. `joined`, `left`, `commented`, `changed`, `cancelled`:
    somebody did that, by their `mark` there, and by name where it is not anonymous; an admin who cancels it has neither.
    `over`: nobody confirmed it in time; `left_out`: it was confirmed without me."""

    post: str
    title: str
    change: PostChange
    mark: int | None = None
    by: str | None = None
    name: str | None = None


class PersonalRelation(Push, tag="personal.relation"):
    """I put somebody on a list of mine or took them off, here or on another device."""

    user: str
    kind: Literal["friend", "favourite", "hidden", "blocked"]
    change: Literal["added", "removed"]


class PersonalAccount(Push, tag="personal.account"):
    """My account was changed, here or on another device: a contact, the password, or who else vouches for me at log-in."""

    change: Literal["email", "phone", "password", "linked", "unlinked"]


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
    | PersonalBadge
    | PersonalMatch
    | PersonalApplied
    | PersonalPost
    | PersonalRelation
    | PersonalAccount
    | PersonalExpiring
    | Reconnect
)
