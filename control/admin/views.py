"""What administration takes and gives, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from common.permissions import Role
from common.protocol import Uuid
from control.cursor import Cursor
from control.identity.views import At, Email, Name, Nickname, Phone
from control.rooms.views import Somebody

Stand = Literal["active", "suspended", "deleted"]
Day = Annotated[date, Meta(description="RFC 3339", examples=["2026-03-14"])]
Count = Annotated[int, Meta(ge=0, examples=[3])]

# What the audit may say. A name is added here by whoever records it, and never taken away.
Act = Literal[
    "badge.granted",
    "badge.put",
    "badge.retired",
    "badge.taken_back",
    "board.answer_removed",
    "board.comment_removed",
    "board.question_removed",
    "category.put",
    "category.retired",
    "condition.put",
    "condition.retired",
    "people.deleted",
    "people.restored",
    "class.called_off",
    "class.listed",
    "class.review_removed",
    "class.unlisted",
    "mentor.authorized",
    "mentor.rejected",
    "notice.published",
    "notice.changed",
    "notice.withdrawn",
    "people.roles",
    "people.suspended",
    "people.reinstated",
    "points.granted",
    "post.cancelled",
    "post.comment_removed",
    "post.removed",
    "report.resolved",
]
Moment = Annotated[
    int, Meta(ge=0, lt=2**48, description="Milliseconds since 1970 UTC", examples=[1767225600000])
]
Reason = Annotated[str, Meta(min_length=1, max_length=500, examples=["광고를 되풀이해서 올림"])]


class SetRoles(Struct, forbid_unknown_fields=True):
    """The roles a person shall have. Everybody is a mentee, said or not."""

    roles: Annotated[list[Role], Meta(max_length=3)]


class Suspend(Struct, forbid_unknown_fields=True):
    """Why somebody may not use this server until the suspension is lifted."""

    reason: Reason


class Suspension(Struct):
    """Since when somebody is suspended, and why. `by` is left out when that account is gone."""

    since: At
    reason: Reason
    by: Uuid | None = None


class Standing(Struct):
    """What a person is here."""

    user: Uuid
    roles: list[str]
    suspension: Suspension | None = None


class PeopleQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which people: one of `id`, `email` and `phone` exactly, or those whose nickname begins so, or all, the newest first; of
    these, who has the role and stands so."""

    id: Uuid | None = None
    email: Annotated[str, Meta(min_length=1, max_length=254)] | None = None
    phone: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    nickname: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    role: Role | None = None
    standing: Stand | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class ListedPerson(Struct, kw_only=True):
    """Somebody, as admins see them in a list."""

    id: Uuid
    nickname: Nickname
    name: Name
    email: Email
    phone: Phone
    roles: list[str]
    standing: Stand
    created_at: At


class PeopleList(Struct):
    """A page of people. `next` is null on the last one."""

    people: list[ListedPerson]
    next: Cursor | None


class PersonPage(ListedPerson, kw_only=True):
    """Somebody, and what there is of them. Whoever was deleted can be restored until `erased_from`."""

    suspension: Suspension | None
    deleted_at: At | None
    erased_from: At | None
    last_seen_at: At | None
    sessions: Count
    rooms: Count
    bots: Count
    files: Count
    file_bytes: Count
    reports_about: Count
    reports_by: Count


class CountersQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which days, both inclusive, a year at most: the last thirty unless said otherwise. Days are the yard's, in its timezone."""

    since: Day | None = None
    until: Day | None = None


class DayCount(Struct, kw_only=True):
    """What was new on one day: people who signed up, mentors who were approved and still are, what was posted on the
    board and is still there, posts that looked for company and were not cancelled, and matches, of posts and at random."""

    day: Day
    users: Count
    mentors: Count
    questions: Count
    answers: Count
    posts: Count
    matches: Count


class OnlineNow(Struct):
    """How many people are here, and when that was counted."""

    count: Count
    at: At


class Counters(Struct, kw_only=True):
    """What was new, day by day. `online` is null while it cannot be known."""

    time_zone: Annotated[str, Meta(examples=["Asia/Seoul"])]
    days: list[DayCount]
    online: OnlineNow | None


class AuditQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page of what was done: by whom, about whom, which act, from when (inclusive) until when (not inclusive)."""

    by: Uuid | None = None
    person: Uuid | None = None
    act: Act | None = None
    since: Moment = 0
    until: Moment | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class AdminDeed(Struct, kw_only=True):
    """One thing that an admin did. `object` is the id of what else it was done to; `request` stands in the log, too."""

    id: Uuid
    at: At
    by: Somebody
    act: Annotated[str, Meta(examples=["people.suspended"])]
    person: Somebody | None
    object: str | None
    request: str | None
    detail: Annotated[dict[str, Any], Meta(examples=[{"reason": "광고를 되풀이해서 올림"}])]


class AuditLog(Struct):
    """A page of what was done, the newest first. `next` is null on the last one."""

    deeds: list[AdminDeed]
    next: Cursor | None
