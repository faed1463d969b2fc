"""Who this is and for how long: `auth.refresh`; and `ping`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatd.commands.family import AtOnce, Perform
from common import protocol
from common.clock import now_ms

if TYPE_CHECKING:
    from chatd.connection import Connection


def _ping(who: Connection, command: protocol.Ping) -> bool:
    who.answer(command.id, protocol.Pong(now=now_ms()))
    return True


async def _refresh(who: Connection, command: protocol.AuthRefresh) -> None:
    while True:
        revisions = who.terms.revisions
        claims = await who.services.authenticator.renewal(command.token)
        if who.terms.revisions == revisions:
            break  # else what was looked up may be older than what was heard meanwhile
    who.terms.renew(
        user=claims.sub, session=claims.sid, expires_at=claims.expires_at, permissions=claims.permissions
    )
    who.answer(command.id, protocol.Refreshed(expires_at=who.terms.expires_at))


AT_ONCE: Final[AtOnce] = {protocol.Ping: _ping}
PERFORM: Final[Perform] = {protocol.AuthRefresh: _refresh}
