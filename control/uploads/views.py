"""What the operations on uploads take and give, as Structs. Times are milliseconds since 1970 UTC, sizes bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from common.protocol import Uuid
from control.rooms.inviting_views import Link
from control.uploads.purposes import Purpose

At = Annotated[int, Meta(description="Milliseconds since 1970 UTC", examples=[1767225600000])]
Size = Annotated[int, Meta(ge=1, lt=2**40, description="Bytes", examples=[48213])]
MediaType = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=100,
        pattern=r"^[a-z]+/[a-z0-9][a-z0-9.+-]*(?!\n)$",
        description="RFC 6838, in small letters and without parameters",
        examples=["image/webp"],
    ),
]
FileName = Annotated[str, Meta(min_length=1, max_length=200, examples=["한강.webp"])]


class AskUpload(Struct, forbid_unknown_fields=True, kw_only=True):
    """A file to be sent. An attachment says which room it is for; nothing else has one."""

    purpose: Purpose
    name: FileName
    media_type: MediaType
    size: Size
    room: Uuid | None = None
    method: Literal["PUT", "POST"] = "PUT"


class SignedUpload(Struct, kw_only=True):
    """Send the file there until `expires_at`: by PUT with exactly these `headers`, or by POST as a form with exactly these
    `fields` and after them the file as `file`. Then confirm it."""

    id: Uuid
    method: Literal["PUT", "POST"]
    url: str
    headers: dict[str, str]
    fields: dict[str, str]
    expires_at: At


class Upload(Struct, kw_only=True):
    """A confirmed file, as it really is. `width` and `height` of pictures, in pixels."""

    id: Uuid
    purpose: Purpose
    name: FileName
    media_type: MediaType
    size: Size
    width: Annotated[int, Meta(ge=1)] | None
    height: Annotated[int, Meta(ge=1)] | None


def told_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an `Upload`, of its row."""
    return {field: row[field] for field in Upload.__struct_fields__}


class ReadableUpload(Upload, kw_only=True):
    """A file, and URLs that give it to whoever has them until `expires_at`."""

    url: str
    thumbnail_url: str | None
    expires_at: At


class ContentQuery(Struct, forbid_unknown_fields=True):
    """Which of the two. `link` is the one to a room, for who looks at its picture before going in."""

    size: Literal["full", "thumbnail"] = "full"
    link: Link | None = None
