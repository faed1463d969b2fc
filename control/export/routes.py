"""Copies of what is one's own, over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import DAYS
from control.export import asking
from control.export.views import Export, Exports
from control.operations import LOGGED_IN, Call, Operations, Rate

operations = Operations("export", "A copy of everything that is my own, to take along.")


@operations.post(
    "/api/v1/me/exports",
    permission=LOGGED_IN,
    status=201,
    errors=("export_under_way",),
    rate=Rate(3, per=1 * DAYS),
)
async def ask_export(call: Call) -> Export:
    """Ask for a copy of what is mine. A zip of JSON files with my account, rooms, messages, posts and all else, and of my
    files. It is made in the background, one at a time for each person, and kept for seven days."""
    return await asking.ask(call.services, call.person.user)


@operations.get("/api/v1/me/exports", permission=LOGGED_IN)
async def list_exports(call: Call) -> Exports:
    """List my copies. The newest ten, with what became of each."""
    return await asking.mine(call.services, call.person.user)


@operations.get("/api/v1/me/exports/{export}", permission=LOGGED_IN, errors=("not_found", "unavailable"))
async def get_export(call: Call, export: Uuid) -> Export:
    """See one of my copies. While it is ready, with a URL that gives it for two minutes."""
    return await asking.one(call.services, call.person.user, export)
