"""What the operations on records take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from common.errors import Language
from common.protocol import Uuid
from control.cursor import Cursor
from control.identity.views import At, Timezone

Minutes = Annotated[int, Meta(ge=0, examples=[95])]
About = Annotated[
    str | None,
    Meta(description="A category; null: of rooms that are about nothing in particular", examples=["reading"]),
]


On = Annotated[date, Meta(examples=["2026-11-21"])]


class RecordQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """A day of the period that is asked for; today unless said."""

    on: On | None = None


class CategoryRecord(Struct, kw_only=True):
    """How long I was in rooms of one category."""

    category: About
    minutes: Minutes


class DayRecord(Struct, kw_only=True):
    """One day. `minutes` counts every moment once, so it may be less than the categories add up to."""

    date: On
    minutes: Minutes
    categories: list[CategoryRecord]


class Record(Struct, kw_only=True):
    """How long I was in rooms: over the whole period, for each category with the longest first, and for each day."""

    timezone: Timezone
    first: On
    last: On
    minutes: Minutes
    categories: list[CategoryRecord]
    days: list[DayRecord]


class GraphQuery(RecordQuery, kw_only=True):
    """How it shall look. `auto` follows whoever looks at it; the language is that of the request unless said."""

    theme: Literal["auto", "light", "dark"] = "auto"
    language: Language | None = None


class LogQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class StayRecord(Struct, kw_only=True):
    """I was in a room. `left_at` is null while I am; `title` is that of now, or the other one's nickname in a direct room, and
    null once I am no member any more."""

    room: Uuid
    title: Annotated[str | None, Meta(examples=["아침 독서"])]
    category: About
    entered_at: At
    left_at: At | None


class StayLog(Struct, kw_only=True):
    """Where I was, the newest first. `next` is null on the last page."""

    stays: list[StayRecord]
    next: Cursor | None
