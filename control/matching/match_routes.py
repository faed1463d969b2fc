"""Matches over HTTP: what comes after they were made."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import MINUTES
from control.matching import afterwards
from control.matching.match_views import Match, Matches, ReviewPartner
from control.operations import Call, Operations, Rate
from control.rooms.views import PageQuery, Room

operations = Operations("matches", "Matches: whom I met, in which room, and how it was.")

_ACTS = Rate(60, per=1 * MINUTES)


@operations.get("/api/v1/me/matches", permission="match.read")
async def list_my_matches(call: Call, query: PageQuery) -> Matches:
    """List my matches. With my partners, and the scores that I gave them; the newest first."""
    return await afterwards.mine(call.services, call.person.user, query)


@operations.get("/api/v1/matches/{match}", permission="match.read", errors=("match_not_found",))
async def get_match(call: Call, match: Uuid) -> Match:
    """One match of mine."""
    return await afterwards.one(call.services, call.person.user, match)


@operations.put(
    "/api/v1/matches/{match}/reviews/{person}",
    permission="match.join",
    errors=(
        "match_not_found",
        "not_oneself",
        "not_matched",
        "review_too_early",
        "review_too_late",
        "already_reviewed",
    ),
    rate=_ACTS,
)
async def review_partner(call: Call, match: Uuid, person: Uuid, body: ReviewPartner) -> None:
    """Review a partner of mine. Once, from when we meet until two weeks later: the score goes to their activity, and 20 to
    mine. They are not told who gave it. To say the same again changes nothing."""
    await afterwards.review(call.services, call.person.user, match, person, body)


@operations.post(
    "/api/v1/matches/{match}/room",
    permission="match.join",
    errors=("match_not_found", "banned", "room_archived", "unavailable"),
    rate=_ACTS,
)
async def enter_match_room(call: Call, match: Uuid) -> Room:
    """Come back into the room of a match of mine. Who is in it stays in it."""
    return await afterwards.enter_room(call.services, call.person.user, match)
