"""Conditions are put into their lists, or retired, by admins."""

from __future__ import annotations

from typing import Final

from control.commons import editing
from control.matching.conditions import queries
from control.matching.conditions.views import ConditionList, PutCondition
from control.services import Services

_CONDITIONS: Final = editing.Editing(
    lock=queries.LOCK,
    count=queries.COUNT,
    has=queries.HAS,
    put=queries.PUT,
    retire=queries.RETIRE,
    put_as="condition.put",
    retired_as="condition.retired",
)


async def put(services: Services, by: str, of: ConditionList, key: str, wanted: PutCondition) -> None:
    """Offer a condition under these names. Raises `invalid`, `list_full`."""
    await services.db.transaction(editing.put, _CONDITIONS, by, [of, key], editing.tidy(wanted))
    await services.conditions.read()  # whoever looks next here sees it; the other processes hear of it


async def retire(services: Services, by: str, of: ConditionList, key: str) -> None:
    """Offer a condition no more. Retiring it again changes nothing. Raises `not_found`."""
    await services.db.transaction(editing.retire, _CONDITIONS, by, [of, key])
    await services.conditions.read()
