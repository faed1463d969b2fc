"""What the operations on reports take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from common.protocol import Seq, Uuid
from control.cursor import Cursor
from control.rooms.views import At, Somebody

Post = Literal["question", "answer", "comment"]
MatchObject = Literal[
    "match_post", "match_comment"
]  # a post that looks for company, and what is said below it
Object = Literal["message", "person", "room", Post, "review", MatchObject]
Reason = Literal["spam", "abuse", "sexual", "violence", "fraud", "other"]
Outcome = Literal["upheld", "dismissed"]


class MakeReport(Struct, forbid_unknown_fields=True, kw_only=True):
    """Why, and in what words."""

    reason: Reason
    words: Annotated[str, Meta(max_length=1000, examples=["같은 광고를 열 번 올렸어요"])] = ""


class ReportsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page, of those that are open or of those that are not."""

    resolved: bool = False
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class ReportedRoom(Struct):
    """The room, or where the message stood."""

    id: Uuid
    title: str


class ReportedQuestion(Struct):
    """The question, or where the answer or the comment stood."""

    id: Uuid
    title: str


class ReportedClass(Struct):
    """The class that the review is of."""

    id: Uuid
    title: str


class Report(Struct, kw_only=True):
    """What somebody reported. `seq` is that of the message, `post` the id of the question, answer or comment, `match_post`
    that of the post that looks for company, or below which it was said; `person` is who said it, whether or not others can
    tell, and `evidence` what it said at that moment."""

    id: Uuid
    kind: Object
    room: ReportedRoom | None
    seq: Seq | None
    question: ReportedQuestion | None
    post: Uuid | None
    match_post: Uuid | None
    class_: ReportedClass | None = field(name="class")
    person: Somebody | None
    reason: Reason
    words: str
    evidence: str
    reporter: Somebody
    reported_at: At
    outcome: Outcome | None
    note: str
    resolved_by: Somebody | None
    resolved_at: At | None


class Reports(Struct):
    """A page of reports, the newest first. `next` is null on the last one."""

    reports: list[Report]
    next: Cursor | None


class Resolve(Struct, forbid_unknown_fields=True, kw_only=True):
    """What becomes of it, and why, for other admins to read."""

    outcome: Outcome
    note: Annotated[str, Meta(max_length=1000, examples=["경고했습니다"])] = ""
