"""The control feed: what control tells every chatd, through the `{control}` stream.

Control writes a row to its outbox in the transaction of the change; the relay publishes rows in order, at least once.
An entry has the fields `id` (UUID text, the same at every delivery) and `data` (one of these Structs as JSON).
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

STREAM: Final = "{control}:feed"
GROUP: Final = "room-log"  # the consumer group for what must happen once


class Change(Struct, tag_field="type", kw_only=True):
    """A change of the truth in PostgreSQL."""


class SessionRevoked(Change, tag="session.revoked"):
    """Close this session's sockets now."""

    session: str
    user: str


class MemberChanged(Change, tag="member.changed"):
    """Somebody became, or is no longer, a member of a room. `name` is the nickname at that moment."""

    room: str
    user: str
    name: str
    change: Literal["joined", "left", "kicked"]
    by: str | None = None


class RoomChanged(Change, tag="room.changed"):
    """A room's own fields changed: forget what was cached of it."""

    room: str


class RelationChanged(Change, tag="relation.changed"):
    """`user` put `other` on a list of his, or took him off. `room`: their direct room, when a block opens or closes it."""

    user: str
    other: str
    kind: Literal["friend", "favourite", "hidden", "blocked"]
    change: Literal["added", "removed"]
    room: str | None = None


class PresenceChanged(Change, tag="presence.changed"):
    """A person says anew who may know whether they are here."""

    user: str


class KeysChanged(Change, tag="keys.changed"):
    """The signing keys changed: read them again."""


AnyChange = SessionRevoked | MemberChanged | RoomChanged | RelationChanged | PresenceChanged | KeysChanged
