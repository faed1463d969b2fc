"""Categories are put into the list, or retired, by admins."""

from __future__ import annotations

from typing import Final

from control.commons import editing, queries
from control.commons.views import PutCategory
from control.services import Services

_CATEGORIES: Final = editing.Editing(
    lock=queries.LOCK_CATEGORIES,
    count=queries.COUNT_CATEGORIES,
    has=queries.HAS_CATEGORY,
    put=queries.PUT_CATEGORY,
    retire=queries.RETIRE_CATEGORY,
    put_as="category.put",
    retired_as="category.retired",
)


async def put(services: Services, by: str, key: str, wanted: PutCategory) -> None:
    """Offer a category under these names. Raises `invalid`, `list_full`."""
    await services.db.transaction(editing.put, _CATEGORIES, by, [key], editing.tidy(wanted))
    await services.categories.read()  # whoever looks next here sees it; the other processes hear of it


async def retire(services: Services, by: str, key: str) -> None:
    """Offer a category no more. Retiring it again changes nothing. Raises `not_found`."""
    await services.db.transaction(editing.retire, _CATEGORIES, by, [key])
    await services.categories.read()
