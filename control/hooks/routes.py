"""Webhooks over HTTP: for the room's moderators, and for the systems that speak through them."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import HOURS, MINUTES
from control.hooks import hooks, posting
from control.hooks.views import CreateHook, Hooks, NewHook, Posted, PostToHook, Secret
from control.operations import PUBLIC, Call, Operations, Rate

operations = Operations("webhooks", "Addresses at which other systems say something in a room.")


@operations.post(
    "/api/v1/rooms/{room}/hooks",
    permission="hook.create",
    status=201,
    errors=("room_not_found", "not_a_member", "not_a_moderator", "list_full"),
    rate=Rate(60, per=1 * HOURS),
)
async def create_hook(call: Call, room: Uuid, body: CreateHook) -> NewHook:
    """Make a webhook for a room. For its owner and its moderators. The address is in this answer and nowhere else: whoever
    has it may speak in the room. Ten for each room."""
    return await hooks.create(call.services, call.person.user, room, body)


@operations.get(
    "/api/v1/rooms/{room}/hooks",
    permission="hook.create",
    errors=("room_not_found", "not_a_member", "not_a_moderator"),
)
async def list_hooks(call: Call, room: Uuid) -> Hooks:
    """List a room's webhooks. For its owner and its moderators; who made each, and when it was last used."""
    return await hooks.hooks_of(call.services, call.person.user, room)


@operations.delete(
    "/api/v1/rooms/{room}/hooks/{hook}",
    permission="hook.create",
    errors=("room_not_found", "not_a_member", "not_a_moderator", "not_found"),
)
async def revoke_hook(call: Call, room: Uuid, hook: Uuid) -> None:
    """Revoke a webhook. Its address is good for nothing from now on; what it said stays."""
    await hooks.revoke(call.services, call.person.user, room, hook)


@operations.post(
    "/hooks/{hook}/{secret}",
    permission=PUBLIC,
    status=202,
    errors=(
        "hook_wrong",
        "hook_revoked",
        "rate_limited",
        "text_empty",
        "text_too_long",
        "key_reused",
        "unavailable",
    ),
    rate=Rate(600, per=1 * MINUTES),
)
async def post_to_hook(call: Call, hook: Uuid, secret: Secret, body: PostToHook) -> Posted:
    """Say something through a webhook. It is a message of the room, marked as a webhook's. Sixty in a minute. With the
    header `Idempotency-Key` the same post may be repeated for a day, and is said once."""
    return await posting.post(call.services, hook, secret, body, call.headers.get("idempotency-key"))
