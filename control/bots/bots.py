"""Bots and their API tokens: made, listed, retired, revoked.

A token is shown once and kept as a hash. Revoking it ends the session that grew from it, in the same transaction, so its
live sockets close as those of a person who logged out do. A retired bot keeps its name, for what it said stays.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Final

import asyncpg

from common.clock import from_ms, ms_of
from common.errors import ERRORS, MadangError
from common.feed import SessionRevoked
from common.postgres import Connection
from control.bots import queries
from control.bots.views import ApiToken, ApiTokens, Bot, Bots, CreateBot, CreateToken, NewApiToken
from control.identity.accounts import tidy_nickname
from control.outbox import announce
from control.rooms import membership
from control.sealing import plain_hash
from control.services import Services
from control.words import line, paragraphs

MOST_BOTS: Final = 10  # of one owner
MOST_TOKENS: Final = 10  # of one bot
PREFIX: Final = "madang_bot_"  # so that a token which got out is known for what it is


async def create(services: Services, owner: str, wanted: CreateBot) -> Bot:
    """Make a bot of `owner`. Raises `invalid`, `nickname_taken`, `list_full`."""
    nickname, about = tidy_nickname(wanted.nickname), paragraphs("about", wanted.about)
    return await services.db.transaction(_create, owner, nickname, about, from_ms(services.clock()))


async def bots_of(services: Services, owner: str) -> Bots:
    """The bots of `owner` that are not retired."""
    return Bots([_bot(row) for row in await services.db.read(_fetch, queries.BOTS, owner)])


async def retire(services: Services, owner: str, bot: str) -> None:
    """End a bot: its tokens, its live sockets, its memberships. Doing it again finishes what was not finished.

    Raises `not_found` for a bot that is not of `owner`.
    """
    await services.db.transaction(_retire, owner, bot, from_ms(services.clock()))
    for row in await services.db.read(_fetch, queries.ROOMS_OF, bot):
        await membership.leave(services, bot, row["room"])


async def add_token(services: Services, owner: str, bot: str, wanted: CreateToken) -> NewApiToken:
    """A new token of a bot, with its secret. Raises `invalid`, `not_found`, `list_full`."""
    secret = PREFIX + secrets.token_urlsafe(32)
    name, scopes = line("name", wanted.name), sorted(set(wanted.scopes))
    now = from_ms(services.clock())
    token = await services.db.transaction(_add_token, owner, bot, (name, plain_hash(secret), scopes), now)
    return NewApiToken(
        token=ApiToken(id=token, name=name, scopes=scopes, created_at=ms_of(now), last_used_at=None),
        secret=secret,
    )


async def tokens_of(services: Services, owner: str, bot: str) -> ApiTokens:
    """The tokens of a bot that were not revoked. Raises `not_found`."""
    return ApiTokens(
        [
            ApiToken(
                id=row["id"],
                name=row["name"],
                scopes=row["scopes"],
                created_at=ms_of(row["created_at"]),
                last_used_at=ms_of(row["last_used_at"]) if row["last_used_at"] else None,
            )
            for row in await services.db.transaction(_tokens, owner, bot)
        ]
    )


async def revoke_token(services: Services, owner: str, bot: str, token: str) -> None:
    """Revoke a token, and close what lives by it. Revoking it again is no error. Raises `not_found`."""
    await services.db.transaction(_revoke_token, owner, bot, token, from_ms(services.clock()))


# --- transactions -----------------------------------------------------------------------------------------------------


async def _fetch(connection: Connection, statement: str, *arguments: object) -> list[Any]:
    return await connection.fetch(statement, *arguments)


def _bot(row: Any) -> Bot:
    return Bot(
        id=row["id"], nickname=row["nickname"], about=row["about"], created_at=ms_of(row["created_at"])
    )


async def _create(connection: Connection, owner: str, nickname: str, about: str, now: datetime) -> Bot:
    await connection.execute(queries.LOCK_OWNER, owner)
    if await connection.fetchval(queries.COUNT_BOTS, owner) >= MOST_BOTS:
        raise MadangError("list_full")
    try:
        bot: str = await connection.fetchval(queries.ADD_USER, nickname, now)
    except asyncpg.UniqueViolationError:
        taken = "nickname_taken"
        raise MadangError(taken, fields={"nickname": ERRORS[taken].en}) from None
    await connection.execute(queries.ADD_BOT, bot, owner, about, now)
    return Bot(id=bot, nickname=nickname, about=about, created_at=ms_of(now))


async def _lock(connection: Connection, owner: str, bot: str) -> Any:
    """Lock a bot of `owner`; its row. Raises `not_found`."""
    row = await connection.fetchrow(queries.LOCK_BOT, bot, owner)
    if row is None:
        raise MadangError("not_found")
    return row


async def _lock_live(connection: Connection, owner: str, bot: str) -> None:
    """As `_lock`, for one that is not retired."""
    if (await _lock(connection, owner, bot))["retired_at"] is not None:
        raise MadangError("not_found")


async def _retire(connection: Connection, owner: str, bot: str, now: datetime) -> None:
    await _lock(connection, owner, bot)
    await connection.execute(queries.RETIRE, bot, now)
    await _revoke(connection, bot, None, now)


async def _add_token(
    connection: Connection, owner: str, bot: str, values: tuple[str, bytes, list[Any]], now: datetime
) -> str:
    await _lock_live(connection, owner, bot)
    if await connection.fetchval(queries.COUNT_API_TOKENS, bot) >= MOST_TOKENS:
        raise MadangError("list_full")
    token: str = await connection.fetchval(queries.ADD_API_KEY, bot, *values, now)
    return token


async def _tokens(connection: Connection, owner: str, bot: str) -> list[Any]:
    if not await connection.fetch(queries.OWNED, bot, owner):
        raise MadangError("not_found")
    return await connection.fetch(queries.API_TOKENS, bot)


async def _revoke_token(connection: Connection, owner: str, bot: str, token: str, now: datetime) -> None:
    await _lock(connection, owner, bot)
    await _revoke(connection, bot, token, now)


async def _revoke(connection: Connection, bot: str, token: str | None, now: datetime) -> None:
    """Revoke one token of a bot, or all, and tell chatd of the sessions that end with them."""
    revoked = await connection.fetch(queries.REVOKE_API_TOKENS, bot, token, now)
    sessions = [row["session_id"] for row in revoked if row["session_id"] is not None]
    ended = await connection.fetch(queries.END_SESSIONS, sessions, now)
    await announce(connection, *(SessionRevoked(session=row["id"], user=row["user_id"]) for row in ended))
