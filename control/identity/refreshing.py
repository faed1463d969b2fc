"""Refreshing: a refresh token is exchanged for its successor, and theft of either shows.

A token is good once. The use of one that was used before ends the session, for then two hold what one should (RFC 9700
§4.14.2). But an answer may be lost on its way, and whoever did not hear it has the old token alone. So for `GRACE` after its
first use, and no longer than its successor lies unused, the same token is answered with the *same* successor again: retries,
and two tabs that refresh at once, end up with one token, and the family never forks.

What that costs: a thief who presents a stolen token within those seconds shares the successor with its owner, and is found
out when the second of them uses it, a refresh later than without grace. After the grace, and after the successor's use,
everything is as strict as without. That is less than what is commonly granted, where every use within the interval makes
another successor, or tokens several generations old are still taken.

Nothing that could be stolen is kept for it. The successor is an HMAC of a random salt under the token it follows: the salt,
which lies in the database beside hashes, makes nothing without the token; the token makes nothing without the salt; and the
salt is gone with the successor's first use.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from common.clock import from_ms
from common.errors import MadangError
from common.logs import get_logger
from common.postgres import Connection
from common.units import SECONDS
from control.identity import queries
from control.identity.sessions import (
    REFRESH_LIFE,
    Dead,
    Live,
    blacklist,
    bury,
    is_blacklisted,
    roles_of,
    tokens_of,
)
from control.identity.views import Tokens
from control.sealing import plain_hash
from control.services import Services

GRACE: Final = 10 * SECONDS  # a client that asks again at once needs it; Okta and Cognito grant up to 60
_SALT: Final = 32  # bytes
_log = get_logger(__name__)
Row = Any  # asyncpg's record


@dataclass(frozen=True, slots=True)
class Rotated:
    """A session goes on: with this refresh token, which was first given at `given_at`."""

    live: Live
    token: str
    given_at: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """No new tokens. When it was reuse, the session was ended, and these are its tokens."""

    code: Literal["token_invalid", "token_expired", "token_reused", "session_revoked"]
    dead: Sequence[Dead] = ()


async def refresh(services: Services, token: str, *, address: str) -> Tokens:
    """New tokens for an old refresh token; within `GRACE` the same refresh token again, with another access token.

    Raises `token_invalid`, `token_expired`, `token_reused`, `session_revoked`.
    """
    if await is_blacklisted(services, token):
        raise MadangError("session_revoked")
    now = from_ms(services.clock())
    rotated = await services.db.transaction(_rotate, token, secrets.token_bytes(_SALT), address, now)
    if isinstance(rotated, Refused):
        await blacklist(services, rotated.dead)
        raise MadangError(rotated.code)
    if rotated.again:
        _log.info("a refresh was answered again", session=rotated.live.session)
    return await tokens_of(services, rotated.live, rotated.token, now, given_at=rotated.given_at)


def successor(token: str, salt: bytes) -> str:
    """The token that follows `token`: 256 bits, as URL-safe text."""
    return urlsafe_b64encode(hmac.digest(token.encode(), salt, "sha256")).rstrip(b"=").decode()


# --- transactions -----------------------------------------------------------------------------------------------------


async def _rotate(
    connection: Connection, token: str, salt: bytes, address: str, now: datetime
) -> Rotated | Refused:
    """The locks are on the token and its session, so of two requests with one token the second sees it used."""
    row = await connection.fetchrow(queries.LOCK_REFRESH, plain_hash(token))
    if row is None:
        return Refused("token_invalid")
    if row["revoked_at"] is not None:
        return Refused("session_revoked")
    if row["used_at"] is not None and not _is_in_grace(row, now):
        ended = await connection.fetch(queries.REVOKE_ONE, row["session"], row["user_id"], now)
        return Refused("token_reused", await bury(connection, ended, now))
    if row["used_at"] is None and row["expires_at"] <= now:
        return Refused("token_expired")
    user = str(row["user_id"])
    live = Live(str(row["session"]), user, await roles_of(connection, user))
    if row["used_at"] is not None:
        return Rotated(live, successor(token, row["successor_salt"]), row["used_at"], again=True)
    await _follow(connection, live.session, token, salt, now)
    await connection.execute(queries.RENEW_SESSION, live.session, now, _end(now), address)
    return Rotated(live, successor(token, salt), now)


def _is_in_grace(row: Row, now: datetime) -> bool:
    """Used a moment ago, and nobody used what it was exchanged for."""
    return row["successor_salt"] is not None and now - row["used_at"] < timedelta(seconds=GRACE)


async def _follow(connection: Connection, session: str, token: str, salt: bytes, now: datetime) -> None:
    """The token is used up, its successor is good, and what the token itself was made of is forgotten."""
    await connection.execute(queries.USE_REFRESH, plain_hash(token), now, salt, session)
    await connection.execute(queries.ADD_REFRESH, plain_hash(successor(token, salt)), session, _end(now))


def _end(now: datetime) -> datetime:
    return now + timedelta(seconds=REFRESH_LIFE)
