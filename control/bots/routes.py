"""Bots over HTTP. Who may make none any more still ends those that they made."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import HOURS, MINUTES
from control.bots import bots, exchange, placing
from control.bots.views import (
    ApiTokens,
    Bot,
    BotAccess,
    Bots,
    CreateBot,
    CreateToken,
    ExchangeToken,
    NewApiToken,
)
from control.operations import LOGGED_IN, PUBLIC, Call, Operations, Rate

operations = Operations("bots", "Accounts without a person, and the tokens that programs speak with.")


@operations.post(
    "/api/v1/bots",
    permission="bot.create",
    status=201,
    errors=("nickname_taken", "list_full"),
    rate=Rate(30, per=1 * HOURS),
)
async def create_bot(call: Call, body: CreateBot) -> Bot:
    """Make a bot. It has no password; programs speak for it with API tokens. Ten for each owner."""
    return await bots.create(call.services, call.person.user, body)


@operations.get("/api/v1/bots", permission=LOGGED_IN)
async def list_bots(call: Call) -> Bots:
    """List my bots. Those that are retired are left out."""
    return await bots.bots_of(call.services, call.person.user)


@operations.delete("/api/v1/bots/{bot}", permission=LOGGED_IN, errors=("not_found",))
async def retire_bot(call: Call, bot: Uuid) -> None:
    """Retire a bot. Its tokens are revoked, its sockets close, it leaves its rooms; what it said stays."""
    await bots.retire(call.services, call.person.user, bot)


@operations.post(
    "/api/v1/bots/{bot}/tokens",
    permission="bot.create",
    status=201,
    errors=("not_found", "list_full"),
    rate=Rate(60, per=1 * HOURS),
)
async def create_bot_token(call: Call, bot: Uuid, body: CreateToken) -> NewApiToken:
    """Make an API token. The secret is in this answer and nowhere else; whoever has it may do what its scopes let."""
    return await bots.add_token(call.services, call.person.user, bot, body)


@operations.get("/api/v1/bots/{bot}/tokens", permission=LOGGED_IN, errors=("not_found",))
async def list_bot_tokens(call: Call, bot: Uuid) -> ApiTokens:
    """List a bot's API tokens. With their scopes and when they were last used; not their secrets."""
    return await bots.tokens_of(call.services, call.person.user, bot)


@operations.delete("/api/v1/bots/{bot}/tokens/{token}", permission=LOGGED_IN, errors=("not_found",))
async def revoke_bot_token(call: Call, bot: Uuid, token: Uuid) -> None:
    """Revoke an API token. What lives by it closes within a second. Revoking it again changes nothing."""
    await bots.revoke_token(call.services, call.person.user, bot, token)


@operations.post(
    "/api/v1/bots/token",
    permission=PUBLIC,
    errors=("token_invalid", "session_revoked", "suspended", "account_deleted", "forbidden"),
    rate=Rate(120, per=1 * MINUTES),
)
async def exchange_bot_token(call: Call, body: ExchangeToken) -> BotAccess:
    """Exchange an API token for an access token. For fifteen minutes, with the permissions of its scopes: for the socket's
    `hello` or `auth.refresh`, and as a bearer token here. Not while the bot's owner may make no bots."""
    return await exchange.exchange(call.services, body.token, address=call.address)


@operations.put(
    "/api/v1/bots/{bot}/rooms/{room}",
    permission="bot.create",
    errors=(
        "not_found",
        "room_not_found",
        "not_a_member",
        "not_a_moderator",
        "room_not_joinable",
        "banned",
        "room_full",
    ),
    rate=Rate(60, per=1 * MINUTES),
)
async def put_bot_into_room(call: Call, bot: Uuid, room: Uuid) -> None:
    """Put my bot into a room. One that I own or moderate; where the bot is a member, nothing changes."""
    await placing.put(call.services, call.person.user, bot, room)


@operations.delete("/api/v1/bots/{bot}/rooms/{room}", permission=LOGGED_IN, errors=("not_found",))
async def take_bot_out_of_room(call: Call, bot: Uuid, room: Uuid) -> None:
    """Take my bot out of a room. Whoever moderates the room may kick it, too."""
    await placing.take_out(call.services, call.person.user, bot, room)
