"""What lasts: it has its place in a room's one sequence, is stored before its sender hears of it, and is replayed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from common.protocol.values import MessageKind


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
    """The room itself changed: its fields that did, with their new values. `slow_mode` is in seconds, 0 for off;
    `image` is the id of an upload."""

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
