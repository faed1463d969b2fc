"""Categories over HTTP."""

from __future__ import annotations

from control.commons import categories_editing as editing
from control.commons.views import CategoryKey, CategoryList, PutCategory
from control.operations import PUBLIC, Call, Operations

operations = Operations(
    "categories", "What people, mentors, classes and rooms are about; admins edit the list."
)


@operations.get("/api/v1/categories", permission=PUBLIC)
async def list_categories(call: Call) -> CategoryList:
    """List the categories. In Korean and English, in the order in which to show them. Answered from memory, which follows
    an edit within a second."""
    return CategoryList(list(call.services.categories.all()))


@operations.put("/api/v1/admin/categories/{key}", permission="category.manage", errors=("list_full",))
async def put_category(call: Call, key: CategoryKey, body: PutCategory) -> CategoryList:
    """Offer a category. A new one, a known one under other names or in another place, or a retired one again. The list has
    200 at most, and is answered as it is then."""
    await editing.put(call.services, call.person.user, key, body)
    return CategoryList(list(call.services.categories.all()))


@operations.delete("/api/v1/admin/categories/{key}", permission="category.manage", errors=("not_found",))
async def retire_category(call: Call, key: CategoryKey) -> CategoryList:
    """Retire a category. It is not offered any more, and stays where it was chosen. Retiring it again changes nothing."""
    await editing.retire(call.services, call.person.user, key)
    return CategoryList(list(call.services.categories.all()))
