"""What every program may want to know first. No store is asked, so these answer when nothing else does."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

from common import disconnect
from common.errors import ERRORS, Language
from common.permissions import ROLES
from common.protocol import MAX_FRAME, MAX_PAGE, MAX_ROOMS, MAX_TEXT
from common.protocol import VERSION as WIRE
from control import VERSION
from control.identity.views import At, Gender
from control.operations import BODY_LIMIT, PUBLIC, Call, Operations

operations = Operations(
    "commons", "What needs no store: version, time, languages, and the words programs share."
)

_REGION: Final = "KR"
_TIME_ZONE: Final = "Asia/Seoul"


class Version(Struct):
    """What runs here. `wire` is the version of the socket's protocol."""

    version: Annotated[str, Meta(examples=["0.1.0"])]
    wire: int
    name: Literal["madang"] = "madang"


class Time(Struct):
    """The server's clock."""

    now: At


class Online(Struct):
    """How many people are here, over all rooms, and when it was counted."""

    count: Annotated[int, Meta(examples=[128])]
    at: At


class Locale(Struct):
    """How this server speaks and counts. `language` is what your Accept-Language gets."""

    language: Language
    languages: tuple[Language, ...]
    region: Annotated[str, Meta(description="Of phone numbers without a country code", examples=[_REGION])]
    time_zone: Annotated[str, Meta(description="Of week and month boundaries", examples=[_TIME_ZONE])]
    week_starts: Literal["monday"]


class ErrorCode(Struct):
    """A code that an error may carry, over HTTP and over the socket."""

    code: str
    status: int
    temporary: bool
    en: str
    ko: str


class CloseCode(Struct):
    """Why a socket is closed, and whether to come back."""

    code: int
    name: str
    come_back: bool
    en: str
    ko: str


class RoleGrants(Struct):
    """A role and what it permits."""

    role: str
    permissions: list[str]


class Limits(Struct):
    """Bounds that a client should know before it meets them."""

    body_bytes: int
    frame_bytes: int
    text_characters: int
    open_rooms: int
    page_events: int


class Enums(Struct):
    """The closed sets of this version."""

    genders: tuple[str, ...]
    roles: list[RoleGrants]
    errors: list[ErrorCode]
    close_codes: list[CloseCode]
    limits: Limits


_ENUMS: Final = Enums(
    genders=get_args(Gender),
    roles=[RoleGrants(role, sorted(permissions)) for role, permissions in ROLES.items()],
    errors=[ErrorCode(code, kind.status, kind.temporary, kind.en, kind.ko) for code, kind in ERRORS.items()],
    close_codes=[
        CloseCode(reason.code, reason.name, reason.come_back, reason.en, reason.ko)
        for reason in disconnect.BY_CODE.values()
    ],
    limits=Limits(BODY_LIMIT, MAX_FRAME, MAX_TEXT, MAX_ROOMS, MAX_PAGE),
)


@operations.get("/api/v1/version", permission=PUBLIC)
async def version() -> Version:
    """The version. Of this server, and of the protocol its sockets speak."""
    return Version(VERSION, WIRE)


@operations.get("/api/v1/time", permission=PUBLIC)
async def time(call: Call) -> Time:
    """The time. Milliseconds since 1970 UTC, as everywhere on the wire."""
    return Time(call.services.clock())


@operations.get("/api/v1/online", permission=PUBLIC, errors=("unavailable",))
async def online(call: Call) -> Online:
    """How many people are here now. A few seconds old at most; pages may show it to anybody."""
    count, at = call.services.online.current()
    call.answer_headers.append(("cache-control", "public, max-age=2"))
    return Online(count, at)


@operations.get("/api/v1/locale", permission=PUBLIC)
async def locale(call: Call) -> Locale:
    """The language you are answered in. And the region and time zone that this server counts by."""
    return Locale(call.language, get_args(Language), _REGION, _TIME_ZONE, "monday")


@operations.get("/api/v1/enums", permission=PUBLIC)
async def enums() -> Enums:
    """The closed sets. Every error code with its sentences, every close code, roles and what they permit, and limits."""
    return _ENUMS
