"""Mentors over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import HOURS, MINUTES
from control.mentors import applying, following, mentors
from control.mentors.views import (
    Application,
    Applications,
    ApplicationsQuery,
    Apply,
    ChangeCard,
    Mentor,
    Mentors,
    MentorsQuery,
    Reject,
)
from control.operations import Call, Operations, Rate
from control.rooms.views import PageQuery

operations = Operations("mentors", "Mentors: applied for, approved, found and followed.")

_DECISION = ("application_not_found", "application_decided", "not_oneself")
_FOLLOWS = Rate(120, per=10 * MINUTES)


@operations.post(
    "/api/v1/me/mentor-applications",
    permission="mentor.apply",
    status=201,
    errors=(
        "category_unknown",
        "already_mentor",
        "application_pending",
        "certificate_not_found",
        "application_not_found",
        "reference_reused",
    ),
    rate=Rate(10, per=1 * HOURS),
)
async def apply_as_mentor(call: Call, body: Apply) -> Application:
    """Apply to be a mentor. One application at a time; who was rejected may apply again. Certificates are uploads of that
    purpose, mine and confirmed; only admins read them."""
    return await applying.apply(call.services, call.person.user, body)


@operations.get("/api/v1/me/mentor-applications", permission="mentor.apply")
async def list_my_applications(call: Call, query: PageQuery) -> Applications:
    """List my applications. The newest first, with what became of them."""
    return await applying.mine(call.services, call.person.user, query)


@operations.delete(
    "/api/v1/me/mentor-applications/{application}",
    permission="mentor.apply",
    errors=("application_decided",),
)
async def withdraw_application(call: Call, application: Uuid) -> None:
    """Withdraw my application. As if it had never been sent, as long as nobody has decided; I may apply again. What is not
    there stays so."""
    await applying.withdraw(call.services, call.person.user, application)


@operations.get("/api/v1/admin/mentor-applications", permission="mentor.review")
async def list_applications(call: Call, query: ApplicationsQuery) -> Applications:
    """List applications. For admins: those that are pending, unless another state is asked for."""
    return await applying.in_state(call.services, query)


@operations.post(
    "/api/v1/admin/mentor-applications/{application}/approve", permission="mentor.review", errors=_DECISION
)
async def approve_application(call: Call, application: Uuid) -> None:
    """Approve an application. The applicant is a mentor from now on, is listed, and hears of it at once. To approve it again
    changes nothing; nobody decides on his own."""
    await applying.approve(call.services, call.person.user, application)


@operations.post(
    "/api/v1/admin/mentor-applications/{application}/reject", permission="mentor.review", errors=_DECISION
)
async def reject_application(call: Call, application: Uuid, body: Reject) -> None:
    """Reject an application. The applicant hears why, and may apply again."""
    await applying.reject(call.services, call.person.user, application, body.reason)


@operations.get("/api/v1/mentors", permission="mentor.read")
async def list_mentors(call: Call, query: MentorsQuery) -> Mentors:
    """List mentors. Of one category or of all, by their followers, their best answers, or their rating."""
    return await mentors.listed(call.services, call.person.user, query)


@operations.get("/api/v1/mentors/{mentor}", permission="mentor.read", errors=("mentor_not_found",))
async def get_mentor(call: Call, mentor: Uuid) -> Mentor:
    """A mentor's page. What the list shows of one."""
    return await mentors.one(call.services, call.person.user, mentor)


@operations.patch(
    "/api/v1/me/mentor",
    permission="mentor.edit",
    errors=("category_unknown", "mentor_not_found"),
    rate=Rate(30, per=10 * MINUTES),
)
async def change_mentor_card(call: Call, body: ChangeCard) -> Mentor:
    """Change what others see of me. The introduction, the hours, the categories."""
    return await mentors.change_card(call.services, call.person.user, body)


@operations.put(
    "/api/v1/me/follows/{mentor}",
    permission="mentor.follow",
    errors=("mentor_not_found", "not_oneself", "list_full"),
    rate=_FOLLOWS,
)
async def follow_mentor(call: Call, mentor: Uuid) -> None:
    """Follow a mentor. I hear of new classes from now on; up to 2,000 mentors. To follow again changes nothing."""
    await following.follow(call.services, call.person.user, mentor)


@operations.delete("/api/v1/me/follows/{mentor}", permission="mentor.follow", rate=_FOLLOWS)
async def unfollow_mentor(call: Call, mentor: Uuid) -> None:
    """Follow a mentor no more. Who is not followed stays so."""
    await following.unfollow(call.services, call.person.user, mentor)


@operations.get("/api/v1/me/follows", permission="mentor.follow")
async def list_follows(call: Call, query: PageQuery) -> Mentors:
    """List the mentors that I follow. Whom I followed last is first."""
    return await following.followed(call.services, call.person.user, query)
