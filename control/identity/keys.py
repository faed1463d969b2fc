"""The keys that sign access tokens: kept sealed in PostgreSQL, shared by every control process, rotated by age.

A key is first **next**: published, so that everybody knows it before it is used; then **signing**; then **retired**,
and published until the last token it signed has ended. Two are alive at any time, and a third for a few minutes after
a rotation. Whoever changes them holds the table's lock, so two processes that start at once agree on one pair.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import msgspec
import trio
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.clock import from_ms
from common.feed import KeysChanged
from common.ids import uuid7
from common.postgres import Connection, Postgres
from common.tokens import ACCESS_LIFE, PublicJwk, PublicKeys, SigningKey, public_keys
from common.units import DAYS, MINUTES, SECONDS, to_ms
from control.identity import queries
from control.outbox import announce
from control.sealing import CannotOpen, Sealer

KEY_LIFE: Final = 30 * DAYS
_REREAD: Final = 60 * SECONDS  # how long a process may go on signing with a key that another one retired
_REREAD_UNKNOWN: Final = 1 * SECONDS  # for a token whose key we do not know: at most once in this time
_PUBLISHED: Final = timedelta(seconds=ACCESS_LIFE + _REREAD + 1 * MINUTES)


class Jwks(msgspec.Struct, frozen=True):
    """A set of public keys (RFC 7517 §5)."""

    keys: list[PublicJwk]


async def keep(connection: Connection, sealer: Sealer, now: datetime) -> bool:
    """In a transaction: make the first keys, or rotate when the signing one is too old. Whether anything changed."""
    await connection.execute(queries.LOCK_KEYS)
    signing = [row for row in await _rows(connection, now) if row["activated_at"] and not row["retired_at"]]
    if signing and signing[0]["activated_at"] > now - timedelta(seconds=KEY_LIFE):
        return False
    await rotate(connection, sealer, now)
    return True


async def rotate(connection: Connection, sealer: Sealer, now: datetime) -> str:
    """In a transaction: the next key signs from now on, and a new one is published behind it. Its kid.

    A next key that our secret does not open (the secret was changed) is replaced by a new one at once.
    """
    await connection.execute(queries.LOCK_KEYS)
    waiting = [row for row in await _rows(connection, now) if row["activated_at"] is None]
    await connection.execute(queries.RETIRE_KEY, now)
    await connection.execute(queries.FORGET_KEYS, now - _PUBLISHED)
    try:
        kid = _opened(waiting[0], sealer).kid if waiting else None
    except CannotOpen:
        await connection.execute(queries.DROP_KEY, waiting[0]["kid"])
        kid = None
    if kid is None:
        kid = await _add(connection, sealer, now, activated_at=now)
    else:
        await connection.execute(queries.ACTIVATE_KEY, kid, now)
    await _add(connection, sealer, now, activated_at=None)
    await announce(connection, KeysChanged())
    return kid


class KeyRing:
    """This process's view of the keys: read anew every minute, and when a token names a key it does not know."""

    def __init__(self, db: Postgres, sealer: Sealer, clock: Callable[[], int]) -> None:
        self._db = db
        self._sealer = sealer
        self._clock = clock
        self._lock = trio.Lock()
        self._read_at: int | None = None
        self._signing: SigningKey | None = None
        self._jwks: list[PublicJwk] = []
        self._public: PublicKeys = {}

    async def signing(self) -> SigningKey:
        """The key to sign with now. Raises `CannotOpen` when it was sealed with another MADANG_SECRET."""
        await self._fresh(_REREAD)
        if self._signing is None:
            raise CannotOpen("there is no signing key")
        return self._signing

    async def public(self, kid: str | None) -> PublicKeys:
        """The keys to verify with; read anew first when `kid` is not among them."""
        await self._fresh(_REREAD if kid in self._public else _REREAD_UNKNOWN)
        return self._public

    async def jwks(self) -> Jwks:
        """The public keys, for whoever verifies our tokens elsewhere."""
        await self._fresh(_REREAD)
        return Jwks(self._jwks)

    async def _fresh(self, age: float) -> None:
        async with self._lock:
            now = self._clock()
            if self._read_at is not None and 0 <= now - self._read_at < to_ms(age):
                return
            rows = await self._db.read(_rows, from_ms(now))
            jwks = [msgspec.json.decode(row["public_jwk"], type=PublicJwk) for row in rows]
            active = [row for row in rows if row["activated_at"] and not row["retired_at"]]
            self._signing = _opened(active[0], self._sealer) if active else None
            self._jwks, self._public = jwks, public_keys(jwks)
            self._read_at = now


async def _rows(connection: Connection, now: datetime) -> list[asyncpg.Record]:
    return await connection.fetch(queries.KEYS, now - _PUBLISHED)


async def _add(
    connection: Connection, sealer: Sealer, now: datetime, *, activated_at: datetime | None
) -> str:
    key = SigningKey(uuid7(), Ed25519PrivateKey.generate())
    raw = key.private.private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    jwk = msgspec.json.encode(key.public_jwk).decode()
    await connection.execute(queries.ADD_KEY, key.kid, jwk, sealer.seal(raw, key.kid), now, activated_at)
    return key.kid


def _opened(row: asyncpg.Record, sealer: Sealer) -> SigningKey:
    raw = sealer.open(row["private_sealed"], row["kid"])
    return SigningKey(row["kid"], Ed25519PrivateKey.from_private_bytes(raw))
