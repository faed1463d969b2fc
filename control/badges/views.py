"""What the operations on badges take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from common.protocol import Uuid
from control.badges.drawings import Drawing, path_of
from control.badges.rules import AnyRule, read_rule
from control.commons.views import Order
from control.cursor import Cursor
from control.identity.views import At
from control.rooms.views import Somebody

BadgeKey = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=40,
        pattern="^[a-z0-9]+(-[a-z0-9]+)*(?!\\n)$",
        description="For ever: it is what awards refer to",
        examples=["seven-days"],
    ),
]
Note = Annotated[str, Meta(max_length=200, examples=["한 해 동안 마당을 쓸어 주셔서"])]


class BadgeInKorean(Struct, forbid_unknown_fields=True):
    """What it is called, and for what it is awarded, in Korean."""

    name: Annotated[str, Meta(min_length=1, max_length=30, examples=["이레"])]
    about: Annotated[
        str, Meta(min_length=1, max_length=200, examples=["이레 동안 날마다 10분 이상 함께했습니다."])
    ]


class BadgeInEnglish(Struct, forbid_unknown_fields=True):
    """What it is called, and for what it is awarded, in English."""

    name: Annotated[str, Meta(min_length=1, max_length=30, examples=["Seven days"])]
    about: Annotated[
        str, Meta(min_length=1, max_length=200, examples=["Ten minutes or more on seven days in a row."])
    ]


class Badge(Struct, kw_only=True):
    """A badge. `picture` is the path of its picture, here. A `retired` one is not awarded any more."""

    key: BadgeKey
    ko: BadgeInKorean
    en: BadgeInEnglish
    picture: Annotated[str, Meta(examples=["/api/v1/badges/drawings/flame.svg"])]
    rule: AnyRule
    retired: bool


class BadgeProgress(Struct):
    """How far somebody is with it, in minutes or days, this week, say, or with the streak that goes on; or how far we are, in
    people."""

    done: Annotated[int, Meta(ge=0, examples=[4])]
    of: Annotated[int, Meta(ge=1, examples=[7])]


class MyBadge(Badge, kw_only=True):
    """A badge, and whether it is mine: since when, and with what words from the admin who granted it. `shown` is the one on
    my profile. `progress` is null of those that are mine, and of those that come by no time in rooms."""

    awarded_at: At | None
    note: Note
    shown: bool
    progress: BadgeProgress | None


class MyBadges(Struct):
    """All badges that can be earned, and those that are mine, in the order in which to show them."""

    badges: list[MyBadge]


class AwardedBadge(Badge, kw_only=True):
    """A badge of somebody's, and since when. `shown` is the one on their profile."""

    awarded_at: At
    shown: bool


class AwardedBadges(Struct):
    """Somebody's badges, the last one first."""

    badges: list[AwardedBadge]


class PutBadge(Struct, forbid_unknown_fields=True, kw_only=True):
    """What a badge is called, how it looks and what it is awarded for. `upload`, a confirmed upload of mine for the purpose
    `badge`, is shown instead of the drawing. Of a known badge the kind of rule stays, and its numbers may change: whoever has
    it keeps it."""

    ko: BadgeInKorean
    en: BadgeInEnglish
    drawing: Drawing = "medal"
    upload: Uuid | None = None
    position: Order = 0
    rule: AnyRule


class ListedBadge(Badge, kw_only=True):
    """A badge, as admins see it. `places_left` of one for those who come first, null of others. `arrears`: how many people, of
    how many, have been looked at for whether they earned it before it was there; null once all have."""

    drawing: Drawing
    upload: Uuid | None
    position: Order
    places_left: Annotated[int, Meta(ge=0, examples=[63])] | None
    arrears: BadgeProgress | None


class BadgeList(Struct):
    """Every badge, in the order in which to show them; the retired ones last."""

    badges: list[ListedBadge]


class GrantBadge(Struct, forbid_unknown_fields=True):
    """Words for the one who gets it. They may be read by admins, too, and by nobody else."""

    note: Note = ""


class HoldersQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class Holder(Struct, kw_only=True):
    """Somebody who has a badge. `by` is the admin who granted it, null where a rule did."""

    person: Somebody
    awarded_at: At
    by: Somebody | None
    note: Note


class Holders(Struct):
    """A page of those who have a badge, the last one first. `next` is null on the last page."""

    holders: list[Holder]
    next: Cursor | None


def badge_of(row: Any) -> dict[str, Any]:
    """The fields of a `Badge`, of its row."""
    return {
        "key": row["key"],
        "ko": BadgeInKorean(row["ko_name"], row["ko_about"]),
        "en": BadgeInEnglish(row["en_name"], row["en_about"]),
        "picture": picture_of(row["drawing"], row["upload"]),
        "rule": read_rule(row["rule"]),
        "retired": row["retired"],
    }


def picture_of(drawing: Drawing, upload: str | None) -> str:
    """Where the picture of a badge is to be had."""
    return path_of(drawing) if upload is None else f"/api/v1/uploads/{upload}/content"
