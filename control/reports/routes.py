"""Reports over HTTP."""

from __future__ import annotations

from common.protocol import Seq, Uuid
from common.units import HOURS
from control.operations import Call, Operations, Rate
from control.reports import reporting, reviewing
from control.reports.views import MakeReport, Reports, ReportsQuery, Resolve

operations = Operations(
    "reports", "What people report to admins. Whoever is reported is not told, nor who reported it."
)

_RATE = Rate(20, per=1 * HOURS)


@operations.post(
    "/api/v1/rooms/{room}/messages/{seq}/reports",
    permission="report.create",
    errors=("not_a_member", "message_not_found", "message_deleted", "not_oneself", "already_reported"),
    rate=_RATE,
)
async def report_message(call: Call, room: Uuid, seq: Seq, body: MakeReport) -> None:
    """Report a message. Once; what it says now is kept for the admins to see, whatever becomes of it."""
    await reporting.report_message(call.services, call.person.user, room, seq, body)


@operations.post(
    "/api/v1/people/{person}/reports",
    permission="report.create",
    errors=("person_not_found", "not_oneself", "already_reported"),
    rate=_RATE,
)
async def report_person(call: Call, person: Uuid, body: MakeReport) -> None:
    """Report a person. Once."""
    await reporting.report_person(call.services, call.person.user, person, body)


@operations.post(
    "/api/v1/rooms/{room}/reports",
    permission="report.create",
    errors=("room_not_found", "already_reported"),
    rate=_RATE,
)
async def report_room(call: Call, room: Uuid, body: MakeReport) -> None:
    """Report a room. Once."""
    await reporting.report_room(call.services, call.person.user, room, body)


@operations.post(
    "/api/v1/questions/{question}/reports",
    permission="report.create",
    errors=("question_not_found", "not_oneself", "already_reported"),
    rate=_RATE,
)
async def report_question(call: Call, question: Uuid, body: MakeReport) -> None:
    """Report a question. Once; what it says now is kept."""
    await reporting.report_post(call.services, call.person.user, "question", question, body)


@operations.post(
    "/api/v1/answers/{answer}/reports",
    permission="report.create",
    errors=("answer_not_found", "not_oneself", "already_reported"),
    rate=_RATE,
)
async def report_answer(call: Call, answer: Uuid, body: MakeReport) -> None:
    """Report an answer. Once; what it says now is kept."""
    await reporting.report_post(call.services, call.person.user, "answer", answer, body)


@operations.post(
    "/api/v1/comments/{comment}/reports",
    permission="report.create",
    errors=("comment_not_found", "not_oneself", "already_reported"),
    rate=_RATE,
)
async def report_comment(call: Call, comment: Uuid, body: MakeReport) -> None:
    """Report a comment. Once; what it says now is kept."""
    await reporting.report_post(call.services, call.person.user, "comment", comment, body)


@operations.post(
    "/api/v1/classes/{class_id}/reviews/{person}/reports",
    permission="report.create",
    errors=("class_not_found", "review_not_found", "not_oneself", "already_reported"),
    rate=_RATE,
)
async def report_review(call: Call, class_id: Uuid, person: Uuid, body: MakeReport) -> None:
    """Report somebody's review of a class. Once; what it says now is kept."""
    await reporting.report_review(call.services, call.person.user, class_id, person, body)


@operations.post(
    "/api/v1/posts/{post}/reports",
    permission="report.create",
    errors=("post_not_found", "not_oneself", "already_reported"),
    rate=_RATE,
)
async def report_match_post(call: Call, post: Uuid, body: MakeReport) -> None:
    """Report a post that looks for company. Once; who wrote it is known to the admins, also of an anonymous one."""
    await reporting.report_match_post(call.services, call.person.user, post, body)


@operations.post(
    "/api/v1/posts/{post}/comments/{comment_id}/reports",
    permission="report.create",
    errors=("post_not_found", "comment_not_found", "not_oneself", "already_reported"),
    rate=_RATE,
)
async def report_match_comment(call: Call, post: Uuid, comment_id: Uuid, body: MakeReport) -> None:
    """Report a comment on such a post. Once; as with the post."""
    await reporting.report_match_comment(call.services, call.person.user, post, comment_id, body)


@operations.get("/api/v1/reports", permission="report.review")
async def list_reports(call: Call, query: ReportsQuery) -> Reports:
    """List reports. For admins: those that are open, or those that are resolved; the newest is first."""
    return await reviewing.reports(call.services, query)


@operations.put(
    "/api/v1/reports/{report}/outcome",
    permission="report.review",
    errors=("report_not_found", "report_resolved"),
)
async def resolve_report(call: Call, report: Uuid, body: Resolve) -> None:
    """Resolve a report. For admins; the first who does decides, and to say the same again changes nothing."""
    await reviewing.resolve(call.services, call.person.user, report, body)
