"""What the operations on people take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol import Uuid
from control.badges.views import Badge, BadgeKey
from control.cursor import Cursor
from control.identity.views import Email, Interests, Phone
from control.identity.views import Nickname as NewNickname
from control.mentors.views import Mentor

MOST: Final = 100
_UUID_LENGTH: Final = 36

Relation = Literal["friend", "favourite", "hidden", "blocked"]
Nickname = Annotated[str, Meta(examples=["아린"])]
StatusShown = Annotated[
    str, Meta(description="A line of one's own; empty without one", examples=["오늘도 마당에서"])
]
At = Annotated[int, Meta(description="Milliseconds since 1970 UTC", examples=[1767225600000])]


class PeopleQuery(Struct, forbid_unknown_fields=True):
    """Whom to show: up to 100 ids."""

    ids: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MOST * (_UUID_LENGTH + 1) - 1,
            description="Ids with commas between",
            examples=["0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"],
        ),
    ]


class Person(Struct, kw_only=True):
    """Somebody, in a list. `avatar` is the id of an upload."""

    id: Uuid
    nickname: Nickname
    bot: bool
    avatar: Uuid | None


class People(Struct):
    """Those who were asked for and exist, in the order of their ids."""

    people: list[Person]


class RelationsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 100


class Related(Person, kw_only=True):
    """Somebody on a list of mine, and since when."""

    status: StatusShown
    since: At
    favourite: bool


class Relations(Struct):
    """A page of a list of mine, who was added last is first. `next` is null on the last one."""

    people: list[Related]
    next: Cursor | None


class Profile(Person, kw_only=True):
    """Somebody, as the one who asks sees them. `avatar` and `wallpaper` are the ids of uploads, `badge` is the one of their
    badges that they chose to show. `mentor` is the card of one who is listed as such. `activity` is what matches brought
    them: what partners gave, and what they earned by reviewing. `relations`: which lists of mine they are on."""

    status: StatusShown
    wallpaper: Uuid | None
    interests: Interests
    badge: Badge | None
    mentor: Mentor | None
    activity: Annotated[int, Meta(examples=[62])]
    relations: list[Relation]


class ChangeProfile(Struct, forbid_unknown_fields=True, kw_only=True):
    """What others shall see of me; what is left out stays. `avatar` and `wallpaper` are confirmed uploads of mine for that
    purpose, or null for none; `badge` is one that I have been awarded, or null for none."""

    nickname: NewNickname | UnsetType = UNSET
    status: Annotated[str, Meta(max_length=100, examples=["오늘도 마당에서"])] | UnsetType = UNSET
    avatar: Uuid | UnsetType | None = UNSET
    wallpaper: Uuid | UnsetType | None = UNSET
    badge: BadgeKey | UnsetType | None = UNSET
    interests: Interests | UnsetType = UNSET


class Avatar(Struct):
    """A picture somebody showed, and when it was put on last. `id` is that of the upload."""

    id: Uuid
    since: At


class AvatarsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class Avatars(Struct):
    """A page of pictures, the last one first. `next` is null on the last page."""

    avatars: list[Avatar]
    next: Cursor | None


class FindPerson(Struct, forbid_unknown_fields=True, kw_only=True):
    """Whom to find: one of the three, whole."""

    nickname: NewNickname | None = None
    email: Email | None = None
    phone: Phone | None = None


class FoundPerson(Struct):
    """Who was found; null when there is nobody of whom that may be said."""

    person: Person | None
