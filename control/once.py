"""What a request makes, it makes once, however often it is sent.

Whoever asks for something new may give the request a name of his own, its `client_id`. When the answer is lost and he asks
again under this name, he gets what was made the first time, as it is by now. The name is remembered in the transaction that
makes the thing, so there are both or neither; of two that ask at once, one waits for the other. A name is its person's own:
another's is no use to anybody. The same name for something else is a mistake, and is refused.

Names are forgotten after a week: by then nobody waits for that answer any more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Protocol

import msgspec
from msgspec import Meta

from common import protocol
from common.clock import from_ms
from common.errors import MadangError
from common.postgres import Connection
from common.units import HOURS

if TYPE_CHECKING:
    from control.services import Services

ClientId = Annotated[
    protocol.ClientId | None,
    Meta(
        description="My own name for this, a new one for each: sent again under it within a week, it is made once",
        examples=["q7-0198a9d2-6f50"],
    ),
]
EVERY: Final = 1 * HOURS
KEPT: Final = timedelta(days=7)

_CLAIM: Final = """
    INSERT INTO made_once (user_id, client_id, digest, made_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id, client_id) DO NOTHING
    RETURNING true
"""
_MADE: Final = "SELECT made::text AS id, digest FROM made_once WHERE user_id = $1 AND client_id = $2"
_REMEMBER: Final = "UPDATE made_once SET made = $3 WHERE user_id = $1 AND client_id = $2"
_FORGET: Final = "DELETE FROM made_once WHERE made_at <= $1"


class Wanted(Protocol):
    """A body that may have a name."""

    client_id: ClientId


@dataclass(frozen=True, slots=True)
class Once:
    """Something that `by` wants to have made. `client_id`: his name for it, if it has one."""

    by: str
    client_id: str | None
    digest: bytes
    now: datetime

    @classmethod
    def of(cls, services: Services, by: str, wanted: Wanted, *beneath: str) -> Once:
        """What `wanted` asks for, as it was sent; `beneath` are the ids of what it belongs to."""
        # Under a key, for a body may hold a password.
        said = msgspec.json.encode((type(wanted).__name__, beneath, wanted)).decode()
        return cls(by, wanted.client_id, services.hash_request(said), from_ms(services.clock()))

    async def made(self, connection: Connection, make: Callable[[], Awaitable[str]]) -> str:
        """The id of what `make` makes; or made, when this was asked for before. Inside of a transaction, before anything
        that only a first time may do. Raises `reference_reused`, and whatever `make` raises."""
        if self.client_id is None:
            return await make()
        name = (self.by, self.client_id)
        while not await connection.fetchval(_CLAIM, *name, self.digest, self.now):
            earlier: Any = await connection.fetchrow(_MADE, *name)
            if earlier is not None:  # and was not forgotten just now
                return self._same(earlier)
        made = await make()
        await connection.execute(_REMEMBER, *name, made)
        return made

    def _same(self, earlier: Any) -> str:
        if earlier["digest"] != self.digest:
            raise MadangError("reference_reused")
        made: str = earlier["id"]
        return made


async def forget(services: Services) -> None:
    """Forget the names that are too old to be asked for. Raises `StoreUnavailable`."""
    await services.db.transaction(_forget, from_ms(services.clock()) - KEPT)


async def _forget(connection: Connection, before: datetime) -> None:
    await connection.execute(_FORGET, before)
