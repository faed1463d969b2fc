"""What the operations on invitations and links take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from common.protocol import Uuid
from control.cursor import Cursor
from control.rooms.views import At, Somebody, Visibility

Link = Annotated[str, Meta(pattern="^[0-9A-Za-z_-]{22}$", examples=["q8ZkN3vY0bT6mWcX2rLdEa"])]


class Invite(Struct, forbid_unknown_fields=True):
    """Whom to ask in."""

    people: Annotated[list[Uuid], Meta(min_length=1, max_length=50)]


class InvitedTo(Struct, kw_only=True):
    """The room that somebody is asked into."""

    id: Uuid
    title: str
    description: str
    image: Uuid | None
    member_count: int
    capacity: int
    visibility: Visibility


class Invitation(Struct, kw_only=True):
    """Somebody asked me in."""

    id: Uuid
    room: InvitedTo
    by: Somebody
    invited_at: At
    expires_at: At


class Invitations(Struct):
    """A page of my invitations, the newest first. `next` is null on the last one."""

    invitations: list[Invitation]
    next: Cursor | None


class MakeLink(Struct, forbid_unknown_fields=True, kw_only=True):
    """How long a link lasts, and how many it lets in; as many as there are places when that is left out."""

    expires_in: Annotated[int, Meta(ge=60, le=30 * 86_400, description="Seconds", examples=[86400])] = (
        7 * 86_400
    )
    max_uses: Annotated[int, Meta(ge=1, le=5000, examples=[10])] | None = None


class RoomLink(Struct, kw_only=True):
    """A link. Whoever has its code may come in, until then or until it is used up."""

    id: Uuid
    code: Link
    by: Somebody
    made_at: At
    expires_at: At
    uses: int
    max_uses: int | None


class RoomLinks(Struct):
    """The links of a room that have not expired, the newest first."""

    links: list[RoomLink]
