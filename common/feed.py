"""The control feed: what control tells every chatd, through the `{control}` stream.

Control writes a row to its outbox in the transaction of the change; the relay publishes rows in order, at least once.
An entry has the fields `id` (UUID text, the same at every delivery) and `data` (one of these Structs as JSON).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from common.logs import get_logger
from common.protocol import (
    ApplicationChange,
    BadgeChange,
    BoardChange,
    ClassChange,
    MatchCategory,
    MatchOrigin,
    MatchPerson,
    MemberChange,
    PostChange,
)

_log = get_logger(__name__)

STREAM: Final = "{control}:feed"
GROUP: Final = "room-log"  # the consumer group for what must happen once


class Change(Struct, tag_field="type", kw_only=True):
    """A change of the truth in PostgreSQL."""


class SessionRevoked(Change, tag="session.revoked"):
    """Close this session's sockets now."""

    session: str
    user: str


class UserChanged(Change, tag="user.changed"):
    """A person's roles are others, or they were suspended: look up what they may do. Their sessions may have ended, too."""

    user: str


class MemberChanged(Change, tag="member.changed", omit_defaults=True):
    """Somebody became, or is no longer, a member of a room, or may do more or less there than before.

    `name` is the nickname at that moment. `role` comes with the change `role`, `until` (ms since 1970 UTC) with `muted`
    and, where the ban ends by itself, `banned`.
    """

    room: str
    user: str
    name: str
    change: MemberChange
    role: Literal["owner", "moderator", "member"] | None = None
    until: int | None = None
    by: str | None = None


class RoomChanged(Change, tag="room.changed", omit_defaults=True):
    """A room's own fields changed: forget what was cached of it. Those that its members see come with their new values."""

    room: str
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    category: str | UnsetType | None = UNSET
    tags: list[str] | UnsetType = UNSET
    capacity: int | UnsetType = UNSET
    visibility: Literal["public", "private", "secret"] | UnsetType = UNSET
    history: Literal["joined", "all"] | UnsetType = UNSET
    slow_mode: int | UnsetType = UNSET  # seconds
    image: str | UnsetType | None = UNSET
    by: str | None = None

    def shown(self) -> dict[str, Any]:
        """The fields that changed and that members see; empty when it was something else."""
        values = {name: getattr(self, name) for name in self.__struct_fields__ if name not in {"room", "by"}}
        return {name: value for name, value in values.items() if value is not UNSET}


class WordsErased(Change, tag="words.erased"):
    """What somebody said in a room was blanked in the log, without events that say so: forget what is remembered of it."""

    room: str


class RoomArchived(Change, tag="room.archived"):
    """A room is no more. `members` is who was in it."""

    room: str
    members: list[str]
    by: str


class Invited(Change, tag="invited"):
    """A member asked somebody into a room."""

    invitation: str
    room: str
    title: str
    user: str
    by: str
    name: str  # nickname of who asked


class ApplicationDecided(Change, tag="application.decided"):
    """An admin decided on somebody's application to be a mentor; `reason` is why it was rejected."""

    user: str
    application: str
    state: Literal["authorized", "rejected"]
    reason: str


class ClassChanged(Change, tag="class.changed"):
    """What became of a class, for `users` to hear; a change that concerns many is told in several pieces."""

    of: str
    title: str
    mentor: str
    name: str  # the mentor's nickname
    starts_at: int
    change: ClassChange
    users: list[str]


class BoardChanged(Change, tag="board.changed"):
    """Somebody answered, commented on or chose a post of `user`, at the question of this `title`; `post` as there is said."""

    user: str
    question: str
    title: str
    post: str
    by: str
    name: str  # nickname of who did it
    change: BoardChange


class BadgeChanged(Change, tag="badge.changed"):
    """`user` was awarded a badge at the time `at`, or an admin took it back then. `ko` and `en` are what it is called."""

    user: str
    badge: str
    ko: str
    en: str
    change: BadgeChange
    at: int  # ms since 1970 UTC


class Matched(Change, tag="matched"):
    """These people were brought together, and are in this room."""

    match: str
    category: MatchCategory
    origin: MatchOrigin
    title: str
    room: str
    meets_at: int  # ms since 1970 UTC
    people: list[MatchPerson]
    title_en: str | None = None


class Applied(Change, tag="applied"):
    """Somebody looks for company at random, until `expires_at` (ms since 1970 UTC), or does so no more."""

    user: str
    application: str
    category: MatchCategory
    change: ApplicationChange
    expires_at: int


class PostChanged(Change, tag="post.changed", omit_defaults=True):
    """What became of a post that looks for company, for `users` to hear. Who did it has a `mark` there, and is named where
    those may know."""

    post: str
    title: str
    change: PostChange
    users: list[str]
    mark: int | None = None
    by: str | None = None
    name: str | None = None


class CursorMoved(Change, tag="cursor.moved"):
    """A member has read up to the message `mseq`, with so much unread after it.

    `shown`: the room is told, too, but for those who are `hidden` from that member by a block of either.
    """

    room: str
    user: str
    mseq: int
    unread: int
    mentions: int
    shown: bool
    hidden: tuple[str, ...] = ()


class RelationChanged(Change, tag="relation.changed"):
    """`user` put `other` on a list of his, or took him off. `room`: their direct room, when a block opens or closes it."""

    user: str
    other: str
    kind: Literal["friend", "favourite", "hidden", "blocked"]
    change: Literal["added", "removed"]
    room: str | None = None


class AccountChanged(Change, tag="account.changed"):
    """A person has another contact or password, or another way to log in than before."""

    user: str
    change: Literal["email", "phone", "password", "linked", "unlinked"]


class PresenceChanged(Change, tag="presence.changed"):
    """A person says anew who may know whether they are here."""

    user: str


class ProfileChanged(Change, tag="profile.changed"):
    """A person is called otherwise, or looks otherwise: `avatar` is an upload's id, `badge` the key of the one they show."""

    user: str
    nickname: str
    avatar: str | None
    status: str
    badge: str | None = None


class NoticeChanged(Change, tag="notice.changed"):
    """Admins published a notice, changed it or took it back. `ko` and `en` are its titles."""

    notice: str
    change: Literal["published", "changed", "withdrawn"]
    pinned: bool
    ko: str
    en: str
    at: int  # when it was published, ms since 1970 UTC


class HookSpoke(Change, tag="hook.spoke"):
    """A webhook said something: `post` is the client_id it has in the room's log, `name` what it calls itself."""

    room: str
    hook: str
    post: str
    name: str
    text: str


class RoomSpoke(Change, tag="room.spoke", omit_defaults=True):
    """A room says something by itself: one of the codes of `common/system_words.py`, and its sentence as a fallback."""

    room: str
    code: str
    params: dict[str, str | int]
    text: str


class KeysChanged(Change, tag="keys.changed"):
    """The signing keys changed: read them again."""


AnyChange = (
    SessionRevoked
    | UserChanged
    | MemberChanged
    | RoomChanged
    | WordsErased
    | RoomArchived
    | Invited
    | ApplicationDecided
    | ClassChanged
    | BoardChanged
    | BadgeChanged
    | Matched
    | Applied
    | PostChanged
    | CursorMoved
    | RelationChanged
    | AccountChanged
    | PresenceChanged
    | ProfileChanged
    | NoticeChanged
    | HookSpoke
    | RoomSpoke
    | KeysChanged
)

_decoder: Final[msgspec.json.Decoder[AnyChange]] = msgspec.json.Decoder(AnyChange)


def told(fields: Sequence[bytes]) -> tuple[str, AnyChange] | None:
    """The id of an entry and the change in it; None for one of a newer control that this version does not know."""
    named = dict(zip(fields[::2], fields[1::2], strict=True))
    try:
        return named[b"id"].decode(), _decoder.decode(named[b"data"])
    except (msgspec.DecodeError, KeyError) as fault:
        _log.warning("an entry of the control feed is not understood", why=str(fault))
        return None
