"""Where things stand: shards, stream ids, and the events that travel between Redis, MongoDB and readers."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple
from zlib import crc32

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol import Attachment, MemberChange, MessageKind, SystemWord

SHARDS: Final = 16  # streams on the bus; part of the stored layout, so a change of it is a migration
ERASED: Final = (
    "mentions",
    "mention_all",
    "kind",
    "attachments",
    "system",
)  # of a deleted message, beside its text
FAR: Final = 10**12 - 1  # no seq is higher

StreamId = tuple[int, int]


def shard_of(room: str) -> int:
    """The shard whose stream carries this room."""
    return crc32(room.encode()) % SHARDS


def parse_stream_id(text: bytes) -> StreamId:
    """`b"1700000000000-3"` as `(1700000000000, 3)`, which compares as the server does."""
    millisecond, _, number = text.partition(b"-")
    return int(millisecond), int(number or 0)


def key_of(room: str, seq: int) -> str:
    """The primary key of an event: sorts by seq within a room, as text."""
    return f"{room}:{seq:012d}"


# --- the body of an event: everything but its place -------------------------------------------------------------------


class Body(Struct, tag_field="type", kw_only=True):
    """`sender` and `client_id` name an event before it has a place: one of each in a room, ever."""

    room: str
    sender: str
    client_id: str


class MessageBody(Body, tag="message", omit_defaults=True):
    """A message's words; `origin` when no person said them, and then perhaps the `name` they were said under.

    What a room says by itself is of the kind `system` and has no sender.
    """

    text: str
    reply_to: Annotated[int, Meta(ge=1)] | None = None
    mentions: list[str] = []
    mention_all: bool = False
    kind: MessageKind = "text"
    attachments: list[Attachment] = []
    origin: Literal["bot", "hook"] | None = None
    name: str | None = None
    system: SystemWord | None = None


class ChangeBody(Body):
    """Something happened to the message `of`."""

    of: Annotated[int, Meta(ge=1)]


class EditBody(ChangeBody, tag="message.edited", omit_defaults=True):
    """Other words."""

    text: str
    by: str
    mentions: list[str] = []


class DeleteBody(ChangeBody, tag="message.deleted"):
    """It is gone."""

    by: str


class ReactionBody(ChangeBody, tag="reaction"):
    """A person's emoji came or went."""

    emoji: str
    change: Literal["added", "removed"]
    user: str


class PinBody(ChangeBody, tag="pin"):
    """It was pinned or unpinned."""

    change: Literal["pinned", "unpinned"]
    by: str


class MemberBody(Body, tag="member", omit_defaults=True):
    """A change of membership; `client_id` is the id of the control feed's entry."""

    user: str
    name: str
    change: MemberChange
    role: Literal["owner", "moderator", "member"] | None = None
    until: int | None = None
    by: str | None = None


class RoomBody(Body, tag="room", omit_defaults=True):
    """A change of the room itself; `client_id` is the id of the control feed's entry."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    category: str | UnsetType | None = UNSET
    tags: list[str] | UnsetType = UNSET
    capacity: int | UnsetType = UNSET
    visibility: Literal["public", "private", "secret"] | UnsetType = UNSET
    history: Literal["joined", "all"] | UnsetType = UNSET
    slow_mode: int | UnsetType = UNSET
    image: str | UnsetType | None = UNSET
    by: str | None = None


class TimerBody(Body, tag="timer", omit_defaults=True):
    """Something done to the room's timer; by nobody, when it has ended."""

    change: Literal["started", "paused", "resumed", "reset", "ended"]
    by: str | None = None
    duration_ms: int | None = None
    run: int | None = None


class VoidBody(Body, tag="void", omit_defaults=True):
    """A place that holds nothing; with `of`, the event of that seq is to be forgotten."""

    of: Annotated[int, Meta(ge=1)] | None = None


AnyBody = (
    MessageBody
    | EditBody
    | DeleteBody
    | ReactionBody
    | PinBody
    | MemberBody
    | RoomBody
    | TimerBody
    | VoidBody
)

_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(dict[str, Any])


class Claim(NamedTuple):
    """What the place of an event hangs on where a limit counts: that no other replica changed the `tally` (a name within
    the room, without a space) after the place in the stream that was `seen`, or, where that is None, nothing.

    `by` names the replica, which knows of its own changes. `changes`: whether the event changes the tally. Kept for ten
    minutes; by then what a change did is known to everybody who reads the states of messages.
    """

    tally: str
    by: str
    changes: bool
    seen: StreamId | None

    def __str__(self) -> str:
        seen = "*" if self.seen is None else "{}-{}".format(*self.seen)
        return f"{self.tally} {self.by} {self.changes:d} {seen}"


class Draft(NamedTuple):
    """An event on its way to a place."""

    room: str
    sender: str
    client_id: str
    body: bytes
    counted: bool  # whether it moves mseq
    pace_ms: int = 0  # how long the sender has to have been silent, where slow mode is on
    claim: Claim | None = None  # instead, where a limit counts

    @classmethod
    def of(cls, body: AnyBody) -> Draft:
        """The draft of this body."""
        return cls(
            body.room, body.sender, body.client_id, _encoder.encode(body), isinstance(body, MessageBody)
        )


class Entry(NamedTuple):
    """An event in its place on the bus. `id` is its stream id, whose first half is its time.

    One without a room is no event: its shard's `epoch` begins there.
    """

    id: bytes
    room: str
    seq: int
    mseq: int
    epoch: str
    body: bytes

    @property
    def at(self) -> int:
        """Milliseconds since 1970 UTC by the bus's clock."""
        return int(self.id.partition(b"-")[0])

    def payload(self) -> bytes:
        """The event as a client reads it: its place spliced into the encoded body, which is not decoded for that."""
        return b'{"seq":%d,"mseq":%d,"at":%b,%b' % (
            self.seq,
            self.mseq,
            self.id.partition(b"-")[0],
            self.body[1:],
        )

    def blank(self) -> Entry:
        """The same without its words: what is read of it once the message was deleted."""
        body = _decoder.decode(self.body)
        for name in ERASED:
            body.pop(name, None)
        return self._replace(body=_encoder.encode({**body, "text": ""}))

    def document(self) -> dict[str, Any]:
        """The event as it is stored."""
        document = _decoder.decode(self.body)
        document["_id"] = key_of(self.room, self.seq)
        document["seq"] = self.seq
        document["mseq"] = self.mseq
        document["at"] = self.at
        return document


def beginning(entry_id: bytes, epoch: str) -> Entry:
    """The entry that says: from here on, `epoch`."""
    return Entry(entry_id, "", 0, 0, epoch, b"")
