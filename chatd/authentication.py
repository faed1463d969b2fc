"""Who is asking: tokens proven with the keys of PostgreSQL, sessions checked for revocation.

chatd only verifies. Keys are read at start, when the feed says they changed, and when a token names one that is not
known (at most every few seconds, since anybody can name a key).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import trio

from chatd.batcher import Batcher
from common import disconnect
from common.clock import now_ms
from common.disconnect import ConnectionEnded
from common.errors import MadangError
from common.postgres import Connection, Postgres
from common.tokens import Claims, PublicJwk, PublicKeys, key_id, public_keys, verify
from common.units import SECONDS

_REREAD: Final = 5 * SECONDS

# A key that was retired is still good for the last tokens it signed, and for clocks that are apart.
_KEYS: Final = """
    SELECT public_jwk::text FROM signing_keys
    WHERE retired_at IS NULL OR retired_at > now() - interval '17 minutes'
"""
_LIVE: Final = "SELECT id::text FROM sessions WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL"


class Authenticator:
    """Proves tokens."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._keys: PublicKeys = {}
        self._read_at = float("-inf")
        self._reading = trio.Lock()
        self._sessions: Batcher[str, bool] = Batcher(self.live)

    async def run(self) -> None:
        """Answer questions about sessions, for ever."""
        await self._sessions.run()

    async def read_keys(self) -> None:
        """Read the keys. Raises `StoreUnavailable`."""
        jwks = await self._postgres.read(_fetch_column, _KEYS)
        self._keys = public_keys(msgspec.json.decode(jwk, type=PublicJwk) for jwk in jwks)
        self._read_at = trio.current_time()

    async def prove(self, token: str) -> Claims:
        """What `token` says, its session alive.

        Raises `ConnectionEnded` with the close code that tells whether to come back; `StoreUnavailable`.
        """
        claims = await self.renewal(token, ended=True)
        if not await self._sessions.ask(claims.sid):
            raise ConnectionEnded(disconnect.SESSION_REVOKED)
        return claims

    async def renewal(self, token: str, *, ended: bool = False) -> Claims:
        """What `token` says, for a session known to live. Raises MadangError, or with `ended` `ConnectionEnded`."""
        if key_id(token) not in self._keys:
            await self._read_keys_again()
        try:
            return verify(token, self._keys, now_ms())
        except MadangError as refusal:
            if not ended:
                raise
            expired = refusal.code == "token_expired"
            raise ConnectionEnded(disconnect.TOKEN_EXPIRED if expired else disconnect.BAD_TOKEN) from None

    async def _read_keys_again(self) -> None:
        async with self._reading:
            if trio.current_time() - self._read_at >= _REREAD:
                await self.read_keys()

    async def live(self, sessions: Sequence[str]) -> Mapping[str, bool]:
        """Those of `sessions` that are not revoked, each as True. Raises `StoreUnavailable`."""
        rows = await self._postgres.read(_fetch_column, _LIVE, list(sessions))
        return dict.fromkeys(rows, True)


async def _fetch_column(connection: Connection, statement: str, *arguments: object) -> list[str]:
    return [row[0] for row in await connection.fetch(statement, *arguments)]
