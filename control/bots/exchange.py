"""From an API token to an access token, as often as a bot likes.

chatd verifies signatures and knows nothing of API tokens, so a bot's come in the same form as a person's: fifteen minutes,
signed, with the permissions of its scopes. Each API token has one session, made at its first exchange and renewed by each
later one; one that was not used for long enough to be swept away is made anew. A bot answers for its owner: while the
owner is suspended or deleted, or may have no bots any more, it is refused, too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from common.clock import from_ms
from common.errors import MadangError
from common.ids import uuid7
from common.permissions import BOT, may_have_bots, permissions_within
from common.postgres import Connection
from common.tokens import ACCESS_LIFE, Claims, sign
from control.bots import queries
from control.bots.views import BotAccess
from control.identity.sessions import REFRESH_LIFE, refuse_shut_out, roles_of
from control.sealing import plain_hash
from control.services import Services


async def exchange(services: Services, secret: str, *, address: str) -> BotAccess:
    """An access token. Raises `token_invalid`, `session_revoked` when it was revoked; `suspended`, `account_deleted`; and
    `forbidden` while its owner may have no bots."""
    now = from_ms(services.clock())
    token, session = await services.db.transaction(_use, plain_hash(secret), address, now)
    issued_at = int(now.timestamp())
    claims = Claims(
        sub=token["bot"],
        sid=session,
        jti=uuid7(),
        roles=(BOT,),
        permissions=tuple(permissions_within(token["scopes"])),
        iat=issued_at,
        exp=issued_at + int(ACCESS_LIFE),
    )
    return BotAccess(
        user=token["bot"],
        nickname=token["nickname"],
        session=session,
        scopes=token["scopes"],
        access_token=sign(claims, await services.keys.signing()),
        access_expires_at=claims.expires_at,
    )


async def _use(connection: Connection, token_hash: bytes, address: str, now: datetime) -> tuple[Any, str]:
    token: Any = await connection.fetchrow(queries.LOCK_BY_HASH, token_hash)
    if token is None:
        raise MadangError("token_invalid")
    if token["revoked_at"] is not None:
        raise MadangError("session_revoked")
    await connection.execute(queries.SHARE_OWNER, token["owner"])
    await refuse_shut_out(connection, token["owner"])
    if not may_have_bots(await roles_of(connection, token["owner"])):
        raise MadangError("forbidden")
    ends = now + timedelta(seconds=REFRESH_LIFE)
    session = await connection.fetchval(queries.RENEW_SESSION, token["session"], now, ends, address)
    if session is None:
        session = await connection.fetchval(
            queries.ADD_SESSION, token["bot"], token["name"], address, now, ends
        )
        await refuse_shut_out(connection, token["bot"])
    await connection.execute(queries.NOTE_USE, token["id"], session, now)
    return token, str(session)
