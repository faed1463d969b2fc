"""Random matching over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import MINUTES
from control.matching.pairing import applying
from control.matching.pairing.views import ApplyAtRandom, RandomApplication, RandomApplications
from control.operations import Call, Operations, Rate

operations = Operations(
    "random matching", "Company for a meal or to study, found at random among those who look for the same."
)


@operations.post(
    "/api/v1/matching/random",
    permission="match.apply",
    status=201,
    errors=("condition_unknown", "already_applied", "reference_reused"),
    rate=Rate(60, per=10 * MINUTES),
)
async def apply_at_random(call: Call, body: ApplyAtRandom) -> RandomApplication:
    """Look for company. For half an hour, or until somebody fits: who shares a place and a way, or a kind. Whoever came first
    is matched first. Both hear of it live and meet in a room of their own; an application that runs out is told, too."""
    return await applying.apply(call.services, call.person.user, body)


@operations.get("/api/v1/matching/random", permission="match.apply")
async def list_random_applications(call: Call) -> RandomApplications:
    """See how my applications stand. The newest of each category, whatever became of it."""
    return await applying.mine(call.services, call.person.user)


@operations.delete(
    "/api/v1/matching/random/{application}",
    permission="match.apply",
    errors=("application_not_found", "already_matched"),
)
async def cancel_random_application(call: Call, application: Uuid) -> None:
    """Look for company no more. To cancel it again, or one that has run out, changes nothing."""
    await applying.cancel(call.services, call.person.user, application)
