"""Leaving for good, over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import MINUTES
from control.admin import finding
from control.admin.views import PersonPage
from control.erasure import closing
from control.erasure.views import Delete
from control.identity import cookies, owning
from control.identity.views import Ownership
from control.operations import LOGGED_IN, Call, Operations, Rate
from control.words import line

operations = Operations(
    "leaving",
    "Leaving for good: an account is closed at once, can be restored for thirty days, and is erased then.",
)


@operations.post(
    "/api/v1/me/deletion",
    permission=LOGGED_IN,
    errors=(*owning.REFUSALS, "last_admin", "rate_limited", "unavailable"),
    rate=Rate(20, per=10 * MINUTES),
)
async def delete_me(call: Call, body: Ownership) -> None:
    """Delete my own account. Needs the password, or a fresh proof of my phone number or e-mail address. All my sessions end and my
    live sockets close; for thirty days an admin can restore it, and then everything of mine is erased for good. My classes that
    have not begun are called off within a minute, for good, and everybody is refunded."""
    await closing.delete_oneself(call.services, call.person.user, body, language=call.language)
    if call.person.by_cookie:
        cookies.clear(call)


@operations.put(
    "/api/v1/admin/people/{person}/deletion",
    permission="user.manage",
    errors=("person_not_found", "not_oneself", "last_admin"),
)
async def delete_person(call: Call, person: Uuid, body: Delete) -> PersonPage:
    """Delete a person. As if they had done it themselves; who is deleted already stays so, since the first time."""
    await closing.delete(call.services, call.person.user, person, line("reason", body.reason))
    return await finding.person(call.services, person)


@operations.delete(
    "/api/v1/admin/people/{person}/deletion",
    permission="user.manage",
    errors=("person_not_found", "not_oneself"),
)
async def restore_person(call: Call, person: Uuid) -> PersonPage:
    """Restore a person. As they were, with their rooms and friends; sessions that ended stay ended, and classes that were
    called off stay so. Once erasure has begun there is nobody to restore."""
    await closing.restore(call.services, call.person.user, person)
    return await finding.person(call.services, person)
