"""Who is asking: a person with a live session, proven by an access token.

A token alone proves that the session lived when it was signed, and what its person might do then; that it still lives,
and which roles the person has now, is asked of PostgreSQL at every request, in one statement. So a session that was
ended is refused at once by every process, and so is what a role permitted that was taken. A bot may do what the scopes of
its token say: to take one of those is to revoke the token.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from common.clock import from_ms
from common.errors import MadangError
from common.permissions import BOT, permissions_of
from common.postgres import Connection
from common.tokens import key_id, verify
from common.units import MINUTES
from control.identity import queries
from control.operations import PUBLIC, Access
from control.services import Services

_SEEN_EVERY: Final = timedelta(seconds=1 * MINUTES)


@dataclass(frozen=True, slots=True)
class Principal:
    """A logged-in person, with the roles of this moment. `user` and `session` are UUID text; `by_cookie` when the browser
    sent the token by itself."""

    user: str
    session: str
    roles: tuple[str, ...]
    permissions: frozenset[str]
    by_cookie: bool

    def may(self, permission: str | Access) -> bool:
        """Whether they may. What takes no permission but a log-in is a person's own, and no bot's."""
        if isinstance(permission, Access):
            return permission is PUBLIC or BOT not in self.roles
        return permission in self.permissions


async def principal_of(services: Services, token: str, *, address: str, by_cookie: bool) -> Principal:
    """Who `token` proves. Raises `token_invalid`, `token_expired`, or `session_revoked`."""
    now = services.clock()
    claims = verify(token, await services.keys.public(key_id(token)), now)
    if claims.aud is not msgspec.UNSET:  # for another place
        raise MadangError("token_invalid")
    session = await services.db.read(_session, claims.sid, claims.sub)
    if session is None:
        raise MadangError("session_revoked")
    if from_ms(now) - session["last_seen_at"] > _SEEN_EVERY:
        await services.db.transaction(_seen, claims.sid, from_ms(now), address)
    if BOT in claims.roles:
        roles, permissions = claims.roles, claims.permissions
    else:
        roles = tuple(session["roles"])
        permissions = tuple(permissions_of(roles))
    return Principal(claims.sub, claims.sid, roles, frozenset(permissions), by_cookie=by_cookie)


async def _session(connection: Connection, session: str, user: str) -> Any:
    return await connection.fetchrow(queries.LIVE_SESSION, session, user)


async def _seen(connection: Connection, session: str, now: datetime, address: str) -> None:
    await connection.execute(queries.SEEN, session, now, address)
