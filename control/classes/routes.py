"""Classes over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import HOURS, MINUTES
from control.classes import making, reading, registering, reviewing
from control.classes.views import (
    ChangeClass,
    Class,
    Classes,
    ClassesQuery,
    MakeClass,
    MentorReviews,
    Register,
    Registrants,
    Registration,
    RegistrationsQuery,
    Review,
    Reviews,
    Unlist,
    WriteReview,
)
from control.operations import Call, Operations, Rate
from control.rooms.views import PageQuery, Room

operations = Operations(
    "classes", "Classes: made and opened by mentors, registered for with points, reviewed by who was there."
)

_SAID = ("category_unknown", "cover_not_found")
_ACTS = Rate(60, per=1 * MINUTES)
_REVIEW = "class.review"  # the permission of who sees every class


@operations.post(
    "/api/v1/classes",
    permission="class.create",
    status=201,
    errors=(*_SAID, "mentor_not_found", "class_not_found", "reference_reused"),
    rate=Rate(30, per=1 * HOURS),
)
async def make_class(call: Call, body: MakeClass) -> Class:
    """Make a class. For mentors. It is a draft that nobody else sees, and its room is there already: the place for the
    meeting link."""
    return await making.make(call.services, call.person.user, body)


@operations.get("/api/v1/classes", permission="class.read")
async def list_classes(call: Call, query: ClassesQuery) -> Classes:
    """List open classes. Of one category or of all, what was opened last first or what starts soonest."""
    return await reading.open_classes(call.services, call.person.user, query)


@operations.get("/api/v1/classes/{class_id}", permission="class.read", errors=("class_not_found",))
async def get_class(call: Call, class_id: Uuid) -> Class:
    """One class. A draft is for its mentor alone; what was unlisted is for who is in it."""
    sees_all = call.person.may(_REVIEW)
    return await reading.one(call.services, call.person.user, class_id, sees_all=sees_all)


@operations.patch(
    "/api/v1/classes/{class_id}",
    permission="class.create",
    errors=(
        *_SAID,
        "class_not_found",
        "class_closed",
        "class_started",
        "class_not_draft",
        "capacity_below_registered",
        "start_not_earlier",
        "room_archived",
        "unavailable",
    ),
    rate=_ACTS,
)
async def change_class(call: Call, class_id: Uuid, body: ChangeClass) -> Class:
    """Change a class of mine. Everything while it is a draft; all but price and questions while it is open and has not begun,
    though a start that people registered for can only be put off: then they hear of it, and so does who waits. More places go to
    who waits."""
    return await making.change(call.services, call.person.user, class_id, body)


@operations.delete(
    "/api/v1/classes/{class_id}",
    permission="class.create",
    errors=("class_not_found", "class_not_draft"),
    rate=_ACTS,
)
async def delete_class(call: Call, class_id: Uuid) -> None:
    """Take a draft of mine back. Its room is closed for good."""
    await making.delete(call.services, call.person.user, class_id)


@operations.post(
    "/api/v1/classes/{class_id}/open",
    permission="class.create",
    errors=("class_not_found", "class_closed", "class_started"),
    rate=_ACTS,
)
async def open_class(call: Call, class_id: Uuid) -> Class:
    """Open a class of mine. People may register, and those who follow me hear of it. To open it again changes nothing."""
    return await making.open_class(call.services, call.person.user, class_id)


@operations.post(
    "/api/v1/classes/{class_id}/close",
    permission="class.create",
    errors=("class_not_found", "class_not_open"),
    rate=_ACTS,
)
async def close_class(call: Call, class_id: Uuid) -> Class:
    """Close a class of mine. Nobody registers any more; who is registered stays so, and who waits is told. A class that
    begins is closed by itself."""
    return await making.close(call.services, call.person.user, class_id)


@operations.post(
    "/api/v1/classes/{class_id}/call-off",
    permission="class.create",
    errors=("class_not_found", "class_not_open", "class_started"),
    rate=_ACTS,
)
async def call_off_class(call: Call, class_id: Uuid) -> None:
    """Call a class of mine off, before it begins. Everybody has their points back and is told."""
    await making.call_off(call.services, call.person.user, class_id)


@operations.get(
    "/api/v1/classes/{class_id}/registrations", permission="class.create", errors=("class_not_found",)
)
async def list_registrations(call: Call, class_id: Uuid, query: RegistrationsQuery) -> Registrants:
    """List who registered for a class of mine. With their answers; or who waits."""
    return await reading.registrants(call.services, call.person.user, class_id, query)


@operations.put(
    "/api/v1/classes/{class_id}/registration",
    permission="class.register",
    errors=(
        "class_not_found",
        "not_oneself",
        "class_not_open",
        "class_started",
        "blocked",
        "blocked_by_me",
        "banned",
        "answers_missing",
        "class_full",
        "not_enough_points",
        "room_archived",
        "unavailable",
    ),
    rate=_ACTS,
)
async def register_for_class(call: Call, class_id: Uuid, body: Register) -> Registration:
    """Register for a class. Its price is taken from my points, and I am in its room; with `wait`, I am on the waiting list
    when it is full, pay nothing yet, and come in when a place is free that I can pay for: within a minute, or at once when I ask
    again. To register again changes nothing else."""
    return await registering.register(call.services, call.person.user, class_id, body)


@operations.delete(
    "/api/v1/classes/{class_id}/registration",
    permission="class.register",
    errors=("class_not_found", "room_archived", "unavailable"),
    rate=_ACTS,
)
async def cancel_registration(call: Call, class_id: Uuid) -> None:
    """Cancel my registration. Until the class begins all points come back; from then on none do. The place goes to who has
    waited longest. Who is not registered stays so."""
    await registering.cancel(call.services, call.person.user, class_id)


@operations.post(
    "/api/v1/classes/{class_id}/room",
    permission="class.register",
    errors=("class_not_found", "not_registered", "banned", "room_archived", "unavailable"),
    rate=_ACTS,
)
async def enter_class_room(call: Call, class_id: Uuid) -> Room:
    """Come back into the class room. For who is registered and left it."""
    return await registering.enter_room(call.services, call.person.user, class_id)


@operations.get("/api/v1/me/classes", permission="class.read")
async def list_my_classes(call: Call, query: PageQuery) -> Classes:
    """List my classes. Those that I registered for or wait for, the last first."""
    return await reading.mine(call.services, call.person.user, query)


@operations.get("/api/v1/mentors/{mentor}/classes", permission="class.read")
async def list_classes_of_mentor(call: Call, mentor: Uuid, query: PageQuery) -> Classes:
    """List a mentor's classes. The newest first; my own with drafts and what was unlisted."""
    return await reading.of_mentor(call.services, call.person.user, mentor, query)


@operations.put("/api/v1/admin/classes/{class_id}/unlisting", permission=_REVIEW, errors=("class_not_found",))
async def unlist_class(call: Call, class_id: Uuid, body: Unlist) -> None:
    """Unlist a class. No list shows it and nobody registers; who is in it stays."""
    await making.unlist(call.services, call.person.user, class_id, body.reason)


@operations.delete(
    "/api/v1/admin/classes/{class_id}/unlisting", permission=_REVIEW, errors=("class_not_found",)
)
async def list_class_again(call: Call, class_id: Uuid) -> None:
    """List a class again. As if it had never been unlisted."""
    await making.list_again(call.services, call.person.user, class_id)


@operations.post(
    "/api/v1/admin/classes/{class_id}/call-off",
    permission=_REVIEW,
    errors=("class_not_found", "class_not_open", "class_started"),
)
async def call_off_class_of_mentor(call: Call, class_id: Uuid) -> None:
    """Call anybody's class off, before it begins. As its mentor would, who may be gone."""
    await making.call_off(call.services, call.person.user, class_id, admin=True)


@operations.put(
    "/api/v1/classes/{class_id}/review",
    permission="class.register",
    errors=("class_not_found", "not_registered", "class_not_started"),
    rate=_ACTS,
)
async def review_class(call: Call, class_id: Uuid, body: WriteReview) -> Review:
    """Review a class. For who is registered, from when it begins: one to five stars, in halves. To review it again edits
    what was said."""
    return await reviewing.review(call.services, call.person.user, class_id, body)


@operations.delete(
    "/api/v1/classes/{class_id}/review", permission="class.register", errors=("class_not_found",), rate=_ACTS
)
async def take_review_back(call: Call, class_id: Uuid) -> None:
    """Take my review back. It counts no more. Who did not review the class changes nothing."""
    await reviewing.take_back(call.services, call.person.user, class_id)


@operations.get("/api/v1/classes/{class_id}/reviews", permission="class.read", errors=("class_not_found",))
async def list_reviews(call: Call, class_id: Uuid, query: PageQuery) -> Reviews:
    """List the reviews of a class. The newest first."""
    return await reviewing.reviews(call.services, call.person.user, class_id, query)


@operations.get("/api/v1/mentors/{mentor}/reviews", permission="class.read", errors=("mentor_not_found",))
async def list_reviews_of_mentor(call: Call, mentor: Uuid, query: PageQuery) -> MentorReviews:
    """List the reviews of a mentor. Those of all classes, the newest first, with their average."""
    return await reviewing.reviews_of_mentor(call.services, mentor, query)


@operations.delete(
    "/api/v1/admin/classes/{class_id}/reviews/{person}", permission=_REVIEW, errors=("class_not_found",)
)
async def remove_review(call: Call, class_id: Uuid, person: Uuid) -> None:
    """Take somebody's review away. For admins; it counts no more. Where there is none nothing changes."""
    await reviewing.take_away(call.services, call.person.user, class_id, person)
