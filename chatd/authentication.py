"""Who is asking: tokens proven with the keys of PostgreSQL, sessions checked for revocation, roles as they are now.

What a person may do follows from the roles they have, not from those they had when their token was signed; a bot's
token says itself what it may do. chatd only verifies. Keys are read at start, when the feed says they changed, and when a
token names one that is not known (at most every few seconds, since anybody can name a key).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import trio

from chatd.batcher import Batcher
from common import disconnect
from common.clock import now_ms
from common.disconnect import ConnectionEnded
from common.errors import MadangError
from common.permissions import BOT, permissions_of
from common.postgres import Connection, Postgres
from common.tokens import Claims, PublicJwk, PublicKeys, key_id, public_keys, verify
from common.units import SECONDS

_REREAD: Final = 5 * SECONDS
_ENDS: Final = {
    "token_expired": disconnect.TOKEN_EXPIRED,
    "token_invalid": disconnect.BAD_TOKEN,
    "session_revoked": disconnect.SESSION_REVOKED,
}

# A key that was retired is still good for the last tokens it signed, and for clocks that are apart.
_KEYS: Final = """
    SELECT public_jwk::text FROM signing_keys
    WHERE retired_at IS NULL OR retired_at > now() - interval '17 minutes'
"""
_LIVE: Final = """
    SELECT id::text, ARRAY(SELECT role FROM user_roles WHERE user_roles.user_id = sessions.user_id) AS roles
    FROM sessions
    WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL
        AND NOT EXISTS (SELECT FROM suspensions WHERE suspensions.user_id = sessions.user_id)
"""


class Authenticator:
    """Proves tokens."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._keys: PublicKeys = {}
        self._read_at = float("-inf")
        self._reading = trio.Lock()
        self._sessions: Batcher[str, tuple[str, ...]] = Batcher(self.live)

    async def run(self) -> None:
        """Answer questions about sessions, for ever."""
        await self._sessions.run()

    async def read_keys(self) -> None:
        """Read the keys. Raises `StoreUnavailable`."""
        rows = await self._postgres.read(_fetch, _KEYS)
        self._keys = public_keys(msgspec.json.decode(jwk, type=PublicJwk) for (jwk,) in rows)
        self._read_at = trio.current_time()

    async def prove(self, token: str) -> Claims:
        """What `token` says, its session alive, with what its person may do now.

        Raises `ConnectionEnded` with the close code that tells whether to come back; `StoreUnavailable`.
        """
        try:
            return await self.renewal(token)
        except MadangError as refusal:
            raise ConnectionEnded(_ENDS[refusal.code]) from None

    async def renewal(self, token: str) -> Claims:
        """The same. Raises MadangError `token_invalid`, `token_expired` or `session_revoked`; `StoreUnavailable`."""
        if key_id(token) not in self._keys:
            await self._read_keys_again()
        claims = verify(token, self._keys, now_ms())
        roles = await self._sessions.ask(claims.sid)
        if roles is None:
            raise MadangError("session_revoked")
        if not roles or BOT in claims.roles:
            return claims
        return msgspec.structs.replace(claims, permissions=tuple(permissions_of(roles)))

    async def _read_keys_again(self) -> None:
        async with self._reading:
            if trio.current_time() - self._read_at >= _REREAD:
                await self.read_keys()

    async def live(self, sessions: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """The roles of the people of those of `sessions` that still live; a bot has none. Raises `StoreUnavailable`."""
        rows = await self._postgres.read(_fetch, _LIVE, list(sessions))
        return {session: tuple(roles) for session, roles in rows}


async def _fetch(connection: Connection, statement: str, *arguments: object) -> list[Any]:
    return await connection.fetch(statement, *arguments)
