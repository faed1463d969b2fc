"""Conditions over HTTP."""

from __future__ import annotations

from control.commons.views import CategoryKey
from control.matching.conditions import editing
from control.matching.conditions.views import ConditionList, Conditions, PutCondition
from control.operations import PUBLIC, Call, Operations

operations = Operations(
    "conditions",
    "What people look for company by: places, ways to eat, kinds of study; admins edit the lists.",
)


@operations.get("/api/v1/conditions", permission=PUBLIC)
async def list_conditions(call: Call) -> Conditions:
    """List the conditions. In Korean and English, in the order in which to show them. Answered from memory, which follows an
    edit within a second."""
    return call.services.conditions.all()


@operations.put("/api/v1/admin/conditions/{of}/{key}", permission="condition.manage", errors=("list_full",))
async def put_condition(call: Call, of: ConditionList, key: CategoryKey, body: PutCondition) -> Conditions:
    """Offer a condition. A new one, a known one under other names or in another place, or a retired one again. Each list has
    200 at most; all are answered as they are then."""
    await editing.put(call.services, call.person.user, of, key, body)
    return call.services.conditions.all()


@operations.delete(
    "/api/v1/admin/conditions/{of}/{key}", permission="condition.manage", errors=("not_found",)
)
async def retire_condition(call: Call, of: ConditionList, key: CategoryKey) -> Conditions:
    """Retire a condition. It is not offered any more, and stays where it was chosen. Retiring it again changes nothing."""
    await editing.retire(call.services, call.person.user, of, key)
    return call.services.conditions.all()
