"""Who is asking: a person with a live session, proven by an access token.

A token alone proves that the session lived when it was signed; that it still does is asked of PostgreSQL at every
request, so a session that was ended is refused at once by every process.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from common.clock import from_ms
from common.errors import MadangError
from common.permissions import BOT
from common.postgres import Connection
from common.tokens import key_id, verify
from common.units import MINUTES
from control.identity import queries
from control.operations import PUBLIC, Access
from control.services import Services

_SEEN_EVERY: Final = timedelta(seconds=1 * MINUTES)


@dataclass(frozen=True, slots=True)
class Principal:
    """A logged-in person. `user` and `session` are UUID text; `by_cookie` when the browser sent the token by itself."""

    user: str
    session: str
    roles: tuple[str, ...]
    permissions: frozenset[str]
    by_cookie: bool

    def may(self, permission: str | Access) -> bool:
        """Whether the token permits it. What takes no permission but a log-in is a person's own, and no bot's."""
        if isinstance(permission, Access):
            return permission is PUBLIC or BOT not in self.roles
        return permission in self.permissions


async def principal_of(services: Services, token: str, *, address: str, by_cookie: bool) -> Principal:
    """Who `token` proves. Raises `token_invalid`, `token_expired`, or `session_revoked`."""
    now = services.clock()
    claims = verify(token, await services.keys.public(key_id(token)), now)
    seen_at = await services.db.read(_last_seen, claims.sid, claims.sub)
    if seen_at is None:
        raise MadangError("session_revoked")
    if from_ms(now) - seen_at > _SEEN_EVERY:
        await services.db.transaction(_seen, claims.sid, from_ms(now), address)
    return Principal(claims.sub, claims.sid, claims.roles, frozenset(claims.permissions), by_cookie=by_cookie)


async def _last_seen(connection: Connection, session: str, user: str) -> datetime | None:
    seen_at: datetime | None = await connection.fetchval(queries.LAST_SEEN, session, user)
    return seen_at


async def _seen(connection: Connection, session: str, now: datetime, address: str) -> None:
    await connection.execute(queries.SEEN, session, now, address)
