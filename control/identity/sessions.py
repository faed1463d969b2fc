"""Sessions: log-in, log-out, and the list of them.

A session is one log-in on one device. Its refresh tokens follow one another, each for the next (`refreshing.py`).

Whatever ends a session says so to chatd in the same transaction, and puts its refresh tokens on the blacklist in Redis
for the rest of their lives. PostgreSQL is what decides; the blacklist spares it the question.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import msgspec

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.feed import SessionRevoked
from common.ids import uuid7
from common.permissions import permissions_of
from common.postgres import Connection
from common.tokens import ACCESS_LIFE, Claims, sign
from common.units import DAYS, HOURS, MINUTES
from control.identity import queries
from control.identity.accounts import fold_email
from control.identity.views import LogIn, Session, SocketToken, Tokens
from control.outbox import announce
from control.principal import Principal
from control.ratelimit import Rate
from control.sealing import plain_hash
from control.services import Services

REFRESH_LIFE: Final = 14 * DAYS
PER_DOOR: Final = Rate(10, per=15 * MINUTES)  # one e-mail from one address: who mistypes, and who guesses
# One e-mail from anywhere (NIST SP 800-63B §3.2.2: at most 100 in a row).
PER_EMAIL: Final = Rate(100, per=1 * HOURS)
PER_ADDRESS: Final = Rate(100, per=15 * MINUTES)  # many e-mails from one address


async def log_in(services: Services, asked: LogIn, *, address: str, device: str) -> Tokens:
    """A new session. Raises `credentials_wrong`, after the same time whether or not the e-mail is known;
    `suspended`, `account_deleted`."""
    email = fold_email(asked.email)
    door = _door(email, address)
    await services.limits.take(
        (door, PER_DOOR), (f"log-in:{email}", PER_EMAIL), (f"log-in:{address}", PER_ADDRESS)
    )
    found = await services.db.read(_credentials, email)
    if not await services.passwords.matches(asked.password, found["password_hash"] if found else None):
        raise MadangError("credentials_wrong")
    if found is None:
        raise MadangError("credentials_wrong")
    tokens = await begin(services, str(found["id"]), address=address, device=device)
    await services.limits.forget(door)
    return tokens


async def forget_guesses(services: Services, email: str, *, address: str) -> None:
    """Let who has proven another way that the account is his try again at once, from `address`."""
    folded = fold_email(email)
    await services.limits.forget(_door(folded, address))
    await services.limits.forget(f"log-in:{folded}")


def _door(email: str, address: str) -> str:
    return f"log-in:{email}:{address}"


async def begin(services: Services, user: str, *, address: str, device: str) -> Tokens:
    """A new session of somebody who has proven to be `user`."""
    now, refresh_token = from_ms(services.clock()), secrets.token_urlsafe(32)
    live = await services.db.transaction(_begin, user, plain_hash(refresh_token), (device, address), now)
    return await tokens_of(services, live, refresh_token, now)


async def socket_token(services: Services, person: Principal) -> SocketToken:
    """A token of this session that is good on sockets alone."""
    claims = _claims(person.user, person.session, person.roles, from_ms(services.clock()))
    token = sign(msgspec.structs.replace(claims, aud="socket"), await services.keys.signing())
    return SocketToken(token, claims.expires_at)


async def log_out(services: Services, token: str) -> None:
    """End the session of a refresh token. A token that means nothing (any more) is no error: that is what was wanted."""
    dead = await services.db.transaction(_end_by_token, plain_hash(token), from_ms(services.clock()))
    await blacklist(services, dead)


async def revoke(services: Services, user: str, session: str) -> None:
    """End one session of `user`. Raises `not_found` when it is not a live one of theirs."""
    dead = await services.db.transaction(_end_one, session, user, from_ms(services.clock()))
    if dead is None:
        raise MadangError("not_found")
    await blacklist(services, dead)


async def revoke_all(services: Services, user: str) -> None:
    """End every session of `user`."""
    await blacklist(services, await services.db.transaction(end_all, user, from_ms(services.clock())))


async def sessions_of(services: Services, user: str, current: str) -> list[Session]:
    """The live sessions of `user`, the most recently seen first."""
    rows = await services.db.read(_sessions, user, from_ms(services.clock()))
    return [
        Session(
            id=str(row["id"]),
            device=row["device"],
            place=row["address"],
            created_at=ms_of(row["created_at"]),
            last_seen_at=ms_of(row["last_seen_at"]),
            current=str(row["id"]) == current,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Dead:
    """A refresh token that must no longer be taken, and until when anybody could try."""

    token_hash: bytes
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Live:
    """A session that goes on."""

    session: str
    user: str
    roles: tuple[str, ...]


async def tokens_of(
    services: Services, live: Live, refresh_token: str, now: datetime, *, given_at: datetime | None = None
) -> Tokens:
    """A new access token beside a refresh token, which was given now, or at `given_at`."""
    claims = _claims(live.user, live.session, live.roles, now)
    return Tokens(
        user=live.user,
        session=live.session,
        access_expires_at=claims.expires_at,
        refresh_expires_at=ms_of((given_at or now) + timedelta(seconds=REFRESH_LIFE)),
        access_token=sign(claims, await services.keys.signing()),
        refresh_token=refresh_token,
    )


def _claims(user: str, session: str, roles: tuple[str, ...], now: datetime) -> Claims:
    issued_at = int(now.timestamp())
    return Claims(
        sub=user,
        sid=session,
        jti=uuid7(),
        roles=roles,
        permissions=tuple(permissions_of(roles)),
        iat=issued_at,
        exp=issued_at + int(ACCESS_LIFE),
    )


async def blacklist(services: Services, dead: Sequence[Dead]) -> None:
    """Refuse these refresh tokens before anybody asks PostgreSQL about them, for as long as they would have lived."""
    if dead:
        await services.redis.calls(
            [("SET", _blacklisted(each.token_hash), 1, "PXAT", ms_of(each.expires_at)) for each in dead]
        )


async def is_blacklisted(services: Services, token: str) -> bool:
    """Whether this refresh token was taken back, as far as Redis remembers."""
    return bool(await services.redis.call("EXISTS", _blacklisted(plain_hash(token))))


def _blacklisted(token_hash: bytes) -> str:
    return "{control}:blacklist:" + token_hash.hex()


# --- transactions -----------------------------------------------------------------------------------------------------


async def _credentials(connection: Connection, email: str) -> asyncpg.Record | None:
    return await connection.fetchrow(queries.CREDENTIALS, email)


async def _sessions(connection: Connection, user: str, now: datetime) -> list[asyncpg.Record]:
    return await connection.fetch(queries.SESSIONS, user, now)


async def _begin(
    connection: Connection, user: str, token_hash: bytes, where: tuple[str, str], now: datetime
) -> Live:
    ends = now + timedelta(seconds=REFRESH_LIFE)
    session = await connection.fetchval(queries.ADD_SESSION, user, *where, now, ends)
    await refuse_shut_out(connection, user)
    await connection.execute(queries.ADD_REFRESH, token_hash, session, ends)
    return Live(str(session), user, await roles_of(connection, user))


async def refuse_shut_out(connection: Connection, user: str) -> None:
    """Raises `account_deleted`, `suspended`. To be asked after the row of a session was added: its reference to the user's
    row has then waited for a suspension or a deletion under way."""
    row = await connection.fetchrow(queries.SHUT_OUT, user)
    if row is not None and row["deleted"]:
        raise MadangError("account_deleted")
    if row is not None and row["suspended"]:
        raise MadangError("suspended")


async def roles_of(connection: Connection, user: str) -> tuple[str, ...]:
    """What a token of this person says they are."""
    return tuple(row["role"] for row in await connection.fetch(queries.ROLES, user))


async def _end_by_token(connection: Connection, token_hash: bytes, now: datetime) -> list[Dead]:
    return await bury(connection, await connection.fetch(queries.REVOKE_BY_REFRESH, token_hash, now), now)


async def _end_one(connection: Connection, session: str, user: str, now: datetime) -> list[Dead] | None:
    ended = await connection.fetch(queries.REVOKE_ONE, session, user, now)
    return await bury(connection, ended, now) if ended else None


async def end_all(connection: Connection, user: str, now: datetime) -> list[Dead]:
    """End every session of `user` in this transaction: the refresh tokens to `blacklist` after it."""
    return await bury(connection, await connection.fetch(queries.REVOKE_ALL, user, now), now)


async def end_others(connection: Connection, user: str, session: str, now: datetime) -> list[Dead]:
    """As `end_all`, but for the session that goes on."""
    return await bury(connection, await connection.fetch(queries.REVOKE_OTHERS, user, session, now), now)


async def bury(connection: Connection, ended: Sequence[asyncpg.Record], now: datetime) -> list[Dead]:
    """Tell chatd of the sessions that just ended; the refresh tokens that were still good."""
    await announce(
        connection, *(SessionRevoked(session=str(row["id"]), user=str(row["user_id"])) for row in ended)
    )
    rows = await connection.fetch(queries.LIVE_REFRESH, [row["id"] for row in ended], now)
    return [Dead(row["token_hash"], row["expires_at"]) for row in rows]
