"""Administration over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from control.admin import audit, counting, finding, standing
from control.admin.views import (
    AuditLog,
    AuditQuery,
    Counters,
    CountersQuery,
    PeopleList,
    PeopleQuery,
    PersonPage,
    SetRoles,
    Standing,
    Suspend,
)
from control.operations import Call, Operations
from control.words import line

operations = Operations(
    "administration", "What admins do to accounts. It takes effect everywhere within a second."
)

_ERRORS = ("person_not_found", "not_oneself")
_TAKEN = (*_ERRORS, "last_admin")


@operations.get("/api/v1/admin/people", permission="user.manage", errors=("phone_invalid",))
async def find_people(call: Call, query: PeopleQuery) -> PeopleList:
    """Find people, or list them. By the beginning of a nickname, or exactly by e-mail address, phone or id; by role and by
    standing. Without any of the first four the newest come first."""
    return await finding.people(call.services, query)


@operations.get("/api/v1/admin/people/{person}", permission="user.manage", errors=("person_not_found",))
async def see_person(call: Call, person: Uuid) -> PersonPage:
    """See a person. With their addresses, how they stand, and how much there is of them."""
    return await finding.person(call.services, person)


@operations.get(
    "/api/v1/admin/people/{person}/standing", permission="user.manage", errors=("person_not_found",)
)
async def see_standing(call: Call, person: Uuid) -> Standing:
    """How a person stands. Their roles, and whether they are suspended, since when and why."""
    return await standing.standing(call.services, person)


@operations.put("/api/v1/admin/people/{person}/roles", permission="user.manage", errors=_TAKEN)
async def set_roles(call: Call, person: Uuid, body: SetRoles) -> Standing:
    """Give a person roles. These and no others, but that everybody is a mentee; live sockets follow within a second. Of
    whoever is no mentor any more the classes that have not begun are called off within a minute, and everybody is refunded."""
    return await standing.set_roles(call.services, call.person.user, person, body.roles)


@operations.put("/api/v1/admin/people/{person}/suspension", permission="user.manage", errors=_TAKEN)
async def suspend_person(call: Call, person: Uuid, body: Suspend) -> Standing:
    """Suspend a person. Their sessions end, their live sockets close, and they cannot log in. Who is suspended already
    stays so, for the first reason. A mentor's class that begins meanwhile is called off, and everybody is refunded."""
    return await standing.suspend(call.services, call.person.user, person, line("reason", body.reason))


@operations.delete("/api/v1/admin/people/{person}/suspension", permission="user.manage", errors=_ERRORS)
async def reinstate_person(call: Call, person: Uuid) -> Standing:
    """Take a suspension back. They may log in again; sessions that ended stay ended."""
    return await standing.reinstate(call.services, call.person.user, person)


@operations.get("/api/v1/admin/counters", permission="counters.read")
async def get_counters(call: Call, query: CountersQuery) -> Counters:
    """Count what is new. Sign-ups, mentors and posts by day, and how many people are online now."""
    return await counting.counters(call.services, query)


@operations.get("/api/v1/admin/audit", permission="audit.read")
async def list_admin_audit(call: Call, query: AuditQuery) -> AuditLog:
    """List what admins did. The newest is first; every line was written with the act itself, and is never changed."""
    return await audit.audit(call.services, query)
