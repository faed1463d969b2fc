"""What every program may want to know first. No store is asked, so these answer when nothing else does."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

from common.errors import Language
from common.protocol import VERSION as WIRE
from control import VERSION
from control.commons.enums import ENUMS, Enums
from control.identity.views import At
from control.operations import PUBLIC, Call, Operations

operations = Operations(
    "commons", "What needs no store: version, time, languages, and the words programs share."
)

_REGION: Final = "KR"


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
    time_zone: Annotated[str, Meta(description="Of week and month boundaries", examples=["Asia/Seoul"])]
    week_starts: Literal["monday"]


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
    zone = call.services.settings.zone.key
    return Locale(call.language, get_args(Language), _REGION, zone, "monday")


@operations.get("/api/v1/enums", permission=PUBLIC)
async def enums() -> Enums:
    """The closed sets. Kinds and states by their words, every error code with its sentences, every close code, roles and what
    they permit, what files may be sent for, and limits."""
    return ENUMS
