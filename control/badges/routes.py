"""Badges over HTTP."""

from __future__ import annotations

from typing import Final

from common.protocol import Uuid
from common.units import MINUTES
from control.badges import editing, granting, showing
from control.badges.drawings import DRAWINGS, Drawing
from control.badges.views import (
    AwardedBadges,
    BadgeKey,
    BadgeList,
    GrantBadge,
    Holders,
    HoldersQuery,
    MyBadges,
    PutBadge,
)
from control.operations import LOGGED_IN, PUBLIC, Call, Document, Operations, Rate

operations = Operations(
    "badges",
    "Badges: awarded for time in rooms, for coming first, or by admins; one of mine shows on my profile.",
)

_READING = Rate(120, per=1 * MINUTES)
_EDITING = Rate(60, per=1 * MINUTES)
_GRANTING = Rate(300, per=1 * MINUTES)
_DRAWN: Final = {
    "cache-control": "public, max-age=86400",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}


@operations.get("/api/v1/me/badges", permission=LOGGED_IN, rate=_READING)
async def list_my_badges(call: Call) -> MyBadges:
    """List the badges. All that can be earned, with how far I am, and those that are mine. Whoever earns one in a room hears of
    it on the socket within some seconds. The one on my profile is chosen with the profile."""
    return await showing.mine(call.services, call.person.user)


@operations.get("/api/v1/people/{person}/badges", permission="people.read", errors=("person_not_found",))
async def list_badges_of_person(call: Call, person: Uuid) -> AwardedBadges:
    """List the badges of a person. The last one is first. Of who blocked me there are none."""
    return await showing.theirs(call.services, call.person.user, person)


@operations.get("/api/v1/badges/drawings/{drawing}.svg", permission=PUBLIC, media_type="image/svg+xml")
async def get_badge_drawing(drawing: Drawing) -> Document:
    """A picture that comes with Madang. Badges have one of these, unless an admin uploaded another."""
    return Document("image/svg+xml; charset=utf-8", DRAWINGS[drawing], headers=_DRAWN)


@operations.get("/api/v1/admin/badges", permission="badge.manage")
async def list_all_badges(call: Call) -> BadgeList:
    """List all badges. For admins: the retired ones, too, and how many places are left."""
    return await editing.listed(call.services)


@operations.put(
    "/api/v1/admin/badges/{key}",
    permission="badge.manage",
    errors=("category_unknown", "upload_not_found", "badge_rule_fixed", "list_full"),
    rate=_EDITING,
)
async def put_badge(call: Call, key: BadgeKey, body: PutBadge) -> BadgeList:
    """Offer a badge. A new one, a known one otherwise, or a retired one again; there are 200 at most. Who has
    earned it already gets it, too: who came first at once, who was in rooms long enough once their time has been looked at."""
    return await editing.put(call.services, call.person.user, key, body)


@operations.delete(
    "/api/v1/admin/badges/{key}", permission="badge.manage", errors=("badge_not_found",), rate=_EDITING
)
async def retire_badge(call: Call, key: BadgeKey) -> BadgeList:
    """Retire a badge. It is not awarded any more, and stays with those who have it. Retiring it again changes nothing."""
    return await editing.retire(call.services, call.person.user, key)


@operations.get("/api/v1/admin/badges/{key}/holders", permission="badge.manage", errors=("badge_not_found",))
async def list_badge_holders(call: Call, key: BadgeKey, query: HoldersQuery) -> Holders:
    """List who has a badge. For admins: the last one first, with who granted it and in what words."""
    return await granting.holders(call.services, key, query)


@operations.put(
    "/api/v1/admin/badges/{key}/holders/{person}",
    permission="badge.grant",
    errors=("badge_not_found", "badge_not_granted", "badge_retired", "person_not_found"),
    rate=_GRANTING,
)
async def grant_badge(call: Call, key: BadgeKey, person: Uuid, body: GrantBadge) -> None:
    """Grant a badge. One that admins grant, to a person, who hears of it at once. To grant it again changes nothing."""
    await granting.grant(call.services, call.person.user, key, person, body.note)


@operations.delete(
    "/api/v1/admin/badges/{key}/holders/{person}",
    permission="badge.grant",
    errors=("badge_not_found", "badge_not_granted"),
    rate=_GRANTING,
)
async def take_badge_back(call: Call, key: BadgeKey, person: Uuid) -> None:
    """Take a badge back. One that admins grant; it goes from the profile, too. Who does not have it stays without."""
    await granting.take_back(call.services, call.person.user, key, person)
