"""What the operations on mentors take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol import Uuid
from control.commons.views import CategoryKey
from control.cursor import Cursor
from control.once import ClientId
from control.rooms.views import At, Nickname, Somebody
from control.uploads.views import FileName

State = Literal["pending", "authorized", "rejected"]
Order = Literal["followers", "answers", "rating"]

Company = Annotated[str, Meta(min_length=1, max_length=60, examples=["마당 연구소"])]
Department = Annotated[str, Meta(max_length=60, examples=["데이터베이스 팀"])]
Introduction = Annotated[
    str, Meta(min_length=1, max_length=2000, examples=["십 년째 데이터베이스를 만지고 있습니다"])
]
Categories = Annotated[list[CategoryKey], Meta(min_length=1, max_length=5)]
TimeOfDay = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length=5, examples=["19:00"])]
EndOfDay = Annotated[
    str, Meta(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", max_length=5, examples=["21:30"])
]
Rating = Annotated[float, Meta(ge=1, le=5, description="Stars, of all reviews", examples=[4.5])]
Count = Annotated[int, Meta(ge=0)]


class OnlineHours(Struct, forbid_unknown_fields=True, kw_only=True):
    """When a mentor means to be here, each week: on this day, in the yard's timezone."""

    day: Annotated[int, Meta(ge=1, le=7, description="1 is Monday")]
    begins: TimeOfDay
    ends: EndOfDay


Hours = Annotated[list[OnlineHours], Meta(max_length=21)]


class Apply(Struct, forbid_unknown_fields=True, kw_only=True):
    """Why I should be a mentor. `certificates` are uploads of mine, of that purpose, and confirmed."""

    company: Company
    department: Department = ""
    introduction: Introduction
    hours: Hours = []
    categories: Categories
    certificates: Annotated[list[Uuid], Meta(max_length=10)] = []
    client_id: ClientId = None


class Certificate(Struct):
    """A file that an application carries; it is read as every upload is."""

    id: Uuid
    name: FileName


class Application(Struct, kw_only=True):
    """An application. `reason` is why it was rejected."""

    id: Uuid
    person: Somebody
    company: Company
    department: Department
    introduction: Introduction
    hours: Hours
    categories: Categories
    certificates: list[Certificate]
    applied_at: At
    state: State
    reason: str
    decided_at: At | None


class ApplicationsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page, of those in this state."""

    state: State = "pending"
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class Applications(Struct):
    """A page of applications, the newest first. `next` is null on the last one."""

    applications: list[Application]
    next: Cursor | None


class Reject(Struct, forbid_unknown_fields=True):
    """Why, for the applicant to read."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, examples=["증명서를 읽을 수 없습니다"])]


class Mentor(Struct, kw_only=True):
    """A mentor. `answers`: how many were picked as the best; `rating` is null without reviews; `following`: whether I do."""

    id: Uuid
    nickname: Nickname
    avatar: Uuid | None
    company: Company
    department: Department
    introduction: Introduction
    hours: Hours
    categories: Categories
    since: At
    followers: Count
    answers: Count
    reviews: Count
    rating: Rating | None
    following: bool


class MentorsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page, of one category or of all, who has most of `by` first."""

    category: CategoryKey | None = None
    by: Order = "followers"
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class Mentors(Struct):
    """A page of mentors. `next` is null on the last one."""

    mentors: list[Mentor]
    next: Cursor | None


class ChangeCard(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to change of what others see of me; what is left out stays. The company is what was proven, and stays."""

    introduction: Introduction | UnsetType = UNSET
    hours: Hours | UnsetType = UNSET
    categories: Categories | UnsetType = UNSET
