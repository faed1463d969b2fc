"""Notices over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import MINUTES
from control.notices import notices
from control.notices.views import ChangeNotice, Notice, Notices, NoticesQuery, Publish
from control.operations import PUBLIC, Call, Operations, Rate

operations = Operations("notices", "What admins tell everybody. Whoever is connected hears of it at once.")

_READING = Rate(120, per=1 * MINUTES)
_TELLING = Rate(30, per=1 * MINUTES)


@operations.get("/api/v1/notices", permission=PUBLIC, errors=("unavailable",), rate=_READING)
async def list_notices(call: Call, query: NoticesQuery) -> Notices:
    """List the notices. In Korean and English; those that are pinned first, then the newest."""
    return await notices.listed(call.services, query)


@operations.get(
    "/api/v1/notices/{notice}", permission=PUBLIC, errors=("not_found", "unavailable"), rate=_READING
)
async def see_notice(call: Call, notice: Uuid) -> Notice:
    """One notice."""
    return await notices.one(call.services, notice)


@operations.post(
    "/api/v1/admin/notices",
    permission="notice.manage",
    status=201,
    errors=("list_full", "not_found", "reference_reused"),
    rate=_TELLING,
)
async def publish_notice(call: Call, body: Publish) -> Notice:
    """Publish a notice. Everybody who is connected hears its titles within seconds. Twenty may be pinned at once."""
    return await notices.publish(call.services, call.person.user, body)


@operations.patch(
    "/api/v1/admin/notices/{notice}",
    permission="notice.manage",
    errors=("not_found", "list_full"),
    rate=_TELLING,
)
async def change_notice(call: Call, notice: Uuid, body: ChangeNotice) -> Notice:
    """Change a notice. What it says, or whether it is pinned; everybody who is connected hears of it."""
    return await notices.change(call.services, call.person.user, notice, body)


@operations.delete("/api/v1/admin/notices/{notice}", permission="notice.manage", rate=_TELLING)
async def withdraw_notice(call: Call, notice: Uuid) -> None:
    """Withdraw a notice. It is gone, and everybody who is connected hears of that. One that is gone stays gone."""
    await notices.withdraw(call.services, call.person.user, notice)
