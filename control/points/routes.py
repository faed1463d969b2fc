"""Points over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import MINUTES
from control.operations import Call, Operations, Rate
from control.points import charging, statements
from control.points.views import Grant, Statement, StatementQuery

operations = Operations("points", "Points: earned, granted, spent on classes, and refunded.")


@operations.get("/api/v1/me/points", permission="points.read")
async def get_my_points(call: Call, query: StatementQuery) -> Statement:
    """My points. How many there are, and everything that came or went, the newest first."""
    return await statements.statement(call.services, call.person.user, query)


@operations.get(
    "/api/v1/admin/people/{person}/points", permission="points.grant", errors=("person_not_found",)
)
async def get_points_of_person(call: Call, person: Uuid, query: StatementQuery) -> Statement:
    """The points of a person. For admins; what they read is what the person reads."""
    return await statements.statement_of(call.services, person, query)


@operations.post(
    "/api/v1/admin/points/grants",
    permission="points.grant",
    errors=("person_not_found", "reference_reused"),
    rate=Rate(60, per=1 * MINUTES),
)
async def grant_points(call: Call, body: Grant) -> None:
    """Grant points to a person. The same `client_id` grants them once, however often it is sent; with anything else in it,
    it is refused."""
    await charging.grant(call.services, call.person.user, body)
