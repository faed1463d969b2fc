"""What the operations on matches take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from common.protocol import MatchCategory, MatchOrigin, Uuid
from control.cursor import Cursor
from control.rooms.views import At, Somebody, Title, TitleInEnglish

Score = Annotated[
    Literal[-200, -10, 0, 10, 20, 42],
    Meta(description="What they get for it; -200 is for who did not come", examples=[42]),
]


class Partner(Struct):
    """Somebody whom I was matched with, and the score I gave them, if I did."""

    person: Somebody
    score: Score | None


class Match(Struct, kw_only=True):
    """A match of mine. `room` is null when I left it. Its people review each other from `meets_at` to `review_until`."""

    id: Uuid
    category: MatchCategory
    origin: MatchOrigin
    title: Annotated[Title, Meta(examples=["카페 · 배달"])]
    title_en: TitleInEnglish
    room: Uuid | None
    meets_at: At
    made_at: At
    review_until: At
    partners: list[Partner]


class Matches(Struct):
    """A page of matches, the newest first. `next` is null on the last one."""

    matches: list[Match]
    next: Cursor | None


class ReviewPartner(Struct, forbid_unknown_fields=True):
    """How it was with them."""

    score: Score
